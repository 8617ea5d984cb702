"""Exact search within a few documents, whose vectors are kept in memory after their first use."""

from __future__ import annotations

import heapq
from collections import OrderedDict
from collections.abc import Collection, Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, select

from knowledge.library.descriptions import Catalogue
from knowledge.library.exact import best, matrix, stored_vectors
from knowledge.library.tables import DocumentRow, PassageRow

Vectors = NDArray[np.float32]
KEPT_BYTES = 64 * 1024 * 1024


class DocumentVectors:
    """The vectors of single documents, at most 64 MB of them, the least lately used given up first."""

    def __init__(self, engine: Engine, encoder: str) -> None:
        self._engine = engine
        self._encoder = encoder
        self._lock = Lock()
        self._kept: OrderedDict[int, tuple[tuple[str, ...], Vectors]] = OrderedDict()
        self._bytes = 0

    def nearest(
        self, vector: Vectors, audiences: Collection[str], count: int, catalogue: Catalogue, documents: Collection[str]
    ) -> list[tuple[str, float]]:
        """The passages of these documents nearest to `vector`: id and cosine, best first; these audiences only."""
        wanted = {
            entry.generation: key
            for key in set(documents)
            if (entry := catalogue.entries.get(key))
            and entry.encoder == self._encoder
            and entry.document.audience.name in audiences
        }
        with self._lock:
            held = {each: self._kept[each] for each in wanted if each in self._kept}
            for each in held:
                self._kept.move_to_end(each)
        missing = [wanted[each] for each in wanted if each not in held]
        if missing:
            held.update(self._load(missing, audiences))
        if not held:
            return []
        ids = [each for passage_ids, _ in held.values() for each in passage_ids]
        scores = np.concatenate([rows for _, rows in held.values()]) @ vector
        found = [(ids[row], score) for row, score in best(scores, count)]
        return heapq.nsmallest(count, found, key=lambda each: (-each[1], each[0]))

    def _load(self, documents: Sequence[str], audiences: Collection[str]) -> dict[int, tuple[tuple[str, ...], Vectors]]:
        query = (
            select(DocumentRow.generation, PassageRow.id, PassageRow.vector)
            .join(DocumentRow, DocumentRow.id == PassageRow.document_id)
            .where(DocumentRow.audience.in_(sorted(audiences)), DocumentRow.encoder == self._encoder)
            .order_by(PassageRow.document_id, PassageRow.ordinal)
        )
        rows = stored_vectors(self._engine, query, DocumentRow.id, documents)
        loaded = {each: (tuple(ids), matrix(stored, len(ids))) for each, (ids, stored) in rows.items()}
        with self._lock:
            for generation, kept in loaded.items():
                if generation not in self._kept:
                    self._kept[generation] = kept
                    self._bytes += kept[1].nbytes
            while self._bytes > KEPT_BYTES:
                _, (_, given_up) = self._kept.popitem(last=False)
                self._bytes -= given_up.nbytes
        return loaded
