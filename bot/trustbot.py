"""The bot in a Slack workspace: the rooms, wired to each other and to Slack."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from time import monotonic

from sqlalchemy import Engine

from bot.ask.jobs import AskJobs
from bot.ask.service import AskService, no_records
from bot.ask.slack import AskListeners
from bot.clock import Clock
from bot.connection import LISTENERS, HttpLine, SocketLine, bolt_app
from bot.durable import Inbox
from bot.errors import Refusal
from bot.files import Files
from bot.home.blocks import guidance
from bot.home.slack import HomeListeners, nothing_more
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
from bot.settings import Settings
from bot.streams import Streams
from bot.trust import Trust
from knowledge.answer import Answerer
from knowledge.library import Library

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
        reading = reading_client(settings.bot_token, settings.slack_api_url)
        outbox = Outbox(engine, reading, posting_client(settings.bot_token, settings.slack_api_url), now)
        self._inbox = Inbox(engine, settings.durable_database, now)
        self._listeners = ThreadPoolExecutor(LISTENERS, thread_name_prefix="listener")
        app = bolt_app(reading, settings.signing_secret, self._listeners)

        people = People(reading, trust, monotonic, membership_seconds)
        meetings: MeetingListeners | None = None
        records = no_records
        ticks: dict[str, Callable[[], object]] = {}
        self._records: MeetingService | None = None
        if trust is not None:
            room = Room(
                trust, MeetingService(engine, trust, now, library), people, self._inbox, outbox,
                Files(reading, settings.bot_token), reading, now, lambda user: home.publish(user),
            )  # fmt: skip
            meetings, meeting_jobs = MeetingListeners(room), MeetingJobs(room)
            meetings.register(app)
            self._inbox.handle(meeting_jobs.handlers(), meeting_jobs.failed)
            self._inbox.handle(RecordJobs(room).handlers(), meeting_jobs.failed)
            records = room.answer
            followup = FollowUp(
                engine, room.service.bodies, people, Presence(reading), outbox, now, blocks_reminders.reminder
            )
            ticks |= {"follow-up": followup.tick, "library": meeting_jobs.from_library}
            self._records = room.service
        asking = AskService(engine, answerer, library, now, records)
        streams = Streams(engine, outbox, settings.bot_token, settings.slack_api_url, now, monotonic)
        jobs = AskJobs(asking, people, outbox, streams, guidance)
        self._inbox.handle(jobs.handlers(), jobs.failed)
        ask = AskListeners(self._inbox, asking, people)
        ask.register(app)
        home = HomeListeners(
            people,
            asking,
            {"ask": ask.command},
            meetings.words() if meetings else {},
            meetings.home if meetings else nothing_more,
            reading,
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
