"""The bot in a Slack workspace: its rooms on one ground, its clock and its line to Slack."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from time import monotonic

from sqlalchemy import Engine

from bot.ask.answer_router import first_of
from bot.composition.rooms import Ground, Offers, open_ask, open_privacy, open_standard_answers, open_trust_rooms
from bot.config.settings import Settings
from bot.config.trust import CurrentTrust, Trust
from bot.errors import Refusal
from bot.guides import slack as guides
from bot.home.slack import HomeListeners
from bot.privacy.audit import Audit
from bot.runtime.inbox import Inbox
from bot.runtime.scheduler import Clock
from bot.runtime.spool import Spool
from bot.slack.acknowledging import ACK_SECONDS
from bot.slack.connection import HttpLine, Listeners, SocketLine, bolt_app
from bot.slack.messages.outbox import Outbox, posting_client, reading_client
from bot.slack.notices import Notices, tell_of_clock
from bot.slack.people.people import KEPT_SECONDS, People
from bot.slack.slack_time import SlackTime
from bot.standard.service import StandardService
from bot.trust.live import steady
from knowledge.library.library import Library
from knowledge.masking.pupil_names import Masker
from knowledge.pipeline import Answerer

NO_TOKENS = (
    "Trustbot has no way into Slack. Set SLACK_BOT_TOKEN, and SLACK_APP_TOKEN for Socket Mode or "
    "SLACK_SIGNING_SECRET for HTTP. The README says where each is found."
)

log = logging.getLogger(__name__)


class Trustbot:
    """A bot that can be started once and stopped once. One to a process: the durable engine is."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        answerer: Answerer,
        library: Library,
        trust: CurrentTrust | None,
        now: Callable[[], datetime],
        *,
        http_port: int | None = None,
        membership_seconds: float = KEPT_SECONDS,
        ticking: bool = True,
        ack_seconds: float = ACK_SECONDS,
    ) -> None:
        if not settings.bot_token or not (settings.app_token or settings.signing_secret):
            raise Refusal(NO_TOKENS)
        self._trust = trust
        self.time = SlackTime(settings.bot_token, settings.slack_api_url, now)
        if not self.time.confirm():
            log.warning("Slack does not say what time it is; this machine's clock is believed until it does.")
        now = self.time.now
        reading = reading_client(settings.bot_token, settings.slack_api_url)

        def within() -> AbstractContextManager[None]:
            """By the trust as it is now: each event, each press of a button, each tick of the clock."""
            return steady(trust, fading=True)

        spool = Spool(settings.home / "spool")
        self._inbox = Inbox(engine, settings.durable_database, now, spool=spool, within=within)
        self._listeners, self._workers = Listeners("listener", within), Listeners("worker", within)
        app = self.app = bolt_app(reading, settings.signing_secret, self._listeners, self._workers, ack_seconds)
        self.people = People(reading, trust, monotonic, membership_seconds)
        self.outbox = Outbox(engine, reading, posting_client(settings.bot_token, settings.slack_api_url), now)
        ground = Ground(
            settings,
            settings.bot_token,
            engine,
            answerer,
            library,
            now,
            app,
            self._inbox,
            self.outbox,
            reading,
            self.people,
            Masker((lambda: trust.latest.staff) if trust else ()),
            Audit(engine, now),
            lambda user: home.publish(user),
            trust,
        )
        offers = Offers()
        self._records = open_trust_rooms(ground, trust, offers) if trust else None
        standards = StandardService(engine, library, library.encoder, trust, now) if trust else None
        if standards:
            offers.records = first_of(standards.answer, offers.records)
        asking, command = open_ask(ground, offers)
        open_privacy(ground, trust, offers)
        if standards:
            open_standard_answers(ground, asking, standards, offers)
        offers.words["guide"] = guides.command
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

        self.words = frozenset({"ask", *offers.words})
        if trust:
            notices = Notices(engine, self.outbox, self.people, trust, now)
            offers.ticks["time"] = partial(tell_of_clock, self.time, notices)
        self.clock = Clock(offers.ticks, within=within, known=self.time.confirm)
        self._ticking = ticking
        self.line: SocketLine | HttpLine = (
            SocketLine(app, settings.app_token)
            if settings.app_token
            else HttpLine(app, settings.http_address[0], settings.http_address[1] if http_port is None else http_port)
        )

    @property
    def trust(self) -> Trust | None:
        """The trust as it is now; None where there is no trust file."""
        return self._trust.present if self._trust else None

    def start(self) -> None:
        """Take up what was left unanswered, and listen to Slack; a Refusal where Slack does not let it."""
        if self._records:
            self._records.file_all()
        self.people.start()
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
        self._workers.shutdown(wait=True)
        self._inbox.stop()
        if self._records:
            self._records.readers.close()
