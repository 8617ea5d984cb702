"""What minutes say, as proposed to the chair or clerk: every item bound to a line of the file, word for word."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from knowledge.passages import Names
from knowledge.school.calendar import SchoolCalendar
from knowledge.school.due import Due, Meetings

Found = Literal["table", "margin", "text"]
ActionDetector = Callable[[tuple[str, ...]], frozenset[int]]
"""Which of some lines, by position, a language model takes for actions."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person of the trust, as far as minutes may name one: `title` is the post, `roles` the trust file's."""

    id: str
    name: str
    title: str = ""
    roles: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownNames:
    """What the trust file knows that minutes refer to. `calendar` gives a school's, or for None the trust's, days.

    With `point`, lines that no rule took for an action are shown to a language model.
    """

    names: Names = field(default_factory=Names)
    people: tuple[Colleague, ...] = ()
    agenda: tuple[tuple[str, str], ...] = ()
    meetings: tuple[Meetings, ...] = ()
    calendar: Callable[[str | None], SchoolCalendar] = lambda school: SchoolCalendar()
    point: ActionDetector | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What is known of the meeting before its minutes are read; None is found out from them, or asked."""

    body: str | None = None
    school: str | None = None
    date: datetime.date | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody on the attendance list. `present` is None where the list does not say; `person` is a trust file's id."""

    name: str
    initials: str
    role: str = ""
    present: bool | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """The meeting itself. `school` is a trust file's id or, for a school that is not in it, the name as written."""

    body: str | None
    school: str | None
    date: datetime.date | None
    chair: str | None
    clerk: str | None
    attendees: tuple[Attendee, ...] = ()
    following: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose an action is: `name` in full where the minutes or the trust file say it, else as written."""

    name: str
    written: str
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """One action. `quote` is one whole line of the reading; `found` says where it stands, in how many places it may."""

    task: str
    owners: tuple[Owner, ...]
    due: Due
    quote: str
    page: int | None
    done: bool = False
    item: str = ""
    found: tuple[Found, ...] = ("text",)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was agreed, with the line that says so."""

    text: str
    quote: str
    page: int | None
    item: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Some words of the minutes as they stand there."""

    text: str
    page: int | None


@dataclass(frozen=True, slots=True)
class Item:
    """One agenda item: `id` is the standard item's, None where the heading fits none."""

    id: str | None
    heading: str
    page: int | None
    went_well: tuple[Span, ...] = ()
    hard: tuple[Span, ...] = ()
    asks: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Matter:
    """What was said of an earlier action under matters arising: whether that closes it."""

    text: str
    closed: bool
    quote: str
    page: int | None
    owners: tuple[Owner, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """All that minutes propose; nothing of it holds before a person confirms it. `asks` are questions of the whole."""

    meeting: Meeting
    actions: tuple[Action, ...]
    decisions: tuple[Decision, ...]
    items: tuple[Item, ...]
    matters: tuple[Matter, ...] = ()
    asks: tuple[str, ...] = ()
