"""Slack user -> Person -> Reader: what this person, or everybody in this channel together, may read."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.config.trust import CurrentTrust, Person, Trust
from bot.slack.people.directory import FAILURES, NO_ACCOUNT, Directory, Flights
from bot.slack.people.identity import Account, Conflict, Roll, conflicts
from knowledge.passages import EVERYONE_PRINCIPAL, Audience, Reader

KEPT_SECONDS = 120.0
# A page of members holds ids alone.
MEMBERS = 500
EVERY_MEMBER = Reader.of({EVERYONE_PRINCIPAL})
NOT_THERE = frozenset({"channel_not_found", "not_in_channel", "is_archived"})


class MembershipUnknown(Exception):
    """Slack did not say who is in this channel. `absent` says that the bot is not in it, `forbidden` that the app was
    never allowed to ask; both stay so however often one tries again."""

    def __init__(self, channel: str, error: str = "") -> None:
        super().__init__(channel)
        self.absent = error in NOT_THERE
        self.forbidden = error == "missing_scope"


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


@dataclass(frozen=True, slots=True)
class _Membership:
    """Who is in a conversation, as Slack said at `read` seconds of the clock."""

    public: bool
    users: frozenset[str]
    read: float


class People:
    """Who is who in the workspace. What Slack says is kept for `keep` seconds of `clock`, and follows its events."""

    def __init__(
        self,
        client: WebClient,
        trust: CurrentTrust | None,
        clock: Callable[[], float],
        keep: float = KEPT_SECONDS,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._current = trust
        self._clock = clock
        self._keep = keep
        self._directory = Directory(client, clock, keep, pause)
        self._flights = Flights()
        self._lock = Lock()
        self._roll = Roll(trust.present if trust else None)
        self._changes: dict[str, int] = {}
        self._memberships: dict[str, _Membership] = {}
        self._built: dict[str, tuple[object, Channel]] = {}

    def start(self) -> None:
        """Read who is in the workspace in the background, before the first question wants it."""
        self._directory.start()

    def member(self, user: str) -> Member:
        """This user as the workspace and the trust file know him; SlackClientError where Slack does not say."""
        return self._member(self._directory.accounts([user])[user])

    def reader(self, user: str) -> Reader:
        """What this user may read alone."""
        return self.member(user).reader

    def account(self, person: Person) -> str | None:
        """The Slack id of somebody of the trust file; None where the workspace has no account of theirs."""
        user = self._holder(person)
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
        """The Slack id of each of these people, by their own id, of those who have a full account."""
        wanted = list(people)
        users = {person.id: user for person in wanted if (user := self._holder(person))}
        known = self._directory.accounts(users.values(), missing=True)
        members = {person: self._member(known[user]) for person, user in users.items() if user in known}
        return {
            person: member.id
            for person, member in members.items()
            if member.full and member.person and member.person.id == person
        }

    def conflicts(self) -> list[Conflict]:
        """The addresses of the trust file that name nobody, because they do not say which account is meant."""
        trust = self._known().trust
        return conflicts(trust, self._directory.everybody()) if trust else []

    def channel(self, channel: str) -> Channel:
        """This conversation with its members now; MembershipUnknown where Slack does not say."""
        try:
            held = self._membership(channel)
            return self._channel(channel, held)
        except FAILURES as error:
            said = error.response.get("error") if isinstance(error, SlackApiError) else ""
            raise MembershipUnknown(channel, str(said or "")) from error

    def channel_named(self, name: str) -> str | None:
        """The id of the channel of this name, among those that the bot is in."""
        wanted = name.lstrip("#")
        pages = self._pages("users.conversations", types="public_channel,private_channel", exclude_archived="true")
        for page in pages if wanted else ():
            for channel in page["channels"]:
                if channel.get("name") == wanted:
                    return str(channel["id"])
        return None

    def about_channel(self, channel: str) -> dict[str, Any] | None:
        """What Slack says of this conversation now; None where there is none, or none that the bot may see."""
        try:
            return dict(self._client.conversations_info(channel=channel)["channel"])
        except SlackApiError as error:
            if error.response.get("error") == "channel_not_found":
                return None
            raise

    def joined(self, channel: str, user: str) -> None:
        """Somebody came to this conversation: they count from now on, and nobody is asked for again."""
        with self._lock:
            self._changes[channel] = self._changes.get(channel, 0) + 1
            if held := self._memberships.get(channel):
                self._memberships[channel] = _Membership(held.public, held.users | {user}, held.read)

    def forget_channel(self, channel: str) -> None:
        """Ask again who is in this conversation: somebody left, or it is another now."""
        with self._lock:
            # An event that comes late could take out somebody who is back, so nobody is taken out unasked.
            self._changes[channel] = self._changes.get(channel, 0) + 1
            self._memberships.pop(channel, None)
            self._built.pop(channel, None)

    def forget_person(self, user: str) -> None:
        """Ask again who this is: somebody changed."""
        self._directory.forget(user)

    def person_heard(self, user: Mapping[str, Any]) -> None:
        """Slack says that this account is new or has changed."""
        self._directory.heard(user)

    def _holder(self, person: Person) -> str | None:
        """The account that the trust file means for this person, if it says which."""
        if person.slack:
            return person.slack
        self._directory.accounts(())
        return self._known().holder(person, self._directory.holders(person.email or ""))

    def _membership(self, channel: str) -> _Membership:
        with self._lock:
            held = self._memberships.get(channel)
            if held and self._clock() - held.read < self._keep:
                return held
            changes = self._changes.get(channel, 0)
        return self._flights.share((channel, changes), lambda: self._ask(channel, changes))

    def _ask(self, channel: str, changes: int) -> _Membership:
        read = self._clock()
        about = self._client.conversations_info(channel=channel)["channel"]
        users = [user for page in self._pages("conversations.members", channel=channel) for user in page["members"]]
        public = not (about.get("is_private") or about.get("is_im") or about.get("is_mpim"))
        found = _Membership(public, frozenset(users), read)
        with self._lock:
            if changes == self._changes.get(channel, 0):
                self._memberships[channel] = found
        return found

    def _channel(self, channel: str, held: _Membership) -> Channel:
        # Of a large channel nothing is worked out twice from the same.
        stamp = (held, self._directory.version, self._known())
        accounts = self._directory.accounts(sorted(held.users))
        with self._lock:
            known = self._built.get(channel)
        if known and known[0] == stamp:
            return known[1]
        everybody = (self._member(account) for account in accounts.values() if not (account.gone and account.ours))
        members = tuple(member for member in everybody if member.human)
        readers = [member.reader for member in members]
        together = Reader.joint([*readers, EVERY_MEMBER] if held.public and readers else readers)
        built = Channel(channel, held.public, members, together)
        with self._lock:
            self._built[channel] = (stamp, built)
        return built

    def _pages(self, method: str, **arguments: str) -> Iterator[Any]:
        cursor = ""
        while True:
            more = {"cursor": cursor} if cursor else {}
            page = self._client.api_call(method, params={**arguments, "limit": MEMBERS, **more})
            yield page
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _known(self) -> Roll:
        """The people of the trust file as it is now."""
        present = self._current.present if self._current else None
        roll = self._roll
        if roll.trust is not present:
            roll = self._roll = Roll(present)
        return roll

    def _member(self, account: Account) -> Member:
        roll = self._known()
        person = roll.person(account, self._directory.holders(account.address or ""))
        return Member(account.id, person, account.full, account.human, _may_read(roll.trust, person, account.full))


def _may_read(trust: Trust | None, person: Person | None, full: bool) -> Reader:
    if person is None or trust is None:
        return EVERY_MEMBER if full else Reader.of(())
    reader = trust.reader(person)
    if full:
        return reader
    return Reader(frozenset(principals - {EVERYONE_PRINCIPAL} for principals in reader.members))
