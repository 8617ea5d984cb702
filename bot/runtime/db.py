"""The database of records: engine, Base of the rooms' tables, and bringing the schema up to date."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase

from bot.errors import Refusal
from knowledge.library.tables import Base as LibraryBase

if TYPE_CHECKING:
    from alembic.config import Config

BUSY_MS, HASTY_MS = 45_000, 800
# What is deleted is overwritten, so that a purge leaves nothing in the file.
PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON")
HEAD = "0017"
LOCK = 7_290_001
LOCK_SECONDS = 60
NO_FOLDER = "The folder {folder} cannot be made: {reason}. Set TRUSTBOT_HOME to a folder that you may write to."
NO_FILE = (
    "The file {file} cannot be opened as Trustbot's database. Check that you may write to it and to its folder, and "
    "that the disk is not full. If the file is damaged, put back your last copy; without one, move it away and run "
    "`trustbot ingest`: documents come back from their folders, records of meetings and pulses do not."
)
NEWER = (
    "A newer version of Trustbot has used this database (schema {theirs}; this version knows up to {ours}). Install "
    "that version again, or put back a copy of the home that was made before the upgrade."
)
NO_ANSWER = "The database {where} does not answer. Check that it runs and that TRUSTBOT_DATABASE_URL is right."


class Base(DeclarativeBase):
    """The rooms' tables, on one metadata with the library's so that one migration carries both."""

    metadata = LibraryBase.metadata


def make_engine(url: str) -> Engine:
    """An engine for a SQLite or PostgreSQL URL; SQLite gets write-ahead logging and waits for other writers. A Refusal
    where the folder of a SQLite file cannot be made."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_size=10, max_overflow=20, pool_pre_ping=True)
    if parsed.database:
        folder = Path(parsed.database).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Refusal(
                NO_FOLDER.format(folder=folder, reason=(error.strerror or "no reason is given").lower())
            ) from error
    engine = create_engine(parsed, connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _: object) -> None:
        cursor = connection.cursor()
        for pragma in (*PRAGMAS, f"busy_timeout={BUSY_MS}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


@contextmanager
def soon_or_not(engine: Engine) -> Iterator[Connection]:
    """A transaction that is done within a second or so, or raises OperationalError: SQLite's lock is not waited for as
    long as elsewhere."""
    with engine.connect() as connection:
        raw = connection.connection.driver_connection if engine.dialect.name == "sqlite" else None
        if raw is not None:
            raw.execute(f"PRAGMA busy_timeout={HASTY_MS}")
        try:
            with connection.begin():
                yield connection
        finally:
            if raw is not None:
                raw.execute(f"PRAGMA busy_timeout={BUSY_MS}")


def pending(engine: Engine) -> bool:
    """Whether the schema is older than this version of Trustbot; a Refusal where it is newer, or where the database
    does not answer."""
    revision = _revision(engine)
    if revision is not None and revision > HEAD:
        raise Refusal(NEWER.format(theirs=revision, ours=HEAD))
    return revision != HEAD


def upgrade(engine: Engine) -> bool:
    """Bring the schema up to date; whether there was anything to do. A Refusal where the database does not answer."""
    if not pending(engine):
        return False
    from alembic import command

    with _alone(engine):
        if not pending(engine):
            return False
        command.upgrade(migrations(engine), HEAD)
    return True


def migrations(engine: Engine) -> Config:
    """Alembic's configuration: the migrations beside this file, on this engine."""
    from alembic.config import Config

    # Alembic's own default is the output that there was when it was first imported.
    config = Config(stdout=sys.stdout)
    # A percent sign means something to the configuration's own grammar.
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["engine"] = engine
    return config


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Keep other processes from migrating meanwhile: a lock beside the file of SQLite, one of its own in PostgreSQL."""
    if engine.dialect.name == "sqlite":
        # SQLite locks a statement, not a migration: two that begin together would both make the first table.
        with FileLock(f"{engine.url.database}.lock", timeout=LOCK_SECONDS) if engine.url.database else nullcontext():
            yield
        return
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK})


def _revision(engine: Engine) -> str | None:
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return revision
    except DBAPIError as error:
        if engine.dialect.name == "sqlite":
            raise Refusal(NO_FILE.format(file=engine.url.database)) from error
        raise Refusal(NO_ANSWER.format(where=engine.url.render_as_string(hide_password=True))) from error
