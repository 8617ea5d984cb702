"""Files and notes that harm whoever reads them, sent to a bot at work: it lives, says so, and answers the others."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.attacks import files
from tests.scenarios.conftest import said, wait_until
from tests.scenarios.meetings.office import Staffroom, staffroom_at
from tests.scenarios.running.test_killed import running

SECONDS = 2.0
MINUTES = (
    "Oakfield SLT: minutes of the meeting on Monday 2 November 2026",
    "Present: Ann Birch (AB, chair), Hal Bryce (HB).",
    files.GOOD,
)
QUESTION = "What are the five tests of collaboration?"


@pytest.fixture
def own_staffroom(home: Path) -> Iterator[Staffroom]:
    """A staffroom of a test's own, whose bot is not at work yet and lets a file take two seconds of the processor."""
    with staffroom_at(home) as staffroom:
        staffroom.settings = replace(staffroom.settings, reader_seconds=SECONDS)
        yield staffroom


def upload(staffroom: Staffroom, person: str, name: str, content: bytes) -> None:
    somebody = staffroom.workspace.as_user(person)
    somebody.upload(somebody.direct, name, content)


def undone(staffroom: Staffroom, kind: str) -> int:
    """How many events of a kind are kept and not done."""
    query = text("SELECT count(*) FROM inbox WHERE done IS NULL AND kind = :kind")
    with staffroom.engine.connect() as connection:
        return int(connection.execute(query, {"kind": kind}).scalar_one())


def answered(staffroom: Staffroom, person: str) -> str:
    """The answer to a question in the Messages tab."""
    message = staffroom.workspace.as_user(person).dm(QUESTION)
    wait_until(lambda: staffroom.workspace.replies(message), "an answer", 60)
    return said(staffroom.workspace.replies(message)[0])


def told(staffroom: Staffroom, person: str, words: str) -> str:
    """What the bot wrote to somebody with these words, once it is there."""

    def found() -> list[str]:
        return [text for text in map(said, staffroom.direct(person)) if words in text]

    wait_until(found, f"{words!r} for {person}", 90)
    return found()[0]


@pytest.mark.slow
@pytest.mark.parametrize("name", files.HOLD_THEIR_READER)
def test_a_file_that_holds_its_reader_leaves_the_bot_alive_and_tells_its_sender(
    own_staffroom: Staffroom, name: str
) -> None:
    own_staffroom.open()
    upload(own_staffroom, "hal", name, files.HOLD_THEIR_READER[name]())
    reason = told(own_staffroom, "hal", f"{name} cannot be read.")
    assert any(mend in reason for mend in ("Save it again", "Save it in parts", "There are no words in this"))
    assert "TB-" not in reason
    upload(own_staffroom, "hal", "minutes.docx", files.word(*MINUTES))
    told(own_staffroom, "ann", "Proposal from the notes")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "sentence"), [(files.dots, "There are no words"), (files.many_cells, "Which body met?")]
)
def test_pasted_notes_that_held_their_reader_are_answered_in_a_sentence(
    own_staffroom: Staffroom, make: Callable[[int], bytes], sentence: str
) -> None:
    """The first held whoever read them, the second whoever looked for actions in them."""
    own_staffroom.open()
    hal = own_staffroom.workspace.as_user("hal")
    assert hal.command("/trust", "notes").ok
    assert hal.submit(own_staffroom.modal("hal", "Meeting notes"), {"notes": make(2_900).decode()}).ok
    told(own_staffroom, "hal", sentence)
    assert QUESTION not in answered(own_staffroom, "eve")


@pytest.mark.slow
def test_sixteen_long_texts_leave_questions_answered_also_after_a_restart(own_staffroom: Staffroom) -> None:
    own_staffroom.settings = replace(own_staffroom.settings, reader_seconds=20.0)
    own_staffroom.open()
    bad = files.long_text()
    for at in range(16):
        upload(own_staffroom, ("hal", "ann")[at % 2], f"minutes {at}.txt", bad)
    wait_until(lambda: undone(own_staffroom, "meetings.file") == 16, "the files to be kept", 60)
    assert "collaborat" in answered(own_staffroom, "eve")
    assert undone(own_staffroom, "meetings.file") > 0
    own_staffroom.close()
    own_staffroom.settings = replace(own_staffroom.settings, reader_seconds=SECONDS)
    own_staffroom.open()
    assert "collaborat" in answered(own_staffroom, "eve")
    assert undone(own_staffroom, "meetings.file") > 0
    wait_until(lambda: undone(own_staffroom, "meetings.file") == 0, "the files to be refused", 150)
    for at in range(16):
        told(own_staffroom, ("hal", "ann")[at % 2], f"minutes {at}.txt cannot be read.")


def killed_in_the_middle(staffroom: Staffroom, folder: Path, send: Callable[[], object] | None) -> None:
    """Let the bot begin with what was sent, and kill it there."""
    with running(staffroom, folder) as process:  # type: ignore[arg-type]
        workspace = staffroom.workspace
        before = sum(call.method == "files.info" for call in workspace.calls)
        if send:
            workspace.fail("files.info", seconds=60)
            send()
        wait_until(lambda: sum(call.method == "files.info" for call in workspace.calls) > before, "the work", 60)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(20)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_file_that_kills_the_process_twice_is_set_aside_and_the_others_go_on(
    own_staffroom: Staffroom, tmp_path: Path
) -> None:
    def send() -> None:
        upload(own_staffroom, "hal", "minutes.docx", files.word(*MINUTES))

    killed_in_the_middle(own_staffroom, tmp_path, send)
    own_staffroom.workspace.fail("files.info", seconds=60)
    killed_in_the_middle(own_staffroom, tmp_path, None)
    with running(own_staffroom, tmp_path):  # type: ignore[arg-type]
        sentence = told(own_staffroom, "hal", "minutes.docx: Trustbot stopped twice")
        assert "Save the file again" in sentence
        assert "collaborat" in answered(own_staffroom, "eve")
    with own_staffroom.engine.connect() as connection:
        row = connection.execute(text("SELECT attempts, set_aside, payload, done FROM inbox WHERE set_aside")).one()
    assert row.attempts == 2
    assert row.payload is None
    assert row.done
    assert sum("stopped twice" in said(each) for each in own_staffroom.direct("hal")) == 1
    assert "minutes.docx" not in (tmp_path / "log").read_text()
