"""Queries over the tables of the meetings room: values in, values out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime

from pydantic import TypeAdapter
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.meetings.model import LIVE, Action, Body, Change, Decision, Matter, Meeting, Return, ReturnItem, State
from bot.meetings.notes.draft import Draft, DraftAction, DraftItem
from bot.meetings.tables import (
    ActionRow,
    ChangeRow,
    DecisionRow,
    DraftRow,
    MatterRow,
    MeetingRow,
    MentionRow,
    NotesRow,
    ReturnRow,
)
from ingest.minutes import Owner
from ingest.readers.reading import Reading
from knowledge.passages import Audience
from knowledge.school.due import Due

READING: TypeAdapter[Reading] = TypeAdapter(Reading)
DRAFT: TypeAdapter[Draft] = TypeAdapter(Draft)
MEETING: TypeAdapter[Meeting] = TypeAdapter(Meeting)
ITEMS: TypeAdapter[tuple[DraftItem, ...]] = TypeAdapter(tuple[DraftItem, ...])
BODY: TypeAdapter[Body] = TypeAdapter(Body)
OWNERS: TypeAdapter[tuple[Owner, ...]] = TypeAdapter(tuple[Owner, ...])
DUE: TypeAdapter[Due] = TypeAdapter(Due)
MENTION: TypeAdapter[DraftAction] = TypeAdapter(DraftAction)
TOLD: TypeAdapter[tuple[ReturnItem, ...]] = TypeAdapter(tuple[ReturnItem, ...])


def keep_notes(session: Session, digest: str, reading: Reading, now: datetime) -> None:
    """Keep the words of notes; the same words once."""
    if session.get(NotesRow, digest) is None:
        session.add(NotesRow(digest=digest, reading=READING.dump_json(reading).decode(), received=now.astimezone(UTC)))


def notes(session: Session, digest: str) -> Reading | None:
    """The words of notes."""
    row = session.get(NotesRow, digest)
    return READING.validate_json(row.reading) if row else None


def put_draft(session: Session, draft: Draft) -> None:
    """Store a draft, new or edited."""
    row = session.get(DraftRow, draft.id)
    if row is None:
        row = DraftRow(id=draft.id, revision=0, created=draft.created.astimezone(UTC))
        session.add(row)
    row.digest, row.meeting, row.day = draft.digest, draft.meeting, draft.date
    row.body = draft.body.key if draft.body else None
    row.value = DRAFT.dump_json(draft).decode()


def hold_draft(session: Session, draft_id: str) -> Draft | None:
    """A draft that nobody else changes until this transaction ends."""
    session.execute(update(DraftRow).where(DraftRow.id == draft_id).values(revision=DraftRow.revision + 1))
    return draft(session, draft_id)


def draft(session: Session, draft_id: str) -> Draft | None:
    """The draft with this id."""
    row = session.get(DraftRow, draft_id)
    return DRAFT.validate_json(row.value) if row else None


def drafts(
    session: Session, *, digest: str | None = None, meeting: str | None = None, waiting: bool = False
) -> list[Draft]:
    """Drafts of these notes, those that became this meeting, or those that wait to be confirmed, newest first."""
    query = select(DraftRow).order_by(DraftRow.created.desc(), DraftRow.id)
    if digest is not None:
        query = query.where(DraftRow.digest == digest)
    if meeting is not None:
        query = query.where(DraftRow.meeting == meeting)
    if waiting:
        query = query.where(DraftRow.meeting.is_(None))
    return [DRAFT.validate_json(row.value) for row in session.scalars(query)]


def remove_draft(session: Session, draft: Draft) -> None:
    """Forget a draft, and its notes where no other draft is of them."""
    session.execute(delete(DraftRow).where(DraftRow.id == draft.id))
    if not drafts(session, digest=draft.digest):
        session.execute(delete(NotesRow).where(NotesRow.digest == draft.digest))


def put_meeting(session: Session, meeting: Meeting, digest: str, items: tuple[DraftItem, ...]) -> None:
    """Store a meeting, new or corrected."""
    row = session.get(MeetingRow, meeting.id)
    if row is None:
        row = MeetingRow(id=meeting.id)
        session.add(row)
    row.body, row.school, row.day, row.digest = meeting.body.key, meeting.body.school, meeting.date, digest
    row.value, row.items = MEETING.dump_json(meeting).decode(), ITEMS.dump_json(items).decode()
    row.confirmed = meeting.confirmed.astimezone(UTC)
    session.flush()


def meeting(session: Session, meeting_id: str) -> Meeting | None:
    """The meeting with this id."""
    row = session.get(MeetingRow, meeting_id)
    return MEETING.validate_json(row.value) if row else None


def meetings(
    session: Session, *, body: str | None = None, school: str | None = None, since: date | None = None
) -> list[Meeting]:
    """Confirmed meetings, the latest first."""
    query = select(MeetingRow).order_by(MeetingRow.day.desc(), MeetingRow.id)
    if body is not None:
        query = query.where(MeetingRow.body == body)
    if school is not None:
        query = query.where(MeetingRow.school == school)
    if since is not None:
        query = query.where(MeetingRow.day >= since)
    return [MEETING.validate_json(row.value) for row in session.scalars(query)]


def confirmed(session: Session, since: datetime, until: datetime) -> list[tuple[Meeting, tuple[DraftItem, ...]]]:
    """The meetings whose notes were confirmed from `since` to before `until`, with what these say of the agenda."""
    query = select(MeetingRow).where(MeetingRow.confirmed >= _stored(since), MeetingRow.confirmed < _stored(until))
    rows = session.scalars(query.order_by(MeetingRow.day.desc(), MeetingRow.id))
    return [(MEETING.validate_json(row.value), ITEMS.validate_json(row.items)) for row in rows]


def digest_of(session: Session, meeting_id: str) -> str | None:
    """The digest of the notes that a meeting was last confirmed with."""
    return session.scalar(select(MeetingRow.digest).where(MeetingRow.id == meeting_id))


def agenda_items(session: Session, meeting_id: str) -> tuple[DraftItem, ...]:
    """What the notes of a meeting say of each agenda item."""
    row = session.get(MeetingRow, meeting_id)
    return ITEMS.validate_json(row.items) if row else ()


def put_action(session: Session, action: Action) -> None:
    """Store an action, new or changed."""
    row = session.get(ActionRow, action.id)
    if row is None:
        row = ActionRow(id=action.id, first_meeting=action.first_meeting, created=action.created.astimezone(UTC))
        row.raised, row.body, row.school = action.raised, action.body.key, action.body.school
        session.add(row)
    row.about = BODY.dump_json(action.body).decode()
    row.meeting, row.task, row.state = action.meeting, action.task, action.state.value
    row.owners, row.due = OWNERS.dump_json(action.owners).decode(), DUE.dump_json(action.due).decode()
    row.quote, row.page, row.item, row.heading = action.quote, action.page, action.item, action.heading
    row.audience, row.part_b = action.audience.name, action.part_b
    row.snoozed_until, row.reason, row.changed = action.snoozed_until, action.reason, action.changed.astimezone(UTC)
    session.flush()


def hold_action(session: Session, action_id: str) -> Action | None:
    """An action that nobody else changes until this transaction ends."""
    session.execute(update(ActionRow).where(ActionRow.id == action_id).values(state=ActionRow.state))
    found = actions(session, ids=[action_id])
    return found[0] if found else None


def actions(
    session: Session,
    *,
    ids: Collection[str] | None = None,
    states: Iterable[State] | None = None,
    body: str | None = None,
    school: str | None = None,
    mentioned: str | None = None,
    aged: bool = True,
) -> list[Action]:
    """Actions by the day they are due, those without one last; `mentioned` in the notes of one meeting. Without `aged`
    the meetings that they stood on are not counted, which costs more the longer the history is."""
    query = select(ActionRow)
    if ids is not None:
        query = query.where(ActionRow.id.in_(ids))
    if states is not None:
        query = query.where(ActionRow.state.in_([state.value for state in states]))
    if body is not None:
        query = query.where(ActionRow.body == body)
    if school is not None:
        query = query.where(ActionRow.school == school)
    if mentioned is not None:
        query = query.join(MentionRow, MentionRow.action == ActionRow.id).where(MentionRow.meeting == mentioned)
    days: dict[str, dict[str, date]] = defaultdict(dict)
    for ident, key, day in session.execute(select(MeetingRow.id, MeetingRow.body, MeetingRow.day)) if aged else ():
        days[key][ident] = day
    values = [_action(row, days[row.body]) for row in session.scalars(query)]
    return sorted(values, key=lambda each: (each.due.date is None, each.due.date or date.max, each.raised, each.id))


def _action(row: ActionRow, days: dict[str, date]) -> Action:
    state = State(row.state)
    last = days.get(row.meeting or "", date.min)
    until = date.max if state in LIVE else last
    stood = sum(row.raised <= day <= until for day in set(days.values()))
    return Action(
        row.id, row.task, OWNERS.validate_json(row.owners), DUE.validate_json(row.due), state, row.quote, row.page,
        row.meeting, row.first_meeting, row.raised, stood, BODY.validate_json(row.about), row.item,
        row.heading, Audience.parse(row.audience), _aware(row.created), _aware(row.changed), row.snoozed_until,
        row.reason, row.part_b,
    )  # fmt: skip


def put_mention(session: Session, action_id: str, meeting_id: str, said: DraftAction) -> None:
    """Record what the notes of a meeting say of an action."""
    value = MENTION.dump_json(said).decode()
    session.merge(MentionRow(action=action_id, meeting=meeting_id, value=value))


def mentions(session: Session, meeting_id: str) -> dict[str, DraftAction]:
    """What the notes of a meeting said of each action, by the action's id."""
    rows = session.scalars(select(MentionRow).where(MentionRow.meeting == meeting_id))
    return {row.action: MENTION.validate_json(row.value) for row in rows}


def add_change(session: Session, change: Change) -> None:
    """Record what happened to an action."""
    session.add(
        ChangeRow(action=change.action, at=change.at.astimezone(UTC), by=change.by, what=change.what, note=change.note)
    )


def changes(session: Session, action_id: str) -> list[Change]:
    """What happened to an action, oldest first."""
    rows = session.scalars(select(ChangeRow).where(ChangeRow.action == action_id).order_by(ChangeRow.id))
    return [Change(row.action, _aware(row.at), row.by, row.what, row.note) for row in rows]


def put_decision(session: Session, decision: Decision, ordinal: int) -> None:
    """Store a decision, new or corrected."""
    session.merge(
        DecisionRow(
            id=decision.id, meeting=decision.meeting.id, ordinal=ordinal, text=decision.text, quote=decision.quote,
            page=decision.page, item=decision.item, heading=decision.heading, audience=decision.audience.name,
            part_b=decision.part_b, benefit=decision.benefit,
        )
    )  # fmt: skip


def remove_decisions(session: Session, ids: Collection[str]) -> None:
    """Take out decisions that a corrected version no longer has."""
    session.execute(delete(DecisionRow).where(DecisionRow.id.in_(ids)))


def decisions(
    session: Session,
    *,
    ids: Collection[str] | None = None,
    meeting: str | None = None,
    meetings: Collection[str] | None = None,
    body: str | None = None,
    school: str | None = None,
) -> list[Decision]:
    """Decisions, those of the latest meeting first, each meeting's in the order of its notes."""
    query = select(DecisionRow, MeetingRow.value).join(MeetingRow, MeetingRow.id == DecisionRow.meeting)
    if ids is not None:
        query = query.where(DecisionRow.id.in_(ids))
    if meeting is not None:
        query = query.where(DecisionRow.meeting == meeting)
    if meetings is not None:
        query = query.where(DecisionRow.meeting.in_(meetings))
    if body is not None:
        query = query.where(MeetingRow.body == body)
    if school is not None:
        query = query.where(MeetingRow.school == school)
    query = query.order_by(MeetingRow.day.desc(), MeetingRow.id, DecisionRow.ordinal)
    return [
        Decision(
            row.id, row.text, row.quote, row.page, MEETING.validate_json(value), row.item, row.heading,
            Audience.parse(row.audience), row.benefit, row.part_b,
        )
        for row, value in session.execute(query)
    ]  # fmt: skip


def put_return(session: Session, sent: Return) -> None:
    """Store a return that was sent, in place of an earlier one after the same meeting."""
    if sent.sent is None or sent.sent_by is None:
        raise ValueError("only a return that was sent is stored")
    session.merge(
        ReturnRow(
            meeting=sent.meeting.id, school=sent.school, items=TOLD.dump_json(sent.items).decode(),
            audience=sent.audience.name, sent=sent.sent.astimezone(UTC), sent_by=sent.sent_by,
        )
    )  # fmt: skip


def returns(
    session: Session,
    *,
    meeting: str | None = None,
    since: date | None = None,
    sent: tuple[datetime, datetime] | None = None,
) -> list[Return]:
    """Returns that were sent, those after the latest meeting first; `sent` from a moment to before another one."""
    query = select(ReturnRow, MeetingRow.value).join(MeetingRow, MeetingRow.id == ReturnRow.meeting)
    if meeting is not None:
        query = query.where(ReturnRow.meeting == meeting)
    if since is not None:
        query = query.where(MeetingRow.day >= since)
    if sent is not None:
        query = query.where(ReturnRow.sent >= _stored(sent[0]), ReturnRow.sent < _stored(sent[1]))
    return [
        Return(
            MEETING.validate_json(value), row.school, TOLD.validate_json(row.items), Audience.parse(row.audience),
            _aware(row.sent), row.sent_by,
        )
        for row, value in session.execute(query.order_by(MeetingRow.day.desc(), MeetingRow.id))
    ]  # fmt: skip


def put_matter(session: Session, matter: Matter) -> bool:
    """Keep a matter for the next agenda of a body; False where it is kept already."""
    row = session.get(MatterRow, (matter.body, matter.ref))
    if row is not None and row.raised >= matter.raised:
        return False
    session.merge(
        MatterRow(
            body=matter.body, ref=matter.ref, text=matter.text, note=matter.note, audience=matter.audience.name,
            raised=matter.raised, by=matter.by,
        )
    )  # fmt: skip
    return True


def matters(session: Session, body: str, since: date) -> list[Matter]:
    """What was marked for the next agenda of a body since this day, in order."""
    query = select(MatterRow).where(MatterRow.body == body, MatterRow.raised >= since)
    return [
        Matter(row.body, row.ref, row.text, row.note, Audience.parse(row.audience), row.raised, row.by)
        for row in session.scalars(query.order_by(MatterRow.raised, MatterRow.ref))
    ]


def _stored(moment: datetime) -> datetime:
    """A moment as the tables hold it."""
    return moment.astimezone(UTC)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
