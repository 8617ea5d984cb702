"""Answers a question in the documents' own words, or says that they do not hold the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import takewhile

from knowledge.answer.citing import NOT_FOUND, place, quotes, rank, source, written
from knowledge.answer.confidence import judge
from knowledge.answer.retrieve import Search
from knowledge.llm.checking import Source
from knowledge.llm.writer import PASSAGES, Drafted, Heard, Writer, line
from knowledge.passages import Answer, Citation, Outcome, Part, Reader, Written
from knowledge.query.query import Query, parse
from knowledge.safety.check import Risk, SafetyCheck
from knowledge.safety.patterns import WHAT_STAFF_DO, asks, child_at_risk, is_safeguarding, signpost
from knowledge.skills.registry import skills
from knowledge.skills.turn import Skill, SkillAnswer, Turn

CLOSEST = "These come closest; they may not answer it."
WAYS = "The documents give more than one way:"
DECIDES = "What decides between these: "
DEFINED = "As the documents say it"
READ = 12
BESIDE_AN_ANSWER = 0.85
SEARCH = "search"


@dataclass(frozen=True, slots=True)
class Step:
    """One of those that may answer from documents; `asks` says what a question asks that it is for, as the end of
    "It asks …". `answer` takes the turn, who hears a model's sentences, and whether the model is left out; None where
    the question is not for this step."""

    name: str
    asks: str
    answer: Callable[[Turn, Heard | None, bool], Answer | None]


class Answerer:
    """Answers from one library, in a model's words where there is a `writer`; safe to use from several threads.

    `safety` tells what is about a child at risk; without it only the patterns do. `steps` are those who may answer, in
    order: the skills, and last the search, which answers whatever is left.
    """

    def __init__(self, search: Search, writer: Writer | None = None, safety: SafetyCheck | None = None) -> None:
        self._search = search
        self._safety = safety
        self.writer = writer
        self.steps = (
            *(Step(named.name, named.asks, partial(self._by_skill, named.skill)) for named in skills(search)),
            Step(SEARCH, "for what a passage of the documents says", self._by_search),
        )

    def parse(self, question: str, context: Sequence[str] = ()) -> Query:
        """Read a question; `context` holds the earlier questions of the thread, oldest first, as they were typed."""
        return parse(question, context, self._search.names, self._search.today())

    def answer(
        self,
        question: str,
        reader: Reader,
        context: Sequence[str] = (),
        heard: Heard | None = None,
        *,
        quoted: bool = False,
        cited: Sequence[str] = (),
    ) -> Answer:
        """Answer from what this reader may read; `context` holds the earlier questions of the thread, oldest first,
        and `cited` the ids of the documents that its last answer quoted.

        `heard` is told each sentence that a model writes, once it is checked. With `quoted` no model is asked.
        """
        query = self.parse(question, context)
        if self.risk_of(query) is Risk.LIKELY:
            return self.signpost(question, reader)
        turn = Turn(query, reader, tuple(cited))
        return next(found for step in self.steps if (found := step.answer(turn, heard, quoted)))

    def at_risk(self, text: str) -> bool:
        """Whether words are about a child at risk, or about an adult who may harm one."""
        return self._judged(text) is Risk.LIKELY

    def risk(self, question: str, context: Sequence[str] = ()) -> Risk:
        """`risk_of` a question and the earlier ones of its thread, oldest first."""
        return self.risk_of(self.parse(question, context))

    def risk_of(self, query: Query) -> Risk:
        """How likely a question is about a child at risk, by itself and as what it means after the earlier ones of its
        thread. Whoever has told of a child goes on about it unless they ask something else."""
        risk = self._judged(query.typed)
        if risk is Risk.LIKELY or not query.thread:
            return risk
        risk = max(risk, self._judged(query.text))
        if self._judged(query.thread[-1]) is Risk.LIKELY and (risk is Risk.POSSIBLE or not asks(query.typed)):
            return Risk.LIKELY
        return risk

    def signpost(self, question: str, reader: Reader, lead: str = "") -> Answer:
        """What to do first, then what the trust's own safeguarding documents say, and nothing else; `lead` names whom
        to speak to."""
        first = signpost(lead)
        for asked in (question, WHAT_STAFF_DO):
            ranked = rank(self._search.search(asked, reader, READ))
            if own := [each for each in ranked if is_safeguarding(each.hit.document.title)]:
                citations = quotes(own)
                return Answer(Outcome.SIGNPOST, f"{first}\n\n{written(citations)}", citations, signpost=lead)
        return Answer(Outcome.SIGNPOST, first, signpost=lead)

    def _judged(self, text: str) -> Risk:
        if self._safety is not None:
            return self._safety.judge(text)
        return Risk.LIKELY if child_at_risk(text) else Risk.NONE

    def _by_skill(self, skill: Skill, turn: Turn, heard: Heard | None, quoted: bool) -> Answer | None:
        reply = skill.reply(turn)
        return self._put(reply, turn, None if quoted else heard, quoted) if reply else None

    def _by_search(self, turn: Turn, heard: Heard | None, quoted: bool) -> Answer:
        query = turn.query
        results = self._search.find(query.question, turn.reader, READ)
        ranked = rank(results)
        citations = quotes(ranked)
        outcome = judge(results, ranked, citations)
        if outcome is Outcome.NOT_FOUND:
            return Answer(outcome, NOT_FOUND)
        if outcome is Outcome.ANSWERED:
            citations = quotes(ranked, BESIDE_AN_ANSWER, BESIDE_AN_ANSWER)
        text = written(citations)
        found = Answer(outcome, f"{CLOSEST}\n\n{text}" if outcome is Outcome.CLOSEST else text, citations)
        if quoted or self.writer is None:
            return found
        sources = [Source(each.hit.passage, each.hit.document) for each in ranked[:PASSAGES]]
        return worded(found, self.writer.write(query.text, sources, query.context, _after(found, heard)))

    def _put(self, reply: SkillAnswer, turn: Turn, heard: Heard | None, quoted: bool) -> Answer:
        """The reply in a model's words, where there is a model and the reply may be put so."""
        # Sentences of two versions side by side would say of the earlier one what holds of the later one alone.
        if quoted or self.writer is None or not reply.sources or _compares(reply.answer):
            return reply.answer
        sources = reply.sources[:PASSAGES]
        heard = _after(reply.answer, heard)
        return worded(
            reply.answer,
            self.writer.write(turn.query.text, sources, turn.query.context, heard, reply.prompt),
            reply.beside,
        )


def _after(found: Answer, heard: Heard | None) -> Heard | None:
    """The same listener, who hears what comes before a model's words first."""
    if heard is None:
        return None
    hears, waiting = heard, [*([CLOSEST] if found.outcome is Outcome.CLOSEST else []), *leading(_kept(found, ()))]

    def hear(said: str) -> None:
        while waiting:
            hears(waiting.pop(0))
        hears(said)

    return hear


def leading(answer: Answer) -> list[str]:
    """What an answer that is laid out says of itself before anything is quoted: which version, which words."""
    return [f"{each.heading}\n{each.said}" if each.heading else each.said for each in _first(answer)]


def following(answer: Answer) -> tuple[Part, ...]:
    """The parts that come after what is said first."""
    return answer.parts[len(_first(answer)) :]


def _first(answer: Answer) -> list[Part]:
    return list(takewhile(lambda each: bool(each.said), answer.parts))


def opening(answer: Answer, wrote: Written) -> list[str]:
    """What comes before the claims."""
    closest = [CLOSEST] if answer.outcome is Outcome.CLOSEST else []
    return [*closest, *leading(answer), *([WAYS] if wrote.options else [])]


def lines(answer: Answer) -> list[str]:
    """What a model's words begin with, and its claims: the part of an answer that can be shown while it is written."""
    if answer.written is None or not answer.written.claims:
        return []
    return [*opening(answer, answer.written), *map(line, answer.written.claims)]


def proofs(answer: Answer) -> tuple[Citation, ...]:
    """The quotes that a model's claims rest on, in the order of their numbers; others may come after them."""
    claims = answer.written.claims if answer.written else ()
    return answer.citations[: max((claim.citation + 1 for claim in claims), default=0)]


def worded(found: Answer, drafted: Drafted, beside: str = "") -> Answer:
    """The answer in a model's words, each sentence with the number of its quote; else the quoted one, with a note.

    Of an answer that is laid out stays what it says of itself first. Where the model finds no answer in the passages,
    what was found by searching is only closest. `beside` is said with the model's words where no part says it.
    """
    wrote = drafted.written
    if not wrote.claims:
        # What sums up a document that was named is what was asked for, whatever a model makes of it.
        lower = drafted.denies and not _of_one(found)
        outcome = Outcome.CLOSEST if lower else found.outcome
        text = found.text if outcome is found.outcome else f"{CLOSEST}\n\n{found.text}"
        return replace(found, outcome=outcome, text=f"{wrote.note}\n\n{text}" if wrote.note else text, written=wrote)
    if beside and not any(beside in each.said for each in _first(found)):
        wrote = replace(wrote, note="\n".join(each for each in (beside, wrote.note) if each))
    answer = _kept(found, drafted.citations)
    said = opening(answer, wrote)
    said += ["\n".join(map(line, wrote.claims))]
    said += [*([DECIDES + wrote.ask] if wrote.ask else []), *([wrote.note] if wrote.note else [])]
    for number, each in enumerate(drafted.citations, start=1):
        said.append(f"[{number}] {source(each)}\n“{each.quote}”{place(each)}")
    for part in following(answer):
        quoted = written([answer.citations[number] for number in part.citations])
        said.append("\n".join(each for each in (part.heading, part.said, quoted) if each))
    return replace(answer, text="\n\n".join(said), written=wrote)


def _of_one(found: Answer) -> bool:
    """Whether it is laid out and quotes one document, or versions of one."""
    return bool(found.parts) and len({citation.document.family for citation in found.citations}) == 1


def _compares(found: Answer) -> bool:
    """Whether it lays out versions of one document beside each other."""
    return _of_one(found) and len({citation.document.id for citation in found.citations}) > 1


def _without_lead_in(said: str) -> str:
    return "\n".join(each for each in said.split("\n") if not each.endswith(":"))


def _kept(found: Answer, citations: Sequence[Citation]) -> Answer:
    """The answer with a model's quotes first, and what it says of itself with the quotes that bear that out."""
    first = _first(found)
    # A line that ends in a colon leads in what was quoted after it.
    said = [(each.heading, _without_lead_in(each.said)) for each in first]
    parts = [Part(heading, words) for heading, words in said if words]
    own = [found.citations[number] for each in first for number in each.citations]
    quotes = [*citations, *(each for each in own if each not in citations)]
    if own:
        parts.append(Part(DEFINED, "", tuple(map(quotes.index, own))))
    return replace(found, citations=tuple(quotes), parts=tuple(parts))
