"""Every provider's real package, over HTTP, with a server that misbehaves."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from knowledge.llm.model import Model, ModelFailure, Trouble, Use
from knowledge.llm.providers import PROVIDERS, ModelUnusable, connect
from tests.model_server.server import TOKENS_IN, TOKENS_OUT, ModelServer, Reply, serving

TEXT = '{"kind": "answer", "claims": [{"text": "Ä – “é” ok.", "quote": "Sixteen words", "passage": 1}], "ask": ""}'


@pytest.fixture(scope="module")
def shared() -> Iterator[ModelServer]:
    with serving() as server:
        yield server


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for provider in PROVIDERS.values():
        if provider.key:
            monkeypatch.setenv(provider.key, "sk-test")


@pytest.fixture(params=sorted(PROVIDERS))
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def model(shared: ModelServer, provider: str) -> Model:
    return _model(shared, provider)


def _model(server: ModelServer, provider: str, seconds: float = 20.0) -> Model:
    found = connect(f"{provider}:test-1", server.base(provider), seconds, time.monotonic)
    found._pauses = (0.0, 0.0)
    return found


def test_text_arrives_in_pieces_and_is_counted(shared: ModelServer, model: Model) -> None:
    shared.answers(Reply(TEXT))
    use = Use()
    pieces = list(model.ask("system words", "user words", use))
    assert "".join(pieces) == TEXT
    assert len(pieces) > 3
    assert (use.tokens_in, use.tokens_out, use.tries) == (TOKENS_IN, TOKENS_OUT, 1)
    (asked,) = shared.asked
    assert "system words" in asked.words
    assert "user words" in asked.words
    assert not asked.body.get("tools")
    formats = (asked.body.get(name) for name in ("response_format", "output_config", "format"))
    assert "claims" in json.dumps(next(filter(None, formats)))


def test_what_may_be_tried_again_is_tried_again(shared: ModelServer, model: Model) -> None:
    shared.answers(Reply(fault=429, headers={"retry-after": "0"}), Reply(fault=500), Reply(TEXT))
    use = Use()
    assert "".join(model.ask("s", "u", use)) == TEXT
    assert use.tries == 3


@pytest.mark.parametrize(("fault", "trouble"), [(429, Trouble.BUSY), (500, Trouble.BROKEN), (503, Trouble.BROKEN)])
def test_it_is_given_up_after_three_tries(shared: ModelServer, model: Model, fault: int, trouble: Trouble) -> None:
    shared.answers(Reply(fault=fault))
    with pytest.raises(ModelFailure) as failure:
        list(model.ask("s", "u", Use()))
    assert failure.value.trouble is trouble
    assert len(shared.asked) == 3


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_key_is_not_tried_again(shared: ModelServer, model: Model, status: int) -> None:
    shared.answers(Reply(fault=status))
    with pytest.raises(ModelFailure) as failure:
        list(model.ask("s", "u", Use()))
    assert failure.value.trouble is Trouble.CLOSED
    assert len(shared.asked) == 1


def test_a_server_that_does_not_know_the_format_is_asked_without(shared: ModelServer, model: Model) -> None:
    shared.answers(Reply(fault=400), Reply(TEXT))
    assert "".join(model.ask("s", "u", Use())) == TEXT
    last = shared.asked[-1].body
    assert not last.get("response_format")
    assert not last.get("output_config")
    assert not last.get("format")


@pytest.mark.parametrize("fault", ["slow", "stalls"])
def test_a_slow_model_is_left_in_time(shared: ModelServer, provider: str, fault: str) -> None:
    shared.answers(Reply(TEXT, fault))  # type: ignore[arg-type]
    heard: list[str] = []
    with pytest.raises(ModelFailure) as failure:
        heard.extend(_model(shared, provider, 0.4).ask("s", "u", Use()))
    assert failure.value.trouble is Trouble.SLOW


def test_what_came_before_a_break_is_kept(shared: ModelServer, model: Model) -> None:
    shared.answers(Reply(TEXT, "cut"))
    heard: list[str] = []
    with pytest.raises(ModelFailure):
        heard.extend(model.ask("s", "u", Use()))
    assert heard
    assert TEXT.startswith("".join(heard))
    assert len(shared.asked) == 1


@pytest.mark.parametrize("fault", ["reset", "garbled"])
def test_a_broken_line_is_a_failure_and_nothing_worse(shared: ModelServer, model: Model, fault: str) -> None:
    shared.answers(Reply(TEXT, fault))  # type: ignore[arg-type]
    with pytest.raises(ModelFailure):
        list(model.ask("s", "u", Use()))
    assert len(shared.asked) == 3


def test_a_refusal_gives_no_text(shared: ModelServer, model: Model) -> None:
    shared.answers(Reply(TEXT, "refuses"))
    with suppress(ModelFailure):
        assert "".join(model.ask("s", "u", Use())) == ""


def test_nobody_listening_is_away(provider: str) -> None:
    with serving() as server:
        gone = _model(server, provider)
    with pytest.raises(ModelFailure) as failure:
        list(gone.ask("s", "u", Use()))
    assert failure.value.trouble is Trouble.AWAY


def test_a_model_that_fails_again_and_again_is_left_alone_for_a_minute(shared: ModelServer) -> None:
    now = [0.0]
    model = connect("ollama:test-1", shared.base("ollama"), 20.0, lambda: now[0])
    model._pauses = ()
    shared.answers(Reply(fault=500))
    for _ in range(3):
        with pytest.raises(ModelFailure):
            list(model.ask("s", "u", Use()))
    with pytest.raises(ModelFailure) as failure:
        list(model.ask("s", "u", Use()))
    assert failure.value.trouble is Trouble.RESTING
    assert len(shared.asked) == 3
    now[0] = 61.0
    shared.answers(Reply(TEXT))
    assert "".join(model.ask("s", "u", Use())) == TEXT
    assert "".join(model.ask("s", "u", Use())) == TEXT


@pytest.mark.parametrize(
    ("spec", "says"), [("gpt", "provider:name"), ("other:x", "openai, anthropic, ollama"), ("openai:", "provider:name")]
)
def test_a_wrong_name_is_refused_with_its_mend(spec: str, says: str) -> None:
    with pytest.raises(ModelUnusable, match=says):
        connect(spec, None, 1.0, time.monotonic)


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_missing_key_is_named(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    key = PROVIDERS[provider].key
    assert key
    monkeypatch.delenv(key)
    with pytest.raises(ModelUnusable, match=key):
        connect(f"{provider}:test-1", None, 1.0, time.monotonic)


def test_a_missing_package_is_named_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.llm.providers.find_spec", lambda name: None)
    with pytest.raises(ModelUnusable, match=r"pip install 'trustbot\[openai\]'"):
        connect("openai:test-1", None, 1.0, time.monotonic)
