"""Signed HTTP in place of Socket Mode."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from bot.connection import EVENTS_PATH, HttpLine
from bot.trustbot import Trustbot
from knowledge.answer import Answerer
from knowledge.library import Library
from knowledge.search import Search
from tests.scenarios import corpus
from tests.scenarios.conftest import Office, said

if TYPE_CHECKING:
    from knowledge.embed import Encoder

QUESTION = "When are hirers of the sports hall invoiced?"


@pytest.fixture
def served(own_office: Office, encoder: Encoder) -> Iterator[str]:
    """The address at which a bot with a signing secret and no app token listens."""
    settings = replace(own_office.settings, app_token=None, signing_secret=own_office.workspace.signing_secret)
    library = Library(own_office.engine, encoder)
    answerer = Answerer(Search(library, encoder, corpus.TRUST.names, lambda: date(2026, 11, 22)))
    bot = Trustbot(settings, own_office.engine, answerer, library, corpus.TRUST, lambda: datetime.now(UTC), http_port=0)
    bot.start()
    assert isinstance(bot.line, HttpLine)
    yield f"http://127.0.0.1:{bot.line.port}{EVENTS_PATH}"
    bot.stop()


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
