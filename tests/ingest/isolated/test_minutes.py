"""Minutes read in another process say what they say here; what is known of the trust crosses exactly."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.config.trust import load
from bot.demo.sample import TRUST_FILE
from bot.meetings.notes.proposals import known_of
from ingest.isolated.frames import taken, written
from ingest.isolated.minutes import OUTLINE, PROPOSED, WORK, Facts, MinutesReader, Outline, Proposed, Work
from ingest.isolated.reader import ReaderProcess, Stopped, sent_within
from ingest.minutes import About, KnownNames, meetings_in, propose
from ingest.minutes.layout.lines import lines_of
from ingest.minutes.meeting import meeting_of
from ingest.readers.read import read_bytes
from tests.attacks import files
from tests.meetings.conftest import FIRST, PART_B

ABOUT = About(title="Oakfield SLT \ud83d notes")
SECOND = FIRST.replace("2 November", "9 November")


@pytest.fixture(scope="module")
def known() -> KnownNames:
    return known_of(load(TRUST_FILE))


@pytest.mark.parametrize("text", [FIRST, PART_B, f"{FIRST}\nThe meeting closed at 5 pm.\n\n{SECOND}"])
def test_what_is_proposed_apart_is_what_is_proposed_here(text: str, known: KnownNames) -> None:
    reading = read_bytes(text.encode(), ".md")
    about = replace(ABOUT, title="Oakfield SLT ? notes")
    with ReaderProcess(bounds=sent_within(120)) as aside:
        reader = MinutesReader(aside)
        assert reader.meetings_in(reading) == meetings_in(reading)
        assert reader.propose(reading, ABOUT, known) == propose(reading, about, known)
        lines = lines_of(reading)
        assert reader.outline(reading, ABOUT, known) == Outline(lines, meeting_of(reading, lines, about, known))
        pointing = replace(known, point=lambda lines: frozenset(range(0, len(lines), 2)))
        assert reader.propose(reading, ABOUT, pointing) == propose(reading, about, pointing)


def test_what_is_known_of_a_trust_crosses_exactly(known: KnownNames) -> None:
    work = Work(read_bytes(FIRST.encode(), ".md"), About("SLT"), Facts.of(known), frozenset({1, 2}))
    assert taken(WORK, written(WORK, work)) == work
    there = work.facts.known()
    assert (there.names, there.people, there.agenda, there.meetings) == (
        known.names, known.people, known.agenda, known.meetings,
    )  # fmt: skip
    for school in (*known.names.schools, None, "a school elsewhere"):
        assert there.calendar(school) == known.calendar(school)
    lines = lines_of(work.reading)
    outline = Outline(lines, meeting_of(work.reading, lines, work.about, known))
    assert taken(OUTLINE, written(OUTLINE, outline)) == outline
    proposed = Proposed(propose(work.reading, work.about, known), ("a line",))
    assert taken(PROPOSED, written(PROPOSED, proposed)) == proposed


def test_words_that_hold_a_pattern_hold_only_its_process(known: KnownNames) -> None:
    reading = read_bytes(files.many_cells(), ".txt")
    with ReaderProcess(bounds=sent_within(2)) as aside:
        with pytest.raises(Stopped):
            MinutesReader(aside).propose(reading, About(), known)
        assert MinutesReader(aside).meetings_in(reading) == (reading,)
