"""The clock's side of the digest: each tick posts what is due and not posted, whole and once."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.client import HTTPException

from slack_sdk.errors import SlackClientError
from sqlalchemy import Engine

from bot.digest import blocks
from bot.digest.chart import caption as words_of_chart
from bot.digest.chart import drawing as chart
from bot.digest.model import Digest, Setup
from bot.digest.service import DigestService
from bot.digest.store import Begun
from bot.errors import Refusal
from bot.runtime.failures import record_failure
from bot.runtime.scheduler import alone
from bot.slack.channels import Channels
from bot.slack.messages.outbox import Outbox, may_have_gone_through
from bot.slack.notices import Notices
from bot.slack.people.people import MembershipUnknown, People
from knowledge.passages import Reader

# The follow-up holds the clock's lock number 0 for all of its tick.
CLOCK = 2
FRESH = timedelta(minutes=5)
IN_FLIGHT = timedelta(seconds=30)
HELD_BACK = timedelta(minutes=10)
GIVEN_UP = timedelta(weeks=1)
WAITS, PAUSE = 40, 0.25
log = logging.getLogger(__name__)
NO_CHANNEL = "Trustbot is not in #{channel}. Invite it there with `/invite @Trustbot`, then try again."
UNKNOWN = "Slack did not say who is in #{channel}, so nothing was posted. Try again in a few minutes."
BUSY = "A digest is being posted just now. Try again in a minute."
POSTED = "The digest is in #{channel}. It counts as this week's; the next one comes {next}."


class DigestJobs:
    """Posts digests. What is due follows from the trust file, the calendar and what was begun; so a tick may be killed,
    missed or run twice."""

    def __init__(
        self,
        engine: Engine,
        service: DigestService,
        people: People,
        outbox: Outbox,
        now: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        self._service = service
        self._people = people
        self._outbox = outbox
        self._now = now
        self._channels = Channels(engine, people)
        self._notices = Notices(engine, outbox, people, service.current, now)
        self._failed: dict[str, datetime] = {}

    def tick(self) -> int | None:
        """Post what is due now; returns how many were, None where another process does it."""
        if not self._service.trust.digests:
            return 0
        with alone(self._engine, CLOCK) as held:
            return self._tick(held) if held else None

    def post_now(self, setup: Setup) -> str:
        """Post this week's digest now; returns the sentence for whoever wants it. A Refusal where it cannot be."""
        for _ in range(WAITS):
            with alone(self._engine, CLOCK) as held:
                if held:
                    return self._post_now(setup)
            time.sleep(PAUSE)
        raise Refusal(BUSY)

    def _tick(self, held: Callable[[], bool]) -> int:
        began = self._now()
        for name in self._service.unwatched():
            self._service.carry(self._channels.names_before(name), name)
        self._service.watch()

        def going() -> bool:
            # A machine that slept in between wakes up on another day: what was read then is of yesterday.
            return began <= self._now() < began + FRESH and held()

        count = 0
        for begun in self._service.unfinished():
            if going():
                count += self._apart(begun.channel, lambda begun=begun: self._resume(begun))  # type: ignore[misc]
        for setup in self._service.setups():
            if going():
                count += self._apart(setup.channel, lambda setup=setup: self._due(setup))  # type: ignore[misc]
        return count

    def _due(self, setup: Setup) -> int:
        slot = self._service.due(setup)
        if slot is None:
            return 0
        channel = self._channel(setup.channel)
        reader = self._reader(channel, setup.channel)
        digest = self._service.make(setup, slot, reader)
        return int(self._begin(digest, channel, reader))

    def _post_now(self, setup: Setup) -> str:
        for begun in self._service.unfinished():
            if begun.channel == setup.channel:
                if self._in_flight(begun):
                    raise Refusal(BUSY)
                self._resume(begun)
        if done := self._service.posted_this_week(setup):
            return done
        channel = self._channel(setup.channel)
        reader = self._reader(channel, setup.channel)
        self._begin(self._service.make_now(setup, reader), channel, reader)
        return POSTED.format(channel=setup.channel, next=self._service.next_in_words(setup))

    def _begin(self, digest: Digest, channel: str, reader: Reader) -> bool:
        """Post a digest that was just made, unless one was begun under its key or somebody came to the channel."""
        if self._there(channel, digest.channel) != reader:
            raise Refusal(UNKNOWN.format(channel=digest.channel))
        if not self._service.begin(digest):
            return False
        self._post(digest, channel)
        return True

    def _resume(self, begun: Begun) -> int:
        """End what a process began that did not live to end it: with its overview in Slack the rest follows, as far as
        everybody there may still read it; without, it is planned anew."""
        if self._in_flight(begun):
            return 0
        since = self._service.began(begun.digest.monday) if begun.digest else None
        thread = self._outbox.posted(begun.key, since=since)
        if thread is None:
            self._service.forget(begun.key)
            return 0
        channel = self._channels.find(begun.channel, self._notices)
        if begun.digest and channel:
            self._post(begun.digest.for_reader(self._reader(channel, begun.channel)), channel)
            return 1
        if begun.began + GIVEN_UP < self._now():
            self._service.finish(begun.key, _stands_since(thread))
        return 0

    def _in_flight(self, begun: Begun) -> bool:
        """Whether a process that lost its hold of the clock may be about to post it."""
        return begun.began <= self._now() < begun.began + IN_FLIGHT

    def _post(self, digest: Digest, channel: str) -> None:
        """All parts, each once under a key of its own."""
        since = self._service.began(digest.monday)
        thread = self._outbox.posted(digest.key, since=since)
        if thread is None:
            # What a clock that was ahead left under these keys is no part of this week's.
            self._outbox.forget(digest.key)
            thread = self._outbox.post(digest.key, channel, *blocks.overview(digest), since=since)
        for number, message in enumerate(blocks.details(digest)):
            self._outbox.post(f"{digest.key}:{number}", channel, *message, thread=thread, since=since)
        if digest.chart:
            name = f"digest-{digest.channel}-{digest.week}.png"
            alt = words_of_chart.alt_text(digest.chart)
            self._outbox.upload(
                f"{digest.key}:chart", channel, name, chart.png(digest.chart), words_of_chart.TITLE, thread, alt,
                since=since,
            )  # fmt: skip
        self._service.finish(digest.key, _stands_since(thread))

    def _channel(self, name: str) -> str:
        found = self._channels.find(name, self._notices)
        if found is None:
            raise Refusal(NO_CHANNEL.format(channel=name))
        return found

    def _reader(self, channel: str, name: str) -> Reader:
        """What everybody who is there now may read."""
        self._people.forget_channel(channel)
        return self._there(channel, name)

    def _there(self, channel: str, name: str) -> Reader:
        try:
            return self._people.channel(channel).reader
        except MembershipUnknown as error:
            raise Refusal(UNKNOWN.format(channel=name)) from error

    def _apart(self, channel: str, post: Callable[[], int]) -> int:
        """Let one channel's failure be its alone. What Slack refuses is tried again some minutes later; where it is
        Slack that fails, at the next tick."""
        now, failed = self._now(), self._failed.get(channel)
        if failed is not None and failed <= now < failed + HELD_BACK:
            return 0
        try:
            return post()
        except Refusal as refusal:
            log.info("a digest waits: %s", refusal)
            return 0
        except (SlackClientError, OSError, HTTPException) as error:
            if not may_have_gone_through(error):
                self._failed[channel] = now
            record_failure(error)
            return 0


def _stands_since(ts: str) -> datetime:
    """When a message came to stand in Slack."""
    return datetime.fromtimestamp(float(ts), UTC)
