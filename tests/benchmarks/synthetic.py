"""Large libraries, written straight into the database: drawn words, and vectors near those of real paragraphs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, insert

from knowledge.embedding.encoder import Encoder
from knowledge.library.tables import DocumentRow, PassageRow, StateRow
from knowledge.passages import EVERYONE, Kind, Status
from knowledge.text.sentences import sentence_spans
from knowledge.text.terms import pack_terms, unpack_terms
from tests.benchmarks.words import Zipf, paragraphs

IN_A_DOCUMENT = 40
DRAWN_SENTENCES = 4_000
NOISE = 0.35

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a passage with its terms and their counts, and how many sentences it holds."""

    text: str
    hashes: NDArray[np.uint32]
    counts: NDArray[np.uint8]
    sentences: int

    @classmethod
    def of(cls, text: str) -> _Line:
        return cls(text, *unpack_terms(pack_terms(text)), len(sentence_spans(text)))


def fill(engine: Engine, encoder: Encoder, count: int, seed: int = 11) -> None:
    """Write `count` passages into an empty library, each with one of the sample's paragraphs among its lines."""
    words, chance = Zipf(seed), random.Random(seed)
    titles = [words.sentence(4).rstrip(".") for _ in range(-(-count // IN_A_DOCUMENT))]
    with engine.begin() as connection:
        connection.execute(
            insert(StateRow), {"id": 1, "library_id": f"{seed:016}", "generation": len(titles), "rebuilds": 0}
        )
        for number, title in enumerate(titles):
            size = min(IN_A_DOCUMENT, count - number * IN_A_DOCUMENT)
            row = _document(number, title, chance.choice(list(Kind)), size, encoder.name)
            connection.execute(insert(DocumentRow), row)
        rows = _passages(encoder, count, words, chance)
        while part := [row for _, row in zip(range(2_000), rows, strict=False)]:
            connection.execute(insert(PassageRow), part)


def _document(number: int, title: str, kind: Kind, passages: int, encoder: str) -> dict[str, Any]:
    return {
        "id": f"d{number}",
        "source": f"synthetic:{number}",
        "file_name": f"{number}.md",
        "title": title,
        "kind": kind.value,
        "audience": EVERYONE.name,
        "family": f"family {number}",
        "status": Status.APPROVED.value,
        "in_force": True,
        "ocr": False,
        "digest": f"{number:064}",
        "generation": number + 1,
        "revised": number + 1,
        "encoder": encoder,
        "passages": passages,
    }


def _passages(encoder: Encoder, count: int, words: Zipf, chance: random.Random) -> Iterator[dict[str, Any]]:
    noise = np.random.default_rng(chance.randrange(1 << 30))
    drawn = [_Line.of(words.sentence(chance.randint(8, 24))) for _ in range(DRAWN_SENTENCES)]
    real = [(_Line.of(text), vector) for text, vector in zip(paragraphs(), encoder.encode(paragraphs()), strict=True)]
    for number in range(count):
        line, base = chance.choice(real)
        lines = [*chance.choices(drawn, k=5), line]
        vector = _near(base[None], noise)
        sentences = _near(np.repeat(vector, sum(each.sentences for each in lines), axis=0), noise)
        document, ordinal = divmod(number, IN_A_DOCUMENT)
        yield {
            "id": f"d{document}-{ordinal}",
            "document_id": f"d{document}",
            "ordinal": ordinal,
            "text": "\n".join(each.text for each in lines),
            "heading": '["Section"]',
            "page": None,
            "header": "",
            "vector": vector.astype("<f4").tobytes(),
            "sentences": np.rint(sentences * 127).astype(np.int8).tobytes(),
            "terms": _terms(lines),
        }


def _near(vectors: Vectors, noise: np.random.Generator) -> Vectors:
    """These vectors, each turned by some 20 degrees."""
    moved = vectors + noise.standard_normal(vectors.shape, np.float32) * np.float32(NOISE / vectors.shape[1] ** 0.5)
    unit: Vectors = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    return unit


def _terms(lines: list[_Line]) -> bytes:
    hashes, place = np.unique(np.concatenate([each.hashes for each in lines]), return_inverse=True)
    counts = np.bincount(place, np.concatenate([each.counts for each in lines]))
    return hashes.astype("<u4").tobytes() + np.minimum(counts, 255).astype(np.uint8).tobytes()
