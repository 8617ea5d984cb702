"""Postings of many documents in arrays, searched by BM25 over only the documents that count for a question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from knowledge.text.terms import unpack_terms

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Segment:
    """Some documents' postings: `places[starts[t]:starts[t + 1]]` are, in order, the passages that hold `hashes[t]`.

    `owner` gives each passage its document in `documents`; `lengths` its number of terms.
    """

    documents: tuple[str, ...]
    passages: tuple[str, ...]
    owner: NDArray[np.int32]
    lengths: Floats
    hashes: NDArray[np.uint32]
    starts: NDArray[np.int64]
    places: NDArray[np.int32]
    counts: NDArray[np.uint8]
    place_of: Mapping[str, int] = field(repr=False)

    @classmethod
    def of(cls, documents: Mapping[str, Sequence[tuple[str, bytes]]]) -> Segment:
        """From each document's passages with their packed terms."""
        passages = [each for of_one in documents.values() for each in of_one]
        unpacked = [unpack_terms(blob) for _, blob in passages]
        sizes = [len(hashes) for hashes, _ in unpacked]
        return cls._sorted(
            tuple(documents),
            tuple(passage_id for passage_id, _ in passages),
            np.repeat(np.arange(len(documents), dtype=np.int32), [len(each) for each in documents.values()]),
            np.concatenate([hashes for hashes, _ in unpacked] or [np.zeros(0, np.uint32)]),
            np.repeat(np.arange(len(passages), dtype=np.int32), sizes),
            np.concatenate([counts for _, counts in unpacked] or [np.zeros(0, np.uint8)]),
        )

    @classmethod
    def _sorted(
        cls,
        documents: tuple[str, ...],
        passages: tuple[str, ...],
        owner: NDArray[np.int32],
        hashes: NDArray[np.uint32],
        places: NDArray[np.int32],
        counts: NDArray[np.uint8],
    ) -> Segment:
        order = np.lexsort((places, hashes))
        unique, first = np.unique(hashes[order], return_index=True)
        lengths = np.bincount(places, weights=counts, minlength=len(passages)).astype(np.float32)
        return cls(
            documents,
            passages,
            owner,
            lengths,
            unique,
            np.append(first, len(order)),
            places[order],
            counts[order],
            {passage_id: place for place, passage_id in enumerate(passages)},
        )

    @classmethod
    def merged(cls, segments: Sequence[Segment], alive: Iterable[Mask]) -> Segment:
        """One segment of those documents of several that are still alive (a mask over each one's documents)."""
        documents: list[str] = []
        passages: list[str] = []
        parts: list[tuple[NDArray[np.int32], NDArray[np.uint32], NDArray[np.int32], NDArray[np.uint8]]] = []
        for segment, living in zip(segments, alive, strict=True):
            kept = living[segment.owner]
            new_document = np.cumsum(living, dtype=np.int32) - 1 + len(documents)
            new_place = np.cumsum(kept, dtype=np.int32) - 1 + len(passages)
            of_living = kept[segment.places]
            hashes = np.repeat(segment.hashes, np.diff(segment.starts))
            parts.append(
                (
                    new_document[segment.owner[kept]].astype(np.int32),
                    hashes[of_living],
                    new_place[segment.places[of_living]].astype(np.int32),
                    segment.counts[of_living],
                )
            )
            documents.extend(each for each, lives in zip(segment.documents, living, strict=True) if lives)
            passages.extend(each for each, lives in zip(segment.passages, kept, strict=True) if lives)
        owner, hashes, places, counts = (np.concatenate(column) for column in zip(*parts, strict=True))
        return cls._sorted(tuple(documents), tuple(passages), owner, hashes, places, counts)

    def postings(self, term: int) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
        """The passages that hold a term, in order, and how often each does."""
        index = int(np.searchsorted(self.hashes, np.uint32(term)))
        if index == len(self.hashes) or self.hashes[index] != term:
            return self.places[:0], self.counts[:0]
        span = slice(int(self.starts[index]), int(self.starts[index + 1]))
        return self.places[span], self.counts[span]
