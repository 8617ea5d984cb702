"""Minutes of this trust: a file in, a proposal out, with what the trust file knows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config.trust import load
from bot.demo.sample import TRUST_FILE
from bot.errors import Refusal
from bot.meetings.notes.proposals import known_of, propose_file
from ingest.minutes.propose import context_of
from knowledge.school.due import read_due

NOTES = """\
# Oakfield SLT, 16 November 2026

Present: Claire Dunmore (CD, chair), Hannah Birtle (HB). Clerk: Ruth Ellery

## 1. Attendance

Attendance has improved. It was agreed that letters go out monthly. **Action: HB to write to nine families by Friday.**
"""


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "slt.md"
    path.write_text(NOTES, encoding="utf-8")
    return path


def minutes(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`trustbot minutes` in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "TRUSTBOT_"))}
    environment |= {"TRUSTBOT_HOME": str(home), "COLUMNS": "200"}
    command = [sys.executable, "-m", "bot.cli", "minutes", *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)


def test_a_proposal_is_printed_as_json_in_its_published_shape(notes: Path, tmp_path: Path) -> None:
    (tmp_path / "trust.yaml").write_bytes(TRUST_FILE.read_bytes())
    found = json.loads(minutes(tmp_path, str(notes), "--json").stdout)
    quote = NOTES.splitlines()[-1].replace("**", "")
    assert list(found) == ["meeting", "actions", "decisions", "items"]
    assert found["meeting"] == {
        "body": "Oakfield senior leadership team",
        "school": "Oakfield Primary School",
        "date": "2026-11-16",
        "chair": "Claire Dunmore",
        "clerk": "Ruth Ellery",
        "attendees": [
            {"name": "Claire Dunmore", "initials": "CD", "role": "chair", "present": True},
            {"name": "Hannah Birtle", "initials": "HB", "role": "", "present": True},
            {"name": "Ruth Ellery", "initials": "RE", "role": "Clerk", "present": True},
        ],
    }
    assert found["actions"] == [
        {
            "task": "Write to nine families",
            "owners": ["Hannah Birtle"],
            "due": {"date": "2026-11-20", "phrase": "by Friday", "rule": "the coming weekday", "state": "dated",
                    "certain": True},
            "quote": quote,
            "page": None,
            "done": False,
        }
    ]  # fmt: skip
    assert found["decisions"] == [{"text": "It was agreed that letters go out monthly.", "quote": quote, "page": None}]
    assert found["items"] == [
        {"item": "attendance", "heading": "Attendance", "page": None,
         "went_well": [{"text": "Attendance has improved.", "page": None}], "hard": [], "asks": []}
    ]  # fmt: skip


def test_a_file_of_two_meetings_is_two_proposals(notes: Path, tmp_path: Path) -> None:
    notes.write_text(f"{NOTES}\n{NOTES.replace('16 November', '23 November')}", encoding="utf-8")
    first, second = json.loads(minutes(tmp_path, str(notes), "--json").stdout)
    assert [each["meeting"]["date"] for each in (first, second)] == ["2026-11-16", "2026-11-23"]
    assert [each["actions"][0]["due"]["date"] for each in (first, second)] == ["2026-11-20", "2026-11-27"]
    assert "This file holds 2 meetings." in minutes(tmp_path, str(notes)).stdout


def test_without_a_trust_file_a_person_reads_the_proposal_and_its_questions(notes: Path, tmp_path: Path) -> None:
    notes.write_text(NOTES.replace("by Friday", "by half term"), encoding="utf-8")
    shown = minutes(tmp_path, str(notes))
    assert shown.returncode == 0
    for words in (
        "Actions proposed: 1",
        "Write to nine families",
        "Hannah Birtle",
        "by half term",
        "Decisions: 1",
        "Ask:",
    ):
        assert words in shown.stdout


def test_a_file_that_is_not_there_or_no_document_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="no such file"):
        propose_file(tmp_path / "none.pdf", None)
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.4 nothing")
    with pytest.raises(Refusal, match=r"broken\.pdf cannot be read"):
        propose_file(broken, None)


def test_the_trust_file_gives_calendar_and_meetings(notes: Path) -> None:
    known = known_of(load(TRUST_FILE))
    context = context_of(propose_file(notes, load(TRUST_FILE)).proposal.meeting, known)
    assert str(read_due("next SLT", context).date) == "2026-11-23"
    assert str(read_due("end of term", context).date) == "2026-12-18"
    assert str(read_due("next finance committee", context).date) == "2026-11-24"
