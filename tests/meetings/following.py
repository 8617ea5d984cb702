"""A small trust that follows its actions up, in the local workspace, with a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.config.trust import Trust
from bot.demo.workspace import Workspace
from bot.demo.workspace.state import BOT_USER, Message
from bot.meetings import store
from bot.meetings.bodies import Bodies
from bot.meetings.model import Action, Body, Meeting, State, first_state, meeting_id
from bot.meetings.reminders.blocks import reminder
from bot.meetings.reminders.jobs import FollowUp
from bot.slack.messages.outbox import Outbox, posting_client, reading_client
from bot.slack.people.people import People
from bot.slack.people.presence import Presence
from ingest.minutes import Attendee, Owner
from knowledge.passages import Audience
from knowledge.school.due import Due
from tests.at_work import PATIENT

LONDON = ZoneInfo("Europe/London")
MANIFEST = Path(__file__).parents[2] / "manifest.json"
TRUST = Trust.model_validate(
    {
        "name": "Alder Trust",
        "schools": [
            {"id": "oak", "name": "Oak Primary School", "phase": "primary", "inset_days": ["2026-11-27"]},
            {
                "id": "elm",
                "name": "Elm Academy",
                "phase": "secondary",
                "terms": [
                    {
                        "name": "Autumn 2026",
                        "start": "2026-09-01",
                        "end": "2026-12-18",
                        "half_term": {"start": "2026-10-19", "end": "2026-10-30"},
                    },
                    {"name": "Spring 2027", "start": "2027-01-04", "end": "2027-03-25"},
                ],
            },
        ],
        "people": [
            {"id": "ann", "name": "Ann Birch", "email": "ann@alder.example", "roles": ["headteacher"],
             "schools": ["oak"]},
            {"id": "hal", "name": "Hal Bryce", "email": "hal@alder.example", "schools": ["oak"]},
            {"id": "sam", "name": "Sam Vole", "email": "sam@alder.example", "schools": ["oak"]},
            {"id": "rex", "name": "Rex Tully", "email": "rex@alder.example", "roles": ["headteacher"],
             "schools": ["elm"]},
            {"id": "eli", "name": "Eli Gone", "email": "eli@alder.example", "schools": ["oak"]},
        ],
        "groups": [{"id": "oak-slt", "name": "Oak leadership team", "people": ["ann", "hal", "sam"], "meets": True}],
        "meetings": [
            {"id": "slt", "name": "Oak SLT meeting", "group": "oak-slt", "school": "oak", "weekday": "monday"}
        ],
        "terms": [
            {
                "name": "Autumn 2026",
                "start": "2026-09-01",
                "end": "2026-12-18",
                "half_term": {"start": "2026-10-26", "end": "2026-10-30"},
            },
            {"name": "Spring 2027", "start": "2027-01-04", "end": "2027-03-25",
             "half_term": {"start": "2027-02-15", "end": "2027-02-19"}},
        ],
    }
)  # fmt: skip
HERE = ("ann", "hal", "sam", "rex")
SLT = Body("oak-slt", "Oak leadership team", "oak", "oak-slt")
ELM = Body("elm-slt", "Elm leadership team", "elm")
AUDIENCE = Audience(frozenset({"oak-slt", "person:rex"}))


def at(day: str, clock: str = "08:00") -> datetime:
    """A moment in London."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=LONDON)


def owner(person: str) -> Owner:
    """Somebody of the trust, or a name that the trust file does not have."""
    found = TRUST.person(person)
    return Owner(found.name, found.name, found.id) if found else Owner(person, person)


def meeting(day: str, body: Body = SLT, chair: str = "ann") -> Meeting:
    """A confirmed meeting."""
    when = date.fromisoformat(day)
    there = tuple(Attendee(owner(each).name, "", present=True, person=each) for each in ("ann", "hal"))
    return Meeting(
        meeting_id(body, when), body, when, owner(chair), None, there, None, AUDIENCE, None, None, chair,
        at(day, "17:40"),
    )  # fmt: skip


def action(name: str, owners: str, due: str, raised: str, body: Body = SLT, *, state: State | None = None) -> Action:
    """A confirmed action; `due` is a day, or asap, ongoing or nothing. Owners are parted by blanks."""
    dated = due[:1].isdigit()
    when = Due(date.fromisoformat(due), due, "", "dated", True) if dated else Due(None, due, "", due or "none", True)  # type: ignore[arg-type]
    of = meeting_id(body, date.fromisoformat(raised))
    return Action(
        name, f"Task {name}", tuple(map(owner, owners.split())), when, state or first_state(when, False), "", None, of,
        of, date.fromisoformat(raised), 1, body, "", "", AUDIENCE, at(raised, "17:40"), at(raised, "17:40"),
    )  # fmt: skip


def keep(engine: Engine, *kept: Meeting | Action) -> None:
    """Put meetings and actions into the records."""
    with Session(engine) as session, session.begin():
        for each in kept:
            if isinstance(each, Meeting):
                store.put_meeting(session, each, "", ())
            else:
                store.put_action(session, each)


@dataclass
class Desk:
    """A workspace, its clock, and the bot's follow-up in it, whose own clock may be `ahead`."""

    workspace: Workspace
    engine: Engine
    clock: list[datetime]
    followed: list[FollowUp] = field(default_factory=list)
    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        """The time."""
        return self.clock[0] + self.ahead

    def follow_up(self) -> FollowUp:
        """The follow-up as a process has it that has just started."""
        return follow_up(self.engine, self.workspace.bot_token, self.workspace.api_url, self.now)

    def tick(self, *moments: datetime) -> int:
        """Tick at these moments, in a process of its own each."""
        count = 0
        for moment in moments:
            self.clock[0] = moment
            count += self.follow_up().tick()
        return count

    def sent(self, person: str) -> list[Message]:
        """What this person was sent."""
        return [each for each in self.workspace.direct(person) if each.user == BOT_USER]

    def days(self, person: str) -> list[str]:
        """The days on which he was sent something."""
        stamps = (float(each.ts) for each in self.sent(person))
        return [datetime.fromtimestamp(each, LONDON).date().isoformat() for each in stamps]


def follow_up(engine: Engine, token: str, url: str, now: Callable[[], datetime]) -> FollowUp:
    """The follow-up over this database and this workspace."""
    reading = reading_client(token, url)
    outbox = Outbox(engine, reading, posting_client(token, url), now, pauses=(0.0, 0.0))
    people = People(reading, TRUST, lambda: now().timestamp())
    return FollowUp(engine, Bodies(TRUST), people, Presence(reading), outbox, now, reminder)


@contextmanager
def desk(engine: Engine, moment: datetime) -> Iterator[Desk]:
    """A running workspace at this moment, with an account for everybody but one."""
    clock = [moment]
    with Workspace.start(MANIFEST, **PATIENT, clock=lambda: clock[0].timestamp()) as workspace:
        for person in TRUST.people:
            if person.id in HERE:
                workspace.add_user(person.id, person.name, email=person.email)
        yield Desk(workspace, engine, clock)
