"""The HTTP and WebSocket server of the workspace, in a thread of its own on 127.0.0.1."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Mapping, Sequence
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.demo.workspace.api.call import Answer, Api
from bot.demo.workspace.api.files import readable
from bot.demo.workspace.api.methods import SlackError
from bot.demo.workspace.page.guard import Loopback
from bot.demo.workspace.wire.delivery import Delivery
from bot.demo.workspace.wire.responses import use_response_url


class Server:
    """A running server; `url` is where it listens."""

    def __init__(self, api: Api, delivery: Delivery, port: int) -> None:
        self.api, self.delivery = api, delivery
        self.answering = threading.Event()
        self.answering.set()
        self._connections: dict[tuple[str, int], asyncio.Transport] = {}
        self._app = Starlette(
            routes=[
                Route("/api/{method}", self._call, methods=["GET", "POST"]),
                Route("/response/{key}", self._response, methods=["POST"]),
                Route("/upload/v1/{id}", self._upload, methods=["POST", "PUT"]),
                Route("/files-pri/{path:path}", self._download),
                WebSocketRoute("/link/", self._link),
            ]
        )
        config = uvicorn.Config(
            Loopback(self._app), host="127.0.0.1", port=port, http=_tracking(self._connections), ws="websockets-sansio",
            lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=2, server_header=False,
            date_header=False,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="workspace", daemon=True)
        self._failure: BaseException | None = None
        self.url = ""

    def add(self, routes: Sequence[BaseRoute]) -> None:
        """Serve these addresses too, from the same host and port."""
        self._app.router.routes.extend(routes)

    def start(self) -> None:
        """Listen; OSError if the port is taken."""
        self._thread.start()
        self._started.wait(10)
        if self._failure is not None or not self.url:
            raise OSError("the workspace could not listen on its port: choose another") from self._failure

    def stop(self) -> None:
        """Close every connection and end the thread."""
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self.delivery.stop(), self.delivery.loop).result(10)
        self._server.should_exit = True
        self._thread.join(10)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except (SystemExit, OSError) as failed:
            self._failure = failed
        finally:
            self._started.set()

    async def _serve(self) -> None:
        self.delivery.attach(asyncio.get_running_loop())
        serving = asyncio.create_task(self._server.serve())
        while not self._server.started and not serving.done():
            await asyncio.sleep(0.005)
        if self._server.started:
            self.url = f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"
            self.api.site.state.base_url = self.url
            self._started.set()
        while not serving.done():
            self.api.site.changes.post_due()
            await asyncio.wait([serving], timeout=1)
        await serving

    async def _call(self, request: Request) -> Response:
        given = await _arguments(request)
        token = request.headers.get("authorization", "").removeprefix("Bearer ") or str(given.get("token", ""))
        while not self.answering.is_set():
            await asyncio.sleep(0.01)
        answer = self.api.answer(request.path_params["method"], given, token)
        return await self._send(request, answer)

    async def _send(self, request: Request, answer: Answer) -> Response:
        if answer.seconds:
            await asyncio.sleep(answer.seconds)
        if answer.drop and request.client and (request.client.host, request.client.port) in self._connections:
            self._connections[(request.client.host, request.client.port)].close()
        # Slack's clock, as every answer of it says it.
        date = formatdate(self.api.site.state.clock(), usegmt=True)
        return JSONResponse(answer.body, answer.status, {**answer.headers, "date": date})

    async def _response(self, request: Request) -> Response:
        key, body = request.path_params["key"], await request.json()
        fault = self.api.faults.take("response_url")
        if fault and fault.status:
            return PlainTextResponse("failed", fault.status)
        try:
            with self.api.site.state.changed:
                use_response_url(self.api.site, key, body)
        except SlackError as refused:
            missing = refused.error in ("expired_url", "used_url")
            return JSONResponse({"ok": False, "error": refused.error, **refused.more}, 404 if missing else 400)
        return PlainTextResponse("ok")

    async def _upload(self, request: Request) -> Response:
        file = self.api.site.state.files.get(request.path_params["id"])
        content = await request.body()
        if file is None or file.ready or len(content) != file.size:
            return PlainTextResponse("the upload does not fit what was announced", 400)
        file.content = content
        return PlainTextResponse(f"OK - {file.size}")

    async def _download(self, request: Request) -> Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self.api.tokens.get(token) != "bot":
            return RedirectResponse("/?redir=files", 302)
        try:
            self.api.site.need("files:read")
            file = readable(self.api.site, request.path_params["path"].split("/")[0].partition("-")[2])
        except SlackError:
            return PlainTextResponse("not found", 404)
        return Response(file.content, media_type="application/octet-stream")

    async def _link(self, websocket: WebSocket) -> None:
        ticket = websocket.query_params.get("ticket", "")
        if ticket not in self.api.site.tickets:
            await websocket.close(1008)
            return
        self.api.site.tickets.discard(ticket)
        await self.delivery.serve(websocket)


async def _arguments(request: Request) -> Mapping[str, Any]:
    given: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        try:
            body = json.loads(await request.body() or b"{}")
        except ValueError:
            body = {}
        return given | body if isinstance(body, dict) else given
    if kind.startswith("multipart/"):
        form = await request.form()
        return given | {name: value for name, value in form.items() if isinstance(value, str)}
    return given | dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))


def _tracking(connections: dict[tuple[str, int], asyncio.Transport]) -> type[H11Protocol]:
    """An HTTP protocol that remembers its connections by the client's address, so that one can be dropped."""

    class Tracking(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._peer = tuple(transport.get_extra_info("peername")[:2])
            connections[self._peer] = transport

        def connection_lost(self, exc: Exception | None) -> None:
            connections.pop(self._peer, None)
            super().connection_lost(exc)

    return Tracking
