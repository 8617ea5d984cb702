"""Removes what has been kept long enough: the rows, then their traces in the database's files and in the index."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import CursorResult, Engine, delete, select, text, update
from sqlalchemy.orm import Session

from bot.ask.store import AnswerRow, FeedbackRow
from bot.config.trust import Retention
from bot.meetings.tables import DraftRow, MatterRow, MeetingRow, NotesRow, ReturnRow
from bot.privacy.holds import Held, Holds, texts_in
from bot.privacy.tables import AuditRow, PurgeRow
from bot.runtime.db import Base
from bot.runtime.inbox import InboxRow
from bot.slack.messages.outbox import PostRow
from knowledge.library.library import Library

IN_ONE = 500
NIGHT = 2
MISCOUNTED = timedelta(hours=1)
log = logging.getLogger(__name__)


class Purge:
    """The purge of one database. `forget` is told the ids of events whose workflows may go; `library` is asked to
    build its index anew where documents have gone since the last purge."""

    def __init__(
        self,
        engine: Engine,
        retention: Retention | Callable[[], Retention],
        now: Callable[[], datetime],
        library: Library | None = None,
        forget: Callable[[list[str]], object] = lambda events: None,
    ) -> None:
        self._engine = engine
        self._retention = retention if callable(retention) else lambda: retention
        self._now = now
        self._library = library
        self._forget = forget

    def tick(self) -> bool:
        """Purge once a night; a night that was missed is made good. Whether it was done now."""
        now = self._now()
        last = self.last()
        night = now.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
        if now < night:
            night -= timedelta(days=1)
        # A mark of a night to come is that of a clock that was ahead.
        if last is not None and night <= last <= now + MISCOUNTED:
            return False
        self.run()
        return True

    def last(self) -> datetime | None:
        """When a purge was last done to its end."""
        with Session(self._engine) as session:
            at = session.scalar(select(PurgeRow.at).order_by(PurgeRow.id.desc()).limit(1))
        return at and (at if at.tzinfo else at.replace(tzinfo=UTC))

    def run(self) -> dict[str, int]:
        """Purge now; how many records of each kind went. Safe to repeat and to be killed: it goes on the next time."""
        held = Holds(self._engine, self._now).held()
        removed = {kind: self._old(kind, held) for kind in Retention.model_fields if kind not in held.kinds}
        removed |= self._traces()
        with Session(self._engine) as session, session.begin():
            session.add(
                PurgeRow(at=self._now().astimezone(UTC), generation=self._generation(), removed=json.dumps(removed))
            )
        return removed

    def _old(self, kind: str, held: Held) -> int:
        days = getattr(self._retention(), kind)
        if days == "keep":
            return 0
        before = self._now().astimezone(UTC) - timedelta(days=days)
        with Session(self._engine) as session, session.begin():
            count: int = getattr(self, f"_{kind}")(session, before, held)
        return count

    def _questions(self, session: Session, before: datetime, held: Held) -> int:
        query = select(AnswerRow).where(AnswerRow.created < before, AnswerRow.question != "")
        ids = [row.id for row in session.scalars(query) if not _is_held(row, held)]
        for part in _parts(ids):
            session.execute(update(AnswerRow).where(AnswerRow.id.in_(part)).values(question=""))
        return len(ids)

    def _answers(self, session: Session, before: datetime, held: Held) -> int:
        rows = session.scalars(select(AnswerRow).where(AnswerRow.created < before))
        ids = [row.id for row in rows if not _is_held(row, held) and not self._said_is_held(session, row.id, held)]
        for part in _parts(ids):
            session.execute(delete(AnswerRow).where(AnswerRow.id.in_(part)))
        return len(ids)

    def _said_is_held(self, session: Session, answer: str, held: Held) -> bool:
        if not held.people and not held.words:
            return False
        said = session.scalars(select(FeedbackRow).where(FeedbackRow.answer_id == answer))
        return any(held.person(row.person) or held.text(row.missing) for row in said)

    def _feedback(self, session: Session, before: datetime, held: Held) -> int:
        rows = session.scalars(select(FeedbackRow).where(FeedbackRow.given < before))
        old = [row for row in rows if not held.person(row.person) and not held.text(row.missing)]
        return _deleted(session, old)

    def _audit(self, session: Session, before: datetime, held: Held) -> int:
        old = (AuditRow.at < before, AuditRow.person.not_in(held.people))
        if not held.words:
            return _count(session.execute(delete(AuditRow).where(*old)))
        # SQL compares letters of the alphabet alone without case, and JSON as it is written.
        rows = session.execute(select(AuditRow.id, AuditRow.documents).where(*old))
        ids = [ident for ident, documents in rows if not held.text(*texts_in(documents))]
        for start in range(0, len(ids), IN_ONE):
            session.execute(delete(AuditRow).where(AuditRow.id.in_(ids[start : start + IN_ONE])))
        return len(ids)

    def _notes(self, session: Session, before: datetime, held: Held) -> int:
        rows = session.scalars(select(NotesRow).where(NotesRow.received < before))
        old = [row for row in rows if not held.text(*texts_in(row.reading))]
        return _deleted(session, old)

    def _drafts(self, session: Session, before: datetime, held: Held) -> int:
        rows = session.scalars(select(DraftRow).where(DraftRow.created < before, DraftRow.meeting.is_(None)))
        old = [row for row in rows if not held.text(*texts_in(row.value)) and not held.person(_brought_by(row))]
        count = _deleted(session, old)
        session.flush()
        for digest in {row.digest for row in old}:
            used = select(DraftRow.id).where(DraftRow.digest == digest)
            confirmed = select(MeetingRow.id).where(MeetingRow.digest == digest)
            notes = session.get(NotesRow, digest)
            unused = session.scalar(used) is None and session.scalar(confirmed) is None
            if notes and unused and not held.text(*texts_in(notes.reading)) and "notes" not in held.kinds:
                session.delete(notes)
        return count

    def _returns(self, session: Session, before: datetime, held: Held) -> int:
        rows = session.scalars(select(ReturnRow).where(ReturnRow.sent < before))
        old = [row for row in rows if not held.text(*texts_in(row.items)) and not held.person(row.sent_by)]
        return _deleted(session, old)

    def _matters(self, session: Session, before: datetime, held: Held) -> int:
        rows = session.scalars(select(MatterRow).where(MatterRow.raised < before.date()))
        old = [row for row in rows if not held.text(row.text, row.note) and not held.person(row.by)]
        return _deleted(session, old)

    def _posts(self, session: Session, before: datetime, held: Held) -> int:
        return _count(session.execute(delete(PostRow).where(PostRow.began < before.timestamp())))

    def _inbox(self, session: Session, before: datetime, held: Held) -> int:
        ids = list(session.scalars(select(InboxRow.id).where(InboxRow.done < before)))
        for part in _parts(ids):
            self._forget(part)
            session.execute(delete(InboxRow).where(InboxRow.id.in_(part)))
        return len(ids)

    def _generation(self) -> int:
        return self._library.generation() if self._library else 0

    def _traces(self) -> dict[str, int]:
        """Take what was deleted out of the files: free pages, the write-ahead log, and the index of what has gone."""
        with Session(self._engine) as session:
            before = session.scalar(select(PurgeRow.generation).order_by(PurgeRow.id.desc()).limit(1))
        rebuilt = 0
        if self._library and self._generation() != (before or 0) and self._library.has_left_traces():
            self._library.ask_for_rebuild()
            rebuilt = 1
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))
            if self._engine.dialect.name == "sqlite":
                busy = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()[0]
                if busy:
                    log.warning("the database was in use, so its log is cleared at the next purge")
        return {"index_rebuilds": rebuilt}


def _is_held(row: AnswerRow, held: Held) -> bool:
    return held.person(row.asker) or held.text(row.question, *texts_in(row.answer))


def _brought_by(row: DraftRow) -> str:
    return str(json.loads(row.value).get("by", ""))


def _deleted(session: Session, rows: Sequence[Base]) -> int:
    """Delete these rows; returns how many they are."""
    for row in rows:
        session.delete(row)
    return len(rows)


def _parts(ids: list[str]) -> Iterable[list[str]]:
    return (ids[start : start + IN_ONE] for start in range(0, len(ids), IN_ONE))


def _count(result: object) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
