"""The operator's verbs for what is kept, as programs call them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app
from bot.privacy.audit import Audit
from bot.runtime import db
from tests.privacy.test_retention import ask, document

Run = Callable[..., Result]


@pytest.fixture
def run(warm_home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("TRUSTBOT_HOME", str(warm_home))
    engine = db.make_engine(f"sqlite:///{warm_home / 'trustbot.sqlite'}")
    db.upgrade(engine)
    ask(engine, "Ev-1", 4000, words="oak tree")
    Audit(engine, lambda: datetime.now(UTC)).seen("U0FAY", "answer", "C1", [document("lettings")])
    engine.dispose()
    return lambda *words: CliRunner().invoke(app, list(words), catch_exceptions=False)


def test_audit_holds_purge_search_and_figures(run: Run, tmp_path: Path) -> None:
    shown = json.loads(run("audit", "--person", "U0FAY", "--json").stdout)
    assert [each["documents"][0]["title"] for each in shown] == ["The lettings"]
    found = json.loads(run("search-all", "oak tree", "--out", str(tmp_path / "out"), "--json").stdout)
    assert {each["kind"] for each in found["mentions"]} == {"question", "answer", "feedback"}
    assert (tmp_path / "out" / "mentions.csv").exists()
    placed = json.loads(run("hold", "add", "--words", "oak tree", "--reason", "Claim 1", "--json").stdout)[0]
    assert json.loads(run("purge", "--json").stdout)["answers"] == 0
    assert json.loads(run("hold", "lift", placed["id"], "--json").stdout)[0]["lifted"]
    assert json.loads(run("hold", "list", "--json").stdout)[0]["subject"] == "oak tree"
    assert json.loads(run("purge", "--json").stdout)["answers"] == 1
    assert json.loads(run("stats", "--json").stdout)["questions"] == 0
    assert "0 records mention it" in run("search-all", "oak tree").stdout
    assert json.loads(run("insights", "--json").stdout)["asked"] == []


def test_wrong_usage_is_wrong_usage(run: Run) -> None:
    assert run("hold", "add", "--reason", "x").exit_code == 2
    assert run("hold", "add", "--reason", "x", "--words", "a", "--kind", "audit").exit_code == 2
