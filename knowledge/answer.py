"""Answers a question in the documents' own words, or says that they do not hold the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from knowledge.citing import place, quotes, rank, source, written
from knowledge.confidence import judge
from knowledge.conversation.shorthand import written_out
from knowledge.conversation.turn import Reply, Turn
from knowledge.conversation.ways import ways
from knowledge.conversation.whole import whole
from knowledge.passages import Answer, Outcome, Reader, Written
from knowledge.safeguarding import SIGNPOST, WHAT_STAFF_DO, child_at_risk, is_safeguarding
from knowledge.search import Search
from knowledge.written.checking import Source
from knowledge.written.writer import PASSAGES, Drafted, Heard, Writer, line

CLOSEST = "These come closest; they may not answer it."
NOT_FOUND = "Not in the documents that you can see."
WAYS = "The documents give more than one way:"
DECIDES = "What decides between these: "
READ = 12
BESIDE_AN_ANSWER = 0.85


class Answerer:
    """Answers from one library, in a model's words where there is a `writer`; safe to use from several threads."""

    def __init__(self, search: Search, writer: Writer | None = None) -> None:
        self._search = search
        self._ways = ways(search)
        self.writer = writer

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
        if child_at_risk(question):
            return self._signpost(question, reader)
        typed, earlier = written_out(question), tuple(map(written_out, context))
        before = whole(earlier[-1], earlier[:-1], self._search.names)[0] if earlier else ""
        question, context = whole(typed, earlier, self._search.names)
        if child_at_risk(question):
            return self._signpost(question, reader)
        turn = Turn(question, typed, tuple(context), tuple(cited), reader, before, earlier)
        for way in self._ways:
            if reply := way.reply(turn):
                return self._put(reply, turn, None if quoted else heard, quoted)
        results = self._search.search(question, reader, READ, context)
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
        said = _after(CLOSEST, heard) if heard and outcome is Outcome.CLOSEST else heard
        return worded(found, self.writer.write(question, sources, context, said))

    def meant(self, question: str, context: Sequence[str]) -> str:
        """The whole question that a follow-up in a thread stands for; any other as it is."""
        return whole(written_out(question), [*map(written_out, context)], self._search.names)[0]

    def _put(self, reply: Reply, turn: Turn, heard: Heard | None, quoted: bool) -> Answer:
        """The reply in a model's words, where there is a model and the reply may be put so."""
        if quoted or self.writer is None or not reply.sources:
            return reply.answer
        sources = reply.sources[:PASSAGES]
        drafted = self.writer.write(turn.question, sources, turn.context, heard, reply.prompt)
        if drafted.written.claims and reply.beside:
            note = "\n".join(each for each in (reply.beside, drafted.written.note) if each)
            drafted = replace(drafted, written=replace(drafted.written, note=note))
        return worded(reply.answer, drafted)

    def _signpost(self, question: str, reader: Reader) -> Answer:
        """What to do first, then what the trust's own safeguarding documents say, and nothing else."""
        for asked in (question, WHAT_STAFF_DO):
            ranked = rank(self._search.search(asked, reader, READ))
            if own := [each for each in ranked if is_safeguarding(each.hit.document.title)]:
                citations = quotes(own)
                return Answer(Outcome.SIGNPOST, f"{SIGNPOST}\n\n{written(citations)}", citations)
        return Answer(Outcome.SIGNPOST, SIGNPOST)


def _after(first: str, heard: Heard) -> Heard:
    """The same listener, who hears this line before the first one."""
    waiting = [first]

    def hear(said: str) -> None:
        while waiting:
            heard(waiting.pop())
        heard(said)

    return hear


def opening(outcome: Outcome, wrote: Written) -> list[str]:
    """What comes before the claims."""
    return [*([CLOSEST] if outcome is Outcome.CLOSEST else []), *([WAYS] if wrote.options else [])]


def lines(answer: Answer) -> list[str]:
    """What a model's words begin with, and its claims: the part of an answer that can be shown while it is written."""
    if answer.written is None or not answer.written.claims:
        return []
    return [*opening(answer.outcome, answer.written), *map(line, answer.written.claims)]


def worded(found: Answer, drafted: Drafted) -> Answer:
    """The answer in a model's words, each sentence with the number of its quote; else the quoted one, with a note.

    Where the model finds no answer in the passages, what was found is only closest.
    """
    wrote = drafted.written
    if not wrote.claims:
        outcome = Outcome.CLOSEST if drafted.denies else found.outcome
        text = found.text if outcome is found.outcome else f"{CLOSEST}\n\n{found.text}"
        return replace(found, outcome=outcome, text=f"{wrote.note}\n\n{text}" if wrote.note else text, written=wrote)
    parts = opening(found.outcome, wrote)
    parts += ["\n".join(map(line, wrote.claims))]
    parts += [*([DECIDES + wrote.ask] if wrote.ask else []), *([wrote.note] if wrote.note else [])]
    for number, each in enumerate(drafted.citations, start=1):
        parts.append(f"[{number}] {source(each)}\n“{each.quote}”{place(each)}")
    return replace(found, text="\n\n".join(parts), citations=drafted.citations, written=wrote, parts=())
