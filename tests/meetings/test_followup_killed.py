"""A term of reminders with `kill -9` at random and at the worst moments: each reminder exactly once."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bot.meetings.model import Action, State
from bot.runtime import db
from tests.meetings.following import HERE, LONDON, TRUST, Desk, action, at, desk, keep, meeting
from tests.meetings.followup_process import PAUSE, Nursery, processes

FIRST, LAST = date(2026, 9, 7), date(2027, 1, 8)
KILLS = {"sqlite": 60, "postgresql": 20}
MINUTE = timedelta(minutes=1)
WORST = ("dnd.info", "conversations.open", "chat.postMessage", "")
SEED = 20261122


def term() -> dict[date, list[Action]]:
    """What is recorded on which day: actions as they are confirmed, and as people then change them."""
    rng = random.Random(SEED)
    found: dict[date, list[Action]] = {}
    calendar = TRUST.calendar("oak")
    mondays = [day for week in range(15) if calendar.is_school_day(day := FIRST + timedelta(weeks=week))]
    for number, raised in enumerate(each for each in mondays for _ in range(2)):
        due = raised + timedelta(days=rng.randint(2, 30))
        phrase = rng.choice([due.isoformat(), due.isoformat(), due.isoformat(), "asap", "ongoing"])
        owners = rng.choice(["hal", "sam", "ann", "rex", "hal sam", "eli", "Caretaker"])
        made = action(f"a{number}", owners, phrase, raised.isoformat())
        found.setdefault(raised, []).append(made)
        end = raised + timedelta(days=rng.randint(10, 45))
        found.setdefault(end, []).append(replace(made, state=State.DONE))
        if rng.random() < 0.3:
            off = replace(made, snoozed_until=raised + timedelta(days=12))
            found.setdefault(raised + timedelta(days=5), []).append(off)
    return found


def school_days() -> list[date]:
    """Every day of the term, weekends and holidays included, so that they are seen to stay quiet."""
    return [FIRST + timedelta(days=count) for count in range((LAST - FIRST).days + 1)]


def live_through(office: Desk, tick: Callable[[datetime], None]) -> None:
    """Let the term pass: what is confirmed and changed each evening, and ticks in between."""
    records = term()
    for day in school_days():
        for clock in ("07:50", "16:00") if day.weekday() < 5 else ("12:00",):
            office.clock[0] = at(day.isoformat(), clock)
            tick(office.clock[0])
        if day.weekday() == 0 and TRUST.calendar("oak").is_school_day(day):
            keep(office.engine, meeting(day.isoformat()))
        if records.get(day):
            keep(office.engine, *records[day])


def sent(office: Desk) -> dict[str, list[tuple[date, str]]]:
    """What everybody was sent on which day."""
    return {
        person: [
            (datetime.fromtimestamp(float(message.ts), LONDON).date(), message.text) for message in office.sent(person)
        ]
        for person in HERE
    }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[date, str]]]:
    """What is sent over the term where nothing is ever killed."""
    engine = db.make_engine(f"sqlite:///{tmp_path_factory.mktemp('undisturbed') / 'records.sqlite'}")
    db.upgrade(engine)
    with desk(engine, at(FIRST.isoformat())) as office:
        followed = office.follow_up()

        def tick(moment: datetime) -> None:
            followed.tick()

        live_through(office, tick)
        found = sent(office)
    engine.dispose()
    assert sum(map(len, found.values())) > 60
    for messages in found.values():
        days = [day for day, _ in messages]
        assert len(days) == len(set(days))
    return found


class Killer:
    """Ticks in processes of their own, of which many are killed."""

    def __init__(self, office: Desk, nursery: Nursery, kills: int) -> None:
        self.office, self.nursery = office, nursery
        self.rng = random.Random(SEED)
        self.kills, self.most = 0, kills
        self.children = [nursery.start()]
        self.caught = {"planned": 0, "posted": 0}

    def tick(self, moment: datetime) -> None:
        """One tick at this moment; on some mornings the process is killed in it, up to three times, and started."""
        self.nursery.set(moment)
        if moment.hour == 7 and moment.weekday() < 5:
            for _ in range(self.rng.choice((0, 1, 1, 2))):
                if self.kills < self.most:
                    moment = self._kill(moment)
        self.nursery.wait(self.children[0], moment)

    def _kill(self, moment: datetime) -> datetime:
        workspace = self.office.workspace
        worst = self.rng.choice(WORST)
        calls = len(workspace.calls)
        if worst:
            workspace.fail(worst, seconds=5)
        end = time.monotonic() + self.rng.random() * 0.12
        while not self.nursery.ticked(self.children[0], moment):
            slow = worst and any(call.method == worst for call in workspace.calls[calls:])
            if slow or (not worst and time.monotonic() > end):
                break
            time.sleep(PAUSE)
        self.nursery.kill(self.children[0])
        workspace.api.faults.clear()
        self.kills += 1
        self._look()
        self.children[0] = self.nursery.start()
        self.office.clock[0] = moment + MINUTE
        self.nursery.set(moment + MINUTE)
        return moment + MINUTE

    def _look(self) -> None:
        """Count what the killed process left undone."""
        begun = text("SELECT count(*) FROM reminders WHERE sent IS NULL")
        unsure = text("SELECT count(*) FROM posts WHERE ts IS NULL")
        with self.office.engine.connect() as connection:
            self.caught["planned"] += int(connection.execute(begun).scalar_one())
            self.caught["posted"] += int(connection.execute(unsure).scalar_one())


@pytest.fixture
def office(engine: Engine) -> Iterator[Desk]:
    """SQLite, then PostgreSQL."""
    with desk(engine, at(FIRST.isoformat())) as found:
        yield found


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_killed_over_a_term(office: Desk, tmp_path: Path, undisturbed: dict[str, list[tuple[date, str]]]) -> None:
    url = office.engine.url.render_as_string(hide_password=False)
    with processes(url, office.workspace, tmp_path, office.now()) as nursery:
        killer = Killer(office, nursery, KILLS[office.engine.dialect.name])
        live_through(office, killer.tick)
        assert killer.kills == killer.most
        assert killer.caught["planned"] > 1
        assert killer.caught["posted"] > 1
    for person, messages in sent(office).items():
        assert messages == undisturbed[person]
