"""`trustbot ask --explain`: the steps that were tried for an answer, in order, and why one took it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.ask.answer_router import ORDER
from bot.config.trust import load
from bot.meetings.service import MeetingService
from bot.runtime import db
from tests.cli.test_cli import POLICY
from tests.meetings.conftest import FIRST, TRUST, Clock, confirmed

Json = dict[str, Any]


@pytest.fixture
def home(warm_home: Path, tmp_path: Path) -> Path:
    """A home with one policy in it."""
    (warm_home / "trust.yaml").write_text(TRUST, encoding="utf-8")
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "bicycle-policy.md").write_text(POLICY, encoding="utf-8")
    assert _run(warm_home, "ingest", str(folder), "--audience", "everyone").returncode == 0
    return warm_home


def _run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "TRUSTBOT_"))}
    environment |= {"TRUSTBOT_HOME": str(home), "COLUMNS": "200"}
    command = [sys.executable, "-m", "bot.cli", *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)


def _record(home: Path) -> None:
    """Let there be the minutes of a meeting."""
    engine = db.make_engine(f"sqlite:///{home / 'trustbot.sqlite'}")
    confirmed(MeetingService(engine, load(home / "trust.yaml"), Clock(datetime(2026, 11, 2, tzinfo=UTC))), FIRST)
    engine.dispose()


def _explained(home: Path, question: str) -> Json:
    done = _run(home, "ask", question, "--json", "--explain")
    assert done.returncode == 0, done.stderr
    answer: Json = json.loads(done.stdout)
    return answer


def test_the_steps_come_in_their_order_and_the_last_one_took_it(home: Path) -> None:
    answer = _explained(home, "Where are bicycles kept?")
    steps = answer["steps"]
    assert [step["step"] for step in steps] == [name for _, name in ORDER]
    assert [step["result"] for step in steps] == ["passed"] * (len(ORDER) - 1) + ["answered"]
    assert steps[0]["why"] == "Nothing in it says that a child is at risk."
    assert steps[-1]["why"] == "No other step took it. A passage answers it."
    assert steps[-1]["confidence"] == "sure"
    assert steps[1]["confidence"] is None


def test_a_skill_takes_what_is_its_own_and_nothing_after_it_is_tried(home: Path) -> None:
    steps = _explained(home, "Sum up the bicycle policy")["steps"]
    assert steps[-1] == {
        "step": "summary", "result": "answered", "confidence": "sure", "why": "It asks to sum up a document.",
    }  # fmt: skip


def test_of_a_child_at_risk_nothing_else_is_tried(home: Path) -> None:
    answer = _explained(home, "A pupil told me that somebody is hurting her at home. What do I do?")
    assert answer["outcome"] == "signpost"
    (step,) = answer["steps"]
    assert (step["step"], step["result"]) == ("safety", "answered")
    assert step["why"] == "It is likely to be about a child at risk, so all that is said is whom to speak to."


def test_what_is_recorded_is_told_from_the_records_and_what_is_not_goes_on(home: Path) -> None:
    unknown = _explained(home, "Which actions are open?")["steps"]
    assert next(step for step in unknown if step["step"] == "meetings")["result"] == "passed"
    _record(home)
    known = _explained(home, "Which actions are open?")["steps"]
    assert known[-1]["step"] == "meetings"
    assert known[-1]["why"] == "It asks for actions or decisions of meetings."
    asked = _explained(home, "What did we agree about bicycles?")
    meetings = next(step for step in asked["steps"] if step["step"] == "meetings")
    assert (meetings["result"], meetings["confidence"]) == ("went on", "nothing")
    assert asked["steps"][-1]["step"] == "records and documents"
    assert "The shed is locked" in asked["answer"] or "Bicycles are kept" in asked["answer"]


def test_a_person_reads_it_as_a_numbered_list_after_the_answer(home: Path) -> None:
    done = _run(home, "ask", "Where are bicycles kept?", "--explain")
    lines = done.stdout.splitlines()
    start = lines.index("Steps that were tried, in order")
    assert "Bicycles are kept in the shed" in "\n".join(lines[:start])
    assert lines[start + 1] == "  1. safety: passed. Nothing in it says that a child is at risk."
    assert lines[start + len(ORDER)].endswith("search: answered. No other step took it. A passage answers it.")


def test_without_it_nothing_of_it_is_said(home: Path) -> None:
    assert "steps" not in json.loads(_run(home, "ask", "Where are bicycles kept?", "--json").stdout)
    assert "Steps" not in _run(home, "ask", "Where are bicycles kept?").stdout


def test_a_batch_is_not_explained(home: Path, tmp_path: Path) -> None:
    done = _run(home, "ask", "--batch", "in.jsonl", "--out", "out.jsonl", "--explain")
    assert done.returncode == 2
    assert "--explain goes with one question" in done.stderr
