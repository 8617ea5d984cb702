"""Search over all that is kept, for an administrator who answers a request for information, with an export."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.ask.store import AnswerRow, FeedbackRow
from bot.errors import Refusal
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
from bot.privacy.holds import texts_in
from bot.pulse.results.publish import NOTE
from bot.standard.tables import StandardRow
from knowledge.library.tables import DocumentRow, PassageRow

OF_A_PULSE = "(Results of a pulse, which are for those who were asked and for the channel where they were posted.)"
COLUMNS = ("kind", "id", "when", "who", "where", "text", "match")
WHOLE, PART = "whole words", "part of a longer word"


@dataclass(frozen=True, slots=True)
class Mention:
    """One record that mentions what was looked for; `who` is a Slack id or an id of the trust file. `match` says
    whether it stands there as whole words: who looks for "Sam Ray" finds Sam Rayner too, and must not hand that out."""

    kind: str
    id: str
    when: str
    who: str
    where: str
    text: str
    match: str = WHOLE

    def as_json(self) -> dict[str, str]:
        """The published shape."""
        return {name: getattr(self, name) for name in COLUMNS}


def search_all(engine: Engine, words: str) -> list[Mention]:
    """Every document's passage and every record that has these words, in any case, next to each other, whole words
    first. A record is also found by the id, of Slack or of the trust file, of whose it is. Pulse answers are sealed and
    are not searched, nor are their results: those are for whom they were promised to. A Refusal where nothing is looked
    for."""
    wanted = " ".join(words.split()).casefold()
    if len(wanted) < 2:
        raise Refusal("Say what to look for, at least two letters: a name, an address or a phrase.")
    whole = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
    found: dict[str, list[Mention]] = {WHOLE: [], PART: []}
    with Session(engine) as session:
        for record in _all(session):
            said = " ".join(f"{record.text} {record.where}".split()).casefold()
            if wanted == record.who.casefold() or whole.search(said):
                found[WHOLE].append(record)
            elif wanted in said:
                found[PART].append(replace(record, match=PART))
    return found[WHOLE] + found[PART]


def export(found: list[Mention], folder: Path, words: str) -> tuple[Path, Path]:
    """Write what was found as JSON and CSV; the files. A Refusal where the folder cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        as_json, as_csv = folder / "mentions.json", folder / "mentions.csv"
        whole = {"looked_for": words, "mentions": [each.as_json() for each in found]}
        as_json.write_text(json.dumps(whole, ensure_ascii=False, indent=2) + "\n", "utf-8")
        with as_csv.open("w", newline="", encoding="utf-8-sig") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows([_harmless(getattr(each, name)) for name in COLUMNS] for each in found)
    except OSError as error:
        raise Refusal(f"{folder} cannot be written ({error.strerror}). Choose another place with --out.") from error
    return as_json, as_csv


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _all(session: Session) -> Iterator[Mention]:
    passages = select(
        PassageRow.id,
        PassageRow.text,
        PassageRow.heading,
        PassageRow.page,
        DocumentRow.title,
        DocumentRow.source,
        DocumentRow.date,
    ).join(DocumentRow, DocumentRow.id == PassageRow.document_id)
    for row in session.execute(passages.order_by(DocumentRow.source, PassageRow.ordinal)):
        place = f", page {row.page}" if row.page else ""
        yield Mention("document", row.id, _when(row.date), "", f"{row.title}{place} ({row.source})", row.text)
    for answer in session.scalars(select(AnswerRow).order_by(AnswerRow.created)):
        told = json.loads(answer.answer).get("text", "")
        if NOTE in told:
            told = OF_A_PULSE
        yield Mention("question", answer.id, _when(answer.created), answer.asker, answer.channel, answer.question)
        yield Mention("answer", answer.id, _when(answer.created), answer.asker, answer.channel, told)
    for said in session.scalars(select(FeedbackRow).order_by(FeedbackRow.given)):
        yield Mention("feedback", said.answer_id, _when(said.given), said.person, "", said.missing or "")
    for action in session.scalars(select(ActionRow).order_by(ActionRow.created)):
        words = "\n".join((action.task, *texts_in(action.owners), action.quote, action.reason))
        yield Mention("action", action.id, _when(action.created), "", action.heading, words)
    for said_of in session.scalars(select(MentionRow)):
        yield Mention("action in notes", said_of.action, "", "", said_of.meeting, _read(said_of.value))
    for change in session.scalars(select(ChangeRow).order_by(ChangeRow.at)):
        yield Mention("change", change.action, _when(change.at), change.by, change.what, change.note)
    for meeting in session.scalars(select(MeetingRow).order_by(MeetingRow.day)):
        told = "\n".join((*texts_in(meeting.value), *texts_in(meeting.items)))
        yield Mention("meeting", meeting.id, _when(meeting.day), "", meeting.body, told)
    for matter in session.scalars(select(MatterRow).order_by(MatterRow.raised)):
        words = f"{matter.text}\n{matter.note}"
        yield Mention("agenda", matter.ref, _when(matter.raised), matter.by, matter.body, words)
    for decision in session.scalars(select(DecisionRow)):
        yield Mention("decision", decision.id, "", "", decision.heading, f"{decision.text}\n{decision.quote}")
    for sent in session.scalars(select(ReturnRow)):
        yield Mention(
            "return", f"{sent.meeting}/{sent.school}", _when(sent.sent), sent.sent_by, sent.school, _read(sent.items)
        )
    for notes in session.scalars(select(NotesRow).order_by(NotesRow.received)):
        yield Mention("notes", notes.digest, _when(notes.received), "", "", _read(notes.reading))
    for draft in session.scalars(select(DraftRow).order_by(DraftRow.created)):
        yield Mention("draft", draft.id, _when(draft.created), "", draft.body or "", _read(draft.value))
    for standard in session.scalars(select(StandardRow)):
        yield Mention("standard answer", standard.id, _when(standard.review), "", "", _read(standard.value))


def _when(at: datetime | date | None) -> str:
    return at.isoformat() if at else ""


def _read(stored: str) -> str:
    """All the texts of something that is stored as JSON."""
    return "\n".join(texts_in(stored))
