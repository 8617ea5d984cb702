"""A home that the last version before the first release left behind opens with everything in it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, text
from typer.testing import CliRunner

from bot.cli.main import app
from bot.config import settings
from bot.runtime import db
from tests.conftest import STORES, fresh_database
from tests.pulse.conftest import Drawer, Polling

BEFORE = Path(__file__).parents[1] / "data" / "home_0017"
RECORDS = (BEFORE / "records.sql").read_text(encoding="utf-8")
PUBLISHED, OPEN = "p62b691bf9b50-2026-11-10", "p86dec296da41-2026-11-16"
# The open pulse's secret, which lay in Slack: it is nobody's, like all of this home.
SAFE = {"F6AF2EB2420B": bytes.fromhex("48a428c34a3c290342eed00205bef04e10dca6f8cf56153366296d2e37f78165")}
Run = Callable[..., Any]


@pytest.fixture(params=STORES)
def empty(request: pytest.FixtureRequest, warm_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The empty database of a home that `trustbot` finds."""
    monkeypatch.setenv("TRUSTBOT_HOME", str(warm_home))
    if request.param == "postgresql":
        monkeypatch.setenv("TRUSTBOT_DATABASE_URL", fresh_database(request.getfixturevalue("postgresql_url")))
    engine = db.make_engine(settings.load_settings().database)
    yield engine
    engine.dispose()


@pytest.fixture
def before(empty: Engine, warm_home: Path) -> Engine:
    """The database of a home of before, as it was left."""
    _load(empty)
    with empty.connect() as connection:
        trust = connection.execute(text("SELECT text FROM trust_versions")).scalar_one()
    (warm_home / "trust.yaml").write_text(trust, encoding="utf-8")
    return empty


@pytest.fixture
def run(before: Engine) -> Run:
    """What a command says as JSON."""

    def run(*words: str) -> Any:
        said = CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False)
        assert said.exit_code == 0, said.output
        return json.loads(said.stdout)

    return run


def _load(engine: Engine) -> None:
    """The schema in this database's own words, and the rows."""
    kind = engine.dialect.name
    schema = (BEFORE / f"schema.{kind}.sql").read_text(encoding="utf-8")
    raw = engine.raw_connection()
    try:
        if kind == "sqlite":
            raw.driver_connection.executescript(schema + RECORDS)  # type: ignore[union-attr]
        else:
            raw.cursor().execute(schema + re.sub(r"X'([0-9a-f]*)'", r"'\\x\1'", RECORDS))
        raw.commit()
    finally:
        raw.close()


def test_no_row_is_missing(before: Engine) -> None:
    rows = Counter(re.findall(r"^INSERT INTO (\w+) ", RECORDS, re.MULTILINE))
    assert len(rows) >= 38
    db.upgrade(before)
    with before.connect() as connection:
        for table in inspect(before).get_table_names():
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == rows[table], table


def test_its_schema_is_that_of_a_new_home(before: Engine, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    sqlite = before.dialect.name == "sqlite"
    url = (
        f"sqlite:///{tmp_path / 'new.sqlite'}" if sqlite else fresh_database(request.getfixturevalue("postgresql_url"))
    )
    new = db.make_engine(url)
    for engine in (before, new):
        db.upgrade(engine)
    assert _schema(before) == _schema(new)
    new.dispose()


def _schema(engine: Engine) -> dict[str, dict[str, Any]]:
    """All that tells one table from another: columns in their order, constraints, indexes, options."""
    inspector = inspect(engine)
    return {
        table: {
            "columns": [{**column, "type": repr(column["type"])} for column in inspector.get_columns(table)],
            "key": inspector.get_pk_constraint(table),
            "references": _ordered(inspector.get_foreign_keys(table)),
            "unique": _ordered(inspector.get_unique_constraints(table)),
            "checks": _ordered(inspector.get_check_constraints(table)),
            "indexes": _ordered(inspector.get_indexes(table)),
            "options": inspector.get_table_options(table),
        }
        for table in inspector.get_table_names()
    }


def _ordered(found: list[Any]) -> list[Any]:
    return sorted(found, key=lambda each: str(each["name"]))


def test_its_actions_are_listed(run: Run) -> None:
    tasks = {action["task"]: action["state"] for action in run("actions", "--state", "all")}
    assert tasks == {
        "Ring the families of the twelve pupils below 90 %": "done",
        "Tell parents of the new lunch times": "open",
        "Send the two EHCP applications again": "open",
    }
    assert len(run("decisions")) == 1


def test_its_documents_answer_those_who_may_read_them(run: Run) -> None:
    asked = run("ask", "What insurance must hirers of the school hall have?", "--as", "claire-dunmore")
    assert asked["outcome"] == "answered"
    assert "public liability insurance of at least £5 million" in asked["citations"][0]["quote"]
    secret = "What did the governors of Quillbrook ask?"
    assert "Quillbrook" in run("ask", secret, "--as", "alan-prewett")["citations"][0]["quote"]
    assert not run("ask", secret, "--as", "ella-knox")["citations"]


def test_its_pulses_are_read_and_go_on(before: Engine, run: Run, warm_home: Path) -> None:
    assert "Pace" in json.dumps(run("pulse", "results", PUBLISHED, "--as", "claire-dunmore"))
    polling = Polling(before, warm_home, Drawer(SAFE))
    replied = {
        "tom-ashworth", "meera-shah", "david-penhale", "louise-garrity", "samuel-okafor", "priya-nair", "joanne-tully",
    }  # fmt: skip
    assert polling.closing.replied(OPEN) == replied, "six answers in a batch, and one that waits for the next"
