"""What the workspace holds: users, conversations, messages, views and files, behind one lock that can be waited on."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["channel", "group", "im", "mpim"]

TEAM, APP, BOT_USER, BOT = "T0TRUST001", "A0TRUST001", "U0TRUSTBOT", "B0TRUSTBOT"
SLACKBOT = "USLACKBOT"


@dataclass(frozen=True, slots=True)
class User:
    """One account of the workspace; `restricted` is a multi-channel guest, `ultra_restricted` a single-channel one.

    `team` is the workspace that Slack names for it, or None where Slack names none; `enterprise` is what Slack tells of
    an account on an Enterprise Grid; a `stranger` is of another organisation. `confirmed` is about the address.
    """

    id: str
    name: str
    real_name: str
    email: str | None = None
    tz: str = "Europe/London"
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    deleted: bool = False
    away: bool = False
    dnd: bool = False
    confirmed: bool = True
    team: str | None = TEAM
    enterprise: Json | None = None
    stranger: bool = False


@dataclass(slots=True)
class Channel:
    """A conversation of any kind; its messages are in `State.messages`."""

    id: str
    name: str
    kind: Kind
    members: set[str] = field(default_factory=set)
    creator: str = SLACKBOT
    created: int = 0
    topic: str = ""
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it stands now; an ephemeral one has `seen_by`, a stream that still runs is `streaming`."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: tuple[Json, ...] = ()
    thread_ts: str | None = None
    bot_id: str | None = None
    subtype: str | None = None
    metadata: Json | None = None
    attachments: tuple[Json, ...] = ()
    files: tuple[str, ...] = ()
    reactions: tuple[tuple[str, str], ...] = ()
    edited: str | None = None
    seen_by: str | None = None
    streaming: bool = False
    markdown: bool = False
    broadcast: bool = False
    unfurl: bool = True

    @property
    def root(self) -> str:
        """The ts of the thread that this message is in or would start."""
        return self.thread_ts or self.ts


@dataclass(slots=True)
class File:
    """A file of the workspace; `ready` once its upload is complete."""

    id: str
    name: str
    user: str
    size: int
    created: int
    title: str = ""
    content: bytes = b""
    ready: bool = False
    channels: set[str] = field(default_factory=set)
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Usergroup:
    """A named set of users that can be mentioned together."""

    id: str
    handle: str
    name: str
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """The line under a thread that says what the app is doing; `until` is when Slack takes it away."""

    text: str
    loading_messages: tuple[str, ...]
    until: float


class State:
    """All that the workspace knows; hold `changed` to read or write more than one thing."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.base_url = ""
        self.enterprise: str | None = None
        self.changed = threading.Condition(threading.RLock())
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, dict[str, Message]] = {}
        self.ephemerals: list[Message] = []
        self.files: dict[str, File] = {}
        self.usergroups: dict[str, Usergroup] = {}
        self.modals: dict[str, list[Json]] = {}
        self.homes: dict[str, Json] = {}
        self.views: dict[str, Json] = {}
        self.statuses: dict[tuple[str, str], Status] = {}
        self.titles: dict[tuple[str, str], str] = {}
        self.prompts: dict[str, list[Json]] = {}
        self.scheduled: dict[str, Json] = {}
        self.streams: dict[tuple[str, str], float] = {}
        # Apps keep ids: those of a workspace that is started again must not mean something else.
        self._numbers = itertools.count((int(clock()) << 12) + 1)
        self._last_micros = 0

    def number(self, prefix: str) -> str:
        """A fresh id of Slack's shape, such as `C6B02F4E2A01`."""
        return f"{prefix}{next(self._numbers):X}"

    def ts(self) -> str:
        """A fresh timestamp, later than every one before it."""
        with self.changed:
            self._last_micros = max(self._last_micros + 1, int(self.clock() * 1_000_000))
            return f"{self._last_micros // 1_000_000}.{self._last_micros % 1_000_000:06d}"

    def user(self, key: str) -> User:
        """The user with this id, handle, e-mail address or real name; KeyError if there is none."""
        wanted = key.lstrip("@").casefold()
        for user in list(self.users.values()):
            if wanted in {user.id.casefold(), user.name.casefold(), user.real_name.casefold()}:
                return user
            if user.email and user.email.casefold() == wanted:
                return user
        raise KeyError(f"no user {key!r}")

    def channel(self, key: str) -> Channel:
        """The conversation with this id or name; KeyError if there is none."""
        wanted = key.lstrip("#")
        if wanted in self.channels:
            return self.channels[wanted]
        for channel in list(self.channels.values()):
            if channel.kind in ("channel", "group") and channel.name == wanted:
                return channel
        raise KeyError(f"no conversation {key!r}")

    def direct(self, *users: str) -> Channel:
        """The direct conversation of exactly these users, made if it is new."""
        wanted = set(users)
        with self.changed:
            for channel in self.channels.values():
                if channel.kind in ("im", "mpim") and channel.members == wanted:
                    return channel
            kind: Kind = "im" if len(wanted) <= 2 else "mpim"
            names = "--".join(sorted(self.users[user].name for user in wanted))
            made = Channel(
                self.number("D" if kind == "im" else "G"), f"mpdm-{names}-1", kind, wanted, created=int(self.clock())
            )
            self.channels[made.id] = made
            return made

    def may_see(self, user: str, channel: Channel) -> bool:
        """Whether this user sees the conversation at all: members, and for public channels everybody but guests."""
        if user in channel.members:
            return True
        account = self.users[user]
        return channel.kind == "channel" and not (account.is_restricted or account.is_ultra_restricted)

    def put(self, message: Message) -> Message:
        """Store a message, new or changed."""
        self.messages.setdefault(message.channel, {})[message.ts] = message
        return message

    def change(self, message: Message, **fields: Any) -> Message:
        """Store the message with these fields changed."""
        return self.put(replace(message, **fields))

    def thread(self, channel: str, root: str) -> list[Message]:
        """The root message, where it still exists, and its replies, in order."""
        return [each for each in self.messages.get(channel, {}).values() if each.root == root]

    def of_user(self, user: str) -> Iterator[Channel]:
        """The conversations that this user is in."""
        return (channel for channel in list(self.channels.values()) if user in channel.members)
