"""`make attack`: what an attacker, a busy day and a bad file are let do, in figures, in under ten minutes.

`python -m tests.attacks [--files FOLDER]`; the folder's files are read beside those that are made here. It ends with 1
where a promise broke.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.runtime import db
from ingest.isolated.reader import ReaderProcess
from ingest.readers.reading import Unreadable
from knowledge.answer.retrieve import Search
from knowledge.embedding.encoder import load
from knowledge.library.library import Library
from knowledge.passages import EVERYONE_PRINCIPAL, Reader
from knowledge.pipeline import Answerer
from tests.attacks import files
from tests.conftest import ENCODER_CACHE
from tests.scenarios import corpus
from tests.scenarios.conftest import Office, office_at, wait_until

ROOT = Path(__file__).parents[2]
ASKS, QUESTIONS, ASKERS, KILLS = 600, 200, 40, 5
SEED = 20261130
TODAY = date(2026, 11, 22)
QUESTION = "When are hirers of the sports hall invoiced?"
# Attacks that are tests: what they are called here, and where they stand.
SUITES = {
    "words in documents, questions and a model's answers": ("tests/attacks/test_attacks.py", "tests/knowledge/llm"),
    "files sent to the bot at work": ("tests/attacks/test_bad_files.py",),
    "one copy of the home, a poller, PostgreSQL's rows: who wrote which pulse answer": (
        "tests/pulse/test_storage_attacked.py",
        "tests/pulse/test_reidentification.py",
    ),
    "clocks, kills and restored backups: each message stands once": ("tests/runtime/test_once_anywhere.py",),
    "whose data /trust mydata gives": ("tests/privacy/test_mydata.py",),
    "digests above a channel's clearance": ("tests/digest/test_leaks.py",),
}


@dataclass(frozen=True)
class Figure:
    """One attack: how often it was tried, how often a promise broke, and what else was seen."""

    name: str
    tried: int
    broke: int
    seen: str
    seconds: float


def read_files(folder: Path | None) -> tuple[int, int, str]:
    """Files that harm their reader, read as the bot reads what is sent."""
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch)
        for name, make in files.HOLD_THEIR_READER.items():
            (made / re.sub(r"[^\w.]+", " ", name)).write_bytes(make())
        paths = [*sorted(made.iterdir()), *(sorted(folder.rglob("*")) if folder else ())]
        read = refused = broke = 0
        longest = 0.0
        with ReaderProcess(5.0) as aside:
            for path in (path for path in paths if path.is_file() and not path.is_symlink()):
                began = time.monotonic()
                try:
                    aside.load(path, path.stat().st_size)
                    read += 1
                except Unreadable:
                    refused += 1
                except Exception as error:
                    Console(stderr=True).print(f"{path.name!r}: {type(error).__name__}")
                    broke += 1
                longest = max(longest, time.monotonic() - began)
    return read + refused + broke, broke, f"{read} read, {refused} refused in a sentence, longest {longest:.1f} s"


def ask_as_anybody(_: Path | None) -> tuple[int, int, str]:
    """Random readers with random questions: nothing that they may not read is quoted, found or hinted at."""
    dice = random.Random(SEED)
    with tempfile.TemporaryDirectory() as scratch:
        engine = db.make_engine(f"sqlite:///{scratch}/trustbot.sqlite")
        db.upgrade(engine)
        encoder = load(None, ENCODER_CACHE)
        library = Library(engine, encoder)
        corpus.fill(library)
        search = Search(library, encoder, corpus.TRUST.names, lambda: TODAY)
        answerer = Answerer(search)
        everything = library.documents(Reader.of(corpus.TRUST.principals | {EVERYONE_PRINCIPAL}))
        principals = sorted(corpus.TRUST.principals | {EVERYONE_PRINCIPAL})
        words = sorted({word for document in everything for word in document.title.split()})
        accesses = leaks = 0
        for _number in range(ASKS):
            members = [set(dice.sample(principals, dice.randint(0, 3))) for _ in range(dice.randint(1, 3))]
            reader = Reader(frozenset(map(frozenset, members)))
            question = dice.choice((QUESTION, f"What does {' '.join(dice.sample(words, 3))} say?", corpus.SECRET))
            hits = search.search(question, reader, 12).hits
            answer = answerer.answer(question, reader)
            shown = [*(hit.document for hit in hits), *(citation.document for citation in answer.citations)]
            accesses += len(shown) + 1
            leaks += sum(not reader.may_read(document.audience) for document in shown)
            hidden = [document.title for document in everything if not reader.may_read(document.audience)]
            leaks += sum(title in answer.text for title in hidden)
        engine.dispose()
    return accesses, leaks, f"{ASKS} questions of random readers and channels"


def ask_all_at_once(_: Path | None) -> tuple[int, int, str]:
    """Many people who ask at once: each is acknowledged in time and answered once."""
    with _office() as office:
        people = [office.workspace.add_user(f"p{n}", f"Person {n}", email=f"p{n}@alder.example") for n in range(ASKERS)]
        channel = office.workspace.add_channel("busy", [person.name for person in people])
        office.open()
        began = time.monotonic()
        asked = [office.mention(people[n % ASKERS].name, channel, QUESTION) for n in range(QUESTIONS)]
        wait_until(lambda: all(map(office.workspace.replies, asked)), "all answers", 300)
        took = time.monotonic() - began
        office.rest()
        once = sum(len(office.workspace.replies(question)) == 1 for question in asked)
        waits = sorted(attempt.seconds for attempt in office.workspace.attempts if attempt.kind == "events_api")
    late = sum(wait > 3 for wait in waits)
    said = (
        f"acknowledged in {waits[len(waits) // 2]:.2f} s at the median, {waits[-1]:.2f} s at most; all in {took:.0f} s"
    )
    return QUESTIONS, QUESTIONS - once + late, said


def kill_while_asked(_: Path | None) -> tuple[int, int, str]:
    """`kill -9` with twenty questions in flight, time and again: each is answered once."""
    from tests.scenarios.running.test_killed import kill, running

    dice = random.Random(SEED)
    with _office() as office, tempfile.TemporaryDirectory() as folder:
        asked = []
        for _number in range(KILLS):
            with running(office, Path(folder)) as process:
                asked += [office.mention("bob", "staff", QUESTION) for _ in range(20)]
                time.sleep(dice.random() * 2)
                kill(process)
        with running(office, Path(folder)):
            wait_until(lambda: all(map(office.workspace.replies, asked)), "all answers", 240)
            office.rest()
        once = sum(len(office.workspace.replies(question)) == 1 for question in asked)
    return len(asked), len(asked) - once, f"{KILLS} kills"


@contextmanager
def _office() -> Iterator[Office]:
    with tempfile.TemporaryDirectory() as scratch, office_at(Path(scratch), load(None, ENCODER_CACHE)) as office:
        yield office


def run_suite(paths: tuple[str, ...]) -> tuple[int, int, str]:
    """Attacks that are tests, the slow ones too."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", *paths]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else "nothing ran"
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|errors?)", last)}
    passed = counts.pop("passed", 0)
    broke = sum(counts.values()) or int(done.returncode != 0)
    if broke:
        Console(stderr=True).print(done.stdout[-3000:], markup=False)
    return passed + broke, broke, "tests"


def main() -> int:
    """Attack, print the figures, and end with 1 where a promise broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=Path, default=None, help="a folder of further files to read")
    folder = parser.parse_args().files
    own: dict[str, Callable[[Path | None], tuple[int, int, str]]] = {
        "files that harm their reader": read_files,
        "documents shown to random readers": ask_as_anybody,
        "questions at once": ask_all_at_once,
        "questions in flight when the bot is killed": kill_while_asked,
    }
    attacks = [(name, lambda attack=attack: attack(folder)) for name, attack in own.items()]
    attacks += [(name, lambda paths=paths: run_suite(paths)) for name, paths in SUITES.items()]
    figures = []
    for name, attack in attacks:
        began = time.monotonic()
        figures.append(Figure(name, *attack(), time.monotonic() - began))
        Console(stderr=True).print(f"{name}: {figures[-1].tried} tried, {figures[-1].broke} broke")
    table = Table("attack", "tried", "broke", "seen", "seconds")
    for figure in figures:
        table.add_row(figure.name, str(figure.tried), str(figure.broke), figure.seen, f"{figure.seconds:.0f}")
    Console(width=150).print(table)
    return int(any(figure.broke for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
