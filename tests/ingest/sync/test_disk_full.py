"""A full disk is told as such, loses nothing, and the sync goes on when there is room."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from queue import Queue

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from bot.runtime import db
from bot.runtime.failures import DISK_FULL, disk_full, disk_is_full
from ingest.metadata.describe import FolderRule
from ingest.sync.reconcile import sync
from ingest.sync.scan import Root
from ingest.sync.watch import watch
from knowledge.library.library import Library
from knowledge.passages import EVERYONE, OPERATOR
from tests.ingest.conftest import Level, snapshot, write
from tests.ingest.sync.test_killed import no_half_document
from tests.knowledge.books import Lottery

HOUSE = Path(__file__).resolve().parents[3]
PATIENCE, UNBOUNDED = 60, 1_000_000


class Quota:
    """How many pages SQLite may use: it says itself that the disk is full where there are no more."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._most = UNBOUNDED
        event.listen(engine, "checkout", self._limit)

    def allow(self, more: int) -> None:
        """So many pages more than there are now."""
        with self._engine.connect() as connection:
            self._most = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one()) + more

    def lift(self) -> None:
        """As many as there are on the disk."""
        self._most = UNBOUNDED

    def _limit(self, connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {self._most}")


def papers(shelf: Path, words: str, count: int = 12) -> None:
    for at in range(count):
        write(shelf, **{f"paper-{at}": "\n\n".join(f"{words} {at} {line} " * 25 for line in range(40))})


def test_a_full_disk_loses_nothing_and_the_sync_goes_on_when_there_is_room(
    library: Library, sqlite_engine: Engine, tmp_path: Path, shelf: Path, level: Level
) -> None:
    quota = Quota(sqlite_engine)
    write(shelf, first="Hirers pay.")
    assert level().whole
    papers(shelf, "Words")
    quota.allow(60)
    with pytest.raises(OperationalError) as full:
        level()
    assert disk_is_full(full.value)
    no_half_document(sqlite_engine)
    held = {document.file_name for document in library.documents(OPERATOR)}
    assert "first.md" in held
    assert len(held) < 13
    quota.lift()
    assert level().whole
    calm = db.make_engine(f"sqlite:///{tmp_path / 'calm.sqlite'}")
    db.upgrade(calm)
    sync(Library(calm, Lottery()), [Root(shelf, FolderRule(EVERYONE))])
    assert snapshot(sqlite_engine) == snapshot(calm)
    calm.dispose()


def test_the_bot_says_that_the_disk_is_full_and_tries_again(
    library: Library, sqlite_engine: Engine, shelf: Path, level: Level, caplog: pytest.LogCaptureFixture
) -> None:
    quota = Quota(sqlite_engine)
    papers(shelf, "Words", 3)
    quota.allow(0)
    done: Queue[bool] = Queue()
    stop = threading.Event()

    def bring() -> None:
        try:
            level()
        except OperationalError:
            done.put(False)
            raise
        done.put(True)

    arguments = {"quiet": 0.05, "again": 0.1, "known": disk_full}
    worker = threading.Thread(target=watch, args=(lambda: [shelf], bring, stop), kwargs=arguments)
    with caplog.at_level(logging.ERROR):
        worker.start()
        assert done.get(timeout=PATIENCE) is False
        assert done.get(timeout=PATIENCE) is False
        quota.lift()
        while not done.get(timeout=PATIENCE):
            pass
        stop.set()
        worker.join(PATIENCE)
    assert not worker.is_alive()
    assert DISK_FULL in caplog.text
    assert "OperationalError" not in caplog.text
    assert len(library.documents(OPERATOR)) == 3


PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from bot.runtime import db
from bot.runtime.failures import disk_full
from ingest.metadata.describe import FolderRule
from ingest.sync.scan import Root
from ingest.sync.reconcile import sync
from knowledge.library.library import Library
from knowledge.passages import EVERYONE
from tests.knowledge.books import Lottery
home, shelf = Path(sys.argv[2]), Path(sys.argv[3])
engine = db.make_engine(f"sqlite:///{home / 'trustbot.sqlite'}")
db.upgrade(engine)
library = Library(engine, Lottery())
def bring():
    return sync(library, [Root(shelf, FolderRule(EVERYONE))], home=home)
try:
    bring()
except Exception as error:
    print(disk_full(error), flush=True)
(home / "ballast").unlink()
print(bring().whole, len(library.entries()))
"""
SMALL_DISK = """
mount -t tmpfs -o size=6m tmpfs "$1" || exit
dd if=/dev/zero of="$1/ballast" bs=1M count=5 2>/dev/null
exec "$2" -c "$3" "$4" "$1" "$5"
"""


@pytest.mark.slow
def test_on_a_small_disk_of_its_own(tmp_path: Path, shelf: Path) -> None:
    alone = ["unshare", "--user", "--map-root-user", "--mount"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("this machine lets nobody but root mount a disk")
    papers(shelf, "Words", 30)
    disk = tmp_path / "disk"
    disk.mkdir()
    script = ["sh", "-c", SMALL_DISK, "sh", str(disk), sys.executable, PROGRAM, str(HOUSE), str(shelf)]
    done = subprocess.run([*alone, *script], capture_output=True, text=True)
    assert done.stdout.splitlines() == [DISK_FULL, "True 30"], done.stderr[-800:]
