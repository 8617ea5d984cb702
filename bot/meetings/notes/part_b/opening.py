"""Opens a section of notes that was held closed: before they are confirmed, and in what was recorded of them after."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from bot.meetings import store
from bot.meetings.bodies import Bodies
from bot.meetings.notes import making
from bot.meetings.notes.draft import Draft, Notes
from bot.meetings.notes.part_b.division import parted
from ingest.isolated.minutes import MinutesReader
from ingest.minutes import About
from ingest.readers.reading import Reading


def read_again(draft: Draft, reading: Reading, key: str, bodies: Bodies, reader: MinutesReader) -> Draft:
    """The draft with this section opened; its meeting stays as it was chosen. Raises Unreadable where reading takes too
    long."""
    body = draft.body
    about = About(body.name if body else None, body.school if body else None, draft.date)
    # Notes that were closed whole had the Part B's readers; those that are opened have the meeting's.
    audience = (bodies.audience(body) if body else None) or draft.audience if draft.closed else draft.audience
    notes = Notes(reading, draft.file_name, draft.by, about, audience, draft.document)
    again = making.make(notes, bodies, draft.created, reader, (*draft.opened, key))
    part_b = draft.part_b if again.part_b else None
    again = replace(
        again, id=draft.id, body=body, audience=part_b if again.closed else audience, part_b=part_b,
        chair=draft.chair, clerk=draft.clerk,
    )  # fmt: skip
    return replace(again, must=tuple(making.must(again, bodies)), revises=None)


def opened(session: Session, draft: Draft, reading: Reading, key: str) -> Draft:
    """The confirmed draft with this section opened, and what is recorded of it too."""
    keys = (*draft.opened, key)
    parts = parted(reading, keys, draft.file_name)
    hidden = {block.text for block in parts.closed.blocks}
    meeting = store.meeting(session, draft.meeting or "")
    if meeting is None:
        raise LookupError(draft.meeting)
    meeting = replace(meeting, opened=tuple(dict.fromkeys((*meeting.opened, key))))
    items = store.agenda_items(session, meeting.id)
    store.put_meeting(session, meeting, store.digest_of(session, meeting.id) or draft.digest, items)
    for ident, said in store.mentions(session, meeting.id).items():
        if not said.part_b or not said.quote or said.quote in hidden:
            continue
        store.put_mention(session, ident, meeting.id, replace(said, part_b=False))
        action = store.hold_action(session, ident)
        if action and action.part_b and action.first_meeting == meeting.id:
            store.put_action(session, replace(action, part_b=False, audience=meeting.audience))
    for at, decision in enumerate(store.decisions(session, meeting=meeting.id)):
        if decision.part_b and decision.quote and decision.quote not in hidden:
            store.put_decision(session, replace(decision, part_b=False, audience=meeting.audience), at)
    return replace(
        draft,
        opened=keys,
        sections=making.sections_of(reading, replace(draft, opened=keys)),
        actions=tuple(replace(each, part_b=each.part_b and (not each.quote or each.quote in hidden))
                      for each in draft.actions),
        decisions=tuple(replace(each, part_b=each.part_b and (not each.quote or each.quote in hidden))
                        for each in draft.decisions),
    )  # fmt: skip
