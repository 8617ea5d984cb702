"""What an administrator does with standard answers, and what is given to whoever asks."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bot.config.trust import CurrentTrust, Person, Trust
from bot.errors import Refusal
from bot.standard import model
from bot.standard.model import Standard
from bot.standard.tables import StandardRow
from knowledge.embedding.encoder import Encoder
from knowledge.library.library import Library
from knowledge.library.versions import covers
from knowledge.passages import Answer, Audience, Citation, Outcome, Reader
from knowledge.safety.patterns import child_at_risk

STANDARD: TypeAdapter[Standard] = TypeAdapter(Standard)
YEAR = timedelta(days=365)
LONGEST = timedelta(days=3 * 366)
MAY_APPROVE = "administrator"
NOT_YOURS = "Only an administrator of the trust file approves standard answers. Ask one of: {names}."
CHANGED = "Somebody else changed this standard answer meanwhile. Open it again and make your change once more."
GONE = "There is no such standard answer any more. `/trust standard` shows those there are."
Ways = list[tuple[str, NDArray[np.float32], Standard]]


class StandardService:
    """The standard answers of one trust."""

    def __init__(
        self, engine: Engine, library: Library, encoder: Encoder, trust: CurrentTrust, now: Callable[[], datetime]
    ) -> None:
        self._engine = engine
        self._library = library
        self._encoder = encoder
        self._current = trust
        self._now = now
        self._lock = Lock()
        self._known: tuple[tuple[object, ...], Ways] = ((), [])

    @property
    def trust(self) -> Trust:
        """The trust as it is now."""
        return self._current.present

    def answer(self, question: str, reader: Reader, asker: str | None = None) -> Answer | None:
        """The approved answer to this question, if there is one that this reader may be given."""
        ways = self._ways()
        if not ways or child_at_risk(question):
            return None
        mine = [(way, vector, each) for way, vector, each in ways if self._open(each, reader)]
        if not mine:
            return None
        about = self._schools(question)
        mine = [each for each in mine if self._schools(each[0]) == about]
        found = model.best(question, self._encoder.encode([question])[0], mine) if mine else None
        return found.answer(self._now().date()) if found else None

    def may_approve(self, person: Person | None) -> bool:
        """Whether this person approves standard answers."""
        return person is not None and MAY_APPROVE in person.roles

    def approver(self, person: Person | None) -> Person:
        """The same person; a Refusal for whoever is no administrator."""
        if person is None or not self.may_approve(person):
            names = ", ".join(each.name for each in self.trust.people if MAY_APPROVE in each.roles) or "nobody yet"
            raise Refusal(NOT_YOURS.format(names=names))
        return person

    def listed(self, reader: Reader, *, all_of_them: bool = False) -> list[Standard]:
        """Those that this reader may read, the next to be reviewed first; retired ones only if asked for."""
        with Session(self._engine) as session:
            rows = session.scalars(select(StandardRow).order_by(StandardRow.review, StandardRow.id))
            found = [STANDARD.validate_json(row.value) for row in rows]
        return [each for each in found if each.open_to(reader) and (all_of_them or each.retired is None)]

    def find(self, standard_id: str, reader: Reader) -> Standard:
        """One of them; a Refusal where there is none that this reader may read."""
        with Session(self._engine) as session:
            row = session.get(StandardRow, standard_id)
        found = STANDARD.validate_json(row.value) if row else None
        if found is None or not found.open_to(reader):
            raise Refusal(GONE)
        return found

    def approve(
        self,
        by: Person,
        reader: Reader,
        question: str,
        text: str,
        audience: str,
        review: date,
        *,
        owner: str | None = None,
        also: Sequence[str] = (),
        citations: Sequence[Citation] = (),
        replaces: str | None = None,
        revision: int | None = None,
        key: str | None = None,
    ) -> Standard:
        """Approve an answer, or a change to the one that it `replaces` at `revision`. The same `key` is approved once.

        A Refusal where something is missing, where the audience is wider than that of a document it rests on, or
        where somebody else changed it meanwhile.
        """
        self.approver(by)
        today = self._now().date()
        audience_ = self.trust.audience(audience)
        question, text = " ".join(question.split()), text.strip()
        if not question or not text:
            raise Refusal("A standard answer needs a question and an answer.")
        if not today < review <= today + LONGEST:
            raise Refusal("Choose a review date from tomorrow to three years from now.")
        for citation in citations:
            if not covers(citation.document.audience, audience_):
                raise Refusal(
                    f"Not everyone of {audience} may read {citation.document.title!r}, which this answer rests on. "
                    "Choose a narrower audience, or write an answer that does without it."
                )
        who = self.trust.person(owner) if owner else by
        if who is None:
            raise Refusal(f"The trust file knows nobody called {owner!r}.")
        ways = dict.fromkeys(" ".join(each.split()) for each in also)
        standard = Standard(
            id=replaces or key or secrets.token_hex(8),
            question=question,
            text=text,
            citations=tuple(citations),
            audience=audience_,
            owner=who.id,
            approved_by=by.id,
            approved=today,
            review=review,
            also=tuple(way for way in ways if way and way != question),
            names={each.id: each.name for each in (by, who)},
        )
        with Session(self._engine) as session, session.begin():
            row = session.get(StandardRow, standard.id, with_for_update=True)
            if replaces:
                before = STANDARD.validate_json(row.value) if row else None
                if before is None or not before.open_to(reader):
                    raise Refusal(GONE)
                if revision is not None and before.revision != revision:
                    raise Refusal(CHANGED)
                standard = replace(standard, revision=before.revision + 1)
            elif row is not None:
                return STANDARD.validate_json(row.value)
            self._put(session, row, standard)
        return standard

    def retire(self, by: Person, reader: Reader, standard_id: str) -> Standard:
        """Give it to nobody any more; safe to repeat."""
        self.approver(by)
        found = self.find(standard_id, reader)
        if found.retired:
            return found
        gone = model.retired(found, self._now().date())
        with Session(self._engine) as session, session.begin():
            self._put(session, session.get(StandardRow, standard_id), gone)
        return gone

    def due(self) -> list[Standard]:
        """Those whose review date has come."""
        today = self._now().date()
        with Session(self._engine) as session:
            rows = session.scalars(
                select(StandardRow).where(StandardRow.retired.is_(None), StandardRow.review <= today)
            )
            return [STANDARD.validate_json(row.value) for row in rows]

    def draft_from(self, question: str, answer: Answer) -> tuple[str, str]:
        """Question and words to begin a standard answer with, from an answer that was given."""
        if answer.told or answer.outcome in (Outcome.NOT_FOUND, Outcome.SIGNPOST):
            return question, "" if answer.outcome in (Outcome.NOT_FOUND, Outcome.SIGNPOST) else answer.text
        return question, "\n\n".join(f"“{citation.quote}”" for citation in answer.citations[:2])

    def audience_of(self, citations: Collection[Citation]) -> str:
        """The widest usual audience that may read all of these."""
        for name in self.trust.audiences:
            if all(covers(each.document.audience, Audience.parse(name)) for each in citations):
                return name
        return next((citation.document.audience.name for citation in citations), "everyone")

    def _put(self, session: Session, row: StandardRow | None, standard: Standard) -> None:
        row = row or StandardRow(id=standard.id)
        row.audience, row.review, row.revision = standard.audience.name, standard.review, standard.revision
        row.retired = self._now().astimezone(UTC) if standard.retired else None
        row.value = STANDARD.dump_json(standard).decode()
        session.add(row)

    def _open(self, standard: Standard, reader: Reader) -> bool:
        """Whether this reader may be given it now, by its audience and by the documents that it rests on."""
        if not standard.open_to(reader):
            return False
        if not standard.citations:
            return True
        now = {document.id for document in self._library.documents(reader)}
        held = {citation.document.id for citation in standard.citations}
        # One that has gone from the library altogether says nothing about who may read.
        return all(each in now or self._library_lost(each) for each in held)

    def _library_lost(self, document: str) -> bool:
        return document not in self._library.entries()

    def _schools(self, words: str) -> frozenset[str]:
        said = words.casefold()
        return frozenset(
            key for key, names in self.trust.names.schools.items() if any(name.casefold() in said for name in names)
        )

    def _ways(self) -> Ways:
        """Every way to ask for every standard answer that is in force, with its vector; read again when one changes."""
        with Session(self._engine) as session:
            state = session.execute(select(func.count(), func.sum(StandardRow.revision)).select_from(StandardRow)).one()
            with self._lock:
                if tuple(state) == self._known[0]:
                    return self._known[1]
            rows = session.scalars(select(StandardRow).where(StandardRow.retired.is_(None)).order_by(StandardRow.id))
            standards = [STANDARD.validate_json(row.value) for row in rows]
        asked = [(way, standard) for standard in standards for way in standard.phrasings]
        ways: Ways = []
        if asked:
            vectors = self._encoder.encode([way for way, _ in asked])
            ways = [(way, vector, each) for (way, each), vector in zip(asked, vectors, strict=True)]
        with self._lock:
            self._known = (tuple(state), ways)
        return ways
