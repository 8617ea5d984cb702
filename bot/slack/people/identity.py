"""Who an account of the workspace is: the rules by which a person of the trust file is known again, or is not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.config.trust import Person, Trust


@dataclass(frozen=True, slots=True)
class Account:
    """An account as Slack shows it. `address` is in small letters; `ours` says that Slack calls it a member of this
    workspace: what Slack leaves open counts as no."""

    id: str
    name: str
    address: str | None
    confirmed: bool
    ours: bool
    guest: bool
    gone: bool
    human: bool

    @property
    def full(self) -> bool:
        """Neither a guest nor of another organisation, and not left."""
        return self.ours and not (self.guest or self.gone)

    @property
    def vouched(self) -> str | None:
        """The address that this workspace vouches for: another organisation's say nothing about ours."""
        return self.address if self.ours and not self.gone else None


@dataclass(frozen=True, slots=True)
class Workspace:
    """The workspace that the bot's token is for; `enterprise` where it belongs to an Enterprise Grid."""

    team: str
    enterprise: str | None = None

    def account(self, user: Mapping[str, Any]) -> Account:
        """An account out of Slack's own `user` object."""
        profile = user.get("profile") or {}
        address = str(profile.get("email") or "").strip().casefold()
        return Account(
            id=str(user["id"]),
            name=str(profile.get("real_name") or user.get("real_name") or user.get("name") or "somebody"),
            address=address or None,
            confirmed=user.get("is_email_confirmed") is not False,
            ours=self._holds(user),
            guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
            gone=bool(user.get("deleted")),
            human=not user.get("is_bot") and user["id"] != "USLACKBOT",
        )

    def _holds(self, user: Mapping[str, Any]) -> bool:
        """Whether Slack says that this account belongs here. On a Grid an account names its organisation and all of
        its workspaces, and its `team_id` may be another of them."""
        if user.get("is_stranger"):
            return False
        grid = user.get("enterprise_user") or {}
        if grid.get("enterprise_id") and grid["enterprise_id"] != self.enterprise:
            return False
        return user.get("team_id") == self.team or (bool(grid) and self.team in (grid.get("teams") or ()))


class Roll:
    """The people of a trust file, by what Slack knows them by. What two of them share names neither."""

    def __init__(self, trust: Trust | None) -> None:
        self.trust = trust
        people = trust.people if trust else ()
        self._by_id = _once((person.slack, person) for person in people)
        # Whoever has a Slack id in the file is that account alone.
        self._by_address = _once((person.email, person) for person in people)

    def person(self, account: Account, holders: Iterable[Account]) -> Person | None:
        """Whom this account is; `holders` are all accounts with its address."""
        if account.gone:
            return None
        if found := self._by_id.get(account.id.casefold()):
            return found
        person = self._by_address.get(account.vouched or "")
        return person if person and self.holder(person, holders) == account.id else None

    def holder(self, person: Person, holders: Iterable[Account]) -> str | None:
        """The one account that this person's address stands for, of those that have it."""
        if person.slack or not person.email:
            return None
        confirmed = [each.id for each in holders if each.vouched and each.confirmed]
        return confirmed[0] if len(confirmed) == 1 else None


def _once(entries: Iterable[tuple[str | None, Person]]) -> dict[str, Person]:
    found: dict[str, list[Person]] = {}
    for key, person in entries:
        if key:
            found.setdefault(key.strip().casefold(), []).append(person)
    return {key: people[0] for key, people in found.items() if len(people) == 1}


class Kind(StrEnum):
    """Why an address names nobody."""

    SEVERAL = "several"
    UNCONFIRMED = "unconfirmed"


SEEN = {
    Kind.SEVERAL: "{count} Slack accounts have the address {address} of {person}: {names}. Trustbot takes none of them "
    "for {person}, so that nobody reads what is not theirs.",
    Kind.UNCONFIRMED: "The Slack account {names} has the address {address} of {person} and never confirmed it. "
    "Trustbot does not take it for {person}.",
}
MEND = {
    Kind.SEVERAL: "Close the account that is not needed, or write {person}'s own member ID into the trust file as "
    "`slack:`.",
    Kind.UNCONFIRMED: "Have the address confirmed in Slack, or write {person}'s own member ID into the trust file as "
    "`slack:`.",
}


@dataclass(frozen=True, slots=True)
class Conflict:
    """An address of the trust file that does not say which account is meant."""

    kind: Kind
    person: Person
    accounts: tuple[Account, ...]

    @property
    def key(self) -> str:
        """The same for the same conflict."""
        ids = "\n".join([self.kind, self.person.id, *(account.id for account in self.accounts)])
        return hashlib.sha256(ids.encode()).hexdigest()[:24]

    @property
    def seen(self) -> str:
        """What is the matter."""
        return self._said(SEEN[self.kind])

    @property
    def mend(self) -> str:
        """What to do about it."""
        return self._said(MEND[self.kind])

    def _said(self, words: str) -> str:
        return words.format(
            count="Two" if len(self.accounts) == 2 else len(self.accounts),
            address=self.person.email,
            names=" and ".join(f"“{account.name}”" for account in self.accounts),
            person=self.person.name,
        )


def conflicts(trust: Trust, holders: Mapping[str, Iterable[Account]]) -> list[Conflict]:
    """What an administrator should know; `holders` are the accounts with each address."""
    found = []
    for person in trust.people:
        if person.slack or not person.email:
            continue
        known = sorted(holders.get(person.email.casefold(), ()), key=lambda account: account.id)
        alive = [account for account in known if account.vouched]
        confirmed = tuple(account for account in alive if account.confirmed)
        if len(confirmed) > 1:
            found.append(Conflict(Kind.SEVERAL, person, confirmed))
        found += [Conflict(Kind.UNCONFIRMED, person, (account,)) for account in alive if not account.confirmed]
    return found
