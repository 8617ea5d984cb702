"""What each person is to be sent now: worked out from records, calendars and what was sent, never from timers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.meetings.agenda.gatherings import Gathering
from bot.meetings.model import Action, State
from bot.slack.people.quiet_hours import open_day
from knowledge.school.calendar import SchoolCalendar

BEFORE = 2
WEEK = timedelta(days=7)
JOINS = timedelta(days=4)
FORTNIGHT = timedelta(days=14)
RETURN_LASTS = timedelta(days=14)
MISSED_MEETINGS = 2
DAY = timedelta(days=1)


class Kind(StrEnum):
    """Why a line stands in a reminder; the order is that of the message."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    AGAIN = "again"
    ASKED = "asked"
    MISSED = "missed"
    RETURN = "return"
    NOTES = "notes"


ORDER = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Follower:
    """A person who can be reached: the zone that his day is in, and the calendar of his own school."""

    id: str
    zone: ZoneInfo
    calendar: SchoolCalendar

    def open_day(self, now: datetime) -> date | None:
        """This day of his, if it is a school day within hours; None in quiet time."""
        return open_day(now, self.zone, self.calendar)


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """One thing that a reminder says. `since` is the day from which it was to be said. Who gets it as a `stand_in` is
    asked because none of its owners can be reached."""

    kind: Kind
    subject: str
    since: date
    action: Action | None = None
    gathering: Gathering | None = None
    stand_in: bool = False


def prefix_of(person: str) -> str:
    """How the keys of all reminders to a person begin; a day follows."""
    return f"reminder:{person}:"


@dataclass(frozen=True, slots=True)
class Reminder:
    """The one message of a day to a person. `after_holiday`: it gathers what fell into a holiday of his school."""

    person: str
    day: date
    lines: tuple[ReminderLine, ...]
    after_holiday: bool = False

    @property
    def key(self) -> str:
        """What it is posted under, once."""
        return f"{prefix_of(self.person)}{self.day.isoformat()}"

    @property
    def about(self) -> str:
        """What it says, as (kind, subject) in JSON: without any words."""
        return json.dumps([[line.kind.value, line.subject] for line in self.lines])


@dataclass(frozen=True, slots=True)
class Share:
    """What concerns one person: his actions, those that he stands in for, those that he chairs, and his returns."""

    own: tuple[Action, ...] = ()
    stand_in: tuple[Action, ...] = ()
    chaired: tuple[Action, ...] = ()
    returns: tuple[Gathering, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """All that a plan derives from. `said` holds the last day on which a person was told of a subject in a way, and
    `served` the last day on which he was sent anything."""

    shares: Mapping[str, Share]
    gatherings: Mapping[str, Sequence[Gathering]]
    said: Mapping[tuple[str, Kind, str], date] = field(default_factory=dict)
    served: Mapping[str, date] = field(default_factory=dict)

    def last(self, person: str, subject: str, kinds: Iterable[Kind]) -> date | None:
        """The last day on which this person was told of this subject in one of these ways."""
        return max((day for kind in kinds if (day := self.said.get((person, kind, subject)))), default=None)


OWN = frozenset(ORDER) - {Kind.MISSED, Kind.RETURN, Kind.NOTES}


def plan(desk: Desk, followers: Iterable[Follower], now: datetime) -> list[Reminder]:
    """What is to be sent now, one message a person and none to whom one was sent today."""
    found = (reminder(desk, follower, now) for follower in followers)
    return [each for each in found if each is not None]


def reminder(desk: Desk, follower: Follower, now: datetime) -> Reminder | None:
    """What this person is to be sent now, if anything."""
    today = follower.open_day(now)
    share = desk.shares.get(follower.id)
    if today is None or share is None or desk.served.get(follower.id, date.min) >= today:
        return None
    lines = [*_own(desk, follower, share, today), *_missed(desk, follower, share, today)]
    lines += _returns(desk, follower, share, today)
    if not lines:
        return None
    after_holiday = any(_across_a_holiday(follower.calendar, line.since, today) for line in lines)
    lines += _besides(desk, follower, share, today, lines, after_holiday)
    return Reminder(follower.id, today, ordered(lines), after_holiday)


def _across_a_holiday(calendar: SchoolCalendar, since: date, today: date) -> bool:
    return any(not calendar.in_term(since + DAY * count) for count in range((today - since).days))


def ordered(lines: Iterable[ReminderLine]) -> tuple[ReminderLine, ...]:
    """Lines as a message has them: the most pressing first."""

    def place(line: ReminderLine) -> tuple[int, date, str]:
        due = line.action.due.date if line.action else None
        return ORDER.index(line.kind), due or date.max, line.subject

    return tuple(sorted(lines, key=place))


def _own(desk: Desk, follower: Follower, share: Share, today: date) -> Iterator[ReminderLine]:
    for action in (*share.own, *share.stand_in):
        last = _last(desk, follower, action)
        line = _line(desk, follower.calendar, action, today, last)
        if line:
            yield replace(line, stand_in=action in share.stand_in)


def _last(desk: Desk, follower: Follower, action: Action) -> date:
    """The last day on which this person was told of this action: at first when it was confirmed."""
    told = action.created.astimezone(follower.zone).date()
    return max(told, desk.last(follower.id, action.id, OWN) or told)


def _line(desk: Desk, calendar: SchoolCalendar, action: Action, today: date, last: date) -> ReminderLine | None:
    """What is to be said of an action today, when it was last spoken of on that day."""
    if action.state is State.DEFERRED or (action.snoozed_until and today < action.snoozed_until):
        return None
    if action.snoozed_until and last < action.snoozed_until:
        return ReminderLine(_standing(action, today), action.id, action.snoozed_until, action)
    if action.due.date is None:
        return _asked(desk, calendar, action, today, last)
    due = action.due.date
    eve = calendar.school_day_until(due)
    before = calendar.school_days_before(eve, BEFORE)
    if due < today:
        since = eve if last < eve else last + WEEK
        return ReminderLine(Kind.OVERDUE, action.id, since, action) if since <= today else None
    if last >= (eve if eve <= today else before):
        return None
    if eve <= today:
        return ReminderLine(Kind.TODAY, action.id, eve, action)
    return ReminderLine(Kind.SOON, action.id, before, action) if before <= today else None


def _standing(action: Action, today: date) -> Kind:
    due = action.due.date
    if due is None or due > today:
        return Kind.AGAIN
    return Kind.OVERDUE if due < today else Kind.TODAY


def _asked(desk: Desk, calendar: SchoolCalendar, action: Action, today: date, last: date) -> ReminderLine | None:
    """As soon as possible, ongoing or without a day: asked at each next meeting of the body, not in between. Where no
    meeting is known, once a fortnight."""
    met = desk.gatherings.get(action.body.key, ())
    if found := asking(met, calendar, action, today):
        day, gathering = found
        return ReminderLine(Kind.ASKED, action.id, day, action, gathering) if last < day else None
    if any(each.day > today for each in met):
        return None
    since = max(_stood(met, action), last) + FORTNIGHT
    return ReminderLine(Kind.ASKED, action.id, since, action) if since <= today else None


def asking(
    met: Sequence[Gathering], calendar: SchoolCalendar, action: Action, today: date
) -> tuple[date, Gathering] | None:
    """The latest meeting at which this action is asked about, and the school day of that or before it; None before the
    first such day."""
    stood = _stood(met, action)
    found = ((calendar.school_day_until(each.day), each) for each in met if each.day > stood)
    return max(((day, each) for day, each in found if stood < day <= today), default=None, key=lambda one: one[0])


def _stood(met: Sequence[Gathering], action: Action) -> date:
    """The day of the last meeting whose notes have this action."""
    days = (each.day for each in met if each.meeting and each.meeting.id == action.meeting)
    return max(days, default=action.raised)


def _missed(desk: Desk, follower: Follower, share: Share, today: date) -> Iterator[ReminderLine]:
    """Actions that stood undone through two meetings after they were due: the chair is told once, privately."""
    known = {each.id for each in (*share.own, *share.stand_in)}
    for action in share.chaired:
        if action.id in known or action.state in (State.ONGOING, State.DEFERRED):
            continue
        missed = [each.day for each in desk.gatherings.get(action.body.key, ()) if _missed_at(action, each, today)]
        if len(missed) < MISSED_MEETINGS:
            continue
        since = missed[MISSED_MEETINGS - 1] + DAY
        last = desk.last(follower.id, action.id, [Kind.MISSED])
        if last is None or last < since:
            yield ReminderLine(Kind.MISSED, action.id, since, action)


def _missed_at(action: Action, gathering: Gathering, today: date) -> bool:
    due = action.due.date
    after_due = gathering.day > action.raised and (due is None or gathering.day >= due)
    return after_due and gathering.took_place(today)


def _returns(desk: Desk, follower: Follower, share: Share, today: date) -> Iterator[ReminderLine]:
    """A school's return after its meeting, from the next school day on; where there are no notes yet, those."""
    for gathering in share.returns:
        known = gathering.meeting.confirmed.astimezone(follower.zone).date() if gathering.meeting else gathering.day
        since = follower.calendar.school_day_from(max(gathering.day + DAY, known))
        if not since <= today <= since + RETURN_LASTS:
            continue
        kind = Kind.RETURN if gathering.meeting else Kind.NOTES
        if desk.last(follower.id, gathering.subject, [kind]) is None:
            yield ReminderLine(kind, gathering.subject, since, gathering=gathering)


def _besides(
    desk: Desk, follower: Follower, share: Share, today: date, lines: Sequence[ReminderLine], after_holiday: bool
) -> Iterator[ReminderLine]:
    """What goes along with a message that is sent anyway: overdue actions whose week is nearly round, so that they come
    together from then on; after a holiday all that is overdue, and what is due within the week."""
    named = {line.subject for line in lines}
    for action in (*share.own, *share.stand_in):
        due = action.due.date
        quiet = action.state is State.DEFERRED or (action.snoozed_until and today < action.snoozed_until)
        if action.id in named or due is None or quiet:
            continue
        last = _last(desk, follower, action)
        stand_in = action in share.stand_in
        if due < today and (after_holiday or last + JOINS <= today):
            yield ReminderLine(Kind.OVERDUE, action.id, today, action, stand_in=stand_in)
        elif after_holiday and today <= due < today + WEEK:
            kind = Kind.TODAY if due == today else Kind.SOON
            yield ReminderLine(kind, action.id, today, action, stand_in=stand_in)
