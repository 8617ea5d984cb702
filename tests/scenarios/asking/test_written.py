"""Answers that a model writes, in Slack: shown while written, with their sources, once, whatever breaks."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.config.settings import Budget
from bot.slack.slack_time import AGREES
from tests.model_server.server import Asked, ModelServer, Reply, serving
from tests.scenarios import corpus
from tests.scenarios.conftest import Office, said, wait_until
from tests.scenarios.running.test_killed import kill, running

QUESTION = "When are hirers of the sports hall invoiced, and what if they pay late?"
CLAIMS = (
    ("Hirers are invoiced on the last working day of each month.", corpus.LETTINGS),
    ("A hirer who pays more than 14 days late loses the next booking.", corpus.LATE),
)


def draft(asked: Asked, *claims: tuple[str, str], kind: str = "answer", ask: str = "") -> Reply:
    """What a good model sends: each claim with its quote and the number of the source that holds it."""
    sources = asked.words.split(" begins]")
    found = [
        {"text": words, "quote": quote, "passage": number}
        for words, quote in claims
        for number, source in enumerate(sources[1:], start=1)
        if quote in source
    ]
    return Reply(json.dumps({"kind": kind, "claims": found, "ask": ask}))


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with serving() as server:
        yield server


@pytest.fixture
def office(own_office: Office, server: ModelServer) -> Office:
    """An office with a model, not yet open."""
    server.asked.clear()
    server.script = lambda asked: draft(asked, *CLAIMS)
    own_office.settings = replace(own_office.settings, model="ollama:test-1", model_url=server.url)
    return own_office


def open_for_a_while(office: Office) -> None:
    """Open it, and let so much time pass that what is asked now was plainly asked after the start: until then an answer
    may be one that a process before it began, and is not streamed."""
    office.open()
    office.later(AGREES + 1)


def methods(office: Office) -> list[str]:
    return [call.method for call in office.workspace.calls if call.method.startswith("chat.")]


def test_a_direct_answer_is_streamed_and_ends_with_its_sources(office: Office) -> None:
    open_for_a_while(office)
    reply = office.ask_alone("bob", QUESTION)
    assert methods(office)[0] == "chat.startStream"
    assert methods(office)[-1] == "chat.stopStream"
    assert "chat.update" not in methods(office)
    assert "Hirers are invoiced on the last working day" in reply.text
    whole = said(reply)
    assert corpus.LETTINGS in whole
    assert "Reworded by the language model ollama:test-1 from the quote with the same number" in whole
    assert "Lettings policy" in whole
    office.workspace.as_user("bob").click(reply, "ask.sources")
    assert corpus.LATE in json.dumps(office.modal("bob", "Sources"), ensure_ascii=False)
    with office.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM streams")).scalar_one() == 0
        used = connection.execute(text("SELECT model, prompt, ended, tokens_in FROM model_calls")).one()
        kept = json.loads(connection.execute(text("SELECT answer FROM answers")).scalar_one())
    assert tuple(used) == ("ollama:test-1", "answer/2", "written", 321)
    by = kept["written"]["by"]
    assert (by["model"], by["prompt"], by["version"], by["tokens_out"]) == ("ollama:test-1", "answer", 2, 45)
    assert by["passages"]
    assert "tokens 321 in, 45 out" in office.log.getvalue()
    assert "last working day" not in office.log.getvalue()


def test_a_channel_sees_the_finished_answer_from_what_all_may_read(office: Office, server: ModelServer) -> None:
    office.open()
    reply = office.ask("eve", "mixed", QUESTION)
    assert "chat.startStream" not in methods(office)
    assert "Hirers are invoiced on the last working day of each month. [1]" in said(reply)
    office.ask("bob", "mixed", "How much does Project Heron save a year?")
    assert not any("£212,000" in asked.words for asked in server.asked)


def test_a_stream_that_slack_ends_is_finished_by_an_update(office: Office) -> None:
    open_for_a_while(office)
    office.workspace.fail("chat.stopStream", error="message_not_in_streaming_state", times=1)
    reply = office.ask_alone("bob", QUESTION)
    assert "chat.update" in methods(office)
    assert corpus.LETTINGS in said(reply)
    assert "Hirers are invoiced on the last working day of each month. [1]" in said(reply)


@pytest.mark.parametrize("method", ["chat.startStream", "chat.appendStream", "chat.stopStream"])
@pytest.mark.parametrize("drop", ["before", "after"])
def test_a_line_that_breaks_leaves_one_whole_message(office: Office, method: str, drop: str) -> None:
    open_for_a_while(office)
    office.workspace.fail(method, drop=drop, times=1)  # type: ignore[arg-type]
    reply = office.ask_alone("bob", QUESTION)
    assert corpus.LETTINGS in said(reply)
    assert "loses the next booking" in said(reply)


def test_slacks_refusal_to_stream_costs_nothing(office: Office) -> None:
    open_for_a_while(office)
    office.workspace.fail("chat.startStream", error="ratelimited", times=1)
    assert corpus.LETTINGS in said(office.ask_alone("bob", QUESTION))


@pytest.mark.parametrize(
    ("reply", "note"),
    [
        (Reply(fault=503), "The language model failed."),
        (Reply('{"kind": "answer", "claims": [{"text": "No.", "quote": "Nowhere said.", "passage": 1}]}'), "held to"),
        (Reply("I would rather not."), "could not be held to the documents"),
    ],
)
def test_without_words_that_hold_the_documents_own_are_given(
    office: Office, server: ModelServer, reply: Reply, note: str
) -> None:
    server.script = lambda asked: reply
    office.open()
    answer = office.ask_alone("bob", QUESTION)
    assert note in said(answer)
    assert corpus.LETTINGS in said(answer)
    assert "chat.startStream" not in methods(office)


def test_a_budget_that_is_used_up_is_said(office: Office, server: ModelServer) -> None:
    office.settings = replace(office.settings, model_budget=Budget(300, "tokens"))
    office.open()
    assert "budget" not in said(office.ask_alone("bob", QUESTION))
    assert "This month's budget for the language model is used up." in said(office.ask_alone("bob", QUESTION))
    assert len(server.asked) == 1


def test_ways_are_given_with_a_question_back(office: Office, server: ModelServer) -> None:
    server.script = lambda asked: draft(asked, *CLAIMS, kind="options", ask="Is the hirer late?")
    office.open()
    whole = said(office.ask_alone("bob", QUESTION))
    assert "The documents give more than one way:" in whole
    assert "What decides between these: Is the hirer late?" in whole


def test_no_model_is_asked_about_a_child_at_risk_or_where_nothing_is_found(office: Office, server: ModelServer) -> None:
    office.open()
    office.ask_alone("bob", "A pupil told me her father hits her. What do I do?")
    office.ask_alone("bob", "What is the boiling point of tungsten in zarquon units?")
    assert server.asked == []


@pytest.mark.slow
def test_killed_in_the_middle_of_a_stream(office: Office, server: ModelServer, tmp_path: Path) -> None:
    """The model stalls after its first claim; the process dies; the next one finishes that very message."""
    workspace = office.workspace
    first = json.dumps({"text": CLAIMS[0][0], "quote": CLAIMS[0][1]})[:-1]

    def stall(asked: Asked) -> Reply:
        number = next(n for n, part in enumerate(asked.words.split(" begins]")[1:], 1) if corpus.LETTINGS in part)
        begun = f'{{"kind": "answer", "claims": [{first}, "passage": {number}}}'
        return Reply(begun + " " * len(begun) * 2, "stalls")

    server.script = stall
    os.environ |= {"TRUSTBOT_MODEL": "ollama:test-1", "TRUSTBOT_MODEL_URL": server.url}
    try:
        with running(office, tmp_path) as process:
            # The process has no clock but the machine's. What it is asked as it starts, it does not stream.
            started = time.monotonic()
            wait_until(lambda: time.monotonic() > started + AGREES, "the start to be over")
            message = workspace.as_user("bob").dm(QUESTION)
            workspace.wait_for(lambda: workspace.replies(message), 60, "the stream to begin")
            kill(process)
        (begun,) = workspace.replies(message)
        server.script = lambda asked: draft(asked, *CLAIMS)
        with running(office, tmp_path):
            wait_until(lambda: corpus.LATE in said(workspace.replies(message)[0]), "the message to be finished", 60)
            wait_until(lambda: not _streams(office), "the stream to be forgotten", 20)
            (finished,) = workspace.replies(message)
    finally:
        for name in ("TRUSTBOT_MODEL", "TRUSTBOT_MODEL_URL"):
            del os.environ[name]
    assert finished.ts == begun.ts
    assert corpus.LETTINGS in said(finished)


def _streams(office: Office) -> int:
    with office.engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM streams")).scalar_one())
