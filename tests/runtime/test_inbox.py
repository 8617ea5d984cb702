"""What was acknowledged is done, once, and then forgotten."""

from __future__ import annotations

import logging
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from dbos import DBOS
from sqlalchemy import Engine, text
from sqlalchemy.event import listens_for

from bot.runtime import db
from bot.runtime.failures import MaskingFormatter, masked_trace
from bot.runtime.inbox import Care, Inbox
from bot.runtime.spool import Spool, Spooled
from tests import at_work

SECRET = "the words of a leader"


@pytest.fixture
def make(engine: Engine, home: Path) -> Iterator[Callable[[], Inbox]]:
    """Makes inboxes over one database, one launched at a time."""
    at_work.close_all()
    made: list[Inbox] = []

    def inbox() -> Inbox:
        for each in made:
            each.stop()
        made[:] = [Inbox(engine, f"sqlite:///{home / 'durable.sqlite'}", lambda: datetime.now(UTC), 0.1)]
        return made[0]

    yield inbox
    for each in made:
        each.stop()


def rows(engine: Engine) -> list[tuple[str, str | None, bool]]:
    """Id, payload and whether it is done, of every event."""
    with engine.connect() as connection:
        found = connection.execute(text("SELECT id, payload, done FROM inbox ORDER BY id"))
        return [(row.id, row.payload, row.done is not None) for row in found]


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_an_event_is_handled_once_and_its_words_go(make: Callable[[], Inbox], engine: Engine, home: Path) -> None:
    seen: list[tuple[str, dict[str, str]]] = []
    inbox = make()
    inbox.handle({"ask": lambda event, payload: seen.append((event, payload))})
    inbox.launch()
    for _ in range(2):
        inbox.keep("Ev1", "ask", {"text": SECRET})
        inbox.start("Ev1")
    until(lambda: rows(engine) == [("Ev1", None, True)])
    inbox.keep("Ev1", "ask", {"text": SECRET})
    inbox.start("Ev1")
    assert rows(engine) == [("Ev1", None, True)]
    assert seen == [("Ev1", {"text": SECRET})]
    with sqlite3.connect(home / "durable.sqlite") as connection:
        dump = "\n".join(connection.iterdump())
    connection.close()
    assert "Ev1" in dump
    assert SECRET not in dump


def test_what_is_done_can_be_forgotten(make: Callable[[], Inbox], engine: Engine) -> None:
    inbox = make()
    inbox.handle({"ask": lambda event, payload: None})
    inbox.launch()
    for event in ("Ev1", "Ev2"):
        inbox.keep(event, "ask", {})
        inbox.start(event)
    until(lambda: all(done for _, _, done in rows(engine)))
    until(lambda: (status := DBOS.get_workflow_status("Ev1")) and status.status == "SUCCESS")
    inbox.forget(["Ev1", "Ev-unknown"])
    assert DBOS.get_workflow_status("Ev1") is None
    assert DBOS.get_workflow_status("Ev2") is not None


def test_a_failure_is_told_and_leaves_no_words_behind(make: Callable[[], Inbox], engine: Engine, home: Path) -> None:
    told: list[tuple[str, dict[str, str], str]] = []

    def fails(event: str, payload: dict[str, str]) -> None:
        raise ValueError(payload["text"])

    inbox = make()
    inbox.handle({"ask": fails})
    inbox.on_failure(lambda kind, payload, error: told.append((kind, payload, type(error).__name__)))
    inbox.launch()
    inbox.keep("Ev1", "ask", {"text": SECRET})
    inbox.start("Ev1")
    until(lambda: rows(engine) == [("Ev1", None, True)])
    assert told == [("ask", {"text": SECRET}, "ValueError")]
    with sqlite3.connect(home / "durable.sqlite") as connection:
        assert SECRET not in "\n".join(connection.iterdump())
    connection.close()


def test_what_was_kept_and_not_begun_is_begun_at_the_next_launch(make: Callable[[], Inbox], engine: Engine) -> None:
    inbox = make()
    inbox.keep("Ev1", "ask", {"text": SECRET})
    inbox.handle({"ask": lambda event, payload: None})
    inbox.launch()
    until(lambda: rows(engine) == [("Ev1", None, True)])


def test_what_was_kept_and_could_not_be_begun_is_begun_soon(make: Callable[[], Inbox], engine: Engine) -> None:
    inbox = make()
    inbox.handle({"ask": lambda event, payload: None})
    inbox.launch()
    inbox.keep("Ev1", "ask", {"text": SECRET})
    until(lambda: rows(engine) == [("Ev1", None, True)])


def test_stopping_waits_for_what_is_under_way(make: Callable[[], Inbox], engine: Engine) -> None:
    begun, go = threading.Event(), threading.Event()

    def slow(event: str, payload: dict[str, str]) -> None:
        begun.set()
        assert go.wait(20)

    inbox = make()
    inbox.handle({"ask": slow})
    inbox.launch()
    inbox.keep("Ev1", "ask", {})
    inbox.start("Ev1")
    assert begun.wait(20)
    threading.Timer(0.1, go.set).start()
    inbox.stop()
    assert rows(engine) == [("Ev1", None, True)]


def test_a_process_takes_the_place_of_one_that_is_gone_and_of_none_that_lives(postgresql_url: str) -> None:
    engines = [db.make_engine(postgresql_url) for _ in range(3)]
    first, second, third = (Inbox(engine, postgresql_url, lambda: datetime.now(UTC)) for engine in engines)
    names = first._own_executor(), second._own_executor()
    assert names[0] != names[1]
    engines[0].dispose()
    assert first._claim is not None
    first._claim.close()
    assert third._own_executor() == names[0]
    for inbox in (second, third):
        assert inbox._claim is not None
        inbox._claim.close()
    for engine in engines:
        engine.dispose()


def test_one_launch_in_a_process(make: Callable[[], Inbox], engine: Engine) -> None:
    inbox = make()
    inbox.launch()
    with pytest.raises(RuntimeError, match="already"):
        inbox.launch()


def test_a_trace_has_places_and_names_and_no_words() -> None:
    def inner() -> None:
        raise KeyError(SECRET)

    try:
        try:
            inner()
        except KeyError as error:
            raise ValueError(SECRET) from error
    except ValueError as error:
        trace = masked_trace(error)
        record = logging.LogRecord("any", logging.ERROR, __file__, 1, f"failed: {error}", (), (ValueError, error, None))
    assert "builtins.ValueError" in trace
    assert "builtins.KeyError" in trace
    assert "in inner" in trace
    assert SECRET not in trace
    assert SECRET not in MaskingFormatter().format(record)


def live_through(folder: Path) -> int:
    """Run the process of tests.runtime.set_aside_process; how it ended."""
    command = [sys.executable, "-m", "tests.runtime.set_aside_process", str(folder)]
    return subprocess.run(command, cwd=Path(__file__).parents[2], timeout=100, check=False).returncode


@pytest.mark.slow
def test_what_kills_the_process_twice_is_set_aside_and_told_and_what_was_beside_it_is_done(tmp_path: Path) -> None:
    ends = []
    while not ends or ends[-1] != 0:
        ends.append(live_through(tmp_path))
        assert len(ends) < 4
    assert ends == [-signal.SIGKILL, -signal.SIGKILL, 0]
    said = sorted((tmp_path / "said").read_text().splitlines())
    assert said == ["done Ev2", "done Ev3", "told Ev1 SetAside It is set aside."]


def test_what_is_stopped_in_order_has_no_try_counted_against_it(make: Callable[[], Inbox], engine: Engine) -> None:
    begun, go = threading.Event(), threading.Event()

    def slow(event: str, payload: dict[str, str]) -> None:
        begun.set()
        go.wait(60)

    inbox = make()
    inbox.handle({"file": slow}, care={"file": Care(tries=1, at_once=1)})
    inbox.launch()
    inbox.keep("Ev1", "file", {})
    inbox.start("Ev1")
    assert begun.wait(20)
    inbox.stop(0.0)
    go.set()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT attempts, set_aside FROM inbox")).one() == (0, False)


def test_who_cannot_be_told_now_that_his_job_is_set_aside_is_told_later(
    make: Callable[[], Inbox], engine: Engine
) -> None:
    told: list[str] = []

    def tell(kind: str, payload: dict[str, str], error: Exception) -> None:
        told.append(str(error))
        if len(told) < 3:
            raise ConnectionError

    inbox = make()
    inbox.handle({"file": lambda event, payload: told.append("handled")}, tell, {"file": Care(2, "Aside.", 1)})
    inbox.keep("Ev1", "file", {"text": SECRET})
    with engine.begin() as connection:
        connection.execute(text("UPDATE inbox SET attempts = 2"))
    inbox.launch()
    until(lambda: rows(engine) == [("Ev1", None, True)])
    assert told == ["Aside."] * 3


def test_work_that_takes_long_leaves_threads_for_the_rest(make: Callable[[], Inbox], engine: Engine) -> None:
    go = threading.Event()
    begun: list[str] = []

    def slow(event: str, payload: dict[str, str]) -> None:
        begun.append(event)
        go.wait(60)

    inbox = make()
    inbox.handle({"file": slow}, care={"file": Care(at_once=2)})
    inbox.handle({"ask": lambda event, payload: None})
    inbox.launch()
    for at in range(40):
        inbox.keep(f"Ev{at:02}", "file", {"user": str(at)})
        inbox.start(f"Ev{at:02}")
    inbox.keep("Ev99", "ask", {})
    inbox.start("Ev99")
    until(lambda: ("Ev99", None, True) in rows(engine))
    assert len(begun) == 2
    go.set()
    until(lambda: all(done for _, _, done in rows(engine)))
    assert sorted(begun) == [f"Ev{at:02}" for at in range(40)]


def spooling(engine: Engine, home: Path) -> Inbox:
    return Inbox(engine, f"sqlite:///{home / 'durable.sqlite'}", lambda: datetime.now(UTC), 0.1, Spool(home / "spool"))


def test_a_locked_database_holds_up_no_event_and_none_is_lost(sqlite_engine: Engine, home: Path) -> None:
    at_work.close_all()
    seen: list[str] = []
    inbox = spooling(sqlite_engine, home)
    inbox.handle({"ask": lambda event, payload: seen.append(payload["text"])})
    other = sqlite3.connect(home / "trustbot.sqlite", isolation_level=None)
    inbox.launch()
    try:
        other.execute("BEGIN IMMEDIATE")
        inbox.keep("e1", "ask", {"text": SECRET})
        inbox.keep("e1", "ask", {"text": SECRET})
        inbox.start("e1")
        # It was kept although the lock was never given up, and nothing of it is done yet.
        assert other.in_transaction
        assert rows(sqlite_engine) == []
        assert [path.stat().st_mode & 0o077 for path in (home / "spool").iterdir()] == [0]
        other.execute("ROLLBACK")
        until(lambda: seen and rows(sqlite_engine) == [("e1", None, True)])
        assert seen == [SECRET]
        assert list((home / "spool").iterdir()) == []
    finally:
        other.close()
        inbox.stop()


def test_what_was_spooled_by_a_process_that_died_is_done_by_the_next(sqlite_engine: Engine, home: Path) -> None:
    at_work.close_all()
    Spool(home / "spool").put(Spooled("e1", "ask", '{"text": "one"}', datetime.now(UTC).isoformat()))
    (home / "spool" / "half.json").write_text('{"id": "e2", ')
    seen: list[str] = []
    inbox = spooling(sqlite_engine, home)
    inbox.handle({"ask": lambda event, payload: seen.append(payload["text"])})
    inbox.launch()
    try:
        until(lambda: rows(sqlite_engine) == [("e1", None, True)])
    finally:
        inbox.stop()
    assert seen == ["one"]


def test_a_full_database_keeps_events_in_the_spool(home: Path) -> None:
    engine = db.make_engine(f"sqlite:///{home / 'trustbot.sqlite'}")
    db.upgrade(engine)
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    @listens_for(engine, "checkout")
    def _no_more(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    inbox = spooling(engine, home)
    for number in range(40):
        inbox.keep(f"e{number}", "ask", {"text": "x" * 4000})
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT count(*) FROM inbox")).scalar_one()
    assert kept + len(list(Spool(home / "spool").waiting())) == 40
    assert kept < 40
    engine.dispose()
