"""Which meeting it was: body, school, date, chair, clerk, and who was there."""

from __future__ import annotations

import re
from datetime import date

from ingest.metadata.recognise import body_in, named
from ingest.metadata.stamps import meeting_date
from ingest.minutes.actions.owners import NAME, initials_of
from ingest.minutes.attendance import Seat, grid, listed
from ingest.minutes.layout.lines import Line
from ingest.minutes.model import About, Attendee, KnownNames, Meeting
from ingest.readers.reading import Reading
from knowledge.text.dates import find

_CHAIR = re.compile(
    rf"(?:chair(?:ed|person)?(?:\s+(?:by|of\s+(?:the\s+)?(?:meeting|governors|committee|trustees)))?"
    rf"|in\s+the\s+chair)\s*[:|–-]?\s*(?P<name>{NAME})",
)
_CLERK = re.compile(
    rf"(?:clerk(?:ed)?(?:\s+(?:by|to\s+(?:the\s+)?\w+(?:\s+\w+)?))?|(?:minutes|notes)(?:\s+(?:taken|by"
    rf"|recorded)){{1,2}}|minute[\s-]taker|scribe|note[\s-]taker)"
    rf"\s*[:|–-]?\s*(?P<name>{NAME})",
)
_NEXT = re.compile(
    r"(?:^|(?<=[.;]\s))\W*(?:\d+\W+)?(?:the\s+"
    r"|date\s+(?:and\s+time\s+)?of\s+(?:the\s+)?)?next\s+(?:\w+\s+){0,3}?meetings?\b"
    r"|\bdates?\s+of\s+(?:the\s+)?(?:next|future)\b",
    re.IGNORECASE,
)


def meeting_of(reading: Reading, lines: tuple[Line, ...], about: About, known: KnownNames) -> Meeting:
    """The meeting that these minutes are of; what neither they nor `about` say is None."""
    period = meeting_date(reading)
    when = about.date or (period.start if period and period.start == period.end else None)
    top = [line.quote for line in lines[:40] if line.section in ("front", "attendance", "notes")]
    heads = [about.title, *(line.quote for line in lines[:12] if not line.cells)]
    school = about.school or named(known.names.schools, heads[:3]) or _school(heads)
    seats = [*grid(lines, when), *listed(lines)]
    chair = _said(_CHAIR, top) or next((seat.name for seat in seats if seat.chair), None)
    clerk = _said(_CLERK, top) or next((seat.name for seat in seats if seat.clerk), None)
    people = _attendees(seats, known, chair, clerk)
    body = about.body or named(known.names.bodies, heads) or body_in(heads)
    body = _of_the_school(body, school, known) or body
    said = known.names.bodies.get(body or "", (body,))[0]
    return Meeting(said, school, when, chair, clerk, people, _following(lines, when))


def _of_the_school(body: str | None, school: str | None, known: KnownNames) -> str | None:
    """The trust file's body that a school's "Senior Leadership Team" is; a full governing body is a local one there."""
    ways = known.names.schools.get(school or "", ())
    if body is None or body in known.names.bodies:
        return None
    bodies = (body, body.replace("Full", "Local"))
    return named(known.names.bodies, [f"{way} {each}" for each in bodies for way in ways])


def _said(form: re.Pattern[str], texts: list[str]) -> str | None:
    for text in texts:
        flexible = re.compile(form.pattern.replace("(?P<name>", "(?-i:(?P<name>", 1) + ")", re.IGNORECASE)
        if match := flexible.search(text):
            return _titled(match["name"])
    return None


def _attendees(seats: list[Seat], known: KnownNames, chair: str | None, clerk: str | None) -> tuple[Attendee, ...]:
    keys = [re.sub(r"\W", "", person.name).casefold() for person in known.people]
    # Of two people with one name it is not known which was there.
    people = {key: person.id for key, person in zip(keys, known.people, strict=True) if keys.count(key) == 1}
    found: dict[str, Attendee] = {}
    extra = [Seat(name, present=True, role=role) for name, role in ((chair, "Chair"), (clerk, "Clerk")) if name]
    for seat in (*seats, *extra):
        key = re.sub(r"\W", "", seat.name).casefold()
        name, before = _titled(seat.name), found.get(key)
        found[key] = Attendee(
            before.name if before else name,
            seat.initials or (before.initials if before else initials_of(name)),
            (before.role if before and before.role else seat.role),
            seat.present if before is None or before.present is None else before.present,
            people.get(key),
        )
    return tuple(found.values())


def _titled(name: str) -> str:
    """A name in capitals as it is usually written."""
    return name.title() if name.isupper() else name


def _school(heads: list[str]) -> str | None:
    """The name of a school that the trust file does not list, as the top of the minutes writes it."""
    for text in heads:
        said = text.title().replace("'S", "'s") if text.isupper() else text
        match = re.match(
            r"((?:(?:St|Saint|The|Our|Lady|of|and|&|C|E)\.?\s+|[A-Z][\w'’-]+\s+){1,7}(?:School|Academy|College"
            r"|Nursery|Federation))\b",
            said,
        )
        if match:
            return match[1]
    return None


def _following(lines: tuple[Line, ...], when: date | None) -> date | None:
    """The day of the next meeting, where the minutes name it; a day without its year is the next such day."""
    if when is None:
        return None
    for at, line in enumerate(lines):
        match = _NEXT.search(line.quote) or (_NEXT.search(line.heading) if line.kind != "heading" else None)
        if not match or line.section in ("matters", "actions", "agenda"):
            continue
        text = line.quote[match.end() :] if _NEXT.search(line.quote) else line.quote
        text += " " + (lines[at + 1].quote if at + 1 < len(lines) and len(text) < 12 else "")
        for way in (text, _with_year(text, when), _with_year(text, when, 1)):
            days = [each.start for each in find(way[:160]) if each.start == each.end and each.start > when]
            if days:
                return days[0]
    return None


def _with_year(text: str, when: date, later: int = 0) -> str:
    return re.sub(r"(\d{1,2}(?:st|nd|rd|th)?\s+[A-Z][a-z]{2,8})(?!\s*,?\s*\d{4})", rf"\1 {when.year + later}", text)
