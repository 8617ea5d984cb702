"""A person's own data: all of it to take away, and what is theirs alone to delete."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from bot.ask.store import AnswerRow, FeedbackRow
from bot.config.trust import Person
from bot.errors import Refusal
from bot.privacy import own_answers, own_records
from bot.privacy.audit import Audit
from bot.privacy.holds import Holds, texts_in
from bot.privacy.naming import Naming
from knowledge.passages import NOBODY, Reader

STAYS = (
    "Actions, decisions, notes of meetings and school returns stay: they are the trust's record. So does the audit of "
    "which documents were shown to whom, for its own time. Pulse answers cannot be found by person, so they "
    "can neither "
    "be listed nor deleted here. Messages in Slack itself are not touched."
)
ELSEWHERE = (
    "This is what is yours by your Slack account and your entry in the trust file, and where records that you may "
    "read give your full name. Initials, earlier names and other spellings are not looked for. There may be more about "
    "you in records that are not open to you here. For a full answer, such as a subject access request, ask the "
    "trust's data protection lead, who can have all records searched."
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

    def __init__(
        self, engine: Engine, now: Callable[[], datetime], people: Callable[[], Collection[Person]] = tuple
    ) -> None:
        self._engine = engine
        self._now = now
        self._people = people

    def export(self, user: str, person: Person | None, reader: Reader = NOBODY) -> dict[str, Any]:
        """Everything that is kept of a Slack user who is this person of the trust file, if any: what is theirs by id,
        and of all else only what `reader`, theirs, may read."""
        with Session(self._engine) as session:
            found: dict[str, Any] = {
                "made": self._now().isoformat(timespec="seconds"),
                "slack_id": user,
                "person": {"id": person.id, "name": person.name} if person else None,
                "questions": own_answers.questions(session, user, reader),
                "feedback": own_answers.feedback(session, user),
            }
            if person:
                naming = Naming(person, self._people())
                found |= own_records.of_the_trust(session, person, reader, naming)
            shown = Audit(self._engine, self._now).listed(person=user)
            titles = own_answers.open_titles(session, {key for line in shown for key, _ in line.documents}, reader)
        retitled = (
            replace(line, documents=tuple((key, titles.get(key, own_answers.NO_TITLE)) for key, _ in line.documents))
            for line in shown
        )
        found["shown_documents"] = [line.as_json() for line in retitled]
        found["what_is_not_here"] = STAYS
        found["what_may_be_elsewhere"] = ELSEWHERE
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
            # With an answer goes what others thought of it, and that may be held as theirs.
            on_them = select(AnswerRow.id).where(AnswerRow.asker == user)
            said = session.scalars(
                select(FeedbackRow).where((FeedbackRow.person == user) | FeedbackRow.answer_id.in_(on_them))
            ).all()
            if (
                held.person(user)
                or ({"questions", "answers", "feedback"} & held.kinds and (asked or said))
                or any(held.text(row.question, *texts_in(row.answer)) for row in asked)
                or any(held.person(row.person) or held.text(row.missing) for row in said)
            ):
                raise Refusal(HELD)
            session.execute(delete(FeedbackRow).where(FeedbackRow.person == user))
            session.execute(delete(AnswerRow).where(AnswerRow.asker == user))
        return gone
