"""The lexical index: follows the library document by document and scores by BM25 over what the reader may read."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from knowledge.index.postings import Floats, Mask, Segment
from knowledge.library.library import Library

K1 = 1.2
B = 0.6
COMMON = 4000
_VIEWS = 32


@dataclass(frozen=True, slots=True)
class View:
    """How some documents lie in the segments: per segment the number (in their order) of each passage's document.

    The number is that of documents where a passage is of none of them. `norms` is what BM25 adds to a count.
    `frequencies` remembers how many readable passages hold a term.
    """

    size: int
    numbers: tuple[NDArray[np.int32], ...]
    readable: tuple[Mask, ...]
    norms: tuple[Floats, ...]
    count: int
    frequencies: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Matches:
    """How the candidates match a question's terms; `idf` (a value a term) counts only what the reader may read."""

    idf: Floats
    _segments: tuple[Segment, ...]
    _numbers: tuple[NDArray[np.int32], ...]
    _scores: tuple[Floats, ...]
    _postings: tuple[tuple[NDArray[np.int32], ...], ...]

    def best(self, count: int) -> list[str]:
        """The ids of the passages with the best scores above nought, best first."""
        found: list[tuple[float, str]] = []
        for segment, scores in zip(self._segments, self._scores, strict=True):
            top = np.argpartition(-scores, count)[:count] if count < len(scores) else np.arange(len(scores))
            found.extend((-float(scores[place]), segment.passages[place]) for place in top if scores[place] > 0)
        return [passage_id for _, passage_id in sorted(found)[:count]]

    def of(self, passage_ids: Sequence[str]) -> tuple[NDArray[np.int32], Floats, Mask]:
        """For each passage: its document's number or -1, its score, and which of the terms it holds (n, terms)."""
        numbers = np.full(len(passage_ids), -1, np.int32)
        scores = np.zeros(len(passage_ids), np.float32)
        held = np.zeros((len(passage_ids), len(self.idf)), np.bool_)
        for number, segment in enumerate(self._segments):
            known = [(row, segment.place_of[each]) for row, each in enumerate(passage_ids) if each in segment.place_of]
            if not known:
                continue
            rows, places = (np.array(column, np.int64) for column in zip(*known, strict=True))
            numbers[rows] = self._numbers[number][places]
            scores[rows] = self._scores[number][places]
            for term, holders in enumerate(self._postings[number]):
                if len(holders):
                    at = np.minimum(np.searchsorted(holders, places), len(holders) - 1)
                    held[rows, term] = holders[at] == places
        return numbers, scores, held


@dataclass(frozen=True, slots=True)
class _State:
    generation: int = -1
    epoch: int = 0
    segments: tuple[Segment, ...] = ()
    alive: tuple[Mask, ...] = ()
    known: Mapping[str, int] = field(default_factory=dict)


class LexicalIndex:
    """All passages' terms in memory; safe to use from several threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._state = _State()
        self._views: OrderedDict[tuple[int, int], tuple[object, View]] = OrderedDict()

    def matches(self, terms: Mapping[int, float], documents: tuple[str, ...], candidates: Mask) -> Matches:
        """Score passages for these terms and their weights.

        `documents` are the ids of all that the reader may read; `candidates` is a mask over them. How rare a term is,
        and how long a passage usually is, are counted over `documents` alone. Pass the very same tuple again while it
        has not changed: what follows from it is kept.
        """
        state = self._reconciled()
        view = self._view(state, documents)
        postings = [[segment.postings(term) for term in terms] for segment in state.segments]
        frequencies = np.array([self._frequency(view, postings, n, term) for n, term in enumerate(terms)], np.float32)
        idf = np.log1p((view.count - frequencies + 0.5) / (frequencies + 0.5)).astype(np.float32)
        weights = idf * np.fromiter(terms.values(), np.float32, len(terms)) * (K1 + 1)
        # Words of thousands of passages only tell apart what rarer words have found; alone they must find it.
        common = frequencies > COMMON
        if not (frequencies[~common] > 0).any():
            common[:] = False
        wanted = np.append(candidates, False)
        scores = []
        for numbers, norms, of_segment in zip(view.numbers, view.norms, postings, strict=True):
            of_passages = np.zeros(len(numbers), np.float32)
            for n in np.flatnonzero(~common):
                places, counts = of_segment[n]
                of_passages[places] += weights[n] * counts / (counts + norms[places])
            of_passages[~wanted[numbers]] = 0
            found = np.flatnonzero(of_passages).astype(np.int32)
            for n in np.flatnonzero(common):
                places, counts = of_segment[n]
                at = np.minimum(np.searchsorted(places, found), max(len(places) - 1, 0))
                both = places[at] == found if len(places) else np.zeros(len(found), np.bool_)
                held = counts[at[both]]
                of_passages[found[both]] += weights[n] * held / (held + norms[found[both]])
            scores.append(of_passages)
        places_only = tuple(tuple(places for places, _ in of_segment) for of_segment in postings)
        return Matches(idf, state.segments, view.numbers, tuple(scores), places_only)

    def _frequency(
        self, view: View, postings: Sequence[Sequence[tuple[NDArray[np.int32], NDArray[np.uint8]]]], n: int, term: int
    ) -> int:
        """How many readable passages hold a term; told from memory once it was counted."""
        if term not in view.frequencies:
            counted = (readable[each[n][0]] for readable, each in zip(view.readable, postings, strict=True))
            view.frequencies[term] = sum(int(np.count_nonzero(each)) for each in counted)
        return view.frequencies[term]

    def _reconciled(self) -> _State:
        """The state at the library's present generation."""
        with self._lock:
            if self._library.generation() != self._state.generation:
                changes = self._library.changes(self._state.known)
                put = {each.document.id: [(passage, terms) for passage, _, terms in each.terms] for each in changes.put}
                known = {key: each for key, each in self._state.known.items() if key not in changes.gone}
                known.update((each.document.id, each.generation) for each in changes.put)
                epoch, segments, alive = self._state.epoch, self._state.segments, self._state.alive
                if put or changes.gone:
                    self._views.clear()
                    epoch, (segments, alive) = epoch + 1, _with(self._state, put, changes.gone)
                self._state = _State(changes.generation, epoch, segments, alive, known)
            return self._state

    def _view(self, state: _State, documents: tuple[str, ...]) -> View:
        key = (id(documents), state.epoch)
        with self._lock:
            if kept := self._views.get(key):
                self._views.move_to_end(key)
                return kept[1]
        view = _viewed(state, documents)
        with self._lock:
            # The tuple is kept with its view, so that no other can come to have its id.
            self._views[key] = (documents, view)
            while len(self._views) > _VIEWS:
                self._views.popitem(last=False)
        return view


def _with(
    state: _State, put: Mapping[str, Sequence[tuple[str, bytes]]], gone: Collection[str]
) -> tuple[tuple[Segment, ...], tuple[Mask, ...]]:
    """The segments after a change: sizes at least double from the last to the first, so that few are ever merged."""
    segments = list(state.segments)
    alive = [
        living & np.array([document not in put and document not in gone for document in segment.documents], np.bool_)
        for segment, living in zip(segments, state.alive, strict=True)
    ]
    if put:
        segments.append(Segment.of(put))
        alive.append(np.ones(len(put), np.bool_))
    while len(segments) > 1 and len(segments[-2].passages) < 2 * len(segments[-1].passages):
        merged = Segment.merged(segments[-2:], alive[-2:])
        segments[-2:] = [merged]
        alive[-2:] = [np.ones(len(merged.documents), np.bool_)]
    return tuple(segments), tuple(alive)


def _viewed(state: _State, documents: tuple[str, ...]) -> View:
    number_of = {each: number for number, each in enumerate(documents)}
    nowhere = len(documents)
    numbers = []
    for segment, living in zip(state.segments, state.alive, strict=True):
        of_documents = np.array([number_of.get(document, nowhere) for document in segment.documents], np.int32)
        of_documents[~living] = nowhere
        numbers.append(of_documents[segment.owner])
    readable = tuple(each < nowhere for each in numbers)
    count = sum(int(np.count_nonzero(mask)) for mask in readable)
    total = sum(float(segment.lengths[mask].sum()) for segment, mask in zip(state.segments, readable, strict=True))
    mean = max(total / max(count, 1), 1.0)
    norms = tuple((K1 * (1 - B + B * segment.lengths / mean)).astype(np.float32) for segment in state.segments)
    return View(nowhere, tuple(numbers), readable, norms, count)
