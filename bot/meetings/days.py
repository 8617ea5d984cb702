"""Days of actions: how long a snooze lasts, and what a due phrase of today means."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from bot.errors import Refusal
from bot.meetings.bodies import Bodies
from bot.meetings.model import Body
from knowledge.school.calendar import SchoolCalendar
from knowledge.school.due import Due, DueContext, read_due

Until = Literal["tomorrow", "friday", "next meeting"]
FRIDAY = 4


def snoozed_to(until: Until | date, today: date, calendar: SchoolCalendar, meeting: date | None) -> date:
    """The day that a snooze lasts to: a school day, or the body's next `meeting`; a Refusal where there is none."""
    if isinstance(until, date):
        day = until
    elif until == "tomorrow":
        day = today + timedelta(days=1)
    elif until == "friday":
        day = today + timedelta(days=(FRIDAY - today.weekday()) % 7 or 7)
    elif meeting is None:
        raise Refusal("The day of the next meeting is not known. Choose a day.")
    else:
        return meeting
    if day <= today:
        raise Refusal("Choose a day that is still to come.")
    return calendar.school_day_from(day)


def due_from(due: str | date, today: date, body: Body, bodies: Bodies) -> Due:
    """A day that was picked, or a phrase as of today, for something that is this body's."""
    if isinstance(due, date):
        return Due(due, "", "chosen", "dated", True)
    calendar = bodies.trust.calendar(body.school)
    return read_due(due.strip(), DueContext(today, calendar, bodies.meetings(body), bodies.known.meetings))
