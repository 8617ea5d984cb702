"""What the clock does for pulses: opens what is due, asks, reminds, closes and shows; all derived from records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from http.client import HTTPException
from zoneinfo import ZoneInfo

from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.errors import Refusal
from bot.pulse import blocks, store
from bot.pulse.model import Collaboration, Plan, TooFewAsked, Wave
from bot.pulse.results import blocks as blocks_results
from bot.pulse.results import picture
from bot.pulse.results.report import Results
from bot.pulse.results.statistics import weakest
from bot.pulse.room import UNNAMED, Room
from bot.pulse.sealed.safe import SafeShut
from bot.runtime.failures import record_failure
from bot.runtime.scheduler import alone
from bot.slack.messages.outbox import may_have_gone_through
from bot.slack.people.people import MembershipUnknown
from bot.slack.people.quiet_hours import open_day
from knowledge.passages import EVERYONE_PRINCIPAL, Citation, Reader
from knowledge.school.calendar import SchoolCalendar
from knowledge.school.framework.documents import SOURCE

LOCK = 3
KNOWN_FOR = timedelta(hours=1)
WAITS_UNTIL = 16
KEYS_MAY_COME = timedelta(days=7)
# Slack lets a direct conversation be opened some fifty times a minute, and the clock ticks once a minute.
AT_ONCE = 40
NOT_THERE = frozenset({"not_in_channel", "channel_not_found", "is_archived"})
TOO_LATE = "it was to open on {day}, and could not: there was no day left for it in that half of the term."
NO_KEYS = (
    "it has closed, and cannot be counted, because the key with which its answers are sealed is gone. It is a private "
    "file of Trustbot's in Slack, or, for a pulse that an earlier version opened, lies in the folder `pulse` of its "
    "home. Ask whoever runs Trustbot to bring it back by {day}. After that day it ends without a result."
)
UNREADABLE = (
    "it has ended without a result. The keys with which its answers were sealed are gone, so nobody can ever read "
    "them; they were deleted. Plan a new pulse to ask again."
)
NO_CHANNEL = "its results could not be posted, because Trustbot is not in that channel. They are in App Home."
Going = Callable[[], bool]


class PulseJobs:
    """One tick does whatever is due now; killed at any point, the next goes on where it was. One process at a time does
    this, whichever has the clock."""

    def __init__(self, room: Room, engine: Engine) -> None:
        self._room = room
        self._service = room.service
        self._closing = room.service.closing
        self._engine = engine
        self._zones: dict[str, tuple[datetime, ZoneInfo]] = {}
        self._refused: set[str] = set()
        self._uninvited: set[str] = set()

    def tick(self) -> None:
        """Do what is due."""
        with alone(self._engine, LOCK) as held:
            if held:
                self._tick(held)

    def _tick(self, held: Going) -> None:
        if self._school_hours():
            for due in self._service.due():
                self._open(*due)
        for wave in self._waves(store.OPEN, store.CLOSING):
            if not held():
                return
            try:
                self._attend(wave, held)
            except SafeShut as shut:
                record_failure(shut)
        for wave in self._waves(store.PUBLISHED):
            if self._school_hours() and held():
                self._show(wave)
        try:
            self._closing.tidy(self._service.today())
        except SafeShut as shut:
            record_failure(shut)

    def _attend(self, wave: Wave, held: Going) -> None:
        """Whatever is due of an open wave: its answers in batches, its close, invitations, reminders."""
        with Session(self._engine) as session:
            closing = store.state(session, wave.id) == store.CLOSING
        over = closing or wave.closes < self._service.today()
        if not self._closing.takes_answers(wave.id) or (over and not self._service.close(wave.id)):
            self._lost(wave)
        elif not over:
            self._closing.batch(wave.id)
            if self._closing.asks(wave.id):
                self._ask(wave, held)
            else:
                self._remind(wave, held)

    def _waves(self, *states: str) -> Iterator[Wave]:
        with Session(self._engine) as session:
            found = [store.find_wave(session, ident) for ident in store.waves(session, *states)]
        return (each for each in found if each)

    def _school_hours(self) -> bool:
        trust = self._room.trust
        return open_day(self._room.now(), trust.zone, trust.calendar(None)) is not None

    def _open(self, plan: Plan, about: Collaboration, opening: date, may: bool) -> None:
        told = f"pulse-missed:{plan.wave(opening)}"
        if self._room.outbox.posted(told):
            return
        if not may:
            self._tell(told, plan, about, TOO_LATE.format(day=blocks.day(opening)), opening)
            return
        try:
            self._service.open(plan, opening, self._room.asked(plan.asked), lambda people: self._accounts(list(people)))
        except (MembershipUnknown, SafeShut) as error:
            record_failure(error)
        except TooFewAsked:
            if user := self._room.account(plan.by):
                self._send(told, user, blocks_results.five_tests(about), since=self._dawn(opening))
        except Refusal as refusal:
            self._tell(told, plan, about, str(refusal), opening)

    def _lost(self, wave: Wave) -> None:
        """The key is not where it was put. Where it is not there a week after the wave's last day either, the wave ends
        without a result; whoever planned it is told both times."""
        today, plan = self._service.today(), self._service.plan_of(wave)
        if wave.closes >= today:
            return
        if not self._closing.has_answers(wave.id):
            self._closing.give_up(wave.id)
            return
        until = wave.closes + KEYS_MAY_COME
        if until < today:
            self._closing.give_up(wave.id)
        if plan:
            about = self._service.collaboration(wave.collaboration)
            key, reason = ("pulse-lost", UNREADABLE) if until < today else ("pulse-keys", NO_KEYS)
            self._tell(f"{key}:{wave.id}", plan, about, reason.format(day=blocks.day(until)), wave.closes)

    def _ask(self, wave: Wave, held: Going) -> None:
        """Ask everybody, each once, so many a tick; then the key that tokens are made with goes."""
        about, plan = self._service.collaboration(wave.collaboration), self._service.plan_of(wave)
        asked = self._room.outbox.done(f"pulse-ask:{wave.id}:") | self._refused
        waiting = self._accounts([each.person for each in wave.roster if _ask_key(wave, each.person) not in asked])
        for person, user in list(waiting.items())[:AT_ONCE]:
            if not held():
                return
            token = self._closing.token(wave.id, person)
            message = blocks.invitation(wave, about, token, self._room.keeper, plan.channel if plan else "")
            # With other keys than before, what was found of a former life has a token that nobody takes.
            self._send(_ask_key(wave, person), user, message, since=self._since(wave), renew=True)
        if len(waiting) <= AT_ONCE:
            self._closing.everybody_was_asked(wave.id)

    def _remind(self, wave: Wave, held: Going) -> None:
        number, last = reminder_due(self._room.trust.calendar(None), wave, self._service.today())
        if not number or not self._school_hours():
            return
        about = self._service.collaboration(wave.collaboration)
        replied = self._closing.replied(wave.id)
        silent = [member.person for member in wave.roster if member.person not in replied]
        done = self._room.outbox.done(f"pulse-remind:{wave.id}:{number}:") | self._refused
        waiting = [each for each in silent if f"pulse-remind:{wave.id}:{number}:{each}" not in done]
        sent = 0
        for person, user in self._accounts(waiting).items():
            if not held() or sent >= AT_ONCE:
                return
            if not self._may_disturb(person, user):
                continue
            if thread := self._invited(wave, person, user):
                message, since = blocks.reminder(wave, about, last), self._since(wave)
                self._send(f"pulse-remind:{wave.id}:{number}:{person}", user, message, thread, since=since)
                sent += 1

    def _invited(self, wave: Wave, person: str, user: str) -> str | None:
        """The invitation of this person; it is looked for in Slack once where none is known, as after a backup was
        restored."""
        key, outbox = _ask_key(wave, person), self._room.outbox
        found = outbox.posted(key)
        if found or key in self._uninvited:
            return found
        try:
            found = outbox.posted(key, channel=outbox.direct(user), since=self._since(wave))
        except (SlackClientError, OSError, HTTPException) as error:
            if may_have_gone_through(error):
                raise
            record_failure(error)
        if not found:
            self._uninvited.add(key)
        return found

    def _accounts(self, people: list[str]) -> dict[str, str]:
        """The Slack users of these people of a roster who still have an account."""
        trust = self._room.trust
        named = [found for each in people if (found := trust.person(each))]
        known = self._room.people.accounts(named)
        for each in people:
            if each.startswith(UNNAMED) and (user := self._room.account(each)):
                known[each] = user
        return {each: known[each] for each in people if each in known}

    def _since(self, wave: Wave) -> datetime:
        """From when on messages of a wave stand in Slack: the day on which it was to open, which it may have done in
        a former life too."""
        try:
            day = date.fromisoformat(wave.id[-10:])
        except ValueError:
            day = wave.opens
        return self._dawn(day)

    def _dawn(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._room.trust.zone)

    def _send(
        self,
        key: str,
        user: str,
        message: blocks.Message,
        thread: str | None = None,
        *,
        since: datetime,
        renew: bool = False,
    ) -> None:
        """Write to one person. Where Slack is broken everybody waits; what it refuses for good is one person's own."""
        outbox = self._room.outbox
        try:
            outbox.post(key, outbox.direct(user), *message, thread, since=since, renew=renew)
        except (SlackClientError, OSError, HTTPException) as error:
            if may_have_gone_through(error):
                raise
            self._refused.add(key)
            record_failure(error)

    def _may_disturb(self, person: str, user: str) -> bool:
        """Whether it is school time of this person's own school and in his own zone, and he does not rest."""
        now, trust = self._room.now(), self._room.trust
        found = trust.person(person)
        school = found.schools[0] if found and len(found.schools) == 1 else None
        zone = self._zone(user)
        if open_day(now, zone, trust.calendar(school)) is None:
            return False
        return now.astimezone(zone).hour >= WAITS_UNTIL or not self._room.presence.resting(user, now)

    def _zone(self, user: str) -> ZoneInfo:
        now = self._room.now()
        kept = self._zones.get(user)
        if kept is None or not now - KNOWN_FOR < kept[0] <= now:
            kept = now, self._room.presence.zone(user) or self._room.trust.zone
            self._zones[user] = kept
        return kept[1]

    def _show(self, wave: Wave) -> None:
        """Post a wave's results where they go, then keep no record of who was written to."""
        results, plan = self._service.results(wave.id), self._service.plan_of(wave)
        channel = plan.channel if plan else ""
        try:
            if channel:
                self._post(results, channel)
        except SlackApiError as error:
            if error.response.get("error") not in NOT_THERE or plan is None:
                raise
            self._tell(f"pulse-unshown:{wave.id}", plan, results.collaboration, NO_CHANNEL, wave.closes)
        with Session(self._engine) as session, session.begin():
            store.mark_shown(session, wave.id)
        for kind in ("ask", "remind"):
            self._room.outbox.forget(f"pulse-{kind}:{wave.id}:")

    def _post(self, results: Results, channel: str) -> None:
        outbox, ident = self._room.outbox, results.wave.id
        since = self._since(results.wave)
        thread = outbox.post(f"pulse-results:{ident}", channel, *blocks_results.headline(results), since=since)
        if results.figures is None:
            return
        name, statements = results.collaboration.name, results.wave.statements
        drawn = picture.png(name, statements, results.waves)
        alt = picture.alt_text(name, statements, results.waves)
        title = f"Pulse: {name}"
        outbox.upload(f"pulse-picture:{ident}", channel, f"pulse-{ident}.png", drawn, title, alt=alt, since=since)
        outbox.post(f"pulse-table:{ident}", channel, *blocks_results.table(results), thread, since=since)
        if quotes := self._talk(results):
            outbox.post(f"pulse-talk:{ident}", channel, *blocks_results.talk(results, quotes), thread, since=since)
        if results.publication.comments:
            outbox.post(f"pulse-comments:{ident}", channel, *blocks_results.comments(results), thread, since=since)

    def _talk(self, results: Results) -> list[Citation]:
        """What the framework says of the weakest test, quoted."""
        reader = Reader.of({EVERYONE_PRINCIPAL})
        found: dict[str, Citation] = {}
        for test in weakest(results.tests):
            for question in (f"What is the test of {test.name}?", f"What should partners ask about {test.name}?"):
                for each in self._room.talk(question, reader).citations:
                    if each.document.source.startswith(SOURCE) and test.name in each.quote:
                        found.setdefault(each.quote, each)
        return list(found.values())

    def _tell(self, key: str, plan: Plan, about: Collaboration, reason: str, day: date) -> None:
        user = self._room.account(plan.by)
        if user:
            self._send(key, user, blocks_results.missed(about, reason), since=self._dawn(day))


def reminder_days(days: int) -> tuple[int, ...]:
    """On which school days after the first of a wave of so many its reminders go: two at most, never on the last."""
    first, last = days // 2, days - 2
    return (first,) if last <= first else (first, last)


def reminder_due(calendar: SchoolCalendar, wave: Wave, today: date) -> tuple[int, bool]:
    """Which reminder of a wave is due on this day, from 1 (0: none), and whether it is the last."""
    days = reminder_days(_school_days(calendar, wave.opens, wave.closes))
    gone = _school_days(calendar, wave.opens, today) - 1
    number = sum(1 for day in days if gone >= day)
    return number, number == len(days)


def _school_days(calendar: SchoolCalendar, first: date, last: date) -> int:
    span = (first + timedelta(days=count) for count in range((last - first).days + 1))
    return sum(1 for day in span if calendar.is_school_day(day))


def _ask_key(wave: Wave, person: str) -> str:
    return f"pulse-ask:{wave.id}:{person}"
