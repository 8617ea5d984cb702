"""What a due phrase means, and what it may refer to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from knowledge.calendar import SchoolCalendar

State = Literal["dated", "asap", "ongoing", "none"]
Relation = Literal["", "by", "before", "after", "during"]


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due, as far as its phrase says so.

    `rule` names the rule that was used. `ask` is the question to the chair or clerk, and is there whenever `certain`
    is false. A dated phrase without a date is one whose day must be asked: "31 September".
    """

    date: date | None
    phrase: str
    rule: str
    state: State
    certain: bool
    ask: str | None = None


@dataclass(frozen=True, slots=True)
class Meetings:
    """A body that meets: what it is called, and the days on which it meets, as far as they are known."""

    names: tuple[str, ...]
    dates: tuple[date, ...] = ()

    def after(self, day: date) -> list[date]:
        """Its meetings after this day, in order."""
        return sorted(each for each in self.dates if each > day)


@dataclass(frozen=True, slots=True)
class Context:
    """The meeting's day, the school's calendar, the meetings of this body, and those of others."""

    meeting: date | None
    calendar: SchoolCalendar = field(default_factory=SchoolCalendar)
    own: Meetings = Meetings(())
    others: tuple[Meetings, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A due phrase without what means nothing for the day: in lower case, its preposition apart."""

    text: str
    relation: Relation = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A day by a rule; `ask` where the phrase can be read in more ways than one, or the day is not known."""

    date: date | None
    rule: str
    ask: str | None = None


def spoken(day: date) -> str:
    """A day as a person writes it: 5 May 2021."""
    return f"{day.day} {day:%B %Y}"
