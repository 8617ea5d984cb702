"""The table of Web API methods, what they get to work with, and how they refuse."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.demo.workspace.changes import Changes
from bot.demo.workspace.manifest import Manifest
from bot.demo.workspace.state import BOT_USER, Channel, Json, Message, State, User


class SlackError(Exception):
    """A refusal of the Web API: `error` is Slack's name for it, `more` goes into the answer beside it."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more


def invalid(error: str, faults: Sequence[str]) -> SlackError:
    """A refusal that lists what is wrong with the arguments."""
    return SlackError(error, errors=list(faults), response_metadata={"messages": list(faults)})


class Arguments(Mapping[str, Any]):
    """The arguments of one call, from a form or from JSON, read by type."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = {name: value for name, value in given.items() if value is not None}

    def __getitem__(self, name: str) -> Any:
        return self._given[name]

    def __iter__(self) -> Any:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)

    def text(self, name: str, default: str = "") -> str:
        """A string; a number sent as JSON becomes one."""
        return str(self._given.get(name, default))

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean, from JSON or from the words that forms use."""
        value = self._given.get(name, default)
        return value if isinstance(value, bool) else str(value).lower() in ("1", "true")

    def number(self, name: str, default: int) -> int:
        """A whole number; `invalid_arguments` if it is none."""
        try:
            return int(self._given.get(name, default))
        except (TypeError, ValueError):
            raise SlackError("invalid_arguments") from None

    def parsed(self, name: str) -> Any:
        """A JSON value, whether it came as JSON or as a string of it; None where it is absent or no JSON at all."""
        value = self._given.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError("invalid_json" if name != "blocks" else "invalid_blocks_format") from None


@dataclass(slots=True)
class Trigger:
    """What an interaction allows once, within three seconds: to open a modal for this user."""

    user: str
    until: float
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """Where an app may answer an interaction five times within half an hour."""

    user: str
    channel: str
    original: str | None
    until: float
    left: int = 5


@dataclass(slots=True)
class Site:
    """What a Web API method works with."""

    state: State
    changes: Changes
    manifest: Manifest
    stream_lasts: float = 300.0
    trigger_lasts: float = 3.0
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    tickets: set[str] = field(default_factory=set)
    drafts: dict[tuple[str, str], Json] = field(default_factory=dict)

    def need(self, *scopes: str) -> None:
        """Refuse with `missing_scope` unless the app holds one of these scopes."""
        if scopes and not self.manifest.scopes.intersection(scopes):
            raise SlackError("missing_scope", needed=scopes[0], provided=",".join(sorted(self.manifest.scopes)))

    def channel(self, key: str, *, member: bool = True) -> Channel:
        """The conversation, if the app may use it; private ones that it is not in do not exist for it."""
        channel = self.state.channels.get(key)
        if channel is None or (channel.kind != "channel" and BOT_USER not in channel.members):
            raise SlackError("channel_not_found")
        if member and BOT_USER not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    def message(self, channel: Channel, ts: str) -> Message:
        """The message in this conversation; `message_not_found` if there is none."""
        message = self.state.messages.get(channel.id, {}).get(ts)
        if message is None:
            raise SlackError("message_not_found")
        return message

    def user(self, key: str) -> User:
        """The user; `user_not_found` if there is none."""
        if key not in self.state.users:
            raise SlackError("user_not_found")
        return self.state.users[key]


Run = Callable[[Site, Arguments], Json]


@dataclass(frozen=True, slots=True)
class Method:
    """One Web API method: any one of `scopes` allows it, `needs` must be given, `per_minute` is Slack's rate."""

    name: str
    run: Run
    scopes: tuple[str, ...]
    needs: tuple[str, ...]
    per_minute: int
    per_channel: bool = False
    app_token: bool = False


METHODS: dict[str, Method] = {}


def method(
    name: str, *scopes: str, needs: Iterable[str] = (), per_minute: int = 50, per_channel: bool = False,
    app_token: bool = False,
) -> Callable[[Run], Run]:  # fmt: skip
    """Enter a function into the table of Web API methods."""

    def enter(run: Run) -> Run:
        METHODS[name] = Method(name, run, scopes, tuple(needs), per_minute, per_channel, app_token)
        return run

    return enter


def page(items: Sequence[Any], given: Arguments, *, default: int = 100, most: int = 1000) -> tuple[list[Any], Json]:
    """The items from the cursor on, and the response_metadata with the next cursor, empty at the end."""
    try:
        start = int(base64.b64decode(given.text("cursor"), validate=True).removeprefix(b"next:") or 0)
    except (ValueError, binascii.Error):
        raise SlackError("invalid_cursor") from None
    limit = given.number("limit", default)
    if not 0 < limit <= most:
        raise SlackError("invalid_limit")
    end = start + limit
    cursor = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return list(items[start:end]), {"response_metadata": {"next_cursor": cursor}}
