"""British dates, in text and in file names."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text.dates import ambiguous, find, in_name


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5/5/21", "5 May 2021"),
        ("the meeting of 29.3.21", "29 March 2021"),
        ("08/03/2021", "8 March 2021"),
        ("2021-03-29", "29 March 2021"),
        ("25-january-2021", "25 January 2021"),
        ("Monday 15 March 2021", "15 March 2021"),
        ("12th May 2020", "12 May 2020"),
        ("17\nth January 2022", "17 January 2022"),
        ("5th November, 2020", "5 November 2020"),
        ("1st of September 2024", "1 September 2024"),
        ("January 25, 2021", "25 January 2021"),
        ("12-May-20", "12 May 2020"),
        ("March 2020", "March 2020"),
        ("Sept. 2021", "September 2021"),
        ("Sep-21", "September 2021"),
        ("Review: Spring 2023", "spring 2023"),
        ("Spring Term 2022/23", "spring 2023"),
        ("Autumn 2022-23", "autumn 2022"),
        ("2019-2022", "2019-2022"),
        ("2022 / 2023 Academic Year", "2022-2023"),
        ("2022-23", "2022-2023"),
        ("in 2020", "2020"),
        ("25/01/202115/03/2021", "25 January 2021"),
    ],
)
def test_a_date_is_read_as_a_british_school_writes_it(text: str, words: str) -> None:
    assert find(text)[0].words == words


@pytest.mark.parametrize(
    "text", ["31/02/2021", "3/29/21", "1234-5678", "section 1.2.3", "31 September", "at 18.30", "may 5"]
)
def test_what_is_no_date_is_not_made_one(text: str) -> None:
    assert find(text) == []


def test_a_school_year_runs_from_september_and_a_span_of_years_from_january() -> None:
    school_year, span = find("2022-23")[0], find("2019-2022")[0]
    assert (school_year.start, school_year.end) == (date(2022, 9, 1), date(2023, 8, 31))
    assert (span.start, span.end) == (date(2019, 1, 1), date(2022, 12, 31))


@pytest.mark.parametrize(
    ("stem", "words"),
    [
        ("fgb-minutes-200203-final", "3 February 2020"),
        ("full-board-meeting-29.3.21", "29 March 2021"),
        ("minutes_05052021", "5 May 2021"),
        ("minutes 20210505", "5 May 2021"),
        ("FGB_Minutes_8_3_21", "8 March 2021"),
        ("2023_09_12 Board", "12 September 2023"),
        ("Finance 4 Feb 22", "4 February 2022"),
        ("behaviour-policy-sept-21", "September 2021"),
        ("term_dates_22-23", "2022-2023"),
        ("2018-homework-policy", "2018"),
        ("policy 2021-22 v2", "2021-2022"),
    ],
)
def test_a_date_in_a_file_name(stem: str, words: str) -> None:
    assert in_name(stem, latest=2027)[0].words == words


def test_six_digits_that_are_a_date_both_ways_are_left_open() -> None:
    assert in_name("minutes-210125") == []
    assert [way.words for way in ambiguous("minutes-210125")] == ["25 January 2021", "21 January 2025"]


def test_six_digits_of_a_year_that_has_not_come_are_read_the_other_way() -> None:
    assert [period.words for period in in_name("minutes-290321", latest=2027)] == ["29 March 2021"]


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)))
def test_every_day_is_found_in_every_form(day: date) -> None:
    month = day.strftime("%B")
    for text in (
        f"{day.day}/{day.month}/{day.year}",
        f"{day:%d.%m.%Y}",
        f"{day:%Y-%m-%d}",
        f"{day.day} {month} {day.year}",
        f"{month} {day.day}, {day.year}",
    ):
        found = find(f"held on {text} at six")
        assert [(period.start, period.end) for period in found] == [(day, day)], text


@given(st.text(max_size=80))
def test_any_text_is_read_without_an_error_and_in_order(text: str) -> None:
    for found in (find(text), in_name(text)):
        assert all(period.start <= period.end for period in found)
        assert all(one.stop <= other.begin for one, other in pairwise(found))
