"""The administrators hear once of a trust file that cannot come into force, whatever looks at it and how often."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from slack_sdk import WebClient
from sqlalchemy import Engine

from bot.cli import doctor
from bot.config.settings import Settings
from bot.demo.workspace import Workspace
from bot.home.trust_watch import TrustWatch
from bot.slack.messages.outbox import Outbox
from bot.slack.people.people import People
from bot.trust.file import TrustFile
from bot.trust.live import LiveTrust
from tests.scenarios.conftest import said

GOOD = """
name: Alder Trust
schools: [{id: fernhill, name: Fernhill Primary School, phase: primary}]
people:
  - {id: ada, name: Ada Ash, email: ada@alder.example, roles: [administrator]}
  - {id: eve, name: Eve Ellis, email: eve@alder.example, roles: [executive]}
"""
PATIENCE = 3


def now() -> datetime:
    return datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with Workspace.start(rates=None) as workspace:
        workspace.add_user("ada", email="ada@alder.example")
        workspace.add_user("eve", email="eve@alder.example")
        yield workspace


class Watcher:
    """A process that looks at the copy in its home."""

    def __init__(self, home: Path, engine: Engine, workspace: Workspace) -> None:
        self.file = TrustFile(home / "trust.yaml", home, engine, now)
        trust = LiveTrust(engine, self.file.path, self.file.in_force())
        client = WebClient(workspace.bot_token, base_url=workspace.api_url)
        people = People(client, trust, lambda: 0.0)
        self.watch = TrustWatch(self.file, trust, home, people, Outbox(engine, client, client, now), PATIENCE)

    def look(self, times: int = 2) -> None:
        for _ in range(times):
            self.watch.look()
            self.watch.report()


def first(home: Path, engine: Engine) -> Path:
    (home / "trust.yaml").write_text(GOOD, encoding="utf-8")
    TrustFile(home / "trust.yaml", home, engine, now).settle()
    return home / "trust.yaml"


def heard(workspace: Workspace, person: str = "ada") -> list[str]:
    return [said(each) for each in workspace.direct(person)]


def test_a_mistake_is_told_once_and_so_is_its_end(engine: Engine, home: Path, workspace: Workspace) -> None:
    file = first(home, engine)
    one, two = Watcher(home, engine, workspace), Watcher(home, engine, workspace)
    for watcher in (one, two, one):
        watcher.look(3)
    assert heard(workspace) == []
    file.write_text(GOOD.replace("executive", "boss"), encoding="utf-8")
    one.look(1)
    assert heard(workspace) == [], "it may be half written"
    for watcher in (one, two, Watcher(home, engine, workspace)):
        watcher.look(4)
    (mistake,) = heard(workspace)
    assert "'boss' is not known here" in mistake
    assert "line 6" in mistake
    assert "version 1" in mistake
    file.write_text(GOOD.replace("Eve Ellis", "Eve Ash"), encoding="utf-8")
    for watcher in (one, two, Watcher(home, engine, workspace)):
        watcher.look(4)
    assert len(heard(workspace)) == 2
    assert "Version 2" in heard(workspace)[1]
    assert heard(workspace, "eve") == []


def test_a_second_mistake_of_another_day_is_told_again(engine: Engine, home: Path, workspace: Workspace) -> None:
    file = first(home, engine)
    watcher = Watcher(home, engine, workspace)
    for number in (1, 2):
        file.write_text("name: [", encoding="utf-8")
        watcher.look(3)
        file.write_text(GOOD, encoding="utf-8")
        watcher.look(3)
        assert len(heard(workspace)) == 2 * number


def test_a_copy_that_is_behind_is_told_when_it_stays_so(
    engine: Engine, home: Path, tmp_path: Path, workspace: Workspace
) -> None:
    file = first(home, engine)
    other = tmp_path / "other"
    other.mkdir()
    elsewhere = first(other, engine)
    watcher = Watcher(home, engine, workspace)
    watcher.look()
    elsewhere.write_text(GOOD.replace("Eve Ellis", "Eve Ash"), encoding="utf-8")
    TrustFile(elsewhere, other, engine, now).settle()
    watcher.look(PATIENCE)
    assert heard(workspace) == [], "files of several machines are not changed at once"
    watcher.look(PATIENCE)
    (behind,) = heard(workspace)
    assert "version 2" in behind
    assert str(elsewhere) in behind
    file.write_text(elsewhere.read_text(encoding="utf-8"), encoding="utf-8")
    watcher.look()
    assert "in order again" in heard(workspace)[1]


def test_the_doctor_says_what_is_in_force(sqlite_engine: Engine, home: Path) -> None:
    file = first(home, sqlite_engine)
    settings = Settings(home=home, trust_file=file)

    def finding() -> doctor.Finding:
        return next(each for each in doctor._trust(settings) if each.part == "trust file")

    assert (finding().state, "version 1 in force" in finding().seen) == ("good", True)
    file.write_text("name: [", encoding="utf-8")
    assert (finding().state, "Version 1" in finding().mend) == ("wrong", True)
    file.unlink()
    assert (finding().state, "trustbot trust show" in finding().mend) == ("wrong", True)
    file.write_text(GOOD, encoding="utf-8")
    other = home / "other"
    other.mkdir()
    elsewhere = first(other, sqlite_engine)
    elsewhere.write_text(GOOD.replace("Eve Ellis", "Eve Ash"), encoding="utf-8")
    TrustFile(elsewhere, other, sqlite_engine, now).settle()
    assert (finding().state, "version 2" in finding().seen) == ("wrong", True)
