"""The composition root: Settings in, what answers out; nothing is constructed anywhere else."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from bot import db
from bot import trust as trust_file
from bot.errors import Refusal
from bot.failures import write_log
from bot.model_use import Ledger
from bot.questions import Questions
from bot.settings import Settings
from bot.trust import Trust
from ingest.framework import put_framework
from knowledge import embed
from knowledge.answer import Answerer
from knowledge.library import Index, Library, Status
from knowledge.passages import Names
from knowledge.search import Search
from knowledge.written.providers import ModelUnusable, connect
from knowledge.written.writer import Writer

if TYPE_CHECKING:
    from bot.intake import Intake
    from bot.meetings.service import MeetingService
    from bot.trustbot import Trustbot
    from knowledge.chroma_index import ChromaIndex

log = logging.getLogger(__name__)
ZONE = ZoneInfo("Europe/London")
WAIT_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What answers without Slack: one library and the verbs over it."""

    trust: Trust | None
    engine: Engine
    library: Library
    answerer: Answerer
    questions: Questions
    now: Callable[[], datetime]


@contextmanager
def knowledge(settings: Settings, index: Callable[[Engine, embed.Encoder], Index] | None = None) -> Iterator[Knowledge]:
    """The library of these settings, with the framework in it; searched exactly unless an index is given.

    A Refusal where the trust file, the encoder or the database is not as it should be.
    """
    trust = trust_file.load(settings.trust_file) if settings.trust_file.exists() else None
    zone = trust.zone if trust else ZONE

    def now() -> datetime:
        return datetime.now(zone)

    def today() -> date:
        return now().date()

    try:
        encoder = embed.load(settings.embedding_model, settings.encoder_cache)
    except embed.UnknownModel as error:
        raise Refusal(str(error)) from error
    engine = db.make_engine(settings.database)
    try:
        db.upgrade(engine)
        library = Library(engine, encoder, index(engine, encoder) if index else None)
        put_framework(library)
        search = Search(library, encoder, trust.names if trust else Names(), today)
        answerer = Answerer(search, writer(settings, engine, now))
        questions = Questions(answerer, search, trust)
        yield Knowledge(trust, engine, library, answerer, questions, now)
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


def intake(settings: Settings, known: Knowledge) -> Intake:
    """What brings this library level with files; apart, because a question need not wait for the readers to load."""
    from bot.intake import Intake

    return Intake(known.library, known.trust, settings.home)


@contextmanager
def records(settings: Settings) -> Iterator[MeetingService]:
    """The records of meetings without the library: to list them. A Refusal where there is no trust file."""
    from bot.meetings.service import MeetingService

    if not settings.trust_file.exists():
        raise Refusal("Meetings need a trust file that says who is who and which bodies meet. See the README.")
    trust = trust_file.load(settings.trust_file)
    engine = db.make_engine(settings.database)
    try:
        db.upgrade(engine)
        yield MeetingService(engine, trust, lambda: datetime.now(trust.zone))
    finally:
        engine.dispose()


def _chroma(settings: Settings) -> Callable[[Engine, embed.Encoder], ChromaIndex]:
    def build(engine: Engine, encoder: embed.Encoder) -> ChromaIndex:
        from knowledge import chroma_index

        if settings.chroma_url:
            return chroma_index.on_server(engine, encoder, settings.chroma_url, time.time)
        return chroma_index.embedded(engine, encoder, settings.home)

    return build


@contextmanager
def indexed(settings: Settings) -> Iterator[tuple[Knowledge, ChromaIndex]]:
    """The library with its Chroma index, which follows it until the context ends."""
    built: list[ChromaIndex] = []

    def index(engine: Engine, encoder: embed.Encoder) -> ChromaIndex:
        built.append(_chroma(settings)(engine, encoder))
        return built[0]

    with knowledge(settings, index) as known:
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
def bot(settings: Settings, *, ticking: bool = True) -> Iterator[Trustbot]:
    """A bot that listens to Slack, with Chroma and the library's folders followed, until the context ends; one that is
    not `ticking` writes to nobody of its own accord."""
    from bot.trustbot import Trustbot
    from ingest.watch import watch

    with indexed(settings) as (known, _):
        trustbot = Trustbot(
            settings, known.engine, known.answerer, known.library, known.trust, known.now, ticking=ticking
        )
        stop = threading.Event()
        files = intake(settings, known)
        watcher = threading.Thread(target=watch, args=(files.folders, files.level, stop), name="library", daemon=True)
        watcher.start()
        try:
            trustbot.start()
            try:
                yield trustbot
            finally:
                trustbot.stop()
        finally:
            stop.set()
            watcher.join()


def run(settings: Settings, stopped: threading.Event | None = None) -> None:
    """Run the bot until a signal asks it to stop."""
    write_log()
    stopped = stopped or threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stopped.set())
    with bot(settings):
        log.warning("Trustbot is listening. Press Ctrl-C to stop it.")
        stopped.wait()
