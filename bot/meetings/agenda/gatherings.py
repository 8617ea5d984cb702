"""When a body met and will meet: its confirmed meetings, and the days that its series gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.meetings.model import Body, Meeting
from knowledge.school.calendar import SchoolCalendar
from knowledge.school.due import Meetings

SAME_DAYS = 3
UNHEARD_DAYS = 3


@dataclass(frozen=True, slots=True)
class Gathering:
    """One meeting of a body: `meeting` is there once its notes are confirmed."""

    body: Body
    day: date
    meeting: Meeting | None = None

    @property
    def subject(self) -> str:
        """What a reminder calls it."""
        return f"{self.body.key} {self.day.isoformat()}"

    def took_place(self, today: date) -> bool:
        """Whether it counts as held: its notes say so, or its day is some days past and no notes say otherwise."""
        return self.day < today and (self.meeting is not None or self.day + timedelta(days=UNHEARD_DAYS) < today)


def gatherings(
    body: Body, confirmed: Sequence[Meeting], series: Meetings, calendar: SchoolCalendar, since: date, until: date
) -> tuple[Gathering, ...]:
    """The meetings of a body from `since` to `until`, both included, in order.

    A day of the series within three days of confirmed notes is that same meeting, held on another day.
    """
    held = {meeting.date: meeting for meeting in confirmed}
    planned = _planned(sorted(held), series, calendar, since, until)
    last = max(held, default=None)
    following = held[last].following if last else None
    if last and following and following > last:
        planned = {day for day in planned if day <= last or day > following} | {following}
    fresh = (day for day in planned if not any(abs((day - each).days) <= SAME_DAYS for each in held))
    found = [Gathering(body, day) for day in fresh] + [Gathering(body, day, held[day]) for day in held]
    return tuple(sorted((each for each in found if since <= each.day <= until), key=lambda each: each.day))


def _planned(held: Sequence[date], series: Meetings, calendar: SchoolCalendar, since: date, until: date) -> set[date]:
    """The days of a series. One that meets every other week is followed from the last meeting of its own."""
    start = since - timedelta(days=1)
    if series.weeks > 1 and not series.dates:
        start = next((day for day in reversed(held) if day.weekday() == series.weekday), start)
    found: set[date] = set()
    while start < until:
        ahead = series.after(start, calendar)
        if not ahead:
            break
        found.update(ahead)
        start = ahead[-1]
    return found
