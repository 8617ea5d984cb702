"""Exact search over the vectors in the database, an audience at a time: no index to open, nothing to go stale."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, select

from knowledge.catalogue import Catalogue
from knowledge.tables import DocumentRow, PassageRow

Vectors = NDArray[np.float32]
IN_ONE_SELECT = 500


@dataclass(frozen=True, slots=True)
class Shelf:
    """The vectors of one audience: row i is passage ids[i]; `spans` gives each document generation its rows."""

    ids: tuple[str, ...] = ()
    rows: Vectors = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    spans: Mapping[int, tuple[int, int]] = field(default_factory=dict)


class ExactIndex:
    """Cosine search by one matrix product an audience; each audience is loaded when it is first asked for."""

    kind = "exact"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._shelves: dict[str, Shelf] = {}

    def nearest(
        self, vector: Vectors, audiences: Collection[str], count: int, catalogue: Catalogue, above: int = 0
    ) -> list[tuple[str, float]]:
        """The passages nearest to `vector` in these audiences: id and cosine, best first.

        Only documents of the catalogue that were put after generation `above` are searched.
        """
        found: list[tuple[str, float]] = []
        for name in audiences:
            wanted = {each for each in catalogue.embedded.get(name, ()) if each > above}
            shelf = self._level(name, wanted)
            if shelf.ids:
                found.extend(best(shelf.ids, shelf.rows @ vector, count))
        return heapq.nsmallest(count, found, key=lambda each: (-each[1], each[0]))

    def clear(self) -> None:
        """Forget all vectors that are held in memory."""
        with self._lock:
            self._shelves = {}

    def _level(self, name: str, wanted: set[int]) -> Shelf:
        """The shelf of an audience with exactly the wanted documents, as far as they still exist."""
        with self._lock:
            shelf = self._shelves.get(name, Shelf())
            if shelf.spans.keys() != wanted:
                shelf = self._shelves[name] = self._next(shelf, name, wanted)
            return shelf

    def _next(self, shelf: Shelf, name: str, wanted: set[int]) -> Shelf:
        ids: list[str] = []
        blocks: list[Vectors] = []
        spans: dict[int, tuple[int, int]] = {}
        for generation, (start, stop) in shelf.spans.items():
            if generation in wanted:
                spans[generation] = (len(ids), len(ids) + stop - start)
                ids.extend(shelf.ids[start:stop])
                blocks.append(shelf.rows[start:stop])
        fresh = self._load(name, sorted(wanted - shelf.spans.keys()))
        for generation, (passage_ids, rows) in fresh.items():
            spans[generation] = (len(ids), len(ids) + len(passage_ids))
            ids.extend(passage_ids)
            blocks.append(rows)
        return Shelf(tuple(ids), np.concatenate(blocks) if blocks else Shelf().rows, spans)

    def _load(self, name: str, generations: Sequence[int]) -> dict[int, tuple[list[str], Vectors]]:
        loaded: dict[int, tuple[list[str], bytearray]] = {each: ([], bytearray()) for each in generations}
        query = (
            select(DocumentRow.generation, PassageRow.id, PassageRow.vector)
            .join(DocumentRow, DocumentRow.id == PassageRow.document_id)
            .where(DocumentRow.audience == name)
            .order_by(DocumentRow.generation, PassageRow.ordinal)
        )
        with self._engine.connect() as connection:
            for start in range(0, len(generations), IN_ONE_SELECT):
                part = generations[start : start + IN_ONE_SELECT]
                for generation, passage_id, vector in connection.execute(query.where(DocumentRow.generation.in_(part))):
                    ids, rows = loaded[generation]
                    ids.append(passage_id)
                    rows.extend(vector)
        return {each: (ids, matrix(rows, len(ids))) for each, (ids, rows) in loaded.items() if ids}


def matrix(stored: bytes | bytearray, count: int) -> Vectors:
    """`count` stored vectors as the rows of a float32 matrix."""
    return np.frombuffer(stored, "<f4").reshape(count, -1)


def best(ids: Sequence[str], scores: NDArray[np.float32], count: int) -> list[tuple[str, float]]:
    """The `count` best of these scores, best first."""
    top = np.argpartition(-scores, count - 1)[:count] if count < len(scores) else np.arange(len(scores))
    return [(ids[index], float(scores[index])) for index in top[np.argsort(-scores[top], kind="stable")]]
