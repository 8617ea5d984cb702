"""While documents are still being read in, nothing is denied: what was read so far is said instead."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.library.reading_progress import BEGUN, DEAD_SECONDS, Left, LibraryReading
from tests.scenarios.conftest import Office, said

ABSENT = "How wide is the mirror of the telescope?"
DENIED = "Not in the documents"


def test_a_denial_waits_for_the_library(office: Office) -> None:
    reading = LibraryReading(office.engine)
    assert DENIED in said(office.ask_alone("bob", ABSENT))
    reading.begin()
    try:
        first = said(office.ask_alone("bob", ABSENT))
        assert BEGUN in first
        assert DENIED not in first
        channel = said(office.ask("bob", "staff", ABSENT))
        assert BEGUN in channel
        assert DENIED not in channel
    finally:
        reading.end()
    assert DENIED in said(office.ask_alone("bob", ABSENT))


def test_an_answer_that_is_found_says_nothing_of_it(office: Office) -> None:
    reading = LibraryReading(office.engine)
    reading.begin()
    try:
        assert "cannot say yet" not in said(office.ask_alone("bob", "When are hirers of the sports hall invoiced?"))
    finally:
        reading.end()


def test_how_far_it_is_comes_from_whichever_process_reads(engine: Engine) -> None:
    seconds = [1_000.0]
    here, there = (LibraryReading(engine, lambda: seconds[0]) for _ in range(2))
    there._process = "another"
    assert here.left() is None
    there.begin()
    assert here.left() == Left(None)
    there.at(380)
    there._say()
    assert here.left() == Left(380)
    assert "40 of 420 documents so far" in Left(380).sentence(40)
    there.end()
    assert here.left() is None


def test_a_process_that_died_is_not_believed(engine: Engine) -> None:
    seconds = [1_000.0]
    died, here = LibraryReading(engine, lambda: seconds[0]), LibraryReading(engine, lambda: seconds[0] + DEAD_SECONDS)
    died.begin()
    assert died.left() == Left(None)
    assert here.left() is None
    died.end()


@pytest.mark.slow
def test_the_command_line_denies_nothing_while_another_process_reads(own_office: Office) -> None:
    environment = {"TRUSTBOT_HOME": str(own_office.settings.home), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-m", "bot.cli", "ask", ABSENT]

    def told() -> str:
        done = subprocess.run(
            command, env=environment, cwd=Path(__file__).parents[3], capture_output=True, text=True, timeout=120
        )
        return " ".join(done.stdout.split())

    reading = LibraryReading(own_office.engine)
    reading.begin()
    try:
        assert BEGUN in told()
    finally:
        reading.end()
    assert DENIED in told()
