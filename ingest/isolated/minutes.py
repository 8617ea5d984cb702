"""Minutes proposed from in a process of its own: crafted words can hold a pattern for hours, and then hold only that.

`re` keeps Python's one lock while it matches, so in the bot's own process one such line would stop everybody's answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil
from typing import Literal

from pydantic import TypeAdapter

from ingest.isolated.frames import WorkerRequest, taken, whole, written
from ingest.isolated.reader import ReaderProcess
from ingest.minutes.layout.lines import Line, lines_of
from ingest.minutes.layout.pack import meetings_in
from ingest.minutes.meeting import meeting_of
from ingest.minutes.model import About, Colleague, KnownNames, Meeting, Proposal
from ingest.minutes.propose import propose
from ingest.readers.reading import Reading
from knowledge.passages import Names
from knowledge.school.calendar import SchoolCalendar
from knowledge.school.due import Meetings

Verb = Literal["parts", "outline", "propose"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a trust, as values alone: `calendars` by school, and the `usual` one for any other."""

    names: Names
    people: tuple[Colleague, ...]
    agenda: tuple[tuple[str, str], ...]
    meetings: tuple[Meetings, ...]
    calendars: Mapping[str, SchoolCalendar]
    usual: SchoolCalendar

    @classmethod
    def of(cls, known: KnownNames) -> Facts:
        """The values of what is known."""
        calendars = {school: known.calendar(school) for school in known.names.schools}
        return cls(known.names, known.people, known.agenda, known.meetings, calendars, known.calendar(None))

    def known(self) -> KnownNames:
        """The same as readers of minutes take it, without anything that points."""
        return KnownNames(
            self.names,
            self.people,
            self.agenda,
            self.meetings,
            lambda school: self.calendars.get(school or "", self.usual),
        )


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be read. `points` are the lines, by position, that a language model takes for actions; None asks for
    the lines that it has to be shown."""

    reading: Reading
    about: About
    facts: Facts
    points: frozenset[int] | None = frozenset()


@dataclass(frozen=True, slots=True)
class Outline:
    """The lines of notes and the meeting that they say they are of."""

    lines: tuple[Line, ...]
    meeting: Meeting


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal, and the lines that no rule took for an action, where those were asked for."""

    proposal: Proposal
    left: tuple[str, ...] = ()


WORK: TypeAdapter[Work] = TypeAdapter(Work)
PARTS: TypeAdapter[tuple[Reading, ...]] = TypeAdapter(tuple[Reading, ...])
OUTLINE: TypeAdapter[Outline] = TypeAdapter(Outline)
PROPOSED: TypeAdapter[Proposed] = TypeAdapter(Proposed)
_NOTHING = Facts(Names(), (), (), (), {}, SchoolCalendar())


class MinutesReader:
    """Reads minutes with a reader that is apart. All verbs raise Unreadable with a user's sentence."""

    def __init__(self, aside: ReaderProcess) -> None:
        self._aside = aside

    def meetings_in(self, reading: Reading) -> tuple[Reading, ...]:
        """One reading a meeting, in order."""
        return self._aside.ask(self._ask("parts"), written(WORK, Work(reading, About(), _NOTHING)), PARTS)

    def outline(self, reading: Reading, about: About = About(), known: KnownNames | None = None) -> Outline:  # noqa: B008
        """The lines of these notes and their meeting."""
        facts = Facts.of(known) if known else _NOTHING
        return self._aside.ask(self._ask("outline"), written(WORK, Work(reading, _sendable(about), facts)), OUTLINE)

    def propose(self, reading: Reading, about: About, known: KnownNames) -> Proposal:
        """What minutes say. A language model is asked from here: the process that reads has no way to one."""
        work = Work(reading, _sendable(about), Facts.of(known), None if known.point else frozenset())
        found = self._proposed(work)
        if known.point is None or not (points := known.point(found.left)):
            return found.proposal
        return self._proposed(replace(work, points=points)).proposal

    def _proposed(self, work: Work) -> Proposed:
        return self._aside.ask(self._ask("propose"), written(WORK, work), PROPOSED)

    def _ask(self, verb: Verb) -> WorkerRequest:
        return WorkerRequest(verb, ceil(self._aside.bounds.plain))


def answered(verb: str, body: bytes) -> bytes:
    """What the process that reads answers."""
    work = taken(WORK, body)
    if verb == "parts":
        return written(PARTS, meetings_in(work.reading))
    known = work.facts.known()
    if verb == "outline":
        lines = lines_of(work.reading)
        return written(OUTLINE, Outline(lines, meeting_of(work.reading, lines, work.about, known)))
    shown: list[str] = []

    def point(lines: tuple[str, ...]) -> frozenset[int]:
        shown.extend(lines)
        return work.points or frozenset()

    proposal = propose(work.reading, work.about, replace(known, point=None if work.points == frozenset() else point))
    return written(PROPOSED, Proposed(proposal, tuple(shown) if work.points is None else ()))


def _sendable(about: About) -> About:
    return replace(about, title=whole(about.title))
