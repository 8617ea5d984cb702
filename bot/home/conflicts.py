"""Tells the trust's administrators, once, which addresses of the trust file do not say whose account is meant."""

from __future__ import annotations

from bot.config.trust import CurrentTrust, Person
from bot.slack import block_kit as kit
from bot.slack.messages.outbox import Outbox
from bot.slack.people.identity import Conflict
from bot.slack.people.people import People

PREFIX = "identity:"
LEAD = "*Trustbot cannot tell who this is*"


class ConflictNotices:
    """What the clock starts: a direct message to each administrator for each conflict, under a key of its own."""

    def __init__(self, trust: CurrentTrust, people: People, outbox: Outbox) -> None:
        self._trust = trust
        self._people = people
        self._outbox = outbox

    def tick(self) -> int:
        """Tell of what nobody was told of yet; returns how many messages that took."""
        found = self._people.conflicts()
        told = self._outbox.done(PREFIX) if found else frozenset()
        due = [
            (key, conflict, administrator)
            for conflict in found
            for administrator in self._trust.present.administrators
            if (key := f"{PREFIX}{conflict.key}:{administrator.id}") not in told
        ]
        return sum(self._tell(*each) for each in due)

    def _tell(self, key: str, conflict: Conflict, administrator: Person) -> int:
        account = self._people.account(administrator)
        if account is None:
            return 0
        words = kit.escape(f"{conflict.seen} {conflict.mend}")
        self._outbox.post(key, self._outbox.direct(account), words, [kit.section(LEAD), kit.section(words)])
        return 1
