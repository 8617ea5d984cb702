"""The machine's clock is weeks ahead for a tick, or minutes fast for long: nothing closes, goes or comes early."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.config.trust import load
from bot.demo.sample import TRUST_FILE
from bot.demo.sample.term import seed
from tests.scenarios.conftest import said
from tests.scenarios.meetings.office import LONDON, Staffroom, staffroom_at
from tests.scenarios.pulse.office import EVERYBODY, Hall, hall_at

WEEKS, MINUTE = timedelta(weeks=12), timedelta(minutes=1)
TABLES = ("answers", "inbox", "posts", "audit", "meeting_notes", "meeting_drafts", "actions")


def counts(room: Staffroom) -> dict[str, int]:
    """How many records of each kind are kept."""
    with room.engine.connect() as connection:
        return {table: int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()) for table in TABLES}


def leap(room: Staffroom) -> None:
    """A tick at which the machine's clock is twelve weeks ahead; it is right again afterwards."""
    room.clock.ahead = WEEKS
    room.tick()
    room.clock.ahead = timedelta()


def digests(room: Staffroom, channel: str = "executive") -> list[str]:
    """The digests of a channel by the day that they name."""
    there = room.workspace.messages(channel)
    found = (re.match(r"Weekly digest, \d+ \w+ \d{4}", each.text) for each in there if not each.thread_ts)
    return [each[0] for each in found if each]


@pytest.fixture
def sample(home: Path) -> Iterator[Staffroom]:
    """The sample trust on the Sunday before a Monday with a digest."""
    with staffroom_at(home, TRUST_FILE.read_text(encoding="utf-8")) as room:
        room.clock.now = datetime(2026, 11, 15, 12, 0, tzinfo=LONDON)
        assert room.open()
        seed(room.engine, load(TRUST_FILE), room.clock.now)
        room.tick()
        yield room


def test_a_leap_for_one_tick_posts_nothing_early_and_silences_nothing(sample: Staffroom) -> None:
    # The machine's clock says it is a Monday in February.
    sample.clock.now = datetime(2026, 11, 16, 7, 30, tzinfo=LONDON)
    leap(sample)
    assert digests(sample) == []
    for day in (16, 23, 30):
        sample.clock.now = datetime(2026, 11, day, 8, 1, tzinfo=LONDON)
        sample.tick()
        sample.tick()
    assert digests(sample) == [f"Weekly digest, {day} November 2026" for day in (16, 23, 30)]


def test_the_administrator_is_told_of_the_clock_once(sample: Staffroom) -> None:
    (keeper, *_) = [each.id for each in load(TRUST_FILE).people if "administrator" in each.roles]
    sample.clock.ahead = 11 * MINUTE
    sample.clock.now = datetime(2026, 11, 16, 8, 2, tzinfo=LONDON)
    for _ in range(3):
        sample.tick()
    (told,) = [each for each in sample.direct(keeper) if "clock of the machine" in said(each)]
    assert "11 minutes ahead of Slack's" in said(told)
    assert digests(sample) == ["Weekly digest, 16 November 2026"]
    sample.clock.ahead = timedelta()
    sample.tick()
    sample.clock.ahead = 11 * MINUTE
    sample.tick()
    assert len([each for each in sample.direct(keeper) if "clock of the machine" in said(each)]) == 2


@pytest.mark.parametrize("drop", ["before", "after"])
def test_minutes_fast_beside_a_dropped_reply(sample: Staffroom, drop: str) -> None:
    sample.clock.ahead = 11 * MINUTE
    sample.clock.now = datetime(2026, 11, 16, 7, 55, tzinfo=LONDON)
    sample.tick()
    assert digests(sample) == [], "it is not eight yet by Slack's clock"
    sample.workspace.fail("chat.postMessage", drop=drop)  # type: ignore[arg-type]
    for minute in (1, 3):
        sample.clock.now = datetime(2026, 11, 16, 8, minute, tzinfo=LONDON)
        sample.tick()
    assert digests(sample) == ["Weekly digest, 16 November 2026"]


def test_nothing_is_purged_and_no_pulse_closes_by_a_clock_that_is_ahead(home: Path) -> None:
    with hall_at(home) as hall:
        hall.asked()
        for person in EVERYBODY[:8]:
            hall.answer(person)
        hall.room.rest()
        hall.at("2026-11-10T08:00")
        kept = counts(hall.room)
        leap(hall.room)
        assert counts(hall.room) == kept
        assert running(hall)
        # Slack does not say what time it is meanwhile.
        hall.room.workspace.fail("api.test", 50, status=503)
        leap(hall.room)
        hall.room.workspace.faults.clear()
        assert counts(hall.room) == kept
        assert running(hall)
        hall.at("2026-11-18T08:00")
        assert "Weakest test" in hall.words()


def running(hall: Hall) -> bool:
    """Whether the wave is open."""
    with hall.room.engine.connect() as connection:
        return connection.execute(text("SELECT state FROM pulse_waves")).scalar_one() == "open"


def test_nothing_ticks_before_slack_has_said_the_time(home: Path) -> None:
    with hall_at(home) as hall:
        hall.asked()
        hall.room.close()
        hall.room.clock.ahead = WEEKS
        hall.room.workspace.fail("api.test", 2, status=503)
        hall.room.open()
        hall.room.tick()
        assert running(hall)
        hall.room.tick()
        assert running(hall)


def test_a_purge_from_the_command_line_goes_by_slacks_clock(home: Path) -> None:
    from bot import app

    with hall_at(home) as hall:
        hall.asked()
        hall.room.rest()
        hall.room.close()
        hall.room.clock.now = datetime.now(LONDON) - timedelta(days=400)
        kept = counts(hall.room)
        app.purge(hall.room.settings)
        assert counts(hall.room) == kept
