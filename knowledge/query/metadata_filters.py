"""Which documents a question can be about: left out where it is certain, put forward where it is likely."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from knowledge.library.versions import STANDING_ALONE
from knowledge.passages import Document, Kind, Status
from knowledge.query.question import Question, Version
from knowledge.text.terms import terms

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

TITLE = 0.15
SCHOOL = 0.05
OTHER_SCHOOL = 0.25
HOME = 0.15
BODY = 0.2
PERIOD = 0.25
KIND = 0.05
VERSION = 0.2
_NO_DAY = -1


@dataclass(frozen=True, slots=True)
class Shelf:
    """The documents that a reader may read, with what is asked of all of them at once as arrays in their order."""

    documents: tuple[Document, ...]
    ids: tuple[str, ...]
    in_force: Mask
    standing_alone: Mask
    draft: Mask
    days: NDArray[np.int32]
    months: NDArray[np.int8]
    schools: NDArray[np.str_]
    bodies: NDArray[np.str_]
    kinds: NDArray[np.str_]
    families: NDArray[np.int32]
    titles: dict[int, tuple[NDArray[np.int32], Floats]]

    @classmethod
    def of(cls, documents: tuple[Document, ...]) -> Shelf:
        """Lay out these documents."""
        numbers: dict[str, int] = {}
        return cls(
            documents,
            tuple(each.id for each in documents),
            np.array([each.in_force for each in documents], np.bool_),
            np.array([each.kind in STANDING_ALONE for each in documents], np.bool_),
            np.array([each.status is Status.DRAFT for each in documents], np.bool_),
            np.array([each.date.toordinal() if each.date else _NO_DAY for each in documents], np.int32),
            np.array([each.date.month if each.date else 0 for each in documents], np.int8),
            np.array([each.school or "" for each in documents], np.str_),
            np.array([each.body or "" for each in documents], np.str_),
            np.array([each.kind.value for each in documents], np.str_),
            np.array([numbers.setdefault(each.family, len(numbers)) for each in documents], np.int32),
            _titles(documents),
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """A mask over a shelf's documents, and what is added to the score of each one's passages.

    `narrow` says that few of the documents are left, so that they are best searched one by one.
    """

    candidates: Mask
    boosts: Floats
    narrow: bool


def scope(question: Question, shelf: Shelf, home: str | None = None) -> Scope:
    """The candidates for a question; what it says of schools, dates and versions never leaves it with none.

    `home` is the school of those who ask, if they have one."""
    boosts = np.zeros(len(shelf.documents), np.float32)
    candidates = _versions(question, shelf, boosts)
    _schools(question, shelf, boosts, home)
    candidates = _meetings(question, shelf, candidates, boosts)
    boosts += TITLE * _title_shares(question, shelf)
    if question.kind is not None:
        boosts += KIND * (shelf.kinds == question.kind.value)
    return Scope(candidates, boosts, narrow=bool(candidates.sum() <= 12 < len(candidates)))


def _versions(question: Question, shelf: Shelf, boosts: Floats) -> Mask:
    if question.version is Version.ALL:
        return np.ones(len(shelf.documents), np.bool_)
    if question.version is Version.DRAFT:
        boosts += VERSION * shelf.draft
        return shelf.in_force | shelf.draft
    if question.version is Version.EARLIER:
        earlier = ~shelf.in_force & ~shelf.draft
        replaced = np.isin(shelf.families, shelf.families[earlier])
        boosts += VERSION * earlier
        return earlier | (shelf.in_force & ~replaced)
    candidates = shelf.in_force.copy()
    if question.end is not None:
        then = _in_force_then(shelf, question.end)
        replaced = np.isin(shelf.families, shelf.families[then])
        candidates[replaced & ~shelf.standing_alone] = False
        candidates |= then
    return candidates


def _in_force_then(shelf: Shelf, end: date) -> Mask:
    """Versions that stood on a day on which the present one of their family did not yet."""
    then = np.zeros(len(shelf.documents), np.bool_)
    versioned = ~shelf.standing_alone & ~shelf.draft & (shelf.days != _NO_DAY)
    for family in np.unique(shelf.families[versioned & shelf.in_force & (shelf.days > end.toordinal())]):
        members = np.flatnonzero(versioned & (shelf.families == family) & (shelf.days <= end.toordinal()))
        if len(members):
            then[members[np.argmax(shelf.days[members])]] = True
    return then


def _schools(question: Question, shelf: Shelf, boosts: Floats, home: str | None) -> None:
    """Put the named schools' documents before the trust's, and those before other schools'.

    Other schools' are not left out: a document may speak of several, and be filed under one. Where none is named,
    another school's come after those of the school of whoever asks.
    """
    if question.schools:
        own = np.isin(shelf.schools, sorted(question.schools))
        boosts += SCHOOL * own - OTHER_SCHOOL * (~own & (shelf.schools != ""))
    elif home:
        boosts -= HOME * ((shelf.schools != home) & (shelf.schools != ""))


def _meetings(question: Question, shelf: Shelf, candidates: Mask, boosts: Floats) -> Mask:
    """Meetings of the bodies and days that a question names."""
    about_meetings = question.kind in (Kind.MINUTES, Kind.AGENDA)
    if question.bodies:
        own = np.isin(shelf.bodies, sorted(question.bodies))
        boosts += BODY * own
        if about_meetings and (candidates & own).any():
            candidates = candidates & (own | ~shelf.standing_alone)
    if question.start is not None and question.end is not None:
        on_day = (shelf.days >= question.start.toordinal()) & (shelf.days <= question.end.toordinal())
        dated = shelf.standing_alone & (shelf.days != _NO_DAY)
        boosts += PERIOD * (on_day & dated) - PERIOD / 2 * (dated & ~on_day) + PERIOD / 3 * (on_day & ~dated)
        if about_meetings and (candidates & on_day & dated).any():
            candidates = candidates & (on_day | ~dated)
    elif question.month is not None:
        boosts += PERIOD / 2 * (shelf.standing_alone & (shelf.months == question.month))
    return candidates


_SPLIT = re.compile(r"[^A-Za-z0-9]+")


def _titles(documents: Sequence[Document]) -> dict[int, tuple[NDArray[np.int32], Floats]]:
    """For each term of titles and file names: the documents that bear it, and its share of each one's title."""
    worded = [_title_terms(each) for each in documents]
    counts: dict[int, int] = {}
    for bag in worded:
        for term in bag:
            counts[term] = counts.get(term, 0) + 1
    rarity = {term: float(np.log1p(len(documents) / count)) for term, count in counts.items()}
    found: dict[int, tuple[list[int], list[float]]] = {}
    for number, bag in enumerate(worded):
        whole = sum(rarity[term] for term, counted in bag.items() if counted) or 1.0
        for term in bag:
            numbers, shares = found.setdefault(term, ([], []))
            numbers.append(number)
            shares.append(rarity[term] / whole)
    return {
        term: (np.array(numbers, np.int32), np.array(shares, np.float32)) for term, (numbers, shares) in found.items()
    }


def _title_terms(document: Document) -> dict[int, bool]:
    """A title's terms (True), and those by which one may also call it: its initials and its file name's words."""
    bag = dict.fromkeys(terms(document.title), True)
    for term in terms(document.body or ""):
        bag.setdefault(term, False)
    spoken = [word for word in _SPLIT.split(document.title) if word]
    initials = "".join(word[0] for word in spoken if word[0].isupper()).lower()
    short = {initials[:size] for size in (2, 3, 4) if size <= len(initials)}
    stem = document.file_name.rsplit(".", 1)[0]
    for word in [*short, *_SPLIT.split(stem)]:
        for term in terms(word):
            bag.setdefault(term, False)
    return bag


def _title_shares(question: Question, shelf: Shelf) -> Floats:
    """How much of each document's title the question speaks, 0 to 1."""
    shares = np.zeros(len(shelf.documents), np.float32)
    for concept in question.concepts:
        for term, weight in ((concept.term, 1.0), *((way[0], 0.7) for way in concept.ways if len(way) == 1)):
            if term in shelf.titles:
                numbers, own = shelf.titles[term]
                shares[numbers] += weight * own
    return np.minimum(shares, 1.0)
