"""Answers from the records of meetings, each line with the meeting that it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from bot.meetings.actions.carry import when
from bot.meetings.actions.tracking import Tracking
from bot.meetings.bodies import Bodies
from bot.meetings.model import Action, Decision, Meeting, named, ordinal, spoken
from bot.meetings.records.filing import PART_B, RECORDS
from bot.meetings.records.questions import RecordsQuery, read_records_query
from ingest.metadata.describe import document_id
from knowledge.library.library import Library
from knowledge.passages import Answer, Citation, Document, Outcome, Passage, Reader
from knowledge.text.terms import terms

MOST = 12
HALF = 6
AS_FAR = "as far as you can see the records"


class Answering:
    """Answers questions that are surely about records; for all else there is search."""

    def __init__(self, bodies: Bodies, tracking: Tracking, library: Library | None) -> None:
        self._bodies = bodies
        self._tracking = tracking
        self._library = library

    def read(self, question: str) -> RecordsQuery | None:
        """What a question asks of the records; None where it is not about them."""
        people = {person.id: person.name for person in self._bodies.trust.people}
        return read_records_query(question, self._bodies.trust.names, people)

    def answer(self, question: str, reader: Reader, person: str | None = None) -> Answer | None:
        """Answer from what this reader may see; None where the question is not about records. Where they hold nothing
        of its topic the outcome is "not found". `person` is who asks."""
        query = self.read(question)
        return self.reply(query, reader, person) if query else None

    def reply(self, query: RecordsQuery, reader: Reader, person: str | None = None) -> Answer | None:
        """The same for a question that was read before."""
        if query.me and person is None:
            return None
        body = self._bodies.by_key(query.body) if query.body else None
        key = body.key if body else None
        meeting = (
            self._on_day(query, reader, key) if query.on else self._last(query, reader, key) if query.last else None
        )
        if query.on and meeting is None:
            if not query.topic:
                return Answer(Outcome.NOT_FOUND, f"No meeting of {query.on.words} is recorded, {AS_FAR}.")
            # The day belongs to what is asked about, not to a meeting.
            query = replace(query, topic=query.whole)
        if query.last and meeting is None:
            return None
        if query.wanted == "decisions":
            return self._decisions(query, reader, key, meeting)
        return self._actions(query, reader, key, meeting, person)

    def _actions(
        self, query: RecordsQuery, reader: Reader, body: str | None, meeting: Meeting | None, person: str | None
    ) -> Answer:
        found = self._tracking.actions(
            reader, query.which, person=person if query.me else query.person, school=query.school, body=body,
            meeting=meeting.id if meeting else None,
        )  # fmt: skip
        today = self._tracking.today()
        whose = self._whose(replace(query, body=None), meeting) if meeting else self._whose(query)
        kind = {"open": "open", "overdue": "overdue", "done": "done"}.get(query.which, "recorded")
        if query.due:
            first, last = query.until(today)
            found = [each for each in found if each.due.date and first <= each.due.date <= last]
            words = query.due.split()
            kind = " ".join(
                ["due", *words[:-1], words[-1].title() if words[0] in ("by", "on", "before") else words[-1]]
            )
        if not found:
            return Answer(Outcome.ANSWERED, f"No action{whose} is {kind}, {AS_FAR}.")
        one = len(found) == 1
        head = f"{len(found)} {'action' if one else 'actions'}{whose} {'is' if one else 'are'} {kind}:"
        titles = self._titles(found, reader)
        lines = [f"• {_action(each, today)}{titles.get(each.meeting or '', '')}" for each in found[:MOST]]
        more = [f"And {len(found) - MOST} more: `/trust actions` lists all."] if len(found) > MOST else []
        return Answer(Outcome.ANSWERED, "\n".join([head, *lines, *more]), self._cited([*found[:MOST]], reader))

    def _decisions(
        self, query: RecordsQuery, reader: Reader, body: str | None, meeting: Meeting | None
    ) -> Answer | None:
        found = self._tracking.decisions(
            reader, school=query.school, body=body, meeting=meeting.id if meeting else None
        )
        if query.topic:
            wanted = set(terms(query.topic))
            found = [each for each in found if _on(wanted, each.heading, each.text)]
        if not found:
            nothing = f"Nothing agreed about {query.topic}{self._whose(query)} is recorded, {AS_FAR}."
            return Answer(Outcome.NOT_FOUND, nothing) if query.topic else None
        lines = [f"• {_decision(each)}" for each in found[:MOST]]
        more = [f"And {len(found) - MOST} more: `/trust decisions` lists all."] if len(found) > MOST else []
        return Answer(Outcome.ANSWERED, "\n".join([*lines, *more]), self._cited(found[:MOST], reader))

    def about(self, topic: str, reader: Reader) -> Answer:
        """What this reader may see of decisions on a topic, and of actions on it that are open; "not found" where
        there is nothing."""
        wanted = set(terms(topic))
        decided = [
            decision for decision in self._tracking.decisions(reader) if _on(wanted, decision.heading, decision.text)
        ]
        doing = [action for action in self._tracking.actions(reader) if _on(wanted, action.heading, action.task)]
        if not decided and not doing:
            return Answer(Outcome.NOT_FOUND, f"No decision and no open action about {topic} is recorded, {AS_FAR}.")
        today, titles = self._tracking.today(), self._titles(doing, reader)
        lines = [f"• Agreed: {_decision(each)}" for each in decided[:HALF]]
        lines += [f"• Open: {_action(each, today)}{titles.get(each.meeting or '', '')}" for each in doing[:HALF]]
        left = max(len(decided) - HALF, 0) + max(len(doing) - HALF, 0)
        more = [f"And {left} more: `/trust decisions` and `/trust actions` list all."] if left else []
        cited = (*self._cited(decided[:HALF], reader), *self._cited(doing[:HALF], reader))
        return Answer(Outcome.ANSWERED, "\n".join([*lines, *more]), tuple(dict.fromkeys(cited)))

    def _last(self, query: RecordsQuery, reader: Reader, body: str | None) -> Meeting | None:
        return next(iter(self._met(query, reader, body)), None)

    def _on_day(self, query: RecordsQuery, reader: Reader, body: str | None) -> Meeting | None:
        met = self._met(query, reader, body)
        return next((each for each in met if query.on and query.on.is_on(each.date)), None)

    def _met(self, query: RecordsQuery, reader: Reader, body: str | None) -> list[Meeting]:
        """The meetings that may be meant, the latest first."""
        of = {found.key for key in query.kind if (found := self._bodies.by_key(key))}
        met = self._tracking.meetings(reader, body=body, school=query.school)
        return [each for each in met if not of or each.body.key in of]

    def _whose(self, query: RecordsQuery, meeting: Meeting | None = None) -> str:
        if query.me:
            return " of yours"
        if meeting:
            query = replace(query, school=None)
        person = self._bodies.person(query.person)
        school = self._bodies.trust.names.schools.get(query.school or "", ("",))[0]
        body = self._bodies.by_key(query.body) if query.body else None
        parts = (
            f" of {person.name}" if person else "",
            f" at {school}" if school else "",
            f" of {body.name}" if body else "",
            f" of {meeting.title}" if meeting else "",
        )
        return "".join(parts)

    def _titles(self, actions: Sequence[Action], reader: Reader) -> dict[str, str]:
        """The meetings of actions, for those whom they are open to."""
        wanted = {action.meeting for action in actions if action.meeting}
        return {
            meeting.id: f" ({meeting.title})" for meeting in self._tracking.meetings(reader) if meeting.id in wanted
        }

    def _cited(self, records: Sequence[Action] | Sequence[Decision], reader: Reader) -> tuple[Citation, ...]:
        """The lines of the library's documents of these meetings that say the same."""
        if self._library is None:
            return ()
        sources: dict[str, list[str]] = {}
        for record in records:
            of = record.meeting.id if isinstance(record, Decision) else record.meeting
            if of:
                sources.setdefault(of, []).append(record.text if isinstance(record, Decision) else record.task)
        entries = self._library.entries(reader)
        citations: list[Citation] = []
        for of, texts in sources.items():
            for part in ("", PART_B):
                entry = entries.get(document_id(f"{RECORDS}{of}{part}"))
                if entry is None:
                    continue
                document = entry.document
                ids = [f"{document.id}-{document.digest[:8]}-{at}" for at in range(entry.passages)]
                passages = self._library.passages(reader, ids).values()
                citations.extend(found for text in texts if (found := _line(text, document, passages)))
        return tuple(citations)


def _line(text: str, document: Document, passages: Iterable[Passage]) -> Citation | None:
    """The line of a document that holds these words."""
    said = " ".join(text.split()).rstrip(".")
    for passage in passages:
        for line in passage.text.split("\n"):
            if said in line:
                return Citation(line, passage.id, document, passage.heading, passage.page)
    return None


def _on(wanted: set[int], heading: str, text: str) -> bool:
    """Whether a record is about a topic: it has all the topic's words."""
    return bool(wanted) and wanted <= set(terms(f"{heading} {text}"))


def _decision(decision: Decision) -> str:
    place = f", page {decision.page}" if decision.page else ""
    return f"“{decision.text}” ({decision.meeting.title}{place})"


def _action(action: Action, today: date) -> str:
    who = ", ".join(named(owner) for owner in action.owners) or "nobody named"
    age = f", {ordinal(action.meetings)} meeting" if action.live and action.meetings > 1 else ""
    late = f", overdue since {spoken(action.due.date)}" if action.due.date and action.overdue(today) else ""
    due = late or f", {when(action.due)}"
    return f"{action.task.rstrip('.')}: {who}{due}{age}"
