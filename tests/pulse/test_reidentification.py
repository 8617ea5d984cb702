"""Everything that was ever published is given to solvers that look for a person, or for a group under the threshold."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest

from bot.pulse.differencing import singles_out
from bot.pulse.model import Choice, Member, Response, Statement, Wave
from bot.pulse.publish import RULES, Figures, Publication, Returns, Rules, blur, figures, publish
from tests.pulse.conftest import COLLABORATION, a_wave

HISTORIES, QUICK = 10_000, 500
ONE = (Statement("own-1", None, "One statement."),)
History = list[frozenset[str]]


def _history(dice: random.Random, rules: Rules, size: tuple[int, int] = (5, 60)) -> History:
    """The groups of everything that was published over some waves, with joiners, leavers and people who do not answer.

    Each person says the same in every wave: the case in which one wave gives away most about another.
    """
    people = [f"p{number}" for number in range(dice.randint(*size))]
    ways = [frozenset(way) for way in itertools.product(("phase:a", "phase:b"), ("hub:n", "hub:s", "hub:w"))]
    ways = dice.sample(ways, dice.randint(1, len(ways)))
    slices = {person: dice.choice(ways) for person in people}
    said = {person: Choice(dice.randrange(6)) for person in people}
    stays = dice.choice((0.6, 0.9, 0.98))
    asked = [person for person in people if dice.random() < dice.choice((0.5, 0.8, 1))]
    before: History = []
    answered = {person for person in asked if dice.random() < stays}
    for number in range(dice.randint(1, 5)):
        members = tuple(Member(person, slices[person]) for person in asked)
        responses = tuple(Response(slices[person], (said[person],)) for person in sorted(answered))
        wave = Wave(f"w{number}", COLLABORATION.id, COLLABORATION.start, COLLABORATION.end, members, ONE)
        _, groups = publish(wave, Returns(responses, frozenset(answered)), before, dice=dice, rules=rules)
        before.extend(groups.values())
        joined = {person for person in people if person not in asked and dice.random() > stays}
        asked = [*asked, *sorted(joined)]
        answered = {person for person in asked if (person in answered) == (dice.random() < stays)}
    return before


def _determined_group(groups: Sequence[frozenset[str]], threshold: int = 5) -> bool:
    """Whether some sum of the groups' totals is over a group of one to four people, and which ones does not matter.

    Every such group is tried, in floating point and by projection: nothing of the product's own arithmetic. A sum over
    the atoms T alone exists where the projection on the groups' span, cut to T, leaves some vector as long as it was.
    """
    if not groups:
        return False
    patterns = Counter(tuple(person in group for group in groups) for person in frozenset().union(*groups))
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


def _leaks(count: int, rules: Rules, seed: int = 4) -> tuple[int, int]:
    """In how many of the histories a small group is determined, and how many figures were published in all."""
    dice = random.Random(seed)
    found = [_history(dice, rules, dice.choice(((5, 12), (8, 20), (12, 30)))) for _ in range(count)]
    return sum(_determined_group(each) for each in found), sum(map(len, found))


def test_no_small_group_is_determined_in_some_histories() -> None:
    leaks, published = _leaks(QUICK, RULES)
    assert leaks == 0
    assert published > QUICK


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_small_group_is_determined_in_ten_thousand_histories() -> None:
    leaks, published = _leaks(HISTORIES, RULES, seed=44)
    assert leaks == 0
    assert published > HISTORIES


def test_the_solver_finds_the_leak_where_only_sizes_are_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.pulse.publish.singles_out", lambda groups, threshold: False)
    leaks, _ = _leaks(QUICK, RULES)
    assert leaks > QUICK / 4


def test_the_solver_finds_the_leak_where_there_is_no_threshold() -> None:
    leaks, _ = _leaks(QUICK, Rules(threshold=1))
    assert leaks > QUICK / 4


def test_the_products_arithmetic_and_brute_force_agree() -> None:
    dice = random.Random(9)
    verdicts = Counter[bool]()
    for _ in range(400):
        people = [f"p{number}" for number in range(dice.randint(6, 24))]
        groups = [frozenset(dice.sample(people, dice.randint(3, len(people)))) for _ in range(dice.randint(1, 4))]
        if dice.random() < 0.5:
            groups = [frozenset(p for p in people if int(p[1:]) // 5 in dice.choices(range(5), k=3)) for _ in groups]
        verdict = singles_out(groups, 5)
        assert verdict == _determined_group(groups)
        verdicts[verdict] += 1
    assert min(verdicts[True], verdicts[False]) > 20


def test_six_answers_then_seven_do_not_give_the_seventh_away() -> None:
    people = [Member(f"p{number}", frozenset()) for number in range(7)]
    said = [4, 4, 4, 4, 4, 4, 1]
    wave = a_wave(people)
    responses = tuple(Response(frozenset(), (Choice(each),) * 10) for each in said)
    names = [member.person for member in people]
    first, groups = publish(wave, Returns(responses[:6], frozenset(names[:6])), ())
    second, _ = publish(wave, Returns(responses, frozenset(names)), groups.values())
    assert first.whole is not None
    assert second.whole is None


# The second protection: exhaustive over all answers that people may have given. At most four people, with a threshold
# of two, so that every world and every outcome of the blur can be tried.
def _chances(dice: random.Random, chance: float) -> list[np.ndarray]:
    """For each person of a history whose answer was counted somewhere: how likely each choice of his is, after all
    that was published, to a solver who knows who answered, that nobody changed an answer, and every rule."""
    rules = Rules(threshold=2, blur=chance)
    people = [f"p{number}" for number in range(dice.randint(2, 4))]
    slices = {person: frozenset({dice.choice(("hub:n", "hub:s"))}) for person in people}
    said = {person: dice.choice(tuple(Choice)[: dice.choice((1, 2, 6))]) for person in people}
    worlds = np.array(list(itertools.product(range(len(Choice)), repeat=len(people))))
    likely = np.ones(len(worlds))
    before: History = []
    for number in range(dice.randint(1, 3)):
        answered = sorted(dice.sample(people, dice.randint(2, len(people))))
        members = tuple(Member(person, slices[person]) for person in people)
        wave = Wave(f"w{number}", COLLABORATION.id, COLLABORATION.start, COLLABORATION.end, members, ONE)
        responses = tuple(Response(slices[person], (said[person],)) for person in answered)
        shown, groups = publish(wave, Returns(responses, frozenset(answered)), before, dice=dice, rules=rules)
        before.extend(groups.values())
        outcomes = _outcomes(answered, shown, groups, rules)
        columns = [people.index(person) for person in answered]
        kept = (worlds[:, None, columns] == outcomes[None, :, :]).astype(float)
        likely *= ((1 - chance) * kept + chance / len(Choice)).prod(axis=2).sum(axis=1)
    assert likely.sum() > 0, "the true world is always possible"
    counted = [column for column, person in enumerate(people) if any(person in group for group in before)]
    return [np.bincount(worlds[:, each], weights=likely, minlength=len(Choice)) / likely.sum() for each in counted]


def _outcomes(
    answered: Sequence[str], shown: Publication, groups: Mapping[str, frozenset[str]], rules: Rules
) -> np.ndarray:
    """Every row of blurred answers, in the order of those who answered, that would have been shown as this was."""
    cells = {cell.name: cell.figures for cell in shown.cells}
    known: dict[tuple[int, ...], Figures] = {}
    fitting = []
    for outcome in itertools.product(range(len(Choice)), repeat=len(answered)):
        for name, group in groups.items():
            inside = tuple(sorted(said for person, said in zip(answered, outcome, strict=True) if person in group))
            if inside not in known:
                known[inside] = figures([Response(frozenset(), (Choice(each),)) for each in inside], 1, rules)
            if known[inside] != cells[name]:
                break
        else:
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
