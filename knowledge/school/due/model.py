"""What a due phrase means, and what it may refer to."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from knowledge.school.calendar import SchoolCalendar

State = Literal["dated", "asap", "ongoing", "none"]
Relation = Literal["", "by", "before", "after", "during"]


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due, as far as its phrase says so.

    `rule` names the rule that was used. `ask` is the question to the chair or clerk, and is there whenever `certain`
    is false. A dated phrase without a date is one whose day must be asked: "31 September".
    """

    date: datetime.date | None
    phrase: str
    rule: str
    state: State
    certain: bool
    ask: str | None = None


@dataclass(frozen=True, slots=True)
class Meetings:
    """A body that meets: what it is called, and the days on which it meets, as far as they are known.

    One that meets every so many `weeks` on a `weekday` (0 is Monday) needs no dates. One that meets every other week
    is known to do so only from a meeting of its own.
    """

    names: tuple[str, ...]
    dates: tuple[date, ...] = ()
    weekday: int | None = None
    weeks: int = 1

    def after(self, day: date, calendar: SchoolCalendar) -> list[date]:
        """Its meetings after this day, in order; those that recur on school days only, for a term ahead."""
        ahead = sorted(each for each in self.dates if each > day)
        if ahead or self.weekday is None or (self.weeks > 1 and day.weekday() != self.weekday):
            return ahead
        first = day + timedelta(days=(self.weekday - day.weekday()) % 7 or 7)
        first += timedelta(weeks=self.weeks - 1)
        days = (first + timedelta(weeks=self.weeks * number) for number in range(16 // self.weeks))
        return [each for each in days if calendar.is_school_day(each)]


@dataclass(frozen=True, slots=True)
class DueContext:
    """The meeting's day, the school's calendar, the meetings of this body, and those of others."""

    meeting: date | None
    calendar: SchoolCalendar = field(default_factory=SchoolCalendar)
    own: Meetings = Meetings(())
    others: tuple[Meetings, ...] = ()


@dataclass(frozen=True, slots=True)
class DuePhrase:
    """A due phrase without what means nothing for the day: in lower case, its preposition apart."""

    text: str
    relation: Relation = ""


@dataclass(frozen=True, slots=True)
class DueDay:
    """A day by a rule; `ask` where the phrase can be read in more ways than one, or the day is not known."""

    date: datetime.date | None
    rule: str
    ask: str | None = None


def spoken(day: date) -> str:
    """A day as a person writes it: 5 May 2021."""
    return f"{day.day} {day:%B %Y}"
