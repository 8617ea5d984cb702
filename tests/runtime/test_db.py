"""The database of records: brought up to date by migrations that say the same as the tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, event, inspect

from bot.errors import Refusal
from bot.runtime import db


def test_the_migrations_say_what_the_tables_say(engine: Engine) -> None:
    command.check(db.migrations(engine))


def test_the_newest_migration_is_the_one_that_is_aimed_at(sqlite_engine: Engine) -> None:
    assert ScriptDirectory.from_config(db.migrations(sqlite_engine)).get_current_head() == db.HEAD


def test_an_upgrade_is_done_once(tmp_path: Path) -> None:
    engine = db.make_engine(f"sqlite:///{tmp_path / 'new' / 'records.sqlite'}")
    assert db.pending(engine)
    assert db.upgrade(engine)
    assert not db.pending(engine)
    assert not db.upgrade(engine)
    assert inspect(engine).has_table("passages")
    engine.dispose()


def test_an_upgrade_that_is_broken_off_has_not_happened(tmp_path: Path) -> None:
    """As when the process is killed between two tables: the next start begins anew, without half a schema."""
    engine = db.make_engine(f"sqlite:///{tmp_path / 'records.sqlite'}")
    made: list[str] = []

    def break_off(_: object, __: object, statement: str, *___: object) -> None:
        if "CREATE TABLE" in statement:
            made.append(statement)
        if len(made) == 9:
            raise KeyboardInterrupt

    event.listen(engine, "before_cursor_execute", break_off)
    with pytest.raises(KeyboardInterrupt):
        db.upgrade(engine)
    event.remove(engine, "before_cursor_execute", break_off)
    assert inspect(engine).get_table_names() == []
    assert db.upgrade(engine)
    assert not db.pending(engine)
    engine.dispose()


def test_a_database_that_does_not_answer_is_named_without_its_password() -> None:
    engine = db.make_engine("postgresql+psycopg://trust:secret@127.0.0.1:1/records?connect_timeout=2")
    with pytest.raises(Refusal, match="TRUSTBOT_DATABASE_URL") as refused:
        db.upgrade(engine)
    assert "secret" not in str(refused.value)
    engine.dispose()
