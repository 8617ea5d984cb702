"""Decides once, at a wave's close, which groups' figures appear, and makes figures that no answer follows from.

Two protections. No sum of published figures, of all waves of the collaboration, is over one to four people; which
groups appear depends on who answered, never on what. And no figure is exact: one answer in ten is replaced by chance
before anything is counted, so that all that is published could have come of any answer of anybody, even of a
unanimous group.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.pulse import comments
from bot.pulse.differencing import singles_out
from bot.pulse.model import COMMENT_THRESHOLD, THRESHOLD, Choice, Response, Statement, Test, Wave
from bot.pulse.statistics import Counts, Estimate, Interval, counted, favourable, of_tests, views

WHOLE = "whole"
BLUR = 0.1
STEP = 5
NOTE = (
    "Before anything was counted, one answer in ten was replaced by chance, and percentages are rounded to the nearest "
    "five, so that nobody's answer can be worked out. Groups that cannot be shown safely are left out."
)
Group = frozenset[str]
"""The people whose answers a published figure counts."""


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
    """A group's published figures: how many answered, and per statement a figure or nothing."""

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
    """All that is ever shown of a wave. It is kept; the answers are not."""

    wave: str
    cells: tuple[Cell, ...]
    comments: tuple[str, ...] = ()

    @property
    def whole(self) -> Figures | None:
        """The figures of everybody who answered."""
        return next((cell.figures for cell in self.cells if cell.name == WHOLE), None)


@dataclass(frozen=True, slots=True)
class Returns:
    """What came in: the responses, who answered, and of whom it is not known whether the answer arrived."""

    responses: tuple[Response, ...]
    answered: frozenset[str]
    unsettled: frozenset[str] = frozenset()
    comments: tuple[str, ...] = ()


def publish(
    wave: Wave,
    returns: Returns,
    before: Iterable[Group],
    names: Sequence[str] = (),
    dice: random.Random | None = None,
    rules: Rules = RULES,
) -> tuple[Publication, dict[str, Group]]:
    """What appears of a wave, and whose answers each figure counts.

    `before` holds the group of every figure that was ever published for the collaboration; `names` are masked in
    comments. Called once a wave: a second call would draw the blur anew.
    """
    dice = dice or random.SystemRandom()
    groups = _groups(wave, returns)
    shown = choose(groups, tuple(before), rules.threshold)
    blurred = blur(returns.responses, rules.blur, dice)
    cells = []
    for name in groups:
        inside = [each for each in blurred if name == WHOLE or name in each.slices]
        cells.append(Cell(name, figures(inside, len(wave.statements), rules) if name in shown else None))
    enough = WHOLE in shown and len(groups[WHOLE]) >= rules.comment_threshold
    said = comments.publishable(returns.comments, names, dice) if enough else ()
    return Publication(wave.id, tuple(cells), said), {name: groups[name] for name in shown}


def choose(groups: dict[str, Group], before: Sequence[Group], threshold: int = THRESHOLD) -> tuple[str, ...]:
    """Which groups may appear: the whole first, then the larger before the smaller, each only where it has enough
    people and, with everything that appears already, singles out nobody and no group under the threshold."""
    out: list[Group] = list(before)
    shown: list[str] = []
    for name in sorted(groups, key=lambda each: (each != WHOLE, -len(groups[each]), each)):
        if len(groups[name]) >= threshold and not singles_out([*out, groups[name]], threshold):
            out.append(groups[name])
            shown.append(name)
    return tuple(shown)


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


def figures(responses: Sequence[Response], statements: int, rules: Rules = RULES) -> Figures:
    """The rounded figures of a group; a statement on which fewer than the threshold gave a view has none."""
    counts = [counted(responses, statement) for statement in range(statements)]
    return Figures(len(responses), tuple(_figure(each, rules) for each in counts))


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


def _groups(wave: Wave, returns: Returns) -> dict[str, Group]:
    """The people behind each slice. A slice of which it is not known whose answers it counts has nobody."""
    members = {member.person: member.slices for member in wave.roster}
    names = [WHOLE, *sorted(set[str]().union(*members.values()))]
    return {
        name: _settled(
            frozenset(person for person in returns.answered if _within(name, members[person])),
            frozenset(person for person in returns.unsettled if _within(name, members[person])),
            sum(_within(name, each.slices) for each in returns.responses),
        )
        for name in names
    }


def _within(name: str, slices: frozenset[str]) -> bool:
    return name == WHOLE or name in slices


def _settled(answered: Group, unsettled: Group, responses: int) -> Group:
    if responses == len(answered):
        return answered
    return answered | unsettled if responses == len(answered | unsettled) else frozenset()
