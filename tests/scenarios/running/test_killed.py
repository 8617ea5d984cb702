"""`kill -9` at the worst moments: the answer comes after the restart, and comes once."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.config.settings import API_URL, APP_TOKEN, BOT_TOKEN, DATABASE_URL, HOME
from tests.scenarios import corpus
from tests.scenarios.conftest import Office, said, wait_until

QUESTION = "When are hirers of the sports hall invoiced?"
ROOT = Path(__file__).parents[3]


@contextlib.contextmanager
def running(office: Office, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The bot in a process of its own."""
    environment = {
        **os.environ,
        HOME: str(office.settings.home),
        BOT_TOKEN: office.workspace.bot_token,
        APP_TOKEN: office.workspace.app_token,
        API_URL: office.workspace.api_url,
    }
    environment.pop(DATABASE_URL, None)
    if office.settings.database_url:
        environment[DATABASE_URL] = office.settings.database_url
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen([sys.executable, "-m", "bot.cli", "run"], cwd=ROOT, env=environment, stderr=log)
    try:
        wait_until(lambda: office.workspace.sockets == 1, "the bot's process to connect", 60)
        yield process
    finally:
        process.kill()
        process.wait(20)
        wait_until(lambda: office.workspace.sockets == 0, "the connection to end")


def kill(process: subprocess.Popen[bytes]) -> None:
    """`kill -9`."""
    os.kill(process.pid, signal.SIGKILL)
    process.wait(20)


@pytest.mark.slow
def test_killed_between_acknowledgement_and_answer(own_office: Office, tmp_path: Path) -> None:
    workspace = own_office.workspace
    with running(own_office, tmp_path) as process:
        # The job stops here, after the acknowledgement and before the answer, for longer than it takes to kill it.
        workspace.fail("assistant.threads.setStatus", seconds=60)
        question = own_office.mention("bob", "staff", QUESTION)
        wait_until(
            lambda: workspace.idle and any(call.method == "assistant.threads.setStatus" for call in workspace.calls),
            "the acknowledgement",
        )
        kill(process)
    assert workspace.replies(question) == []
    with running(own_office, tmp_path):
        assert corpus.LETTINGS in said(own_office.answer(question))
    assert QUESTION not in (tmp_path / "log").read_text()


@pytest.mark.slow
def test_killed_while_posting(own_office: Office, tmp_path: Path) -> None:
    workspace = own_office.workspace
    with running(own_office, tmp_path) as process:
        workspace.fail("chat.postMessage", seconds=60)
        question = own_office.mention("bob", "staff", QUESTION)
        workspace.wait_for(lambda: workspace.idle and workspace.replies(question), what="the post to take effect")
        kill(process)
    with running(own_office, tmp_path):
        own_office.rest()
    assert len(workspace.replies(question)) == 1
    assert sum(1 for call in workspace.calls if call.method == "chat.postMessage") == 1


def test_killed_before_the_work_began(own_office: Office) -> None:
    workspace = own_office.workspace
    question = workspace.as_user("bob").dm(QUESTION)
    event = {"user": question.user, "channel": question.channel, "ts": question.ts, "thread": question.ts}
    with own_office.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO inbox (id, kind, payload, received) VALUES ('Ev1', 'ask.direct', :payload, :now)"),
            {"payload": json.dumps({**event, "text": QUESTION}), "now": "2026-11-22 10:00:00"},
        )
    own_office.open()
    workspace.wait_for(lambda: workspace.replies(question), what="the answer")
    assert corpus.LETTINGS in said(workspace.replies(question)[0])
