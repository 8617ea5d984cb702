"""Bringing events and interactions to the app, over Socket Mode or signed HTTP, until it acknowledges them."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import http.client
import json
import secrets
import time
import uuid
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.demo.workspace.state import APP, Json, State

Envelope = Literal["events_api", "interactive", "slash_commands"]
SLACKS_RETRIES = (0.0, 60.0, 300.0)


@dataclass(frozen=True, slots=True)
class Ack:
    """How one attempt ended: acknowledged, perhaps with a payload, or not, and then why."""

    ok: bool
    payload: Any = None
    reason: str = ""
    again: bool = True


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to bring one payload to the app; `number` is 0 for the first, `seconds` what it took."""

    kind: Envelope
    id: str
    number: int
    ok: bool
    reason: str
    seconds: float = 0.0


@dataclass(slots=True)
class Socket:
    """One open Socket Mode connection and the envelopes that it has not acknowledged."""

    websocket: WebSocket
    waiting: dict[str, asyncio.Future[Ack]] = field(default_factory=dict)


class Delivery:
    """The way from the workspace to the app.

    `retries` are the seconds before each further attempt at an event that was not acknowledged within `ack_within`.
    """

    def __init__(self, state: State, secret: str, retries: tuple[float, ...], ack_within: float) -> None:
        self.state, self.secret, self.retries, self.ack_within = state, secret, retries, ack_within
        self.request_url: str | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.sockets: list[Socket] = []
        self.told: list[Json] = []
        self.attempts: list[Attempt] = []
        self.twice = False
        self.outstanding = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, event: Json) -> None:
        """Bring an event to the app in the background, with Slack's retries."""
        self.told.append(event)
        for _ in range(2 if self.twice else 1):
            self._begin(lambda: self._persist(event))

    def again(self, event: Json) -> None:
        """Bring an event that was brought before once more, under the same event_id, as a retry."""
        self._begin(lambda: self._persist(event, first=1))

    def ask(self, kind: Envelope, payload: Json) -> Ack:
        """Bring an interaction to the app and wait for its answer; never called on the server's own loop.

        One that is not acknowledged in time has failed for the person, and comes to the app once more all the same, as
        Socket Mode does with an envelope that was left open.
        """
        answered: Future[Ack] = Future()

        async def run() -> None:
            ack = await self._attempt(kind, payload, 0, "")
            answered.set_result(ack)
            if not ack.ok and ack.reason == "timeout":
                await self._attempt(kind, payload, 1, ack.reason)

        self._begin(run)
        return answered.result(self.ack_within + 30)

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The server's loop; RuntimeError before it is attached."""
        if self._loop is None:
            raise RuntimeError("the workspace has not been started")
        return self._loop

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Run on the server's loop."""
        self._loop = loop

    def _begin(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        loop = self.loop
        with self.state.changed:
            self.outstanding += 1

        def start() -> None:
            task = loop.create_task(work())
            self._tasks.add(task)
            task.add_done_callback(self._finished)

        loop.call_soon_threadsafe(start)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        with self.state.changed:
            self.outstanding -= 1
            self.state.changed.notify_all()

    async def _persist(self, event: Json, first: int = 0) -> None:
        ack = await self._attempt("events_api", event, first, "timeout" if first else "")
        for number, seconds in enumerate(self.retries, first + 1):
            if ack.ok or not ack.again:
                return
            await asyncio.sleep(seconds)
            ack = await self._attempt("events_api", event, number, ack.reason)

    async def _attempt(self, kind: Envelope, payload: Json, number: int, reason: str) -> Ack:
        began = time.monotonic()
        if self.request_url:
            ack = await asyncio.to_thread(self._over_http, kind, payload, number, reason)
        else:
            ack = await self._over_socket(kind, payload, number, reason)
        with self.state.changed:
            key = payload.get("event_id") or payload.get("trigger_id", "")
            self.attempts.append(Attempt(kind, key, number, ack.ok, ack.reason, time.monotonic() - began))
            self.state.changed.notify_all()
        return ack

    async def _over_socket(self, kind: Envelope, payload: Json, number: int, reason: str) -> Ack:
        if not self.sockets:
            return Ack(False, reason="no_connection")
        socket, envelope = secrets.choice(self.sockets), str(uuid.uuid4())
        sent: Json = {
            "envelope_id": envelope,
            "payload": payload,
            "type": kind,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            sent |= {"retry_attempt": number, "retry_reason": reason}
        waiting: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        socket.waiting[envelope] = waiting
        try:
            await socket.websocket.send_text(json.dumps(sent))
            return await asyncio.wait_for(waiting, self.ack_within)
        except TimeoutError:
            return Ack(False, reason="timeout")
        except (RuntimeError, WebSocketDisconnect):
            return Ack(False, reason="connection_failed")
        finally:
            socket.waiting.pop(envelope, None)

    def _over_http(self, kind: Envelope, payload: Json, number: int, reason: str) -> Ack:
        if kind == "events_api":
            body, content_type = json.dumps(payload), "application/json"
        else:
            form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
            body, content_type = urlencode(form), "application/x-www-form-urlencoded"
        headers = self._signed(body) | {"content-type": content_type}
        if number:
            headers |= {"x-slack-retry-num": str(number), "x-slack-retry-reason": reason}
        return self._post(body, headers)

    def _signed(self, body: str) -> dict[str, str]:
        at = str(int(self.state.clock()))
        digest = hmac.new(self.secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
        return {"x-slack-request-timestamp": at, "x-slack-signature": f"v0={digest}"}

    def _post(self, body: str, headers: dict[str, str]) -> Ack:
        url = urlsplit(self.request_url or "")
        connection = http.client.HTTPConnection(url.hostname or "", url.port, timeout=self.ack_within)
        try:
            connection.request("POST", url.path or "/", body.encode(), headers)
            response = connection.getresponse()
            text = response.read().decode()
        except TimeoutError:
            return Ack(False, reason="http_timeout")
        except (OSError, http.client.HTTPException):
            return Ack(False, reason="connection_failed")
        finally:
            connection.close()
        if response.status != 200:
            return Ack(False, reason="http_error", again=response.headers.get("x-slack-no-retry") != "1")
        if text and "json" in response.headers.get("content-type", ""):
            return Ack(True, json.loads(text))
        return Ack(True, {"text": text} if text else None)

    def verify(self, url: str) -> None:
        """Make this the request URL, once it has answered Slack's challenge; ValueError if it does not."""
        self.request_url = url
        challenge = secrets.token_hex(16)
        body = json.dumps({"type": "url_verification", "token": "-", "challenge": challenge})
        ack = self._post(body, self._signed(body) | {"content-type": "application/json"})
        answer = ack.payload or {}
        if not ack.ok or challenge not in (answer.get("challenge"), answer.get("text")):
            self.request_url = None
            raise ValueError("Your URL did not respond with the value of the `challenge` parameter.")

    async def serve(self, websocket: WebSocket) -> None:
        """Keep one Socket Mode connection until either side ends it."""
        await websocket.accept()
        socket = Socket(websocket)
        await websocket.send_json(
            {
                "type": "hello",
                "num_connections": len(self.sockets) + 1,
                "debug_info": {"host": "127.0.0.1", "approximate_connection_time": 18060},
                "connection_info": {"app_id": APP},
            }
        )
        with self.state.changed:
            self.sockets.append(socket)
            self.state.changed.notify_all()
        try:
            while True:
                said = await websocket.receive_json()
                waiting = socket.waiting.get(said.get("envelope_id", ""))
                if waiting and not waiting.done():
                    waiting.set_result(Ack(True, said.get("payload")))
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self._forget(socket)

    def _forget(self, socket: Socket) -> None:
        with self.state.changed:
            if socket in self.sockets:
                self.sockets.remove(socket)
            self.state.changed.notify_all()
        for waiting in socket.waiting.values():
            if not waiting.done():
                waiting.set_result(Ack(False, reason="connection_failed"))

    async def close_sockets(self, reason: str | None) -> None:
        """End every connection: with a `disconnect` message that gives this reason, or abruptly with None."""
        for socket in list(self.sockets):
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                if reason:
                    await socket.websocket.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})
                await socket.websocket.close(1000)
            self._forget(socket)

    async def stop(self) -> None:
        """Give up everything that is under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.close_sockets(None)
