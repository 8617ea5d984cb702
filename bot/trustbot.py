"""The bot in a Slack workspace: its rooms on one ground, its clock and its line to Slack."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from time import monotonic

from sqlalchemy import Engine

from bot.ask.finding import first_of
from bot.clock import Clock
from bot.connection import LISTENERS, HttpLine, SocketLine, bolt_app
from bot.durable import Inbox
from bot.errors import Refusal
from bot.home.slack import HomeListeners
from bot.notices import Notices, tell_of_clock
from bot.outbox import Outbox, posting_client, reading_client
from bot.people import KEPT_SECONDS, People
from bot.privacy.audit import Audit
from bot.rooms import Ground, Offers, open_ask, open_privacy, open_standard_answers, open_trust_rooms
from bot.settings import Settings
from bot.slack_time import SlackTime
from bot.standard.service import StandardService
from bot.trust import Trust
from knowledge.answer import Answerer
from knowledge.library import Library
from knowledge.personal import Masker

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
        self.time = SlackTime(settings.bot_token, settings.slack_api_url, now)
        self.time.confirm()
        now = self.time.now
        reading = reading_client(settings.bot_token, settings.slack_api_url)
        self._inbox = Inbox(engine, settings.durable_database, now)
        self._listeners = ThreadPoolExecutor(LISTENERS, thread_name_prefix="listener")
        app = bolt_app(reading, settings.signing_secret, self._listeners)
        ground = Ground(
            settings,
            settings.bot_token,
            engine,
            answerer,
            library,
            now,
            app,
            self._inbox,
            Outbox(engine, reading, posting_client(settings.bot_token, settings.slack_api_url), now),
            reading,
            People(reading, trust, monotonic, membership_seconds),
            Masker(trust.staff if trust else ()),
            Audit(engine, now),
            lambda user: home.publish(user),
        )
        offers = Offers()
        self._records = open_trust_rooms(ground, trust, offers) if trust else None
        standards = StandardService(engine, library, library.encoder, trust, now) if trust else None
        if standards:
            offers.records = first_of(standards.answer, offers.records)
        asking, command = open_ask(ground, offers)
        open_privacy(ground, trust, offers)
        if trust and standards:
            open_standard_answers(ground, trust, asking, standards, offers)
        home = HomeListeners(
            ground.people,
            asking,
            {"ask": command},
            offers.words,
            lambda user: [block for part in offers.homes for block in part(user)],
            reading,
            settings.model,
        )
        home.register(app)
        home.register_rest(app)

        if trust:
            offers.ticks["time"] = partial(
                tell_of_clock, self.time, Notices(engine, ground.outbox, ground.people, trust, now)
            )
        self.clock = Clock(offers.ticks, known=self.time.confirm)
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
