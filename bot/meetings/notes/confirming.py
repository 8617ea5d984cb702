"""What confirming writes: the meeting, its actions new and carried on, its decisions, and what it closes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.meetings import store
from bot.meetings.model import Action, Change, Decision, Meeting, State, first_state, item_id, meeting_id
from bot.meetings.notes.draft import Draft, DraftAction
from knowledge.passages import Audience


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What confirming recorded: the meeting, all that its notes say, and the earlier actions that they close. `new` are
    the ids of actions that were not there before. `fresh` is false where the draft was confirmed before."""

    meeting: Meeting
    actions: tuple[Action, ...]
    decisions: tuple[Decision, ...]
    closed: tuple[Action, ...]
    new: frozenset[str]
    fresh: bool


def record(session: Session, draft: Draft, by: str, now: datetime) -> Confirmed:
    """Write a draft into the records, once; a second time it finds what it wrote."""
    if draft.meeting:
        return _recorded(session, draft.meeting)
    meeting = _meeting(session, draft, by, now)
    store.put_meeting(session, meeting, draft.digest, draft.items)
    placed: list[DraftAction] = []
    new: set[str] = set()
    for each in draft.actions:
        if each.dropped:
            placed.append(each)
            continue
        action, is_new = _action(session, each, draft, meeting, by, now)
        new |= {action.id} if is_new else set()
        placed.append(replace(each, of=action.id))
        store.put_mention(session, action.id, meeting.id, placed[-1])
    closed = tuple(_closed(session, draft, by, now))
    decisions = _decisions(session, draft, meeting)
    kept = {decision.text: decision.id for decision in decisions}
    done = replace(
        draft,
        actions=tuple(placed),
        decisions=tuple(replace(each, of=kept.get(each.text)) for each in draft.decisions),
        meeting=meeting.id,
    )
    store.put_draft(session, done)
    session.flush()
    actions = tuple(store.actions(session, mentioned=meeting.id))
    return Confirmed(meeting, actions, decisions, closed, frozenset(new), True)


def _recorded(session: Session, ident: str) -> Confirmed:
    meeting = store.meeting(session, ident)
    if meeting is None:
        raise LookupError(ident)
    actions = tuple(store.actions(session, mentioned=ident))
    return Confirmed(meeting, actions, tuple(store.decisions(session, meeting=ident)), (), frozenset(), False)


def _meeting(session: Session, draft: Draft, by: str, now: datetime) -> Meeting:
    if draft.body is None or draft.date is None or draft.audience is None:
        raise ValueError("a draft is confirmed only when its meeting is known")
    ident = meeting_id(draft.body, draft.date, closed=draft.closed)
    before = store.meeting(session, ident)
    document = draft.document or (before.document if before else None)
    return Meeting(
        ident, draft.body, draft.date, draft.chair, draft.clerk, draft.attendees, draft.following, draft.audience,
        draft.part_b, document, by, now, draft.closed, draft.opened,
    )  # fmt: skip


def _action(
    session: Session, said: DraftAction, draft: Draft, meeting: Meeting, by: str, now: datetime
) -> tuple[Action, bool]:
    """The action as recorded now, and whether it is new."""
    known = store.hold_action(session, said.of) if said.of else None
    if known is None:
        ident = item_id(meeting.id, "action", said.quote, f"{said.id} {said.task}")
        again = store.hold_action(session, ident)
        audience = meeting.part_b if said.part_b and meeting.part_b else meeting.audience
        action = again or Action(
            ident, said.task, said.owners, said.due, first_state(said.due, said.done), said.quote, said.page,
            meeting.id, meeting.id, meeting.date, 1, meeting.body, said.item, said.heading,
            audience, now, now, part_b=said.part_b,
        )  # fmt: skip
        store.put_action(session, action)
        store.add_change(session, Change(ident, now, by, "confirmed"))
        return action, again is None
    read = next((each for each in draft.proposed if each.id == said.id), None)
    edited = read is None or said.task != read.task
    state = known.state
    if said.done:
        state = State.DONE
    elif known.live and (draft.revises is None or (said.due.date, said.due.state) != (known.due.date, known.due.state)):
        # What its owner has finished since the meeting stays finished.
        state = first_state(said.due, done=False)
    action = replace(
        known,
        task=said.task if draft.revises or edited else known.task,
        owners=said.owners or known.owners,
        due=said.due if said.due.state != "none" or said.due.phrase else known.due,
        state=state,
        quote=said.quote or known.quote,
        page=said.page if said.quote else known.page,
        meeting=meeting.id,
        item=said.item or known.item,
        heading=said.heading or known.heading,
        snoozed_until=None if draft.revises is None else known.snoozed_until,
        changed=now,
    )
    store.put_action(session, action)
    store.add_change(session, Change(action.id, now, by, "corrected" if draft.revises else "confirmed"))
    return action, False


def _closed(session: Session, draft: Draft, by: str, now: datetime) -> Iterator[Action]:
    for matter in draft.matters:
        if not matter.closed or matter.dropped or not matter.of:
            continue
        action = store.hold_action(session, matter.of)
        if action and action.live:
            done = replace(action, state=State.DONE, changed=now, snoozed_until=None)
            store.put_action(session, done)
            store.add_change(session, Change(action.id, now, by, "done", matter.quote))
            yield done


def _decisions(session: Session, draft: Draft, meeting: Meeting) -> tuple[Decision, ...]:
    """The decisions as the notes have them: what a corrected version no longer says is no longer recorded."""
    found: dict[str, Decision] = {}
    for each in draft.decisions:
        if each.dropped:
            continue
        ident = item_id(meeting.id, "decision", each.quote, each.text)
        audience: Audience = meeting.part_b if each.part_b and meeting.part_b else meeting.audience
        found[ident] = Decision(
            ident, each.text, each.quote, each.page, meeting, each.item, each.heading, audience, each.benefit,
            each.part_b,
        )  # fmt: skip
    before = {each.id for each in store.decisions(session, meeting=meeting.id)}
    store.remove_decisions(session, before - found.keys())
    for at, decision in enumerate(found.values()):
        store.put_decision(session, decision, at)
    session.flush()
    return tuple(found.values())
