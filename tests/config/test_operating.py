"""What an operator's machine does to a home: names with odd characters, other users, a full disk, a newer database."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from bot import app
from bot.config import settings
from bot.config.private_home import keep_private, open_to_others
from bot.errors import Refusal
from bot.runtime import db
from bot.runtime.failures import DISK_FULL, disk_is_full, record_failure
from ingest.metadata.describe import FolderRule
from ingest.sync.scan import Root, scan
from knowledge.passages import EVERYONE

ODD = "a b%20c?d#e & é"


def others_may(path: Path) -> bool:
    return bool(stat.S_IMODE(path.lstat().st_mode) & 0o077)


def everything(home: Path) -> list[Path]:
    return [home, *(path for path in home.rglob("*") if not path.is_symlink() and "encoder" not in path.parts)]


def test_nobody_else_reads_a_home_or_what_is_made_in_it(warm_home: Path) -> None:
    found = settings.load_settings({"TRUSTBOT_HOME": str(warm_home)})
    with app.indexed(found) as (known, index):
        index.wait(60.0)
        assert [path for path in everything(warm_home) if path.is_file() and others_may(path)] == []
        assert not others_may(warm_home)
        assert known.library.status().documents
    assert open_to_others(warm_home) == []


def test_a_home_of_before_is_closed_and_documents_in_it_stay_as_they_are(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "pulse").mkdir(parents=True, mode=0o755)
    (home / "policies").mkdir(mode=0o755)
    for name in ("trustbot.sqlite", "trustbot.sqlite-wal", "pulse/key", "policies/lettings.md"):
        (home / name).write_text("x")
        (home / name).chmod(0o644)
    for folder in (home, home / "pulse"):
        folder.chmod(0o755)
    assert len(open_to_others(home)) == 5
    before = os.umask(0o022)
    try:
        keep_private(home)
        assert open_to_others(home) == []
        assert others_may(home / "policies" / "lettings.md")
        (home / "fresh").write_text("x")
        assert not others_may(home / "fresh")
    finally:
        os.umask(before)


def test_a_home_with_odd_characters_in_its_name_holds_all_of_it(tmp_path: Path, warm_home: Path) -> None:
    home = tmp_path / ODD
    warm_home.rename(home)
    (tmp_path / "policy.md").write_text("# Bicycle policy\n\nBicycles are kept in the shed by the east gate.\n")
    environment = {**os.environ, "TRUSTBOT_HOME": str(home)}

    def run(*words: str) -> str:
        command = [sys.executable, "-m", "bot.cli", *words]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("ingest", str(tmp_path / "policy.md"))
    assert "east gate" in run("ask", "Where are bicycles kept?")
    assert (home / "trustbot.sqlite").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([ODD, "policy.md"])
    durable = create_engine(settings.load_settings({"TRUSTBOT_HOME": str(home)}).durable_database)
    with durable.connect() as connection:
        connection.execute(text("CREATE TABLE t (x)"))
    durable.dispose()
    assert (home / "durable.sqlite").exists()


def test_a_newer_database_is_refused_in_a_sentence(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for look in (db.pending, db.upgrade):
        with pytest.raises(Refusal, match=r"A newer version of Trustbot has used this database \(schema 9999"):
            look(engine)


def test_doctor_ends_with_one_at_a_newer_database(warm_home: Path) -> None:
    database = db.make_engine(settings.load_settings({"TRUSTBOT_HOME": str(warm_home)}).database)
    db.upgrade(database)
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.dispose()
    command = [sys.executable, "-m", "bot.cli", "doctor"]
    environment = {**os.environ, "TRUSTBOT_HOME": str(warm_home)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert "newer version of Trustbot" in " ".join(done.stdout.split())


def test_a_full_disk_is_said_as_such(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with sqlite3.connect(tmp_path / "small.sqlite") as connection:
        connection.execute("PRAGMA max_page_count = 3")
        connection.execute("CREATE TABLE t (x)")
        with pytest.raises(sqlite3.OperationalError) as full:
            connection.execute("INSERT INTO t VALUES (zeroblob(100000))")
    wrapped = RuntimeError("wrapped")
    wrapped.__cause__ = full.value
    assert disk_is_full(wrapped)
    assert disk_is_full(OSError(errno.ENOSPC, "no"))
    assert not disk_is_full(OSError(errno.EACCES, "no"))
    record_failure(wrapped)
    assert DISK_FULL in caplog.text


@pytest.mark.parametrize("name", ["👩‍🏫 teacher.txt", "👨‍👩‍👧‍👦 families.md", "🏳️‍🌈 inclusion.txt", "🧑🏽‍🏫 staff.md"])
def test_a_name_with_joined_emoji_is_read(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("Words.")
    found = scan([Root(tmp_path, FolderRule(EVERYONE))])
    assert [entry.path.name for entry in found.found.values()] == [name]
    assert not found.refused


@pytest.mark.parametrize("name", ["zero\u200dwidth.txt", "turned\u202ecod.txt", "🏫\u200d.txt", "\u200d🏫.txt"])
def test_what_cannot_be_seen_is_still_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("Words.")
    assert not scan([Root(tmp_path, FolderRule(EVERYONE))]).found


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("0.0.0.0:8080", ("0.0.0.0", 8080)),
        (":3001", ("127.0.0.1", 3001)),
        ("3000", ("127.0.0.1", 3000)),
        ("[::1]:3000", ("::1", 3000)),
    ],
)
def test_where_to_listen_can_be_set(given: str, address: tuple[str, int]) -> None:
    assert settings.load_settings({"TRUSTBOT_HTTP": given}).http_address == address


@pytest.mark.parametrize("given", ["host:", "host:0", "host:70000", "http://host:3000", "a b:1"])
def test_where_not_to_listen_is_refused(given: str) -> None:
    with pytest.raises(Refusal, match="TRUSTBOT_HTTP"):
        settings.load_settings({"TRUSTBOT_HTTP": given})
