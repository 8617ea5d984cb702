"""Settings, budget and figures of a language model, and what doctor and the command line say of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from bot.cli import doctor
from bot.cli.main import app
from bot.config import settings
from bot.config.settings import Budget, Prices, Settings
from bot.errors import Refusal
from bot.runtime.model_ledger import Ledger, figures
from knowledge.llm.model import Use
from prompts import load
from tests.model_server.server import ModelServer, Reply, serving

NOW = datetime(2026, 11, 27, 9, tzinfo=ZoneInfo("Europe/London"))
ANSWER = load("answer")


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with serving() as server:
        yield server


def test_a_model_is_read_with_its_settings() -> None:
    read = settings.load_settings(
        {
            "TRUSTBOT_MODEL": "ollama:llama3.1",
            "TRUSTBOT_MODEL_URL": "http://10.0.0.7:11434",
            "TRUSTBOT_MODEL_SECONDS": "12.5",
            "TRUSTBOT_MODEL_BUDGET": "£20",
            "TRUSTBOT_MODEL_PRICES": "0.50/1.50",
        }
    )
    assert (read.model, read.model_url, read.model_seconds) == ("ollama:llama3.1", "http://10.0.0.7:11434", 12.5)
    assert read.model_budget == Budget(20, "pounds")
    assert read.model_prices == Prices(0.5, 1.5)
    assert settings.load_settings(
        {"TRUSTBOT_MODEL": "ollama:x", "TRUSTBOT_MODEL_BUDGET": "5,000 tokens"}
    ).model_budget == Budget(5000, "tokens")
    assert settings.load_settings({}).model is None


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"TRUSTBOT_MODEL": "gpt-5"}, "provider:name"),
        ({"TRUSTBOT_MODEL": "acme:x"}, "openai, anthropic, ollama"),
        ({"TRUSTBOT_MODEL_BUDGET": "£20"}, "without TRUSTBOT_MODEL"),
        ({"TRUSTBOT_MODEL": "ollama:x", "TRUSTBOT_MODEL_URL": "localhost"}, "no web address"),
        ({"TRUSTBOT_MODEL": "ollama:x", "TRUSTBOT_MODEL_SECONDS": "900"}, "from 1 to 240"),
        ({"TRUSTBOT_MODEL": "ollama:x", "TRUSTBOT_MODEL_BUDGET": "lots"}, "5000000 tokens"),
        ({"TRUSTBOT_MODEL": "ollama:x", "TRUSTBOT_MODEL_BUDGET": "£20"}, "TRUSTBOT_MODEL_PRICES"),
        ({"TRUSTBOT_MODEL": "ollama:x", "TRUSTBOT_MODEL_PRICES": "cheap"}, "0.50/1.50"),
    ],
)
def test_a_wrong_setting_is_named_with_its_mend(given: dict[str, str], says: str) -> None:
    with pytest.raises(Refusal, match=says):
        settings.load_settings(given)


def test_a_budget_counts_the_calendar_month(engine: Engine) -> None:
    now = [NOW]
    ledger = Ledger(engine, lambda: now[0], Budget(0.002, "pounds"), Prices(1.0, 2.0))
    assert ledger.allows()
    ledger.note("ollama:x", ANSWER, Use(1000, 400, 1.5, 1), "written")
    assert ledger.allows()
    ledger.note("ollama:x", ANSWER, Use(1000, 400, 2.5, 2), "slow")
    assert not ledger.allows()
    now[0] = datetime(2026, 12, 1, 0, 1, tzinfo=NOW.tzinfo)
    assert ledger.allows()
    used = figures(engine, NOW + timedelta(minutes=1), 30)
    assert used.calls == {"slow": 1, "written": 1}
    assert (used.tokens_in, used.tokens_out, used.cost) == (2000, 800, pytest.approx(0.0036))
    assert used.lines()[0] == "Language model: 2 calls (1 slow, 1 written)."
    assert figures(engine, NOW + timedelta(days=40), 30).lines() == []


def test_without_prices_no_cost_is_made_up(sqlite_engine: Engine) -> None:
    ledger = Ledger(sqlite_engine, lambda: NOW, Budget(100, "tokens"), None)
    ledger.note("ollama:x", ANSWER, Use(80, 20, 1.0, 1), "written")
    assert not ledger.allows()
    assert figures(sqlite_engine, NOW, 1).cost is None


def _found(server: ModelServer, home: Path, reply: Reply) -> tuple[str, str, str]:
    server.answers(reply)
    given = Settings(home, home / "trust.yaml", model="ollama:x", model_url=server.url, model_seconds=5)
    (finding,) = (each for each in doctor._model(given) if each.part == "language model")
    return finding.state, finding.seen, finding.mend


@pytest.mark.parametrize(
    ("reply", "state", "says"),
    [
        (Reply("{}"), "good", ""),
        (Reply(fault=404), "wrong", "ollama pull"),
        (Reply(fault=401), "wrong", "model's name"),
        (Reply(fault=429), "wrong", "limits"),
    ],
)
def test_doctor_asks_the_model_and_says_what_to_do(
    server: ModelServer, home: Path, reply: Reply, state: str, says: str
) -> None:
    found = _found(server, home, reply)
    assert found[0] == state
    assert says in found[2]
    assert "ollama:x at 127.0.0.1" in found[1]


def test_the_command_line_says_what_is_sent(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTBOT_HOME", str(home))
    assert "answers are quotes" in CliRunner().invoke(app, ["model"]).output
    monkeypatch.setenv("TRUSTBOT_MODEL", "anthropic:some-model")
    said = " ".join(CliRunner().invoke(app, ["model"]).output.split())
    assert "anthropic:some-model, at Anthropic's servers. For a question that the documents may answer" in said
    assert '"tokens_in": 0' in CliRunner().invoke(app, ["model", "--json"]).output
