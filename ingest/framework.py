"""Puts the leadership framework into the library, beside the trust's own documents."""

from __future__ import annotations

from ingest.read_markdown import read_markdown
from ingest.split import split
from knowledge.framework.documents import documents
from knowledge.library import Library
from knowledge.passages import Document, Passage
from knowledge.prepared import Filed

SOURCE = "framework:"


def put_framework(library: Library) -> int:
    """Put in what is new or worded differently since the last time, and take out what is no longer part of it.

    Returns how many documents were put; nothing is encoded where the framework is there already.
    """
    entries = {key: entry for key, entry in library.entries().items() if entry.document.source.startswith(SOURCE)}
    encoder = library.status().encoder
    texts = {document.id: (document, text) for document, text in documents()}
    library.remove(entries.keys() - texts.keys())
    stale = [
        Filed(document, _passages(document, text))
        for key, (document, text) in texts.items()
        if key not in entries or entries[key].document.digest != document.digest or entries[key].encoder != encoder
    ]
    return sum(1 for _ in library.put_many(stale))


def _passages(document: Document, text: str) -> list[Passage]:
    pieces = split(read_markdown(text.encode()))
    return [
        Passage(
            f"{document.id}-{document.digest[:8]}-{at}", document.id, at, each.text, each.heading, None, each.header
        )
        for at, each in enumerate(pieces)
    ]
