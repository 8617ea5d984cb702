"""The whole loop over a term: notes, actions, reminders, snooze, done, carried over, asked again after the holidays."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from bot.demo.workspace.state import Message
from bot.slack.trustbot import Trustbot
from tests.meetings.conftest import SECOND
from tests.scenarios.conftest import said
from tests.scenarios.meetings.office import LONDON, Staffroom, staffroom_at

PEOPLE = ("ann", "hal", "eve")


class Term:
    """The bot at work while days go by; what each day brings to each person."""

    def __init__(self, room: Staffroom, bot: Trustbot) -> None:
        self.room, self.bot = room, bot

    def at(self, day: str, clock: str = "08:00") -> dict[str, list[Message]]:
        """What comes when the clock shows this time, twice over."""
        self.room.clock.now = datetime.fromisoformat(f"2026-{day}T{clock}").replace(tzinfo=LONDON)
        return self._tick()

    def until(self, day: date) -> dict[date, dict[str, list[Message]]]:
        """What comes each morning up to and with this day."""
        found = {}
        while self.room.clock.now.date() < day:
            morning = (self.room.clock.now + timedelta(days=1)).replace(hour=8, minute=0)
            self.room.clock.now = morning
            if came := self._tick():
                found[morning.date()] = came
        return found

    def _tick(self) -> dict[str, list[Message]]:
        before = {person: len(self.room.direct(person)) for person in PEOPLE}
        self.bot.clock.strike()
        self.room.clock.now += timedelta(minutes=1)
        self.bot.clock.strike()
        found = {person: self.room.direct(person)[count:] for person, count in before.items()}
        return {person: messages for person, messages in found.items() if messages}


def test_a_term_of_following_up(home: Path) -> None:
    with staffroom_at(home) as room:
        term = Term(room, room.open())
        hal, eve = room.workspace.as_user("hal"), room.workspace.as_user("eve")
        room.confirmed()

        (first,) = term.at("11-03")["ann"]
        assert "two-minute return" in said(first)
        assert list(term.at("11-04")) == ["hal"]
        due = term.at("11-06")
        assert list(due) == ["hal"]
        assert "Due today" in said(due["hal"][0])
        (ring,) = [ident for ident in _actions(due["hal"][0]) if ident]
        assert hal.click(due["hal"][0], "meetings.snooze", f"next meeting:{ring}").ok
        room.rest()

        asked = term.at("11-09")
        assert set(asked) == {"ann", "hal"}
        assert "Mend the fence" in said(asked["ann"][0])
        assert "reaches none of its owners" in said(asked["ann"][0])
        assert "Overdue" in said(asked["hal"][0])

        room.clock.now = datetime(2026, 11, 9, 18, 0, tzinfo=LONDON)
        room.confirmed(SECOND)
        term.at("11-10")
        soon = term.at("11-11")
        assert set(soon) == {"ann", "eve"}
        (visit,) = _actions(soon["eve"][0])
        assert eve.click(soon["eve"][0], "meetings.done", visit).ok
        room.rest()
        assert set(term.at("11-13")) == {"ann"}

        later = term.until(date(2026, 11, 30))
        assert all(set(came) == {"ann"} for came in later.values())
        assert all(len(messages) == 1 for came in later.values() for messages in came.values())
        assert date(2026, 11, 27) not in later
        assert "second meeting" in said(later[date(2026, 11, 20)]["ann"][0])

        (back,) = term.at("12-09", "10:00")["ann"]
        assert "Overdue" in said(back)
        assert term.at("12-09", "15:00") == {}
        winter = term.until(date(2027, 1, 4))
        assert not any(date(2026, 12, 18) < day < date(2027, 1, 4) for day in winter)
        (welcome,) = winter[date(2027, 1, 4)]["ann"]
        assert "Welcome back" in said(welcome)
        assert "Mend the fence" in said(welcome)
        assert "parents about parking" in said(welcome)


def _actions(message: Message) -> list[str]:
    """The ids of the actions of a reminder."""
    ids = [block["block_id"] for block in message.blocks]
    return [each.removeprefix("meetings.action:") for each in ids if each.startswith("meetings.action:")]
