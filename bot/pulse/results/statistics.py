"""What may be said of counted answers: shares, percent favourable, intervals, and whether anything has changed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.pulse.model import SCALE, Choice, Response, Statement, Test

Z95 = 1.959963984540054
ENOUGH_FOR_CHANGE = 20
FAVOURABLE = (Choice.AGREE, Choice.STRONGLY_AGREE)
Counts = tuple[int, ...]
"""How many said each choice, in the order of Choice: can't say first, then the five points."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval, in percent."""

    low: float
    high: float

    def overlaps(self, other: Interval) -> bool:
        """Whether both could be of the same true value."""
        return self.low <= other.high and other.low <= self.high


@dataclass(frozen=True, slots=True)
class Estimate:
    """A percent favourable, with the number of views behind it and its interval."""

    percent: float
    views: int
    interval: Interval


class Change(StrEnum):
    """What may be said of two waves."""

    TOO_FEW = "too few to call a change"
    NONE = "no clear change"
    UP = "up"
    DOWN = "down"


def counted(responses: Iterable[Response], statement: int) -> Counts:
    """How many said what to the statement at this position."""
    counts = [0] * len(Choice)
    for response in responses:
        counts[response.choices[statement]] += 1
    return tuple(counts)


def wilson(successes: int, total: int, z: float = Z95) -> Interval:
    """Wilson's score interval without continuity correction, in percent (Wilson 1927; Newcombe 1998, method 3)."""
    if not 0 <= successes <= total or total == 0:
        raise ValueError("an interval needs at least one view, and no more successes than views")
    share, square = successes / total, z * z
    middle = (share + square / (2 * total)) / (1 + square / total)
    half = z * math.sqrt(share * (1 - share) / total + square / (4 * total * total)) / (1 + square / total)
    low = 0.0 if successes == 0 else middle - half
    high = 1.0 if successes == total else middle + half
    return Interval(100 * max(0.0, low), 100 * min(1.0, high))


def views(counts: Counts) -> int:
    """How many gave a view."""
    return sum(counts[choice] for choice in SCALE)


def favourable(counts: Counts) -> Estimate | None:
    """Percent favourable among those who gave a view; None where nobody did."""
    total = views(counts)
    if not total:
        return None
    agreed = sum(counts[choice] for choice in FAVOURABLE)
    return Estimate(100 * agreed / total, total, wilson(agreed, total))


def of_tests(statements: Sequence[Statement], estimates: Sequence[Estimate | None]) -> dict[Test, Estimate]:
    """Per test the mean of its two statements; a test of which a statement is missing is left out.

    The interval is the mean of the two intervals: the same people answered both, so that their errors do not cancel.
    The views are those of the statement with fewer.
    """
    found: dict[Test, Estimate] = {}
    for test in Test:
        own = [each for statement, each in zip(statements, estimates, strict=True) if statement.test is test]
        known = [each for each in own if each is not None]
        if known and len(known) == len(own):
            found[test] = Estimate(
                _mean([each.percent for each in known]),
                min(each.views for each in known),
                Interval(_mean([e.interval.low for e in known]), _mean([e.interval.high for e in known])),
            )
    return found


def weakest(tests: Mapping[Test, Estimate]) -> tuple[Test, ...]:
    """The test with the lowest mean, and every other that cannot be told from it because it has the same mean."""
    if not tests:
        return ()
    lowest = min(each.percent for each in tests.values())
    return tuple(test for test, each in tests.items() if each.percent == lowest)


def stands_apart(tests: Mapping[Test, Estimate]) -> bool:
    """Whether the weakest test is clearly weaker than every other: one test, and no interval overlaps its own."""
    low = weakest(tests)
    if len(low) != 1:
        return False
    own = tests[low[0]].interval
    return all(not own.overlaps(each.interval) for test, each in tests.items() if test is not low[0])


def change(before: Estimate, after: Estimate) -> Change:
    """What may be said of the same figure in two waves: nothing below about twenty, nothing where intervals overlap."""
    if min(before.views, after.views) < ENOUGH_FOR_CHANGE:
        return Change.TOO_FEW
    if before.interval.overlaps(after.interval):
        return Change.NONE
    return Change.UP if after.percent > before.percent else Change.DOWN


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
