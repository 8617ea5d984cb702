"""Plays the sample trust's autumn term into its records, through the same services as people do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Engine

from bot.config.trust import Trust
from bot.meetings.model import ReturnItem
from bot.meetings.notes.draft import PASTED, Notes
from bot.meetings.service import MeetingService
from ingest.minutes import About
from ingest.readers.read import read_bytes
from knowledge.library.library import Library

TERM = Path(__file__).with_name("term.yaml")
CONFIRMED, SENT, REPORTED = time(17, 0), time(17, 20), time(12, 0)
Entry = dict[str, Any]


@dataclass
class Term:
    """The term's events in order of time; each is played once, by whoever plays them up to a moment."""

    engine: Engine
    trust: Trust
    library: Library | None = None
    moment: datetime | None = None
    _events: Iterator[tuple[datetime, str, Entry]] | None = None
    _next: tuple[datetime, str, Entry] | None = None
    _actions: dict[str, str] = field(default_factory=dict)

    def play(self, until: datetime) -> int:
        """Record everything that happened before this moment and is not recorded yet; returns how many events."""
        if self._events is None:
            self._events = iter(events(self.trust))
            self._next = next(self._events, None)
        service = MeetingService(self.engine, self.trust, lambda: self.moment or until, self.library)
        count = 0
        while self._next is not None and self._next[0] < until:
            self.moment, kind, entry = self._next
            if kind == "notes":
                self._confirm(service, entry)
            elif kind == "return":
                service.planning.send(entry["meeting"], entry["by"], _told(service, entry["return"]))
            else:
                service.tracking.done(self._actions[entry["task"]], entry["by"])
            self._next = next(self._events, None)
            count += 1
        return count

    def _confirm(self, service: MeetingService, entry: Entry) -> None:
        body = service.bodies.by_key(entry["body"])
        if body is None:
            raise ValueError(f"the sample trust has no body {entry['body']}")
        about = About(body.key, body.school, entry["date"], body.name)
        # Words of our own, so nothing is to be feared of them here; a process for each would take a minute.
        reading = read_bytes(minutes(body.name, entry).encode(), ".md")
        notes = Notes(reading, PASTED, entry["by"], about, service.bodies.audience(body))
        confirmed = service.drafts.confirm(service.drafts.propose(notes).id, entry["by"])
        entry["meeting"] = confirmed.meeting.id
        for said in entry.get("actions", ()):
            found = next((action for action in confirmed.actions if action.task.startswith(said["task"])), None)
            if found is None:
                raise ValueError(f"the notes of {body.name}, {entry['date']}, do not hold {said['task']!r}")
            self._actions[said["task"]] = found.id


def seed(engine: Engine, trust: Trust, until: datetime, library: Library | None = None) -> int:
    """Play the term up to a moment; returns how many events there were."""
    return Term(engine, trust, library).play(until)


def events(trust: Trust) -> list[tuple[datetime, str, Entry]]:
    """What happened when: notes confirmed, returns sent, actions done, in order."""
    found: list[tuple[datetime, str, Entry]] = []
    for entry in yaml.safe_load(TERM.read_text(encoding="utf-8")):
        day: date = entry["date"]
        found.append((datetime.combine(day, CONFIRMED, trust.zone), "notes", entry))
        if "return" in entry:
            found.append((datetime.combine(entry.get("sent", day), SENT, trust.zone), "return", entry))
        for action in entry.get("actions", ()):
            if "done" in action:
                done = {"task": action["task"], "by": entry["by"]}
                found.append((datetime.combine(action["done"], REPORTED, trust.zone), "done", done))
    return sorted(found, key=itemgetter(0))


def minutes(body: str, entry: Entry) -> str:
    """Notes as a leader types them."""
    day: date = entry["date"]
    lines = [f"# {body}: minutes of the meeting on {day:%A} {day.day} {day:%B %Y}", ""]
    if "actions" in entry:
        lines += ["## Actions", "", "| Action | By whom | By when |", "|---|---|---|"]
        lines += [f"| {each['task']} | {each['who']} | {each['due']} |" for each in entry["actions"]]
        lines.append("")
    lines += ["## 1. Standing items", ""]
    decided = [f"It was agreed that {_lower(each)}" for each in entry.get("decisions", ())]
    lines += decided or ["The items were discussed."]
    following = day + timedelta(weeks=1)
    return "\n".join([*lines, "", f"The next meeting is in the week of {following.day} {following:%B}."])


def _lower(sentence: str) -> str:
    first, rest = sentence.split(" ", 1)
    return f"{first.lower() if first in ('The', 'All') else first} {rest}"


def _told(service: MeetingService, said: dict[str, dict[str, str]]) -> list[ReturnItem]:
    return [
        ReturnItem(ident, name, each.get("well", ""), each.get("hard", ""), each.get("ask", ""))
        for ident, name, _ in service.planning.items
        if (each := said.get(ident))
    ]
