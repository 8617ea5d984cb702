"""A person's own data: all of it to take away, and what is theirs alone to delete."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from bot.ask.store import ANSWER, AnswerRow, FeedbackRow
from bot.errors import Refusal
from bot.meetings.tables import ActionRow, ChangeRow, DecisionRow, MeetingRow, ReturnRow
from bot.privacy.audit import Audit
from bot.privacy.holds import Holds
from bot.pulse.tables import CollaborationRow, ParticipationRow
from bot.trust import Person

STAYS = (
    "Actions, decisions, notes of meetings and school returns stay: they are the trust's record. So does the audit of "
    "which documents were shown to whom, for its own time. Pulse answers cannot be found by person, so they "
    "can neither "
    "be listed nor deleted here. Messages in Slack itself are not touched."
)
HELD = (
    "Some of your records are under a legal hold, so nothing was deleted. Ask the trust's data protection lead what is "
    "held and for how long, then try again."
)


@dataclass(frozen=True, slots=True)
class Deleted:
    """How many of a person's records went."""

    answers: int
    feedback: int


class MyData:
    """What one database keeps of a person."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    def export(self, user: str, person: Person | None) -> dict[str, Any]:
        """Everything that is kept of a Slack user who is this person of the trust file, if any."""
        with Session(self._engine) as session:
            found: dict[str, Any] = {
                "made": self._now().isoformat(timespec="seconds"),
                "slack_id": user,
                "person": {"id": person.id, "name": person.name} if person else None,
                "questions": _questions(session, user),
                "feedback": [
                    {"answer": row.answer_id, "verdict": row.verdict, "missing": row.missing, "given": _when(row.given)}
                    for row in session.scalars(
                        select(FeedbackRow).where(FeedbackRow.person == user).order_by(FeedbackRow.given)
                    )
                ],
                **(_of_the_trust(session, person) if person else {}),
            }
        found["shown_documents"] = [each.as_json() for each in Audit(self._engine, self._now).listed(person=user)]
        found["what_is_not_here"] = STAYS
        return found

    def counts(self, user: str) -> Deleted:
        """How many records `delete` would take."""
        with Session(self._engine) as session:
            answers = session.scalars(select(AnswerRow.id).where(AnswerRow.asker == user)).all()
            feedback = session.scalars(select(FeedbackRow.answer_id).where(FeedbackRow.person == user)).all()
        return Deleted(len(answers), len(feedback))

    def delete(self, user: str) -> Deleted:
        """Delete this user's questions, answers and feedback; nothing where it is done already. A Refusal while some
        of it is held."""
        held = Holds(self._engine, self._now).held()
        gone = self.counts(user)
        with Session(self._engine) as session, session.begin():
            asked = session.scalars(select(AnswerRow).where(AnswerRow.asker == user)).all()
            said = session.scalars(select(FeedbackRow).where(FeedbackRow.person == user)).all()
            if (
                held.person(user)
                or ({"questions", "answers", "feedback"} & held.kinds and (asked or said))
                or any(held.text(row.question, row.answer) for row in asked)
                or any(held.text(row.missing) for row in said)
            ):
                raise Refusal(HELD)
            session.execute(delete(FeedbackRow).where(FeedbackRow.person == user))
            session.execute(delete(AnswerRow).where(AnswerRow.asker == user))
        return gone


def _questions(session: Session, user: str) -> list[dict[str, Any]]:
    rows = session.scalars(select(AnswerRow).where(AnswerRow.asker == user).order_by(AnswerRow.created))
    found = []
    for row in rows:
        answer = ANSWER.validate_json(row.answer)
        found.append(
            {
                "id": row.id,
                "asked": _when(row.created),
                "question": row.question,
                "alone": row.alone,
                "outcome": answer.outcome.value,
                "answer": answer.text,
                "documents": [each.document.title for each in answer.citations],
            }
        )
    return found


def _of_the_trust(session: Session, person: Person) -> dict[str, Any]:
    """Where records of the trust name this person; of a pulse only that he was asked and whether he replied."""
    owned, named = f'"{person.id}"', person.name.casefold()
    actions = [
        {"id": row.id, "task": row.task, "state": row.state, "raised": row.raised.isoformat(), "quote": row.quote}
        for row in session.scalars(select(ActionRow).order_by(ActionRow.raised))
        if owned in row.owners or named in f"{row.task} {row.quote}".casefold()
    ]
    decisions = [
        {"id": row.id, "text": row.text, "quote": row.quote}
        for row in session.scalars(select(DecisionRow))
        if named in f"{row.text} {row.quote}".casefold()
    ]
    meetings = [
        {
            "id": row.id,
            "day": row.day.isoformat(),
            "body": json.loads(row.body).get("name") if row.body[:1] == "{" else row.body,
        }
        for row in session.scalars(select(MeetingRow).order_by(MeetingRow.day))
        if owned in row.value or named in row.value.casefold()
    ]
    changes = [
        {"action": row.action, "at": _when(row.at), "what": row.what, "note": row.note}
        for row in session.scalars(select(ChangeRow).where(ChangeRow.by == person.id).order_by(ChangeRow.at))
    ]
    returns = [
        {"meeting": row.meeting, "school": row.school, "sent": _when(row.sent)}
        for row in session.scalars(select(ReturnRow).where(ReturnRow.sent_by == person.id))
    ]
    waves = session.execute(
        select(ParticipationRow.wave, ParticipationRow.state).where(ParticipationRow.person == person.id)
    )
    leads = session.scalars(select(CollaborationRow.name).where(CollaborationRow.lead == person.id))
    return {
        "actions": actions,
        "decisions": decisions,
        "meetings": meetings,
        "changes_to_actions": changes,
        "returns": returns,
        "pulse_participation": [{"wave": wave, "state": state} for wave, state in waves],
        "collaborations_led": list(leads),
    }


def _when(at: datetime) -> str:
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).isoformat(timespec="seconds")
