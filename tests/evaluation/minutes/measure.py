"""Compare what is proposed from minutes with what is right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.minutes import Action, Proposal
from knowledge.text.terms import terms
from tests.evaluation.minutes.cases import Case, Gold

_ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Result:
    """One file of minutes: pairs of gold and proposed actions, what was missed, and what was made up. `decided` is how
    many of the decisions are right, where the case says what they are."""

    case: Case
    name: str
    pairs: tuple[tuple[Gold, Action], ...]
    missed: tuple[Gold, ...]
    extra: tuple[Action, ...]
    decisions: int
    meeting: bool
    decided: int | None = None

    @property
    def wrong_words(self) -> list[tuple[Gold, Action]]:
        """The pairs whose task as it would be shown does not say what is to be done, or mostly something else."""
        return [(gold, action) for gold, action in self.pairs if not _words_right(gold, action)]

    @property
    def wrong_owners(self) -> list[tuple[Gold, Action]]:
        """The pairs whose owners differ."""
        return [(gold, action) for gold, action in self.pairs if not _owners_right(gold, action)]

    @property
    def wrong_dues(self) -> list[tuple[Gold, Action]]:
        """The pairs whose due dates or states differ."""
        return [(gold, action) for gold, action in self.pairs if not _due_right(gold, action)]


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares from 0 to 1 over all actions of some files."""

    files: int
    gold: int
    precision: float
    recall: float
    f1: float
    owners: float
    dues: float
    words: float
    done: float
    meetings: float
    decisions: int
    decisions_gold: int


def compare(case: Case, name: str, proposal: Proposal) -> Result:
    """Pair what is proposed with what is right, the likest first."""
    ways = sorted(
        (
            (_likeness(gold, action), at, to)
            for at, gold in enumerate(case.actions)
            for to, action in enumerate(proposal.actions)
        ),
        reverse=True,
    )
    taken: dict[int, int] = {}
    for likeness, at, to in ways:
        if likeness >= _ENOUGH and at not in taken and to not in taken.values():
            taken[at] = to
    meeting = proposal.meeting
    right = (meeting.date, meeting.chair, meeting.clerk) == (
        case.date,
        case.chair or meeting.chair,
        case.clerk or meeting.clerk,
    )
    return Result(
        case,
        name,
        tuple((case.actions[at], proposal.actions[to]) for at, to in sorted(taken.items())),
        tuple(gold for at, gold in enumerate(case.actions) if at not in taken),
        tuple(action for to, action in enumerate(proposal.actions) if to not in taken.values()),
        len(proposal.decisions),
        right,
        _decided(case, proposal),
    )


def quotes(proposal: Proposal) -> list[str]:
    """Every line that a proposal quotes."""
    actions = [each.quote for each in proposal.actions]
    return actions + [each.quote for each in proposal.decisions] + [each.quote for each in proposal.matters]


def figures(results: Sequence[Result]) -> Figures:
    """The figures of these files together."""
    pairs = sum(len(each.pairs) for each in results)
    gold = pairs + sum(len(each.missed) for each in results)
    proposed = pairs + sum(len(each.extra) for each in results)
    precision, recall = _share(pairs, proposed), _share(pairs, gold)
    return Figures(
        len(results),
        gold,
        precision,
        recall,
        2 * precision * recall / (precision + recall) if pairs else 0.0,
        _share(pairs - sum(len(each.wrong_owners) for each in results), pairs),
        _share(pairs - sum(len(each.wrong_dues) for each in results), pairs),
        _share(pairs - sum(len(each.wrong_words) for each in results), pairs),
        _share(sum(gold.done == action.done for each in results for gold, action in each.pairs), pairs),
        _share(sum(each.meeting for each in results), len(results)),
        sum(each.decisions for each in results),
        sum(each.case.decisions_gold for each in results),
    )


def _likeness(gold: Gold, action: Action) -> float:
    """How much of the gold's words the action says, in its task or its source line; the task counts more."""
    wanted = set(terms(gold.task))
    said, line = set(terms(action.task)), set(terms(action.quote))
    shared = len(wanted & said) / min(len(wanted), max(len(said), 1))
    return max(shared, 0.9 * len(wanted & line) / len(wanted)) + len(wanted & said) / len(wanted) / 10


def _words_right(gold: Gold, action: Action) -> bool:
    """Whether the task says at least half of the gold's words, and these are at least a third of its own."""
    wanted, said = set(terms(gold.task)), set(terms(action.task))
    shared = len(wanted & said)
    return 2 * shared >= len(wanted) and 3 * shared >= len(said)


def _decided(case: Case, proposal: Proposal) -> int | None:
    """How many of the gold's decisions are proposed, each by one that says at least half of its words."""
    if isinstance(case.decisions, int):
        return None
    left = [set(terms(each.text)) for each in proposal.decisions]
    right = 0
    for text in case.decisions:
        wanted = set(terms(text))
        best = max(left, key=lambda said: len(wanted & said), default=set[int]())
        if 2 * len(wanted & best) >= len(wanted):
            left.remove(best)
            right += 1
    return right


def _owners_right(gold: Gold, action: Action) -> bool:
    return _names(gold.owners) == _names(owner.name for owner in action.owners)


def _names(names: Iterable[str]) -> set[str]:
    return {name.casefold() for name in names}


def _due_right(gold: Gold, action: Action) -> bool:
    due = action.due
    if gold.due_state == "dated" and gold.date is None:
        return due.state == "dated" and not due.certain
    return (gold.due_state, gold.date) == (due.state, due.date)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
