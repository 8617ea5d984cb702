"""Answers a question in the documents' own words, or says that they do not hold the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from knowledge.confidence import judge
from knowledge.conversation.whole import whole
from knowledge.passages import Answer, Citation, Outcome, Reader, Status, Written
from knowledge.quoting import Scored, cite, scored, window
from knowledge.safeguarding import SIGNPOST, WHAT_STAFF_DO, child_at_risk, is_safeguarding
from knowledge.search import Results, Search
from knowledge.written.checking import Source
from knowledge.written.writer import PASSAGES, Drafted, Heard, Writer, line

CLOSEST = "These come closest; they may not answer it."
NOT_FOUND = "Not in the documents that you can see."
WAYS = "The documents give more than one way:"
DECIDES = "What decides between these: "
READ = 12
DOCUMENTS = 3
QUOTES = 3
MORE = 0.75
BESIDE = 0.62
BESIDE_AN_ANSWER = 0.85
BRIEF = (25, 50)
FURTHER = (40, 60)


class Answerer:
    """Answers from one library, in a model's words where there is a `writer`; safe to use from several threads."""

    def __init__(self, search: Search, writer: Writer | None = None) -> None:
        self._search = search
        self.writer = writer

    def answer(
        self,
        question: str,
        reader: Reader,
        context: Sequence[str] = (),
        heard: Heard | None = None,
        *,
        quoted: bool = False,
    ) -> Answer:
        """Answer from what this reader may read; `context` holds the earlier questions of the thread, oldest first.

        `heard` is told each sentence that a model writes, once it is checked. With `quoted` no model is asked.
        """
        if child_at_risk(question):
            return self._signpost(question, reader)
        question, context = whole(question, context, self._search.names)
        if child_at_risk(question):
            return self._signpost(question, reader)
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


def rank(results: Results) -> list[Scored]:
    """The hits with their sentences scored, those first that are to be quoted first."""
    found = (scored(results, hit) for hit in results.hits)
    return sorted((each for each in found if each.parsed.spans), key=lambda each: (-each.key, each.hit.passage.id))


def quotes(ranked: Sequence[Scored], beside: float = BESIDE, more: float = MORE) -> tuple[Citation, ...]:
    """What to quote: the best stretch of each of up to three documents, then more of the first one.

    Other documents are quoted from `beside` times the best one's key, further passages of it from `more` times.
    """
    if not ranked:
        return ()
    by_document: dict[str, list[Scored]] = {}
    for each in ranked:
        by_document.setdefault(each.hit.document.id, []).append(each)
    first, *others = by_document.values()
    found = [cite(first[0], *window(first[0]))]
    near = (each[0] for each in others[: DOCUMENTS - 1] if each[0].key >= beside * first[0].key)
    found.extend(cite(each, *window(each, *BRIEF)) for each in near)
    further = (each for each in first[1:QUOTES] if each.key >= more * first[0].key)
    found.extend(cite(each, *window(each, *FURTHER)) for each in further)
    return tuple(found)


def written(citations: Sequence[Citation]) -> str:
    """The answer as a person reads it: quotes under their documents, each with heading and page."""
    order = {document_id: n for n, document_id in enumerate(dict.fromkeys(each.document.id for each in citations))}
    grouped = sorted(citations, key=lambda each: order[each.document.id])
    parts = []
    for _, group in groupby(grouped, key=lambda each: each.document.id):
        same = list(group)
        lines = [_source(same[0])]
        lines.extend(f"“{each.quote}”{_place(each)}" for each in same)
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


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
        parts.append(f"[{number}] {_source(each)}\n“{each.quote}”{_place(each)}")
    return replace(found, text="\n\n".join(parts), citations=drafted.citations, written=wrote)


def _source(citation: Citation) -> str:
    document = citation.document
    version = document.version or (f"{document.date:%-d %B %Y}" if document.date else "")
    said = [version] if version and version not in document.title else []
    if document.status is Status.DRAFT:
        said.append("draft")
    elif not document.in_force:
        said.append("superseded")
    if document.ocr:
        said.append("read by OCR")
    if document.masked:
        said.append("pupils' names masked")
    return f"{document.title} ({', '.join(said)}):" if said else f"{document.title}:"


def _place(citation: Citation) -> str:
    headings = [each for each in citation.heading if each.casefold() != citation.document.title.casefold()]
    parts = [" › ".join(headings)] if headings else []
    if citation.page is not None:
        parts.append(f"{citation.document.unit or 'page'} {citation.page}")
    return f" ({', '.join(parts)})" if parts else ""
