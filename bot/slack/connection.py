"""The line to Slack: Socket Mode where there is an app token, else signed HTTP."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from http.client import HTTPException
from typing import ParamSpec, TypeVar

import uvicorn
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_bolt.error import BoltError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.config.settings import APP_TOKEN, BOT_TOKEN
from bot.errors import Refusal
from bot.slack.acknowledging import ACK_SECONDS, AcknowledgingApp
from bot.slack.http_guard import MOST_CONNECTIONS, SECONDS, ImpatientProtocol, Unacceptable, body_of

LISTENERS = 20
P = ParamSpec("P")
T = TypeVar("T")
EVENTS_PATH = "/slack/events"
START_SECONDS = 10


class Listeners(ThreadPoolExecutor):
    """The threads in which Bolt's listeners run, or do what they hear; each call within what `within` opens."""

    def __init__(self, name: str, within: Callable[[], AbstractContextManager[None]] = nullcontext) -> None:
        super().__init__(LISTENERS, thread_name_prefix=name)
        self._within = within

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The same as any executor's."""

        def call() -> T:
            with self._within():
                return fn(*args, **kwargs)

        return super().submit(call)


def bolt_app(
    client: WebClient,
    signing_secret: str | None,
    listeners: ThreadPoolExecutor,
    workers: ThreadPoolExecutor,
    ack_seconds: float = ACK_SECONDS,
) -> AcknowledgingApp:
    """A Bolt app that calls Slack through this client, hears it in `listeners` and does what it hears in `workers`.

    A Refusal where Slack does not know the client's token: Bolt would acknowledge every event and drop it.
    """
    # Bolt reads the same variable as our settings, and warns that it does not use what it found there.
    logging.getLogger("slack_bolt.App").addFilter(_token_given_twice)
    with _explained(BOT_TOKEN):
        return AcknowledgingApp(
            name="trustbot", client=client, signing_secret=signing_secret or "", listener_executor=listeners,
            workers=workers, ack_seconds=ack_seconds,
        )  # fmt: skip


@contextmanager
def _explained(variable: str) -> Iterator[None]:
    """Say what to do when Slack refuses a token or does not answer."""
    try:
        yield
    except (BoltError, SlackApiError) as error:
        raise Refusal(
            f"Slack refuses {variable}. Copy it again from your Slack app; `trustbot doctor` says more."
        ) from error
    except (OSError, HTTPException) as error:
        raise Refusal(
            "Slack does not answer. Check the line to the internet, and SLACK_API_URL if it is set."
        ) from error


def _token_given_twice(record: logging.LogRecord) -> bool:
    return "`token` will be unused" not in record.getMessage()


class SocketLine:
    """Socket Mode: nothing to open in a school's firewall."""

    def __init__(self, app: App, app_token: str) -> None:
        self._handler = SocketModeHandler(app, app_token, concurrency=LISTENERS)

    def start(self) -> None:
        """Connect; from then on it connects again by itself. A Refusal where Slack does not let it."""
        with _explained(APP_TOKEN):
            self._handler.connect()  # type: ignore[no-untyped-call]

    def stop(self) -> None:
        """Disconnect."""
        client = self._handler.client
        client.closed, client.auto_reconnect_enabled = True, False
        client.current_session_state.terminated = True
        # Closing waits for two threads, which without this look up only once in three seconds and in one.
        session = client.current_session
        if session is not None and session.sock is not None:
            with suppress(OSError):
                session.sock.shutdown(socket.SHUT_RDWR)
        client.message_queue.put(None)
        self._handler.close()  # type: ignore[no-untyped-call]


def web_app(app: App, seconds: float = SECONDS) -> Starlette:
    """The web application that takes Slack's signed requests at /slack/events; several processes may serve it."""

    async def events(request: Request) -> Response:
        try:
            body = await body_of(request, seconds)
        except Unacceptable as refused:
            return refused.response
        # Bolt's own handler for Starlette waits for the acknowledgement on the event loop, one request at a time.
        return to_starlette_response(await run_in_threadpool(app.dispatch, to_bolt_request(request, body)))

    return Starlette(routes=[Route(EVENTS_PATH, events, methods=["POST"])])


class HttpLine:
    """Signed HTTP, served in a thread of its own; port 0 takes a free one. A request's head and its body may take
    `seconds` each."""

    def __init__(self, app: App, host: str, port: int, seconds: float = SECONDS) -> None:
        impatient = type("Impatient", (ImpatientProtocol,), {"seconds": seconds})
        config = uvicorn.Config(
            web_app(app, seconds), host=host, port=port, log_config=None, access_log=False, lifespan="off",
            http=impatient, ws="none", limit_concurrency=MOST_CONNECTIONS,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="slack-http", daemon=True)
        self._where = f"{host}:{port}"

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._server.servers[0].sockets[0].getsockname()[1])

    def start(self) -> None:
        """Listen; a Refusal where the address is taken."""
        self._thread.start()
        deadline = time.monotonic() + START_SECONDS
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise Refusal(f"Nothing can listen at {self._where}. Choose another port, or stop what is there.")
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop listening when what is under way has been acknowledged."""
        self._server.should_exit = True
        self._thread.join(START_SECONDS)
