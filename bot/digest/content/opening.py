"""Finds the record behind a line again, for whoever asks and as far as they may read it now."""

from __future__ import annotations

from dataclasses import dataclass

from bot.digest.content.voices import ASK, HARD, NOTES, RETURN, WELL
from bot.errors import Refusal
from bot.meetings.actions.carry import when
from bot.meetings.model import named
from bot.meetings.service import MeetingService
from knowledge.passages import Audience, Reader
from knowledge.text.sentences import sentence_spans

NAMES = {WELL: "Went well", HARD: "Hard", ASK: "We ask for"}
GONE = "This record is not kept, or not open to you."


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it is shown: where it is from, its own words by what they are, who may read it, who sent it."""

    ref: str
    title: str
    words: tuple[tuple[str, str], ...]
    audience: Audience
    school: str | None = None
    by: str | None = None
    note: str = ""
    sentence: str = ""


def record(ref: str, meetings: MeetingService, reader: Reader) -> Record:
    """The record of a line's source; a Refusal where this reader may not see it, or it is gone."""
    kind, _, rest = ref.partition(":")
    if kind == "action":
        action = meetings.tracking.find(rest, reader)
        owners = ", ".join(named(owner) for owner in action.owners) or "nobody named"
        words = ((action.item or "Action", action.quote or action.task),)
        note = f"{action.task.rstrip('.')} ({owners}, {when(action.due)})"
        return Record(ref, action.body.name, words, action.audience, action.body.school, None, note, action.task)
    if kind == "decision":
        decision = meetings.tracking.decision(rest, reader)
        page = f"page {decision.page}" if decision.page else ""
        school = decision.meeting.body.school
        words = (("Decision", decision.quote or decision.text),)
        return Record(ref, decision.meeting.title, words, decision.audience, school, None, page, decision.text)
    parts = rest.split(":")
    if kind == RETURN:
        return _returned(ref, parts, meetings, reader)
    if kind == NOTES and len(parts) > 2:
        return _noted(ref, parts, meetings, reader)
    raise Refusal(GONE)


def _returned(ref: str, parts: list[str], meetings: MeetingService, reader: Reader) -> Record:
    sent = meetings.weekly.returned(parts[0], reader)
    chosen = [told for told in sent.items if len(parts) < 2 or told.id == parts[1]]
    words = [
        (f"{told.name}: {NAMES[key]}", text)
        for told in chosen
        for key, text in ((WELL, told.went_well), (HARD, told.hard), (ASK, told.ask))
        if text
    ]
    if not words:
        raise Refusal(GONE)
    spoken = {WELL: chosen[0].went_well, HARD: chosen[0].hard, ASK: chosen[0].ask}
    sentence = _nth([spoken.get(parts[2], "")], parts[3]) if len(parts) > 3 else ""
    title = f"Return after {sent.meeting.title}"
    return Record(ref, title, tuple(words), sent.audience, sent.school, sent.sent_by, "", sentence)


def _noted(ref: str, parts: list[str], meetings: MeetingService, reader: Reader) -> Record:
    notes = meetings.weekly.notes(parts[0], reader)
    chosen = [item for item in notes.items if item.id == parts[1]]
    texts: dict[str, list[str]] = {
        WELL: [text for item in chosen for text in item.went_well],
        HARD: [text for item in chosen for text in item.hard],
        ASK: [text for item in chosen for text in item.asks],
    }
    words = tuple((NAMES[key], text) for key in NAMES for text in texts[key])
    if not words:
        raise Refusal(GONE)
    sentence = _nth(texts.get(parts[2], []), parts[3] if len(parts) > 3 else "")
    meeting = notes.meeting
    title = f"Notes of {meeting.title}"
    return Record(ref, title, words, meeting.audience, meeting.body.school, meeting.confirmed_by, "", sentence)


def _nth(texts: list[str], number: str) -> str:
    """The sentence of this number."""
    found = [" ".join(text[start:end].split()) for text in texts for start, end in sentence_spans(text)]
    return found[int(number)] if number.isdigit() and int(number) < len(found) else ""
