"""Sets what is not ours apart in a request to a model: between marks that nobody can know beforehand."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from knowledge.llm.checking import Source
from knowledge.passages import Document, Status
from knowledge.text.normalise import visible


def new_mark(texts: Sequence[str]) -> str:
    """A mark that is in none of these texts."""
    while True:
        mark = secrets.token_hex(8)
        if not any(mark in text for text in texts):
            return mark


def message(mark: str, question: str, sources: Sequence[Source], context: Sequence[str] = ()) -> str:
    """The user's message: every source, then what was asked before in the thread, then the question."""
    parts = [_marked(mark, f"source {number}", _told(source)) for number, source in enumerate(sources, start=1)]
    if context:
        parts.append(_marked(mark, "asked before", "\n".join(context)))
    parts.append(_marked(mark, "question", question))
    return "\n\n".join(parts)


def _told(source: Source) -> str:
    document, passage = source.document, source.passage
    version = document.version or (document.date.isoformat() if document.date else "")
    place = " › ".join(passage.heading)
    head = [f"Title: {document.title}", *([f"Version: {version}"] if version else [])]
    head += [f"Status: {_standing(document)}"] if _standing(document) else []
    head += [f"Heading: {place}"] if place else []
    head += [f"Columns: {passage.header}"] if passage.header else []
    return "\n".join([*head, "Text:", passage.text])


def _standing(document: Document) -> str:
    """What keeps a document from being what holds now; an approved version that was replaced is no less superseded."""
    if document.status is Status.DRAFT:
        return "draft, not approved"
    return "" if document.in_force else "superseded by a later version, no longer in force"


def _marked(mark: str, what: str, text: str) -> str:
    return f"[{mark} {what} begins]\n{visible(text)}\n[{mark} {what} ends]"
