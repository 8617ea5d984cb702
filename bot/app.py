"""The composition root: Settings in, what answers out; nothing is constructed anywhere else."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from bot.composition.questions import Questions
from bot.composition.recorded import Recorded
from bot.config import trust as trust_file
from bot.config.private_home import keep_private
from bot.config.settings import Settings
from bot.config.trust import CurrentTrust, Retention, Trust
from bot.errors import Refusal
from bot.library.reading_progress import LibraryReading
from bot.runtime import db
from bot.runtime.failures import disk_full, write_log
from bot.runtime.model_ledger import Ledger
from bot.standard.service import StandardService
from bot.trust.file import NotInForce, TrustFile, words_in_force
from bot.trust.live import LiveTrust
from bot.trust.versions import Version
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
    from bot.composition.trustbot import Trustbot
    from bot.digest.model import Digest
    from bot.digest.service import DigestService
    from bot.library.intake import Intake
    from bot.meetings.service import MeetingService
    from bot.pulse.results.report import Seats
    from bot.pulse.service import PulseService
    from ingest.minutes import ActionDetector
    from knowledge.index.chroma.index import ChromaIndex

log = logging.getLogger(__name__)
ZONE = ZoneInfo("Europe/London")
WAIT_SECONDS = 0.5
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
        not_yet = partial(LibraryReading(engine).instead_of_a_denial, library)
        questions = Questions(answerer, search, trust, not_yet=not_yet)
        if trust:
            standards = StandardService(engine, library, encoder, trust, now)
            recorded = Recorded(engine, trust, now, library, lambda: _pulses(settings, engine, trust), answerer.at_risk)
            questions = Questions(answerer, search, trust, standards.answer, recorded.answer, recorded.about, not_yet)
        yield Knowledge(trust, engine, library, answerer, questions, now)
    finally:
        engine.dispose()


def live_trust(
    settings: Settings, engine: Engine, clock: Callable[[tzinfo], datetime], *, behind: bool = False
) -> LiveTrust | None:
    """The trust by the version of the trust file that is in force, which the file of these settings is made to be;
    None where there is no trust file and never was. A Refusal as `knowledge` says."""
    file = TrustFile(settings.trust_file, settings.home, engine, lambda: clock(UTC))
    if not settings.trust_file.exists() and file.newest() is None:
        return None
    try:
        first = file.settle()
    except NotInForce:
        if not behind:
            raise
        first = file.in_force()
    return LiveTrust(engine, settings.trust_file, first)


def trust_in_force(settings: Settings) -> str:
    """The words of the trust file that is in force; a Refusal where there never was one."""
    with _records_of(settings) as engine:
        return words_in_force(engine, settings.trust_file)[1]


@contextmanager
def trust_copy(settings: Settings) -> Iterator[TrustFile | None]:
    """The trust file of these settings beside the versions of it, to be looked at; None where the database does not
    answer, or has no versions yet."""
    try:
        engine = db.make_engine(settings.database)
    except Refusal:
        yield None
        return
    try:
        try:
            there = not db.pending(engine)
        except Refusal:
            there = False
        yield TrustFile(settings.trust_file, settings.home, engine, lambda: datetime.now(UTC)) if there else None
    finally:
        engine.dispose()


def accept_trust(settings: Settings) -> Version:
    """Put the trust file of these settings in force, whatever is; a Refusal where it is not as it should be."""
    with _records_of(settings) as engine:
        return (
            TrustFile(settings.trust_file, settings.home, engine, lambda: datetime.now(UTC)).settle(insist=True).version
        )


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
    from bot.meetings.service import MeetingService

    with _of_trust(settings, "Meetings need a trust file that says who is who and which bodies meet.") as kept_here:
        yield MeetingService(*kept_here)


def preview_digest(settings: Settings, channel: str, person: str | None) -> Digest:
    """This week's digest of a channel as it would be now, for a person of the trust file or for the operator.

    A Refusal where there is no trust file, no such digest or no such person.
    """
    with records(settings) as meetings, knowledge(settings) as known:
        digests = _digests(settings, known, meetings)
        return digests.make_now(digests.setup(channel), meetings.reader(person))


def post_digest(settings: Settings, channel: str) -> str:
    """Post this week's digest of a channel now, as `/trust digest post` does; returns what is to be said of it.

    A Refusal where it has no digest, Slack cannot be reached, or the bot is not in the channel.
    """
    from http.client import HTTPException

    from slack_sdk.errors import SlackClientError

    from bot.digest.jobs import DigestJobs
    from bot.pulse.room import seats_of
    from bot.slack.messages.outbox import Outbox, posting_client, reading_client
    from bot.slack.people.people import People

    if not settings.bot_token:
        raise Refusal("Set SLACK_BOT_TOKEN, so that the digest can be posted. The README says where it is found.")
    with records(settings) as meetings, knowledge(settings) as known:
        reading = reading_client(settings.bot_token, settings.slack_api_url)
        posting = posting_client(settings.bot_token, settings.slack_api_url)
        people = People(reading, known.trust, time.monotonic)
        known = replace(known, now=_by_slack(settings, known.now))
        outbox = Outbox(known.engine, reading, posting, known.now)
        digests = _digests(settings, known, meetings, seats_of(people))
        try:
            return DigestJobs(known.engine, digests, people, outbox, known.now).post_now(digests.setup(channel))
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


def _digests(
    settings: Settings, known: Knowledge, meetings: MeetingService, seats: Callable[[str], Seats | None] | None = None
) -> DigestService:
    from bot.digest.content.pulses import headlines_of
    from bot.digest.content.summaries import summarised_by
    from bot.digest.service import DigestService
    from knowledge.masking.pupil_names import Masker

    trust = meetings.bodies.trust
    headlines = headlines_of(_pulses(settings, known.engine, trust, seats))
    written = known.answerer.writer
    summarise = summarised_by(written, Masker(trust.staff).short) if written else None
    return DigestService(
        known.engine, meetings, known.now, headlines, known.library.encode, summarise, known.answerer.at_risk
    )


def _pulses(
    settings: Settings, engine: Engine, trust: CurrentTrust, seats: Callable[[str], Seats | None] | None = None
) -> PulseService:
    from bot.pulse.sealed.sealing import OldKeys
    from bot.pulse.service import PulseService

    old_keys = OldKeys(settings.pulse_keys)
    return PulseService(engine, old_keys, trust, lambda: datetime.now(trust.latest.zone), None, seats)


@contextmanager
def pulses(settings: Settings) -> Iterator[PulseService]:
    """The pulses without Slack. A Refusal where there is no trust file."""
    with _of_trust(settings, "Pulses need a trust file that says who is who and when terms are.") as (engine, trust, _):
        yield _pulses(settings, engine, trust)


@contextmanager
def _of_trust(settings: Settings, why: str) -> Iterator[tuple[Engine, Trust, Callable[[], datetime]]]:
    """`kept`, where there must be a trust file; the Refusal says why."""
    if not settings.trust_file.exists():
        raise Refusal(f"{why} See the README.")
    with kept(settings) as (engine, trust, now):
        if trust is None:
            raise RuntimeError("a trust file that exists is loaded or refused")
        yield engine, trust, now


@contextmanager
def kept(settings: Settings) -> Iterator[tuple[Engine, Trust | None, Callable[[], datetime]]]:
    """The database of records alone, with the trust file if there is one, and the clock."""
    if settings.trust_file.exists():
        trust_file.load(settings.trust_file)
    with _records_of(settings) as engine:
        live = live_trust(settings, engine, datetime.now)
        trust = live.present if live else None
        zone = trust.zone if trust else ZONE
        yield engine, trust, lambda: datetime.now(zone)


@contextmanager
def _records_of(settings: Settings) -> Iterator[Engine]:
    keep_private(settings.home)
    engine = db.make_engine(settings.database)
    try:
        db.upgrade(engine)
        yield engine
    finally:
        engine.dispose()


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


@contextmanager
def bot(
    settings: Settings, *, ticking: bool = True, clock: Callable[[tzinfo], datetime] = datetime.now
) -> Iterator[Trustbot]:
    """A bot that listens to Slack, with Chroma and the library's folders followed, until the context ends; one that is
    not `ticking` writes to nobody of its own accord. `clock` says the time in a zone."""
    from bot.composition.trust_watch import TrustWatch
    from bot.composition.trustbot import Trustbot
    from ingest.sync.watch import watch

    with indexed(settings, clock, behind=True) as (known, _):
        trust = known.trust
        trustbot = Trustbot(settings, known.engine, known.answerer, known.library, trust, known.now, ticking=ticking)
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
        threads = [threading.Thread(target=each, name="watcher", daemon=True) for each in watchers]
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
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stopped.set())
    with bot(settings):
        log.warning("Trustbot is listening. Press Ctrl-C to stop it.")
        stopped.wait()
