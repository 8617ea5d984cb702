"""Copies of the home between any two commits: one with its log, a poller's many, and PostgreSQL's rows as they lie."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from bot.pulse.model import THRESHOLD, Choice
from bot.pulse.results.publish import Publication
from bot.pulse.sealed import answers
from tests.pulse import attacker
from tests.pulse.attacker import Copy
from tests.pulse.conftest import Polling, drawn, roster

WAVES = 4


@contextmanager
def between_commits(poll: Callable[[], None]) -> Iterator[None]:
    """Let somebody look after every single commit."""

    def look(_: Session) -> None:
        poll()

    event.listen(Session, "after_commit", look)
    try:
        yield
    finally:
        event.remove(Session, "after_commit", look)


def _a_wave(polling: Polling, dice: random.Random, close: bool = True) -> tuple[dict[str, tuple[Choice, ...]], bytes]:
    """A wave of nine to twelve who answer, one or two of whom think again: what each said in the end, and the secret
    that lies in the safe."""
    writers = dice.randint(9, 12)
    tokens = polling.opened(roster(writers + 2))
    (secret,) = polling.drawer.held.values()
    said: dict[str, tuple[Choice, ...]] = {}
    for person in dice.sample(sorted(tokens), writers):
        said[person] = drawn(dice)
        polling.says(person, tokens[person], said[person], f"What {dice.random()} thinks")
        if dice.random() < 0.15:
            again = dice.choice(sorted(said))
            said[again] = drawn(dice)
            polling.says(again, tokens[again], said[again])
    if close:
        assert polling.closed()
    return said, secret


def _people(rows: list[str], everybody: int = 20) -> set[str]:
    return {f"p{number:03}" for number in range(everybody) if any(f"'p{number:03}'" in row for row in rows)}


def test_one_copy_with_its_log_names_nobody(sqlite_engine: Engine, home: Path, tmp_path: Path) -> None:
    """The attack that named nine of nine: each commit of the write-ahead log beside the one before."""
    with sqlite_engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    said, secret = _a_wave(Polling(sqlite_engine, home), random.Random(1), close=False)
    copies = list(attacker.every_commit(home, tmp_path / "scratch"))
    assert len(copies) > len(said)
    assert any(copy.tables["pulse_waiting"] for copy in copies)
    assert copies[-1].tables["pulse_answers"]
    for copy in copies:
        assert not copy.opened("pulse_answers")
        assert not copy.opened("pulse_waiting")
        assert secret not in copy.keys
    assert attacker.named(copies, random.Random(1)) == {}
    assert attacker.opened(secret, copies[-1].tables["pulse_answers"][0][-1]), "the attacker can read, had he the key"


def test_a_poller_learns_nothing_and_if_he_could_read_no_more_than_by_guessing(
    sqlite_engine: Engine, home: Path, tmp_path: Path
) -> None:
    dice = random.Random(8)
    right = written = 0
    for _ in range(WAVES):
        polling, copies = Polling(sqlite_engine, home), list[Copy]()
        with between_commits(lambda seen=copies: seen.append(attacker.now(home, tmp_path / "scratch"))):  # type: ignore[misc]
            said, secret = _a_wave(polling, dice)
        assert attacker.named(copies, dice) == {}
        guessed = attacker.named(copies, dice, [secret])
        right += attacker.right(guessed, said)
        written += sum(
            not set(earlier.tables["pulse_answers"]) == set(later.tables["pulse_answers"]) != set()
            for earlier, later in pairwise(copies)
        )
        _begin_again(sqlite_engine)
    # Of each batch a guess at random has one right, in the mean, however many it is of.
    assert written >= WAVES
    assert right <= 1.7 * written


def test_no_commit_of_an_open_wave_changes_the_rows_of_fewer_than_five_people(
    sqlite_engine: Engine, home: Path, tmp_path: Path
) -> None:
    """Over every table of the database: whoever compares two copies sees a nameless envelope more, or five people."""
    polling, copies = Polling(sqlite_engine, home), list[Copy]()
    with between_commits(lambda: copies.append(attacker.now(home, tmp_path / "scratch"))):
        _a_wave(polling, random.Random(3))
    opened = next(number for number, copy in enumerate(copies) if copy.tables["pulse_seals"])
    sizes = set()
    for before, after in pairwise(copies[opened:]):
        rows = attacker.changed(before, after)
        people = _people(rows)
        sizes.add(len(people))
        assert not people or len(people) >= THRESHOLD
        if not people:
            assert {row.split()[0] for row in rows} <= {"pulse_waiting", "pulse_seals"}
    assert {0, THRESHOLD} <= sizes


def test_an_envelope_tells_nothing_by_its_size(sqlite_engine: Engine, home: Path) -> None:
    polling = Polling(sqlite_engine, home)
    tokens = polling.opened(roster(12))
    for person, comment in zip(sorted(tokens)[:4], ("", "No.", "x" * 500, '"\\' * 250), strict=True):
        polling.says(person, tokens[person], drawn(random.Random(1)), comment)
    with sqlite_engine.connect() as connection:
        sizes = {len(sealed) for (sealed,) in connection.execute(text("SELECT sealed FROM pulse_waiting"))}
    assert len(sizes) == 1


def test_postgresqls_rows_as_they_lie_join_nobody(engine: Engine, home: Path) -> None:
    """Place and transaction of every row, looked at after each commit: those of a batch are one transaction's, and
    their order is by chance."""
    if engine.dialect.name != "postgresql":
        pytest.skip("rows have no transaction on SQLite")
    dice = random.Random(21)
    right = batches = 0
    for _ in range(WAVES):
        looks: list[tuple[list[tuple[str, str]], list[tuple[str, bytes]]]] = []

        def look(seen: list[tuple[list[tuple[str, str]], list[tuple[str, bytes]]]] = looks) -> None:
            with engine.connect() as connection:
                marks = connection.execute(
                    text("SELECT xmin::text, person FROM pulse_participation WHERE state = 'answered' ORDER BY ctid")
                ).all()
                rows = connection.execute(text("SELECT xmin::text, sealed FROM pulse_answers ORDER BY ctid")).all()
            seen.append(([tuple(row) for row in marks], [(made, bytes(sealed)) for made, sealed in rows]))

        polling = Polling(engine, home)
        with between_commits(look):
            said, secret = _a_wave(polling, dice)
        known: set[tuple[int, ...]] = set()
        marked: set[str] = set()
        for marks, rows in looks:
            assert len({made for made, _ in rows}) <= 1
            new = [person for _, person in marks if person not in marked]
            assert not new or len(new) >= THRESHOLD
            if not new:
                continue
            batches += 1
            # Handed the key, and taking the order of the rows for that of the marks.
            contents = [tuple(json.loads(attacker.opened(secret, sealed)[16:])[1]) for _, sealed in rows]  # type: ignore[index]
            fresh = [content for content in contents if content not in known]
            right += attacker.right(dict(zip(new, fresh, strict=False)), said)  # type: ignore[arg-type]
            marked |= set(new)
            known |= set(contents)
        _begin_again(engine)
    assert batches >= WAVES
    assert right <= 1.7 * batches


def test_a_wave_that_was_killed_between_any_two_commits_loses_no_answer(sqlite_engine: Engine, home: Path) -> None:
    """`kill -9` after each commit in turn: what another process finds then counts everybody who was thanked."""
    polling = Polling(sqlite_engine, home)
    tokens = polling.opened(roster(12))
    for count, person in enumerate(sorted(tokens)[:11], 1):
        answers.answer(sqlite_engine, "w1", person, tokens[person], drawn(random.Random(count)))
        if count % 3:
            polling.closing.batch("w1")
        assert len(Polling(sqlite_engine, home, polling.drawer).closing.replied("w1")) == count
    assert Polling(sqlite_engine, home, polling.drawer).closed()
    with Session(sqlite_engine) as session:
        found: Publication | None = answers.store.publication(session, "w1")
    assert found
    assert found.count == 11


def _begin_again(engine: Engine) -> None:
    with engine.begin() as connection:
        for table in ("publications", "seals", "panels", "participation", "answers", "comments", "waiting", "waves"):
            connection.execute(text(f"DELETE FROM pulse_{table}"))
