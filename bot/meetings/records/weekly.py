"""What a week brought, for the weekly digest: read by the week alone, however long the history is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Select, func, select
from sqlalchemy.orm import Session

from bot.errors import Refusal
from bot.meetings import store
from bot.meetings.bodies import Bodies
from bot.meetings.model import LIVE, Action, Decision, Meeting, Return
from bot.meetings.notes.draft import DraftItem
from bot.meetings.tables import ActionRow, ChangeRow, ReturnRow
from knowledge.passages import Audience, Reader

BEFORE = timedelta(weeks=5)
NO_RETURN = "This return is not kept, or not open to you."
NO_MEETING = "This meeting is not kept, or not open to you."
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Notes:
    """Notes that were confirmed, and what they say of each agenda item."""

    meeting: Meeting
    items: tuple[DraftItem, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How much of one sort of record with one audience falls into each of some weeks."""

    what: str
    audience: Audience
    school: str | None
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WeekRecords:
    """The records of a week: `before` holds each school's last return before it, `live` every open action (ages are not
    counted)."""

    returns: tuple[Return, ...]
    before: tuple[Return, ...]
    notes: tuple[Notes, ...]
    decisions: tuple[Decision, ...]
    live: tuple[Action, ...]


class Weekly:
    """Reads by the week. What it gives is unfiltered: whoever shows it asks its reader."""

    def __init__(self, engine: Engine, bodies: Bodies) -> None:
        self._engine = engine
        self._bodies = bodies

    def records(self, since: datetime, until: datetime) -> WeekRecords:
        """What came in from `since`, included, to `until`, not included; and what is open now."""
        with Session(self._engine) as session:
            returns = store.returns(session, sent=(since, until))
            earlier = store.returns(session, sent=(since - BEFORE, since))
            notes = [Notes(meeting, items) for meeting, items in store.confirmed(session, since, until)]
            decisions = store.decisions(session, meetings=[note.meeting.id for note in notes])
            live = store.actions(session, states=LIVE, aged=False)
        # Of several returns of a school the one that was sent last is the one before.
        before = {each.school: each for each in sorted(earlier, key=lambda each: (each.sent or since, each.school))}
        return WeekRecords(tuple(returns), tuple(before.values()), tuple(notes), tuple(decisions), tuple(live))

    def tallies(self, weeks: Sequence[Span]) -> tuple[Tally, ...]:
        """How many actions were opened and closed and how many returns came in each of these weeks, by audience."""
        counted: Counter[tuple[str, str, str | None, int]] = Counter()
        with Session(self._engine) as session:
            for number, (since, until) in enumerate(weeks):
                span = since.astimezone(UTC), until.astimezone(UTC)
                for what, query in _counts(*span):
                    for audience, school, count in session.execute(query):
                        counted[what, audience, school, number] += count
        keys = sorted({(what, audience, school or "") for what, audience, school, _ in counted})
        return tuple(
            Tally(
                what, Audience.parse(audience), school or None,
                tuple(counted[what, audience, school or None, number] for number in range(len(weeks))),
            )
            for what, audience, school in keys
        )  # fmt: skip

    def returned(self, meeting: str, reader: Reader) -> Return:
        """The return after this meeting; a Refusal where there is none that this reader may see."""
        with Session(self._engine) as session:
            found = store.returns(session, meeting=meeting)
        if not found or not reader.may_read(found[0].audience):
            raise Refusal(NO_RETURN)
        return found[0]

    def notes(self, meeting: str, reader: Reader) -> Notes:
        """What the notes of this meeting say of the agenda; a Refusal where this reader may not see them."""
        with Session(self._engine) as session:
            found = store.meeting(session, meeting)
            items = store.agenda_items(session, meeting)
        if found is None or not reader.may_read(found.audience):
            raise Refusal(NO_MEETING)
        return Notes(found, items)


def _counts(since: datetime, until: datetime) -> list[tuple[str, Select[Any, Any, Any]]]:
    """What is counted of a week: rows of audience, school and number."""
    action = (ActionRow.audience, ActionRow.school)
    opened = (
        select(*action, func.count())
        .where(ActionRow.created >= since, ActionRow.created < until, ActionRow.part_b.is_(False))
        .group_by(*action)
    )
    closed = (
        select(*action, func.count(func.distinct(ActionRow.id)))
        .join(ChangeRow, ChangeRow.action == ActionRow.id)
        .where(ChangeRow.what == "done", ChangeRow.at >= since, ChangeRow.at < until, ActionRow.part_b.is_(False))
        .group_by(*action)
    )
    sent = (
        select(ReturnRow.audience, ReturnRow.school, func.count())
        .where(ReturnRow.sent >= since, ReturnRow.sent < until)
        .group_by(ReturnRow.audience, ReturnRow.school)
    )
    return [("opened", opened), ("closed", closed), ("returns", sent)]
