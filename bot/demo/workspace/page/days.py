"""Where the clock can be moved to: moments that mean something in a school's year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from knowledge.school.calendar import DAY, SchoolCalendar

MORNING = time(7, 45)
MONDAY, WEEK = 0, 7
Moment = Callable[[datetime, SchoolCalendar], datetime | None]


@dataclass(frozen=True, slots=True)
class Move:
    """One way to move the clock on. `moment` says to when from now, or None where the terms are not known."""

    name: str
    label: str
    moment: Moment


def _on(day: date | None, now: datetime, at: time = MORNING) -> datetime | None:
    """A time of a day in the zone of `now`; None where it is past."""
    when = datetime.combine(day, at, now.tzinfo) if day else None
    return when if when and when > now else None


def hour(now: datetime, calendar: SchoolCalendar) -> datetime:
    """An hour from now, as a clock on the wall shows it."""
    return datetime.fromtimestamp(now.timestamp() + timedelta(hours=1).total_seconds(), now.tzinfo)


def next_morning(now: datetime, calendar: SchoolCalendar) -> datetime | None:
    """The morning of the next school day, or of this one while it has not come."""
    return _on(calendar.school_day_from(now.date()), now) or _on(calendar.next_school_day(now.date()), now)


def monday(now: datetime, calendar: SchoolCalendar, at: time = MORNING) -> datetime | None:
    """A time of the next Monday that is a school day."""
    day = now.date() + timedelta(days=(MONDAY - now.weekday()) % WEEK)
    if not _on(day, now, at):
        day += timedelta(days=WEEK)
    for _ in range(WEEK * 2):
        if calendar.is_school_day(day):
            break
        day += timedelta(days=WEEK)
    return _on(day, now, at)


def last_day(now: datetime, calendar: SchoolCalendar) -> datetime | None:
    """The morning of the last school day before the next holiday, be it half term or the end of term."""
    today = now.date()
    found = _on(calendar.end_of_half(today), now)
    return found or _on(calendar.end_of_half(calendar.first_day_after_holiday(today)), now)


def after_holiday(now: datetime, calendar: SchoolCalendar) -> datetime | None:
    """The morning of the first school day after the next holiday."""
    if calendar.end_of_half(now.date()) is None:
        return None
    return _on(calendar.first_day_after_holiday(now.date()), now)


def moves(on_mondays: time = MORNING) -> tuple[Move, ...]:
    """All ways to move on; `on_mondays` is when all has come that comes on a Monday morning."""
    return (
        Move("hour", "An hour on", hour),
        Move("morning", "Next school morning", next_morning),
        Move("monday", "Next Monday", lambda now, calendar: monday(now, calendar, on_mondays)),
        Move("holiday", "Last day before the holiday", last_day),
        Move("back", "First day back after it", after_holiday),
    )


def in_words(when: datetime) -> str:
    """A moment in words: Monday 30 November 2026, 07:45."""
    return f"{when:%A} {when.day} {when:%B %Y}, {when:%H:%M}"


def school_day_near(now: datetime, calendar: SchoolCalendar, otherwise: date | None) -> datetime:
    """Now, where it is a school day; else the morning of the next one. Outside the terms that are known, the morning of
    `otherwise`, where that is given."""
    if otherwise is not None and not calendar.covers(now.date()):
        return datetime.combine(otherwise, MORNING, now.tzinfo) + timedelta(hours=2)
    if calendar.is_school_day(now.date()):
        return now
    return datetime.combine(calendar.school_day_from(now.date() + DAY), MORNING, now.tzinfo) + timedelta(hours=2)
