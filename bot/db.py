"""The database of records: engine, Base of the rooms' tables, and bringing the schema up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase

from bot.errors import Refusal
from knowledge.tables import Base as LibraryBase

BUSY_MS = 20_000


class Base(DeclarativeBase):
    """The rooms' tables, on one metadata with the library's so that one migration carries both."""

    metadata = LibraryBase.metadata


def make_engine(url: str) -> Engine:
    """An engine for a SQLite or PostgreSQL URL; SQLite gets write-ahead logging and waits for other writers."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_size=10, max_overflow=20, pool_pre_ping=True)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _: object) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


def upgrade(engine: Engine) -> None:
    """Bring the schema up to date; a Refusal where the database cannot be reached."""
    try:
        LibraryBase.metadata.create_all(engine)
    except OperationalError as error:
        raise Refusal(unreachable(engine)) from error


def unreachable(engine: Engine) -> str:
    """The sentence for a database that does not answer, without its password."""
    where = engine.url.render_as_string(hide_password=True)
    return f"The database {where} does not answer. Check that it runs and that TRUSTBOT_DATABASE_URL is right."


def alembic_config(engine: Engine) -> Any:
    """Alembic's configuration for this engine, with the migrations beside this file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["engine"] = engine
    return config
