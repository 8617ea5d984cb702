"""The embedded index's folder: killed, damaged, or wanted by two processes, it comes back to what the library holds."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from knowledge.index.chroma import index as chroma_index
from knowledge.index.chroma.index import ChromaIndex
from knowledge.library.library import Library
from knowledge.passages import OPERATOR
from tests.knowledge.books import STAFF, Lottery, asked, document, pages
from tests.knowledge.index.index_process import LENGTH, WIDE

LONG = 120.0
ROOT = Path(__file__).resolve().parents[3]


@contextlib.contextmanager
def process(home: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.knowledge.index.index_process", str(home), *words]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        try:
            yield child
        finally:
            child.kill()


def said(child: subprocess.Popen[str]) -> str:
    assert child.stdout
    return child.stdout.readline().strip()


@contextlib.contextmanager
def opened(engine: Engine, home: Path, encoder: Lottery) -> Iterator[tuple[Library, ChromaIndex]]:
    index = chroma_index.embedded(engine, encoder, home)
    index.start()
    try:
        yield Library(engine, encoder, index), index
    finally:
        index.close()


def same_as_exact(engine: Engine, library: Library, encoder: Lottery) -> None:
    """Every passage is found first by its own vector, and no passage of anything else is found at all."""
    exact = Library(engine, encoder)
    total = exact.status().passages
    (question,) = encoder.encode(["anything"])
    found, expected = library.nearest(question, OPERATOR, total + 9), exact.nearest(question, OPERATOR, total + 9)
    assert sorted(each for each, _ in found) == sorted(each for each, _ in expected)
    assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-4)


def kill_while_it_writes(home: Path, times: int, seed: int) -> None:
    """Start a process that writes, wait for the index's files to change, and kill it then and there.

    What writes the files is a child of that process: it is killed too, before its parent, after it, or not at all.
    """
    dice = random.Random(seed)
    for _ in range(times):
        with process(home, "writes") as child:
            assert said(child) == "level chroma, embedded"
            before = stamps(home)
            deadline = time.monotonic() + dice.choice([0.0, 0.3, 3.0])
            while stamps(home) == before and time.monotonic() < deadline:
                pass
            time.sleep(dice.random() * 0.02)
            doomed = [child.pid, *children(child.pid)[: dice.choice([0, 1, 1, 1])]]
            for each in dice.sample(doomed, len(doomed)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(each, signal.SIGKILL)


def children(parent: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found.extend(int(each) for each in task.read_text().split())
    return found


def stamps(home: Path) -> list[int]:
    # A folder may be swapped for another at any moment, so also between finding it and looking into it.
    for _ in range(100):
        with contextlib.suppress(FileNotFoundError):
            return [file.stat().st_mtime_ns for file in sorted((home / "chroma").glob("*/*/*.bin"))]
    raise AssertionError("the index's folder is never still")


def killed_and_level(engine: Engine, home: Path, times: int, seed: int) -> None:
    kill_while_it_writes(home, times, seed)
    encoder = Lottery(dimension=WIDE)
    with opened(engine, home, encoder) as (library, index):
        assert index.wait(LONG)
        assert index.kind == "chroma, embedded"
        same_as_exact(engine, library, encoder)
        entries = library.entries()
        for key, entry in entries.items():
            ids = [f"{key}-{ordinal}" for ordinal in range(LENGTH)]
            assert list(library.passages(OPERATOR, ids)) == ids
            assert entry.passages == LENGTH
    assert len([each for each in (home / "chroma").iterdir() if each.is_dir()]) == 1


def test_kills_during_index_writes_leave_an_index_that_becomes_level(sqlite_engine: Engine, home: Path) -> None:
    killed_and_level(sqlite_engine, home, 4, seed=1)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [2, 3])
def test_more_kills(sqlite_engine: Engine, home: Path, seed: int) -> None:
    killed_and_level(sqlite_engine, home, 10, seed)


def truncate(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def garble(file: Path) -> None:
    size = file.stat().st_size
    with file.open("r+b") as opened_file:
        opened_file.seek(size // 4)
        opened_file.write(random.Random(size).randbytes(size // 2))


DAMAGE: dict[str, Callable[[Path], None]] = {
    "truncated database": lambda folder: truncate(folder / "chroma.sqlite3"),
    "garbled database": lambda folder: garble(folder / "chroma.sqlite3"),
    "no database": lambda folder: (folder / "chroma.sqlite3").unlink(),
    "truncated vectors": lambda folder: truncate(*folder.glob("*/data_level0.bin")),
    "garbled vectors": lambda folder: garble(*folder.glob("*/data_level0.bin")),
    "no vectors": lambda folder: next(folder.glob("*/data_level0.bin")).unlink(),
    "truncated links": lambda folder: truncate(*folder.glob("*/link_lists.bin")),
    "garbled names": lambda folder: garble(*folder.glob("*/index_metadata.pickle")),
    "no header": lambda folder: next(folder.glob("*/header.bin")).unlink(),
    "no index": lambda folder: shutil.rmtree(next(each for each in folder.iterdir() if each.is_dir())),
    "nothing": lambda folder: shutil.rmtree(folder),
    "garbled pointer": lambda folder: garble(folder.parent / "current"),
    "no pointer": lambda folder: (folder.parent / "current").unlink(),
}


@pytest.fixture(scope="module")
def sound_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a library of 2,400 passages and a sound index of it, closed."""
    from bot.runtime import db

    home = tmp_path_factory.mktemp("sound")
    engine = db.make_engine(f"sqlite:///{home / 'trustbot.sqlite'}")
    db.upgrade(engine)
    encoder = Lottery()
    with opened(engine, home, encoder) as (library, index):
        for number in range(24):
            library.put(document(f"d{number}"), pages(f"d{number}", 100))
        assert index.wait(LONG)
    engine.dispose()
    return home


QUICK = ("truncated database", "garbled vectors", "no index", "no pointer")


@pytest.mark.parametrize(
    "damage", [each if each in QUICK else pytest.param(each, marks=pytest.mark.slow) for each in DAMAGE]
)
def test_a_damaged_index_is_built_anew(sound_home: Path, tmp_path: Path, damage: str) -> None:
    from bot.runtime import db

    home = tmp_path / "home"
    shutil.copytree(sound_home, home)
    (folder,) = (each for each in (home / "chroma").iterdir() if each.is_dir())
    DAMAGE[damage](folder)
    engine = db.make_engine(f"sqlite:///{home / 'trustbot.sqlite'}")
    encoder = Lottery()
    with opened(engine, home, encoder) as (library, index):
        question = asked(encoder, document("d3"), pages("d3", 100)[42])
        assert library.nearest(question, STAFF, 1)[0][0] == "d3-42"
        assert index.wait(LONG)
        assert index.kind == "chroma, embedded"
        same_as_exact(engine, library, encoder)
    engine.dispose()


def test_a_sound_index_is_kept(sound_home: Path, tmp_path: Path) -> None:
    from bot.runtime import db

    home = tmp_path / "home"
    shutil.copytree(sound_home, home)
    before = sorted(each.name for each in (home / "chroma").iterdir())
    engine = db.make_engine(f"sqlite:///{home / 'trustbot.sqlite'}")
    with opened(engine, home, Lottery()) as (library, index):
        assert index.wait(LONG)
        same_as_exact(engine, library, Lottery())
    assert sorted(each.name for each in (home / "chroma").iterdir()) == before
    engine.dispose()


def test_the_second_process_searches_exactly_and_its_writes_reach_the_first(sqlite_engine: Engine, home: Path) -> None:
    encoder = Lottery(dimension=WIDE)
    with process(home) as first:
        assert said(first) == "level chroma, embedded"
        with opened(sqlite_engine, home, encoder) as (library, index):
            library.put(document("rules"), pages("rules", 20))
            question = asked(encoder, document("rules"), pages("rules", 20)[7])
            assert library.nearest(question, STAFF, 1)[0][0] == "rules-7"
            assert index.kind == "exact"
            assert not index.wait(1.0)
            first.kill()
            first.wait(20)
            assert index.wait(LONG)
            assert index.kind == "chroma, embedded"
            same_as_exact(sqlite_engine, library, encoder)


def test_an_index_process_that_dies_is_replaced(sqlite_engine: Engine, home: Path) -> None:
    encoder = Lottery()
    before = set(children(os.getpid()))
    with opened(sqlite_engine, home, encoder) as (library, index):
        library.put(document("rules"), pages("rules", 20))
        assert index.wait(LONG)
        (worker,) = set(children(os.getpid())) - before
        os.kill(worker, signal.SIGKILL)
        question = asked(encoder, document("rules"), pages("rules", 20)[7])
        assert library.nearest(question, STAFF, 1)[0][0] == "rules-7"
        library.put(document("lunch"), pages("lunch", 20))
        assert index.wait(LONG)
        assert index.kind == "chroma, embedded"
        same_as_exact(sqlite_engine, library, encoder)
