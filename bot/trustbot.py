"""The bot in a Slack workspace: the rooms, wired to each other and to Slack."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from time import monotonic

from sqlalchemy import Engine

from bot.ask.jobs import AskJobs
from bot.ask.service import AskService, Records, first_of, masked_records, no_records
from bot.ask.slack import AskListeners
from bot.clock import Clock, in_one_process
from bot.connection import LISTENERS, HttpLine, SocketLine, bolt_app
from bot.digest.jobs import DigestJobs
from bot.digest.pulses import headlines_of
from bot.digest.service import DigestService
from bot.digest.slack import DigestListeners
from bot.digest.slack_jobs import DigestDesk
from bot.digest.written import summarised_by
from bot.durable import Inbox
from bot.errors import Refusal
from bot.files import Files
from bot.home.blocks import guidance
from bot.home.slack import HomeListeners, Word
from bot.insights.service import InsightService
from bot.insights.slack import InsightListeners
from bot.kit import Block
from bot.meetings import blocks_reminders
from bot.meetings.jobs import FollowUp
from bot.meetings.room import Room
from bot.meetings.service import MeetingService
from bot.meetings.slack import MeetingListeners
from bot.meetings.slack_jobs import MeetingJobs
from bot.meetings.slack_record_jobs import RecordJobs
from bot.outbox import Outbox, posting_client, reading_client
from bot.people import KEPT_SECONDS, People
from bot.presence import Presence
from bot.privacy.audit import Audit
from bot.privacy.facts import facts
from bot.privacy.mydata import MyData
from bot.privacy.retention import Purge
from bot.privacy.slack import PrivacyListeners
from bot.pulse.jobs import PulseJobs
from bot.pulse.room import Room as PulseRoom
from bot.pulse.sealing import Keys
from bot.pulse.service import PulseService
from bot.pulse.slack import PulseListeners
from bot.settings import Settings
from bot.standard.service import StandardService
from bot.standard.slack import StandardListeners
from bot.streams import Streams
from bot.trust import Retention, Trust
from knowledge.answer import Answerer
from knowledge.library import Library
from knowledge.personal import Masker
from knowledge.written.pointing import pointer

PURGE_LOCK, STANDARD_LOCK = 6, 7
HTTP_HOST, HTTP_PORT = "127.0.0.1", 3000
NO_TOKENS = (
    "Trustbot has no way into Slack. Set SLACK_BOT_TOKEN, and SLACK_APP_TOKEN for Socket Mode or "
    "SLACK_SIGNING_SECRET for HTTP. The README says where each is found."
)


class Trustbot:
    """A bot that can be started once and stopped once. One to a process: the durable engine is."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        answerer: Answerer,
        library: Library,
        trust: Trust | None,
        now: Callable[[], datetime],
        *,
        http_port: int = HTTP_PORT,
        membership_seconds: float = KEPT_SECONDS,
        ticking: bool = True,
    ) -> None:
        if not settings.bot_token or not (settings.app_token or settings.signing_secret):
            raise Refusal(NO_TOKENS)
        self.trust = trust
        reading = reading_client(settings.bot_token, settings.slack_api_url)
        outbox = Outbox(engine, reading, posting_client(settings.bot_token, settings.slack_api_url), now)
        self._inbox = Inbox(engine, settings.durable_database, now)
        self._listeners = ThreadPoolExecutor(LISTENERS, thread_name_prefix="listener")
        app = bolt_app(reading, settings.signing_secret, self._listeners)

        people = People(reading, trust, monotonic, membership_seconds)
        rooms: list[MeetingListeners | PulseListeners | DigestListeners] = []
        homes: list[Callable[[str], Sequence[Block]]] = []
        records: Records = no_records
        about: Records = no_records
        ticks: dict[str, Callable[[], object]] = {}
        self._records: MeetingService | None = None
        masker = Masker(trust.staff if trust else ())
        audit = Audit(engine, now)
        point = pointer(answerer.writer, masker.short) if answerer.writer else None
        if trust is not None:
            room = Room(
                trust, MeetingService(engine, trust, now, library, point), people, self._inbox, outbox,
                Files(reading, settings.bot_token), reading, now, lambda user: home.publish(user),
            )  # fmt: skip
            meetings, meeting_jobs = MeetingListeners(room), MeetingJobs(room)
            meetings.register(app)
            rooms.append(meetings)
            homes.append(meetings.home)
            self._inbox.handle(meeting_jobs.handlers(), meeting_jobs.failed)
            self._inbox.handle(RecordJobs(room).handlers(), meeting_jobs.failed)
            discreet = lambda words: masker.question(words, typed=False)  # noqa: E731
            about = masked_records(room.about, discreet)
            followup = FollowUp(
                engine, room.service.bodies, people, Presence(reading), outbox, now, blocks_reminders.reminder
            )
            ticks |= {"follow-up": followup.tick, "library": meeting_jobs.from_library}
            self._records = room.service
            keys = Keys(settings.pulse_keys)
            pulse_room = PulseRoom(
                trust, PulseService(engine, keys, trust, now), people, outbox, Presence(reading), reading, now,
                lambda user: home.publish(user), answerer.answer, settings.keeper,
            )  # fmt: skip
            records = masked_records(first_of(room.answer, pulse_room.answer), discreet)
            pulse = PulseListeners(pulse_room)
            pulse.register(app)
            rooms.append(pulse)
            homes.append(pulse.home)
            ticks |= {"pulse": PulseJobs(pulse_room, engine, keys).tick}

            summarise = summarised_by(answerer.writer, masker.short) if answerer.writer else None
            digests = DigestService(
                engine, room.service, now, headlines_of(pulse_room.service), library.encode, summarise
            )
            digest_jobs = DigestJobs(engine, digests, people, outbox, now)
            digest, desk = DigestListeners(room, digests), DigestDesk(room, digests, digest_jobs)
            digest.register(app)
            rooms.append(digest)
            self._inbox.handle(desk.handlers(), desk.failed)
            ticks |= {"digest": digest_jobs.tick}
        standards = StandardService(engine, library, library.encoder, trust, now) if trust else None
        if standards is not None:
            records = first_of(standards.answer, records)
        asking = AskService(engine, answerer, library, now, records, audit.seen, about)
        streams = Streams(engine, outbox, settings.bot_token, settings.slack_api_url, now, monotonic)
        jobs = AskJobs(asking, people, outbox, streams, lambda: guidance(settings.model))
        self._inbox.handle(jobs.handlers(), jobs.failed)
        ask = AskListeners(self._inbox, asking, people, masker.question)
        ask.register(app)
        words: dict[str, Word] = {}
        privacy = PrivacyListeners(
            facts(settings, trust, library.encoder.name),
            MyData(engine, now),
            audit,
            people,
            self._inbox,
            outbox,
            reading,
        )
        privacy.register(app)
        self._inbox.handle(privacy.handlers(), privacy.failed)
        words |= {"privacy": privacy.privacy, "mydata": privacy.mydata}
        purge = Purge(engine, trust.retention if trust else Retention(), now, library, self._inbox.forget)
        ticks["purge"] = in_one_process(engine, PURGE_LOCK, purge.tick)
        if trust is not None and standards is not None:
            insights = InsightListeners(
                InsightService(engine, library, library.encoder, masker, now), people, self._inbox, outbox,
                lambda user, what: audit.seen(user, what, "", ()),
            )  # fmt: skip
            self._inbox.handle(insights.handlers(), insights.failed)
            standard = StandardListeners(standards, asking, people, trust, outbox, reading, now)
            standard.register(app)
            ticks["standard answers"] = in_one_process(engine, STANDARD_LOCK, standard.tick)
            words |= {"insights": insights.command, "standard": standard.command}
        home = HomeListeners(
            people,
            asking,
            {"ask": ask.command},
            {word: handler for each in rooms for word, handler in each.words().items()} | words,
            lambda user: [block for part in homes for block in part(user)],
            reading,
            settings.model,
        )
        home.register(app)
        home.register_rest(app)

        self.clock = Clock(ticks)
        self._ticking = ticking
        self.line: SocketLine | HttpLine = (
            SocketLine(app, settings.app_token) if settings.app_token else HttpLine(app, HTTP_HOST, http_port)
        )

    def start(self) -> None:
        """Take up what was left unanswered, and listen to Slack; a Refusal where Slack does not let it."""
        if self._records:
            self._records.file_all()
        self._inbox.launch()
        try:
            self.line.start()
        except Refusal:
            self.stop()
            raise
        if self._ticking:
            self.clock.start()

    def stop(self) -> None:
        """Hear nothing more, finish what is under way, and stop."""
        self.clock.stop()
        self.line.stop()
        self._listeners.shutdown(wait=True)
        self._inbox.stop()
