"""The meetings room for those who use it: notes in, actions tracked, records answered from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import PurePath

from sqlalchemy import Engine

from bot.errors import Refusal
from bot.meetings.bodies import Bodies
from bot.meetings.draft import Notes
from bot.meetings.drafting import Drafting
from bot.meetings.tracking import Tracking
from bot.trust import Trust
from ingest.minutes import About
from ingest.read import read_bytes
from ingest.reading import Unreadable
from knowledge.library import Library
from knowledge.passages import Audience


class MeetingService:
    """What meetings leave behind. `now` is handed in; without a library nothing is put into it."""

    def __init__(
        self, engine: Engine, trust: Trust, now: Callable[[], datetime], library: Library | None = None
    ) -> None:
        self.bodies = Bodies(trust)
        self.tracking = Tracking(engine, self.bodies, now)
        self.drafts = Drafting(engine, self.bodies, now, self._filed)
        self._library = library

    def _filed(self, meeting_id: str) -> None:
        """Put a confirmed meeting into the library."""


def notes_from(
    data: bytes, file_name: str, by: str, about: About | None = None, audience: Audience | None = None
) -> Notes:
    """Notes from a file's bytes; a Refusal says why it cannot be read."""
    try:
        reading = read_bytes(data, PurePath(file_name).suffix)
    except Unreadable as error:
        raise Refusal(f"{file_name} cannot be read. {error}") from error
    return Notes(reading, file_name, by, about or About(), audience)


def notes_of(text: str, by: str, about: About | None = None, audience: Audience | None = None) -> Notes:
    """Notes that were pasted as text."""
    return notes_from(text.encode(), "pasted notes.txt", by, about, audience)
