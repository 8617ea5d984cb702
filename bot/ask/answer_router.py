"""Who may answer a question, in which order: of a child at risk whom to speak to, else records, documents, or both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial

from bot.ask import merge_answers as merge
from bot.ask.answer_steps import (
    SURE_OF,
    Asking,
    Cited,
    Explained,
    Found,
    Kind,
    NotYet,
    Read,
    RecordSources,
    Result,
    Step,
    Tried,
    nothing_cited,
    nothing_is_read,
)
from bot.ask.merge_answers import TwoPartQuestion
from bot.ask.safeguarding_leads import IF_ABOUT, Leads, no_leads
from knowledge.llm.writer import Heard
from knowledge.passages import Answer, Outcome, Part, Reader
from knowledge.pipeline import SEARCH, Answerer
from knowledge.pipeline import Step as DocumentStep
from knowledge.safety.check import Risk
from knowledge.safety.patterns import SPEAK
from knowledge.skills.turn import Turn

ORDER = (
    (Kind.SAFETY, "safety"),
    (Kind.RECORDS, "standard answers"),
    (Kind.RECORDS, "meetings"),
    (Kind.RECORDS, "returns"),
    (Kind.RECORDS, "pulses"),
    (Kind.BOTH, "records and documents"),
    (Kind.DOCUMENTS, "principles"),
    (Kind.DOCUMENTS, "document facts"),
    (Kind.DOCUMENTS, "comparison"),
    (Kind.DOCUMENTS, "catalogue"),
    (Kind.DOCUMENTS, "changes"),
    (Kind.DOCUMENTS, "actions in minutes"),
    (Kind.DOCUMENTS, "explanation"),
    (Kind.DOCUMENTS, "summary"),
    (Kind.DOCUMENTS, SEARCH),
)
"""Who may answer, in this order: the first with an answer that is enough. The last answers whatever is left. Where none
of the records takes the question as it was typed, they are asked the whole question that a follow-up stands for."""

RECORDS_ASK = {
    "standard answers": "what a standard answer is approved for",
    "meetings": "for actions or decisions of meetings",
    "returns": "what schools wrote in their returns",
    "pulses": "how a collaboration is doing by its pulses",
}
LIKELY = "It is likely to be about a child at risk, so all that is said is whom to speak to."
POSSIBLE = "It may be about a child at risk. It is answered, and whom to speak to is said as well."
NO_RISK = "Nothing in it says that a child is at risk."
NOT_ENOUGH = "That is not all that was asked, so the documents are asked as well."
DOUBLE = "It asks the records and the documents together."
BESIDE = "What the records said is not enough, so the documents' answer stands beside it."
NONE_RECORDED = "It asks the records and the documents together, but nothing of it is recorded."
NOT_DOUBLE = "It does not ask the records and the documents together."
NO_ANSWER = "It asks {asks}, but there is nothing to answer from for whoever asks."
ASKS, ASKS_NOT = "It asks {asks}.", "It does not ask {asks}."
ASKS_NOT_OR_NONE = "It does not ask {asks}, or there is nothing in the library for that."
BY_SEARCH = {
    Outcome.ANSWERED: "No other step took it. A passage answers it.",
    Outcome.CLOSEST: "No other step took it. No passage surely answers it; these come closest.",
    Outcome.NOT_FOUND: "No other step took it, and no passage is about it.",
}


class AnswerRouter:
    """Answers from what a reader may read, kept nowhere. `leads` says whom to speak to about a child at risk. While
    documents are still being read in, `not_yet` says so in the place of a denial."""

    def __init__(
        self,
        answerer: Answerer,
        sources: RecordSources | None = None,
        leads: Leads = no_leads,
        not_yet: NotYet = nothing_is_read,
    ) -> None:
        self._answerer = answerer
        self._sources = sources or RecordSources()
        self._leads = leads
        self._not_yet = not_yet
        asks: Mapping[tuple[Kind, str], Step] = {(step.kind, step.name): step for step in self._all_steps()}
        self.steps = tuple(asks[row] for row in ORDER if row in asks)
        if unlisted := asks.keys() - set(ORDER):
            raise ValueError(f"not in the order of answers: {unlisted}")

    def _all_steps(self) -> Iterable[Step]:
        yield Step("safety", Kind.SAFETY, self._safety)
        for name, read in self._records().items():
            yield Step(name, Kind.RECORDS, partial(_record_step, name, read))
        yield Step("records and documents", Kind.BOTH, self._both)
        for step in self._answerer.steps:
            yield Step(step.name, Kind.DOCUMENTS, partial(_document_step, step))

    def _records(self) -> Mapping[str, Read]:
        sources = self._sources
        named = {
            "standard answers": sources.standard_answers,
            "meetings": sources.meetings,
            "returns": sources.returns,
            "pulses": sources.pulses,
        }
        return {name: read for name, read in named.items() if read}

    def _of_kind(self, *kinds: Kind) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.kind in kinds)

    def at_risk(self, words: str) -> bool:
        """Whether words are about a child at risk."""
        return self._answerer.at_risk(words)

    def find(
        self,
        question: str,
        reader: Reader,
        asker: str | None,
        earlier: Sequence[str] = (),
        heard: Heard | None = None,
        *,
        quoted: bool = False,
        cited: Cited = nothing_cited,
    ) -> Answer:
        """Answer a question; `earlier` are those of the thread before it, `cited` says what the last answer quoted.

        `heard` is told the sentences of an answer that a model writes; `quoted` leaves the model out. Of a child at
        risk nothing is asked but whom to speak to; where that is possible no model is asked, and it is said as well.
        """
        return self.explain(question, reader, asker, earlier, heard, quoted=quoted, cited=cited).answer

    def explain(
        self,
        question: str,
        reader: Reader,
        asker: str | None,
        earlier: Sequence[str] = (),
        heard: Heard | None = None,
        *,
        quoted: bool = False,
        cited: Cited = nothing_cited,
    ) -> Explained:
        """The same answer, with the steps that were tried for it."""
        query = self._answerer.parse(question, earlier)
        risk = self._answerer.risk_of(query)
        double = merge.read_two_part_question(question, earlier)
        quoted = quoted or risk is Risk.POSSIBLE
        asking = Asking(query, query.typed, reader, asker, risk, double, heard, quoted, cache(cited))
        explained = self._walk(self.steps, asking)
        found = explained.answer
        if risk is not Risk.POSSIBLE or found.outcome is Outcome.SIGNPOST:
            return explained
        note = IF_ABOUT.format(lead=self._leads(question, asker) or SPEAK)
        first, _, rest = found.text.partition("\n\n")
        noted = replace(found, text="\n\n".join(filter(None, (first, note, rest))), signpost=note)
        return replace(explained, answer=noted)

    def _walk(self, steps: Sequence[Step], asking: Asking) -> Explained:
        """Ask one step after the other, until one has an answer that is enough."""
        tried: list[Tried] = []
        for step, words in _in_turn(steps, asking):
            if step.kind is Kind.RECORDS and asking.told:
                # The first that the question is about speaks for the records.
                continue
            found = step.ask(replace(asking, words=words))
            name = step.name if words == asking.words else f"{step.name}, with the questions before"
            tried.extend(found.within)
            answer = found.answer
            if answer is None:
                tried.append(Tried(name, Result.PASSED, found.why))
                continue
            sure = SURE_OF[answer.outcome]
            if step.kind is Kind.RECORDS and not _is_enough(answer, asking.double):
                asking = replace(asking, told=answer)
                tried.append(Tried(name, Result.WENT_ON, f"{found.why} {NOT_ENOUGH}", sure))
                continue
            tried.append(Tried(name, Result.ANSWERED, found.why, sure))
            return Explained(self._unless_reading(answer) if step.kind is Kind.DOCUMENTS else answer, tuple(tried))
        raise RuntimeError("the last step answers whatever is left")

    def _safety(self, asking: Asking) -> Found:
        """Whom to speak to, and nothing else."""
        if asking.risk is Risk.LIKELY:
            return Found(self._signpost(asking.query.typed, asking), LIKELY)
        # What it asks of the records, by itself: beside the word "policy" it reads like paperwork.
        if asking.double and (worry := asking.double.worry(self._answerer.at_risk)):
            return Found(self._signpost(worry, asking), LIKELY)
        return Found(None, POSSIBLE if asking.risk is Risk.POSSIBLE else NO_RISK)

    def _signpost(self, words: str, asking: Asking) -> Answer:
        return self._answerer.signpost(words, asking.reader, self._leads(words, asking.asker))

    def _both(self, asking: Asking) -> Found:
        """What the records say with what the documents say beside it."""
        if (double := asking.double) and (told := self._of_records(double, asking)):
            documents = self._of_documents(double.documents, asking)
            return Found(merge.merge_answers(told, documents.answer, double.lead), DOUBLE, documents.steps)
        if asking.told:
            # Quoted: what a model writes is streamed as it comes, and this begins with the records.
            documents = self._walk(self._of_kind(Kind.DOCUMENTS), replace(asking, heard=None, quoted=True))
            return Found(merge.merge_answers(asking.told, documents.answer), BESIDE, documents.steps)
        return Found(None, NONE_RECORDED if asking.double else NOT_DOUBLE)

    def _of_records(self, double: TwoPartQuestion, asking: Asking) -> Answer | None:
        """What the records say to their half of the question."""
        if not double.records:
            return self._sources.about(double.topic, asking.reader, asking.asker)
        replies = (reply for read in self._records().values() if (reply := read(double.records)))
        return next((told for reply in replies if (told := reply(asking.reader, asking.asker))), None)

    def _of_documents(self, half: str, asking: Asking) -> Explained:
        """What the documents say to their half of the question."""
        query = self._answerer.parse(half, asking.query.thread)
        if self._answerer.risk_of(query) is Risk.LIKELY:
            return Explained(self._answerer.signpost(half, asking.reader), ())
        asking = replace(asking, query=query, words=half, heard=None, quoted=True, cited=nothing_cited)
        return self._walk(self._of_kind(Kind.DOCUMENTS), asking)

    def _unless_reading(self, found: Answer) -> Answer:
        """The documents' answer; while some are still being read in, that is said in the place of a denial."""
        if found.outcome is not Outcome.NOT_FOUND and not found.parts:
            return found
        said = self._not_yet()
        if said is None:
            return found
        if found.outcome is Outcome.NOT_FOUND:
            return Answer(Outcome.NOT_FOUND, said, told=True)
        return replace(found, text=f"{found.text}\n\n{said}", parts=(*found.parts, Part("", said)))


def _is_enough(answer: Answer, double: TwoPartQuestion | None) -> bool:
    """Whether what the records say answers the question, without the documents."""
    return answer.outcome is not Outcome.NOT_FOUND and (answer.approved or not (double and double.always))


def _in_turn(steps: Sequence[Step], asking: Asking) -> Iterable[tuple[Step, str]]:
    """The steps with the words that they are asked."""
    query = asking.query
    records = [step for step in steps if step.kind is Kind.RECORDS]
    for step in steps:
        yield step, asking.words
        if records and step is records[-1] and query.text != asking.words:
            yield from ((again, query.text) for again in records)


def _record_step(name: str, read: Read, asking: Asking) -> Found:
    reply = read(asking.words)
    if reply is None:
        return Found(None, ASKS_NOT.format(asks=RECORDS_ASK[name]))
    answer = reply(asking.reader, asking.asker)
    return Found(answer, (ASKS if answer else NO_ANSWER).format(asks=RECORDS_ASK[name]))


def _document_step(step: DocumentStep, asking: Asking) -> Found:
    turn = Turn(asking.query, asking.reader, asking.cited())
    answer = step.answer(turn, asking.heard, asking.quoted)
    if answer is None:
        return Found(None, ASKS_NOT_OR_NONE.format(asks=step.asks))
    return Found(answer, BY_SEARCH[answer.outcome] if step.name == SEARCH else ASKS.format(asks=step.asks))
