"""The figures of a pulse, against published values, and the verdicts that they do not allow."""

from __future__ import annotations

import dataclasses

import pytest

from bot.pulse.model import STATEMENTS, Choice, Response, Test
from bot.pulse.results.publish import Figure, Figures
from bot.pulse.results.statistics import (
    Change,
    Estimate,
    Interval,
    change,
    counted,
    favourable,
    of_tests,
    stands_apart,
    weakest,
    wilson,
)


@pytest.mark.parametrize(
    ("successes", "total", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_the_published_one(successes: int, total: int, low: float, high: float) -> None:
    found = wilson(successes, total)
    assert (found.low / 100, found.high / 100) == pytest.approx((low, high), abs=0.00005)


def test_the_interval_is_the_same_from_either_side() -> None:
    low, high = wilson(3, 17), wilson(14, 17)
    assert low.low == pytest.approx(100 - high.high)
    assert wilson(17, 17).high == 100
    with pytest.raises(ValueError, match="at least one view"):
        wilson(0, 0)


def test_percent_favourable_is_of_those_who_gave_a_view() -> None:
    said = [0, 0, 1, 2, 3, 4, 4, 5]
    counts = counted([Response(frozenset(), (Choice(each),)) for each in said], 0)
    assert counts == (2, 1, 1, 1, 2, 1)
    found = favourable(counts)
    assert found is not None
    assert (found.percent, found.views) == (50, 6)
    assert favourable((7, 0, 0, 0, 0, 0)) is None


def _estimate(percent: float, views: int = 30, half: float = 10) -> Estimate:
    return Estimate(percent, views, Interval(percent - half, percent + half))


def test_a_test_is_the_mean_of_its_two_statements_and_the_weakest_is_named() -> None:
    estimates = [_estimate(each) for each in (80, 60, 50, 30, 90, 70, 80, 80, 60, 60)]
    tests = of_tests(STATEMENTS, estimates)
    assert {test: each.percent for test, each in tests.items()} == {
        Test.PURPOSE: 70,
        Test.MUTUALITY: 40,
        Test.CHANGE: 80,
        Test.PACE: 80,
        Test.PRIORITISATION: 60,
    }
    assert weakest(tests) == (Test.MUTUALITY,)
    assert not stands_apart(tests)
    assert stands_apart({**tests, Test.PRIORITISATION: _estimate(65)})


def test_a_test_that_lacks_a_statement_is_left_out() -> None:
    estimates = [None, *(_estimate(50) for _ in range(9))]
    assert Test.PURPOSE not in of_tests(STATEMENTS, estimates)
    assert weakest({}) == ()


def test_tests_that_tie_are_both_the_weakest() -> None:
    tests = {Test.PACE: _estimate(40), Test.CHANGE: _estimate(40), Test.PURPOSE: _estimate(90)}
    assert set(weakest(tests)) == {Test.PACE, Test.CHANGE}
    assert not stands_apart(tests)


def test_no_change_is_called_below_twenty_or_where_intervals_overlap() -> None:
    assert change(_estimate(20, 19), _estimate(90, 40)) is Change.TOO_FEW
    assert change(_estimate(20, 20), _estimate(40, 20)) is Change.NONE
    assert change(_estimate(20, 20), _estimate(41, 20)) is Change.UP
    assert change(_estimate(90), _estimate(40)) is Change.DOWN


def test_no_score_blends_the_tests() -> None:
    published = {field.name for kind in (Figure, Figures) for field in dataclasses.fields(kind)}
    assert published == {"shares", "percent", "low", "high", "answered", "statements"}
