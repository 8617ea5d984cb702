"""What a corrected version of notes changes, and what was edited before its meeting was better known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.meetings.actions import carry
from bot.meetings.model import Action
from bot.meetings.notes.draft import Difference, Draft, DraftAction, DraftDecision, Kind


def corrected(draft: Draft, earlier: Draft, current: Sequence[Action]) -> Draft:
    """The draft of a corrected version: what its notes say as before stays as it was confirmed, and the differences
    are named. `earlier` is the draft that was confirmed, `current` how its actions stand now."""
    now = {action.id: action for action in current}
    edited = {each.id: each for each in earlier.actions}
    found = _same_places(draft.proposed, earlier.proposed)
    differences: list[Difference] = []
    actions: list[DraftAction] = []
    for at, fresh in enumerate(draft.actions):
        if at not in found:
            actions.append(fresh)
            differences.append(carry.action_difference(Kind.ADDED, None, fresh))
            continue
        read = earlier.proposed[found[at]]
        last = edited[read.id]
        if carry.changed(read, draft.proposed[at]):
            changed = _merged(fresh, read, last, now.get(last.of or ""))
            actions.append(changed)
            differences.append(carry.action_difference(Kind.CHANGED, last, changed))
        else:
            kept = now.get(last.of or "")
            stands = replace(fresh, task=kept.task, owners=kept.owners, due=kept.due) if kept else last
            actions.append(replace(stands, id=fresh.id, quote=fresh.quote, page=fresh.page, of=last.of,
                                   dropped=last.dropped))  # fmt: skip
    gone = [each for at, each in enumerate(earlier.proposed) if at not in found.values()]
    differences += [
        carry.action_difference(Kind.GONE, edited[each.id], None) for each in gone if not edited[each.id].dropped
    ]
    decisions, more = _corrected_decisions(draft, earlier)
    return replace(
        draft, actions=tuple(actions), decisions=tuple(decisions), differences=(*differences, *more)
    )  # fmt: skip


def edited_again(fresh: Draft, edited: Draft) -> Draft:
    """A draft that was read again with its meeting better known, with what was edited before."""
    read = {each.id: each for each in edited.proposed}
    before = {(each.quote, read[each.id].task): each for each in edited.actions if each.id in read}
    actions = []
    for each in fresh.actions:
        old = before.get((each.quote, each.task))
        if old is None:
            actions.append(each)
            continue
        was = read[old.id]
        chosen = old.due != was.due
        actions.append(
            replace(
                each,
                task=old.task if old.task != was.task else each.task,
                owners=old.owners if old.owners != was.owners else each.owners,
                due=old.due if chosen else each.due,
                done=old.done,
                dropped=old.dropped,
                asks=old.asks if old.owners != was.owners or chosen else each.asks,
            )
        )
    added = [each for each in edited.actions if each.added]
    texts = {each.id: each.text for each in edited.proposed_decisions}
    said = {texts[each.id]: each for each in edited.decisions if each.id in texts}
    decisions = [
        replace(each, text=last.text, benefit=last.benefit, dropped=last.dropped)
        if (last := said.get(each.text))
        else each
        for each in fresh.decisions
    ]
    written = [each for each in edited.decisions if each.id not in texts]
    return replace(
        fresh,
        actions=(*actions, *(replace(each, id=f"a{len(actions) + at}") for at, each in enumerate(added, 1))),
        decisions=(*decisions, *(replace(each, id=f"d{len(decisions) + at}") for at, each in enumerate(written, 1))),
    )


def _same_places(fresh: Sequence[DraftAction], before: Sequence[DraftAction]) -> dict[int, int]:
    """Which action is which in two versions: by line and words, then by likeness."""
    found: dict[int, int] = {}
    for at, each in enumerate(fresh):
        for place, old in enumerate(before):
            if place not in found.values() and (each.quote, each.task) == (old.quote, old.task):
                found[at] = place
                break
    rest = [at for at in range(len(fresh)) if at not in found]
    left = [place for place in range(len(before)) if place not in found.values()]
    alike = carry.pairs([fresh[at] for at in rest], [before[place] for place in left])
    return found | {rest[at]: left[place] for at, place in alike.items()}


def _merged(fresh: DraftAction, read: DraftAction, last: DraftAction, now: Action | None) -> DraftAction:
    """What the corrected notes change is taken from them, all else stays as it was confirmed or has become since."""
    stands = now or last
    return replace(
        fresh,
        task=fresh.task if fresh.task != read.task else stands.task,
        owners=fresh.owners if fresh.owners != read.owners else stands.owners,
        due=fresh.due if (fresh.due.date, fresh.due.state) != (read.due.date, read.due.state) else stands.due,
        of=last.of,
    )


def _corrected_decisions(draft: Draft, earlier: Draft) -> tuple[list[DraftDecision], list[Difference]]:
    edited = {each.id: each for each in earlier.decisions}
    before = {each.text.casefold(): edited[each.id] for each in earlier.proposed_decisions if each.id in edited}
    decisions, differences = [], []
    for fresh in draft.decisions:
        last = before.pop(fresh.text.casefold(), None)
        if last:
            decisions.append(replace(last, id=fresh.id, quote=fresh.quote, page=fresh.page))
        else:
            decisions.append(fresh)
            differences.append(carry.decision_difference(Kind.ADDED, None, fresh))
    gone = (each for each in before.values() if not each.dropped)
    return decisions, [*differences, *(carry.decision_difference(Kind.GONE, each, None) for each in gone)]
