"""Answers a question in the documents' own words, or says that they do not hold the answer."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from knowledge.confidence import judge
from knowledge.conversation.whole import whole
from knowledge.passages import Answer, Citation, Outcome, Reader, Status
from knowledge.quoting import Scored, cite, scored, window
from knowledge.safeguarding import SIGNPOST, WHAT_STAFF_DO, child_at_risk, is_safeguarding
from knowledge.search import Results, Search

CLOSEST = "These come closest; they may not answer it."
NOT_FOUND = "Not in the documents that you can see."
READ = 12
DOCUMENTS = 3
QUOTES = 3
MORE = 0.75
BESIDE = 0.62
BESIDE_AN_ANSWER = 0.85
BRIEF = (25, 50)
FURTHER = (40, 60)


class Answerer:
    """Answers from one library; safe to use from several threads."""

    def __init__(self, search: Search) -> None:
        self._search = search

    def answer(self, question: str, reader: Reader, context: Sequence[str] = ()) -> Answer:
        """Answer from what this reader may read; `context` holds the earlier questions of the thread, oldest first."""
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
        return Answer(outcome, f"{CLOSEST}\n\n{text}" if outcome is Outcome.CLOSEST else text, citations)

    def _signpost(self, question: str, reader: Reader) -> Answer:
        """What to do first, then what the trust's own safeguarding documents say, and nothing else."""
        for asked in (question, WHAT_STAFF_DO):
            ranked = rank(self._search.search(asked, reader, READ))
            if own := [each for each in ranked if is_safeguarding(each.hit.document.title)]:
                citations = quotes(own)
                return Answer(Outcome.SIGNPOST, f"{SIGNPOST}\n\n{written(citations)}", citations)
        return Answer(Outcome.SIGNPOST, SIGNPOST)


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
