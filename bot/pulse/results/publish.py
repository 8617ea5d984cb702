"""Decides once, at a wave's close, which groups' figures appear, and makes figures that no answer follows from.

Two protections. Which groups there can be is settled before anybody answers, by who is asked (`bot.pulse.panel`): no
sum or difference of published figures is over one to four people who were asked, and nobody learns who of them
answered. And no figure is exact: one answer in ten is replaced by chance, once a wave, before anything is counted.
Everything here takes time in proportion to people, whatever was published before.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.pulse.model import COMMENT_THRESHOLD, COUNT_LEAST, THRESHOLD, Choice, Response, Statement, Test, Wave
from bot.pulse.results import comments
from bot.pulse.results.statistics import Counts, Estimate, Interval, counted, favourable, of_tests, views

WHOLE = "whole"
BLUR = 0.1
STEP = 5
NOTE = (
    "Before anything was counted, one answer in ten was replaced by chance, and percentages are rounded to the nearest "
    "five, so that nobody's answer can be worked out. Groups that cannot be shown safely are left out."
)


@dataclass(frozen=True, slots=True)
class Rules:
    """The protections; tests take them out one by one to see the leak."""

    threshold: int = THRESHOLD
    comment_threshold: int = COMMENT_THRESHOLD
    blur: float = BLUR
    step: int = STEP


RULES = Rules()


@dataclass(frozen=True, slots=True)
class Figure:
    """A statement's published figures, in rounded percent. `shares` are of everybody, in the order of Choice."""

    shares: tuple[int, ...]
    percent: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Figures:
    """A group's published figures: how many answered, and per statement a figure or nothing. How many is for the
    intervals; whether it may be said is `count_of`'s to decide."""

    answered: int
    statements: tuple[Figure | None, ...]

    def estimates(self) -> tuple[Estimate | None, ...]:
        """Percent favourable per statement, from the rounded figures alone."""
        return tuple(
            Estimate(each.percent, self.answered, Interval(each.low, each.high)) if each else None
            for each in self.statements
        )

    def tests(self, statements: Sequence[Statement]) -> dict[Test, Estimate]:
        """The five tests, from the rounded figures alone."""
        return of_tests(statements, self.estimates())


@dataclass(frozen=True, slots=True)
class Cell:
    """A group by name, with its figures; None where they are withheld, whatever the reason."""

    name: str
    figures: Figures | None


@dataclass(frozen=True, slots=True)
class Publication:
    """All that is ever shown of a wave. It is kept; the answers are not, unless nothing could be shown of them yet.
    `pooled` are earlier waves whose answers are counted in it."""

    wave: str
    cells: tuple[Cell, ...]
    comments: tuple[str, ...] = ()
    pooled: tuple[str, ...] = ()

    @property
    def whole(self) -> Figures | None:
        """The figures of everybody who answered."""
        return next((cell.figures for cell in self.cells if cell.name == WHOLE), None)

    @property
    def count(self) -> int | None:
        """How many answered, where that may be said."""
        return count_of(self.whole)


@dataclass(frozen=True, slots=True)
class Returns:
    """What came in, of this wave and of those that are pooled with it: the responses, how many people they are of,
    and comments, in no order."""

    responses: tuple[Response, ...]
    people: int
    comments: tuple[str, ...] = ()


def count_of(figures: Figures | None) -> int | None:
    """How many answered, of the whole and from ten on; None where it is not said."""
    return figures.answered if figures and figures.answered >= COUNT_LEAST else None


def publish(
    wave: Wave,
    returns: Returns,
    names: Sequence[str] = (),
    dice: random.Random | None = None,
    rules: Rules = RULES,
    *,
    withheld: Collection[int] = (),
    one_less: bool = False,
    pooled: tuple[str, ...] = (),
) -> Publication:
    """What appears of a wave, which depends on who was asked and on how many answered, never on what they said.

    `names` are masked in comments; the statements at the positions of `withheld` have no figures; `one_less` leaves
    one answer out at random, where otherwise it would be known that everybody answered. Called once a wave: a second
    call would draw the chances anew.
    """
    dice = dice or random.SystemRandom()
    responses = list(returns.responses)
    slices = sorted(set[str]().union(*(member.slices for member in wave.roster)))
    # Of a panel of eight or nine half is enough: who is asked protects them, and nobody learns who answered.
    least = min(rules.threshold, max(wave.panel, len(wave.roster)) // 2)
    if not wave.large_enough or returns.people < least:
        return Publication(wave.id, tuple(Cell(name, None) for name in (WHOLE, *slices)))
    if one_less:
        responses.pop(dice.randrange(len(responses)))
    shown = safe_slices(wave, responses, rules.threshold)
    blurred = blur(responses, rules.blur, dice)
    cells = [Cell(WHOLE, figures(blurred, len(wave.statements), replace(rules, threshold=least), withheld))]
    for name in slices:
        inside = [response for response in blurred if name in response.slices]
        cells.append(Cell(name, figures(inside, len(wave.statements), rules, withheld) if name in shown else None))
    enough = len(responses) >= rules.comment_threshold
    said = comments.publishable(returns.comments, names, dice) if enough else ()
    return Publication(wave.id, tuple(cells), said, pooled)


def safe_slices(wave: Wave, responses: Iterable[Response], threshold: int = THRESHOLD) -> frozenset[str]:
    """The slices whose figures may appear beside the whole's.

    The people of one mix of slices are a cell. Cells in which fewer than `threshold` answered are left to themselves,
    with the smallest other ones until they are enough together, and every slice with such a cell goes: so any sum or
    difference of what appears is over `threshold` answers or more, or over none.
    """
    answered = Counter(response.slices for response in responses)
    asked = {member.slices for member in wave.roster} | answered.keys()
    fit = sorted(
        (mix for mix in asked if mix and answered[mix] >= threshold), key=lambda mix: (-answered[mix], sorted(mix))
    )
    rest = sum(answered[mix] for mix in asked if mix not in fit)
    while fit and 0 < rest < threshold:
        rest += answered[fit.pop()]
    left_out = set[str]().union(*(mix for mix in asked if mix not in fit and answered[mix]))
    return frozenset(set[str]().union(*fit) - left_out)


def blur(responses: Iterable[Response], chance: float, dice: random.Random) -> list[Response]:
    """The responses with each choice replaced, at this chance, by any choice at random."""
    everything = tuple(Choice)
    return [
        Response(
            each.slices,
            tuple(dice.choice(everything) if dice.random() < chance else choice for choice in each.choices),
        )
        for each in responses
    ]


def figures(
    responses: Sequence[Response], statements: int, rules: Rules = RULES, withheld: Collection[int] = ()
) -> Figures:
    """The rounded figures of a group; a statement on which fewer than the threshold gave a view has none."""
    counts = [counted(responses, statement) for statement in range(statements)]
    return Figures(
        len(responses),
        tuple(None if number in withheld else _figure(found, rules) for number, found in enumerate(counts)),
    )


def rounded(value: float, step: int) -> int:
    """To the nearest multiple of `step`, halves upward."""
    return step * int((value + step / 2) // step)


def _figure(counts: Counts, rules: Rules) -> Figure | None:
    estimate = favourable(counts)
    if estimate is None or views(counts) < rules.threshold:
        return None
    shares = tuple(rounded(100 * count / sum(counts), rules.step) for count in counts)
    low, percent, high = estimate.interval.low, estimate.percent, estimate.interval.high
    return Figure(shares, rounded(percent, rules.step), rounded(low, rules.step), rounded(high, rules.step))
