"""The accounts of the workspace: read once for all who wait, within Slack's rate, then kept by Slack's events."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from http.client import HTTPException
from threading import Lock, Thread
from typing import Any, TypeVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.slack.people.identity import Account, Workspace

MANY = 10
PAGE = 200
# Slack allows twenty pages of `users.list` a minute to the whole workspace; another process may read it too.
PAGES, MINUTE = 18, 60.0
# Reading anew takes no more than a quarter of that rate, however large the workspace is.
SECONDS_A_PAGE = 12.0
SHORTEST = 0.05
# What is as old as this is not trusted for many at once, if no event says otherwise.
TOO_OLD = 2.5
TRIES = 5
WHOLE = ""
NO_ACCOUNT = frozenset({"users_not_found", "user_not_found", "user_not_visible"})
FAILURES = (SlackClientError, OSError, HTTPException)

T = TypeVar("T")
log = logging.getLogger(__name__)


class Flights:
    """Work that those who want it at the same time do once, and share."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._under_way: dict[Hashable, Future[Any]] = {}

    def share(self, key: Hashable, work: Callable[[], T]) -> T:
        """What this work returns or raises, done by whoever came first."""
        with self._lock:
            flight = self._under_way.get(key)
            first = flight is None
            if flight is None:
                flight = self._under_way[key] = Future()
        if first:
            try:
                flight.set_result(work())
            except BaseException as error:
                flight.set_exception(error)
            finally:
                with self._lock:
                    del self._under_way[key]
        found: T = flight.result()
        return found

    def under_way(self, key: Hashable) -> bool:
        """Whether somebody does this work now."""
        with self._lock:
            return key in self._under_way


class Budget:
    """So many calls a minute, some at once where none were made for a while; `pause` waits."""

    def __init__(self, a_minute: int, clock: Callable[[], float], pause: Callable[[float], None]) -> None:
        self._rate, self._most = a_minute / MINUTE, float(a_minute)
        self._clock, self._pause = clock, pause
        self._left, self._then = self._most, clock()
        self._lock = Lock()

    def take(self) -> None:
        """Wait until one more call may be made."""
        with self._lock:
            while True:
                now = self._clock()
                self._left, self._then = min(self._most, self._left + (now - self._then) * self._rate), now
                if self._left >= 1:
                    self._left -= 1
                    return
                self._pause(max(SHORTEST, (1 - self._left) / self._rate))


class Directory:
    """All accounts of the workspace. Everything waits for the first reading of the whole; afterwards what changes is
    asked for alone, and one account is asked for again when it was read `keep` seconds of `clock` ago."""

    def __init__(
        self,
        client: WebClient,
        clock: Callable[[], float],
        keep: float,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._clock = clock
        self._keep = keep
        self._budget = Budget(PAGES, clock, pause)
        self._flights = Flights()
        self._lock = Lock()
        self._workspace: Workspace | None = None
        self._accounts: dict[str, Account] = {}
        self._read: dict[str, float] = {}
        self._by_address: dict[str, set[str]] = {}
        self._changed: dict[str, int] = {}
        self._changes = 0
        self._loaded: float | None = None
        self._pages = 1
        self.version = 0

    def start(self) -> None:
        """Read the workspace in the background, so that the first question finds it read."""
        Thread(target=self._in_background, name="directory", daemon=True).start()

    def accounts(self, users: Iterable[str], *, missing: bool = False) -> dict[str, Account]:
        """These accounts as they are now, by id. SlackClientError, OSError or HTTPException where Slack fails; so too
        for one that Slack does not know, unless `missing` says that those are left out."""
        wanted = list(dict.fromkeys(users))
        for _ in range(TRIES):
            self._ready()
            outdated = self._outdated(wanted)
            if len(outdated) > MANY:
                outdated = self._of_many(outdated)
            for user in outdated:
                try:
                    self._ask(user)
                except SlackApiError as error:
                    if not missing or error.response.get("error") not in NO_ACCOUNT:
                        raise
                    wanted.remove(user)
            with self._lock:
                if not self._changed.keys() & set(wanted) and self._accounts.keys() >= set(wanted):
                    return {user: self._accounts[user] for user in wanted}
        raise SlackClientError("the accounts change faster than they can be read")

    def holders(self, address: str) -> tuple[Account, ...]:
        """All accounts with this address, among those that are known here."""
        with self._lock:
            return tuple(self._accounts[user] for user in self._by_address.get(address.casefold(), ()))

    def everybody(self) -> dict[str, tuple[Account, ...]]:
        """The accounts of the workspace by their address."""
        self._ready()
        with self._lock:
            return {
                address: tuple(self._accounts[user] for user in users) for address, users in self._by_address.items()
            }

    def heard(self, user: Mapping[str, Any]) -> None:
        """Slack says that an account is new or changed. A new picture or status changes nothing here; anything else is
        asked for before the next use, because an event may come late."""
        with self._lock:
            known = self._accounts.get(str(user["id"]))
            if known is not None and self._workspace and self._workspace.account(user) == known:
                return
        self.forget(str(user["id"]))

    def forget(self, user: str) -> None:
        """Ask for this account before the next use of any."""
        with self._lock:
            self._changes += 1
            self._changed[user] = self._changes
            self.version += 1

    def _in_background(self) -> None:
        try:
            self._load()
        except FAILURES as error:
            log.info("the workspace's accounts were not read: %s", type(error).__name__)

    def _ready(self) -> None:
        """The whole was read once, and what changed since was read again."""
        with self._lock:
            never, changed = self._loaded is None, list(self._changed)
        if never or len(changed) > MANY:
            self._load()
            return
        for user in changed:
            self._ask(user)

    def _outdated(self, users: list[str]) -> list[str]:
        with self._lock:
            now = self._clock()
            return [user for user in users if user not in self._accounts or now - self._read[user] >= self._keep]

    def _of_many(self, outdated: list[str]) -> list[str]:
        """Read the whole anew where it is too old for these; returns whom to ask for alone."""
        with self._lock:
            age = self._clock() - (self._loaded or 0.0)
            soon = max(self._keep, SECONDS_A_PAGE * self._pages)
            strangers = [user for user in outdated if user not in self._accounts]
        if age >= TOO_OLD * soon or (len(strangers) > MANY and age >= self._keep / 2):
            self._load()
            with self._lock:
                strangers = [user for user in outdated if user not in self._accounts]
        elif age >= soon and not self._flights.under_way(WHOLE):
            self.start()
        if len(strangers) <= MANY:
            return strangers
        # Whom the workspace does not list is not of it: to ask for each of many would take minutes.
        with self._lock:
            for user in strangers:
                self._put(Account(user, "somebody", None, False, False, False, False, True), self._clock())
        return []

    def _load(self) -> None:
        self._flights.share(WHOLE, self._read_all)

    def _read_all(self) -> None:
        with self._lock:
            began, changes = self._clock(), self._changes
        workspace = self._ours()
        pages, found = 0, []
        for page in self._listed():
            pages += 1
            found += [workspace.account(user) for user in page.get("members") or ()]
        with self._lock:
            self._accounts, self._read, self._by_address = {}, {}, {}
            for account in found:
                self._put(account, began)
            # What changed while it was read may have been on a page that was read before.
            self._changed = {user: number for user, number in self._changed.items() if number > changes}
            self._loaded, self._pages = began, max(1, pages)
            self.version += 1

    def _listed(self) -> Iterator[Any]:
        cursor = ""
        while True:
            self._budget.take()
            page = self._client.users_list(limit=PAGE, cursor=cursor or None)
            yield page
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _ask(self, user: str) -> None:
        with self._lock:
            number = self._changed.get(user, 0)
        self._flights.share((user, number), lambda: self._read_one(user, number))

    def _read_one(self, user: str, number: int) -> None:
        began, workspace = self._clock(), self._ours()
        try:
            found: Account | None = workspace.account(self._client.users_info(user=user)["user"])
        except SlackApiError as error:
            # Somebody who was asked for is missed; somebody who only changed may be gone for good.
            if error.response.get("error") not in NO_ACCOUNT or not number:
                raise
            found = None
        with self._lock:
            before = self._accounts.get(user)
            if found is not None:
                self._put(found, began)
            else:
                self._drop(user)
            if self._changed.get(user) == number:
                del self._changed[user]
            if before != found:
                self.version += 1

    def _put(self, account: Account, read: float) -> None:
        self._drop(account.id)
        self._accounts[account.id], self._read[account.id] = account, read
        if account.address:
            self._by_address.setdefault(account.address, set()).add(account.id)

    def _drop(self, user: str) -> None:
        known = self._accounts.pop(user, None)
        self._read.pop(user, None)
        if known is not None and known.address:
            self._by_address[known.address].discard(user)

    def _ours(self) -> Workspace:
        if self._workspace is None:
            said = self._client.auth_test()
            self._workspace = Workspace(str(said["team_id"]), said.get("enterprise_id") or None)
        return self._workspace
