"""Actions of minutes that a language model points at, over HTTP: read by the rules, bound to their line."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

from bot.meetings.notes.proposals import propose_file
from knowledge.llm.action_detector import action_detector
from knowledge.llm.providers import connect
from knowledge.llm.writer import Writer
from knowledge.masking.pupil_names import Masker
from tests.model_server.server import Asked, Reply, serving

HIDDEN = "Order of the library furniture before Easter – Kay Dicken"
NOTES = f"""\
# Business Committee: minutes of the meeting on Monday 25 January 2021

Present: Kay Dicken (KD), Oliver Laity (OL, chair).

## 1. Premises

The quotes of the furniture were looked at and Incube was liked best.

{HIDDEN}

Jayden Cole in Year 4 has been excluded twice since the autumn.

## 2. Minutes

**Action:** OL to sign the minutes by 1 February 2021.
"""


def _pointing(asked: Asked) -> Reply:
    """Point at the hidden line, and at one that is nowhere."""
    before, _ = asked.words.split("Order of the library furniture")
    number = re.findall(r"source (\d+) begins", before)[-1]
    claims = [
        {"text": "Order the library furniture.", "quote": HIDDEN, "passage": int(number)},
        {"text": "Buy a boat.", "quote": "A boat is to be bought by the head.", "passage": 1},
    ]
    return Reply(json.dumps({"kind": "answer", "claims": claims, "ask": ""}))


def test_what_no_rule_found_is_found_with_its_line_owner_and_day(tmp_path: Path) -> None:
    file = tmp_path / "minutes.md"
    file.write_text(NOTES)
    before = propose_file(file, None).proposal.actions
    with serving(_pointing) as server:
        writer = Writer(
            connect("ollama:test", server.base("ollama"), 20, time.monotonic), lambda: True, lambda *_: None
        )
        point = action_detector(writer, Masker(()).short)
        after = propose_file(file, None, point).proposal.actions
        again = propose_file(file, None, point).proposal.actions
        (asked,) = server.asked
    assert again == after
    (found,) = [each for each in after if each not in before]
    assert set(before) < set(after)
    assert found.quote == HIDDEN
    assert [owner.name for owner in found.owners] == ["Kay Dicken"]
    assert "Easter" in found.due.phrase
    assert "Jayden" not in asked.words


def test_a_model_that_fails_leaves_what_the_rules_found(tmp_path: Path) -> None:
    file = tmp_path / "minutes.md"
    file.write_text(NOTES)
    with serving() as server:
        server.answers(Reply(fault=401))
        writer = Writer(
            connect("ollama:test", server.base("ollama"), 20, time.monotonic), lambda: True, lambda *_: None
        )
        with_model = propose_file(file, None, action_detector(writer, Masker(()).short))
    assert with_model.as_json() == propose_file(file, None).as_json()
