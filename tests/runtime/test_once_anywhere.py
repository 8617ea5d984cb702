"""Kills, dropped replies, clocks that are wrong and backups that are put back, at random: each message stands once."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.demo.workspace.state import BOT_USER
from bot.runtime import db
from tests.backups import back_up, restore
from tests.meetings.following import HERE, LONDON, TRUST, Desk, at, desk, keep, meeting
from tests.meetings.followup_process import PAUSE, Nursery, alive, processes, write
from tests.meetings.test_followup_killed import term
from tests.runtime.once_process import ticking

FIRST = date(2026, 9, 7)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
TIMES = ("07:50", "08:01", "15:02")
CHANNELS = {"oak-slt": ("ann", "hal", "sam"), "elm-heads": ("rex",)}
AHEAD = (timedelta(minutes=11), timedelta(minutes=-11), timedelta(hours=5), timedelta(weeks=12), timedelta(weeks=-3))
METHODS = ("chat.postMessage", "chat.postMessage", "chat.postMessage", "conversations.history", "conversations.open",
           "api.test", "dnd.info", "files.completeUploadExternal")  # fmt: skip
FAULTS: tuple[dict[str, Any], ...] = (
    {"status": 500}, {"error": "internal_error"}, {"drop": "before"}, {"drop": "after"}, {"drop": "after"},
)  # fmt: skip
SLOW = ("chat.postMessage", "conversations.open", "conversations.history")


@dataclass
class Life:
    """Days that go by over a bot which is troubled at random; undisturbed without `dice`."""

    office: Desk
    home: Path
    days: int
    dice: random.Random | None = None
    nursery: Nursery | None = None
    child: int = 0
    backed_up: bool = False
    troubles: Counter[str] = field(default_factory=Counter)

    def live(self) -> None:
        """All the days, and what is recorded on them."""
        records = term()
        # What was due before the bot first looked is not caught up.
        self._tick(at((FIRST - DAY).isoformat(), "13:00"))
        for count in range(self.days):
            day = FIRST + DAY * count
            for clock in TIMES if day.weekday() < 5 else ("12:00",):
                self._moment(at(day.isoformat(), clock))
            if day.weekday() == 0 and TRUST.calendar("oak").is_school_day(day):
                keep(self.office.engine, meeting(day.isoformat()))
            if records.get(day):
                keep(self.office.engine, *records[day])
                # Records that people put in after the backup are put in again; nothing else is.
                self.backed_up = False

    def _moment(self, moment: datetime) -> None:
        if not self.dice:
            self._tick(moment)
            return
        if self.dice.random() < 0.25:
            self._end()
            self.backed_up = True
            back_up(self.home)
        before = self.troubles.total()
        for trouble in (self._skew, self._fault):
            if self.dice.random() < 0.3:
                trouble(self.dice)
        if self.nursery and self.dice.random() < 0.3:
            self._kill(moment, self.dice)
        self._tick(moment)
        self.office.ahead = timedelta()
        self.office.workspace.faults.clear()
        if self.backed_up and self.dice.random() < 0.3:
            self._end()
            restore(self.home)
            self.troubles["backups put back"] += 1
        # What failed is made good when it is no longer held back.
        for later in (MINUTE, 12 * MINUTE) if self.troubles.total() > before else ():
            self._tick(moment + later)

    def _skew(self, dice: random.Random) -> None:
        self.office.ahead = dice.choice(AHEAD)
        self.troubles["clocks that were wrong"] += 1

    def _fault(self, dice: random.Random) -> None:
        self.office.workspace.fail(dice.choice(METHODS), dice.choice((1, 2, 3)), **dice.choice(FAULTS))
        self.troubles["failures of Slack"] += 1

    def _kill(self, moment: datetime, dice: random.Random) -> None:
        """`kill -9` within a call to Slack."""
        assert self.nursery
        worst, calls = dice.choice(SLOW), len(self.office.workspace.calls)
        self.office.workspace.fail(worst, seconds=5)
        self._begin(moment)
        while not self.nursery.ticked(self.child, moment):
            if any(call.method == worst for call in self.office.workspace.calls[calls:]):
                break
            time.sleep(PAUSE)
        self._end()
        self.office.workspace.faults.clear()
        self.troubles["kills"] += 1

    def _begin(self, moment: datetime) -> None:
        self.office.clock[0] = moment
        assert self.nursery
        write(self.nursery.clock.with_name("ahead"), str(self.office.ahead.total_seconds()))
        self.nursery.set(moment)
        if not self.child:
            self.child = self.nursery.start()

    def _end(self) -> None:
        """No process is at work: its database may be copied and put back."""
        if self.nursery and self.child:
            self.nursery.kill(self.child)
        self.child = 0
        self.office.engine.dispose()

    def _tick(self, moment: datetime) -> None:
        self.office.clock[0] = moment
        if self.nursery:
            self._begin(moment)
            deadline = time.monotonic() + 60
            while not self.nursery.ticked(self.child, moment):
                if time.monotonic() > deadline or not alive(self.child):
                    raise TimeoutError(f"no tick at {moment}")
                time.sleep(PAUSE)
            return
        workspace = self.office.workspace
        ticking(self.office.engine, workspace.bot_token, workspace.api_url, self.office.now)()


@contextmanager
def trust_at(folder: Path) -> Iterator[tuple[Desk, Path]]:
    """The small trust's workspace, with an empty home."""
    home = folder / "home"
    home.mkdir()
    engine: Engine = db.make_engine(f"sqlite:///{home / 'records.sqlite'}")
    db.upgrade(engine)
    with desk(engine, at((FIRST - DAY).isoformat(), "12:00")) as office:
        for name, members in CHANNELS.items():
            office.workspace.add_channel(name, members, private=True)
        yield office, home
    engine.dispose()


def standing(office: Desk) -> dict[str, list[tuple[date, str]]]:
    """Everything that the bot wrote: to each person and in each channel, on which day and under which key."""
    found = {}
    places = {person: office.sent(person) for person in HERE}
    places |= {name: [each for each in office.workspace.messages(name) if each.user == BOT_USER] for name in CHANNELS}
    for place, messages in places.items():
        found[place] = [
            (
                datetime.fromtimestamp(float(each.ts), LONDON).date(),
                str((each.metadata or {}).get("event_payload", {}).get("key", each.files and "file")),
            )
            for each in messages
        ]
    return found


def undisturbed(folder: Path, days: int) -> dict[str, list[tuple[date, str]]]:
    """What stands there in the end where nothing ever goes wrong."""
    with trust_at(folder) as (office, home):
        Life(office, home, days).live()
        found = standing(office)
    assert sum(map(len, found.values())) > days / 2
    return found


def disturbed(folder: Path, days: int, seed: int, *, kills: bool) -> tuple[dict[str, list[tuple[date, str]]], str]:
    """The same where nearly everything does, and what did."""
    with trust_at(folder) as (office, home):
        life = Life(office, home, days, random.Random(seed))
        if kills:
            url = str(office.engine.url)
            with processes(url, office.workspace, folder, office.clock[0], "tests.runtime.once_process") as nursery:
                life.nursery = nursery
                life.live()
        else:
            life.live()
        return standing(office), ", ".join(f"{count} {what}" for what, count in sorted(life.troubles.items()))


def test_a_week(tmp_path: Path) -> None:
    for name in ("calm", "storm"):
        (tmp_path / name).mkdir()
    wanted = undisturbed(tmp_path / "calm", 8)
    found, troubles = disturbed(tmp_path / "storm", 8, 1, kills=False)
    assert found == wanted, troubles


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [0])
def test_six_weeks(tmp_path: Path, seed: int) -> None:
    for name in ("calm", "storm"):
        (tmp_path / name).mkdir()
    wanted = undisturbed(tmp_path / "calm", 42)
    found, troubles = disturbed(tmp_path / "storm", 42, seed, kills=True)
    assert found == wanted, troubles
    print(f"\nseed {seed}: {sum(map(len, found.values()))} messages, each once, over {troubles}")
