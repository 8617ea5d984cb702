"""`trustbot actions` and `trustbot decisions` over the records of a home."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.config.trust import Trust
from bot.meetings.model import Action
from bot.meetings.records.export import actions_csv
from bot.meetings.service import MeetingService
from bot.runtime import db
from knowledge.passages import OPERATOR
from tests.meetings.conftest import FIRST, PART_B, TRUST, Clock, confirmed, notes

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(home: Path, trust: Trust) -> Run:
    (home / "trust.yaml").write_text(TRUST, encoding="utf-8")
    engine = db.make_engine(f"sqlite:///{home / 'trustbot.sqlite'}")
    db.upgrade(engine)
    service = MeetingService(engine, trust, Clock(datetime(2025, 11, 2, tzinfo=UTC)))
    confirmed(service, FIRST.replace("2026", "2025").replace("6/11/26", "6/11/25"))
    confirmed(service, PART_B, by="cleo")
    engine.dispose()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "TRUSTBOT_"))}
    environment |= {"TRUSTBOT_HOME": str(home), "COLUMNS": "200"}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bot.cli", *words]
        return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)

    return run


def test_actions_as_text_json_and_a_table(run: Run) -> None:
    shown = run("actions", "--school", "oakfield", "--state", "overdue")
    assert shown.returncode == 0, shown.stderr
    assert "Ring the families of the absent pupils overdue" in shown.stdout
    listed = json.loads(run("actions", "--person", "Hal Bryce", "--json").stdout)
    assert [each["task"] for each in listed] == ["Ring the families of the absent pupils"]
    assert listed[0]["due"]["date"] == "2025-11-06"
    assert listed[0]["meeting"]["title"] == "Oakfield senior leadership team, 2 November 2025"
    meeting = listed[0]["meeting"]["id"]
    rows = list(csv.DictReader(io.StringIO(run("actions", "--meeting", meeting, "--csv").stdout)))
    assert {row["Owners"] for row in rows} == {"Hal Bryce", "Site manager", "Eve Stone"}


def test_decisions_as_a_person_may_see_them(run: Run) -> None:
    everything = json.loads(run("decisions", "--json").stdout)
    assert any("settlement" in each["text"] for each in everything)
    anns = json.loads(run("decisions", "--as", "ann", "--json").stdout)
    assert anns
    assert not any("settlement" in each["text"] for each in anns)
    assert "Oakfield Local Governing Body, 15 October 2026" in run("decisions", "--school", "oakfield").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("actions", "--person", "Nobody"), "nobody called"),
        (("decisions", "--school", "x"), "no school 'x'"),
        (("actions", "--meeting", "x"), "no meeting 'x'"),
        (("decisions", "--meeting", "x"), "no meeting 'x'"),
    ],
)
def test_unknown_names_are_refused_with_a_reason(run: Run, words: tuple[str, ...], said: str) -> None:
    refused = run(*words)
    assert refused.returncode == 1
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr


def test_questions_are_answered_from_the_records(run: Run) -> None:
    """What Slack answers from records, the command line does too."""
    overdue = json.loads(run("ask", "What is overdue at Oakfield?", "--json").stdout)
    assert overdue["outcome"] == "answered"
    assert "Ring the families of the absent pupils: Hal Bryce, overdue since 6 November 2025" in overdue["answer"]
    assert "Oakfield senior leadership team, 2 November 2025" in overdue["answer"]
    agreed = run("ask", "What did we agree about lettings?").stdout
    assert "lettings end at 9 pm" in agreed
    mine = run("ask", "What are my actions?", "--as", "hal").stdout
    assert "1 action of yours is open" in mine
    assert "Mend the fence" not in mine
    secret = json.loads(run("ask", "What was agreed about the settlement?", "--as", "ann", "--json").stdout)
    assert "£9,000" not in json.dumps(secret, ensure_ascii=False)


def test_no_cell_is_a_formula(room: MeetingService, clock: Clock) -> None:
    draft = room.drafts.propose(notes(FIRST))
    room.drafts.add_action(draft.id, "ann", "=HYPERLINK(1)", ["hal"], "asap")
    room.drafts.confirm(draft.id, "ann")
    found: list[Action] = room.tracking.actions(OPERATOR)
    rows = list(csv.DictReader(io.StringIO(actions_csv(found, {}, clock.now.date()))))
    assert "'=HYPERLINK(1)" in {row["Action"] for row in rows}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
