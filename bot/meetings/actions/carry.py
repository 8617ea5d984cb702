"""Recognise the same task over meetings, and what a corrected version of notes changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.meetings.model import Action, named, spoken
from bot.meetings.notes.draft import Difference, DraftAction, DraftDecision, Kind
from ingest.minutes import Owner
from knowledge.school.due import Due
from knowledge.text.terms import terms, words


class Task(Protocol):
    """What is to be done, and by whom."""

    @property
    def task(self) -> str: ...
    @property
    def owners(self) -> tuple[Owner, ...]: ...


@dataclass(frozen=True, slots=True)
class _Said:
    """A task as it is compared: its stemmed words, the numbers in it, all that its owners are called."""

    terms: frozenset[int]
    numbers: frozenset[str]
    owners: frozenset[str]

    @classmethod
    def of(cls, task: Task) -> _Said:
        keys = (key for owner in task.owners for key in (owner.person, owner.name.casefold()))
        return cls(frozenset(terms(task.task)), _numbers(task.task), frozenset(filter(None, keys)))


def alike(one: Task, other: Task) -> float:
    """How alike two tasks are, 0 where they are two: most words shared, no other numbers, and owners that agree."""
    return _alike(_Said.of(one), _Said.of(other))


def _alike(one: _Said, other: _Said) -> float:
    a, b = one.terms, other.terms
    shared = len(a & b)
    if not shared or _differ(one.numbers, other.numbers):
        return 0.0
    share, whole = shared / min(len(a), len(b)), shared / len(a | b)
    same = bool(one.owners & other.owners) if one.owners and other.owners else None
    need_share, need_whole, few = {True: (0.6, 0.35, 2), None: (0.75, 0.5, 2), False: (0.85, 0.7, 3)}[same]
    if a - b and b - a:
        # "Write to parents about parking" is not "Write to parents about uniform".
        need_share, few = max(need_share, 0.65), 3
    near = share >= need_share and whole >= need_whole and (shared >= few or a == b)
    return share + whole + (same is True) / 2 if near else 0.0


def pairs(fresh: Sequence[Task], known: Sequence[Task]) -> dict[int, int]:
    """Which of the fresh tasks is which of the known ones, each at most once, the most alike first."""
    one, other = [_Said.of(each) for each in fresh], [_Said.of(each) for each in known]
    scored = [
        (score, i, j) for i, a in enumerate(one) for j, b in enumerate(other) if (score := _alike(a, b)) > 0
    ]  # fmt: skip
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in sorted(scored, key=lambda each: (-each[0], each[1], each[2])):
        if i not in found and j not in taken:
            found[i] = j
            taken.add(j)
    return found


def spoken_of(text: str, actions: Sequence[Action]) -> Action | None:
    """The one earlier action that a matter arising speaks of; None where it may be several."""
    said, numbers = set(terms(text)), _numbers(text)
    scores = []
    for action in actions:
        own = set(terms(action.task))
        shared = len(own & said)
        if (
            own
            and shared >= min(2, len(own))
            and shared / len(own) >= 0.5
            and not _differ(_numbers(action.task), numbers)
        ):
            scores.append((shared / len(own), action))
    scores.sort(key=lambda each: -each[0])
    if not scores or (len(scores) > 1 and scores[0][0] == scores[1][0]):
        return None
    return scores[0][1]


def _numbers(text: str) -> frozenset[str]:
    return frozenset(word for word in words(text) if word[0].isdigit())


def _differ(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether both name numbers and none is the same: the minutes of 2 November are not those of 9 November."""
    return bool(one) and bool(other) and not one & other


def changed(before: DraftAction, after: DraftAction) -> bool:
    """Whether two versions of notes say different things of one action."""
    return _said(before) != _said(after)


def _said(action: DraftAction) -> tuple[object, ...]:
    owners = tuple(owner.name for owner in action.owners)
    return " ".join(action.task.split()), owners, action.due.date, action.due.state, action.done


def action_difference(kind: Kind, before: DraftAction | None, after: DraftAction | None) -> Difference:
    """A difference in an action, in words."""
    return Difference(
        kind, "action", shown(before) if before else "", shown(after) if after else "",
        before.of if before else None, after.id if after else None,
    )  # fmt: skip


def decision_difference(kind: Kind, before: DraftDecision | None, after: DraftDecision | None) -> Difference:
    """A difference in a decision, in words."""
    return Difference(
        kind, "decision", before.text if before else "", after.text if after else "",
        before.of if before else None, after.id if after else None,
    )  # fmt: skip


def shown(action: DraftAction | Action) -> str:
    """An action in one line: task, owners, day."""
    who = ", ".join(named(owner) for owner in action.owners) or "nobody named"
    return f"{action.task.rstrip('.')} ({who}, {when(action.due)})"


def when(due: Due) -> str:
    """A due date in words."""
    if due.date:
        return f"by {spoken(due.date)}"
    return {"asap": "as soon as possible", "ongoing": "ongoing"}.get(due.state, "no date")
