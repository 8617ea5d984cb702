"""One call of the Web API from its token to its answer: who asks, may they, how often, and what then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.demo.workspace.api import chat as api_chat
from bot.demo.workspace.api import conversations as api_conversations
from bot.demo.workspace.api import files as api_files
from bot.demo.workspace.api import people as api_people
from bot.demo.workspace.api import streams as api_streams
from bot.demo.workspace.api import views as api_views
from bot.demo.workspace.api.methods import METHODS, Arguments, Method, Site, SlackError, method
from bot.demo.workspace.faults import Fault, Faults, Rates
from bot.demo.workspace.state import APP, Json

GROUPS = (api_chat, api_conversations, api_files, api_people, api_streams, api_views)
"""The modules whose methods are in the table: importing them enters them."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call that the app made, and how it ended."""

    method: str
    arguments: Json
    at: float
    status: int
    error: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over HTTP; `drop` breaks the connection instead, `seconds` is how long it takes."""

    body: Json
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    seconds: float = 0.0


@method("apps.connections.open", per_minute=60, app_token=True)
def open_connection(site: Site, given: Arguments) -> Json:
    ticket = site.state.number("ticket-")
    site.tickets.add(ticket)
    return {"url": f"{site.state.base_url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={APP}"}


class Api:
    """The Web API of one workspace."""

    def __init__(self, site: Site, rates: Rates, faults: Faults, bot_token: str, app_token: str) -> None:
        self.site, self.rates, self.faults = site, rates, faults
        self.tokens: dict[str, Literal["bot", "app"]] = {bot_token: "bot", app_token: "app"}
        self.revoked = False
        # Something between the app and Slack may take a header away.
        self.tells_scopes = True
        self.calls: list[Call] = []

    def answer(self, name: str, given: Mapping[str, Any], token: str) -> Answer:
        """Do what one call asks for, and record it."""
        state = self.site.state
        with state.changed:
            answer = self._answer(name, Arguments(given), token)
            kept = {key: value for key, value in given.items() if key != "token"}
            error = None if answer.body.get("ok") and not answer.drop else str(answer.body.get("error", "dropped"))
            self.calls.append(Call(name, kept, state.clock(), answer.status, error))
            state.changed.notify_all()
        return answer

    def _answer(self, name: str, given: Arguments, token: str) -> Answer:
        fault = self.faults.take(name)
        if fault and (fault.status or fault.error or fault.drop == "before"):
            return _failing(fault)
        known = METHODS.get(name)
        if known is None:
            return Answer({"ok": False, "error": "unknown_method", "req_method": name})
        try:
            if limited := self._limited(known, given):
                return limited
            self._allowed(known, given, token)
            body = {"ok": True, **known.run(self.site, given)}
        except SlackError as refused:
            body = {"ok": False, "error": refused.error, **refused.more}
        scopes = ",".join(sorted(self.site.manifest.scopes))
        headers = {"x-oauth-scopes": scopes} if self.tells_scopes else {}
        if fault:
            return Answer(body, headers=headers, drop=fault.drop == "after", seconds=fault.seconds)
        return Answer(body, headers=headers)

    def _limited(self, known: Method, given: Arguments) -> Answer | None:
        seconds = self.rates.wait(known.name, given.text("channel") if known.per_channel else "", known.per_minute)
        if not seconds:
            return None
        return Answer({"ok": False, "error": "ratelimited"}, 429, {"retry-after": str(seconds)})

    def _allowed(self, known: Method, given: Arguments, token: str) -> None:
        kind = self.tokens.get(token)
        if kind is None:
            raise SlackError("invalid_auth" if token else "not_authed")
        if self.revoked and kind == "bot":
            raise SlackError("token_revoked")
        if (kind == "app") != known.app_token:
            raise SlackError("not_allowed_token_type")
        self.site.need(*known.scopes)
        missing = [name for name in known.needs if name not in given]
        if missing:
            faults = [f"[ERROR] missing required field: {name}" for name in missing]
            raise SlackError("invalid_arguments", response_metadata={"messages": faults})


def _failing(fault: Fault) -> Answer:
    if fault.drop:
        return Answer({}, drop=True, seconds=fault.seconds)
    status = fault.status or 200
    headers = {"retry-after": str(fault.retry_after)} if fault.retry_after is not None else {}
    if status == 429:
        headers.setdefault("retry-after", "1")
    error = fault.error or {429: "ratelimited"}.get(status, "internal_error")
    return Answer({"ok": False, "error": error}, status, headers, seconds=fault.seconds)
