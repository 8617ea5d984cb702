"""Minutes of this trust: a file in, a proposal out, with what the trust file knows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.config import trust as trust_file
from bot.config.settings import Settings
from bot.config.trust import Trust
from bot.errors import Refusal
from ingest.isolated.minutes import MinutesReader
from ingest.isolated.reader import ReaderProcess
from ingest.metadata.describe import FolderRule, describe
from ingest.minutes import About, ActionDetector, Colleague, Item, KnownNames, Proposal
from ingest.minutes.part_b import ClosedSection, part
from ingest.readers.reading import Reading, Unreadable
from knowledge.passages import EVERYONE, Kind, Names
from knowledge.school.calendar import SchoolCalendar
from knowledge.school.due import Meetings

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
_WEEKS = {"week": 1, "fortnight": 2}


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal, the name of the school as the trust file has it, and what would be held closed as Part B until the
    chair opens it."""

    proposal: Proposal
    school: str | None
    closed: tuple[ClosedSection, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The published shape of a proposal."""
        meeting = self.proposal.meeting
        held: list[dict[str, str]] = [{"heading": section.heading, "because": section.why} for section in self.closed]
        shape: dict[str, object] = {
            "meeting": {
                "body": meeting.body,
                "school": self.school,
                "date": meeting.date.isoformat() if meeting.date else None,
                "chair": meeting.chair,
                "clerk": meeting.clerk,
                "attendees": [
                    {
                        "name": attendee.name,
                        "initials": attendee.initials,
                        "role": attendee.role,
                        "present": attendee.present,
                    }
                    for attendee in meeting.attendees
                ],
            },
            "actions": [
                {
                    "task": action.task,
                    "owners": [owner.name for owner in action.owners],
                    "due": {
                        "date": action.due.date.isoformat() if action.due.date else None,
                        "phrase": action.due.phrase,
                        "rule": action.due.rule,
                        "state": action.due.state,
                        "certain": action.due.certain,
                    },
                    "quote": action.quote,
                    "page": action.page,
                    "done": action.done,
                }
                for action in self.proposal.actions
            ],
            "decisions": [
                {"text": decision.text, "quote": decision.quote, "page": decision.page}
                for decision in self.proposal.decisions
            ],
            "items": [_item(each) for each in self.proposal.items],
        }
        if held:
            shape["held_closed"] = held
        return shape


def read_minutes_file(path: Path, settings: Settings, point: ActionDetector | None = None) -> list[Proposed]:
    """Propose what the minutes in a file say, one proposal a meeting, with a language model's eye where there is one; a
    Refusal says why a file cannot be read."""
    trust = trust_file.load(settings.trust_file) if settings.trust_file.exists() else None
    return propose_each(path, trust, point)


def propose_file(path: Path, trust: Trust | None, point: ActionDetector | None = None) -> Proposed:
    """Propose what the minutes of the one, or the first, meeting in a file say, with what this trust knows."""
    return propose_each(path, trust, point)[0]


def propose_each(path: Path, trust: Trust | None, point: ActionDetector | None = None) -> list[Proposed]:
    """Propose what the minutes in a file say with what this trust knows, one proposal a meeting in their order."""
    known = known_of(trust, point)
    try:
        size = path.stat().st_size if path.exists() else 0
        with ReaderProcess() as aside:
            loaded = aside.load(path.resolve(), size)
        if loaded is None:
            raise RuntimeError("a file that nothing was known of cannot be unchanged")
        with ReaderProcess() as aside:
            found = _proposals(MinutesReader(aside), loaded.reading, path, known)
    except Unreadable as error:
        raise Refusal(f"{path.name} cannot be read. {error}") from error
    return [
        Proposed(each, known.names.schools.get(each.meeting.school or "", (each.meeting.school,))[0], closed)
        for each, closed in found
    ]


def _proposals(
    reader: MinutesReader, reading: Reading, path: Path, known: KnownNames
) -> list[tuple[Proposal, tuple[ClosedSection, ...]]]:
    """A proposal a meeting, each with what would be held closed of it."""
    document = describe(path, reading, FolderRule(EVERYONE, Kind.MINUTES), known.names, path)
    about = About(document.body, document.school, document.date, document.title)
    parts = reader.meetings_in(reading)
    if len(parts) > 1:
        # What is said of the whole file's body and day is not said of each of its meetings.
        about = About(school=document.school)
    return [(reader.propose(each, about, known), part(each, name=path.name).sections) for each in parts]


def known_of(trust: Trust | None, point: ActionDetector | None = None) -> KnownNames:
    """What a trust file knows that minutes refer to; without one, nothing but the days of the week."""
    if trust is None:
        return KnownNames(Names(), calendar=lambda school: SchoolCalendar(), point=point)
    people = tuple(
        Colleague(person.id, person.name, person.title or "", person.roles, person.schools) for person in trust.people
    )
    agenda = tuple((each.id, each.name) for each in trust.agenda)
    return KnownNames(trust.names, people, agenda, tuple(_meetings(trust)), trust.calendar, point)


def _meetings(trust: Trust) -> list[Meetings]:
    """The bodies that meet, each once, with the names of the group and of its series."""
    groups = {group.id: (group.name, *group.also) for group in trust.groups if group.meets}
    found = []
    for series in trust.meetings:
        names = (series.name, *series.also, *groups.pop(series.group or "", ()))
        weeks = _WEEKS.get(series.every)
        weekday = _WEEKDAYS.index(series.weekday) if series.weekday and weeks and not series.dates else None
        found.append(Meetings(names, series.dates, weekday, weeks or 1))
    return [*found, *(Meetings(names) for names in groups.values())]


def _item(item: Item) -> dict[str, object]:
    spans = {"went_well": item.went_well, "hard": item.hard, "asks": item.asks}
    told = {name: [{"text": each.text, "page": each.page} for each in found] for name, found in spans.items()}
    return {"item": item.id, "heading": item.heading, "page": item.page, **told}
