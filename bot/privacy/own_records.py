"""Where records of the trust are a person's by identity, and where readable ones name them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.config.trust import Person
from bot.meetings.tables import ActionRow, ChangeRow, DecisionRow, DraftRow, MatterRow, MeetingRow, ReturnRow
from bot.privacy.naming import Naming
from bot.privacy.own_answers import when
from bot.pulse.tables import CollaborationRow, ParticipationRow
from knowledge.passages import Audience, Reader

OWN_REASONS = frozenset({"dropped", "deferred", "not mine", "moved"})
"""Changes whose note is always in the words of whoever made them; that of others may be a line of the notes."""


def of_the_trust(session: Session, person: Person, reader: Reader, naming: Naming) -> dict[str, Any]:
    """What is this person's by the ids that records hold, and what names them of all that `reader` may read. Of a pulse
    only that they were asked and whether they replied."""
    own = [*_actions(session, person, reader)]
    listed = {each["id"] for each in own}
    waves = session.execute(
        select(ParticipationRow.wave, ParticipationRow.state).where(ParticipationRow.person == person.id)
    )
    return {
        "actions": own,
        "meetings": list(_meetings(session, person, reader)),
        "changes_to_actions": list(_changes(session, person, reader)),
        "returns": list(_returns(session, person, reader)),
        "notes_brought_in": list(_drafts(session, person)),
        "marked_for_agendas": list(_matters(session, person, reader)),
        "pulse_participation": [{"wave": wave, "state": state} for wave, state in waves],
        "collaborations_led": list(
            session.scalars(select(CollaborationRow.name).where(CollaborationRow.lead == person.id))
        ),
        "actions_that_name_you": [each for each in _named_actions(session, reader, naming) if each["id"] not in listed],
        "decisions_that_name_you": list(_named_decisions(session, reader, naming)),
    }


def _actions(session: Session, person: Person, reader: Reader) -> Iterator[dict[str, Any]]:
    """What they are to do. Its line of the notes only where they may read these."""
    for row in session.scalars(select(ActionRow).order_by(ActionRow.raised, ActionRow.id)):
        if person.id in _people(json.loads(row.owners)):
            yield _action(row, reader)


def _named_actions(session: Session, reader: Reader, naming: Naming) -> Iterator[dict[str, Any]]:
    for row in session.scalars(select(ActionRow).order_by(ActionRow.raised, ActionRow.id)):
        if reader.may_read(Audience.parse(row.audience)) and naming.names(f"{row.task}\n{row.quote}"):
            yield _action(row, reader)


def _action(row: ActionRow, reader: Reader) -> dict[str, Any]:
    quote = row.quote if reader.may_read(Audience.parse(row.audience)) else ""
    return {"id": row.id, "task": row.task, "state": row.state, "raised": row.raised.isoformat(), "quote": quote}


def _named_decisions(session: Session, reader: Reader, naming: Naming) -> Iterator[dict[str, Any]]:
    for row in session.scalars(select(DecisionRow).order_by(DecisionRow.meeting, DecisionRow.ordinal)):
        if reader.may_read(Audience.parse(row.audience)) and naming.names(f"{row.text}\n{row.quote}"):
            yield {"id": row.id, "text": row.text, "quote": row.quote}


def _meetings(session: Session, person: Person, reader: Reader) -> Iterator[dict[str, Any]]:
    """The meetings that have them by id as present, chair, clerk or confirmer, as far as their notes are open."""
    for row in session.scalars(select(MeetingRow).order_by(MeetingRow.day, MeetingRow.id)):
        meeting = json.loads(row.value)
        present = [each for each in meeting.get("attendees") or () if isinstance(each, dict)]
        leads = [each for each in (meeting.get("chair"), meeting.get("clerk")) if isinstance(each, dict)]
        there = person.id in _people([*present, *leads]) or meeting.get("confirmed_by") == person.id
        if there and reader.may_read(_audience(meeting)):
            body = meeting.get("body")
            name = body.get("name") if isinstance(body, dict) else row.body
            yield {"id": row.id, "day": row.day.isoformat(), "body": name}


def _changes(session: Session, person: Person, reader: Reader) -> Iterator[dict[str, Any]]:
    """What they did to actions. A note that may be a line of the notes only where they may read these."""
    query = select(ChangeRow, ActionRow.audience).outerjoin(ActionRow, ActionRow.id == ChangeRow.action)
    for row, audience in session.execute(query.where(ChangeRow.by == person.id).order_by(ChangeRow.at, ChangeRow.id)):
        own = row.what in OWN_REASONS or (audience and reader.may_read(Audience.parse(audience)))
        yield {"action": row.action, "at": when(row.at), "what": row.what, "note": row.note if own else ""}


def _returns(session: Session, person: Person, reader: Reader) -> Iterator[dict[str, Any]]:
    """The returns that they sent; what these say, which began as lines of the notes, only where it is open to them."""
    for row in session.scalars(select(ReturnRow).where(ReturnRow.sent_by == person.id).order_by(ReturnRow.sent)):
        told = json.loads(row.items) if reader.may_read(Audience.parse(row.audience)) else []
        yield {"meeting": row.meeting, "school": row.school, "sent": when(row.sent), "items": told}


def _drafts(session: Session, person: Person) -> Iterator[dict[str, Any]]:
    """The notes that they brought in: which file, when, and whether it was confirmed."""
    for row in session.scalars(select(DraftRow).order_by(DraftRow.created, DraftRow.id)):
        draft = json.loads(row.value)
        if draft.get("by") == person.id:
            confirmed = row.meeting is not None
            yield {"file": draft.get("file_name", ""), "brought_in": when(row.created), "confirmed": confirmed}


def _matters(session: Session, person: Person, reader: Reader) -> Iterator[dict[str, Any]]:
    """What they marked for a next agenda: their own note, and the words that it was made of where these are open."""
    for row in session.scalars(select(MatterRow).where(MatterRow.by == person.id).order_by(MatterRow.raised)):
        text = row.text if reader.may_read(Audience.parse(row.audience)) else ""
        yield {"raised": row.raised.isoformat(), "note": row.note, "text": text}


def _people(entries: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The ids of the trust file in a list of owners or attendees."""
    return frozenset(each["person"] for each in entries if each.get("person"))


def _audience(meeting: Mapping[str, Any]) -> Audience:
    """Who may read a stored meeting; of one that does not say, nobody."""
    principals = (meeting.get("audience") or {}).get("principals")
    return Audience(frozenset(principals or {""}))
