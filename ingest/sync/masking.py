"""Masks likely pupils' names in a document before it is embedded, indexed or shown; the file stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.readers.split import Chunk
from knowledge.masking.pupil_names import Masker
from knowledge.passages import Document


def masked(document: Document, pieces: Sequence[Chunk], masker: Masker) -> tuple[Document, list[Chunk]]:
    """The document and its pieces with each likely pupil as "Pupil A", the same throughout, and how often in
    `Document.masked`."""
    texts = [document.title]
    for piece in pieces:
        texts += [piece.text, *piece.heading, piece.header]
    found = masker.mask(texts)
    if not found.count:
        return document, list(pieces)
    words = iter(found.texts)
    title = next(words)
    # A family is named by the title, and would keep the name.
    family = document.family if title == document.title else f"{document.kind.value}/{document.id}"
    changed = [
        replace(piece, text=next(words), heading=tuple(next(words) for _ in piece.heading), header=next(words))
        for piece in pieces
    ]
    return replace(document, title=title, family=family, masked=found.count), changed
