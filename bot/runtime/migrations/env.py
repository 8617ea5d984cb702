"""Runs the migrations on the engine that `bot.runtime.db` hands over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from sqlalchemy import Connection

import bot.ask.store
import bot.digest.store
import bot.library.reading_progress
import bot.meetings.reminders.store
import bot.meetings.tables
import bot.privacy.tables
import bot.pulse.tables
import bot.runtime.inbox
import bot.runtime.model_ledger
import bot.slack.channels
import bot.slack.messages.outbox
import bot.slack.messages.streaming
import bot.slack.notices
import bot.standard.tables
import bot.trust.versions  # noqa: F401
from bot.runtime.db import Base


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
