"""Signed HTTP in place of Socket Mode."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from dataclasses import replace

import pytest

from bot.connection import EVENTS_PATH, HttpLine
from tests.scenarios import corpus
from tests.scenarios.conftest import Office, said, with_http

QUESTION = "When are hirers of the sports hall invoiced?"


@pytest.fixture
def served(own_office: Office) -> str:
    """The address at which a bot with a signing secret and no app token listens."""
    own_office.settings = with_http(own_office.settings, own_office.workspace.signing_secret)
    own_office.open(http_port=0)
    assert own_office.bot is not None
    assert isinstance(own_office.bot.line, HttpLine)
    return f"http://127.0.0.1:{own_office.bot.line.port}{EVENTS_PATH}"


def test_everything_comes_over_signed_http(own_office: Office, served: str) -> None:
    own_office.workspace.use_http(served)
    reply = own_office.ask("bob", "staff", QUESTION)
    assert corpus.LETTINGS in said(reply)
    bob = own_office.workspace.as_user("bob")
    assert bob.click(reply, "ask.sources").ok
    assert corpus.LETTINGS in said(own_office.modal("bob", "Sources"))
    assert bob.command("/trust", f"ask {QUESTION}", "staff").ok
    assert corpus.LETTINGS in said(own_office.whispers("bob")[-1])


def test_what_slack_did_not_sign_is_refused(own_office: Office, served: str) -> None:
    body = json.dumps({"type": "event_callback", "event_id": "Ev1", "event": {"type": "app_mention"}}).encode()
    headers = {
        "content-type": "application/json",
        "x-slack-request-timestamp": str(int(time.time())),
        "x-slack-signature": "v0=" + "0" * 64,
    }
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(served, body, headers), timeout=10)
    assert refused.value.code == 401
    refused.value.close()


def test_a_bot_without_a_way_into_slack_says_what_to_set(own_office: Office) -> None:
    own_office.settings = replace(own_office.settings, app_token=None)
    with pytest.raises(Exception, match="Set SLACK_BOT_TOKEN, and SLACK_APP_TOKEN"):
        own_office.open()
