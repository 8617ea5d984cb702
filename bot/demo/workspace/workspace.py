"""A Slack workspace on this machine that an unmodified app connects to: start it, be its people, read what they see."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

from bot.demo.workspace.api.call import Api, Call
from bot.demo.workspace.api.methods import Site
from bot.demo.workspace.api.people import user_json
from bot.demo.workspace.changes import Changes
from bot.demo.workspace.controls import NotThere
from bot.demo.workspace.faults import Fault, Faults, Rates
from bot.demo.workspace.manifest import Manifest
from bot.demo.workspace.person import Person
from bot.demo.workspace.state import BOT_USER, SLACKBOT, Channel, Json, Kind, Message, State, User, Usergroup
from bot.demo.workspace.wire.delivery import SLACKS_RETRIES, Attempt, Delivery
from bot.demo.workspace.wire.server import Server

T = TypeVar("T")


class Workspace:
    """A running workspace; use it in a `with` statement or call `stop`.

    `rates` scales Slack's rates (None lifts them), `retries` and `ack_within` are Slack's schedule in seconds.
    """

    bot_token = "xoxb-workspace-bot"  # noqa: S105
    app_token = "xapp-workspace-app"  # noqa: S105
    signing_secret = "workspace-signing-secret"  # noqa: S105

    def __init__(
        self,
        manifest: Manifest | Path | None = None,
        *,
        port: int = 0,
        clock: Callable[[], float] = time.time,
        rates: float | None = 1.0,
        retries: tuple[float, ...] = SLACKS_RETRIES,
        ack_within: float = 3.0,
        trigger_lasts: float = 3.0,
        stream_lasts: float = 300.0,
    ) -> None:
        self.manifest = Manifest.read(manifest) if isinstance(manifest, Path) else manifest or Manifest()
        self.state = State(clock)
        self.delivery = Delivery(self.state, self.signing_secret, retries, ack_within)
        self.site = Site(
            self.state, Changes(self.state, self.manifest, self.delivery.tell), self.manifest, stream_lasts,
            trigger_lasts,
        )  # fmt: skip
        self.faults = Faults()
        self.api = Api(self.site, Rates(clock, rates), self.faults, self.bot_token, self.app_token)
        self.server = Server(self.api, self.delivery, port)
        name = self.manifest.name
        self.state.users[SLACKBOT] = User(SLACKBOT, "slackbot", "Slackbot", is_bot=False)
        self.state.users[BOT_USER] = User(BOT_USER, name.lower().replace(" ", ""), name, is_bot=True)

    @classmethod
    def start(cls, manifest: Manifest | Path | None = None, **options: Any) -> Self:
        """A workspace that listens."""
        workspace = cls(manifest, **options)
        workspace.server.start()
        return workspace

    def stop(self) -> None:
        """Close every connection and stop listening."""
        self.server.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where the workspace listens, without a slash at the end."""
        return self.server.url

    @property
    def api_url(self) -> str:
        """The `base_url` of a WebClient, and what SLACK_API_URL holds."""
        return f"{self.url}/api/"

    def add_user(self, name: str, real_name: str | None = None, **particulars: Any) -> User:
        """A new account; `name` is its handle."""
        with self.state.changed:
            key = particulars.pop("id", None) or self.state.number("U")
            user = User(key, name, real_name or name.title(), **particulars)
            self.state.users[user.id] = user
            return user

    def add_channel(
        self, name: str, members: Sequence[str] = (), *, private: bool = False, bot: bool = True, key: str = ""
    ) -> Channel:
        """A new channel with these members, and the app unless `bot` is false."""
        with self.state.changed:
            ids = {self.state.user(each).id for each in members} | ({BOT_USER} if bot else set())
            kind: Kind = "group" if private else "channel"
            channel = Channel(key or self.state.number("C"), name, kind, ids, created=int(self.state.clock()))
            self.state.channels[channel.id] = channel
            return channel

    def change_user(self, key: str, **particulars: Any) -> User:
        """An account whose particulars have changed, as the app hears by user_change."""
        with self.state.changed:
            user = replace(self.state.user(key), **particulars)
            self.state.users[user.id] = user
            event = {"type": "user_change", "user": user_json(self.site, user), "event_ts": self.state.ts()}
            self.site.changes.emit("user_change", event)
            self.state.changed.notify_all()
            return user

    def arrive(self, name: str, real_name: str | None = None, **particulars: Any) -> User:
        """A new account while the app is at work, as it hears by team_join."""
        with self.state.changed:
            user = self.add_user(name, real_name, **particulars)
            event = {"type": "team_join", "user": user_json(self.site, user), "event_ts": self.state.ts()}
            self.site.changes.emit("team_join", event)
            return user

    def archive_channel(self, channel: str | Channel) -> None:
        """Put a conversation away: nothing can be posted in it any more."""
        with self.state.changed:
            self.state.channels[self._id(channel)].archived = True

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Answer no call of the Web API meanwhile: what is asked waits, and is answered at the end."""
        self.server.answering.clear()
        try:
            yield
        finally:
            self.server.answering.set()

    def add_group_dm(self, members: Sequence[str]) -> Channel:
        """A group direct message of these people and the app."""
        return self.state.direct(BOT_USER, *(self.state.user(each).id for each in members))

    def add_usergroup(self, handle: str, name: str, members: Sequence[str]) -> Usergroup:
        """A new usergroup."""
        users = tuple(self.state.user(each).id for each in members)
        group = Usergroup(self.state.number("S"), handle, name, users)
        self.state.usergroups[group.id] = group
        return group

    def as_user(self, key: str) -> Person:
        """The person with this id, handle, e-mail address or name, to act as; NotThere if their account is closed."""
        user = self.state.user(key)
        if user.deleted:
            raise NotThere(f"the account of {user.real_name} is closed")
        return Person(user, self.site, self.delivery)

    def messages(self, channel: str | Channel) -> list[Message]:
        """All messages of a conversation, replies included, in order; ephemeral ones are not among them."""
        with self.state.changed:
            return sorted(self.state.messages.get(self._id(channel), {}).values(), key=lambda each: each.ts)

    def thread(self, message: Message) -> list[Message]:
        """The thread that a message is in: its root first."""
        with self.state.changed:
            return sorted(self.state.thread(message.channel, message.root), key=lambda each: each.ts)

    def replies(self, message: Message) -> list[Message]:
        """What the app said in the thread of this message, in order."""
        return [each for each in self.thread(message) if each.user == BOT_USER]

    def ephemerals(self, user: str) -> list[Message]:
        """What only this person was shown, in order."""
        with self.state.changed:
            wanted = self.state.user(user).id
            return [each for each in self.state.ephemerals if each.seen_by == wanted]

    def direct(self, user: str) -> list[Message]:
        """All messages of this person's Messages tab, in order."""
        return self.messages(self.state.direct(BOT_USER, self.state.user(user).id))

    def modal(self, user: str) -> Json | None:
        """The view on top of this person's screen."""
        stack = self.state.modals.get(self.state.user(user).id)
        return stack[-1] if stack else None

    def home(self, user: str) -> Json | None:
        """The Home view that the app published for this person."""
        return self.state.homes.get(self.state.user(user).id)

    def status(self, message: Message) -> str:
        """The status under the thread of this message now, or nothing."""
        status = self.state.statuses.get((message.channel, message.root))
        return status.text if status and self.state.clock() < status.until else ""

    def prompts(self, user: str) -> list[Json]:
        """The prompts that are suggested in this person's Messages tab."""
        return self.state.prompts.get(self.state.direct(BOT_USER, self.state.user(user).id).id, [])

    def _id(self, channel: str | Channel) -> str:
        return channel.id if isinstance(channel, Channel) else self.state.channel(channel).id

    @property
    def calls(self) -> list[Call]:
        """The Web API calls that the app has made."""
        return self.api.calls

    @property
    def attempts(self) -> list[Attempt]:
        """Every try to bring something to the app, with how it ended."""
        return self.delivery.attempts

    @property
    def sockets(self) -> int:
        """How many Socket Mode connections are open."""
        return len(self.delivery.sockets)

    @property
    def idle(self) -> bool:
        """Whether everything that was sent to the app is acknowledged or given up."""
        return self.delivery.outstanding == 0

    def wait_for(self, condition: Callable[[], T | None], timeout: float = 60.0, what: str = "") -> T:
        """Wait until the condition holds and return what it returned; TimeoutError if it never does."""
        with self.state.changed:
            found = self.state.changed.wait_for(condition, timeout)
        if not found:
            raise TimeoutError(f"waited {timeout:g} s for {what or 'something that did not come'}")
        return found

    def use_http(self, request_url: str) -> None:
        """Send events and interactions to this URL, signed, instead of over Socket Mode."""
        self.delivery.verify(request_url)

    def deliver_again(self, event_id: str | None = None) -> None:
        """Send an event once more, the last one if no id is given, as Slack does when it missed the answer."""
        told = [each for each in self.delivery.told if event_id in (None, each["event_id"])]
        self.delivery.again(told[-1])

    def deliver_twice(self, twice: bool = True) -> None:
        """Send every event from now on twice."""
        self.delivery.twice = twice

    def close_sockets(self, reason: Literal["refresh_requested", "link_disabled"] | None = None) -> None:
        """End all Socket Mode connections, announced with a reason or abruptly without."""
        asyncio.run_coroutine_threadsafe(self.delivery.close_sockets(reason), self.delivery.loop).result(10)

    def revoke_token(self) -> None:
        """Take the app's token away, as an administrator does who removes it; it hears tokens_revoked."""
        with self.state.changed:
            self.api.revoked = True
            event = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT_USER]}, "event_ts": self.state.ts()}
            self.site.changes.emit("tokens_revoked", event)

    def fail(
        self,
        method: str,
        times: int = 1,
        *,
        status: int | None = None,
        error: str | None = None,
        retry_after: int | None = None,
        drop: Literal["before", "after"] | None = None,
        seconds: float = 0.0,
    ) -> None:
        """Let the next calls of a method fail, or of any method with `*`.

        `drop` breaks the connection without an answer, before or after the call took effect; `seconds` makes it slow.
        """
        self.faults.add(method, Fault(status, error, retry_after, drop, seconds), times)
