"""`trustbot digest preview` and `post` over the records of a home, with the local workspace as Slack."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config.trust import load
from bot.demo.sample import TRUST_FILE
from bot.demo.workspace import Workspace
from bot.demo.workspace.seeding import seed as seed_workspace
from bot.runtime import db
from tests.at_work import PATIENT
from tests.digest.year import MANIFEST, put_return, token

Run = Callable[..., subprocess.CompletedProcess[str]]
YESTERDAY = datetime.now(UTC) - timedelta(hours=20)


@pytest.fixture
def run(warm_home: Path) -> Run:
    (warm_home / "trust.yaml").write_text(
        TRUST_FILE.read_text(encoding="utf-8").replace("oakfield", "oak"), encoding="utf-8"
    )
    engine = db.make_engine(f"sqlite:///{warm_home / 'trustbot.sqlite'}")
    db.upgrade(engine)
    put_return(engine, "oak", YESTERDAY.date(), YESTERDAY)
    engine.dispose()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "TRUSTBOT_"))}
    environment |= {"TRUSTBOT_HOME": str(warm_home), "COLUMNS": "200"}

    def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bot.cli", "digest", *words]
        return subprocess.run(
            command, capture_output=True, text=True, env=environment | more, timeout=120, check=False
        )  # fmt: skip

    return run


def test_a_preview_as_text_and_json_for_different_people(run: Run) -> None:
    word = token("oak", YESTERDAY.date())
    shown = run("preview", "#executive")
    assert shown.returncode == 0, shown.stderr
    assert word in shown.stdout
    assert "No return to show from Riverside, Hazel Lane, Westbrook and Fernside." in shown.stdout
    found = json.loads(run("preview", "executive", "--as", "helen-marchbank", "--json").stdout)
    assert word in json.dumps(found["details"])
    assert found["channel"] == "executive"
    other = run("preview", "executive", "--as", "ella-knox", "--json")
    assert word not in other.stdout
    none = run("preview", "general")
    assert none.returncode == 1
    assert "There is one in: #executive, #heads, #oak-slt." in none.stderr


@pytest.mark.slow
def test_it_is_posted_once(run: Run) -> None:
    no_token = run("post", "executive")
    assert no_token.returncode == 1
    assert "SLACK_BOT_TOKEN" in no_token.stderr
    no_slack = run("post", "executive", SLACK_BOT_TOKEN="xoxb-1", SLACK_API_URL="http://127.0.0.1:1/api/")
    assert no_slack.returncode == 1
    assert no_slack.stderr.startswith("Slack refused, or does not answer.")
    with Workspace.start(MANIFEST, **PATIENT) as workspace:
        seed_workspace(workspace, load(TRUST_FILE))
        slack = {"SLACK_API_URL": workspace.api_url, "SLACK_BOT_TOKEN": workspace.bot_token}
        first = run("post", "executive", "--json", **slack)
        assert first.returncode == 0, first.stderr
        assert "It counts as this week's" in json.loads(first.stdout)["said"]
        again = run("post", "executive", **slack)
        assert "already" in again.stdout
        tops = [each for each in workspace.messages("executive") if not each.thread_ts]
        assert len(tops) == 1
