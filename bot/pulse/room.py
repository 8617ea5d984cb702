"""What every listener and job of the pulse works with: who is who, and how Slack is reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.config.trust import Person, Trust
from bot.errors import Refusal
from bot.pulse.results.report import Seats
from bot.pulse.service import PulseService
from bot.slack.messages.outbox import Outbox
from bot.slack.people.people import Member, MembershipUnknown, People
from bot.slack.people.presence import Presence
from knowledge.passages import Answer, Reader

UNNAMED = "slack:"
UNKNOWN = "The trust file does not know you. Ask whoever keeps it to add you."
INVITE = "Trustbot is not in that channel. Invite it there with `/invite @Trustbot`, then send this again."
Talk = Callable[[str, Reader], Answer]
"""Answers a question from what a reader may read."""


@dataclass(frozen=True, slots=True)
class Room:
    """The pulse's surroundings. `show_home` draws a user's App Home anew; `talk` answers from the documents; `keeper`
    says who runs the database."""

    service: PulseService
    people: People
    outbox: Outbox
    presence: Presence
    client: WebClient
    now: Callable[[], datetime]
    show_home: Callable[[str], None]
    talk: Talk
    keeper: str

    @property
    def trust(self) -> Trust:
        """The trust as it is now."""
        return self.service.trust

    def person(self, user: str) -> Person:
        """The person of the trust file behind a Slack user; a Refusal for anybody else."""
        found = self.people.member(user).person
        if found is None:
            raise Refusal(UNKNOWN)
        return found

    def ident(self, user: str) -> str:
        """What a Slack user is called on a roster: the trust file's id, or one of Slack's own."""
        return name_of(self.people.member(user))

    def account(self, ident: str) -> str | None:
        """The Slack user of somebody on a roster; None where there is none any more."""
        if ident.startswith(UNNAMED):
            member = self.people.member(ident.removeprefix(UNNAMED))
            return member.id if member.full and member.human else None
        found = self.trust.person(ident)
        return self.people.account(found) if found else None

    def asked(self, selectors: tuple[str, ...]) -> list[str]:
        """The people whom these selectors name now, each once: those with a full account, and no program."""
        found: dict[str, None] = {}
        wanted: dict[str, Person] = {}
        for selector in selectors:
            kind, _, value = selector.partition(":")
            if kind == "channel":
                members = self.people.channel(value).members
                found |= dict.fromkeys(name_of(each) for each in members if each.full and each.human)
            else:
                wanted |= {each.id: each for each in self.trust.people if self._is_in(each, kind, value)}
        found |= dict.fromkeys(sorted(self.people.accounts(wanted.values())))
        return list(found)

    def bot_is_in(self, channel: str) -> bool:
        """Whether the bot can post there."""
        try:
            return bool(self.client.conversations_info(channel=channel)["channel"].get("is_member"))
        except SlackApiError as error:
            if error.response.get("error") == "channel_not_found":
                return False
            raise

    def must_be_in(self, channel: str) -> None:
        """A Refusal where the bot cannot see who is in a channel, or cannot post there."""
        try:
            self.people.channel(channel)
        except MembershipUnknown as error:
            raise Refusal(INVITE) from error
        if not self.bot_is_in(channel):
            raise Refusal(INVITE)

    def _is_in(self, person: Person, kind: str, value: str) -> bool:
        if kind == "person":
            return person.id == value
        if kind == "school":
            return value in person.schools
        group = next((each for each in self.trust.groups if each.id == value), None)
        return group is not None and (person.id in group.people or bool(set(person.roles) & set(group.roles)))


def seats_of(people: People) -> Callable[[str], Seats | None]:
    """Who is in a channel now, as rosters name people; None while Slack does not say, or it is no channel any more."""

    def seats(channel: str) -> Seats | None:
        try:
            found = people.channel(channel)
        except MembershipUnknown:
            return None
        return Seats(frozenset(name_of(member) for member in found.members), found.public)

    return seats


def name_of(member: Member) -> str:
    """What a user is called on a roster."""
    return member.person.id if member.person else f"{UNNAMED}{member.id}"
