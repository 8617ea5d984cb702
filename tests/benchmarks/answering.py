"""How fast answers come: against one bare vector query, and in a library a hundred times as large."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.embed import Encoder
from knowledge.passages import EVERYONE, EVERYONE_PRINCIPAL, Document, Kind, Passage, Reader
from knowledge.prepared import Filed
from tests.benchmarks.house import House, house
from tests.benchmarks.ingesting import passages
from tests.benchmarks.report import Measured, medians, under
from tests.benchmarks.words import Zipf, paragraphs, questions

READER = Reader.of([EVERYONE_PRINCIPAL])
IN_A_DOCUMENT = 40
NOISE = 0.7


def warm(folder: Path, encoder: Encoder, files: Sequence[Path]) -> Iterator[Measured]:
    """A whole answer against encoding its question and asking Chroma for the nearest ten."""
    with house(folder / "warm", encoder) as ours:
        ours.sync(list(files))
        ours.level()
        bare = _bare_query(folder / "bare", encoder, passages(ours))
        answer, query = medians([lambda q: ours.answerer.answer(q, READER), bare], questions())
    absolute = f"{1000 * answer:.1f} ms : {1000 * query:.1f} ms, median of {len(questions())} questions"
    yield under("warm answer : encode + one query", 2, answer / query, absolute)


def _bare_query(folder: Path, encoder: Encoder, texts: Sequence[str]) -> Callable[[str], object]:
    import chromadb

    collection = chromadb.PersistentClient(str(folder)).create_collection(
        "bare", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
    )
    vectors = encoder.encode(texts)
    for start in range(0, len(texts), 1000):
        part: Any = vectors[start : start + 1000]
        collection.add([str(start + row) for row in range(len(part))], embeddings=part)

    def query(question: str) -> object:
        vector: Any = encoder.encode([question])
        return collection.query(query_embeddings=vector, n_results=10, include=["distances"])

    return query


class Synthetic:
    """An encoder for filling large libraries: real vectors of the sample's paragraphs, each time with other noise."""

    def __init__(self, encoder: Encoder, seed: int) -> None:
        self.name, self.dimension = encoder.name, encoder.dimension
        self._base = dict(zip(paragraphs(), encoder.encode(paragraphs()), strict=True))
        self._random = np.random.default_rng(seed)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A vector near that of the paragraph that is the last line of each text."""
        return self._near(
            np.array([self._base[text.rsplit("\n", 1)[-1]] for text in texts]).reshape(-1, self.dimension)
        )

    def encode_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[NDArray[np.float32], list[NDArray[np.int8]]]:
        """The same, and for each span a vector near the text's own."""
        vectors = self.encode(texts)
        counts = [len(each) for each in spans]
        rows = np.rint(self._near(np.repeat(vectors, counts, axis=0)) * 127).astype(np.int8)
        return vectors, np.split(rows, np.cumsum(counts)[:-1]) if counts else []

    def _near(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        noise = self._random.standard_normal(vectors.shape, np.float32) * np.float32(NOISE / self.dimension**0.5)
        moved = vectors + noise
        unit: NDArray[np.float32] = moved / np.linalg.norm(moved, axis=1, keepdims=True)
        return unit


def growth(folder: Path, encoder: Encoder, small: int, large: int) -> Iterator[Measured]:
    """The same questions in a small and in a large library, whose vectors are synthetic."""
    with (
        house(folder / "small", encoder, Synthetic(encoder, 1)) as few,
        house(folder / "large", encoder, Synthetic(encoder, 2)) as many,
    ):
        for each, count in ((few, small), (many, large)):
            fill(each, count)
            each.level()
        one, other = medians(
            [lambda q: few.answerer.answer(q, READER), lambda q: many.answerer.answer(q, READER)], questions()
        )
    absolute = f"{1000 * other:.1f} ms : {1000 * one:.1f} ms, median of {len(questions())} questions"
    yield under(f"answer at {large:,} : at {small:,} passages", 2, other / one, absolute)


def fill(into: House, count: int) -> None:
    """Put so many passages of drawn words in, each with one real paragraph."""
    words, chance = Zipf(11), random.Random(13)
    kinds = list(Kind)

    def document(number: int, size: int) -> Filed:
        title = words.sentence(4).rstrip(".")
        described = Document(
            id=f"d{number}",
            source=f"synthetic:{number}",
            file_name=f"{number}.md",
            title=title,
            kind=chance.choice(kinds),
            audience=EVERYONE,
            family=f"family {number}",
        )
        return Filed(described, [_passage(described.id, at, words, chance) for at in range(size)])

    starts = range(0, count, IN_A_DOCUMENT)
    filed = (document(number, min(IN_A_DOCUMENT, count - start)) for number, start in enumerate(starts))
    for _ in into.library.put_many(filed):
        pass


def _passage(document_id: str, at: int, words: Zipf, chance: random.Random) -> Passage:
    drawn = [words.sentence(chance.randint(8, 24)) for _ in range(6)]
    text = f"{' '.join(drawn)}\n{chance.choice(paragraphs())}"
    return Passage(f"{document_id}-{at}", document_id, at, text, (words.sentence(3).rstrip("."),))
