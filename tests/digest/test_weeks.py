"""When a digest is due: school weeks, moved days, holidays, late ones, the clocks' change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.model import Setup
from bot.digest.schedule import WEEK, due, monday_of, next_slot, school_weeks, slot_of, week_of
from tests.digest.year import LONDON, TRUST

CALENDAR = TRUST.calendar("oak")
MONDAYS = Setup("execs", "monday", time(8, 0))
FRIDAYS = Setup("heads", "friday", time(15, 0))


def at(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("monday", "day", "on"),
    [
        ("2026-11-16", "monday", "2026-11-16"),
        ("2026-08-31", "monday", "2026-09-01"),  # a bank holiday, then the first day of term
        ("2026-12-14", "friday", "2026-12-18"),
        ("2027-03-22", "friday", "2027-03-25"),  # the term ends on Thursday
        ("2027-05-03", "monday", "2027-05-04"),  # a bank holiday
        ("2026-10-26", "monday", None),  # half term
    ],
)
def test_the_day(monday: str, day: str, on: str | None) -> None:
    found = slot_of(date.fromisoformat(monday), day, time(8, 0), CALENDAR, LONDON)  # type: ignore[arg-type]
    assert (found.at.date().isoformat() if found else None) == on


def test_the_first_after_a_holiday_says_so() -> None:
    for monday, after in (("2026-11-02", True), ("2026-11-09", False), ("2027-01-04", True), ("2026-08-31", True)):
        found = slot_of(date.fromisoformat(monday), "monday", time(8, 0), CALENDAR, LONDON)
        assert found
        assert found.after_holiday == after


@pytest.mark.parametrize(
    ("now", "week"),
    [
        (at("2026-11-16", "07:59"), None),
        (at("2026-11-16", "08:00"), "2026-W47"),
        (at("2026-11-16", "19:00"), None),
        (at("2026-11-20", "09:00"), "2026-W47"),
        (at("2026-11-21", "12:00"), None),
        (at("2026-10-28", "12:00"), None),
    ],
)
def test_due(now: datetime, week: str | None) -> None:
    found = due(MONDAYS, now, CALENDAR, LONDON)
    assert (found.week if found else None) == week


def test_a_fridays_digest_is_caught_up_in_the_week_after_it() -> None:
    found = due(FRIDAYS, at("2026-11-23", "09:00"), CALENDAR, LONDON)
    assert found
    assert found.week == "2026-W47"
    assert due(FRIDAYS, at("2026-11-27", "14:59"), CALENDAR, LONDON) is None
    again = due(FRIDAYS, at("2026-11-27", "15:00"), CALENDAR, LONDON)
    assert again
    assert again.week == "2026-W48"


def test_paused_or_not_begun() -> None:
    now = at("2026-11-16", "09:00")
    assert due(replace(MONDAYS, paused=True), now, CALENDAR, LONDON) is None
    assert due(replace(MONDAYS, since=at("2026-11-16", "08:30")), now, CALENDAR, LONDON) is None
    assert due(replace(MONDAYS, since=at("2026-11-16", "07:30")), now, CALENDAR, LONDON)


@pytest.mark.parametrize(
    ("monday", "utc"), [("2026-10-19", 7), ("2026-11-02", 8), ("2027-03-22", 8), ("2027-04-12", 7)]
)
def test_it_is_the_walls_clock_that_counts(monday: str, utc: int) -> None:
    found = slot_of(date.fromisoformat(monday), "monday", time(8, 0), CALENDAR, LONDON)
    assert found
    assert found.at.astimezone(UTC).hour == utc


def test_the_next_one() -> None:
    found = next_slot(MONDAYS, at("2026-12-18", "12:00"), CALENDAR, LONDON)
    assert found
    assert found.at == at("2027-01-04", "08:00")


def test_charted_weeks_are_school_weeks() -> None:
    found = school_weeks(date(2026, 11, 9), 4, CALENDAR)
    assert found == (date(2026, 10, 12), date(2026, 10, 19), date(2026, 11, 2), date(2026, 11, 9))


@given(st.integers(0, 600_000), st.sampled_from([MONDAYS, FRIDAYS]))
def test_what_is_due_is_past_for_less_than_a_week_and_the_weeks_own(minutes: int, setup: Setup) -> None:
    now = at("2026-08-01", "00:00") + timedelta(minutes=minutes)
    found = due(setup, now, CALENDAR, LONDON)
    if found:
        assert found.at <= now < found.at + WEEK
        assert week_of(found.at.date()) == found.week
        assert monday_of(found.at.date()) == found.monday
        assert now - found.at < timedelta(days=7)
