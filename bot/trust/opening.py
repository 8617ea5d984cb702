"""Opens the database of records, and in it the trust file that is in force."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo

from sqlalchemy import Engine

from bot.config.private_home import keep_private
from bot.config.settings import Settings
from bot.errors import Refusal
from bot.runtime import db
from bot.trust.file import NotInForce, TrustFile, words_in_force
from bot.trust.live import LiveTrust
from bot.trust.versions import Version


@contextmanager
def database(settings: Settings) -> Iterator[Engine]:
    """The database of records, with its tables as this version needs them."""
    keep_private(settings.home)
    engine = db.make_engine(settings.database)
    try:
        db.upgrade(engine)
        yield engine
    finally:
        engine.dispose()


def live_trust(
    settings: Settings, engine: Engine, clock: Callable[[tzinfo], datetime], *, behind: bool = False
) -> LiveTrust | None:
    """The trust by the version of the trust file that is in force, which the file of these settings is made to be; None
    where there is no trust file and never was. A Refusal where the file is not as it should be; with `behind`, one that
    has missed the version in force is left alone, and that version gone by."""
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
    with database(settings) as engine:
        return words_in_force(engine, settings.trust_file)[1]


@contextmanager
def trust_copy(settings: Settings, now: Callable[[], datetime]) -> Iterator[TrustFile | None]:
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
        yield TrustFile(settings.trust_file, settings.home, engine, now) if there else None
    finally:
        engine.dispose()


def accept_trust(settings: Settings, now: Callable[[], datetime]) -> Version:
    """Put the trust file of these settings in force, whatever is; a Refusal where it is not as it should be."""
    with database(settings) as engine:
        return TrustFile(settings.trust_file, settings.home, engine, now).settle(insist=True).version
