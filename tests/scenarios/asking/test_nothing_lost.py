"""Whatever breaks, a question is answered, and answered once."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from bot.demo.workspace import Workspace
from tests.scenarios import corpus
from tests.scenarios.conftest import Office, said, wait_until

QUESTION = "When are hirers of the sports hall invoiced?"


def posts(workspace: Workspace) -> int:
    """How many times the app tried to post a message."""
    return sum(1 for call in workspace.calls if call.method == "chat.postMessage")


def test_delivered_twice_answered_once(office: Office) -> None:
    office.workspace.deliver_twice()
    try:
        question = office.mention("bob", "staff", QUESTION)
        office.answers(question)
    finally:
        office.workspace.deliver_twice(False)
    assert len(office.workspace.replies(question)) == 1


def test_delivered_again_long_after_answered_once(office: Office) -> None:
    question = office.mention("bob", "staff", QUESTION)
    office.answers(question)
    office.workspace.deliver_again()
    office.rest()
    assert len(office.workspace.replies(question)) == 1


def test_too_many_requests_are_tried_again_when_slack_says(office: Office) -> None:
    before = posts(office.workspace)
    office.workspace.fail("chat.postMessage", status=429, retry_after=1)
    assert corpus.LETTINGS in said(office.ask("bob", "staff", QUESTION))
    calls = [call for call in office.workspace.calls if call.method == "chat.postMessage"][before:]
    assert [call.status for call in calls] == [429, 200]
    assert calls[1].at - calls[0].at >= 1


def test_a_broken_slack_is_tried_again(office: Office) -> None:
    office.workspace.fail("chat.postMessage", status=503)
    assert corpus.LETTINGS in said(office.ask("bob", "staff", QUESTION))


@pytest.mark.parametrize("drop", ["before", "after"])
def test_a_line_that_breaks_while_posting_doubles_nothing(office: Office, drop: str) -> None:
    office.workspace.fail("chat.postMessage", drop=drop)  # type: ignore[arg-type]
    question = office.mention("bob", "staff", QUESTION)
    office.answers(question)
    assert len(office.workspace.replies(question)) == 1


def test_a_line_that_breaks_while_posting_directly_doubles_nothing(office: Office) -> None:
    office.workspace.fail("chat.postMessage", drop="after")
    question = office.workspace.as_user("bob").dm(QUESTION)
    office.answers(question)
    assert len(office.workspace.replies(question)) == 1


def test_slack_breaking_everywhere_for_a_moment_is_survived(office: Office) -> None:
    office.workspace.fail("*", times=4, status=500)
    assert corpus.LETTINGS in said(office.ask("bob", "staff", QUESTION))


def test_a_new_socket_is_opened_when_slack_closes_the_old_one(office: Office) -> None:
    office.workspace.close_sockets("refresh_requested")
    wait_until(lambda: office.workspace.sockets == 1, "the new socket")
    assert corpus.LETTINGS in said(office.ask("bob", "staff", QUESTION))


def test_what_nobody_listens_to_is_acknowledged(office: Office) -> None:
    before = len(office.workspace.attempts)
    bob = office.workspace.as_user("bob")
    message = bob.say("staff", "Nothing to do with anybody")
    bob.edit(message, "Nothing to do with anybody at all")
    bob.delete(message)
    bob.upload("staff", "notes.txt", b"notes", comment="For the file")
    office.rest()
    attempts = office.workspace.attempts[before:]
    assert len(attempts) >= 4
    assert all(attempt.ok and attempt.number == 0 for attempt in attempts)


def test_a_failure_tells_what_to_do_and_the_log_says_where(office: Office) -> None:
    question = "When are hirers of the sports hall in Oldcastle invoiced?"
    with office.engine.begin() as connection:
        connection.execute(text("ALTER TABLE answers RENAME TO answers_away"))
    seen = len(office.workspace.ephemerals("bob"))
    try:
        asked = office.mention("bob", "staff", question)
        whisper = office.whispers("bob", seen + 1)[-1]
        office.rest()
    finally:
        with office.engine.begin() as connection:
            connection.execute(text("ALTER TABLE answers_away RENAME TO answers"))
    found = re.search(r"TB-[2-9A-Z]{5}", whisper.text)
    assert found
    assert "Ask again in a few minutes" in whisper.text
    assert "answers" not in whisper.text
    assert office.workspace.replies(asked) == []
    log = office.log.getvalue()
    assert f"failure {found[0]}" in log
    assert "store.py" in log[log.index(found[0]) :]
    assert "Oldcastle" not in log


def test_what_is_done_is_kept_no_longer(office: Office) -> None:
    office.ask("bob", "staff", QUESTION)
    with office.engine.connect() as connection:
        left = connection.execute(text("SELECT count(*) FROM inbox WHERE payload IS NOT NULL")).scalar_one()
    assert left == 0
