"""Recognise the same task over meetings, and what a corrected version of notes changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.meetings.draft import Difference, DraftAction, DraftDecision, Kind
from bot.meetings.model import Action, named, spoken
from ingest.minutes import Owner
from knowledge.due import Due
from knowledge.lexical import terms, words


class Task(Protocol):
    """What is to be done, and by whom."""

    @property
    def task(self) -> str: ...
    @property
    def owners(self) -> tuple[Owner, ...]: ...


def alike(one: Task, other: Task) -> float:
    """How alike two tasks are, 0 where they are two: most words shared, no other numbers, and owners that agree."""
    a, b = set(terms(one.task)), set(terms(other.task))
    if not a or not b or _other_numbers(one.task, other.task):
        return 0.0
    shared = len(a & b)
    share, whole = shared / min(len(a), len(b)), shared / len(a | b)
    same = _same_owner(one.owners, other.owners)
    need_share, need_whole, few = {True: (0.6, 0.35, 2), None: (0.75, 0.5, 2), False: (0.85, 0.7, 3)}[same]
    near = share >= need_share and whole >= need_whole and (shared >= few or a == b)
    return share + whole + (same is True) / 2 if near else 0.0


def pairs(fresh: Sequence[Task], known: Sequence[Task]) -> dict[int, int]:
    """Which of the fresh tasks is which of the known ones, each at most once, the most alike first."""
    scored = ((alike(one, other), i, j) for i, one in enumerate(fresh) for j, other in enumerate(known))
    found: dict[int, int] = {}
    for score, i, j in sorted(scored, key=lambda each: (-each[0], each[1], each[2])):
        if score > 0 and i not in found and j not in found.values():
            found[i] = j
    return found


def spoken_of(text: str, actions: Sequence[Action]) -> Action | None:
    """The one earlier action that a matter arising speaks of; None where it may be several."""
    said = set(terms(text))
    scores = []
    for action in actions:
        own = set(terms(action.task))
        shared = len(own & said)
        if own and shared >= min(2, len(own)) and shared / len(own) >= 0.5 and not _other_numbers(action.task, text):
            scores.append((shared / len(own), action))
    scores.sort(key=lambda each: -each[0])
    if not scores or (len(scores) > 1 and scores[0][0] == scores[1][0]):
        return None
    return scores[0][1]


def _other_numbers(one: str, other: str) -> bool:
    """Whether both name numbers and none is the same: the minutes of 2 November are not those of 9 November."""
    a, b = ({word for word in words(text) if word[0].isdigit()} for text in (one, other))
    return bool(a) and bool(b) and not a & b


def _same_owner(one: Sequence[Owner], other: Sequence[Owner]) -> bool | None:
    a, b = (
        {key for owner in owners for key in (owner.person, owner.name.casefold()) if key} for owners in (one, other)
    )
    return None if not a or not b else bool(a & b)


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
