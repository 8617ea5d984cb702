"""What is quoted of the passages that were found, and how quotes read as text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from knowledge.answer.quoting import Scored, cite, scored, window
from knowledge.answer.retrieve import Results
from knowledge.passages import Citation, Status

NOT_FOUND = "Not in the documents that you can see."
DOCUMENTS = 3
QUOTES = 3
MORE = 0.75
BESIDE = 0.62
BRIEF = (25, 50)
FURTHER = (40, 60)


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
        lines = [source(same[0])]
        lines.extend(f"“{each.quote}”{place(each)}" for each in same)
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def source(citation: Citation) -> str:
    """The line above a document's quotes: its title, and what a reader should know of it."""
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


def place(citation: Citation) -> str:
    """Where in its document a quote stands, in brackets, with a space before; empty where nothing is known."""
    headings = [each for each in citation.heading if each.casefold() != citation.document.title.casefold()]
    parts = [" › ".join(headings)] if headings else []
    if citation.page is not None:
        parts.append(f"{citation.document.unit or 'page'} {citation.page}")
    return f" ({', '.join(parts)})" if parts else ""
