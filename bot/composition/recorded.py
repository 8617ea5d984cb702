"""What is recorded, for questions from the command line: a room is loaded only for a question that is about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from bot.config.trust import CurrentTrust
from knowledge.library.library import Library
from knowledge.passages import Answer, Reader
from knowledge.safety.check import AtRisk
from knowledge.safety.patterns import child_at_risk
from knowledge.school.framework.model import load

if TYPE_CHECKING:
    from bot.meetings.service import MeetingService
    from bot.pulse.service import PulseService


class Recorded:
    """Answers from meetings, returns and pulses. `pulses` opens their room. Where nothing was ever recorded it has no
    answer, and the documents are left to give one."""

    def __init__(
        self,
        engine: Engine,
        trust: CurrentTrust,
        now: Callable[[], datetime],
        library: Library,
        pulses: Callable[[], PulseService],
        at_risk: AtRisk = child_at_risk,
    ) -> None:
        self._engine = engine
        self._trust = trust
        self._now = now
        self._library = library
        self._pulses = pulses
        self._at_risk = at_risk

    def answer(self, question: str, reader: Reader, person: str | None) -> Answer | None:
        """What is recorded, as far as this reader may see it; None where the question is not about that, or is of a
        child at risk. `person` is the id of who asks."""
        if self._at_risk(question):
            return None
        found = self._of_meetings(question, reader, person) or self._of_pulses(question, reader, person)
        return replace(found, told=True) if found else None

    def about(self, topic: str, reader: Reader, person: str | None) -> Answer | None:
        """What is recorded on a topic; None where that is of a child at risk."""
        if self._at_risk(topic) or not self._any("meetings"):
            return None
        return replace(self._meetings.answering.about(topic, reader), told=True)

    def _of_meetings(self, question: str, reader: Reader, person: str | None) -> Answer | None:
        from bot.meetings.records import questions, return_questions

        trust = self._trust.present
        names = trust.names
        people = {each.id: each.name for each in trust.people}
        if questions.read_records_query(question, names, people) and (self._any("meetings") or self._any("actions")):
            return self._meetings.answering.answer(question, reader, person)
        items = {each.id: each.name for each in trust.agenda or load().agenda}
        if return_questions.read_returns_query(question, names, items) and self._any("meetings"):
            return self._meetings.returned.answer(question, reader)
        return None

    def _of_pulses(self, question: str, reader: Reader, person: str | None) -> Answer | None:
        from bot.pulse.results import questions

        if questions.read_pulse_query(question) is None or not self._any("pulse_collaborations"):
            return None
        from bot.pulse.results.answering import Telling

        return Telling(self._pulses()).answer(question, reader, person)

    @cached_property
    def _meetings(self) -> MeetingService:
        from bot.meetings.service import MeetingService

        return MeetingService(self._engine, self._trust, self._now, self._library, at_risk=self._at_risk)

    def _any(self, table: str) -> bool:
        with self._engine.connect() as connection:
            return connection.execute(text(f"SELECT 1 FROM {table} LIMIT 1")).first() is not None  # noqa: S608
