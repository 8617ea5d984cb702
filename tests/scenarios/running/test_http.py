"""Signed HTTP in place of Socket Mode."""

from __future__ import annotations

import contextlib
import json
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient

from bot import app
from bot.slack.connection import EVENTS_PATH, HttpLine, bolt_app
from knowledge.answer.retrieve import Search
from knowledge.library.library import Library
from knowledge.pipeline import Answerer
from tests.scenarios import corpus
from tests.scenarios.conftest import Office, said

if TYPE_CHECKING:
    from knowledge.embedding.encoder import Encoder

QUESTION = "When are hirers of the sports hall invoiced?"


@pytest.fixture
def served(own_office: Office, encoder: Encoder) -> Iterator[str]:
    """The address at which a bot with a signing secret and no app token listens."""
    settings = replace(own_office.settings, app_token=None, signing_secret=own_office.workspace.signing_secret)
    library = Library(own_office.engine, encoder)
    answerer = Answerer(Search(library, encoder, corpus.TRUST.names, lambda: date(2026, 11, 22)))
    bot = app.slack_bot(
        settings, own_office.engine, answerer, library, corpus.TRUST, lambda: datetime.now(UTC), http_port=0
    )
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


def ask_over_http(served: str, raw: bytes) -> bytes:
    """What the port answers to these bytes until it closes the connection."""
    parts = urlsplit(served)
    with socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=60) as line:
        with contextlib.suppress(OSError):
            line.sendall(raw)
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            while piece := line.recv(65_536):
                answer += piece
        return answer


def head(*more: str, signature: str = "v0=" + "0" * 64, timestamp: str = "1700000000", length: str = "2") -> bytes:
    lines = [
        f"POST {EVENTS_PATH} HTTP/1.1", "Host: x", "Content-Type: application/json", "Connection: close",
        f"X-Slack-Signature: {signature}", f"X-Slack-Request-Timestamp: {timestamp}", *more,
    ]  # fmt: skip
    if length:
        lines.append(f"Content-Length: {length}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (head(signature="") + b"{}", b"400"),
        (head(signature="v0=xyz") + b"{}", b"400"),
        (head(signature="v1=" + "0" * 64) + b"{}", b"400"),
        (head(timestamp="") + b"{}", b"400"),
        (head(timestamp="soon") + b"{}", b"400"),
        (head(timestamp="-1") + b"{}", b"400"),
        (head(timestamp="9" * 400) + b"{}", b"400"),
        (head(length="2000000"), b"413"),
        (head("Transfer-Encoding: chunked", length="") + b"80000\r\n" + b"x" * 0x80000 + b"\r\n" + b"80000\r\n"
         + b"x" * 0x80000 + b"\r\n" + b"80000\r\n" + b"x" * 0x80000 + b"\r\n0\r\n\r\n", b"413"),
        (head() + b"{}", b"401"),
    ],
)  # fmt: skip
def test_a_request_that_cannot_be_slacks_is_refused_before_it_is_read(served: str, raw: bytes, status: bytes) -> None:
    assert ask_over_http(served, raw).split()[1] == status


@pytest.mark.parametrize("sent", [b"", b"POST /slack/events HTTP/1.1\r\nHost: x\r\n", head(length="100") + b"{"])
def test_a_connection_that_says_no_more_is_closed(impatient: str, sent: bytes) -> None:
    answer = ask_over_http(impatient, sent)
    assert answer == b"" or answer.split()[1] == b"408"


@pytest.fixture
def impatient(own_office: Office) -> Iterator[str]:
    """The same port with little patience."""
    with ThreadPoolExecutor(1) as listeners:
        client = WebClient("xoxb-test", base_url=own_office.workspace.api_url)
        client.token = own_office.workspace.bot_token
        line = HttpLine(bolt_app(client, "secret", listeners, listeners), "127.0.0.1", 0, seconds=0.2)
        line.start()
        yield f"http://127.0.0.1:{line.port}{EVENTS_PATH}"
        line.stop()
