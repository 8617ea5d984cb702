"""When a digest is due: one in each school week, at its time in the trust's zone, and until when it may be late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.config.trust import POSTS_FROM, POSTS_UNTIL, WEEKDAYS, Weekday
from bot.digest.model import Setup
from knowledge.school.calendar import SchoolCalendar

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
LATE = timedelta(hours=1)
LONGEST_HOLIDAY = 10


@dataclass(frozen=True, slots=True)
class Slot:
    """When the digest of a week (its Monday) is due."""

    monday: date
    at: datetime
    after_holiday: bool

    @property
    def week(self) -> str:
        """The ISO week, such as 2026-W47."""
        return week_of(self.monday)


def week_of(day: date) -> str:
    """The ISO week that a day lies in."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def is_school_week(monday: date, calendar: SchoolCalendar) -> bool:
    """Whether pupils are in school on a day of this week."""
    return any(calendar.is_school_day(monday + DAY * count) for count in range(5))


def slot_of(monday: date, day: Weekday, at: time, calendar: SchoolCalendar, zone: ZoneInfo) -> Slot | None:
    """When the digest of this week is due: on its day, else on the next school day of the week, else on the last one
    before; None in a week without school."""
    days = [each for count in range(5) if calendar.is_school_day(each := monday + DAY * count)]
    if not days:
        return None
    wanted = monday + DAY * WEEKDAYS.index(day)
    on = next((each for each in days if each >= wanted), days[-1])
    return Slot(monday, datetime.combine(on, at, zone), not is_school_week(monday - WEEK, calendar))


def slot_before(monday: date, setup: Setup, calendar: SchoolCalendar, zone: ZoneInfo) -> Slot | None:
    """The slot of the last school week before this one; None where there is none within a long holiday."""
    for count in range(1, LONGEST_HOLIDAY + 1):
        if found := slot_of(monday - WEEK * count, setup.day, setup.at, calendar, zone):
            return found
    return None


def next_slot(setup: Setup, now: datetime, calendar: SchoolCalendar, zone: ZoneInfo) -> Slot | None:
    """The first slot that is still to come."""
    monday = monday_of(now.astimezone(zone).date())
    for count in range(LONGEST_HOLIDAY + 2):
        found = slot_of(monday + WEEK * count, setup.day, setup.at, calendar, zone)
        if found and found.at > now:
            return found
    return None


def due(setup: Setup, now: datetime, calendar: SchoolCalendar, zone: ZoneInfo) -> Slot | None:
    """The slot to be posted now: the last that is past, for a week at most and on a school day within hours."""
    local = now.astimezone(zone)
    if setup.paused or not (calendar.is_school_day(local.date()) and POSTS_FROM <= local.time() < POSTS_UNTIL):
        return None
    monday = monday_of(local.date())
    this, before = (slot_of(each, setup.day, setup.at, calendar, zone) for each in (monday, monday - WEEK))
    if this and this.at > now and this.at.date() == local.date():
        # What was not caught up by the day of the next one is part of that.
        return None
    last = next((slot for slot in (this, before) if slot and slot.at <= now), None)
    if last is None or now >= last.at + WEEK or (setup.since and last.at < setup.since):
        return None
    return last


def school_weeks(last: date, count: int, calendar: SchoolCalendar) -> tuple[date, ...]:
    """The Mondays of the last so many school weeks up to this Monday, the oldest first."""
    found: list[date] = []
    monday = last
    while len(found) < count and last - monday <= WEEK * (count + LONGEST_HOLIDAY):
        if is_school_week(monday, calendar):
            found.append(monday)
        monday -= WEEK
    return tuple(reversed(found))
