"""Before and after a meeting: its draft agenda, and a school's two-minute return."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.errors import Refusal
from bot.meetings import store
from bot.meetings.actions.tracking import Tracking
from bot.meetings.agenda.draft import Agenda, AgendaPrompt, build
from bot.meetings.bodies import Bodies
from bot.meetings.model import LIVE, Body, Matter, Meeting, Return, ReturnItem
from bot.meetings.notes.draft import DraftItem
from knowledge.passages import Reader
from knowledge.school.framework.model import load

MOST_SENTENCES = 3
MOST_CHARACTERS = 1500
RETURNS_DAYS = 28
MARKED_DAYS = 60
RETURN_NOT_YOURS = "A leader of the school or its clerk sends this return."


class Planning:
    """Agendas and returns over the records of meetings."""

    def __init__(self, engine: Engine, bodies: Bodies, tracking: Tracking, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._bodies = bodies
        self._tracking = tracking
        self._now = now

    @property
    def items(self) -> tuple[tuple[str, str, str], ...]:
        """The standard agenda items, as (id, name, priority): the trust's own, else the framework's."""
        own = tuple((each.id, each.name, each.priority) for each in self._bodies.trust.agenda)
        return own or tuple((each.id, each.name, each.priority) for each in load().agenda)

    def agenda(self, body: Body, reader: Reader, day: date | None = None) -> Agenda:
        """A draft of the next agenda of this body from what this reader may see; `day` is the next one by default."""
        today = self._tracking.today()
        with Session(self._engine) as session:
            live = [
                action
                for action in store.actions(session, body=body.key, states=LIVE)
                if reader.may_read(action.readers)
            ]
            held = [meeting for meeting in store.meetings(session, body=body.key) if reader.may_read(meeting.audience)]
            last = held[0] if held else None
            said = store.agenda_items(session, last.id) if last else ()
            since = (last.date if last else today) - timedelta(days=RETURNS_DAYS if last is None else 0)
            sent = store.returns(session, since=since) if body.school is None else []
            marked = store.matters(session, body.key, last.date if last else today - timedelta(days=MARKED_DAYS))
        readable = [each for each in sent if reader.may_read(each.audience)]
        next_day = day or self._tracking.next_meeting(
            body, max(today - timedelta(days=1), last.date if last else today)
        )
        drafted = build(body, next_day, today, self.items, live, last, said, readable)
        asked = tuple(AgendaPrompt(each.text, each.note) for each in marked if reader.may_read(each.audience))
        return replace(drafted, marked=asked)

    def mark(self, matter: Matter) -> bool:
        """Put something on the next agenda of its body; False where it is there already."""
        with Session(self._engine) as session, session.begin():
            return store.put_matter(session, matter)

    def form(self, meeting_id: str, by: str) -> Return:
        """The return after a meeting of a school: as it was sent, else filled in from the notes."""
        meeting, school = self._may_return(meeting_id, by)
        with Session(self._engine) as session:
            sent = store.returns(session, meeting=meeting_id)
            said = store.agenda_items(session, meeting_id)
        if sent:
            return sent[0]
        told = tuple(_told(ident, name, said) for ident, name, _ in self.items)
        return Return(meeting, school, told, self._bodies.return_audience(meeting))

    def send(self, meeting_id: str, by: str, items: Sequence[ReturnItem]) -> Return:
        """Send a return to the trust, in place of an earlier one after the same meeting."""
        meeting, school = self._may_return(meeting_id, by)
        known = {ident: name for ident, name, _ in self.items}
        told = tuple(each for each in items if each.id in known)
        sent = Return(meeting, school, told, self._bodies.return_audience(meeting), self._now(), by)
        with Session(self._engine) as session, session.begin():
            store.put_return(session, sent)
        return sent

    def returns(self, reader: Reader, since: date | None = None) -> list[Return]:
        """The returns that this reader may see, those after the latest meeting first."""
        with Session(self._engine) as session:
            found = store.returns(session, since=since)
        return [each for each in found if reader.may_read(each.audience)]

    def unreported(self, since: date) -> tuple[str, ...]:
        """The schools of which no return came after any meeting since this day, in the trust file's order."""
        with Session(self._engine) as session:
            heard = {each.school for each in store.returns(session, since=since)}
        return tuple(school.id for school in self._bodies.trust.schools if school.id not in heard)

    def waiting(self, since: date) -> list[Meeting]:
        """The meetings of schools since this day after which no return was sent: to be reminded of."""
        with Session(self._engine) as session:
            sent = {each.meeting.id for each in store.returns(session, since=since)}
            found = store.meetings(session, since=since)
        return [each for each in found if each.id not in sent and self._school(each)]

    def _school(self, meeting: Meeting) -> str | None:
        school = meeting.body.school
        return school if school in self._bodies.trust.names.schools else None

    def _may_return(self, meeting_id: str, by: str) -> tuple[Meeting, str]:
        person = self._bodies.person(by)
        with Session(self._engine) as session:
            meeting = store.meeting(session, meeting_id)
        if meeting is None or person is None:
            raise Refusal(RETURN_NOT_YOURS)
        school = self._school(meeting)
        if not self._bodies.may_confirm(person, meeting.body, meeting.chair, meeting.clerk, meeting.audience):
            raise Refusal(RETURN_NOT_YOURS)
        if school is None:
            raise Refusal("Returns are sent after the meetings of a school.")
        return meeting, school


def _told(ident: str, name: str, said: Sequence[DraftItem]) -> ReturnItem:
    """A return's item filled in with the sentences of the notes."""
    own = [each for each in said if each.id == ident]
    return ReturnItem(
        ident,
        name,
        _some(text for each in own for text in each.went_well),
        _some(text for each in own for text in each.hard),
        _some(text for each in own for text in each.asks),
    )


def _some(texts: Iterable[str]) -> str:
    """The first few sentences, as many as fit a form."""
    kept = ""
    for text in list(dict.fromkeys(texts))[:MOST_SENTENCES]:
        if len(kept) + len(text) < MOST_CHARACTERS:
            kept = f"{kept}\n{text}".strip()
    return kept
