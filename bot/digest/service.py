"""The weekly digest for those who use it: made for a reader, set, paused and resumed, and what is due."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time

from pydantic import ValidationError
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.config.trust import CurrentTrust, Person, Trust, Weekday, WeeklyDigest
from bot.digest import schedule as weeks
from bot.digest import store
from bot.digest.content.compose import Edition, Scope, compose
from bot.digest.content.gather import calendar_of, gather
from bot.digest.content.matching import Encode
from bot.digest.content.words import Summarise
from bot.digest.model import Digest, Headlines, Setup, key_of, no_headlines
from bot.digest.schedule import LATE, WEEK, Slot
from bot.digest.store import Begun, Changes
from bot.errors import Refusal
from bot.meetings.service import MeetingService
from knowledge.passages import Reader
from knowledge.safety.check import AtRisk
from knowledge.safety.patterns import child_at_risk

OF_THE_TRUST = ("chief-executive", "executive", "administrator")
NO_DIGEST = (
    "{channel} has no weekly digest. Whoever keeps the trust file adds it under `digests:`. There is one in: {all}."
)
NOT_YOURS = (
    "The executive, or whoever administers Trustbot, changes this digest; a head changes that of their own school's "
    "channel."
)
DONE = "This week's digest is in #{channel} already. The next one comes {next}."


class DigestService:
    """Digests over the records of meetings. `encode` puts words that speak of the same thing together (without it only
    shared words do), `summarise` writes lines that are checked (without it all lines are the schools' own words).
    What is `at_risk` is repeated nowhere."""

    def __init__(
        self,
        engine: Engine,
        meetings: MeetingService,
        now: Callable[[], datetime],
        headlines: Headlines = no_headlines,
        encode: Encode | None = None,
        summarise: Summarise | None = None,
        at_risk: AtRisk = child_at_risk,
    ) -> None:
        self._engine = engine
        self._meetings = meetings
        self._now = now
        self._headlines = headlines
        self._encode = encode
        self._summarise = summarise
        self._at_risk = at_risk

    @property
    def trust(self) -> Trust:
        """The trust."""
        return self._meetings.bodies.trust

    @property
    def current(self) -> CurrentTrust:
        """Where the trust comes from: for what is to follow it."""
        return self._meetings.bodies.current

    def setups(self) -> list[Setup]:
        """Every channel's digest as it is set now."""
        return [self._setup(each) for each in self.trust.digests]

    def setup(self, channel: str) -> Setup:
        """How this channel's digest is set; a Refusal where it has none."""
        name = channel.strip().lstrip("#")
        found = next((each for each in self.trust.digests if each.channel == name), None)
        if found is None:
            there = ", ".join(f"#{each.channel}" for each in self.trust.digests) or "no channel"
            raise Refusal(NO_DIGEST.format(channel=f"#{name}" if name else "This conversation", all=there))
        return self._setup(found)

    def unwatched(self) -> list[str]:
        """The channels that the trust file lists and that were not looked at yet."""
        with Session(self._engine) as session:
            return [each.channel for each in self.trust.digests if store.changes(session, each.channel) is None]

    def carry(self, before: Sequence[str], channel: str) -> None:
        """Go on under this name with a channel that the trust file named otherwise before."""
        listed = {each.channel for each in self.trust.digests}
        with Session(self._engine) as session, session.begin():
            for old in before:
                if old not in listed and store.changes(session, channel) is None:
                    store.rename(session, old, channel)

    def watch(self) -> None:
        """Begin to post what the trust file lists: what was due before this first happened is not caught up."""
        for each in self.trust.digests:
            with Session(self._engine) as session, session.begin():
                changed = store.changes(session, each.channel)
                if changed is None:
                    store.put_changes(session, Changes(each.channel, self._now()))
                elif changed.since > self._now() + store.SOON:
                    # The clock was ahead when this was kept.
                    store.put_changes(session, replace(changed, since=self._now()))

    def due(self, setup: Setup) -> Slot | None:
        """The slot of this channel that is to be posted now; None where nothing is due or it was begun already."""
        slot = weeks.due(setup, self._now(), calendar_of(self._meetings.bodies, setup), self.trust.zone)
        if slot is None:
            return None
        with Session(self._engine) as session:
            last = store.last_until(session, setup.channel, self._now())
            begun = store.is_begun(session, key_of(setup.channel, slot.week), self.began(slot.monday))
        return None if begun or (last and last >= slot.at) else slot

    def make(self, setup: Setup, slot: Slot, reader: Reader) -> Digest:
        """The digest of a slot that is due."""
        late = self._now() > slot.at + LATE
        return self._digest(setup, slot, slot.at, reader, late=late)

    def make_now(self, setup: Setup, reader: Reader) -> Digest:
        """The digest of this week as it would be if it were posted now."""
        now = self._now()
        return self._digest(setup, self._this_week(setup), now, reader)

    def posted_this_week(self, setup: Setup) -> str | None:
        """The sentence that this week's digest was begun already; None where it is still to come."""
        with Session(self._engine) as session:
            slot = self._this_week(setup)
            begun = store.is_begun(session, key_of(setup.channel, slot.week), self.began(slot.monday))
        return DONE.format(channel=setup.channel, next=self.next_in_words(setup)) if begun else None

    def begin(self, digest: Digest) -> bool:
        """Keep that a digest is being posted; False where another one was begun under its key."""
        try:
            with Session(self._engine) as session, session.begin():
                store.begin(session, digest, self.began(digest.monday), self._now())
        except IntegrityError:
            return False
        return True

    def unfinished(self) -> list[Begun]:
        """What was begun and is not known to be posted whole."""
        with Session(self._engine) as session:
            return store.unfinished(session)

    def began(self, monday: date) -> datetime:
        """When the week of this Monday began: its digest stands in Slack no earlier."""
        return datetime.combine(monday, time(), self.trust.zone)

    def finish(self, key: str, posted: datetime | None = None) -> None:
        """It is posted whole, since then by Slack's clock, else now."""
        with Session(self._engine) as session, session.begin():
            store.finish(session, key, posted or self._now())

    def forget(self, key: str) -> None:
        """It is not posted at all: plan it anew."""
        with Session(self._engine) as session, session.begin():
            store.forget(session, key)

    def pause(self, channel: str, by: str) -> Setup:
        """Post nothing there until it is resumed."""
        return self._change(channel, by, lambda old: replace(old, paused=True))

    def resume(self, channel: str, by: str) -> Setup:
        """Post there again, from now on."""
        return self._change(channel, by, lambda old: replace(old, paused=False, since=self._now()))

    def choose_items(self, channel: str, by: str, items: Sequence[str]) -> Setup:
        """Speak of these standard items only, by id or name; of all of them where none is named."""
        known = {name.casefold(): ident for ident, name, _ in self._meetings.planning.items}
        known |= {ident.casefold(): ident for ident, _, _ in self._meetings.planning.items}
        wanted = [each.strip().casefold() for each in items if each.strip()]
        if unknown := [each for each in wanted if each not in known]:
            names = ", ".join(ident for ident, _, _ in self._meetings.planning.items)
            raise Refusal(f"There is no agenda item {unknown[0]!r}. Use some of these, or `all`: {names}.")
        chosen = tuple(dict.fromkeys(known[each] for each in wanted))
        return self._change(channel, by, lambda old: replace(old, items=chosen))

    def move(self, channel: str, by: str, day: Weekday, at: time) -> Setup:
        """Post on another day or at another time, from the next such moment on."""
        try:
            moved = WeeklyDigest(channel=channel, day=day, at=at)
        except ValidationError as error:
            raise Refusal("Digests are posted from 07:45 and before 17:30. Choose a time in between.") from error
        return self._change(
            channel, by, lambda old: replace(old, day=moved.day, at=moved.at, since=self._now())
        )  # fmt: skip

    def may_change(self, setup: Setup, person: Person) -> bool:
        """Whether this person may post and change this digest."""
        if set(person.roles) & set(OF_THE_TRUST):
            return True
        own = {each.id for each in self.trust.schools if each.channel and each.channel.lstrip("#") == setup.channel}
        schools = own or (set(setup.schools) if len(setup.schools) == 1 else set())
        return "headteacher" in person.roles and bool(schools & set(person.schools))

    def changer(self, setup: Setup, by: str) -> Person:
        """The person of this id, who may change this digest; a Refusal for anybody else."""
        person = self._meetings.bodies.person(by)
        if person is None or not self.may_change(setup, person):
            raise Refusal(NOT_YOURS)
        return person

    def next_in_words(self, setup: Setup) -> str:
        """When the next one comes."""
        if setup.paused:
            return "when it is resumed"
        calendar = calendar_of(self._meetings.bodies, setup)
        found = weeks.next_slot(setup, self._now(), calendar, self.trust.zone)
        if found is None:
            return "when the next term dates are known"
        return f"on {found.at:%A} {found.at.day} {found.at:%B} at {found.at:%H:%M}"

    def scope(self, setup: Setup) -> Scope:
        """What a channel's digest speaks of."""
        trust, bodies = self.trust, self._meetings.bodies
        names = {each.id: min((each.name, *each.also), key=len) for each in trust.schools}
        schools = tuple((ident, name) for ident, name in names.items() if not setup.schools or ident in setup.schools)
        items = tuple((ident, name) for ident, name, _ in self._meetings.planning.items
                      if not setup.items or ident in setup.items)  # fmt: skip
        here = frozenset(body.key for body in bodies.all() if (body.channel or "").lstrip("#") == setup.channel)
        return Scope(setup.channel, trust.name, schools, items, here, not setup.schools, names)

    def _digest(self, setup: Setup, slot: Slot, until: datetime, reader: Reader, *, late: bool = False) -> Digest:
        since = self._since(setup, slot, until)
        material = gather(self._meetings, self._headlines, reader, setup, since, until)
        today = self._now().astimezone(self.trust.zone).date()
        edition = Edition(slot, since, until.astimezone(self.trust.zone), today, late)
        seen = material.seen_by(reader)
        return compose(seen, self.scope(setup), edition, self._encode, self._summarise, self._at_risk)

    def _since(self, setup: Setup, slot: Slot, until: datetime) -> datetime:
        """From when a digest speaks: where the one before ended, else the last slot before, for a holiday at most."""
        with Session(self._engine) as session:
            last = store.last_until(session, setup.channel, self._now())
        longest = until - WEEK * weeks.LONGEST_HOLIDAY
        if last and longest <= last < until:
            return last.astimezone(self.trust.zone)
        calendar = calendar_of(self._meetings.bodies, setup)
        before = weeks.slot_before(slot.monday, setup, calendar, self.trust.zone)
        return before.at if before else until - WEEK

    def _this_week(self, setup: Setup) -> Slot:
        calendar, zone = calendar_of(self._meetings.bodies, setup), self.trust.zone
        monday = weeks.monday_of(self._now().astimezone(zone).date())
        found = weeks.slot_of(monday, setup.day, setup.at, calendar, zone)
        return found or Slot(monday, self._now(), after_holiday=False)

    def _setup(self, listed: WeeklyDigest) -> Setup:
        with Session(self._engine) as session:
            changed = store.changes(session, listed.channel)
        setup = Setup(listed.channel, listed.day, listed.at, listed.schools, listed.items)
        if changed is None:
            return setup
        return replace(
            setup, paused=changed.paused, since=changed.since, day=changed.day or setup.day, at=changed.at or setup.at,
            items=setup.items if changed.items is None else changed.items,
        )  # fmt: skip

    def _change(self, channel: str, by: str, change: Callable[[Changes], Changes]) -> Setup:
        setup = self.setup(channel)
        person = self.changer(setup, by)
        with Session(self._engine) as session, session.begin():
            old = store.changes(session, setup.channel) or Changes(setup.channel, self._now())
            store.put_changes(session, replace(change(old), by=person.id))
        return self.setup(channel)
