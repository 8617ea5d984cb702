"""Reads a week's material: from the rooms' services and the trust file, unfiltered but for the pulse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from bot.config.trust import School
from bot.digest.model import Ahead, Headlines, Material, Setup
from bot.digest.schedule import monday_of, school_weeks
from bot.meetings.bodies import Bodies
from bot.meetings.service import MeetingService
from knowledge.passages import Audience, Reader
from knowledge.school.calendar import SchoolCalendar

WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
CHARTED = 8
SEEN_AHEAD = timedelta(days=14)
EVERY_WEEK = ("week", "fortnight")


def gather(
    service: MeetingService, headlines: Headlines, reader: Reader, setup: Setup, since: datetime, until: datetime
) -> Material:
    """The material of a digest that speaks of `since` to `until`. Only headlines are asked for with the reader: the
    rest is filtered where the digest is made."""
    bodies = service.bodies
    zone = bodies.trust.zone
    records = service.weekly.records(since, until)
    local = until.astimezone(zone).date()
    calendar = calendar_of(bodies, setup)
    # A digest in the middle of a week counts the weeks that are over.
    weeks = school_weeks(monday_of(local) - WEEK, CHARTED, calendar)
    spans = [(datetime.combine(each, time(), zone), datetime.combine(each + WEEK, time(), zone)) for each in weeks]
    return Material(
        records.returns, records.before, records.notes, records.decisions, records.live,
        tuple(_ahead(bodies, local)), service.weekly.tallies(spans), weeks, headlines(reader, since, until),
    )  # fmt: skip


def calendar_of(bodies: Bodies, setup: Setup) -> SchoolCalendar:
    """The calendar that a digest goes by: that of its one school, else the trust's."""
    return bodies.trust.calendar(setup.schools[0] if len(setup.schools) == 1 else None)


def _ahead(bodies: Bodies, today: date) -> Iterator[Ahead]:
    """Meetings that are not held every week, and where terms and breaks begin and end, in the next fortnight."""
    until = today + SEEN_AHEAD
    for series in bodies.trust.meetings:
        body = bodies.by_key(series.group or series.id)
        if series.every in EVERY_WEEK or body is None:
            continue
        calendar = bodies.trust.calendar(body.school)
        at = f", {series.at:%H:%M}" if series.at else ""
        audience = bodies.audience(body) or (Audience(frozenset({body.school})) if body.school else None)
        for day in bodies.meetings(body).after(today - DAY, calendar):
            if day < until and audience:
                yield Ahead(day, f"{series.name}{at}", audience, body.school)
    yield from _terms(bodies.trust.calendar(None), None, today, until, "")
    for school in bodies.trust.schools:
        own = bodies.trust.calendar(school.id)
        if school.terms:
            yield from _terms(own, school.id, today, until, f" at {school.name}")
        yield from _inset(own, bodies.trust.inset_days, school, today, until)


def _terms(
    calendar: SchoolCalendar, school: str | None, today: date, until: date, where: str
) -> Iterator[Ahead]:  # fmt: skip
    for term in calendar.terms:
        days = [(calendar.last_day(term), f"{term.name} term ends{where}"),
                (calendar.first_day(term), f"{term.name} term begins{where}")]  # fmt: skip
        if term.half_term:
            days.append((term.half_term.start, f"half-term break begins{where}"))
        yield from (Ahead(day, text, None, school) for day, text in days if today <= day < until)


def _inset(
    calendar: SchoolCalendar, shared: tuple[date, ...], school: School, today: date, until: date
) -> Iterator[Ahead]:  # fmt: skip
    for day in sorted(calendar.inset_days - set(shared)):
        if today <= day < until and day.weekday() < 5:
            yield Ahead(day, f"INSET day at {school.name}", None, school.id)
