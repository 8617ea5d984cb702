"""Answers from schools' two-minute returns, each line with the school and the meeting that it came after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.meetings.agenda.planning import Planning
from bot.meetings.bodies import Bodies
from bot.meetings.model import Return, ReturnItem, spoken
from bot.meetings.records.return_questions import ReturnsQuery, read_returns_query
from knowledge.passages import Answer, Outcome, Reader
from knowledge.safety.check import AtRisk
from knowledge.safety.patterns import child_at_risk
from knowledge.text.sentences import sentence_spans
from knowledge.text.terms import terms

MOST = 12
WEEK = timedelta(weeks=1)
LATELY = timedelta(weeks=5)
SAID = {"well": "went well", "hard": "is hard", "ask": "is asked for", "all": "there is"}
KINDS = {"well": "went well", "hard": "hard", "ask": "asks"}


@dataclass(frozen=True, slots=True)
class _Line:
    sent: Return
    item: ReturnItem
    words: str
    kind: str = ""


class Returned:
    """Answers questions that are surely about returns, from those that the reader may read."""

    def __init__(
        self, bodies: Bodies, planning: Planning, today: Callable[[], date], at_risk: AtRisk = child_at_risk
    ) -> None:
        self._bodies = bodies
        self._planning = planning
        self._today = today
        self._at_risk = at_risk

    def answer(self, question: str, reader: Reader) -> Answer | None:
        """Answer from what this reader may see; None where the question is not about returns. Where they hold nothing
        of it the outcome is "not found"."""
        items = {ident: name for ident, name, _ in self._planning.items}
        query = read_returns_query(question, self._bodies.trust.names, items)
        return self.reply(query, reader) if query else None

    def reply(self, query: ReturnsQuery, reader: Reader) -> Answer:
        """The same for a question that was read before."""
        if query.sort in ("reported", "unreported"):
            return self._heard(query, reader)
        return self._said(query, reader)

    def _said(self, query: ReturnsQuery, reader: Reader) -> Answer:
        monday = self._monday()
        since, until = {"this": (monday, None), "last": (monday - WEEK, monday)}.get(
            query.week, (monday - LATELY, None)
        )
        own = [each for each in self._planning.returns(reader) if query.school in (None, each.school)]
        inside = [each for each in own if (day := self._day(each)) >= since and (until is None or day < until)]
        lines = [line for each in inside for line in _lines(each, query, self._at_risk)]
        about = f" about {query.topic}" if query.topic else ""
        whose = f" of {self._school(query.school)}" if query.school else ""
        when = _when(since, until)
        if not lines:
            text = f"No return{whose} {when} says what {SAID[query.sort]}{about}, as far as you can see the returns."
            last = (
                next((each for each in own if self._day(each) < since), None) if query.school and query.week else None
            )
            earlier = list(_lines(last, query, self._at_risk)) if last else []
            if last is None or not earlier:
                return Answer(Outcome.NOT_FOUND, text)
            lead = f"{text} The one before says:"
            return Answer(Outcome.ANSWERED, "\n".join([lead, *self._written(earlier)]))
        head = f"What {SAID[query.sort]}{about}, in the returns{whose} {when}:"
        return Answer(Outcome.ANSWERED, "\n".join([head, *self._written(lines)]))

    def _heard(self, query: ReturnsQuery, reader: Reader) -> Answer:
        """Which schools sent a return, of those whose returns this reader may read; the others are not spoken of."""
        monday = self._monday()
        since, until = (monday - WEEK, monday) if query.week == "last" else (monday, None)
        schools = [
            school.id
            for school in self._bodies.trust.schools
            if query.school in (None, school.id) and reader.may_read(self._bodies.school_returns(school.id))
        ]
        if not schools:
            return Answer(Outcome.NOT_FOUND, "There is no school whose returns you may read.")
        sent = {
            each.school
            for each in self._planning.returns(reader)
            if (day := self._day(each)) >= since and (until is None or day < until)
        }
        wanted = query.sort == "reported"
        found = [self._school(each) for each in schools if (each in sent) is wanted]
        of = "Of the schools whose returns you may read"
        verb = "sent a return" if wanted else "sent no return"
        if not found:
            nobody = "none sent a return" if wanted else "every one sent a return"
            return Answer(Outcome.ANSWERED, f"{of}, {nobody} {_when(since, until)}.")
        head = f"{of}, {'this' if len(found) == 1 else 'these'} {verb} {_when(since, until)}:"
        return Answer(Outcome.ANSWERED, "\n".join([head, *(f"• {name}" for name in found)]))

    def _written(self, lines: Sequence[_Line]) -> list[str]:
        more = [f"And {len(lines) - MOST} more."] if len(lines) > MOST else []
        return [*(self._line(line) for line in lines[:MOST]), *more]

    def _line(self, line: _Line) -> str:
        after = f"return after {line.sent.meeting.title}, sent {spoken(self._day(line.sent))}"
        kind = f" ({line.kind})" if line.kind else ""
        return f"• {self._school(line.sent.school)}, {line.item.name}{kind}: “{line.words}” ({after})"

    def _school(self, ident: str | None) -> str:
        return self._bodies.trust.names.schools.get(ident or "", (ident or "",))[0]

    def _monday(self) -> date:
        today = self._today()
        return today - timedelta(days=today.weekday())

    def _day(self, sent: Return) -> date:
        """The day on which it was sent, in the trust's zone."""
        return sent.sent.astimezone(self._bodies.trust.zone).date() if sent.sent else sent.meeting.date


def _lines(sent: Return, query: ReturnsQuery, at_risk: AtRisk) -> Iterator[_Line]:
    """What a return says of this sort and topic, sentence by sentence. What tells of a child at risk is repeated
    nowhere."""
    wanted = set(terms(query.topic))
    for item in sent.items:
        told = {"well": item.went_well, "hard": item.hard, "ask": item.ask}
        for kind, text in told.items():
            for start, end in sentence_spans(text) if query.sort in (kind, "all") else ():
                words = " ".join(text[start:end].split())
                if wanted <= set(terms(f"{item.name} {words}")) and not at_risk(words):
                    yield _Line(sent, item, words, KINDS[kind] if query.sort == "all" else "")


def _when(since: date, until: date | None) -> str:
    return f"since {spoken(since)}" if until is None else f"in the week of {spoken(since)}"
