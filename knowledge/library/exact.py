"""Exact search over the vectors in the database, an audience at a time: no index to open, nothing to go stale."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, Select, select
from sqlalchemy.orm import InstrumentedAttribute

from knowledge.library.descriptions import Catalogue
from knowledge.library.tables import DocumentRow, PassageRow

Vectors = NDArray[np.float32]
IN_ONE_SELECT = 500


@dataclass(frozen=True, slots=True)
class Shelf:
    """The vectors of one audience's documents put after generation `floor`: row i is passage ids[i].

    `generations` are in order; document k's rows begin at starts[k]. `dead` are rows of documents that have gone.
    `of` is the catalogue's listing that this shelf is level with.
    """

    ids: list[str] = field(default_factory=list)
    buffer: Vectors = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    used: int = 0
    generations: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    dead: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    floor: int = 0
    of: Mapping[int, str] = field(default_factory=dict)

    def nearest(self, vector: Vectors, count: int, above: int) -> list[tuple[str, float]]:
        """The best rows of documents put after generation `above`: id and cosine."""
        first = bisect_right(self.generations, above)
        start = self.starts[first] if first < len(self.starts) else self.used
        if start == self.used:
            return []
        scores = self.buffer[start : self.used] @ vector
        scores[self.dead[self.dead >= start] - start] = -np.inf
        return [(self.ids[start + row], score) for row, score in best(scores, count)]


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
            if listed := catalogue.embedded.get(name):
                found.extend(self._level(name, listed, above).nearest(vector, count, above))
        return heapq.nsmallest(count, found, key=lambda each: (-each[1], each[0]))

    def lag(self, catalogue: Catalogue) -> int:
        """How many documents this index does not hold: none ever."""
        return 0

    def clear(self) -> None:
        """Forget all vectors that are held in memory."""
        with self._lock:
            self._shelves = {}

    def _level(self, name: str, listed: Mapping[int, str], above: int) -> Shelf:
        with self._lock:
            shelf = self._shelves.get(name, Shelf(floor=above))
            if shelf.floor > above or _mostly_below(shelf, above):
                shelf = Shelf(floor=above)
            elif shelf.of is listed:
                return shelf
            shelf = self._shelves[name] = self._next(shelf, name, listed)
            return shelf

    def _next(self, shelf: Shelf, name: str, listed: Mapping[int, str]) -> Shelf:
        """The shelf with the documents listed now: new ones at the end, since generations only grow."""
        wanted = {each for each in listed if each > shelf.floor}
        fresh = wanted.difference(shelf.generations)
        newest = shelf.generations[-1] if shelf.generations else 0
        if any(each < newest for each in fresh) or 2 * len(shelf.dead) > shelf.used > 0:
            shelf, fresh = Shelf(floor=shelf.floor), wanted
        ids, generations, starts = list(shelf.ids), list(shelf.generations), list(shelf.starts)
        buffer, used = shelf.buffer, shelf.used
        for generation, passage_ids, rows in self._load(name, sorted(fresh)):
            if used + len(rows) > len(buffer):
                grown = np.empty((max(used + len(rows), 2 * len(buffer), 1024), rows.shape[1]), np.float32)
                if used:
                    grown[:used] = buffer[:used]
                buffer = grown
            buffer[used : used + len(rows)] = rows
            generations.append(generation)
            starts.append(used)
            ids.extend(passage_ids)
            used += len(rows)
        ends = [*starts[1:], used]
        dead = [np.arange(starts[k], ends[k]) for k, each in enumerate(generations) if each not in wanted]
        gone = np.concatenate(dead) if dead else np.zeros(0, np.int64)
        return Shelf(ids, buffer, used, generations, starts, gone, shelf.floor, listed)

    def _load(self, name: str, generations: Sequence[int]) -> list[tuple[int, list[str], Vectors]]:
        query = (
            select(DocumentRow.generation, PassageRow.id, PassageRow.vector)
            .join(DocumentRow, DocumentRow.id == PassageRow.document_id)
            .where(DocumentRow.audience == name)
            .order_by(DocumentRow.generation, PassageRow.ordinal)
        )
        loaded = stored_vectors(self._engine, query, DocumentRow.generation, generations)
        return [(each, ids, matrix(rows, len(ids))) for each, (ids, rows) in loaded.items()]


def stored_vectors(
    engine: Engine, query: Select[int, str, bytes], key: InstrumentedAttribute[Any], keys: Sequence[Any]
) -> dict[int, tuple[list[str], bytearray]]:
    """The ids and the vectors, one after the other, by generation, of those rows of the query whose `key` is one of
    `keys`."""
    loaded: dict[int, tuple[list[str], bytearray]] = {}
    with engine.connect() as connection:
        for start in range(0, len(keys), IN_ONE_SELECT):
            part = query.where(key.in_(keys[start : start + IN_ONE_SELECT]))
            for generation, passage_id, vector in connection.execute(part):
                ids, rows = loaded.setdefault(generation, ([], bytearray()))
                ids.append(passage_id)
                rows.extend(vector)
    return loaded


def matrix(stored: bytes | bytearray, count: int) -> Vectors:
    """`count` stored vectors as the rows of a float32 matrix."""
    return np.frombuffer(stored, "<f4").reshape(count, -1)


def best(scores: NDArray[np.float32], count: int) -> list[tuple[int, float]]:
    """The rows of the `count` best of these scores that are not minus infinity, best first, and the scores."""
    top = np.argpartition(-scores, count - 1)[:count] if count < len(scores) else np.arange(len(scores))
    top = top[np.argsort(-scores[top], kind="stable")]
    return [(int(row), float(scores[row])) for row in top if scores[row] > -np.inf]


def _mostly_below(shelf: Shelf, above: int) -> bool:
    if above <= shelf.floor or not shelf.used:
        return False
    first = bisect_right(shelf.generations, above)
    return first == len(shelf.starts) or 2 * shelf.starts[first] > shelf.used
