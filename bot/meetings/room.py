"""What every listener and job of the meetings room works with: who is who, and how a thing heard is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.config.trust import Trust
from bot.errors import Refusal
from bot.meetings.model import Body
from bot.meetings.payloads import MeetingPayload
from bot.meetings.service import MeetingService
from bot.runtime.inbox import Inbox
from bot.slack.channels import Channels
from bot.slack.files import Files
from bot.slack.messages.outbox import Outbox
from bot.slack.people.people import People
from knowledge.passages import Reader

# An app of an older manifest may not look into group direct messages; no body meets there.
NOT_SEEN = frozenset({"channel_not_found", "missing_scope"})
UNKNOWN = "The trust file does not know you. Ask whoever keeps it to add you."


@dataclass(frozen=True, slots=True)
class Room:
    """The meetings room and its surroundings. `show_home` draws a user's App Home anew."""

    service: MeetingService
    people: People
    inbox: Inbox
    outbox: Outbox
    files: Files
    client: WebClient
    now: Callable[[], datetime]
    show_home: Callable[[str], None]
    channels: Channels

    @property
    def trust(self) -> Trust:
        """The trust as it is now."""
        return self.service.bodies.trust

    def person(self, user: str) -> str:
        """The trust file's id of a Slack user; a Refusal for anybody else."""
        found = self.people.member(user).person
        if found is None:
            raise Refusal(UNKNOWN)
        return found.id

    def reader(self, user: str) -> Reader:
        """What a Slack user may read."""
        return self.people.reader(user)

    def account(self, person: str | None) -> str | None:
        """The Slack user of somebody of the trust file; None where there is none."""
        found = self.service.bodies.person(person)
        return self.people.account(found) if found else None

    def name(self, person: str | None) -> str:
        """Somebody's name."""
        found = self.service.bodies.person(person)
        return found.name if found else "Somebody"

    def body_in(self, channel: str) -> Body | None:
        """The body that meets in this conversation; None in any other."""
        if not channel.startswith(("C", "G")):
            return None
        try:
            name = self.client.conversations_info(channel=channel)["channel"].get("name") or ""
        except SlackApiError as error:
            if error.response.get("error") in NOT_SEEN:
                return None
            raise
        name = self.channels.named(channel, str(name))
        found = self.service.bodies.in_channel(name) if name else None
        if found:
            self.channels.keep(name, channel)
        return found

    def channel_named(self, name: str) -> str | None:
        """The id of the channel that the trust file calls so, if the bot is in it."""
        return self.channels.find(name)

    def take(self, event: str, kind: str, payload: MeetingPayload, ack: Ack, **answer: Any) -> None:
        """Keep something to be done, acknowledge it, and begin."""
        self.keep(event, kind, payload)
        ack(**answer)
        self.inbox.start(event)

    def keep(self, event: str, kind: str, payload: MeetingPayload) -> None:
        """Keep something to be done; `event` is the same for the same thing."""
        self.inbox.keep(event, kind, payload.model_copy(update={"event": event, "at": self.now()}))
