"""A clock that moves on, and the moments of a school's year that it can be moved to."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.demo.workspace.movable_clock import MovableClock
from bot.demo.workspace.page import days
from knowledge.school.calendar import Days, SchoolCalendar, SchoolTerm

LONDON = ZoneInfo("Europe/London")
CALENDAR = SchoolCalendar.of(
    [
        SchoolTerm("Autumn 2026", date(2026, 9, 1), date(2026, 12, 18), Days(date(2026, 10, 26), date(2026, 10, 30))),
        SchoolTerm("Spring 2027", date(2027, 1, 4), date(2027, 3, 25), Days(date(2027, 2, 15), date(2027, 2, 19))),
    ],
    [date(2027, 1, 4)],
)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LONDON)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("now", "move", "then"),
    [
        (at(2026, 11, 25, 6, 0), days.next_morning, at(2026, 11, 25, 7, 45)),
        (at(2026, 11, 25, 7, 45), days.next_morning, at(2026, 11, 26, 7, 45)),
        (at(2026, 11, 27, 12, 0), days.next_morning, at(2026, 11, 30, 7, 45)),
        (at(2026, 10, 23, 12, 0), days.next_morning, at(2026, 11, 2, 7, 45)),
        (at(2026, 11, 27, 12, 0), days.monday, at(2026, 11, 30, 7, 45)),
        (at(2026, 11, 30, 7, 0), days.monday, at(2026, 11, 30, 7, 45)),
        (at(2026, 11, 30, 7, 45), days.monday, at(2026, 12, 7, 7, 45)),
        (at(2026, 10, 22, 9, 0), days.monday, at(2026, 11, 2, 7, 45)),
        (at(2026, 12, 17, 9, 0), days.monday, at(2027, 1, 11, 7, 45)),
        (at(2026, 9, 7, 9, 0), days.last_day, at(2026, 10, 23, 7, 45)),
        (at(2026, 11, 27, 9, 0), days.last_day, at(2026, 12, 18, 7, 45)),
        (at(2026, 12, 18, 9, 0), days.last_day, at(2027, 2, 12, 7, 45)),
        (at(2026, 9, 7, 9, 0), days.after_holiday, at(2026, 11, 2, 7, 45)),
        (at(2026, 12, 23, 9, 0), days.after_holiday, at(2027, 1, 5, 7, 45)),
        (at(2026, 10, 23, 12, 0), days.hour, at(2026, 10, 23, 13, 0)),
    ],
)
def test_a_move_leads_to_the_morning_that_it_names(now: datetime, move: days.Moment, then: datetime) -> None:
    assert move(now, CALENDAR) == then


def test_without_terms_there_is_a_next_morning_but_no_holiday_to_go_to() -> None:
    now = at(2026, 11, 27, 9, 0)
    offered = {each.name for each in days.moves() if each.moment(now, SchoolCalendar())}
    assert offered == {"hour", "morning", "monday"}


@pytest.mark.parametrize(
    ("now", "start"),
    [
        (at(2026, 11, 25, 15, 0), at(2026, 11, 25, 15, 0)),
        (at(2026, 11, 28, 15, 0), at(2026, 11, 30, 9, 45)),
        (at(2026, 10, 27, 15, 0), at(2026, 11, 2, 9, 45)),
        (at(2031, 8, 1, 15, 0), at(2026, 11, 24, 9, 45)),
    ],
)
def test_a_demo_starts_today_if_school_is_on_else_on_a_school_day(now: datetime, start: datetime) -> None:
    assert days.school_day_near(now, CALENDAR, date(2026, 11, 24)) == start


def test_a_clock_goes_on_from_where_it_is_moved_to_and_never_back() -> None:
    real = [1000.0]
    clock = MovableClock(5000.0, lambda: real[0])
    real[0] += 7
    assert clock() == 5007.0
    clock.move_to(datetime.fromtimestamp(9000, UTC))
    real[0] += 1
    assert clock() == 9001.0
    with pytest.raises(ValueError, match="only goes forwards"):
        clock.move_to(datetime.fromtimestamp(8000, UTC))
    assert clock.now(LONDON) == datetime.fromtimestamp(9001, UTC)
