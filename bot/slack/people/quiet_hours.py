"""When somebody may be written to of the bot's own accord: in school hours of his own school, in his own zone."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from knowledge.school.calendar import SchoolCalendar

OPENS, CLOSES = time(7, 45), time(17, 30)


def open_day(now: datetime, zone: ZoneInfo, calendar: SchoolCalendar) -> date | None:
    """This day in the zone, if it is a school day within hours; None in quiet time."""
    local = now.astimezone(zone)
    hours = OPENS <= local.time() < CLOSES
    return local.date() if hours and calendar.is_school_day(local.date()) else None
