"""Events and interactions reach the app over sockets and over signed HTTP, again and again until it has them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from slack_bolt import Ack, App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.request import BoltRequest

from bot.demo.workspace import Workspace
from tests.demo.workspace.conftest import Connect, Start, app_of

Event = dict[str, Any]


class _Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@contextmanager
def over_http(app: App) -> Iterator[str]:
    """The app behind a real web server; its request URL."""
    handler = SlackRequestHandler(app, path="/slack/events")
    with make_server("127.0.0.1", 0, handler, _Threaded, _Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/slack/events"
        finally:
            server.shutdown()
            thread.join()


def test_an_event_that_is_not_acknowledged_is_sent_again_on_schedule(start: Start, connect: Connect) -> None:
    workspace = start(rates=None, retries=(0.0, 0.05, 0.1), ack_within=0.5)
    app = app_of(workspace)
    seen: list[tuple[str, str]] = []

    @app.middleware
    def note(req: BoltRequest, next: Any) -> None:  # noqa: A002
        number = req.headers.get("x-slack-retry-num", ["none"])[0]
        seen.append((number, req.headers.get("x-slack-retry-reason", [""])[0]))
        next()

    connect(workspace, app)
    workspace.as_user("ann").say("general", "nobody listens")
    workspace.wait_for(lambda: workspace.idle and len(workspace.attempts) == 4)
    assert seen == [("0", ""), ("1", "timeout"), ("2", "timeout"), ("3", "timeout")]
    assert [each.ok for each in workspace.attempts] == [False] * 4
    assert len({each.id for each in workspace.attempts}) == 1


def test_slacks_own_schedule_is_the_default() -> None:
    workspace = Workspace()
    assert (workspace.delivery.retries, workspace.delivery.ack_within) == ((0.0, 60.0, 300.0), 3.0)


def test_an_event_waits_for_an_app_that_comes_later(start: Start, connect: Connect) -> None:
    workspace = start(rates=None, retries=(0.0, 0.5), ack_within=3.0)
    app = app_of(workspace)
    seen: list[Event] = []
    app.event("message")(lambda event: seen.append(event))
    workspace.as_user("ann").say("general", "anybody there?")
    connect(workspace, app)
    workspace.wait_for(lambda: workspace.idle)
    assert [each["text"] for each in seen] == ["anybody there?"]
    assert (workspace.attempts[0].ok, workspace.attempts[0].reason) == (False, "no_connection")


def test_an_event_can_come_twice_under_one_id(workspace: Workspace, app: App, connect: Connect) -> None:
    seen: list[str] = []
    app.event("message")(lambda body: seen.append(body["event_id"]))
    connect(workspace, app)
    workspace.as_user("ann").say("general", "once")
    workspace.wait_for(lambda: workspace.idle)
    workspace.deliver_again()
    workspace.wait_for(lambda: workspace.idle)
    workspace.deliver_twice()
    workspace.as_user("ann").say("general", "twice")
    workspace.wait_for(lambda: workspace.idle and len(workspace.attempts) == 4)
    assert sorted(Counter(seen).values()) == [2, 2]
    assert workspace.attempts[1].number == 1


def test_each_event_goes_to_one_of_several_sockets(workspace: Workspace, connect: Connect) -> None:
    seen: list[tuple[int, str]] = []

    def listener(number: int) -> Callable[[Event], None]:
        return lambda event: seen.append((number, event["text"]))

    for number in range(2):
        app = app_of(workspace)
        app.event("message")(listener(number))
        connect(workspace, app)
    for each in range(40):
        workspace.as_user("ann").say("general", str(each))
    workspace.wait_for(lambda: workspace.idle)
    assert sorted(int(text) for _, text in seen) == list(range(40))
    assert {number for number, _ in seen} == {0, 1}


def test_an_app_reconnects_when_slack_asks_it_to(workspace: Workspace, app: App, connect: Connect) -> None:
    seen: list[str] = []
    app.event("message")(lambda event: seen.append(event["text"]))
    connect(workspace, app)
    first = workspace.delivery.sockets[0]
    workspace.close_sockets("refresh_requested")
    workspace.wait_for(lambda: workspace.sockets == 1 and workspace.delivery.sockets[0] is not first)
    workspace.as_user("ann").say("general", "still there?")
    workspace.wait_for(lambda: workspace.idle)
    assert seen == ["still there?"]


def test_the_app_works_the_same_over_signed_http(workspace: Workspace, app: App) -> None:
    @app.event("app_mention")
    def answer(event: Event, say: Any) -> None:
        say(text="Here.", thread_ts=event["ts"])

    @app.command("/trust")
    def command(ack: Ack, command: Event) -> None:
        ack({"text": f"You asked {command['text']}", "response_type": "in_channel"})

    @app.shortcut("ask")
    def shortcut(ack: Ack) -> None:
        ack()

    app.event("message")(lambda: None)
    with over_http(app) as url:
        workspace.use_http(url)
        ann = workspace.as_user("ann")
        question = ann.mention("general", "are you there?")
        assert [each.text for each in workspace.wait_for(lambda: workspace.replies(question))] == ["Here."]
        assert ann.command("/trust", "ask", "general").ok
        assert workspace.messages("general")[-1].text == "You asked ask"
        assert ann.shortcut("ask").ok
        workspace.wait_for(lambda: workspace.idle)
    assert {each.ok for each in workspace.attempts} == {True}
    outcome = ann.command("/trust", "again", "general")
    assert (outcome.ok, outcome.reason) == (False, "connection_failed")


def test_http_that_answers_404_is_retried_with_its_reason(start: Start) -> None:
    workspace = start(rates=None, retries=(0.0, 0.0), ack_within=3.0)
    app = app_of(workspace)
    seen: list[tuple[str, str]] = []

    @app.middleware
    def note(req: BoltRequest, next: Any) -> None:  # noqa: A002
        headers = req.headers
        seen.append((headers.get("x-slack-retry-num", ["-"])[0], headers.get("x-slack-retry-reason", ["-"])[0]))
        next()

    with over_http(app) as url:
        workspace.use_http(url)
        workspace.as_user("ann").say("general", "nobody listens")
        workspace.wait_for(lambda: workspace.idle)
    assert seen == [("-", "-"), ("1", "http_error"), ("2", "http_error")]


def test_a_signature_from_elsewhere_is_refused_by_the_app(workspace: Workspace) -> None:
    app = App(client=app_of(workspace).client, signing_secret="another", request_verification_enabled=True)
    app.event("message")(lambda: None)
    with over_http(app) as url:
        with pytest.raises(ValueError, match="challenge"):
            workspace.use_http(url)
        assert workspace.delivery.request_url is None


def test_a_response_url_works_five_times(workspace: Workspace, app: App, connect: Connect) -> None:
    statuses: list[int] = []
    done = threading.Event()

    @app.command("/trust")
    def answer(ack: Ack, respond: Any) -> None:
        ack()
        statuses.extend(respond(f"Answer {each}").status_code for each in range(6))
        done.set()

    connect(workspace, app)
    workspace.as_user("ann").command("/trust")
    assert done.wait(10)
    assert statuses == [200] * 5 + [404]
    assert [each.text for each in workspace.ephemerals("ann")] == [f"Answer {each}" for each in range(5)]


def test_an_app_that_answers_too_late_fails_on_the_screen(start: Start, connect: Connect) -> None:
    workspace = start(rates=None, ack_within=0.2)
    app, done = app_of(workspace), threading.Event()

    @app.command("/trust")
    def slow(ack: Ack) -> None:
        done.wait(5)
        ack()

    connect(workspace, app)
    outcome = workspace.as_user("ann").command("/trust")
    done.set()
    assert (outcome.ok, outcome.reason) == (False, "timeout")
    assert "operation_timeout" in workspace.ephemerals("ann")[0].text
