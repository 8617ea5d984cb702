"""A sync that is killed at any moment goes on where it was, and ends with the same library."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.runtime import db
from ingest.metadata.describe import FolderRule
from ingest.sync.reconcile import Progress, sync
from ingest.sync.scan import Root
from knowledge.library.library import Library
from knowledge.library.tables import DocumentRow, PassageRow
from knowledge.passages import EVERYONE
from tests.ingest.conftest import snapshot, write
from tests.knowledge.books import Lottery

KILLS = 12
HOUSE = Path(__file__).resolve().parents[3]
PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from tests.ingest.sync.test_killed import level
from pathlib import Path
print("ready", flush=True)
level(Path(sys.argv[2]), Path(sys.argv[3]), lambda progress: print(progress.passages, flush=True))
"""


def level(home: Path, shelf: Path, progress: Callable[[Progress], None] | None = None) -> None:
    engine = db.make_engine(f"sqlite:///{home / 'trustbot.sqlite'}")
    summary = sync(Library(engine, Lottery()), [Root(shelf, FolderRule(EVERYONE))], home=home, progress=progress)
    engine.dispose()
    assert summary.whole, summary


def start(home: Path, shelf: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM, str(HOUSE), str(home), str(shelf)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def stir(shelf: Path, chance: random.Random) -> None:
    """Write, change, version and remove papers, so that the next sync has all kinds of work."""
    for number in chance.sample(range(60), 25):
        text = "\n\n".join(f"Paragraph {at} says {chance.random()}." * 30 for at in range(chance.randrange(1, 6)))
        write(shelf, **{f"policies__paper-{number % 30}-{2000 + number}": text})
    for path in chance.sample(sorted(shelf.rglob("*.md")), 6):
        path.unlink()


def no_half_document(engine: db.Engine) -> None:
    held = select(PassageRow.document_id, func.count().label("held")).group_by(PassageRow.document_id)
    with engine.connect() as connection:
        counted = {row.id: row.passages for row in connection.execute(select(DocumentRow.id, DocumentRow.passages))}
        assert {row.document_id: row.held for row in connection.execute(held)} == counted


@pytest.mark.slow
def test_killed_at_random_moments_it_ends_with_the_library_of_an_undisturbed_run(tmp_path: Path, shelf: Path) -> None:
    chance = random.Random(22)
    home, calm = tmp_path / "home", tmp_path / "calm"
    engines = []
    for each in (home, calm):
        engines.append(db.make_engine(f"sqlite:///{each / 'trustbot.sqlite'}"))
        db.upgrade(engines[-1])
    stir(shelf, chance)
    killed = midway = 0
    while killed < KILLS:
        stir(shelf, chance)
        process = start(home, shelf)
        assert process.stdout
        # Each file tells twice how far it is, when it was read and when it is in.
        told = [process.stdout.readline() for _ in range(chance.randrange(60))]
        try:
            process.wait(chance.uniform(0.0, 0.02))
            assert process.returncode == 0
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL
            killed += 1
            midway += bool(told) and int(told[-1]) > 0
        process.stdout.close()
        no_half_document(engines[0])
    assert 0 < midway < KILLS, "the kills came all before or all after the first document was in"
    level(home, shelf)
    level(calm, shelf)
    assert snapshot(engines[0]) == snapshot(engines[1])
    assert snapshot(engines[0])[0]
    for engine in engines:
        engine.dispose()
