"""Runs the migrations on the engine that `bot.db` hands over."""

from __future__ import annotations

from alembic import context

import bot.ask.store
import bot.digest.store
import bot.durable
import bot.meetings.reminders
import bot.meetings.tables
import bot.model_use
import bot.outbox
import bot.privacy.tables
import bot.pulse.tables
import bot.standard.tables
import bot.streams  # noqa: F401
from bot.db import Base


def run() -> None:
    """Migrate within one transaction, so that an upgrade is whole or has not happened."""
    with context.config.attributes["engine"].begin() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
