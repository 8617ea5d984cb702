"""Runs the migrations on the engine that `bot.db` hands over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from sqlalchemy import Connection

import bot.ask.store
import bot.channels
import bot.digest.store
import bot.durable
import bot.library_reading
import bot.meetings.reminders
import bot.meetings.tables
import bot.model_use
import bot.notices
import bot.outbox
import bot.privacy.tables
import bot.pulse.tables
import bot.standard.tables
import bot.streams
import bot.trust_versions  # noqa: F401
from bot.db import Base


def run() -> None:
    """Migrate within one transaction, so that an upgrade is whole or has not happened."""
    with context.config.attributes["engine"].connect() as connection, _whole(connection):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            transactional_ddl=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


@contextmanager
def _whole(connection: Connection) -> Iterator[None]:
    """Let the making of tables be part of the transaction: Python's sqlite3 by itself ends each table at once, and a
    process killed between two would leave half a schema that no upgrade could finish."""
    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite":
        with connection.begin():
            yield
        return
    usual, raw.isolation_level = raw.isolation_level, None
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield
        connection.commit()
    except BaseException:
        # It is not given back: whoever took it next would write without transactions.
        connection.invalidate()
        raise
    raw.isolation_level = usual


run()
