"""How fast answers come: against one bare vector query, and in a library a hundred times as large."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from knowledge.embedding.encoder import Encoder
from knowledge.passages import EVERYONE_PRINCIPAL, Reader
from tests.benchmarks.house import house
from tests.benchmarks.ingesting import passages
from tests.benchmarks.report import Measured, medians, under
from tests.benchmarks.synthetic import fill
from tests.benchmarks.words import questions

READER = Reader.of([EVERYONE_PRINCIPAL])


def warm(folder: Path, encoder: Encoder, files: Sequence[Path]) -> Iterator[Measured]:
    """A whole answer against encoding its question and asking Chroma for the nearest ten."""
    with house(folder / "warm", encoder) as ours:
        ours.sync(list(files))
        ours.level()
        bare = _bare_query(folder / "bare", encoder, list(passages(ours).values()))
        answer, query = medians([lambda q: ours.answerer.answer(q, READER), bare], questions())
    absolute = f"{1000 * answer:.1f} : {1000 * query:.1f} ms, median of {len(questions())} questions"
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


def growth(folder: Path, encoder: Encoder, small: int, large: int) -> Iterator[Measured]:
    """The same questions in a small and in a large library, whose vectors are synthetic."""
    with house(folder / "small", encoder) as few, house(folder / "large", encoder) as many:
        for each, count in ((few, small), (many, large)):
            fill(each.engine, encoder, count)
            each.level()
        one, other = medians(
            [lambda q: few.answerer.answer(q, READER), lambda q: many.answerer.answer(q, READER)], questions()
        )
    absolute = f"{1000 * other:.1f} : {1000 * one:.1f} ms, median of {len(questions())} questions"
    yield under(f"answer at {large:,} : at {small:,} passages", 2, other / one, absolute)
