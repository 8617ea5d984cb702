"""The next agenda of a body: standard items with what is open under each, matters arising with their age, and the
decisions that are needed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from bot.meetings.model import Action, Body, Meeting, Return, State, ordinal
from bot.meetings.notes.draft import DraftItem
from ingest.minutes.items import standard

ALSO = "also"
NEEDED = "decisions"


@dataclass(frozen=True, slots=True)
class Matter:
    """An open action as it stands on an agenda. `age` counts this meeting too; 1 is one that was never on any."""

    action: Action
    age: int
    overdue: bool

    @property
    def age_in_words(self) -> str:
        """Third meeting; empty for a new one."""
        return f"{ordinal(self.age)} meeting" if self.age > 1 else ""


@dataclass(frozen=True, slots=True)
class AgendaPoint:
    """One standard item with the open actions under it and what schools or the last notes ask for there."""

    id: str
    name: str
    priority: str
    matters: tuple[Matter, ...] = ()
    asks: tuple[AgendaPrompt, ...] = ()


@dataclass(frozen=True, slots=True)
class AgendaPrompt:
    """A wish or a decision that is needed, in the words of the notes or the return that it comes from."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Agenda:
    """A draft agenda. `matters` are all open actions, the oldest first; `points` show them again under their items.
    `marked` is what leaders marked for it, as in the weekly digest."""

    body: Body
    date: datetime.date | None
    last: Meeting | None
    points: tuple[AgendaPoint, ...]
    matters: tuple[Matter, ...]
    needed: tuple[AgendaPrompt, ...]
    marked: tuple[AgendaPrompt, ...] = ()

    @property
    def overdue(self) -> int:
        """How many of the matters are overdue."""
        return sum(matter.overdue for matter in self.matters)


def build(
    body: Body,
    day: datetime.date | None,
    today: datetime.date,
    items: Sequence[tuple[str, str, str]],
    live: Sequence[Action],
    last: Meeting | None,
    said: Sequence[DraftItem],
    returns: Sequence[Return],
) -> Agenda:
    """Put an agenda together. `items` are (id, name, priority) of the standard ones; `said` is what the last notes
    say; `returns` are those sent since. A confidential action is on no agenda that others read."""
    names = [(ident, name) for ident, name, _ in items]
    matters = [
        Matter(action, action.meetings + 1, action.overdue(today)) for action in live if not action.part_b
    ]  # fmt: skip
    matters.sort(key=lambda each: (-each.age, each.action.due.date or datetime.date.max, each.action.id))
    place = {matter.action.id: standard(f"{matter.action.heading or matter.action.task}", names) for matter in matters}
    asks = [(ident, ask) for ident, ask in _asks(said, last, returns) if ask.text]
    points = tuple(
        AgendaPoint(
            ident, name, priority,
            tuple(each for each in matters if place[each.action.id] == ident),
            tuple(ask for key, ask in asks if key == ident),
        )
        for ident, name, priority in items if ident != NEEDED
    )  # fmt: skip
    deferred = [
        AgendaPrompt(each.action.task, f"deferred: {each.action.reason}")
        for each in matters
        if each.action.state is State.DEFERRED
    ]
    needed = tuple(dict.fromkeys([*(ask for key, ask in asks if key == NEEDED), *deferred]))
    return Agenda(body, day, last, points, tuple(matters), needed)


def _asks(
    said: Sequence[DraftItem], last: Meeting | None, returns: Sequence[Return]
) -> list[tuple[str | None, AgendaPrompt]]:
    found: list[tuple[str | None, AgendaPrompt]] = []
    for item in said if last else ():
        source = f"notes of {last.title}" if last else ""
        texts = (*item.asks, *item.hard, *item.went_well) if item.id == NEEDED else item.asks
        found.extend((item.id, AgendaPrompt(text, source)) for text in texts)
    for sent in returns:
        source = f"return after {sent.meeting.title}"
        found.extend((told.id, AgendaPrompt(told.ask, source)) for told in sent.items if told.ask)
    return found
