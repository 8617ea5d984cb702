"""The page's addresses: what is looked at. What is done goes through the doors."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

from bot.demo.workspace.controls import NotThere
from bot.demo.workspace.page import guides as guide_pages
from bot.demo.workspace.page.cast import Cast
from bot.demo.workspace.page.doors import DOORS, Doors
from bot.demo.workspace.page.drawing.icons import icon
from bot.demo.workspace.page.drawing.look import HOME, MESSAGES, Look, Read, Regions
from bot.demo.workspace.page.drawing.messages import PICTURES, avatar, title_of
from bot.demo.workspace.page.guard import OPEN_IT, Guard, hardened
from bot.demo.workspace.page.live import Bell, follow
from bot.demo.workspace.page.time_machine import TimeMachine
from bot.demo.workspace.page.tour import Act, Step
from bot.demo.workspace.page.typed import completions
from bot.demo.workspace.state import BOT_USER, User
from bot.demo.workspace.workspace import Workspace
from bot.errors import Refusal
from bot.guides import pages as guides

HERE = Path(__file__).parent
STATIC = HERE / "static"


class Page:
    """The page of one workspace. `name` is the trust's, `cast` whom one can be, `machine` moves the clock."""

    def __init__(
        self, workspace: Workspace, name: str, cast: Cast, machine: TimeMachine | None = None,
        tour: Sequence[Step] = (),
    ) -> None:  # fmt: skip
        self.workspace, self.name, self.cast, self.machine, self.tour = workspace, name, cast, machine, tour
        self.guard = Guard()
        self.start = secrets.token_hex(4)
        self._bell = Bell(workspace.state)
        self._read = Read()
        self._doors = Doors(workspace)
        self._jobs = {part.handle: part.job for _, parts in cast for part in parts}
        self._templates = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True)
        self._templates.globals |= {"avatar": avatar, "title_of": title_of, "icon": icon}

    def address(self, url: str, handle: str | None = None) -> str:
        """What a person opens: the address of the server with the key, at somebody's window where one is named."""
        return f"{url}/?key={self.guard.key}{f'&as={handle}' if handle else ''}"

    def routes(self) -> list[BaseRoute]:
        """All addresses of the page."""
        return [
            Route("/", self._entrance),
            Route("/as/{who}/file/{key}", self._file),
            Route("/as/{who}/do/{door}", self._do, methods=["POST"]),
            Route("/as/{who}/{place}", self._window),
            WebSocketRoute("/as/{who}/{place}/live", self._live),
            Route("/clock/{move}", self._move, methods=["POST"]),
            Route("/tour/{step:int}/{act:int}", self._act, methods=["POST"]),
            Route("/guides", self._guide),
            Mount("/guides/pictures", _Static(directory=guides.PICTURES)),
            Route("/guides/{name}", self._guide),
            Mount("/static", _Static(directory=STATIC)),
        ]

    async def _entrance(self, request: Request) -> Response:
        if self.guard.opens(request.query_params.get("key", "")):
            handle = request.query_params.get("as")
            somebody = next((each for each in self._jobs if each == handle), None)
            return self.guard.give(request, RedirectResponse(f"/as/{somebody}/messages" if somebody else "/", 303))
        if not self.guard.let_in(request):
            return self._closed(request)
        return self._shown(request, "people.html", title=self.name)

    async def _guide(self, request: Request) -> Response:
        """A guide, or the list of them where none is named."""
        if not self.guard.let_in(request):
            return self._closed(request)
        name = request.path_params.get("name")
        try:
            guide = guides.find(name) if name else None
        except Refusal:
            return self._shown(request, "guide.html", 404, title="Guides", guides=guides.guides())
        html = guide_pages.html(guide) if guide else ""
        title = guide.title if guide else "Guides"
        return self._shown(request, "guide.html", title=title, guides=guides.guides(), guide=guide, html=html)

    def _closed(self, request: Request) -> Response:
        return hardened(PlainTextResponse(OPEN_IT, 403), request.headers["host"])

    def _shown(self, request: Request, template: str, status: int = 200, **values: Any) -> Response:
        html = self._templates.get_template(template).render(page=self, **values)
        return hardened(HTMLResponse(html, status), request.headers["host"])

    def _person(self, connection: HTTPConnection) -> User | None:
        try:
            return self.workspace.as_user(connection.path_params["who"]).user
        except (KeyError, NotThere):
            return None

    def _look(self, connection: HTTPConnection) -> Look | None:
        """The window at this address; None where there is no such person, or nothing that this person may see."""
        user, place = self._person(connection), connection.path_params["place"]
        if user is None or user.is_bot:
            return None
        look = Look(self.workspace.site, user, place, connection.query_params.get("thread", ""), self._read)
        if place == HOME:
            return look
        channel = look.channel
        return look if channel and self.workspace.state.may_see(user.id, channel) else None

    async def _window(self, request: Request) -> Response:
        if not self.guard.let_in(request):
            return self._closed(request)
        look = self._look(request)
        if look is None:
            return self._shown(request, "people.html", 404, title="That is not there", lost=True)
        if look.place in (HOME, MESSAGES):
            await run_in_threadpool(self.workspace.as_user(look.user.id).open_app, look.place)
        # What is in the page already is sent no second time: the regions are filled by the first message of the socket.
        return self._shown(request, "window.html", **self._values(look))

    def _values(self, look: Look) -> dict[str, Any]:
        channel, state = look.channel, self.workspace.state
        name = "Home" if channel is None else title_of(channel).striptags() if channel.kind != "im" else "Messages"
        members = [state.users[each] for each in channel.members] if channel else []
        return {
            "look": look,
            "channel": channel,
            "title": f"{name} · {look.user.real_name}",
            "job": self._jobs.get(look.user.name, ""),
            "inside": channel is not None and look.user.id in channel.members,
            "members": sorted((each for each in members if each.id != BOT_USER), key=lambda each: each.real_name),
            "app": state.users[BOT_USER],
            "completions": completions(state, self.workspace.manifest, channel) if channel else [],
            "anywhere": self.workspace.manifest.anywhere,
        }

    async def _live(self, websocket: WebSocket) -> None:
        look = self._look(websocket) if self.guard.may_change(websocket) else None
        if look is None:
            await websocket.close(1008)
            return
        await follow(websocket, look, self._bell, self._around)

    def _around(self) -> Regions:
        return self.machine.regions() if self.machine else {}

    async def _file(self, request: Request) -> Response:
        """A file, to whoever sees a conversation that it was shared in. Only pictures are shown in place."""
        if not self.guard.let_in(request):
            return self._closed(request)
        user, file = self._person(request), self.workspace.state.files.get(request.path_params["key"])
        if user is None or file is None or not self._may_open(user, file.user, file.channels):
            return PlainTextResponse("There is no such file here.", 404)
        kind = PICTURES.get(file.name.rpartition(".")[2].lower())
        response = Response(file.content, media_type=kind or "application/octet-stream")
        if not kind:
            response.headers["content-disposition"] = "attachment"
        return hardened(response, request.headers["host"])

    def _may_open(self, user: User, owner: str, channels: set[str]) -> bool:
        """A file that the app put nowhere is part of a message or view, and open to whoever is shown that."""
        state = self.workspace.state
        shared = any(state.may_see(user.id, state.channels[each]) for each in channels)
        return shared or owner == user.id or (owner == BOT_USER and not channels)

    async def _do(self, request: Request) -> Response:
        return await self._changed(request, lambda body: self._through(request, body))

    def _through(self, request: Request, body: bytes) -> Mapping[str, Any]:
        user, door = self._person(request), DOORS.get(request.path_params["door"])
        if user is None or door is None:
            raise NotThere("that cannot be done here")
        return door(self._doors, self.workspace.as_user(user.id), body, request.query_params)

    async def _move(self, request: Request) -> Response:
        def move(body: bytes) -> Mapping[str, Any]:
            if self.machine is None:
                raise NotThere("this clock cannot be moved")
            return {"ok": self.machine.move(request.path_params["move"])}

        return await self._changed(request, move)

    async def _act(self, request: Request) -> Response:
        def act(body: bytes) -> Mapping[str, Any]:
            try:
                chosen = self.tour[request.path_params["step"]].acts[request.path_params["act"]]
            except IndexError:
                raise NotThere("the tour has no such step") from None
            return {"ok": True, "go": self._acted(chosen)}

        return await self._changed(request, act)

    def _acted(self, act: Act) -> str:
        done = act.do(self.workspace) if act.do else None
        place = act.place
        if place.startswith("#"):
            place = self.workspace.state.channel(place).id
        under = f"?thread={done.root}" if done and act.place.startswith("#") else ""
        return f"/as/{self.workspace.state.user(act.person).name}/{place}{under}"

    async def _changed(self, request: Request, change: Callable[[bytes], Mapping[str, Any]]) -> Response:
        """Do what the page's own script asks for; what is not there to be done is said in words."""
        host = request.headers["host"]
        if not self.guard.may_change(request):
            return hardened(PlainTextResponse(OPEN_IT, 403), host)
        body = await request.body()
        try:
            done = await run_in_threadpool(change, body)
        except (NotThere, KeyError, ValueError) as refused:
            words = str(refused.args[0]) if refused.args and isinstance(refused, NotThere) else "That did not work."
            return hardened(JSONResponse({"ok": False, "words": words[:1].upper() + words[1:]}), host)
        return hardened(JSONResponse(done), host)


class _Static(StaticFiles):
    """The page's own files, which nobody else's page may embed."""

    async def get_response(self, path: str, scope: Any) -> Response:
        response = await super().get_response(path, scope)
        response.headers["x-content-type-options"] = "nosniff"
        response.headers["cross-origin-resource-policy"] = "same-origin"
        response.headers["cache-control"] = "no-cache"
        return response
