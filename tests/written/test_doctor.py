"""What the doctor says of the language model, asked over HTTP."""

from __future__ import annotations

from pathlib import Path

from bot import doctor
from bot.settings import Settings
from tests.model_server.server import Reply, serving


def _seen(home: Path, model: str | None, url: str | None = None) -> doctor.Finding:
    (found,) = doctor._model(Settings(home, home / "trust.yaml", model=model, model_url=url))
    return found


def test_no_model_is_no_fault(home: Path) -> None:
    found = _seen(home, None)
    assert (found.state, found.mend) == ("good", "")
    assert "nothing is sent" in found.seen


def test_a_model_that_answers_is_good(home: Path) -> None:
    with serving() as server:
        server.answers(Reply("Yes."))
        assert _seen(home, "ollama:test", server.base("ollama")).state == "good"


def test_a_model_that_is_away_or_closed_is_named_with_its_mend(home: Path) -> None:
    with serving() as server:
        url = server.base("ollama")
        server.answers(Reply(fault=401))
        closed = _seen(home, "ollama:test", url)
    assert (closed.state, "key" in closed.mend) == ("wrong", True)
    away = _seen(home, "ollama:test", url)
    assert (away.state, "TRUSTBOT_MODEL_URL" in away.mend) == ("wrong", True)
    unknown = _seen(home, "oracle:delphi")
    assert (unknown.state, "TRUSTBOT_MODEL" in unknown.mend) == ("wrong", True)
