"""A trust of many schools with weeks of history behind it, as many records in each week."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.config.trust import Trust
from bot.meetings import store
from bot.meetings.model import Action, Body, Change, Decision, Meeting, Return, ReturnItem, State, meeting_id
from ingest.minutes import Owner
from knowledge.passages import Audience
from knowledge.school.due import Due
from tests.digest.year import LONDON

SCHOOLS = 60
UNTIL = datetime(2027, 6, 14, 8, 0, tzinfo=LONDON)
HARD = ("Absence on Fridays has risen in Years 5 and 6.", "Plans for education, health and care are late.",
        "The energy bill is a fifth above plan.", "Two posts are vacant and nobody applied.")  # fmt: skip
ASKS = ("We would like help with phonics coaching.", "Can another school spare a teaching assistant?")
OFFERS = ("We can offer phonics coaching on Tuesdays.", "Our deputy can release a teaching assistant on Wednesdays.")
ITEMS = ("attendance", "send", "finance", "staffing")


def trust() -> Trust:
    """Its trust file: one digest, of all schools."""
    schools = [{"id": f"s{n}", "name": f"School {n} Academy", "also": [f"School {n}"], "phase": "primary"}
               for n in range(SCHOOLS)]  # fmt: skip
    return Trust.model_validate(
        {
            "name": "Large Trust",
            "schools": schools,
            "people": [{"id": "eve", "name": "Eve Exec", "email": "eve@large.example", "roles": ["chief-executive"]}],
            "groups": [{"id": "exec", "name": "Executive team", "roles": ["chief-executive"], "meets": True}],
            "agenda": [{"id": each, "name": each.capitalize()} for each in ITEMS],
            "terms": [{"name": "The whole year", "start": "2026-08-01", "end": "2027-10-01"}],
            "digests": [{"channel": "execs", "day": "monday", "at": "08:00"}],
        }
    )


def fill(engine: Engine, weeks: int) -> int:
    """Record so many weeks before the digest of 14 June 2027; returns how many records there are.

    In each week each school meets, decides something, agrees two actions and sends a return; what was agreed before the
    last week is done.
    """
    count = 0
    with Session(engine) as session, session.begin():
        for week in range(weeks):
            for number in range(SCHOOLS):
                count += _week(session, week, number)
    return count


def _week(session: Session, week: int, number: int) -> int:
    at = UNTIL - timedelta(weeks=week + 1) + timedelta(days=1, minutes=number)
    school = f"s{number}"
    body = Body(f"{school}-slt", f"School {number} SLT", school)
    audience = Audience(frozenset({f"{school}-slt", "exec"}))
    day = at.date()
    meeting = Meeting(meeting_id(body, day), body, day, None, None, (), None, audience, None, None, "eve", at)
    store.put_meeting(session, meeting, "", ())
    told = tuple(
        ReturnItem(
            item, item.capitalize(),
            OFFERS[number % 2] if (number + place) % 5 == 0 else "",
            HARD[place] if (number + place) % 3 == 0 else "",
            ASKS[number % 2] if (number + place) % 7 == 0 else "",
        )
        for place, item in enumerate(ITEMS)
    )  # fmt: skip
    store.put_return(session, Return(meeting, school, told, audience, at + timedelta(hours=1), "eve"))
    text = f"School {number} opens at half past seven on Fridays."
    store.put_decision(session, Decision(f"d{week}-{number}", text, text, None, meeting, "", "", audience), 0)
    for place in range(2):
        ident = f"a{week}-{number}-{place}"
        due = Due(day + timedelta(days=5 + 3 * place), "", "", "dated", True)
        owner = Owner("Somebody", "Somebody")
        state = State.OPEN if week == 0 else State.DONE
        store.put_action(
            session,
            Action(ident, f"Write to the families of year {place + 1}", (owner,), due, state, "", None, meeting.id,
                   meeting.id, day, 1, body, "", "", audience, at, at),
        )  # fmt: skip
        if week:
            store.add_change(session, Change(ident, at + timedelta(days=5), "eve", "done"))
    return 7
