"""School days, terms and holidays of one school, as plain values; today is always handed in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.trust import load
from bot.demo.sample import TRUST_FILE
from knowledge.school.calendar import (
    Days,
    SchoolCalendar,
    SchoolTerm,
    bank_holidays,
    is_working_day,
    working_days_after,
)

TERMS = (
    SchoolTerm("Summer 2027", date(2027, 4, 12), date(2027, 7, 23), Days(date(2027, 5, 31), date(2027, 6, 4))),
    SchoolTerm("Autumn 2026", date(2026, 9, 1), date(2026, 12, 18), Days(date(2026, 10, 26), date(2026, 10, 30))),
    SchoolTerm("Spring 2027", date(2027, 1, 4), date(2027, 3, 25), Days(date(2027, 2, 15), date(2027, 2, 19))),
)
INSET = (date(2026, 9, 1), date(2026, 10, 23), date(2027, 1, 4), date(2027, 7, 23))
CALENDAR = SchoolCalendar.of(TERMS, INSET)
days = st.dates(date(2026, 9, 1), date(2027, 7, 23))
any_days = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("day", "school"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),
        (date(2026, 10, 23), False),
        (date(2026, 10, 28), False),
        (date(2026, 12, 21), False),
        (date(2027, 5, 3), False),
        (date(2027, 3, 26), False),
    ],
)
def test_weekends_inset_days_breaks_and_bank_holidays_are_no_school_days(day: date, school: bool) -> None:
    assert CALENDAR.is_school_day(day) is school


def test_two_school_days_before_reach_over_a_break_and_an_inset_day() -> None:
    assert CALENDAR.school_days_before(date(2026, 11, 3), 2) == date(2026, 10, 22)
    assert CALENDAR.school_days_before(date(2026, 11, 3), 0) == date(2026, 11, 3)


def test_terms_end_on_their_last_school_day() -> None:
    assert CALENDAR.end_of_term(date(2026, 11, 1)) == date(2026, 12, 18)
    assert CALENDAR.end_of_term(date(2026, 12, 25)) == date(2027, 3, 25)
    assert CALENDAR.end_of_term(date(2027, 6, 10)) == date(2027, 7, 22)
    assert CALENDAR.end_of_term(date(2030, 6, 10)) is None


def test_half_terms_are_the_next_ones() -> None:
    assert CALENDAR.half_term(date(2026, 10, 1)) == Days(date(2026, 10, 26), date(2026, 10, 30))
    assert CALENDAR.half_term(date(2026, 11, 2)) == Days(date(2027, 2, 15), date(2027, 2, 19))
    assert CALENDAR.end_of_half(date(2026, 10, 1)) == date(2026, 10, 22)
    assert CALENDAR.end_of_half(date(2026, 11, 2)) == date(2026, 12, 18)


def test_the_return_is_the_first_school_day_after_the_holiday() -> None:
    assert CALENDAR.first_day_after_holiday(date(2026, 12, 25)) == date(2027, 1, 5)
    assert CALENDAR.first_day_after_holiday(date(2026, 10, 27)) == date(2026, 11, 2)
    assert CALENDAR.first_day_after_holiday(date(2026, 11, 5)) == date(2027, 1, 5)


def test_a_school_with_days_of_its_own_keeps_them_and_the_others_the_trusts() -> None:
    trust = load(TRUST_FILE)
    assert not trust.calendar("riverside").is_school_day(date(2026, 10, 23))
    assert trust.calendar("westbrook").is_school_day(date(2026, 10, 23))
    assert trust.calendar(None).is_school_day(date(2026, 10, 23))
    assert trust.calendar("nowhere") == trust.calendar(None)


def test_a_term_answers_to_its_season_its_year_and_its_number() -> None:
    term = SchoolTerm("Autumn term 2026", date(2026, 9, 1), date(2026, 12, 18))
    assert term.is_called("the autumn term")
    assert term.is_called("Michaelmas 2026")
    assert not term.is_called("Autumn 2027")
    assert not term.is_called("spring")
    assert SchoolTerm("Term 3", date(2026, 9, 1), date(2026, 12, 18)).is_called("term 3")


@pytest.mark.parametrize("day", [date(2026, 12, 28), date(2027, 3, 29), date(2027, 8, 30), date(2022, 9, 19)])
def test_englands_bank_holidays_are_known_with_those_in_lieu_and_of_one_year(day: date) -> None:
    assert day in bank_holidays(day.year)
    assert not is_working_day(day)


def test_ten_working_days_skip_christmas() -> None:
    assert working_days_after(date(2026, 12, 18), 10) == date(2027, 1, 6)


@given(days, st.integers(0, 30))
def test_counting_back_and_forth_meets(day: date, count: int) -> None:
    start = CALENDAR.school_day_from(day)
    after = CALENDAR.school_days_after(start, count)
    assert CALENDAR.school_days_before(after, count) == start


@given(any_days)
def test_the_next_school_day_is_one_and_none_lies_between(day: date) -> None:
    found = CALENDAR.next_school_day(day)
    assert CALENDAR.is_school_day(found)
    between = [day + timedelta(days=n) for n in range(1, (found - day).days)]
    assert not any(CALENDAR.is_school_day(each) for each in between)


@given(any_days)
def test_without_terms_no_day_raises_and_august_stays_free(day: date) -> None:
    bare = SchoolCalendar()
    assert bare.end_of_term(day) is None
    assert bare.half_term(day) is None
    assert bare.first_day_after_holiday(day) > day - timedelta(days=1)
    assert not bare.is_school_day(day.replace(month=8, day=15))
