"""The clock's side of the meetings room: each tick plans from the records and posts what nobody was sent yet."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from http.client import HTTPException
from zoneinfo import ZoneInfo

from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.config.trust import Person
from bot.meetings.bodies import Bodies
from bot.meetings.reminders import store as reminders
from bot.meetings.reminders.outlook import look
from bot.meetings.reminders.planning import Follower, Reminder, ReminderLine, prefix_of, reminder
from bot.meetings.reminders.store import Begun
from bot.runtime.failures import record_failure
from bot.runtime.scheduler import alone
from bot.slack.block_kit import Block
from bot.slack.messages.outbox import Outbox, may_have_gone_through
from bot.slack.people.people import People
from bot.slack.people.presence import Presence

Message = tuple[str, list[Block]]
Write = Callable[[Reminder], Message]

KNOWN_FOR = timedelta(hours=1)
FRESH = timedelta(minutes=5)
IN_FLIGHT = timedelta(seconds=30)
HELD_BACK = timedelta(minutes=10)
WAITS_UNTIL = time(16, 30)
RECOVERED = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Account:
    """A person as Slack knows him: the user's id, and how his days go."""

    user: str
    follower: Follower


class FollowUp:
    """Reminds people of their actions. What is due follows from the records and from what was sent; so a tick may be
    killed, missed or run twice. `write` makes the message of a reminder."""

    def __init__(
        self,
        engine: Engine,
        bodies: Bodies,
        people: People,
        presence: Presence,
        outbox: Outbox,
        now: Callable[[], datetime],
        write: Write,
    ) -> None:
        self._engine = engine
        self._bodies = bodies
        self._people = people
        self._presence = presence
        self._outbox = outbox
        self._now = now
        self._write = write
        self._accounts: dict[str, tuple[datetime, Account | None]] = {}
        self._failed: dict[str, datetime] = {}
        self._looked: set[str] = set()

    def tick(self) -> int:
        """Send what is due now; returns how many messages. Another process that ticks leaves nothing to do."""
        with alone(self._engine) as held:
            return self._tick(held) if held else 0

    def _tick(self, held: Callable[[], bool]) -> int:
        began = self._now()
        outlook = look(self._engine, self._bodies, began.astimezone(self._bodies.trust.zone).date())

        def going() -> bool:
            # A machine that slept in between wakes up on another day: what was read then is of yesterday.
            return began <= self._now() < began + FRESH and held()

        accounts = self._known(outlook.people())
        desk = outlook.desk(accounts)
        count = 0
        for begun in outlook.begun:
            if going():
                account = accounts.get(begun.person)
                lines = outlook.lines(begun, desk, account.follower.calendar) if account else ()
                count += self._apart(begun.person, partial(self._resume, begun, account, lines))
        for person in sorted(desk.shares.keys() - {each.person for each in outlook.begun}):
            planned = reminder(desk, accounts[person].follower, self._now())
            if planned and going():
                count += self._apart(person, partial(self._send, planned, accounts[person]))
        return count

    def _known(self, people: Iterable[str]) -> dict[str, Account]:
        found = {person: self._account(person) for person in sorted(people)}
        return {person: account for person, account in found.items() if account}

    def _account(self, ident: str) -> Account | None:
        """A person's account; asked of Slack once an hour."""
        now = self._now()
        kept = self._accounts.get(ident)
        if kept and now - KNOWN_FOR < kept[0] <= now:
            return kept[1]
        person = self._bodies.person(ident)
        account = self._ask(person) if person else None
        self._accounts[ident] = (now, account)
        return account

    def _ask(self, person: Person) -> Account | None:
        trust = self._bodies.trust
        try:
            user = self._people.account(person)
            zone = self._presence.zone(user) if user else None
        except SlackApiError as error:
            if may_have_gone_through(error):
                raise
            record_failure(error)
            return None
        calendar = trust.calendar(self._bodies.school_of(person.id))
        return Account(user, Follower(person.id, zone or trust.zone, calendar)) if user else None

    def _resume(self, begun: Begun, account: Account | None, lines: tuple[ReminderLine, ...]) -> int:
        """End what a process began that did not live to record it: find it in Slack, else send it while its day
        lasts, else take it back, so that what it said is planned anew."""
        now = self._now()
        if begun.planned <= now < begun.planned + IN_FLIGHT:
            return 0
        zone = account.follower.zone if account else self._bodies.trust.zone
        if ts := self._outbox.posted(begun.key, since=_dawn(begun.day, zone)):
            self._finish(begun.person, begun.day, ts, zone)
            return 0
        if account and lines and account.follower.open_day(now) == begun.day:
            return self._post(Reminder(begun.person, begun.day, lines, begun.after_holiday), account)
        with Session(self._engine) as session, session.begin():
            reminders.forget(session, begun.person, begun.day)
        return 0

    def _send(self, planned: Reminder, account: Account) -> int:
        if not self._may_disturb(account) or self._recovered(planned.person, account):
            return 0
        try:
            with Session(self._engine) as session, session.begin():
                reminders.begin(session, planned, self._now())
        except IntegrityError:
            return 0
        return self._post(planned, account)

    def _recovered(self, person: str, account: Account) -> bool:
        """Whether reminders to this person stand in Slack of which the records know nothing, as after a backup was
        restored; then they are recorded, and what is due follows from them. Slack is asked once by each process."""
        if person in self._looked:
            return False
        zone, prefix = account.follower.zone, prefix_of(person)
        since = _dawn(self._now().astimezone(zone).date() - RECOVERED, zone)
        standing = self._outbox.standing(self._outbox.direct(account.user), since)
        lost = 0
        with Session(self._engine) as session, session.begin():
            for key, ts, about in standing:
                if key.startswith(prefix):
                    sent = datetime.fromtimestamp(float(ts), zone)
                    lines = [(kind, subject) for kind, subject in json.loads(about or "[]")]
                    lost += reminders.recover(session, person, sent.date(), sent, lines)
        self._looked.add(person)
        return lost > 0

    def _post(self, planned: Reminder, account: Account) -> int:
        text, blocks = self._write(planned)
        channel = self._outbox.direct(account.user)
        if account.follower.open_day(self._now()) != planned.day:
            return 0
        zone = account.follower.zone
        ts = self._outbox.post(planned.key, channel, text, blocks, since=_dawn(planned.day, zone), about=planned.about)
        self._finish(planned.person, planned.day, ts, zone)
        return 1

    def _finish(self, person: str, day: date, ts: str, zone: ZoneInfo) -> None:
        with Session(self._engine) as session, session.begin():
            reminders.finish(session, person, day, datetime.fromtimestamp(float(ts), zone))

    def _may_disturb(self, account: Account) -> bool:
        """Whether the person's notifications are on; late in the day it does not matter, as Slack keeps quiet then."""
        now = self._now()
        late = now.astimezone(account.follower.zone).time() >= WAITS_UNTIL
        return late or not self._presence.resting(account.user, now)

    def _apart(self, person: str, send: Callable[[], int]) -> int:
        """Let one person's failure be his alone: he is tried again some minutes later. Where it is Slack that fails,
        everybody waits for the next tick."""
        now, failed = self._now(), self._failed.get(person)
        if failed is not None and failed <= now < failed + HELD_BACK:
            return 0
        try:
            return send()
        except (SlackClientError, OSError, HTTPException) as error:
            self._failed[person] = now
            if may_have_gone_through(error):
                raise
            record_failure(error)
            return 0


def _dawn(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins in a zone: its reminder stands in Slack no earlier."""
    return datetime.combine(day, time(), zone)
