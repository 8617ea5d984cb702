"""Brings a Chroma database level with the library, document by document, in batches that leave room for questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, select

from knowledge.index.chroma.database import ChromaFailure, Collections, split_id, vector_id
from knowledge.index.chroma.worker import ChromaWorker
from knowledge.library.descriptions import Catalogue
from knowledge.library.exact import matrix
from knowledge.library.tables import DocumentRow, PassageRow

BATCH_ROWS = 64
TOLERANCE = 1e-3
BROKEN_SHARE = 0.05
MOST_COPIES = 8


@dataclass(frozen=True, slots=True)
class Live:
    """A Chroma database that may be searched: all documents put up to generation `applied` are wholly in it,
    but for the documents of the generations in `apart`, which its search cannot be trusted with.
    """

    collections: Collections | ChromaWorker
    applied: int
    apart: frozenset[int] = frozenset()


class Mirror:
    """The vectors in Chroma, as this process knows them: for each audience, generation -> ids."""

    def __init__(self, engine: Engine, collections: Collections | ChromaWorker) -> None:
        self._engine = engine
        self.collections = collections
        self._ids: dict[str, dict[int, list[str]]] = {}
        self._whole: dict[str, set[int]] = {}
        self._apart: set[int] = set()
        self._prints: dict[int, list[int]] = {}
        self._copies: Counter[tuple[str, int]] = Counter()
        self._reconciled_with: Catalogue | None = None

    def adopt(self, survey: Mapping[str, Mapping[str, float | None]], probe: NDArray[np.float32]) -> None:
        """Start from what a survey with `probe` found in Chroma, checked against every vector in the database.

        A document is taken as whole when each of its passages is found by search and its vector is the right one;
        the others are written again later. ChromaFailure when more than one vector in twenty is lost or wrong.
        """
        true = self._cosines(probe)
        wrong = 0
        for audience, held in survey.items():
            ids = self._ids[audience] = {}
            right: dict[int, int] = {}
            for stored, cosine in held.items():
                passage_id, generation = split_id(stored)
                ids.setdefault(generation, []).append(stored)
                expected, mark = true.get((passage_id, generation), (None, 0))
                self._count(audience, generation, [mark])
                if cosine is not None and (expected is None or abs(cosine - expected) < TOLERANCE):
                    right[generation] = right.get(generation, 0) + 1
                else:
                    wrong += 1
            self._whole[audience] = {generation for generation, count in right.items() if count == len(ids[generation])}
        total = sum(len(held) for held in survey.values())
        if wrong > BROKEN_SHARE * total:
            raise ChromaFailure(f"The index has lost or garbled {wrong} of {total} vectors.")

    def lag(self, catalogue: Catalogue) -> int:
        """How many documents of the catalogue are not wholly in Chroma."""
        return len(self._missing(catalogue))

    def live(self, catalogue: Catalogue) -> Live:
        """What may be searched now."""
        missing = self._missing(catalogue)
        return self._until(missing[0][0] - 1 if missing else catalogue.generation)

    def reconcile(self, catalogue: Catalogue) -> Iterator[Live]:
        """Write what is missing and delete what has gone; yields what may be searched after each batch.

        Every step may be repeated or abandoned: the next call goes on from what is there.
        """
        if catalogue is self._reconciled_with:
            return
        self._forget_partial(catalogue)
        missing = self._missing(catalogue)
        position = 0
        while position < len(missing):
            batch: list[tuple[int, str, int]] = []
            rows = 0
            while position < len(missing) and (not batch or rows + missing[position][2] <= BATCH_ROWS):
                batch.append(missing[position])
                rows += missing[position][2]
                position += 1
            yield from self._write(batch)
            yield self._until(missing[position][0] - 1 if position < len(missing) else catalogue.generation)
        self._apart.intersection_update(each for listed in catalogue.embedded.values() for each in listed)
        for audience in list(self._ids):
            gone = [
                each
                for each in self._ids[audience].keys() - catalogue.embedded.get(audience, {}).keys()
                if each <= catalogue.generation
            ]
            for generation in gone:
                for ids in _parts(self._ids[audience][generation]):
                    self.collections.delete(audience, ids)
                    yield self._until(catalogue.generation)
                del self._ids[audience][generation]
                self._copies.subtract((audience, mark) for mark in self._prints.pop(generation, ()))
                self._whole.get(audience, set()).discard(generation)
        self._reconciled_with = catalogue

    def _until(self, applied: int) -> Live:
        return Live(self.collections, applied, frozenset(self._apart))

    def _missing(self, catalogue: Catalogue) -> list[tuple[int, str, int]]:
        """Generation, audience and passages of each document that is not wholly in Chroma, oldest first."""
        return sorted(
            (generation, audience, catalogue.entries[listed[generation]].passages)
            for audience, listed in catalogue.embedded.items()
            for generation in listed.keys() - self._whole.get(audience, set())
        )

    def _forget_partial(self, catalogue: Catalogue) -> None:
        for audience, listed in catalogue.embedded.items():
            ids = self._ids.get(audience, {})
            whole = self._whole.get(audience, set())
            whole -= {
                each
                for each in (whole & listed.keys()) - self._apart
                if len(ids[each]) != catalogue.entries[listed[each]].passages
            }

    def _write(self, batch: list[tuple[int, str, int]]) -> Iterator[Live]:
        """Write these documents, in parts if there is more than a batch of rows; yields between the parts."""
        query = (
            select(DocumentRow.generation, PassageRow.id, PassageRow.vector)
            .join(DocumentRow, DocumentRow.id == PassageRow.document_id)
            .where(DocumentRow.generation.in_([generation for generation, _, _ in batch]))
            .order_by(DocumentRow.generation, PassageRow.ordinal)
        )
        audience_of = {generation: audience for generation, audience, _ in batch}
        self._apart.difference_update(audience_of)
        rows: dict[int, list[tuple[str, bytes]]] = {generation: [] for generation in audience_of}
        with self._engine.connect() as connection:
            for generation, passage_id, vector in connection.execute(query):
                rows[generation].append((vector_id(passage_id, generation), vector))
        together: dict[str, list[tuple[str, bytes]]] = {}
        for generation, audience in audience_of.items():
            if self._crowds(audience, generation, [hash(vector) for _, vector in rows[generation]]):
                self._apart.add(generation)
            else:
                together.setdefault(audience, []).extend(rows[generation])
                self._ids.setdefault(audience, {})[generation] = [stored for stored, _ in rows[generation]]
        for audience, pairs in together.items():
            for start in range(0, len(pairs), BATCH_ROWS):
                part = pairs[start : start + BATCH_ROWS]
                vectors = matrix(b"".join(vector for _, vector in part), len(part))
                self.collections.add(audience, [stored for stored, _ in part], vectors)
                if start + BATCH_ROWS < len(pairs):
                    yield self._until(batch[0][0] - 1)
        for generation, audience in audience_of.items():
            if rows[generation]:
                self._whole.setdefault(audience, set()).add(generation)

    def _crowds(self, audience: str, generation: int, marks: list[int]) -> bool:
        """Whether a document has passages of which Chroma would then hold too many of exactly the same words.

        Among dozens of equal vectors, each linked to the others only, search by a graph cannot find its way to what
        lies beyond.
        """
        self._copies.subtract((audience, mark) for mark in self._prints.pop(generation, ()))
        own = Counter(marks)
        if any(self._copies[audience, mark] + count > MOST_COPIES for mark, count in own.items()):
            return True
        self._count(audience, generation, marks)
        return False

    def _count(self, audience: str, generation: int, marks: list[int]) -> None:
        self._prints.setdefault(generation, []).extend(marks)
        self._copies.update((audience, mark) for mark in marks)

    def _cosines(self, probe: NDArray[np.float32]) -> dict[tuple[str, int], tuple[float, int]]:
        """For every passage in the database and its generation: its cosine to `probe` and its vector's hash."""
        query = (
            select(PassageRow.id, DocumentRow.generation, PassageRow.vector)
            .join(DocumentRow, DocumentRow.id == PassageRow.document_id)
            .execution_options(yield_per=5_000)
        )
        result: dict[tuple[str, int], tuple[float, int]] = {}
        with self._engine.connect() as connection:
            for part in connection.execute(query).partitions():
                width = 4 * len(probe)
                fitting = [row for row in part if len(row.vector) == width]
                cosines = matrix(b"".join(row.vector for row in fitting), len(fitting)) @ probe if fitting else ()
                result.update(
                    ((row.id, row.generation), (float(cosine), hash(row.vector)))
                    for row, cosine in zip(fitting, cosines, strict=True)
                )
        return result


def probe_vector(dimension: int) -> NDArray[np.float32]:
    """The fixed unit vector that the check measures every stored vector against."""
    vector = np.random.default_rng(7).standard_normal(dimension).astype(np.float32)
    return vector / np.float32(np.linalg.norm(vector))


def _parts(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), BATCH_ROWS):
        yield ids[start : start + BATCH_ROWS]
