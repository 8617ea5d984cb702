"""Puts the leadership framework into the library, beside the trust's own documents."""

from __future__ import annotations

from knowledge.library.library import Library
from knowledge.library.prepared import Filed
from knowledge.passages import Document, Passage
from knowledge.school.framework.documents import SOURCE, documents, edition, sources


def put_framework(library: Library) -> int:
    """Put the framework in, where it is not there already in its present edition and encoding.

    Returns how many documents were put. Nothing is even parsed where all is as it should be.
    """
    entries = {key: entry for key, entry in library.entries().items() if entry.document.source.startswith(SOURCE)}
    encoder = library.status().encoder
    present = {
        each.document.source
        for each in entries.values()
        if (each.document.digest, each.encoder) == (edition(), encoder)
    }
    if present == sources() and len(entries) == len(present):
        return 0
    texts = documents()
    library.remove(entries.keys() - {document.id for document, _ in texts})
    return sum(1 for _ in library.put_many(Filed(document, _passages(document, text)) for document, text in texts))


def _passages(document: Document, text: str) -> list[Passage]:
    from ingest.readers.markdown import read_markdown
    from ingest.readers.split import split

    pieces = split(read_markdown(text.encode()))
    return [
        Passage(
            f"{document.id}-{document.digest[:8]}-{at}", document.id, at, each.text, each.heading, None, each.header
        )
        for at, each in enumerate(pieces)
    ]
