"""Works out insights from kept answers and from the library, for one reader; nobody is named or ranked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.ask.model import WORTH, Verdict
from bot.ask.store import ANSWER, AnswerRow, FeedbackRow
from bot.insights import model
from bot.insights.model import Figures, Insights, Question, Unhelpful
from bot.runtime.inbox import InboxRow
from knowledge.embedding.encoder import Encoder
from knowledge.library.contradictions import disagreements
from knowledge.library.library import Library
from knowledge.masking.pupil_names import Masker
from knowledge.passages import EVERYONE_PRINCIPAL, OPERATOR, Kind, Outcome, Reader

DAYS = 90
MOST_QUESTIONS = 4000
LEAST_FOR_PEOPLE = 3


class InsightService:
    """Insights over one database and library."""

    def __init__(
        self, engine: Engine, library: Library, encoder: Encoder, masker: Masker, now: Callable[[], datetime]
    ) -> None:
        self._engine = engine
        self._library = library
        self._encoder = encoder
        self._masker = masker
        self._now = now

    def insights(self, reader: Reader = OPERATOR, days: int = DAYS) -> Insights:
        """What was asked, not answered and unhelpful in so many days, and what this reader's documents lack now."""
        questions, quoted, unhelpful = self._asked(reader, days)
        texts = [each.text for each in questions]
        vectors = self._encoder.encode(texts) if texts else None
        circles = None if reader.operator else _circles(reader)
        grouped = model.clusters(questions, vectors, circles) if vectors is not None else []
        today = self._now().date()
        documents = [each for each in self._library.documents(reader) if each.kind is not Kind.PRINCIPLE]
        return Insights(
            days,
            figures(self._engine, self._now(), days),
            tuple(grouped),
            tuple(each for each in grouped if each.mostly_unanswered),
            tuple(unhelpful),
            tuple(model.stale(documents, quoted, today)),
            tuple(disagreements(self._library, reader)),
        )

    def _asked(self, reader: Reader, days: int) -> tuple[list[Question], frozenset[str], list[Unhelpful]]:
        """The questions of these days, each person's each event once; which documents answers quoted; and what was
        said to be missing. Of all of it only what came from documents that this reader may read now, or from none."""
        since = self._now().astimezone(UTC) - timedelta(days=days)
        query = select(AnswerRow).where(AnswerRow.created >= since).order_by(AnswerRow.created.desc())
        best: dict[str, Question] = {}
        quoted: set[str] = set()
        titles: dict[str, tuple[str, ...]] = {}
        open_now = {document.id for document in self._library.documents(reader)}
        with Session(self._engine) as session:
            for row in session.scalars(query.limit(MOST_QUESTIONS)):
                answer = ANSWER.validate_json(row.answer)
                # What is laid out, such as two versions beside each other, says itself how each of them stands.
                if not answer.parts:
                    quoted.update(each.document.id for each in answer.citations)
                if not all(cited.document.id in open_now for cited in answer.citations):
                    continue
                circles = None if answer.citations else _circles_of(row)
                if circles is None or reader.operator or circles <= _circles(reader):
                    titles[row.id] = tuple(dict.fromkeys(cited.document.title for cited in answer.citations))
                if row.question and answer.outcome is not Outcome.SIGNPOST:
                    text = self._masker.question(row.question)[0]
                    known = best.get(row.event)
                    if known is None or WORTH[answer.outcome] > WORTH[known.outcome]:
                        best[row.event] = Question(text, row.asker, answer.outcome, circles)
            said = session.scalars(
                select(FeedbackRow)
                .where(FeedbackRow.given >= since, FeedbackRow.verdict == Verdict.DOWN.value)
                .order_by(FeedbackRow.given.desc())
            )
            unhelpful = [
                Unhelpful(self._masker.question(row.missing)[0], titles[row.answer_id])
                for row in said
                if row.missing and row.answer_id in titles
            ]
        return list(best.values()), frozenset(quoted), unhelpful


def _circles(reader: Reader) -> frozenset[str]:
    """The schools and groups of a reader: what everyone holds, and what only one person does, is no circle."""
    held = frozenset[str]().union(*reader.members)
    return frozenset(each for each in held if each != EVERYONE_PRINCIPAL and not each.startswith("person:"))


def _circles_of(row: AnswerRow) -> frozenset[str]:
    """The schools and groups of all who could see an answer together."""
    members = [_circles(Reader.of(member)) for member in json.loads(row.reader)]
    return frozenset.intersection(*members) if members else frozenset()


def figures(engine: Engine, now: datetime, days: int) -> Figures:
    """Counts over the last days; how many people asked is said from three on."""
    since = now.astimezone(UTC) - timedelta(days=days)
    outcomes: dict[str, str] = {}
    people: set[str] = set()
    seconds: list[float] = []
    with Session(engine) as session:
        columns = (AnswerRow.event, AnswerRow.asker, AnswerRow.answer, AnswerRow.created, InboxRow.received)
        query = select(*columns).outerjoin(InboxRow, InboxRow.id == AnswerRow.event).where(AnswerRow.created >= since)
        for event, asker, answer, created, received in session.execute(query.order_by(AnswerRow.created)):
            people.add(asker)
            outcome = ANSWER.validate_json(answer).outcome
            before = outcomes.get(event)
            if before is None or WORTH[outcome] > WORTH[Outcome(before)]:
                outcomes[event] = outcome.value
            if received is not None and before is None:
                seconds.append(max(0.0, (_aware(created) - _aware(received)).total_seconds()))
        verdicts = Counter(session.scalars(select(FeedbackRow.verdict).where(FeedbackRow.given >= since)))
    counted = Counter(outcomes.values())
    seconds.sort()
    return Figures(
        days,
        len(outcomes),
        len(people) if len(people) >= LEAST_FOR_PEOPLE else None,
        {each.value: counted.get(each.value, 0) for each in Outcome},
        verdicts.get(Verdict.UP.value, 0),
        verdicts.get(Verdict.DOWN.value, 0),
        round(seconds[len(seconds) // 2], 3) if seconds else None,
        round(seconds[min(len(seconds) - 1, int(0.95 * len(seconds)))], 3) if seconds else None,
    )


def _aware(when: datetime) -> datetime:
    return when if when.tzinfo else when.replace(tzinfo=UTC)
