"""The Part B of minutes that lie in the library's folders: who may read it, and what of it the chair has opened."""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection
from functools import cached_property
from hashlib import sha256

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.config.trust import Trust
from bot.meetings import store
from bot.meetings.bodies import Bodies
from bot.meetings.notes import making
from ingest.isolated.minutes import MinutesReader
from ingest.isolated.reader import Readers
from ingest.minutes import About
from ingest.readers.reading import Reading, Unreadable
from knowledge.passages import Audience, Document


class FolderPartB:
    """Of one trust, as it is when this is made. Without an engine nothing was opened."""

    def __init__(self, trust: Trust, engine: Engine | None, readers: Readers | None = None) -> None:
        self._bodies = Bodies(trust)
        self._engine = engine
        self._readers = readers or Readers()

    def readers(self, document: Document, reading: Reading) -> Audience:
        """Those of the folder's readers who may read a Part B: its group, the chair, the clerk; else nobody."""
        about = About(document.body, document.school, document.date, document.title)
        try:
            with self._readers.open_idle() as aside:
                seen = MinutesReader(aside).outline(reading, about, self._bodies.known).meeting
        except Unreadable:
            # Who was in the chair is not known then.
            return self._bodies.part_b(None, None, "", document.audience)
        chair, clerk = (making.person_of(name, seen.attendees, self._bodies) for name in (seen.chair, seen.clerk))
        return self._bodies.part_b(chair, clerk, "", document.audience)

    def opened(self, day: datetime.date | None) -> Collection[str]:
        """The keys of what was opened of the meetings that are confirmed of this day."""
        return self._opened.get(day, frozenset()) if day else frozenset()

    def version(self, audience: Audience) -> str:
        """A hash of the folder's readers and of what each of them is."""
        trust = self._bodies.trust
        told = [
            [person.id, person.name, sorted(person.roles), sorted(*reader.members)]
            for person in trust.people
            if (reader := trust.reader(person)).may_read(audience)
        ]
        groups = {key: sorted(people) for key, people in self._bodies.part_b_groups().items()}
        return sha256(json.dumps([told, groups]).encode()).hexdigest()[:16]

    @cached_property
    def _opened(self) -> dict[datetime.date, frozenset[str]]:
        found: dict[datetime.date, frozenset[str]] = {}
        if self._engine is not None:
            with Session(self._engine) as session:
                for meeting in store.meetings(session):
                    if meeting.opened:
                        found[meeting.date] = found.get(meeting.date, frozenset()) | frozenset(meeting.opened)
        return found
