"""Following the library's folders while the bot runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import pytest

from ingest.sync.watch import watch

PATIENCE = 30


@pytest.fixture
def stop() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def follow(folders: list[Path], calls: Queue[int], stop: threading.Event, every: float = 600.0) -> threading.Thread:
    """Watch these folders in a thread; each sync puts the number of files then in them into `calls`."""

    def sync() -> None:
        calls.put(sum(1 for folder in folders if folder.exists() for path in folder.rglob("*") if path.is_file()))

    worker = threading.Thread(target=watch, args=(lambda: folders, sync, stop), kwargs={"quiet": 0.05, "every": every})
    worker.start()
    return worker


def until(calls: Queue[int], wanted: int) -> None:
    while calls.get(timeout=PATIENCE) != wanted:
        pass


def test_what_is_added_changed_and_removed_is_seen(tmp_path: Path, stop: threading.Event) -> None:
    calls: Queue[int] = Queue()
    worker = follow([tmp_path], calls, stop)
    until(calls, 0)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "one.md").write_text("Words.")
    until(calls, 1)
    (tmp_path / "two.md").write_text("Words.")
    until(calls, 2)
    (tmp_path / "two.md").unlink()
    until(calls, 1)
    stop.set()
    worker.join(PATIENCE)
    assert not worker.is_alive()


def test_a_folder_that_goes_and_comes_back_is_followed_again(tmp_path: Path, stop: threading.Event) -> None:
    calls: Queue[int] = Queue()
    folder, other = tmp_path / "shelf", tmp_path / "other"
    other.mkdir()
    worker = follow([folder, other], calls, stop, every=0.1)
    until(calls, 0)
    folder.mkdir()
    (folder / "one.md").write_text("Words.")
    until(calls, 1)
    stop.set()
    worker.join(PATIENCE)
    assert not worker.is_alive()


def test_without_any_folder_it_waits_and_stops(tmp_path: Path, stop: threading.Event) -> None:
    calls: Queue[int] = Queue()
    worker = follow([tmp_path / "nowhere"], calls, stop)
    until(calls, 0)
    stop.set()
    worker.join(PATIENCE)
    assert not worker.is_alive()


def test_a_failure_is_logged_without_its_words_and_tried_again(
    tmp_path: Path, stop: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    calls: Queue[int] = Queue()
    words = " ".join(["the", "words", "of", "a", "document"])

    def failing() -> None:
        calls.put(sum(1 for _ in tmp_path.iterdir()))
        raise ValueError(words)

    worker = threading.Thread(
        target=watch, args=(lambda: [tmp_path], failing, stop), kwargs={"quiet": 0.05, "again": 0.1}
    )
    with caplog.at_level(logging.ERROR):
        worker.start()
        until(calls, 0)
        until(calls, 0)
        (tmp_path / "one.md").write_text("Words.")
        until(calls, 1)
        stop.set()
        worker.join(PATIENCE)
    assert "ValueError" in caplog.text
    assert words not in caplog.text
