"""A digest's lines as a language model shortens them, over HTTP, held to their sources."""

from __future__ import annotations

import json
import time

from bot.digest.content.summaries import summarised_by
from bot.digest.content.words import Point, lines
from bot.digest.model import Source
from knowledge.llm.providers import connect
from knowledge.llm.writer import Writer
from knowledge.masking.pupil_names import Masker
from knowledge.passages import EVERYONE
from tests.model_server.server import Reply, serving

FIRST = "Attendance is 94.1 % and twelve pupils are below 90 %. We ring their families."
SECOND = "Attendance fell to 92.0 % after the storm closed the bridge for two days."
THIRD = "Jayden Cole in Year 4 has been excluded for two days after a fight."


def _points() -> list[Point]:
    words = {"oak": FIRST, "river": SECOND, "elm": THIRD}
    return [Point(ref.title(), Source(ref, f"{ref.title()} SLT", text, EVERYONE)) for ref, text in words.items()]


def test_sentences_that_hold_stand_and_all_else_is_in_the_schools_own_words() -> None:
    claims = [
        {"text": "Twelve pupils are below 90 %.", "quote": "twelve pupils are below 90 %", "passage": 1},
        {
            "text": "Attendance fell to 80 % after the storm.",
            "quote": "after the storm closed the bridge",
            "passage": 2,
        },
    ]
    with serving() as server:
        server.answers(Reply(json.dumps({"kind": "answer", "claims": claims, "ask": ""})))
        writer = Writer(
            connect("ollama:test", server.base("ollama"), 20, time.monotonic), lambda: True, lambda *_: None
        )
        found = [line.text for line in lines(_points(), summarised_by(writer, Masker(()).short))]
        (asked,) = server.asked
    assert "Oak: Twelve pupils are below 90 %." in found
    assert not any("80 %" in line for line in found)
    assert any(SECOND in line for line in found)
    assert "Jayden Cole" not in asked.words
    assert "Pupil A" in asked.words


def test_a_model_that_fails_leaves_the_schools_own_words() -> None:
    with serving() as server:
        server.answers(Reply(fault=401))
        writer = Writer(
            connect("ollama:test", server.base("ollama"), 20, time.monotonic), lambda: True, lambda *_: None
        )
        found = [line.text for line in lines(_points(), summarised_by(writer, Masker(()).short))]
    assert [any(text in line for line in found) for text in (FIRST, SECOND, THIRD)] == [True] * 3
