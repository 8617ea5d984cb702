"""Finds the passages that a question is about: dense and lexical, fused, within what the reader may read."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding.encoder import Encoder
from knowledge.index.bm25 import K1, LexicalIndex, Matches
from knowledge.index.postings import Floats, Mask
from knowledge.library.library import Library
from knowledge.passages import Document, Names, Passage, Reader
from knowledge.query import naming
from knowledge.query.metadata_filters import Scope, Shelf, scope
from knowledge.query.question import Concept, Question, read_question
from knowledge.text.terms import terms

POOL = 30
LEXICAL_WEIGHT = 1.5
WAY_WEIGHT = 0.4
WAY_COVERS = 0.8
_SHELVES = 32
_PASSAGES = 4096

Read = tuple[Passage, NDArray[np.int8] | None]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found: `score` orders hits; `cosine` and `lexical` (0 to about 1) are its two parts.

    `held` says for each concept of the question how well the passage with its title and headings covers it, 0 to 1.
    `sentences` holds an int8 row a sentence, or None where the present encoder has not read the passage.
    """

    passage: Passage
    document: Document
    score: float
    cosine: float
    lexical: float
    held: Floats
    sentences: NDArray[np.int8] | None


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found, best first.

    `vector` is the encoded query; `idf` says how rare each concept of the question is.
    """

    question: Question
    hits: tuple[Hit, ...]
    vector: Floats
    idf: Floats


class Search:
    """Search over one library, in step with it; safe to use from several threads."""

    def __init__(
        self, library: Library, encoder: Encoder, names: Names | Callable[[], Names], today: Callable[[], date]
    ) -> None:
        self._library = library
        self._encoder = encoder
        self._named: Callable[[], Names] = names if callable(names) else lambda: names
        self._today = today
        self._lexical = LexicalIndex(library)
        self._lock = threading.Lock()
        self._shelves: OrderedDict[int, tuple[tuple[Document, ...], Shelf]] = OrderedDict()
        self._read: OrderedDict[str, tuple[Document, Read]] = OrderedDict()

    @property
    def names(self) -> Names:
        """The trust's proper names as they are now, by which questions are read."""
        return self._named()

    @property
    def library(self) -> Library:
        """The library that is searched."""
        return self._library

    @property
    def today(self) -> Callable[[], date]:
        """What says the day, by which questions are read."""
        return self._today

    def search(self, question: str, reader: Reader, count: int = 10, context: Sequence[str] = ()) -> Results:
        """The best `count` passages for a question, of what this reader may read; `context`: the thread's questions."""
        return self.find(read_question(question, self.names, self._today(), context), reader, count)

    def find(self, question: Question, reader: Reader, count: int = 10) -> Results:
        """The best `count` passages for a question that was read before, of what this reader may read."""
        with self._library.steady():
            return self._search(question, self._vectors(question), reader, count)

    def search_each(
        self, question: str, reader: Reader, shelves: Sequence[Collection[str]], count: int = 10
    ) -> list[Results]:
        """The best passages for a question among the documents of each shelf (ids), as far as the reader may read
        them; nothing for a shelf of which the question can be about none, or he may read none."""
        with self._library.steady():
            asked = read_question(question, self.names, self._today())
            vectors = self._vectors(asked)
            return [self._search(asked, vectors, reader, count, shelve) for shelve in shelves]

    def _vectors(self, asked: Question) -> Floats:
        """The encoded query in the first row, the topic in the last; one row where they are the same."""
        return self._encoder.encode(list(dict.fromkeys((asked.query, asked.topic))))

    def _search(
        self, asked: Question, vectors: Floats, reader: Reader, count: int, among: Collection[str] | None = None
    ) -> Results:
        shelf = self._shelf(self._library.documents(reader))
        chosen = scope(asked, shelf, naming.own_school(reader, self.names))
        if among is not None:
            chosen = replace(chosen, candidates=chosen.candidates & np.isin(shelf.ids, list(among)), narrow=True)
        weights = _weights(asked.concepts)
        vector, topic = vectors[0], vectors[-1]
        matches = self._lexical.matches(weights, shelf.ids, chosen.candidates)
        idf = matches.idf[: len(asked.concepts)]
        cosines = self._cosines(topic, reader, chosen, shelf, matches)
        ids = list(cosines)
        numbers, bm25, held = matches.of(ids)
        own = np.array([concept.weight for concept in asked.concepts], np.float32)
        most = max(float(np.dot(idf, own)) * (K1 + 1), 1e-6)
        lexical = bm25 / most
        dense = np.fromiter(cosines.values(), np.float32, len(ids))
        scores = dense + LEXICAL_WEIGHT * lexical + chosen.boosts[numbers]
        order = sorted(range(len(ids)), key=lambda row: (-float(scores[row]), ids[row]))[:count]
        chosen_ids = [ids[row] for row in order]
        owners = [shelf.documents[numbers[row]] for row in order]
        passages = self._passages(reader, chosen_ids, owners)
        covered = _covered(asked.concepts, list(weights), held)
        _cover_schools(covered, asked, owners)
        hits = tuple(
            Hit(
                passages[ids[row]][0],
                owner,
                float(scores[row]),
                float(dense[row]),
                float(lexical[row]),
                covered[row],
                passages[ids[row]][1],
            )
            for row, owner in zip(order, owners, strict=True)
            if ids[row] in passages
        )
        return Results(asked, hits, vector, idf)

    def _passages(self, reader: Reader, ids: Sequence[str], owners: Sequence[Document]) -> dict[str, Read]:
        """Passages of documents that this reader may read, from memory where the document is still the same."""
        with self._lock:
            kept = {each: self._read.get(each) for each in ids}
        found = {
            each: held[1] for (each, held), own in zip(kept.items(), owners, strict=True) if held and held[0] is own
        }
        fresh = self._library.with_sentences(reader, [each for each in ids if each not in found])
        with self._lock:
            for each, own in zip(ids, owners, strict=True):
                if each in fresh:
                    self._read[each] = (own, fresh[each])
                if each in self._read:
                    self._read.move_to_end(each)
            while len(self._read) > _PASSAGES:
                self._read.popitem(last=False)
        return found | fresh

    def _shelf(self, documents: tuple[Document, ...]) -> Shelf:
        # The library hands out the same tuple while nothing has changed.
        with self._lock:
            if kept := self._shelves.get(id(documents)):
                self._shelves.move_to_end(id(documents))
                return kept[1]
        shelf = Shelf.of(documents)
        with self._lock:
            self._shelves[id(documents)] = (documents, shelf)
            while len(self._shelves) > _SHELVES:
                self._shelves.popitem(last=False)
        return shelf

    def _cosines(
        self, vector: Floats, reader: Reader, chosen: Scope, shelf: Shelf, matches: Matches
    ) -> dict[str, float]:
        """The cosine of every passage that either search puts forward; only passages of candidates."""
        if chosen.narrow:
            named = {shelf.ids[number] for number in np.flatnonzero(chosen.candidates)}
            near = self._library.nearest(vector, reader, POOL, named)
        else:
            near = self._library.nearest(vector, reader, POOL * 2)
        found = dict(near)
        missing = [each for each in matches.best(POOL) if each not in found]
        # Without vectors of the present encoder a passage is found by its words alone.
        own = self._library.cosines(vector, reader, missing)
        found.update((each, own.get(each, 0.0)) for each in missing)
        numbers, _, _ = matches.of(list(found))
        wanted_documents = np.append(chosen.candidates, False)
        return {
            each: cosine
            for (each, cosine), number in zip(found.items(), numbers, strict=True)
            if wanted_documents[number]
        }


def _weights(concepts: Sequence[Concept]) -> Mapping[int, float]:
    """Each term to be looked up with its weight: the concepts' own first and in order, then other ways to say them."""
    weights = {each.term: each.weight for each in concepts}
    for concept in concepts:
        for way in concept.ways:
            for term in way:
                weights.setdefault(term, concept.weight * WAY_WEIGHT / len(way))
    return weights


def _cover_schools(covered: Floats, asked: Question, owners: Sequence[Document]) -> None:
    """A school's own document is about it without naming it: the words that name the school are covered there."""
    for row, owner in enumerate(owners):
        if said := asked.schools.get(owner.school or ""):
            named = set(terms(said))
            columns = [column for column, each in enumerate(asked.concepts) if each.term in named]
            covered[row, columns] = 1.0


def _covered(concepts: Sequence[Concept], terms: Sequence[int], held: Mask) -> Floats:
    """How well each passage covers each concept: (n, concepts), 1 for the word itself, less for another way."""
    column = {term: place for place, term in enumerate(terms)}
    covered = np.zeros((len(held), len(concepts)), np.float32)
    for place, concept in enumerate(concepts):
        for way in concept.ways:
            whole = held[:, [column[term] for term in way]].all(axis=1)
            covered[:, place] = np.maximum(covered[:, place], WAY_COVERS * whole)
        covered[held[:, column[concept.term]], place] = 1.0
    return covered
