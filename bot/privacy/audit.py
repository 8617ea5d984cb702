"""Who was shown which documents, and when: never the question, and never a count of a person's activity."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.privacy.tables import AuditRow
from knowledge.passages import Document


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of the audit; `documents` are (id, title), `place` a channel or empty, `person` a Slack id."""

    at: datetime
    person: str
    what: str
    place: str
    documents: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, object]:
        """The published shape."""
        return {
            "at": self.at.isoformat(timespec="seconds"),
            "person": self.person,
            "what": self.what,
            "channel": self.place or None,
            "documents": [{"id": key, "title": title} for key, title in self.documents],
        }


class Audit:
    """The audit of one database."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    def seen(self, person: str, what: str, place: str, documents: Sequence[Document]) -> None:
        """Record that this person was shown these documents, or did `what` with what is kept."""
        listed = [[each.id, each.title] for each in documents]
        with Session(self._engine) as session, session.begin():
            session.add(
                AuditRow(at=self._now().astimezone(UTC), person=person, what=what, place=place,
                         documents=json.dumps(listed, ensure_ascii=False))
            )  # fmt: skip

    def listed(self, person: str | None = None, document: str | None = None, days: int | None = None) -> list[Shown]:
        """What was shown, newest first: to this Slack id, of documents with this in their id or title, in so many
        days."""
        query = select(AuditRow).order_by(AuditRow.at.desc(), AuditRow.id.desc())
        if person:
            query = query.where(AuditRow.person == person)
        if days is not None:
            query = query.where(AuditRow.at >= self._now().astimezone(UTC) - timedelta(days=days))
        with Session(self._engine) as session:
            found = [_shown(row) for row in session.scalars(query)]
        wanted = (document or "").casefold()
        return [each for each in found if not wanted or any(_is(wanted, *about) for about in each.documents)]


def _is(wanted: str, key: str, title: str) -> bool:
    return wanted == key.casefold() or wanted in title.casefold()


def _shown(row: AuditRow) -> Shown:
    at = row.at if row.at.tzinfo else row.at.replace(tzinfo=UTC)
    return Shown(at, row.person, row.what, row.place, tuple((key, title) for key, title in json.loads(row.documents)))
