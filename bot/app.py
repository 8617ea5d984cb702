"""The composition root: Settings in, what answers out; nothing is constructed anywhere else."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from bot.ask.questions import Questions
from bot.composition.services import Services
from bot.config import trust as trust_file
from bot.config.private_home import keep_private
from bot.config.settings import Settings
from bot.config.trust import CurrentTrust, Retention, Trust
from bot.errors import Refusal
from bot.runtime import db
from bot.runtime.failures import disk_full, write_log
from bot.runtime.model_ledger import Ledger
from bot.trust import opening
from bot.trust.file import TrustFile
from bot.trust.live import LiveTrust, steady
from bot.trust.opening import database, live_trust
from ingest.sync.framework import put_framework
from knowledge.answer.retrieve import Search
from knowledge.embedding import encoder as embed
from knowledge.library.library import Index, Library, Status
from knowledge.llm.providers import ModelUnusable, connect
from knowledge.llm.writer import Writer
from knowledge.passages import Names
from knowledge.pipeline import Answerer
from knowledge.safety import check
from knowledge.safety.weights import WeightsDamaged

if TYPE_CHECKING:
    from bot.digest.model import Digest
    from bot.library.intake import Intake
    from bot.meetings.service import MeetingService
    from bot.pulse.service import PulseService
    from bot.slack.trustbot import Trustbot
    from bot.trust.versions import Version
    from ingest.minutes import ActionDetector
    from knowledge.index.chroma.index import ChromaIndex

log = logging.getLogger(__name__)
ZONE = ZoneInfo("Europe/London")
WAIT_SECONDS = 0.5
NO_TOKENS = (
    "Trustbot has no way into Slack. Set SLACK_BOT_TOKEN, and SLACK_APP_TOKEN for Socket Mode or "
    "SLACK_SIGNING_SECRET for HTTP. The README says where each is found."
)
NO_DIGESTS = "Meetings need a trust file that says who is who and which bodies meet."
NOT_WHOLE = (
    "The part of Trustbot that recognises a child at risk is missing or damaged, and it answers nothing without it. "
    "Install Trustbot again."
)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What answers without Slack: one library and the verbs over it."""

    trust: LiveTrust | None
    engine: Engine
    library: Library
    answerer: Answerer
    questions: Questions
    services: Services
    now: Callable[[], datetime]


@contextmanager
def knowledge(
    settings: Settings,
    index: Callable[[Engine, embed.Encoder], Index] | None = None,
    clock: Callable[[tzinfo], datetime] = datetime.now,
    *,
    behind: bool = False,
) -> Iterator[Knowledge]:
    """The library of these settings, with the framework in it; searched exactly unless an index is given.

    `clock` says the time in a zone. A Refusal where the trust file, the encoder or the database is not as it should
    be; with `behind`, a trust file that has missed the version in force is left alone, and that version gone by.
    """
    if settings.trust_file.exists():
        trust_file.load(settings.trust_file)
    trust: LiveTrust | None = None

    def now() -> datetime:
        return clock(trust.latest.zone if trust else ZONE)

    def today() -> date:
        return now().date()

    keep_private(settings.home)
    try:
        encoder = embed.load(settings.embedding_model, settings.encoder_cache)
        safety = check.load(encoder, settings.encoder_cache)
    except embed.UnknownModel as error:
        raise Refusal(str(error)) from error
    except WeightsDamaged as error:
        raise Refusal(NOT_WHOLE) from error
    except OSError as error:
        raise Refusal(
            f"The folder {settings.home} cannot be written to: {(error.strerror or 'no reason is given').lower()}. Set "
            "TRUSTBOT_HOME to a folder that you may write to, on a disk with room."
        ) from error
    engine = db.make_engine(settings.database)
    try:
        db.upgrade(engine)
        trust = live_trust(settings, engine, clock, behind=behind)
        library = Library(engine, encoder, index(engine, encoder) if index else None)
        put_framework(library)
        search = Search(library, encoder, (lambda: trust.present.names) if trust else Names(), today)
        answerer = Answerer(search, writer(settings, engine, now), safety)
        services = Services(settings, engine, trust, now, answerer, library)
        questions = Questions(services.answers, search, trust)
        yield Knowledge(trust, engine, library, answerer, questions, services, now)
    finally:
        engine.dispose()


def writer(settings: Settings, engine: Engine, now: Callable[[], datetime]) -> Writer | None:
    """What writes answers with the model of these settings, within its budget; None where no model is set."""
    if settings.model is None:
        return None
    ledger = Ledger(engine, now, settings.model_budget, settings.model_prices)
    try:
        model = connect(settings.model, settings.model_url, settings.model_seconds, time.monotonic)
    except ModelUnusable as error:
        raise Refusal(str(error)) from error
    return Writer(model, ledger.allows, ledger.note)


@contextmanager
def pointing(settings: Settings) -> Iterator[ActionDetector | None]:
    """What points at actions in minutes with the model of these settings; None where no model is set."""
    from knowledge.llm.action_detector import action_detector
    from knowledge.masking.pupil_names import Masker

    if settings.model is None:
        yield None
        return
    with kept(settings) as (engine, trust, now):
        written = writer(settings, engine, now)
        yield action_detector(written, Masker(trust.staff if trust else ()).short) if written else None


def intake(settings: Settings, known: Knowledge) -> Intake:
    """What brings this library level with files; apart, because a question need not wait for the readers to load."""
    from bot.library.intake import Intake

    return Intake(known.library, known.trust, settings.home, known.engine)


@contextmanager
def records(settings: Settings) -> Iterator[MeetingService]:
    """The records of meetings without the library: to list them. A Refusal where there is no trust file."""
    with _of_trust(settings, "Meetings need a trust file that says who is who and which bodies meet.") as services:
        yield services.meetings


@contextmanager
def pulses(settings: Settings) -> Iterator[PulseService]:
    """The pulses without Slack. A Refusal where there is no trust file."""
    with _of_trust(settings, "Pulses need a trust file that says who is who and when terms are.") as services:
        yield services.pulses


@contextmanager
def _of_trust(settings: Settings, why: str) -> Iterator[Services]:
    """The services that need no library, where there must be a trust file; the Refusal says why."""
    _must_have_trust(settings, why)
    with kept(settings) as (engine, trust, now):
        yield Services(settings, engine, trust, now)


def _must_have_trust(settings: Settings, why: str) -> None:
    if not settings.trust_file.exists():
        raise Refusal(f"{why} See the README.")


@contextmanager
def kept(settings: Settings) -> Iterator[tuple[Engine, Trust | None, Callable[[], datetime]]]:
    """The database of records alone, with the trust file if there is one, and the clock."""
    if settings.trust_file.exists():
        trust_file.load(settings.trust_file)
    with database(settings) as engine:
        live = live_trust(settings, engine, datetime.now)
        trust = live.present if live else None
        zone = trust.zone if trust else ZONE
        yield engine, trust, lambda: datetime.now(zone)


def trust_copy(settings: Settings) -> AbstractContextManager[TrustFile | None]:
    """The trust file of these settings beside its versions, as `opening` says."""
    return opening.trust_copy(settings, lambda: datetime.now(UTC))


def accept_trust(settings: Settings) -> Version:
    """Put the trust file of these settings in force, as `opening` says."""
    return opening.accept_trust(settings, lambda: datetime.now(UTC))


def preview_digest(settings: Settings, channel: str, person: str | None) -> Digest:
    """This week's digest of a channel as it would be now, for a person of the trust file or for the operator.

    A Refusal where there is no trust file, no such digest or no such person.
    """
    _must_have_trust(settings, NO_DIGESTS)
    with knowledge(settings) as known:
        digests, meetings = known.services.digests, known.services.meetings
        return digests.make_now(digests.setup(channel), meetings.reader(person))


def post_digest(settings: Settings, channel: str) -> str:
    """Post this week's digest of a channel now, as `/trust digest post` does; returns what is to be said of it.

    A Refusal where it has no digest, Slack cannot be reached, or the bot is not in the channel.
    """
    from http.client import HTTPException

    from slack_sdk.errors import SlackClientError

    from bot.composition.in_slack import in_slack
    from bot.digest.jobs import DigestJobs
    from bot.slack.messages.outbox import Outbox, posting_client, reading_client
    from bot.slack.people.people import People

    if not settings.bot_token:
        raise Refusal("Set SLACK_BOT_TOKEN, so that the digest can be posted. The README says where it is found.")
    _must_have_trust(settings, NO_DIGESTS)
    with knowledge(settings) as known:
        reading = reading_client(settings.bot_token, settings.slack_api_url)
        posting = posting_client(settings.bot_token, settings.slack_api_url)
        people, now = People(reading, known.trust, time.monotonic), _by_slack(settings, known.now)
        outbox, reach = Outbox(known.engine, reading, posting, now), in_slack(people)
        services = Services(settings, known.engine, known.trust, now, known.answerer, known.library, reach)
        digests = services.digests
        try:
            return DigestJobs(known.engine, digests, people, outbox, now).post_now(digests.setup(channel))
        except (SlackClientError, OSError, HTTPException) as error:
            raise Refusal("Slack refused, or does not answer. `trustbot doctor` says more.") from error


def _by_slack(settings: Settings, now: Callable[[], datetime]) -> Callable[[], datetime]:
    """This clock, put right by Slack's where Trustbot has a way into Slack."""
    from bot.slack.slack_time import SlackTime

    if not settings.bot_token:
        return now
    by_slack = SlackTime(settings.bot_token, settings.slack_api_url, now)
    by_slack.confirm()
    return by_slack.now


def purge(settings: Settings) -> dict[str, int]:
    """Remove what has been kept long enough; how many records of each kind went."""
    from bot.privacy.retention import Purge

    with knowledge(settings) as known:
        # What is purged is gone: a clock that is weeks ahead must not decide it alone.
        now = _by_slack(settings, known.now)
        retention = known.trust.present.retention if known.trust else Retention()
        return Purge(known.engine, retention, now, known.library).run()


def _chroma(settings: Settings) -> Callable[[Engine, embed.Encoder], ChromaIndex]:
    def build(engine: Engine, encoder: embed.Encoder) -> ChromaIndex:
        from knowledge.index.chroma import index as chroma_index

        if settings.chroma_url:
            return chroma_index.on_server(engine, encoder, settings.chroma_url, time.time)
        return chroma_index.embedded(engine, encoder, settings.home)

    return build


@contextmanager
def indexed(
    settings: Settings, clock: Callable[[tzinfo], datetime] = datetime.now, *, behind: bool = False
) -> Iterator[tuple[Knowledge, ChromaIndex]]:
    """The library with its Chroma index, which follows it until the context ends; `behind` as for `knowledge`."""
    built: list[ChromaIndex] = []

    def index(engine: Engine, encoder: embed.Encoder) -> ChromaIndex:
        built.append(_chroma(settings)(engine, encoder))
        return built[0]

    with knowledge(settings, index, clock, behind=behind) as known:
        built[0].start()
        try:
            yield known, built[0]
        finally:
            built[0].close()


def rebuild(settings: Settings) -> tuple[Status, bool]:
    """Encode again what another model encoded, and build the index again from the database.

    Returns what it holds then, and whether a running bot builds it instead. A Refusal where Chroma fails.
    """
    with indexed(settings) as (known, index):
        for _ in known.library.reencode():
            pass
        known.library.ask_for_rebuild()
        while not index.wait(WAIT_SECONDS) and not index.elsewhere:
            if index.problem:
                raise Refusal(f"{index.problem} `trustbot doctor` says more.")
        return known.library.status(), index.elsewhere


def slack_bot(
    settings: Settings,
    engine: Engine,
    answerer: Answerer,
    library: Library,
    trust: CurrentTrust | None,
    now: Callable[[], datetime],
    *,
    http_port: int | None = None,
    membership_seconds: float | None = None,
    ticking: bool = True,
    ack_seconds: float | None = None,
) -> Trustbot:
    """A bot that is ready to be started: all features over one engine, one library and one way into Slack.

    What is known of who is in a channel is asked for again after `membership_seconds`, and what Slack waits for is
    acknowledged within `ack_seconds`; the default is what each of them says. A Refusal where a token is missing.
    """
    from bot.composition.in_slack import in_slack
    from bot.features import features
    from bot.home.slack import HomeListeners
    from bot.pulse.sealed.safe import SlackSafe
    from bot.runtime.inbox import Inbox
    from bot.runtime.scheduler import Clock
    from bot.runtime.spool import Spool
    from bot.slack.acknowledging import ACK_SECONDS
    from bot.slack.connection import HttpLine, Listeners, SocketLine, bolt_app
    from bot.slack.feature import AppContext, Registry
    from bot.slack.messages.outbox import Outbox, posting_client, reading_client
    from bot.slack.people.people import KEPT_SECONDS, People
    from bot.slack.slack_time import SlackTime
    from bot.slack.trustbot import Trustbot

    if not settings.bot_token or not (settings.app_token or settings.signing_secret):
        raise Refusal(NO_TOKENS)
    token, url = settings.bot_token, settings.slack_api_url
    slack_time = SlackTime(token, url, now)
    if not slack_time.confirm():
        log.warning("Slack does not say what time it is; this machine's clock is believed until it does.")
    now = slack_time.now

    def within() -> AbstractContextManager[None]:
        """By the trust as it is now: each event, each press of a button, each tick of the clock."""
        return steady(trust, fading=True)

    # Slack, and what is kept of its events.
    reading, posting = reading_client(token, url), posting_client(token, url)
    inbox = Inbox(engine, settings.durable_database, now, spool=Spool(settings.home / "spool"), within=within)
    people = People(reading, trust, time.monotonic, KEPT_SECONDS if membership_seconds is None else membership_seconds)
    outbox = Outbox(engine, reading, posting, now)
    threads = Listeners("listener", within), Listeners("worker", within)
    app = bolt_app(reading, settings.signing_secret, *threads, ACK_SECONDS if ack_seconds is None else ack_seconds)

    # The services, and the features over them.
    safe = SlackSafe(posting, reading, token)
    services = Services(settings, engine, trust, now, answerer, library, in_slack(people, safe))
    registry = Registry()
    front = HomeListeners(
        people, services.ask, registry.phrases, registry.words, registry.home, reading, settings.model
    )
    context = AppContext(settings, token, engine, slack_time, inbox, outbox, reading, people, front.publish)
    for feature in features(context, services, front):
        registry.add(feature)
    registry.connect(app, inbox)

    # What starts them: the clock, and the line to Slack.
    clock = Clock(registry.ticks, within=within, known=slack_time.confirm)
    host, port = settings.http_address
    line: SocketLine | HttpLine = (
        SocketLine(app, settings.app_token)
        if settings.app_token
        else HttpLine(app, host, port if http_port is None else http_port)
    )
    return Trustbot(context, registry, trust, app, clock, line, threads, ticking=ticking)


@contextmanager
def bot(
    settings: Settings, *, ticking: bool = True, clock: Callable[[tzinfo], datetime] = datetime.now
) -> Iterator[Trustbot]:
    """A bot that listens to Slack, with Chroma and the library's folders followed, until the context ends; one that is
    not `ticking` writes to nobody of its own accord. `clock` says the time in a zone."""
    from bot.home.trust_watch import TrustWatch
    from ingest.sync.watch import watch

    with indexed(settings, clock, behind=True) as (known, _):
        trust = known.trust
        trustbot = slack_bot(settings, known.engine, known.answerer, known.library, trust, known.now, ticking=ticking)
        stop = threading.Event()
        files = intake(settings, known)
        by = (lambda: trust.in_force.version) if trust else (lambda: None)
        level = partial(files.reconcile, stopped=stop.is_set)
        watchers = [lambda: watch(files.folders, level, stop, rules=by, known=disk_full)]
        if trust:
            file = TrustFile(settings.trust_file, settings.home, known.engine, lambda: clock(UTC))
            looking = TrustWatch(file, trust, settings.home, trustbot.people, trustbot.outbox)
            watchers.append(lambda: looking.run(stop))
        if files.reading:
            # Before anybody is heard: the first sync has not begun to count yet.
            files.reading.begin()
        threads = [threading.Thread(target=watcher, name="watcher", daemon=True) for watcher in watchers]
        for thread in threads:
            thread.start()
        try:
            trustbot.start()
            try:
                yield trustbot
            finally:
                trustbot.stop()
        finally:
            stop.set()
            for thread in threads:
                thread.join()


def run(settings: Settings, stopped: threading.Event | None = None) -> None:
    """Run the bot until a signal asks it to stop."""
    write_log()
    stopped = stopped or threading.Event()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, lambda *_: stopped.set())
    with bot(settings):
        log.warning("Trustbot is listening. Press Ctrl-C to stop it.")
        stopped.wait()
