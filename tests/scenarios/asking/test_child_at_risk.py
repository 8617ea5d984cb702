"""Whoever writes of a child at risk is told first whom to ring, at every door, and nothing else is asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import yaml

from bot.config.trust import load
from bot.demo.workspace.state import Message
from bot.standard.service import StandardService
from knowledge.embedding.encoder import Encoder
from knowledge.library.library import Library
from knowledge.passages import OPERATOR
from knowledge.safety.patterns import child_at_risk
from tests.model_server.server import ModelServer, serving
from tests.scenarios.conftest import Office, office_at, said

TOLD = "a lad said his dad shuts him in the garage all night"
AFTER = "it isn't the first time, he has burns from the heater"
FERNHILL = "Speak now to Dee Dale, designated safeguarding lead at Fernhill Primary School: 01632 960701."
MARSH = "Speak now to Lou Lane, designated safeguarding lead at Marsh Lane Academy: 01632 960702."
LEADS = [
    {"id": "dee", "name": "Dee Dale", "roles": ["dsl"], "schools": ["fernhill"], "phone": "01632 960701"},
    {"id": "des", "name": "Des Dunn", "roles": ["deputy-dsl"], "schools": ["fernhill"], "phone": "07700 900703"},
    {"id": "lou", "name": "Lou Lane", "roles": ["dsl"], "schools": ["marsh"], "phone": "01632 960702"},
]


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, server: ModelServer) -> Iterator[Office]:
    """An office with safeguarding leads, a model, and a standard answer to the very words that are written."""
    assert not child_at_risk(TOLD), "the patterns alone are not what is tested"
    with office_at(tmp_path_factory.mktemp("risk"), encoder) as office:
        file = office.settings.trust_file
        trust = yaml.safe_load(file.read_text())
        trust["people"] += LEADS
        file.write_text(yaml.safe_dump(trust))
        office.settings = replace(office.settings, model="ollama:test-1", model_url=server.url)
        office.open()
        trust_now = load(file)
        ada = trust_now.person("ada")
        assert ada is not None
        now = datetime.now(UTC)
        standards = StandardService(office.engine, Library(office.engine, encoder), encoder, trust_now, lambda: now)
        day = (now + timedelta(days=90)).date()
        standards.approve(ada, OPERATOR, TOLD, "Sheds are locked at six.", "everyone", day)
        yield office


@pytest.fixture(autouse=True)
def no_model_is_asked(server: ModelServer) -> Iterator[None]:
    server.asked.clear()
    yield
    assert server.asked == []


def first_line(message: Message) -> str:
    """The first line that is read in Slack."""
    return str(message.blocks[0]["text"]["text"]).split("\n")[0]


def signposted(message: Message) -> None:
    """It says what to do, and neither a standard answer nor that nothing was found."""
    words = said(message)
    assert "call 999 first" in words
    assert "Sheds" not in words
    assert "Not in the documents" not in words
    assert "Share in channel" not in words


def test_in_the_messages_tab(office: Office) -> None:
    reply = office.ask_alone("fay", TOLD)
    assert first_line(reply) == f"{FERNHILL} Deputy: Des Dunn, 07700 900703."
    assert reply.text.startswith(FERNHILL)
    signposted(reply)


def test_the_school_that_is_named_comes_before_ones_own(office: Office) -> None:
    reply = office.ask_alone("fay", "a girl at Marsh Lane Academy says her dad burns her with cigarettes")
    assert first_line(reply) == MARSH


def test_in_a_channel_all_leads_are_named_and_no_more_is_to_be_said_there(office: Office) -> None:
    reply = office.ask("fay", "staff", TOLD)
    assert first_line(reply) == (
        "Speak now to the designated safeguarding lead. Fernhill Primary School: Dee Dale, 01632 960701 · "
        "Marsh Lane Academy: Lou Lane, 01632 960702."
    )
    assert "write nothing more about the child in this channel" in said(reply)
    signposted(reply)


@pytest.mark.parametrize("words", [f"ask {TOLD}", TOLD, f"actions {TOLD}"])
def test_after_a_slash(office: Office, words: str) -> None:
    office.asked.append(words)
    before = len(office.workspace.ephemerals("bob"))
    office.workspace.as_user("bob").command("/trust", words, "staff")
    office.workspace.wait_for(lambda: len(office.workspace.ephemerals("bob")) > before, what="an answer")
    office.rest()
    (reply,) = office.workspace.ephemerals("bob")[before:]
    assert first_line(reply) == MARSH
    signposted(reply)


def test_a_follow_up_that_tells_more(office: Office) -> None:
    message = office.workspace.as_user("fay").dm(TOLD)
    office.answer(message)
    for number, words in enumerate((AFTER, "he's seven"), start=2):
        office.workspace.as_user("fay").dm(words, thread=message.ts)
        reply = office.answers(message, number)[-1]
        assert first_line(reply).startswith(FERNHILL)
        signposted(reply)


def test_told_in_a_thread_of_trustbots_without_a_mention(office: Office, server: ModelServer) -> None:
    message = office.mention("fay", "staff", "When does the register close?")
    assert "9.25" in said(office.answer(message))
    assert len(server.asked) == 1, "a model is there to be asked"
    server.asked.clear()
    office.workspace.as_user("fay").say("staff", "ok thanks all", thread=message.ts)
    office.workspace.as_user("fay").say("staff", TOLD, thread=message.ts)
    signposted(office.answers(message, 2)[-1])


def test_beside_a_file(office: Office) -> None:
    fay = office.workspace.as_user("fay")
    message = fay.upload(fay.direct, "marks.png", b"\x89PNG\r\n\x1a\n", comment=TOLD)
    assert any(first_line(reply).startswith(FERNHILL) for reply in office.answers(message) if reply.blocks)


def test_at_the_command_line(office: Office) -> None:
    office.close()
    told = {"TRUSTBOT_HOME": str(office.settings.home), "TRUSTBOT_MODEL": "ollama:test-1"}
    environment = {**os.environ, **told, "TRUSTBOT_MODEL_URL": str(office.settings.model_url)}

    def ask(*words: str) -> str:
        command = [sys.executable, "-m", "bot.cli", "ask", TOLD, *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=120).stdout

    found = json.loads(ask("--as", "fay", "--json"))
    assert found["outcome"] == "signpost"
    assert found["answer"].startswith(FERNHILL)
    assert " ".join(ask().split()).startswith("Speak now to the designated safeguarding lead. Fernhill Primary School")
