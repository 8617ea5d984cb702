"""What stands before Slack's signed requests: no large, slow or malformed request gets as far as being read."""

from __future__ import annotations

import asyncio
import re

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_BYTES = 1_000_000
SECONDS = 5.0
MOST_CONNECTIONS = 200
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_LENGTH = re.compile(r"[0-9]{1,12}")


class Unacceptable(Exception):
    """A request that is not looked at further; `response` says why, in a word."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.response: Response = PlainTextResponse(reason, status, headers={"connection": "close"})


async def body_of(request: Request, seconds: float) -> bytes:
    """The body of a request that could be Slack's, if it comes within `seconds`; Unacceptable for any other."""
    headers = request.headers
    if not _SIGNATURE.fullmatch(headers.get("x-slack-signature", "")):
        raise Unacceptable(400, "no signature")
    if not _TIMESTAMP.fullmatch(headers.get("x-slack-request-timestamp", "")):
        raise Unacceptable(400, "no timestamp")
    stated = headers.get("content-length")
    if stated is not None and not _LENGTH.fullmatch(stated):
        raise Unacceptable(400, "no length")
    if stated is not None and int(stated) > MOST_BYTES:
        raise Unacceptable(413, "too large")
    try:
        async with asyncio.timeout(seconds):
            return await _read(request)
    except TimeoutError as error:
        raise Unacceptable(408, "too slow") from error
    except ClientDisconnect as error:
        raise Unacceptable(400, "broken off") from error


async def _read(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise Unacceptable(413, "too large")
    return bytes(body)


class ImpatientProtocol(H11Protocol):
    """HTTP/1.1 that closes a connection whose request line and headers are not whole in `seconds`: uvicorn itself waits
    for them without end."""

    seconds = SECONDS
    _closing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_waiting()
        elif self._closing is None:
            self._wait()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        # A request that came with the one before it has begun already.
        if self.cycle is None or self.cycle.response_complete:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._stop_waiting()
        self._closing = self.loop.call_later(self.seconds, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None
