"""A person's own questions, with an answer's words only where all that it quoted is open to them still."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.ask.store import ANSWER, AnswerRow, FeedbackRow
from knowledge.library.tables import DocumentRow, PassageRow
from knowledge.passages import Answer, Audience, Citation, Reader

IN_ONE = 500
NOT_REPEATED = (
    "Not repeated: what it was made from has changed since, has gone, or is not open to you at the moment. Ask again "
    "to see what is open to you now."
)
OF_RECORDS = "Not repeated: it said what was recorded then. What is recorded now, and is open to you, follows below."
NO_TITLE = "a document that has gone or is not open to you at the moment"


def questions(session: Session, user: str, reader: Reader) -> list[dict[str, Any]]:
    """What this Slack user asked, oldest first, and what was answered as far as it may be read now."""
    rows = session.scalars(select(AnswerRow).where(AnswerRow.asker == user).order_by(AnswerRow.created))
    answers = [(row, ANSWER.validate_json(row.answer)) for row in rows]
    texts = _texts(session, {cited.passage_id for _, answer in answers for cited in answer.citations}, reader)
    return [
        {
            "id": row.id,
            "asked": when(row.created),
            "question": row.question,
            "alone": row.alone,
            "outcome": answer.outcome.value,
            "answer": _words(answer, reader, texts),
            "documents": list(dict.fromkeys(
                cited.document.title for cited in answer.citations if _open(cited, reader, texts)
            )),
        }
        for row, answer in answers
    ]  # fmt: skip


def feedback(session: Session, user: str) -> list[dict[str, Any]]:
    """What this Slack user thought of answers: their own words, oldest first."""
    rows = session.scalars(select(FeedbackRow).where(FeedbackRow.person == user).order_by(FeedbackRow.given))
    return [
        {"answer": row.answer_id, "verdict": row.verdict, "missing": row.missing, "given": when(row.given)}
        for row in rows
    ]


def open_titles(session: Session, shown: Collection[str], reader: Reader) -> dict[str, str]:
    """The titles of those of these documents (ids) that are kept and open to this reader now."""
    wanted = sorted(shown)
    found: dict[str, str] = {}
    for start in range(0, len(wanted), IN_ONE):
        query = select(DocumentRow.id, DocumentRow.title, DocumentRow.audience)
        rows = session.execute(query.where(DocumentRow.id.in_(wanted[start : start + IN_ONE])))
        found |= {ident: title for ident, title, audience in rows if reader.may_read(Audience.parse(audience))}
    return found


def when(at: datetime) -> str:
    """A stored moment as the export writes it."""
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).isoformat(timespec="seconds")


def _words(answer: Answer, reader: Reader, texts: Mapping[str, str]) -> str:
    if answer.told or answer.approved:
        return OF_RECORDS
    return answer.text if all(_open(cited, reader, texts) for cited in answer.citations) else NOT_REPEATED


def _open(cited: Citation, reader: Reader, texts: Mapping[str, str]) -> bool:
    """Whether what was quoted stands there still and is open: the rule by which a source is shown again."""
    return reader.may_read(cited.document.audience) and cited.quote in texts.get(cited.passage_id, "")


def _texts(session: Session, passages: Collection[str], reader: Reader) -> dict[str, str]:
    """The text of those of these passages that this reader may read now."""
    wanted = sorted(passages)
    found: dict[str, str] = {}
    for start in range(0, len(wanted), IN_ONE):
        query = select(PassageRow.id, PassageRow.text, DocumentRow.audience).join(
            DocumentRow, DocumentRow.id == PassageRow.document_id
        )
        rows = session.execute(query.where(PassageRow.id.in_(wanted[start : start + IN_ONE])))
        found |= {ident: text for ident, text, audience in rows if reader.may_read(Audience.parse(audience))}
    return found
