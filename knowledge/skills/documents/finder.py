"""Finds the documents that a person names: by title, kind, school, committee, day and version."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from knowledge.answer.retrieve import Search
from knowledge.library.versions import STANDING_ALONE
from knowledge.passages import Document, Kind, Names, Status
from knowledge.query import naming
from knowledge.query.question import Version, read_question
from knowledge.query.thesaurus import alternatives
from knowledge.skills.turn import Turn
from knowledge.text.dates import find as find_dates
from knowledge.text.terms import terms, words

NOUN = re.compile(
    r"\b(?:polic(?:y|ies)|minutes|procedures?|plans?|handbooks?|reports?|strateg(?:y|ies)|notices?|guidance|scheme|"
    r"regulations|agendas?|documents?|registers?|calendars?|statements?|notes|principles|guidelines|term dates)\b",
    re.IGNORECASE,
)
"""What people call a document."""

IT = re.compile(
    r"(?:it|this|that|(?:this|that|the|the same) (?:one|document|policy|paper|report|plan|procedure|handbook|minutes|"
    r"file)|those minutes|these minutes|the above|your answer)",
    re.IGNORECASE,
)
"""The document of the answer before."""

_LATEST = re.compile(r"\b(?:last|latest|most recent|newest|recent)\b", re.IGNORECASE)
_FILLER = re.compile(
    r"\b(?:last|latest|most recent|newest|recent|current|present|old|older|previous|former|earlier|superseded|new|"
    r"draft|version|versions|edition|document|paper|meetings?|minutes|polic(?:y|ies)|procedures?|our|trust|school|academy|"
    r"primary|whole|full|entire|from|dated|approved|and|held)\b",
    re.IGNORECASE,
)
_MONTH = re.compile(
    r"\b(january|february|march|april|may|june|july|august|september|october|november|december)\b", re.IGNORECASE
)
_MONTHS = tuple(name.casefold() for name in calendar.month_name[1:])
_H_AND_S = re.compile(r"\bh\s?(?:&|and)\s?s\b", re.IGNORECASE)
_BODIES = {
    "governors": ("governing body", "governing board", "fgb", "lgb"),
    "trustees": ("trust board", "board of directors"),
    "board": ("trustees",),
}
PARTLY = 0.5
AS_NEAR = 0.12
MOST_CANDIDATES = 4


@dataclass(frozen=True, slots=True)
class NamedDocuments:
    """The documents that a name can mean, likeliest first; `sure`: the first is the one. `partly`: their titles say
    only a part of the name. `of_trust`: a school was named that has none of its own, and these are the trust's."""

    documents: tuple[Document, ...] = ()
    sure: bool = False
    partly: bool = False
    of_trust: bool = False


def named(said: str, turn: Turn, search: Search) -> NamedDocuments:
    """What this name means among the documents that the reader may see."""
    said = _H_AND_S.sub("health and safety", said)
    names, today = search.names, search.today()
    asked = read_question(said, names, today)
    shelf = search.library.documents(turn.reader)
    pool = [each for each in shelf if _of_version(each, asked.version)]
    years = find_dates(said)
    if years:
        # A year may be any version's: the one of 2023 need not be in force.
        wide = shelf if asked.version is Version.IN_FORCE else pool
        pool = [each for each in wide if any(_dated(each, year.start, year.end) for year in years)]
        if asked.version is Version.IN_FORCE:
            pool = [each for each in pool if each.status is not Status.DRAFT]
    elif month := _MONTH.search(re.sub(r"\bmay (?:be|not)\b", " ", said)):
        number = _MONTHS.index(month[1].casefold()) + 1
        pool = [each for each in pool if each.date and each.date.month == number and each.kind in STANDING_ALONE]
    if re.search(r"\bminutes\b|\bmeetings?$", said, re.IGNORECASE):
        pool = [each for each in pool if each.kind is Kind.MINUTES]
    elif re.search(r"\bagenda\b", said, re.IGNORECASE):
        pool = [each for each in pool if each.kind is Kind.AGENDA]
    of_trust = False
    bodies = naming.bodies(said, names)
    if bodies and (own := [each for each in pool if each.body in bodies]):
        pool = own
    elif asked.schools:
        own = [each for each in pool if each.school in asked.schools]
        others = [each for each in pool if each.school is None]
        if own and (found := _by_title(said, own, names)).documents:
            return _decided(found, said)
        pool, of_trust = others, True
    found = _by_title(said, pool, names)
    return _decided(NamedDocuments(_nearest_home(found.documents, turn, search), False, found.partly, of_trust), said)


def _nearest_home(documents: tuple[Document, ...], turn: Turn, search: Search) -> tuple[Document, ...]:
    """Of documents of several schools those of the reader's own school, where all readers belong to that one."""
    home = naming.own_school(turn.reader, search.names)
    own = tuple(document for document in documents if home and document.school == home)
    return own if own and all(each.school for each in documents) else documents


def cited(turn: Turn, search: Search) -> Document | None:
    """The document that the answer before this one quoted first, if the reader may see it now."""
    readable = {document.id: document for document in search.library.documents(turn.reader)}
    found = next((readable[each] for each in turn.cited if each in readable), None)
    if found is None and not turn.cited and turn.query.before:
        hits = search.search(turn.query.before, turn.reader, 1).hits
        return hits[0].document if hits else None
    return found


def versions(document: Document, turn: Turn, search: Search) -> list[Document]:
    """All versions of a document that the reader may see, newest first, this one included."""
    own = [each for each in search.library.documents(turn.reader) if each.family == document.family]
    return sorted(own, key=lambda each: (each.date or date.min, each.version or ""), reverse=True)


def _of_version(document: Document, version: Version) -> bool:
    if version is Version.DRAFT:
        return document.status is Status.DRAFT
    if version is Version.EARLIER:
        return not document.in_force and document.status is not Status.DRAFT
    return document.in_force


def _dated(document: Document, start: date, end: date) -> bool:
    if document.date and start <= document.date <= end:
        return True
    said = f"{document.title} {document.version or ''}"
    return any(each.start <= end and start <= each.end for each in find_dates(said))


def _by_title(said: str, pool: Sequence[Document], names: Names) -> NamedDocuments:
    """Those whose titles say all of the name; where there are none, those whose titles say half of it."""
    wanted = _topic(said, names)
    if not wanted:
        return NamedDocuments(tuple(pool)) if len(pool) < 9 or NOUN.search(said) else NamedDocuments()
    ways = alternatives(said)
    for body, others in _BODIES.items():
        for term in terms(body):
            ways[term] = (*ways.get(term, ()), *(tuple(terms(other)) for other in others))
    ranked: list[tuple[float, float, Document]] = []
    for each in pool:
        bag = _called(each.title, each.file_name, each.kind.value)
        held = {term for term in wanted if term in bag or any(_spells(way, bag) for way in ways.get(term, ()))}
        if held:
            title = _topic(each.title, names)
            ranked.append((len(held) / len(wanted), len(held & title) / max(len(title), 1), each))
    whole = [each for each in ranked if each[0] == 1.0]
    near = whole or [each for each in ranked if each[0] >= PARTLY]
    near.sort(key=lambda each: (-each[0], -each[1], -(each[2].date or date.min).toordinal(), each[2].source))
    best = [each for each in near if each[:1] == near[0][:1] and each[1] >= near[0][1] - AS_NEAR]
    return NamedDocuments(tuple(each for _, _, each in best), partly=not whole)


def _spells(way: Sequence[int], bag: frozenset[int]) -> bool:
    """Whether a title says an abbreviation in full; of a long one a word may be missing (chief executive officer)."""
    return len(bag.intersection(way)) >= len(way) - (len(way) > 2)


def _decided(found: NamedDocuments, said: str) -> NamedDocuments:
    documents = found.documents
    if _LATEST.search(said) and documents and documents[0].kind in STANDING_ALONE:
        newest = sorted(documents, key=lambda each: each.date or date.min, reverse=True)
        documents = tuple(newest[:1])
    elif len({document.family for document in documents}) == 1 and len(documents) > 1:
        # Versions of one document: the newest of those that were asked for.
        documents = tuple(sorted(documents, key=lambda each: each.date or date.min, reverse=True)[:1])
    sure = len(documents) == 1 and not found.partly
    return NamedDocuments(documents, sure, found.partly, found.of_trust)


def _topic(said: str, names: Names) -> set[int]:
    """The terms of a name that a title must say: without schools, committees, the trust, dates and kinds."""
    left = said
    for each in (*naming.schools(said, names).values(), *naming.bodies(said, names).values()):
        left = re.sub(rf"{re.escape(each)}(?:['’]s)?(?!\w)", " ", left)
    if names.trust:
        for word in words(names.trust):
            left = re.sub(rf"\b{re.escape(word)}(?:['’]s)?\b", " ", left, flags=re.IGNORECASE)
    for period in sorted(find_dates(left), key=lambda each: -each.begin):
        left = f"{left[: period.begin]} {left[period.stop :]}"
    return set(terms(_FILLER.sub(" ", _MONTH.sub(" ", left))))


_SPLIT = re.compile(r"[^A-Za-z0-9]+")


@lru_cache(maxsize=1 << 14)
def _called(title: str, file_name: str, kind: str) -> frozenset[int]:
    """The terms by which a document may be called: those of its title, its initials, its file's name and its kind."""
    capitals = "".join(word[0] for word in _SPLIT.split(title) if word[:1].isupper()).casefold()
    stem = file_name.rsplit(".", 1)[0]
    return frozenset(terms(" ".join((title, *_SPLIT.split(stem), kind, capitals, capitals[:2], capitals[:3]))))
