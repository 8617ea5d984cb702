"""A reminder stands in Slack once, and none is lost, whatever the database and the clock say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.backups import back_up, restore
from tests.meetings.following import HERE, TRUST, Desk, action, at, desk, keep, meeting

WEEKS = timedelta(weeks=12)


@pytest.fixture
def office(sqlite_engine: Engine) -> Iterator[Desk]:
    with desk(sqlite_engine, at("2026-11-02", "18:00")) as office:
        kept = [action(f"a{day:02}", "hal", f"2026-11-{day:02}", "2026-11-02") for day in (9, 10, 11, 12)]
        keep(office.engine, meeting("2026-11-02"), *kept)
        yield office


def words(office: Desk) -> list[tuple[str, str]]:
    """What hal was sent on which day."""
    return list(zip(office.days("hal"), [message.text for message in office.sent("hal")], strict=True))


def test_a_backup_from_before_todays_reminder_is_restored(office: Desk) -> None:
    home = Path(str(office.engine.url.database)).parent
    office.tick(at("2026-11-09"))
    back_up(home)
    office.tick(at("2026-11-10"))
    before = words(office)
    assert [day for day, _ in before] == ["2026-11-09", "2026-11-10"]
    office.engine.dispose()
    restore(home)
    office.tick(at("2026-11-10", "09:00"), at("2026-11-10", "15:00"))
    assert words(office) == before
    office.tick(at("2026-11-11"))
    assert [day for day, _ in words(office)] == ["2026-11-09", "2026-11-10", "2026-11-11"]


def test_a_backup_of_days_ago_is_restored(office: Desk) -> None:
    """What was said since is not said again, and what is still to be said is."""
    home = Path(str(office.engine.url.database)).parent
    back_up(home)
    office.tick(*(at(f"2026-11-{day:02}") for day in (6, 9, 10, 11)))
    before = words(office)
    assert len(before) == 4
    office.engine.dispose()
    restore(home)
    office.tick(at("2026-11-11", "09:00"), at("2026-11-11", "09:01"), at("2026-11-12"), at("2026-11-12", "08:01"))
    assert words(office)[:-1] == before
    assert "Task a12" in words(office)[-1][1]
    assert "Task a09" not in words(office)[-1][1], "it is overdue, and its week is not round"


@pytest.mark.parametrize("drop", ["before", "after"])
def test_a_clock_that_is_fast_beside_a_dropped_reply(office: Desk, drop: str) -> None:
    office.workspace.fail("chat.postMessage", drop=drop)  # type: ignore[arg-type]
    office.ahead = timedelta(minutes=11)
    office.tick(at("2026-11-09"))
    office.ahead = timedelta()
    office.tick(at("2026-11-09", "08:05"), at("2026-11-09", "09:00"))
    assert office.days("hal") == ["2026-11-09"]
    for person in HERE:
        assert len(office.days(person)) == len(set(office.days(person))), person


def test_a_tick_of_a_clock_that_is_twelve_weeks_ahead_loses_no_reminder(office: Desk) -> None:
    office.ahead = WEEKS
    office.tick(at("2026-11-09", "08:00"))
    told = len(office.sent("hal"))
    office.ahead = timedelta()
    after = date(2026, 11, 9) + WEEKS
    keep(office.engine, action("late", "hal", after.isoformat(), "2026-11-02"))
    for day in ("2026-11-16", "2026-11-17"):
        office.tick(at(day))
    assert len(office.sent("hal")) > told, "what is overdue is said again when its week is round"
    assert TRUST.calendar("oak").is_school_day(after)
    office.tick(at(after.isoformat()))
    assert after.isoformat() in office.days("hal")
    assert "Task late" in office.sent("hal")[-1].text
