"""A small trust whose schools never close, its records by the week, and the bot's digest in its workspace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.config.trust import Trust
from bot.demo.workspace import Workspace
from bot.digest.content.matching import Encode
from bot.digest.jobs import DigestJobs
from bot.digest.service import DigestService
from bot.meetings import store
from bot.meetings.model import Body, Meeting, Return, ReturnItem, meeting_id
from bot.meetings.service import MeetingService
from bot.slack.messages.outbox import Outbox, posting_client, reading_client
from bot.slack.people.people import People
from knowledge.passages import Audience

LONDON = ZoneInfo("Europe/London")
MANIFEST = Path(__file__).parents[2] / "manifest.json"
FIRST = date(2026, 8, 31)
WEEKS = 52
TRUST = Trust.model_validate(
    {
        "name": "Alder Trust",
        "schools": [
            {
                "id": "oak", "name": "Oak Primary School", "also": ["Oak"], "phase": "primary",
                "terms": [
                    {"name": "Autumn 2026", "start": "2026-09-01", "end": "2026-12-18",
                     "half_term": {"start": "2026-10-26", "end": "2026-10-30"}},
                    {"name": "Spring 2027", "start": "2027-01-04", "end": "2027-03-25",
                     "half_term": {"start": "2027-02-15", "end": "2027-02-19"}},
                    {"name": "Summer 2027", "start": "2027-04-12", "end": "2027-07-23",
                     "half_term": {"start": "2027-05-31", "end": "2027-06-04"}},
                ],
            },
            {"id": "elm", "name": "Elm Academy", "also": ["Elm"], "phase": "secondary"},
        ],
        "people": [
            {"id": "eve", "name": "Eve Exec", "email": "eve@alder.example", "roles": ["chief-executive"]},
            {"id": "ann", "name": "Ann Birch", "email": "ann@alder.example", "roles": ["headteacher"],
             "schools": ["oak"]},
            {"id": "rex", "name": "Rex Tully", "email": "rex@alder.example", "roles": ["headteacher"],
             "schools": ["elm"]},
        ],
        "groups": [
            {"id": "exec", "name": "Executive team", "roles": ["chief-executive"], "meets": True},
            {"id": "heads", "name": "Heads", "roles": ["headteacher"], "people": ["eve"], "meets": True},
            {"id": "oak-slt", "name": "Oak leadership team", "people": ["ann"], "meets": True},
            {"id": "elm-slt", "name": "Elm leadership team", "people": ["rex"], "meets": True},
        ],
        "returns": ["exec", "heads"],
        "agenda": [{"id": "attendance", "name": "Attendance"}, {"id": "send", "name": "SEND"}],
        "terms": [{"name": "The whole year", "start": "2026-08-01", "end": "2027-10-01"}],
        "digests": [
            {"channel": "execs", "day": "monday", "at": "07:45"},
            {"channel": "heads", "day": "friday", "at": "15:00"},
            {"channel": "oak-slt", "day": "wednesday", "at": "17:15", "schools": ["oak"]},
        ],
    }
)  # fmt: skip
CHANNELS = {"execs": ["eve"], "heads": ["eve", "ann", "rex"], "oak-slt": ["ann"]}
BODIES = {school: Body(f"{school}-slt", f"{school.title()} leadership team", school, f"{school}-slt")
          for school in ("oak", "elm")}  # fmt: skip


def furnish(workspace: Workspace) -> None:
    """Its people and its channels."""
    for person in TRUST.people:
        workspace.add_user(person.id, person.name, email=person.email)
    for name, members in CHANNELS.items():
        workspace.add_channel(name, members, private=True)


def token(school: str, day: date) -> str:
    """A word that is in one return only."""
    return f"{school}mark{day:%Y%m%d}"


def put_return(engine: Engine, school: str, day: date, at: datetime) -> None:
    """A school's return after a meeting on this day, sent at that moment."""
    body = BODIES[school]
    audience = Audience(frozenset({f"{school}-slt", "exec"}))
    meeting = Meeting(
        meeting_id(body, day), body, day, None, None, (), None, audience, None, None, "ann", at - timedelta(hours=1)
    )
    told = ReturnItem("attendance", "Attendance", hard=f"Absence rose again, {token(school, day)}.")
    with Session(engine) as session, session.begin():
        store.put_meeting(session, meeting, "", ())
        readers = Audience(audience.principals | {"exec", "heads"})
        store.put_return(session, Return(meeting, school, (told,), readers, at, "ann"))


def jobs(
    engine: Engine,
    bot_token: str,
    api: str,
    now: Callable[[], datetime],
    encode: Encode | None = None,
    trust: Trust = TRUST,
) -> DigestJobs:
    """The digest's clock side over this database and this workspace, as a process has it that has just started."""
    reading = reading_client(bot_token, api)
    outbox = Outbox(engine, reading, posting_client(bot_token, api), now, pauses=(0.0, 0.0))
    people = People(reading, trust, lambda: now().timestamp())
    meetings = MeetingService(engine, trust, now)
    service = DigestService(engine, meetings, now, encode=encode)
    return DigestJobs(engine, service, people, outbox, now)
