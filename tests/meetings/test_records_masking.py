"""The notes of a meeting go into the library without likely pupils' names; the record itself keeps them."""

from __future__ import annotations

from sqlalchemy import Engine, text

from bot.config.trust import Trust
from bot.meetings.service import MeetingService
from knowledge.library.library import Library
from tests.knowledge.books import Lottery
from tests.meetings.conftest import FIRST, Clock, confirmed


def test_a_pupil_in_the_notes_is_not_embedded(sqlite_engine: Engine, trust: Trust, clock: Clock) -> None:
    service = MeetingService(sqlite_engine, trust, clock, Library(sqlite_engine, Lottery()))
    notes = FIRST.replace("The hall is let", "Zara Quillfeather in Year 5 was suspended after a fight. The hall is let")
    done = confirmed(service, notes)
    assert service.records is not None
    service.records.file(done.meeting.id)
    with sqlite_engine.connect() as connection:
        kept = str([tuple(row) for row in connection.execute(text("SELECT text, heading FROM passages"))])
        words = str([tuple(row) for row in connection.execute(text("SELECT reading FROM meeting_notes"))])
    assert "Pupil A in Year 5 was suspended" in kept
    assert "Quillfeather" not in kept
    assert "Quillfeather" in words
