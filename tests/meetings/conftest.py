"""A small trust with its bodies, and notes of its meetings, all invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.config.trust import Trust, load
from bot.meetings.notes.confirming import Confirmed
from bot.meetings.notes.draft import Draft, Notes
from bot.meetings.service import MeetingService, notes_from

TRUST = """\
name: Alder Learning Trust
schools:
  - {id: oakfield, name: Oakfield Primary School, also: [Oakfield], phase: primary, inset_days: [2026-11-27]}
  - {id: riverside, name: Riverside Primary School, also: [Riverside], phase: primary}
people:
  - {id: dana, name: Dana Voss, roles: [chief-executive]}
  - {id: cleo, name: Cleo Marsh, roles: [governance]}
  - {id: ann, name: Ann Birch, roles: [headteacher], schools: [oakfield]}
  - {id: hal, name: Hal Bryce, roles: [senior-leader], schools: [oakfield]}
  - {id: eve, name: Eve Stone, schools: [oakfield]}
  - {id: rex, name: Rex Tully, roles: [headteacher], schools: [riverside]}
  - {id: gus, name: Gus Tranter, roles: [governor]}
  - {id: may, name: May Holt, roles: [trustee]}
groups:
  - {id: exec, name: Executive team, roles: [chief-executive, executive], meets: true}
  - {id: board, name: Trust board, roles: [trustee], people: [dana, cleo], meets: true}
  - {id: closed, name: Readers of Part B minutes, roles: [trustee], people: [cleo]}
  - {id: oakfield-slt, name: Oakfield senior leadership team, also: [Oakfield SLT], people: [ann, hal], meets: true}
  - {id: riverside-slt, name: Riverside senior leadership team, also: [Riverside SLT], people: [rex], meets: true}
  - {id: oakfield-lgb, name: Oakfield Local Governing Body, also: [Oakfield LGB], people: [gus, ann, cleo], meets: true}
library:
  - {path: oakfield-slt, audience: [oakfield-slt, exec], kind: minutes, school: oakfield}
  - {path: oakfield-lgb, audience: [oakfield-lgb, board], kind: minutes, school: oakfield}
agenda:
  - {id: safeguarding, name: Safeguarding}
  - {id: behaviour, name: Behaviour and exclusions}
  - {id: send, name: SEND}
  - {id: estates, name: Estates and health and safety, priority: risk}
  - {id: decisions, name: Decisions needed, priority: communications}
terms:
  - {name: Autumn 2026, start: 2026-09-01, end: 2026-12-18, half_term: {start: 2026-10-26, end: 2026-10-30}}
  - {name: Spring 2027, start: 2027-01-04, end: 2027-03-25, half_term: {start: 2027-02-15, end: 2027-02-19}}
meetings:
  - {id: slt, name: Oakfield SLT meeting, group: oakfield-slt, school: oakfield, weekday: monday, channel: oakfield-slt}
  - {id: r-slt, name: Riverside SLT meeting, group: riverside-slt, school: riverside, weekday: tuesday}
  - {id: exec-weekly, name: Executive meeting, group: exec, weekday: thursday}
"""

FIRST = """\
# Oakfield SLT: minutes of the meeting on Monday 2 November 2026

Present: Ann Birch (AB, chair), Hal Bryce (HB). In attendance: Eve Stone (ES).

## Actions

| Item | Action | By whom | By when |
|---|---|---|---|
| 2 | Ring the families of the absent pupils | HB | 6/11/26 |
| 3 | Mend the fence by the east gate | Site manager | asap |
| 4 | Visit Riverside to see phonics lessons | ES | 13 November |

## 1. Minutes of the last meeting

Agreed as a true record.

## 2. Safeguarding

The single central record has no gaps, which is excellent. HB will ring the families of the absent pupils.

## 3. Estates and health and safety

The hall is let to a dance club. It was agreed that lettings end at 9 pm because neighbours complained of noise. \
The fence by the east gate is a concern.

## 4. Decisions needed

We would like the trust to agree whether Oakfield may keep its own spelling scheme.

Next meeting: Monday 9 November 2026.
"""

SECOND = """\
# Oakfield SLT: minutes of the meeting on Monday 9 November 2026

Present: Ann Birch (AB, chair), Hal Bryce (HB).

## Actions

| Item | Action | By whom | By when |
|---|---|---|---|
| 3 | Mend the fence by the east gate | Site manager | 20 November 2026 |
| 5 | Write to parents about parking | AB | Friday |

## 1. Matters arising

HB: ring the families of the absent pupils. This has been done and is closed.

## 5. Communications

Parking at the gate is a concern. AB will write to parents about parking.
"""

PART_B = """\
# Oakfield Local Governing Body: minutes of the meeting on Thursday 15 October 2026

Present: Gus Tranter (GT, chair), Ann Birch (AB). Clerk: Cleo Marsh.

## Actions

| Item | Action | By whom | By when |
|---|---|---|---|
| 1 | Publish the pay policy on the website | AB | 23 October 2026 |

## 1. Policies

The pay policy was approved.

## Part B (confidential)

## B1. Settlement

Governors approved a settlement of £9,000 for a former caretaker. Action: GT to sign the settlement papers by \
30 October 2026.
"""


@dataclass
class Clock:
    """The time of a test, moved by hand."""

    now: datetime = datetime(2026, 11, 2, 17, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def at(self, month: int, day: int, year: int = 2026) -> None:
        self.now = datetime(year, month, day, 9, 0, tzinfo=UTC)


def notes(text: str, by: str = "ann", name: str = "notes.md") -> Notes:
    """Markdown notes as they are uploaded."""
    return notes_from(text.encode(), name, by)


def confirmed(service: MeetingService, text: str, by: str = "ann") -> Confirmed:
    """The record of notes that were confirmed as they were proposed."""
    return service.drafts.confirm(service.drafts.propose(notes(text, by)).id, by)


def by_task(draft: Draft, words: str) -> str:
    """The id of the proposed action with these words."""
    return next(each.id for each in draft.actions if words in each.task)


@pytest.fixture(scope="session")
def trust_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("trust") / "trust.yaml"
    path.write_text(TRUST, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def trust(trust_path: Path) -> Trust:
    return load(trust_path)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(engine: Engine, trust: Trust, clock: Clock) -> MeetingService:
    """The room over SQLite, then over PostgreSQL."""
    return MeetingService(engine, trust, clock)


@pytest.fixture
def room(sqlite_engine: Engine, trust: Trust, clock: Clock) -> MeetingService:
    """The room where the kind of database does not matter."""
    return MeetingService(sqlite_engine, trust, clock)
