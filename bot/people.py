"""Slack user -> Person -> Reader: what this person, or everybody in this channel together, may read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from http.client import HTTPException
from threading import Lock
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.trust import Person, Trust
from knowledge.passages import EVERYONE_PRINCIPAL, Audience, Reader

KEPT_SECONDS = 120.0
MANY = 10
PAGE = 200
NO_ACCOUNT = frozenset({"users_not_found", "user_not_found", "user_not_visible"})
EVERY_MEMBER = Reader.of({EVERYONE_PRINCIPAL})


class MembershipUnknown(Exception):
    """Slack did not say who is in this channel."""


@dataclass(frozen=True, slots=True)
class Member:
    """A user of the workspace. `full` is false for guests, people of other organisations and those who have left."""

    id: str
    person: Person | None
    full: bool
    human: bool
    reader: Reader


@dataclass(frozen=True, slots=True)
class Channel:
    """A conversation and its human members; `reader` is what may be shown in it.

    What is said in a public channel can be found by every full member of the workspace, so they count as well.
    """

    id: str
    public: bool
    members: tuple[Member, ...]
    reader: Reader

    def without_access(self, audiences: Iterable[Audience]) -> int:
        """How many of the members may not read something of this audience by themselves."""
        listed = list(audiences)
        return sum(1 for member in self.members if not all(member.reader.may_read(each) for each in listed))


class People:
    """Who is who in the workspace. What Slack says is kept for `keep` seconds of `clock`, and dropped on its events."""

    def __init__(
        self, client: WebClient, trust: Trust | None, clock: Callable[[], float], keep: float = KEPT_SECONDS
    ) -> None:
        self._client = client
        self._trust = trust
        self._clock = clock
        self._keep = keep
        self._lock = Lock()
        self._changes = 0
        self._team: str | None = None
        self._members: dict[str, tuple[float, Member]] = {}
        self._channels: dict[str, tuple[float, Channel]] = {}
        self._accounts: dict[str, tuple[float, str]] = {}

    def member(self, user: str) -> Member:
        """This user as the workspace and the trust file know him; SlackClientError where Slack does not say."""
        return self._known([user])[user]

    def reader(self, user: str) -> Reader:
        """What this user may read alone."""
        return self.member(user).reader

    def account(self, person: Person) -> str | None:
        """The Slack id of somebody of the trust file; None where the workspace has no account of theirs."""
        user = person.slack or (self._with_address(person.email) if person.email else None)
        if user is None:
            return None
        try:
            found = self.member(user).person
        except SlackApiError as error:
            if error.response.get("error") in NO_ACCOUNT:
                return None
            raise
        return user if found is not None and found.id == person.id else None

    def accounts(self, people: Iterable[Person]) -> dict[str, str]:
        """The Slack id of each of these people, by their own id, of those who have a full account; many at once cost
        as many calls as the workspace has pages."""
        wanted = list(people)
        if len(wanted) <= MANY:
            found = ((each.id, self.account(each)) for each in wanted)
            known = {person: user for person, user in found if user}
        else:
            users = [user for page in self._pages("users.list") for user in page["members"]]
            members = [self._member(user) for user in users]
            named = {each.id for each in wanted}
            known = {each.person.id: each.id for each in members if each.person and each.person.id in named}
            with self._lock:
                self._members.update({each.id: (self._clock(), each) for each in members})
        return {person: user for person, user in known.items() if self.member(user).full}

    def channel(self, channel: str) -> Channel:
        """This conversation with its members now; MembershipUnknown where Slack does not say."""
        with self._lock:
            kept = self._channels.get(channel)
            if kept and self._clock() - kept[0] < self._keep:
                return kept[1]
            changes = self._changes
        try:
            found = self._ask(channel)
        except (SlackClientError, OSError, HTTPException) as error:
            raise MembershipUnknown(channel) from error
        with self._lock:
            if changes == self._changes:
                self._channels[channel] = (self._clock(), found)
        return found

    def channel_named(self, name: str) -> str | None:
        """The id of the channel of this name, among those that the bot is in."""
        wanted, cursor = name.lstrip("#"), ""
        while wanted:
            found = self._client.users_conversations(
                types="public_channel,private_channel", exclude_archived=True, limit=PAGE, cursor=cursor or None
            )
            for each in found["channels"]:
                if each.get("name") == wanted:
                    return str(each["id"])
            cursor = (found.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return None

    def about_channel(self, channel: str) -> dict[str, Any] | None:
        """What Slack says of this conversation now; None where there is none, or none that the bot may see."""
        try:
            return dict(self._client.conversations_info(channel=channel)["channel"])
        except SlackApiError as error:
            if error.response.get("error") == "channel_not_found":
                return None
            raise

    def forget_channel(self, channel: str) -> None:
        """Ask again who is in this conversation: somebody came or went."""
        with self._lock:
            self._changes += 1
            self._channels.pop(channel, None)

    def forget_person(self, user: str) -> None:
        """Ask again who this is, and what all channels may read: somebody changed."""
        with self._lock:
            self._changes += 1
            self._members.pop(user, None)
            self._channels.clear()
            self._accounts.clear()

    def _with_address(self, address: str) -> str | None:
        with self._lock:
            kept = self._accounts.get(address)
            if kept and self._clock() - kept[0] < self._keep:
                return kept[1]
        try:
            user = str(self._client.users_lookupByEmail(email=address)["user"]["id"])
        except SlackApiError as error:
            if error.response.get("error") in NO_ACCOUNT:
                return None
            raise
        with self._lock:
            self._accounts[address] = (self._clock(), user)
        return user

    def _ask(self, channel: str) -> Channel:
        about = self._client.conversations_info(channel=channel)["channel"]
        users = [user for page in self._pages("conversations.members", channel=channel) for user in page["members"]]
        members = tuple(member for member in self._known(users).values() if member.human)
        public = not (about.get("is_private") or about.get("is_im") or about.get("is_mpim"))
        readers = [member.reader for member in members]
        together = Reader.together([*readers, EVERY_MEMBER] if public and readers else readers)
        return Channel(channel, public, members, together)

    def _known(self, users: list[str]) -> dict[str, Member]:
        with self._lock:
            now = self._clock()
            known = {
                user: self._members[user][1]
                for user in users
                if user in self._members and now - self._members[user][0] < self._keep
            }
            changes = self._changes
        unknown = [user for user in users if user not in known]
        for user in self._asked(unknown):
            known[user["id"]] = self._member(user)
        with self._lock:
            if changes == self._changes:
                self._members.update({user: (self._clock(), known[user]) for user in unknown})
        return {user: known[user] for user in users}

    def _asked(self, users: list[str]) -> Iterator[dict[str, Any]]:
        rest = set(users)
        if len(rest) > MANY:
            # `users.info` is allowed a hundred times a minute; a list of the workspace costs a call per two hundred.
            for page in self._pages("users.list"):
                for user in page["members"]:
                    if user["id"] in rest:
                        rest.remove(user["id"])
                        yield user
        for user in sorted(rest):
            yield self._client.users_info(user=user)["user"]

    def _pages(self, method: str, **arguments: str) -> Iterator[Any]:
        cursor = ""
        while True:
            more = {"cursor": cursor} if cursor else {}
            page = self._client.api_call(method, params={**arguments, "limit": PAGE, **more})
            yield page
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _member(self, user: dict[str, Any]) -> Member:
        elsewhere = bool(user.get("is_stranger")) or user.get("team_id", self._own_team()) != self._own_team()
        gone = bool(user.get("deleted"))
        full = not (gone or elsewhere or user.get("is_restricted") or user.get("is_ultra_restricted"))
        # Another organisation vouches for its own addresses, so only the Slack id counts for its people.
        keys = [user["id"]] if elsewhere else [user["id"], (user.get("profile") or {}).get("email")]
        person = None if gone or self._trust is None else next(self._named(keys), None)
        human = not user.get("is_bot") and user["id"] != "USLACKBOT"
        return Member(user["id"], person, full, human, self._may_read(person, full))

    def _named(self, keys: Iterable[str | None]) -> Iterator[Person]:
        """People of the trust file whose Slack id or e-mail address is one of these, the Slack id first."""
        people = self._trust.people if self._trust else ()
        for key in filter(None, keys):
            for person in people:
                if key.casefold() in {each.casefold() for each in (person.slack, person.email) if each}:
                    yield person

    def _may_read(self, person: Person | None, full: bool) -> Reader:
        if person is None or self._trust is None:
            return EVERY_MEMBER if full else Reader.of(())
        reader = self._trust.reader(person)
        if full:
            return reader
        return Reader(frozenset(principals - {EVERYONE_PRINCIPAL} for principals in reader.members))

    def _own_team(self) -> str:
        if self._team is None:
            self._team = str(self._client.auth_test()["team_id"])
        return self._team
