"""Lists the documents of a period: new ones, and those that replace an earlier version."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.library.library import Library
from knowledge.library.versions import STANDING_ALONE
from knowledge.passages import Citation, Document, Kind, Reader, Status
from knowledge.skills.documents.description import day
from knowledge.skills.versions.since import Span
from knowledge.text.dates import find
from knowledge.text.sentences import sentence_spans

MOST = 10
LOOKED_AT = 60
_EFFECT = re.compile(
    r"\b(?:takes? effect|in force|comes? into force|effective|applies)\s+(?:on|from)\s+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A document on the day for which it is listed; `quote` is where it says that it takes effect then."""

    document: Document
    day: date
    heading: str
    said: str
    quote: Citation | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """The newest of a period, and how many more there are."""

    shown: tuple[Dated, ...] = ()
    more: int = 0


def in_period(period: Span, reader: Reader, library: Library, kind: Kind | None = None) -> Listed:
    """The documents that this reader may see whose own date, or the day from which they apply, is in the period; of one
    kind only, if given."""
    readable = library.documents(reader)
    found: list[Dated] = []
    earlier: list[Document] = []
    for each in readable:
        if each.date is None or kind not in (None, each.kind):
            continue
        if each.status is Status.SUPERSEDED and not each.in_force:
            continue
        if _within(each.date, period):
            found.append(Dated(each, each.date, _heading(each, each.date), _standing(each, readable)))
        elif (
            period.start - timedelta(days=400) <= each.date < period.start
            and each.in_force
            and each.kind not in STANDING_ALONE
        ):
            earlier.append(each)
    earlier.sort(key=lambda each: each.date or date.min, reverse=True)
    looked_at = (_takes_effect(each, period, reader, library) for each in earlier[:LOOKED_AT])
    found.extend(each for each in looked_at if each)
    found.sort(key=lambda each: (-each.day.toordinal(), each.document.source))
    return Listed(tuple(found[:MOST]), max(len(found) - MOST, 0))


def _within(when: date, period: Span) -> bool:
    return period.start <= when and (period.end is None or when <= period.end)


def _heading(document: Document, when: date) -> str:
    """Its day and its title, which may have the day in it."""
    return document.title if day(when) in document.title else f"{day(when)}: {document.title}"


def _standing(document: Document, readable: tuple[Document, ...]) -> str:
    """New, a draft, or which version it replaces; only of versions that the reader may see."""
    if document.kind in STANDING_ALONE:
        return document.kind.value.capitalize()
    others = [each for each in readable if each.family == document.family and each.id != document.id and each.date]
    before = [each for each in others if each.status is not Status.DRAFT and each.date < document.date]  # type: ignore[operator]
    if document.status is Status.DRAFT:
        return "A draft, not approved"
    if not document.in_force:
        return "Superseded since by a later version"
    if before:
        last = max(before, key=lambda each: each.date or date.min)
        return f"Replaces the version of {day(last.date)}" if last.date else "Replaces an earlier version"
    return "No earlier version that you can see"


def _takes_effect(document: Document, period: Span, reader: Reader, library: Library) -> Dated | None:
    """A document of an earlier date that applies from a day in the period, by its own first passages."""
    for passage, _ in list(library.contents(reader, document.id).values())[:2]:
        for start, end in sentence_spans(passage.text):
            text = passage.text[start:end]
            match = _EFFECT.search(text)
            dates = find(text[match.end() :]) if match else []
            if dates and not dates[0].is_year and _within(dates[0].start, period):
                when = dates[0].start
                said = f"Dated {day(document.date)}" if document.date else ""
                quote = Citation(text, passage.id, document, passage.heading, passage.page)
                return Dated(document, when, f"{day(when)}: {document.title} takes effect", said, quote)
    return None
