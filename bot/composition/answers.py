"""Hands the answer router what it asks, in Slack and on the command line alike: records, leads, and what is unread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from sqlalchemy import text

from bot.ask.answer_router import AnswerRouter
from bot.ask.answer_steps import RecordSources, Reply
from bot.ask.safeguarding_leads import lead_line
from bot.composition.services import Services
from bot.library.reading_progress import LibraryReading
from knowledge.passages import Answer, Reader

MEETINGS, ACTIONS, PULSES = "meetings", "actions", "pulse_collaborations"


def answer_router(services: Services) -> AnswerRouter:
    """What answers questions over these services; without a trust file there are no records, and nobody is named."""
    not_yet = partial(LibraryReading(services.engine).instead_of_a_denial, services.library)
    if not services.has_trust:
        return AnswerRouter(services.answerer, not_yet=not_yet)
    records = _Records(services)
    sources = RecordSources(records.standard_answers, records.meetings, records.returns, records.pulses, records.about)
    return AnswerRouter(services.answerer, sources, partial(_leads, services), not_yet)


def _leads(services: Services, question: str, asker: str | None) -> str:
    """Whom to speak to about a child at risk, by the trust file as it is now."""
    return lead_line(services.trust.present, question, services.reach.person(asker) if asker else None)


class _Records:
    """What reads a question to each of the records. Their service is loaded only for a question that is about it. What
    they say has likely pupils' names masked: an answer is kept, and may go to a model."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def standard_answers(self, words: str) -> Reply | None:
        """Answers that an administrator approved."""
        return partial(self._services.standard_answers.answer, words)

    def meetings(self, words: str) -> Reply | None:
        """Actions and decisions."""
        from bot.meetings.records import questions

        trust = self._services.trust.present
        wish = questions.read_records_query(words, trust.names, {person.id: person.name for person in trust.people})
        if wish is None or not (self._any(MEETINGS) or self._any(ACTIONS)):
            return None

        def reply(reader: Reader, asker: str | None) -> Answer | None:
            person = self._services.reach.person(asker) if asker else None
            return self._services.meetings.answering.reply(wish, reader, person.id if person else None)

        return self._told(reply)

    def returns(self, words: str) -> Reply | None:
        """Schools' two-minute returns."""
        from bot.meetings.records import return_questions
        from knowledge.school.framework.model import load

        trust = self._services.trust.present
        items = {item.id: item.name for item in trust.agenda or load().agenda}
        wish = return_questions.read_returns_query(words, trust.names, items)
        if wish is None or not self._any(MEETINGS):
            return None
        return self._told(lambda reader, _: self._services.meetings.returned.reply(wish, reader))

    def pulses(self, words: str) -> Reply | None:
        """Published results of pulses."""
        from bot.pulse.results import questions

        wish = questions.read_pulse_query(words)
        if wish is None or not self._any(PULSES):
            return None

        def reply(reader: Reader, asker: str | None) -> Answer | None:
            from bot.pulse.results.answering import Telling

            name = self._services.reach.roster_name(asker) if asker else None
            return Telling(self._services.pulses).reply(wish, reader, name)

        return self._told(reply)

    def about(self, topic: str, reader: Reader, asker: str | None) -> Answer | None:
        """What meetings hold on a topic."""
        if not self._any(MEETINGS):
            return None
        return self._told(lambda reader, _: self._services.meetings.answering.about(topic, reader))(reader, asker)

    def _told(self, reply: Callable[[Reader, str | None], Answer | None]) -> Reply:
        """The same answers, marked as told from records and without likely pupils' names."""

        def told(reader: Reader, asker: str | None) -> Answer | None:
            found = reply(reader, asker)
            if found is None:
                return None
            return replace(found, text=self._services.masker.question(found.text, typed=False)[0], told=True)

        return told

    def _any(self, table: str) -> bool:
        """Whether anything was ever recorded. On the command line the documents answer where nothing was; in Slack,
        where records are made, it is said that none are."""
        if self._services.reach.in_slack:
            return True
        with self._services.engine.connect() as connection:
            return connection.execute(text(f"SELECT 1 FROM {table} LIMIT 1")).first() is not None  # noqa: S608
