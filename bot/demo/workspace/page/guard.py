"""Who may use the page: browsers on this machine that opened the printed address, and no other site through them."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
OPEN_IT = (
    "This page belongs to a demo that runs on this machine. Open the address that it printed in the terminal: "
    "it holds a key, and only with it the page opens."
)


class Loopback:
    """Refuses what is meant for another host, or is sent by another site's page: for the whole server.

    A name of somebody else's that leads to this machine (DNS rebinding) is another host.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes from here."""
        if scope["type"] in ("http", "websocket") and not _from_here(Headers(scope=scope), scope["type"], scope):
            if scope["type"] == "websocket":
                await receive()
                await send({"type": "websocket.close", "code": 1008})
            else:
                await PlainTextResponse("This server answers its own machine alone.", 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _from_here(headers: Headers, kind: str, scope: Scope) -> bool:
    host = headers.get("host", "")
    try:
        # The name alone: Slack's own socket client leaves the port out.
        if urlsplit(f"//{host}").hostname not in LOOPBACK:
            return False
    except ValueError:
        return False
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None and origin != f"http://{host}":
        return False
    if site in ("cross-site", "same-site"):
        # Another site may link to the page, as an address bar does; everything else of theirs is refused.
        return kind == "http" and scope["method"] == "GET" and headers.get("sec-fetch-mode") == "navigate"
    return True


class Guard:
    """The key of one start of the page, and the cookie that holds it."""

    def __init__(self) -> None:
        self.key = secrets.token_urlsafe(24)

    def let_in(self, request: HTTPConnection) -> bool:
        """Whether this browser has opened the printed address."""
        return secrets.compare_digest(request.cookies.get(self._cookie(request), "").encode(), self.key.encode())

    def may_change(self, request: HTTPConnection) -> bool:
        """Whether this is the page's own script: it says where it comes from, and has the cookie."""
        return self.let_in(request) and request.headers.get("origin") == f"http://{request.headers.get('host', '')}"

    def opens(self, key: str) -> bool:
        """Whether this is the key of the printed address."""
        return secrets.compare_digest(key.encode(), self.key.encode())

    def give(self, request: HTTPConnection, response: Response) -> Response:
        """The response with the cookie."""
        response.set_cookie(self._cookie(request), self.key, httponly=True, samesite="strict", path="/")
        return response

    def _cookie(self, request: HTTPConnection) -> str:
        """A name of this port's own: cookies are shared by all ports of a machine."""
        return f"workspace-{request.url.port or 80}"


def hardened(response: Response, host: str) -> Response:
    """The response with the rules that keep scripts and frames of others out."""
    response.headers["content-security-policy"] = (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' ws://{host}; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    response.headers["x-content-type-options"] = "nosniff"
    response.headers["x-frame-options"] = "DENY"
    response.headers["referrer-policy"] = "no-referrer"
    response.headers["cross-origin-opener-policy"] = "same-origin"
    response.headers["cross-origin-resource-policy"] = "same-origin"
    response.headers["cache-control"] = "no-store"
    return response
