"""Puts confirmed meetings into the library: what was agreed, and the notes where they are not there already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.meetings import store
from bot.meetings.actions.carry import when
from bot.meetings.bodies import Bodies
from bot.meetings.model import Decision, Meeting, named, spoken
from bot.meetings.notes.draft import DraftAction
from bot.meetings.notes.part_b.division import parted
from ingest.metadata.describe import document_id
from ingest.readers.reading import Block, Reading
from ingest.readers.split import split
from ingest.sync.masking import masked
from knowledge.library.library import Library
from knowledge.library.prepared import Filed
from knowledge.masking.pupil_names import MASKING, Masker
from knowledge.passages import Audience, Document, Kind, Passage

RECORDS, NOTES, PART_B = "meeting:", "notes:", "#part-b"


class Records:
    """Reconciles the library with the confirmed meetings. It may be stopped and called again at any time."""

    def __init__(self, engine: Engine, library: Library, masker: Masker, bodies: Bodies) -> None:
        self._engine = engine
        self._library = library
        self._masker = masker
        self._bodies = bodies

    def file(self, meeting_id: str) -> int:
        """Put what is recorded of one meeting into the library; returns how many documents were put."""
        with Session(self._engine) as session:
            meeting = store.meeting(session, meeting_id)
        return self._reconcile([meeting] if meeting else [])

    def reconcile(self) -> int:
        """The same for every meeting: what a crash kept out goes in, and nothing that is in already is encoded."""
        with Session(self._engine) as session:
            return self._reconcile(store.meetings(session))

    def _reconcile(self, meetings: Sequence[Meeting]) -> int:
        entries = self._library.entries()
        encoder = self._library.status().encoder
        stale: list[Filed] = []
        gone: list[str] = []
        for meeting in meetings:
            own = {filed.document.id: filed for filed in self._documents(meeting)}
            for kind in (RECORDS, NOTES):
                for part in ("", PART_B):
                    ident = document_id(f"{kind}{meeting.id}{part}")
                    entry, filed = entries.get(ident), own.get(ident)
                    if filed is None:
                        gone.extend([ident] if entry else [])
                    elif not entry or entry.document.digest != filed.document.digest or entry.encoder != encoder:
                        stale.append(filed)
        self._library.remove(gone)
        return sum(1 for _ in self._library.put_many(stale))

    def _documents(self, meeting: Meeting) -> Iterator[Filed]:
        with Session(self._engine) as session:
            said = list(store.mentions(session, meeting.id).values())
            decisions = store.decisions(session, meeting=meeting.id)
            reading = store.notes(session, store.digest_of(session, meeting.id) or "")
        said.sort(key=lambda each: (len(each.id), each.id))
        for confidential in (False, True):
            actions = [each for each in said if each.part_b is confidential]
            decided = [decision for decision in decisions if decision.part_b is confidential]
            if actions or decided:
                yield _filed(
                    meeting, RECORDS, "what was agreed", agreed(meeting, decided, actions), confidential, self._masker
                )
        if reading is None or meeting.document:
            return
        parts = parted(reading, meeting.opened)
        if meeting.part_b is None and not meeting.closed:
            # Confirmed when these headings were not yet known to mean a Part B.
            narrow = self._bodies.part_b(meeting.chair, meeting.clerk, meeting.confirmed_by)
            meeting = replace(meeting, part_b=narrow)
        for confidential, part in ((False, parts.open), (True, parts.closed)):
            if part.blocks:
                yield _filed(meeting, NOTES, "notes", part, confidential, self._masker)


def agreed(meeting: Meeting, decisions: Sequence[Decision], actions: Sequence[DraftAction]) -> Reading:
    """What a meeting agreed, as a document: decisions under their items, then actions with owners and days."""
    blocks = [Block(f"{meeting.body.name}, {spoken(meeting.date)}", "heading", 1)]
    if decisions:
        blocks.append(Block("Decisions", "heading", 2))
        blocks.extend(Block(_line(decision.heading, decision.text, decision.benefit), "item") for decision in decisions)
    if actions:
        blocks.append(Block("Actions", "heading", 2))
        blocks.extend(Block(action_line(action), "item") for action in actions)
    return Reading(tuple(blocks), blocks[0].text)


def _line(heading: str, text: str, benefit: str) -> str:
    under = f"{heading}: " if heading and heading.casefold() not in text.casefold() else ""
    said = f"{under}{' '.join(text.split())}"
    return f"{said} Benefit to pupils: {benefit}" if benefit else said


def action_line(action: DraftAction) -> str:
    """An action as it stands in the library: as it was confirmed, whatever has become of it since."""
    who = ", ".join(named(owner) for owner in action.owners) or "nobody named"
    done = " Done at the meeting." if action.done else ""
    return f"{' '.join(action.task.split()).rstrip('.')}. Owner: {who}. Due: {when(action.due)}.{done}"


def _filed(meeting: Meeting, kind: str, what: str, reading: Reading, confidential: bool, masker: Masker) -> Filed:
    source = f"{kind}{meeting.id}{PART_B if confidential else ''}"
    audience: Audience = meeting.part_b if confidential and meeting.part_b else meeting.audience
    title = f"{meeting.body.name}, {what}{' (Part B)' if confidential else ''}, {spoken(meeting.date)}"
    told = [title, audience.name, str(meeting.body.school), reading.text, f"masking {MASKING}"]
    digest = sha256("\n".join(told).encode()).hexdigest()
    ident = document_id(source)
    document = Document(
        id=ident,
        source=source,
        file_name=f"{what.replace(' ', '-')}-{meeting.date.isoformat()}",
        title=title,
        kind=Kind.MINUTES,
        audience=audience,
        family=source,
        school=meeting.body.school,
        body=meeting.body.key,
        version=spoken(meeting.date),
        date=meeting.date,
        pages=reading.pages,
        unit=reading.unit,
        ocr=reading.ocr,
        digest=digest,
    )
    document, pieces = masked(document, split(reading), masker)
    passages = [
        Passage(f"{ident}-{digest[:8]}-{at}", ident, at, each.text, each.heading, each.page, each.header)
        for at, each in enumerate(pieces)
    ]
    return Filed(document, passages)
