"""Small documents for tests of the library, and an encoder whose vectors are drawn from a text's hash."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.passages import EVERYONE, Audience, Document, Kind, Passage, Reader

STAFF = Reader.of({"everyone"})
BOARD = Reader.of({"everyone", "board"})
BOARD_ONLY = Audience(frozenset({"board"}))


class Lottery:
    """Gives every text a random unit vector of its own, always the same one: enough to test an index, and fast."""

    def __init__(self, name: str = "lottery", dimension: int = 32) -> None:
        self.name = name
        self.dimension = dimension

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            vectors[row] = np.random.default_rng(zlib.crc32(text.encode())).standard_normal(self.dimension)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-9))

    def encode_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[NDArray[np.float32], list[NDArray[np.int8]]]:
        rows = [
            np.rint(self.encode([text[start:end] for start, end in each]) * 127).astype(np.int8)
            for text, each in zip(texts, spans, strict=True)
        ]
        return self.encode(texts), rows


def document(key: str, audience: Audience = EVERYONE, **fields: object) -> Document:
    """A document with this id; everything else follows from it where it is not given."""
    values: dict[str, object] = {
        "source": f"/library/{key}.md",
        "file_name": f"{key}.md",
        "title": key.capitalize(),
        "kind": Kind.POLICY,
        "family": key,
    }
    return Document(id=key, audience=audience, **(values | fields))  # type: ignore[arg-type]


def passages(key: str, *texts: str) -> list[Passage]:
    """These texts as the passages `<key>-0`, `<key>-1` and so on."""
    return [Passage(f"{key}-{ordinal}", key, ordinal, text) for ordinal, text in enumerate(texts)]


def pages(key: str, count: int, edition: int = 0) -> list[Passage]:
    """That many different passages of one document, other words in each edition."""
    return passages(key, *(f"Page {ordinal} of {key}, edition {edition}." for ordinal in range(count)))


def asked(encoder: Lottery, wanted: Document, passage: Passage) -> NDArray[np.float32]:
    """The vector of a question that this passage answers better than any other."""
    from knowledge.library.prepared import embedded_text

    vector: NDArray[np.float32] = encoder.encode([embedded_text(wanted, passage)])[0]
    return vector
