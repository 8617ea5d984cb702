"""Privacy in words is what the settings say."""

from __future__ import annotations

import json
from pathlib import Path

from bot.config.settings import Settings
from bot.config.trust import Trust
from bot.privacy import blocks
from bot.privacy.facts import facts

TRUST = Trust.model_validate(
    {
        "name": "Alder Trust",
        "schools": [{"id": "fernhill", "name": "Fernhill Primary School", "phase": "primary"}],
        "people": [{"id": "ada", "name": "Ada Ash", "roles": ["administrator"]}],
        "library": [{"path": "a"}, {"path": "panels", "mask": False}],
        "retention": {"questions": 7, "notes": 30},
        "privacy": {"run_by": "Fernhill's IT team"},
    }
)


def told(settings: Settings, trust: Trust | None) -> str:
    return json.dumps(blocks.privacy(facts(settings, trust, "minilm")), ensure_ascii=False)


def test_it_says_what_this_trust_has_set() -> None:
    settings = Settings(home=Path("/srv/trustbot"), trust_file=Path("/srv/trustbot/trust.yaml"))
    said = told(settings, TRUST)
    for words in (
        "*Language model*: none.",
        "the words of questions: 7 days",
        "the words of meeting notes: 30 days",
        "Fernhill's IT team runs it and can read all",
        "except in the folders panels",
        "files in /srv/trustbot",
    ):
        assert words in said
    assert "Whoever looks after Trustbot's machine runs it" in told(settings, None)


def test_no_password_is_told() -> None:
    settings = Settings(
        home=Path("/srv"), trust_file=Path("/srv/t"), database_url="postgresql+psycopg://bot:hush@db.example/trustbot",
        chroma_url="http://chroma.example:8000",
    )  # fmt: skip
    said = told(settings, TRUST)
    assert "the PostgreSQL server db.example" in said
    assert "the Chroma server chroma.example" in said
    assert "hush" not in said
