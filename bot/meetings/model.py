"""What meetings leave behind: actions, decisions, returns; and the rules of who may do what with them."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ingest.minutes import Attendee, Owner
from knowledge.passages import Audience
from knowledge.school.due import Due


class State(StrEnum):
    """How an action stands. `asap` is asked about at the next meeting, and so is `ongoing`."""

    OPEN = "open"
    ASAP = "asap"
    ONGOING = "ongoing"
    DONE = "done"
    DEFERRED = "deferred"
    DROPPED = "dropped"


LIVE = frozenset({State.OPEN, State.ASAP, State.ONGOING, State.DEFERRED})


@dataclass(frozen=True, slots=True)
class Body:
    """A board, team or committee that meets: `key` is a group or series of the trust file, else made of the name.

    `school` is a trust file's id or, for a school that is not in it, the name as written.
    """

    key: str
    name: str
    school: str | None = None
    group: str | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting whose notes were confirmed. `part_b` is who may read its confidential part; `closed` says that the
    notes are a Part B as a whole. `document` is the id of its notes in the library, `opened` the keys of the sections
    that were opened though their headings may mean a Part B."""

    id: str
    body: Body
    date: datetime.date
    chair: Owner | None
    clerk: Owner | None
    attendees: tuple[Attendee, ...]
    following: datetime.date | None
    audience: Audience
    part_b: Audience | None
    document: str | None
    confirmed_by: str
    confirmed: datetime.datetime
    closed: bool = False
    opened: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The meeting as a citation names it."""
        return f"{self.body.name}{' (Part B)' if self.closed else ''}, {spoken(self.date)}"


@dataclass(frozen=True, slots=True)
class Action:
    """A confirmed action. `meeting` is the last one whose notes had it, with its line there, None for one made of a
    message; `meetings` counts those of its body that it has stood on, which is its age. `audience` is that of the
    notes; its owners read it besides."""

    id: str
    task: str
    owners: tuple[Owner, ...]
    due: Due
    state: State
    quote: str
    page: int | None
    meeting: str | None
    first_meeting: str | None
    raised: datetime.date
    meetings: int
    body: Body
    item: str
    heading: str
    audience: Audience
    created: datetime.datetime
    changed: datetime.datetime
    snoozed_until: datetime.date | None = None
    reason: str = ""
    part_b: bool = False

    @property
    def live(self) -> bool:
        """Whether it still has to be followed up."""
        return self.state in LIVE

    @property
    def people(self) -> tuple[str, ...]:
        """The owners whom the trust file knows."""
        return tuple(owner.person for owner in self.owners if owner.person)

    @property
    def readers(self) -> Audience:
        """Who may see it: those who may read the notes, and whoever has to do it."""
        return Audience(self.audience.principals | {f"person:{person}" for person in self.people})

    def overdue(self, today: datetime.date) -> bool:
        """Whether its day is past."""
        return self.live and self.due.date is not None and self.due.date < today


@dataclass(frozen=True, slots=True)
class Decision:
    """A confirmed decision with its line in the notes. `benefit` says what pupils gain, where the chair wrote it."""

    id: str
    text: str
    quote: str
    page: int | None
    meeting: Meeting
    item: str
    heading: str
    audience: Audience
    benefit: str = ""
    part_b: bool = False


@dataclass(frozen=True, slots=True)
class ReturnItem:
    """What a return says of one agenda item; `id` is the standard item's."""

    id: str
    name: str
    went_well: str = ""
    hard: str = ""
    ask: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing is said."""
        return not (self.went_well or self.hard or self.ask)


@dataclass(frozen=True, slots=True)
class Return:
    """A school's return after one meeting; `sent` is None while it is only a form."""

    meeting: Meeting
    school: str
    items: tuple[ReturnItem, ...]
    audience: Audience
    sent: datetime.datetime | None = None
    sent_by: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to an action: `what` is confirmed, done, reopened, snoozed, reassigned, not mine,
    dropped, deferred, moved or corrected."""

    action: str
    at: datetime.datetime
    by: str
    what: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that was marked for the next agenda of a body (its key): the words, who may read them, and where and
    by whom it was marked. `ref` is the same for the same thing."""

    body: str
    ref: str
    text: str
    note: str
    audience: Audience
    raised: datetime.date
    by: str


def meeting_id(body: Body, day: datetime.date, *, closed: bool = False) -> str:
    """The same for the same body and day; minutes that are a Part B as a whole are kept apart from the others."""
    return _digest(body.key, day.isoformat(), *(["part b"] if closed else []))


def item_id(meeting: str, kind: str, quote: str, text: str) -> str:
    """An id for an action or a decision of a meeting: the same when it is confirmed again."""
    return _digest(meeting, kind, quote, text)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]


def first_state(due: Due, done: bool) -> State:
    """How an action stands when it is confirmed."""
    if done:
        return State.DONE
    return {"asap": State.ASAP, "ongoing": State.ONGOING}.get(due.state, State.OPEN)


def reopened_state(due: Due) -> State:
    """How an action stands that is taken up again."""
    return first_state(due, done=False)


def is_everybody(owner: Owner) -> bool:
    """Whether an owner is all who were there."""
    return owner.name.casefold().removesuffix(" members").strip() in ("all", "everyone", "everybody", "both")


def named(owner: Owner | None) -> str:
    """The name of a chair or a clerk."""
    return owner.name if owner else "not named"


def principals(people: Iterable[str | None]) -> frozenset[str]:
    """The principals of single people."""
    return frozenset(f"person:{person}" for person in people if person)


def spoken(day: datetime.date) -> str:
    """A day as a person writes it: 5 May 2021."""
    return f"{day.day} {day:%B %Y}"


def ordinal(number: int) -> str:
    """Third, for 3; 21st, for 21."""
    words = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    if number < len(words):
        return words[number]
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
