"""The command line as a person or a program meets it: in a process of its own."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from bot.runtime import db

Run = Callable[..., subprocess.CompletedProcess[str]]
VERBS = (
    *("demo", "run", "ingest", "ask", "search", "doctor", "rebuild"),
    *("minutes", "actions", "decisions", "db upgrade", "model", "digest preview", "digest post"),
    *("pulse list", "pulse open", "pulse close", "pulse results"),
    *("audit", "purge", "search-all", "stats", "insights", "guide", "hold add", "hold list", "hold lift"),
)
POLICY = """\
# Bicycle policy

## Storage

Bicycles are kept in the shed by the east gate. The shed is locked at 4.15 pm.

## Helmets

Every pupil who cycles to school wears a helmet. The school lends helmets from the front office.
"""
TRUST = """\
name: Fernhill Learning Trust
schools:
  - {id: oakfield, name: Oakfield Primary School, phase: primary}
people:
  - {id: ada, name: Ada Price, email: ada.price@fernhill.example, schools: [oakfield]}
  - {id: ben, name: Ben Cole}
library:
  - {path: oakfield, audience: oakfield}
"""


@pytest.fixture
def run(warm_home: Path, tmp_path: Path) -> Run:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "TRUSTBOT_"))}
    environment |= {"TRUSTBOT_HOME": str(warm_home), "COLUMNS": "200"}

    def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot.cli", *words],
            capture_output=True,
            text=True,
            env=environment | more,
            stdin=subprocess.DEVNULL,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "bicycle-policy.md").write_text(POLICY, encoding="utf-8")
    return folder


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(run: Run, verb: str) -> None:
    shown = run(*verb.split(), "--help")
    assert shown.returncode == 0
    assert "Example:" in shown.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("ask",),
        ("ask", " "),
        ("ask", "a question", "--batch", "b.jsonl", "--out", "o.jsonl"),
        ("ask", "--batch", "b"),
        ("answer",),
    ],
)
def test_wrong_usage_ends_with_2(run: Run, words: tuple[str, ...]) -> None:
    assert run(*words).returncode == 2


def test_a_fresh_home_answers_from_the_framework(run: Run) -> None:
    asked = run("ask", "What are the five tests of collaboration?", "--json")
    assert asked.returncode == 0, asked.stderr
    answer = json.loads(asked.stdout)
    assert answer["outcome"] == "answered"
    assert set(answer) == {"outcome", "answer", "citations", "seconds"}
    first = answer["citations"][0]
    assert set(first) == {"document", "title", "version", "page", "heading", "quote"}
    assert "MUTUALITY" in first["quote"]


def test_a_folder_goes_in_and_is_asked_and_what_cannot_is_refused_by_name(run: Run, policies: Path) -> None:
    (policies / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    taken = run("ingest", str(policies), "--json")
    assert taken.returncode == 1
    summary = json.loads(taken.stdout)
    assert (summary["added"], [each["name"] for each in summary["refused"]]) == (1, ["broken.pdf"])
    assert "everyone in the Slack workspace" in summary["note"]

    asked = json.loads(run("ask", "When is the bicycle shed locked?", "--json").stdout)
    assert asked["outcome"] == "answered"
    assert asked["citations"][0]["document"] == "bicycle-policy.md"
    assert "4.15 pm" in asked["citations"][0]["quote"]
    assert asked["citations"][0]["heading"] == "Bicycle policy › Storage"

    found = json.loads(run("search", "helmets", "--json").stdout)
    assert found[0]["document"] == "bicycle-policy.md"
    assert "helmet" in found[0]["text"]

    again = json.loads(run("ingest", str(policies), "--json").stdout)
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 1)


def test_a_folder_that_is_suddenly_empty_deletes_nothing_unasked(run: Run, policies: Path) -> None:
    assert run("ingest", str(policies)).returncode == 0
    (policies / "bicycle-policy.md").unlink()
    held = run("ingest", str(policies), "--json")
    assert held.returncode == 1
    assert "--allow-empty" in json.loads(held.stdout)["withheld"][0]
    assert json.loads(run("ask", "When is the bicycle shed locked?", "--json").stdout)["outcome"] == "answered"
    gone = json.loads(run("ingest", str(policies), "--allow-empty", "--json").stdout)
    assert gone["removed"] == 1
    assert json.loads(run("ask", "When is the bicycle shed locked?", "--json").stdout)["outcome"] == "not_found"


def test_a_batch_is_answered_in_order_with_the_progress_beside_it(run: Run, policies: Path, tmp_path: Path) -> None:
    run("ingest", str(policies))
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [{"id": 7, "question": "When is the bicycle shed locked?"}, {"id": "b", "question": "Who lends helmets?"}]
    source.write_text("\n".join(map(json.dumps, lines)) + "\n\n", encoding="utf-8")
    assert run("ask", "--batch", str(source), "--out", str(target)).returncode == 0
    answers = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [each["id"] for each in answers] == [7, "b"]
    assert "4.15 pm" in answers[0]["answer"]
    assert "front office" in answers[1]["answer"]


@pytest.mark.parametrize(
    ("line", "said"),
    [('{"id": 1}', "line 2"), ("not json", "line 2"), ('{"id": 1, "question": "x", "as": "zoe"}', "zoe")],
)
def test_a_batch_with_a_bad_line_is_refused_before_anything_is_written(
    run: Run, tmp_path: Path, warm_home: Path, line: str, said: str
) -> None:
    (warm_home / "trust.yaml").write_text(TRUST, encoding="utf-8")
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"id": 0, "question": "What is PACE?"}\n' + line, encoding="utf-8")
    refused = run("ask", "--batch", str(source), "--out", str(target))
    assert refused.returncode == 1
    assert said in refused.stderr
    assert not target.exists()


def test_people_of_the_trust_file_read_what_is_theirs(run: Run, warm_home: Path, policies: Path) -> None:
    (warm_home / "trust.yaml").write_text(TRUST, encoding="utf-8")
    policies.rename(warm_home / "oakfield")
    assert run("ingest").returncode == 0
    question = "When is the bicycle shed locked?"
    outcomes = {
        person: json.loads(run("ask", question, "--as", person, "--json").stdout)["outcome"]
        for person in ("ada.price@fernhill.example", "Ben Cole")
    }
    assert outcomes == {"ada.price@fernhill.example": "answered", "Ben Cole": "not_found"}
    nobody = run("ask", question, "--as", "zoe")
    assert (nobody.returncode, "knows nobody called 'zoe'" in nobody.stderr) == (1, True)


def test_outside_the_trusts_folders_an_audience_must_be_named(run: Run, warm_home: Path, policies: Path) -> None:
    (warm_home / "trust.yaml").write_text(TRUST, encoding="utf-8")
    unsaid = run("ingest", str(policies))
    assert (unsaid.returncode, "--audience" in unsaid.stderr) == (1, True)
    unknown = run("ingest", str(policies), "--audience", "governors")
    assert (unknown.returncode, "everyone, oakfield" in unknown.stderr) == (1, True)
    assert run("ingest", str(policies), "--audience", "oakfield").returncode == 0
    asked = json.loads(run("ask", "When is the bicycle shed locked?", "--as", "ben", "--json").stdout)
    assert asked["outcome"] == "not_found"


def test_a_wider_audience_never_reaches_into_a_folder_of_the_trust_file(
    run: Run, warm_home: Path, policies: Path
) -> None:
    within = policies / "oakfield"
    within.mkdir()
    (warm_home / "trust.yaml").write_text(TRUST.replace("path: oakfield", f"path: {within}"), encoding="utf-8")
    (policies / "bicycle-policy.md").rename(within / "bicycle-policy.md")
    (policies / "gate.md").write_text("# Gate notice\n\nThe east gate code is changed each term.\n", encoding="utf-8")
    said_twice = run("ingest", str(within), "--audience", "everyone")
    assert (said_twice.returncode, "Leave --audience out" in said_twice.stderr) == (1, True)
    assert run("ingest", str(policies), "--audience", "everyone").returncode == 0
    asked = [
        json.loads(run("ask", question, "--as", "ben", "--json").stdout)["outcome"]
        for question in ("When is the bicycle shed locked?", "When is the east gate code changed?")
    ]
    assert asked == ["not_found", "answered"]


def test_a_wrong_setting_or_trust_file_is_refused_in_a_sentence(run: Run, warm_home: Path) -> None:
    wrong = run("ask", "x", TRUSTBOT_CHROMA_URL="nowhere", TRUSTBOT_DATABASE_URL="")
    assert (wrong.returncode, "TRUSTBOT_CHROMA_URL" in wrong.stderr) == (1, True)
    (warm_home / "trust.yaml").write_text(TRUST.replace("phase: primary", "phase: big"), encoding="utf-8")
    mistaken = run("ask", "x")
    assert (mistaken.returncode, "line 3, schools.0.phase" in mistaken.stderr) == (1, True)
    assert "Traceback" not in wrong.stderr + mistaken.stderr


@pytest.mark.parametrize("verb", [("ask", "x"), ("db", "upgrade"), ("doctor",), ("stats",)])
def test_a_home_that_cannot_be_made_is_refused_in_a_sentence(run: Run, tmp_path: Path, verb: tuple[str, ...]) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    refused = run(*verb, TRUSTBOT_HOME=str(tmp_path / "file" / "home"))
    assert refused.returncode == 1
    assert "Set TRUSTBOT_HOME to a folder" in " ".join((refused.stdout + refused.stderr).split())
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("verb", [("ask", "x"), ("doctor",)])
def test_a_damaged_database_file_is_named_with_what_to_do(run: Run, warm_home: Path, verb: tuple[str, ...]) -> None:
    (warm_home / "trustbot.sqlite").write_bytes(b"this is no database" * 100)
    refused = run(*verb)
    assert refused.returncode == 1
    assert "put back your last copy" in " ".join((refused.stdout + refused.stderr).split())
    assert "Traceback" not in refused.stderr


def test_a_failure_of_ours_gives_a_reference_and_no_words(run: Run, warm_home: Path) -> None:
    with closing(sqlite3.connect(warm_home / "trustbot.sqlite")) as database, database:
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        database.execute("INSERT INTO alembic_version VALUES (?)", (db.HEAD,))
    failed = run("ask", "Who signed the secret letter?")
    assert failed.returncode == 1
    assert "(reference TB-" in failed.stderr
    assert "trustbot doctor" in failed.stderr
    assert "secret letter" not in failed.stderr


def test_the_doctor_looks_at_every_part(run: Run) -> None:
    looked = run("doctor", "--json")
    findings = {each["part"]: each for each in json.loads(looked.stdout)}
    assert looked.returncode == 0
    assert {"home", "trust file", "database", "Chroma", "embedding model", "scanned pages", "Slack"} <= set(findings)
    assert findings["embedding model"]["state"] == "good"
    assert "SLACK_BOT_TOKEN" in findings["Slack"]["mend"]


def test_the_doctor_ends_with_1_where_something_is_wrong(run: Run) -> None:
    looked = run("doctor", TRUSTBOT_DATABASE_URL="postgresql://u:hidden@127.0.0.1:1/x?connect_timeout=2")
    assert looked.returncode == 1
    assert "TRUSTBOT_DATABASE_URL" in looked.stdout
    assert "hidden" not in looked.stdout


def test_the_schema_is_upgraded_once(run: Run) -> None:
    assert json.loads(run("db", "upgrade", "--json").stdout) == {"upgraded": True}
    assert json.loads(run("db", "upgrade", "--json").stdout) == {"upgraded": False}


def test_two_that_begin_together_on_a_fresh_home_both_answer(run: Run) -> None:
    with ThreadPoolExecutor(4) as several:
        began = [several.submit(run, "db", "upgrade", "--json") for _ in range(4)]
        ended = [each.result() for each in began]
    assert [each.stderr for each in ended if each.returncode] == []
    assert sorted(json.loads(each.stdout)["upgraded"] for each in ended) == [False, False, False, True]


def test_an_index_is_rebuilt_from_the_database(run: Run, policies: Path) -> None:
    run("ingest", str(policies))
    rebuilt = run("rebuild", "--json")
    assert rebuilt.returncode == 0, rebuilt.stderr
    said = json.loads(rebuilt.stdout)
    assert (said["index"], said["lag"]) == ("chroma, embedded", 0)


@pytest.mark.slow
def test_the_tour_of_the_demo_plays_and_ends(run: Run) -> None:
    toured = run("demo", "--tour")
    assert toured.returncode == 0, toured.stderr
    assert "PURPOSE, MUTUALITY, CHANGE, PACE" in toured.stdout
    assert "DSL" in toured.stdout


@pytest.mark.slow
def test_the_demo_plays_ones_own_documents(run: Run, policies: Path) -> None:
    toured = run("demo", "--home", str(policies), "--tour")
    assert toured.returncode == 0, toured.stderr
    assert "There is no trust.yaml in that folder, so its people are made up" in toured.stderr + toured.stdout
    assert "When was our complaints procedure last reviewed?" in toured.stdout
    assert not (policies / "trust.yaml").exists()


def test_the_doctor_tells_of_work_that_was_set_aside(run: Run, warm_home: Path) -> None:
    run("db", "upgrade")
    with closing(sqlite3.connect(warm_home / "trustbot.sqlite")) as connection, connection:
        connection.execute(
            "INSERT INTO inbox (id, kind, payload, received, done, attempts, set_aside)"
            " VALUES ('Ev1', 'meetings.file', NULL, '2026-11-20 10:00:00', '2026-11-20 10:05:00', 2, 1)"
        )
    findings = {each["part"]: each for each in json.loads(run("doctor", "--json").stdout)}
    assert findings["inbox"]["state"] == "note"
    assert "1 piece of work was set aside, last of 20 November 2026" in findings["inbox"]["seen"]
