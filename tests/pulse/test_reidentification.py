"""Everything that was ever published is given to solvers that look for a person, or for a group under the threshold."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from bot.pulse.model import Choice, Member, Response, Wave
from bot.pulse.results.publish import RULES, WHOLE, Figures, Publication, Returns, Rules, blur, figures, publish
from tests.pulse.conftest import COLLABORATION, a_wave, roster
from tests.pulse.histories import ONE, Group, History, history

HISTORIES, QUICK = 10_000, 400
SIZES = (8, 9, 12, 20, 30, 60)


def _history(dice: random.Random, *, guard: bool = True) -> History:
    """One to three school years of some collaboration."""
    return history(
        dice, dice.choice(SIZES), dice.choice((0.6, 0.8, 0.9, 1.0)), dice.choice((0.0, 0.04, 0.15)),
        dice.randint(2, 15), mixes=dice.randint(1, 4), guard=guard,
    )  # fmt: skip


def determined(groups: Sequence[Group], threshold: int = 5) -> bool:
    """Whether some sum of the groups' totals is over a group of one to four people, and which ones does not matter.

    Every such group is tried, in floating point and by projection: nothing of the product's own reasoning. A sum over
    the atoms T alone exists where the projection on the groups' span, cut to T, leaves some vector as long as it was.
    """
    groups = list(dict.fromkeys(groups))
    if not groups:
        return False
    patterns = Counter(tuple(person in group for group in groups) for person in frozenset[str]().union(*groups))
    matrix, weights = np.array(list(patterns), dtype=float).T, np.array(list(patterns.values()))
    _, lengths, span = np.linalg.svd(matrix, full_matrices=False)
    span = span[lengths > 1e-9 * lengths[0]]
    projection = span.T @ span
    own = np.diag(projection)
    small = np.flatnonzero((weights < threshold) & (own > 1e-9))
    for count in range(1, min(threshold - 1, len(small)) + 1):
        # The longest that a vector is left is at most the sum of what each atom is left, which spares most of the work.
        if np.sort(own[small])[-count:].sum() < 1 - 1e-7:
            continue
        chosen = np.fromiter(itertools.chain.from_iterable(itertools.combinations(small, count)), dtype=int)
        chosen = chosen.reshape(-1, count)
        chosen = chosen[(weights[chosen].sum(axis=1) < threshold) & (own[chosen].sum(axis=1) > 1 - 1e-7)]
        if len(chosen):
            cut = projection[chosen[:, :, None], chosen[:, None, :]]
            if np.linalg.eigvalsh(cut)[:, -1].max() > 1 - 1e-7:
                return True
    return False


def _leaks(count: int, seed: int = 4, *, guard: bool = True) -> tuple[int, int, int]:
    """In how many of the histories a small group is determined by whom the panel's figures are of, in how many by those
    of which it could be known that everybody answered, and how many figures were published in all."""
    dice = random.Random(seed)
    found = [_history(dice, guard=guard) for _ in range(count)]
    return (
        sum(determined(each.guarded) for each in found),
        sum(determined(each.known) for each in found),
        sum(len(each.guarded) for each in found),
    )


def test_no_small_group_is_determined_in_some_histories() -> None:
    by_panel, by_count, published = _leaks(QUICK)
    assert (by_panel, by_count) == (0, 0)
    assert published > 4 * QUICK


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_no_small_group_is_determined_in_ten_thousand_histories() -> None:
    by_panel, by_count, published = _leaks(HISTORIES, seed=44)
    assert (by_panel, by_count) == (0, 0)
    assert published > 4 * HISTORIES


def test_the_solver_finds_the_leak_where_there_is_no_panel() -> None:
    by_panel, by_count, _ = _leaks(QUICK, guard=False)
    assert by_panel > QUICK / 4
    assert by_count > QUICK / 50


def test_the_solver_finds_what_is_there_and_nothing_else() -> None:
    everybody = frozenset(f"p{number}" for number in range(20))
    four, five = frozenset(sorted(everybody)[:4]), frozenset(sorted(everybody)[:5])
    assert determined([everybody, everybody - four])
    assert not determined([everybody, everybody - five])
    assert determined([everybody, everybody - five, frozenset(sorted(everybody)[1:5]) | {"q"} | four])
    assert determined([four])
    assert not determined([])


@pytest.mark.parametrize(("size", "least"), [(8, 0.9), (12, 0.98), (20, 1.0)])
def test_waves_after_the_first_are_still_shown(size: int, least: float) -> None:
    """Where who answered decided, 81 to 88 % of these waves showed nothing."""
    dice = random.Random(size)
    shown = [each for _ in range(100) for each in history(dice, size, 0.85, 0.04, 6).shown[1:]]
    assert sum(shown) / len(shown) >= least


@pytest.mark.parametrize("people", [60, 600])
def test_a_close_costs_what_its_people_cost(people: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The work is counted, not timed: each answer is looked at as often, however many people and waves there are."""
    looks = Counter[str]()
    original = Response.__getattribute__
    monkeypatch.setattr(
        Response, "__getattribute__", lambda self, name: looks.update([name]) or original(self, name), raising=False
    )
    members = roster(people)
    responses = tuple(Response(member.slices, (Choice.AGREE,) * 10) for member in members)
    assert publish(a_wave(members), Returns(responses, people)).whole
    assert sum(looks.values()) < 100 * people


# The second protection: exhaustive over all answers that people may have given. Few people, with a threshold of two,
# so that every world and every outcome of the blur can be tried.
def _chances(dice: random.Random, chance: float) -> list[np.ndarray]:
    """For each person of a history whose answer was counted somewhere: how likely each choice of his is, after all
    that was published, to a solver who knows who answered, that nobody changed an answer, and every rule."""
    rules = Rules(threshold=2, blur=chance)
    people = [f"p{number}" for number in range(dice.randint(2, 4))]
    said = {person: dice.choice(tuple(Choice)[: dice.choice((1, 2, 6))]) for person in people}
    worlds = np.array(list(itertools.product(range(len(Choice)), repeat=len(people))))
    likely = np.ones(len(worlds))
    counted = set[int]()
    for number in range(dice.randint(1, 3)):
        answered = sorted(dice.sample(people, dice.randint(2, len(people))))
        members = tuple(Member(person, frozenset()) for person in people)
        wave = Wave(f"w{number}", COLLABORATION.id, COLLABORATION.start, COLLABORATION.end, members, ONE, "", 8)
        responses = tuple(Response(frozenset(), (said[person],)) for person in answered)
        shown = publish(wave, Returns(responses, len(answered)), dice=dice, rules=rules)
        outcomes = _outcomes(answered, shown, rules)
        columns = [people.index(person) for person in answered]
        counted |= set(columns)
        kept = (worlds[:, None, columns] == outcomes[None, :, :]).astype(float)
        likely *= ((1 - chance) * kept + chance / len(Choice)).prod(axis=2).sum(axis=1)
    assert likely.sum() > 0, "the true world is always possible"
    return [np.bincount(worlds[:, each], weights=likely, minlength=len(Choice)) / likely.sum() for each in counted]


def _outcomes(answered: Sequence[str], shown: Publication, rules: Rules) -> np.ndarray:
    """Every row of blurred answers, in the order of those who answered, that would have been shown as this was."""
    cells = {cell.name: cell.figures for cell in shown.cells}
    known: dict[tuple[int, ...], Figures] = {}
    fitting = []
    for outcome in itertools.product(range(len(Choice)), repeat=len(answered)):
        inside = tuple(sorted(outcome))
        if inside not in known:
            known[inside] = figures([Response(frozenset(), (Choice(each),)) for each in inside], 1, rules)
        if known[inside] == cells[WHOLE]:
            fitting.append(outcome)
    return np.array(fitting)


def test_nothing_is_certain_of_anybody_even_where_all_say_the_same() -> None:
    dice = random.Random(12)
    found = [each for _ in range(60) for each in _chances(dice, RULES.blur)]
    assert len(found) > 100
    # Of any answer, each outcome is at most this many times as likely as of any other; three waves multiply.
    odds = (1 - RULES.blur + RULES.blur / len(Choice)) / (RULES.blur / len(Choice))
    assert all(chance.min() > 0 for chance in found)
    assert max(chance.max() / chance.min() for chance in found) <= odds**3 * (1 + 1e-9)


def test_the_solver_finds_what_is_certain_where_figures_are_exact() -> None:
    dice = random.Random(12)
    found = [each for _ in range(60) for each in _chances(dice, 0.0)]
    assert sum(chance.max() > 1 - 1e-12 for chance in found) > 5


def test_every_answer_may_become_every_other_before_it_is_counted() -> None:
    dice = random.Random(3)
    one = [Response(frozenset(), (Choice.AGREE,))]
    drawn: Callable[[], Choice] = lambda: blur(one, RULES.blur, dice)[0].choices[0]  # noqa: E731
    seen = Counter(drawn() for _ in range(6000))
    assert set(seen) == set(Choice)
    assert seen[Choice.AGREE] / 6000 == pytest.approx(1 - RULES.blur * 5 / 6, abs=0.015)
