"""The tables of given answers and of what people thought of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from pydantic import TypeAdapter
from sqlalchemy import Boolean, DateTime, ForeignKey, Index, String, Text, delete, select
from sqlalchemy.orm import Mapped, Session, load_only, mapped_column

from bot.ask.model import Question, StoredAnswer, Verdict, documents
from bot.runtime.db import Base
from knowledge.passages import Answer, Reader

ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)


class AnswerRow(Base):
    """One given answer. `alone` says that only the asker saw it; `message` is the ts of the question where it was
    written as a message, `edited` that of its last edit."""

    __tablename__ = "answers"
    __table_args__ = (Index("ix_answers_thread", "channel", "thread"),)

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    event: Mapped[str] = mapped_column(String(160))
    asker: Mapped[str] = mapped_column(String(40), index=True)
    channel: Mapped[str] = mapped_column(String(40))
    thread: Mapped[str | None] = mapped_column(String(40))
    question: Mapped[str] = mapped_column(Text)
    alone: Mapped[bool] = mapped_column(Boolean)
    message: Mapped[str | None] = mapped_column(String(40))
    edited: Mapped[str | None] = mapped_column(String(40))
    answer: Mapped[str] = mapped_column(Text)
    reader: Mapped[str] = mapped_column(Text)
    created: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)


class FeedbackRow(Base):
    """What one person thought of one answer, and what he said was missing."""

    __tablename__ = "feedback"

    answer_id: Mapped[str] = mapped_column(ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True)
    person: Mapped[str] = mapped_column(String(40), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(10))
    missing: Mapped[str | None] = mapped_column(Text)
    given: Mapped[datetime] = mapped_column(DateTime(timezone=True))


def add(session: Session, given: StoredAnswer) -> None:
    """Record an answer."""
    asked = given.question
    session.add(
        AnswerRow(
            id=given.id,
            event=asked.event,
            asker=asked.asker,
            channel=asked.channel,
            thread=asked.thread,
            question=asked.text,
            alone=asked.alone,
            message=asked.message or None,
            edited=asked.edited or None,
            answer=ANSWER.dump_json(given.answer).decode(),
            reader=json.dumps(sorted(sorted(member) for member in given.reader.members)),
            created=given.created.astimezone(UTC),
        )
    )


# What a question is read from: an answer beside it is long.
OF_THE_QUESTION = (
    AnswerRow.event, AnswerRow.asker, AnswerRow.channel, AnswerRow.thread, AnswerRow.question, AnswerRow.alone,
    AnswerRow.message, AnswerRow.edited,
)  # fmt: skip


def find(session: Session, answer_id: str) -> StoredAnswer | None:
    """The answer with this id."""
    row = session.get(AnswerRow, answer_id)
    return _stored_answer(row) if row else None


def remove(session: Session, answer_id: str) -> None:
    """Keep this answer no longer, nor what was thought of it."""
    session.execute(delete(AnswerRow).where(AnswerRow.id == answer_id))


def in_thread(session: Session, channel: str, thread: str) -> list[Question]:
    """The questions answered in a thread, oldest first."""
    query = select(AnswerRow).where(AnswerRow.channel == channel, AnswerRow.thread == thread)
    columns = load_only(*OF_THE_QUESTION)
    return [_question(row) for row in session.scalars(query.options(columns).order_by(AnswerRow.created))]


def versions(session: Session, asked: Question) -> list[Question]:
    """The same message as it was answered to the same readers, the last edit last."""
    query = select(AnswerRow).where(AnswerRow.channel == asked.channel, AnswerRow.message == asked.message)
    found = session.scalars(query.where(AnswerRow.alone == asked.alone)) if asked.message else ()
    return sorted(map(_question, found), key=lambda each: each.edited)


def cited(session: Session, question: Question) -> tuple[str, ...]:
    """The ids of the documents that the answer to an earlier question quoted, best first."""
    query = select(AnswerRow).where(AnswerRow.event == question.event, AnswerRow.channel == question.channel)
    row = session.scalars(query.where(AnswerRow.alone == question.alone)).first()
    return tuple(document.id for document in documents(ANSWER.validate_json(row.answer))) if row else ()


def of_asker(session: Session, asker: str, count: int) -> list[StoredAnswer]:
    """The last answers given to this person, newest first."""
    query = select(AnswerRow).where(AnswerRow.asker == asker).order_by(AnswerRow.created.desc()).limit(count)
    return [_stored_answer(row) for row in session.scalars(query)]


def set_feedback(
    session: Session, answer_id: str, person: str, verdict: Verdict, missing: str | None, now: datetime
) -> None:
    """Record what this person thinks now, in place of what he thought before."""
    session.merge(
        FeedbackRow(
            answer_id=answer_id, person=person, verdict=verdict.value, missing=missing, given=now.astimezone(UTC)
        )
    )


def feedback_on(session: Session, answer_id: str) -> list[tuple[str, Verdict, str | None]]:
    """Person, verdict and what was missing, for every person who said something about this answer."""
    rows = session.scalars(select(FeedbackRow).where(FeedbackRow.answer_id == answer_id).order_by(FeedbackRow.person))
    return [(row.person, Verdict(row.verdict), row.missing) for row in rows]


def _stored_answer(row: AnswerRow) -> StoredAnswer:
    created = row.created if row.created.tzinfo else row.created.replace(tzinfo=UTC)
    reader = Reader(frozenset(frozenset(member) for member in json.loads(row.reader)))
    return StoredAnswer(row.id, _question(row), ANSWER.validate_json(row.answer), reader, created)


def _question(row: AnswerRow) -> Question:
    return Question(
        row.event, row.asker, row.channel, row.thread, row.question, row.alone, row.message or "", row.edited or ""
    )  # fmt: skip
