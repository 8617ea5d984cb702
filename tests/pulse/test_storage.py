"""What the raw database tells of who said what: nothing, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import random
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from bot.errors import Refusal
from bot.pulse import register, sealing, store
from bot.pulse.model import Choice
from bot.pulse.sealing import Keys
from bot.pulse.tables import SealedAnswerRow, SealedCommentRow
from tests.pulse.conftest import COLLABORATION, a_wave, drawn, roster

SECRET = "The purple giraffe was too expensive"
PEOPLE = 24


@pytest.fixture
def keys(home: Path) -> Keys:
    return Keys(home / "pulse")


def _opened(engine: Engine, keys: Keys, count: int = PEOPLE) -> dict[str, str]:
    """An open wave, and everybody's token as their invitations carry it."""
    with Session(engine) as session, session.begin():
        register.put_collaboration(session, COLLABORATION)
    store.open_wave(engine, keys, a_wave(roster(count)))
    return {member.person: store.token(keys, "w1", member.person) for member in roster(count)}


def _raw(engine: Engine, home: Path) -> bytes:
    """Everything that is on disk: SQLite's file and its log, or PostgreSQL's data folder with its own log."""
    if engine.dialect.name == "sqlite":
        return b"".join(path.read_bytes() for path in home.glob("trustbot.sqlite*"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        folder = Path(str(connection.execute(text("SHOW data_directory")).scalar()))
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def _physical(engine: Engine, table: str) -> list[dict[str, object]]:
    """The rows as they lie in the table, with the system columns that PostgreSQL keeps."""
    extra = "" if engine.dialect.name == "sqlite" else ", ctid::text AS place, xmin::text AS made"
    order = "" if engine.dialect.name == "sqlite" else " ORDER BY ctid"
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(text(f"SELECT *{extra} FROM {table}{order}")).mappings()]


def test_nothing_that_was_said_is_readable_in_the_files(engine: Engine, keys: Keys, home: Path) -> None:
    tokens = _opened(engine, keys)
    for person, token in tokens.items():
        store.answer(engine, keys, "w1", person, token, [Choice.AGREE] * 10, SECRET)
    raw = _raw(engine, home)
    assert b"pulse_participation" in raw
    assert b"purple giraffe" not in raw
    assert b"[4,4,4,4" not in raw
    assert not any(token.encode() in raw for token in tokens.values())
    assert keys.sealing("w1") not in raw
    assert keys.asking("w1") not in raw


def test_rows_tell_neither_order_nor_transaction(engine: Engine, keys: Keys) -> None:
    """An attacker who holds the sealing key as well, and knows in which order people replied, does no better than
    guessing by rowid or place, key, transaction or size."""
    dice = random.Random(5)
    right = guesses = 0
    tokens = _opened(engine, keys)
    order = dice.sample(sorted(tokens), PEOPLE)
    said = {person: drawn(dice) for person in order}
    assert len(set(said.values())) == PEOPLE
    for number, person in enumerate(order, 1):
        store.answer(engine, keys, "w1", person, tokens[person], said[person])
        if number < PEOPLE // 2:
            continue
        rows = _physical(engine, "pulse_answers")
        assert len(rows) == number
        assert len({row["made"] for row in rows if "made" in row}) <= 1
        assert len({len(bytes(row["sealed"])) for row in rows}) == 1
        key = keys.sealing("w1")
        opened = [tuple(json.loads(sealing.unseal(key, bytes(row["sealed"]))[16:])[1]) for row in rows]
        truth = [tuple(int(choice) for choice in said[each]) for each in order[:number]]
        by_key = [found for _, found in sorted(zip((row["key"] for row in rows), opened, strict=True))]
        for guess in (opened, by_key, opened[::-1]):
            right += sum(one == other for one, other in zip(guess, truth, strict=True))
            guesses += 1
    # A guess is right about once, however many rows there are: the mean of a random permutation's fixed points.
    assert right / guesses < 2


def test_every_row_is_written_anew_so_that_none_shows_as_the_new_one(engine: Engine, keys: Keys) -> None:
    tokens = _opened(engine, keys)
    seen: set[object] = set()
    for count, person in enumerate(sorted(tokens)[:8], 1):
        store.answer(engine, keys, "w1", person, tokens[person], [Choice.AGREE] * 10, SECRET if count % 2 else "")
        rows = [*_physical(engine, "pulse_answers"), *_physical(engine, "pulse_comments")]
        assert len(rows) == 2 * count
        now = {value for row in rows for value in (row["key"], bytes(row["sealed"]))}
        assert not now & seen
        seen |= now


def test_no_column_could_hold_a_person_a_message_or_a_time() -> None:
    for table in (SealedAnswerRow, SealedCommentRow):
        assert set(table.__table__.columns.keys()) == {"key", "wave", "sealed"}


def test_participation_says_that_somebody_replied_and_no_more(engine: Engine, keys: Keys) -> None:
    tokens = _opened(engine, keys)
    store.answer(engine, keys, "w1", "p003", tokens["p003"], [Choice.AGREE] * 10)
    rows = _physical(engine, "pulse_participation")
    assert {column for row in rows for column in row} - {"place", "made"} == {"wave", "person", "slices", "state"}
    with Session(engine) as session:
        assert store.response_rate(session, "w1") == (1, PEOPLE)
        assert "p003" not in store.to_remind(session, "w1")
        assert len(store.to_remind(session, "w1")) == PEOPLE - 1


def test_an_answer_is_changed_by_its_writers_token_alone_and_counts_once(engine: Engine, keys: Keys) -> None:
    tokens = _opened(engine, keys)
    for choice in (Choice.DISAGREE, Choice.AGREE, Choice.AGREE):
        store.answer(engine, keys, "w1", "p001", tokens["p001"], [choice] * 10, "A line.")
    store.answer(engine, keys, "w1", "p002", tokens["p002"], [Choice.NEITHER] * 10)
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(SealedAnswerRow)) == 2
        assert store.written_before(session, keys, "w1", tokens["p001"]) == ((Choice.AGREE,) * 10, "A line.")
        assert store.written_before(session, keys, "w1", tokens["p002"]) == ((Choice.NEITHER,) * 10, "")
        assert store.written_before(session, keys, "w1", tokens["p004"]) is None
        for forged in ("", "nonsense", tokens["p001"][:-4] + "AAA="):
            with pytest.raises(Refusal, match="not of this pulse"):
                store.written_before(session, keys, "w1", forged)


def test_many_who_answer_at_once_are_all_counted_once(engine: Engine, keys: Keys) -> None:
    tokens = _opened(engine, keys)

    def reply(person: str) -> None:
        store.answer(engine, keys, "w1", person, tokens[person], [Choice.AGREE] * 10)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(reply, [*tokens, *tokens]))
    with Session(engine) as session:
        assert store.response_rate(session, "w1") == (PEOPLE, PEOPLE)
        assert session.scalar(select(func.count()).select_from(SealedAnswerRow)) == PEOPLE


def test_once_all_are_asked_no_token_can_be_made_for_anybody(engine: Engine, keys: Keys) -> None:
    tokens = _opened(engine, keys)
    assert store.token(keys, "w1", "p001") == tokens["p001"]
    keys.everybody_was_asked("w1")
    with pytest.raises(Refusal, match="key is gone"):
        store.token(keys, "w1", "p001")
    store.answer(engine, keys, "w1", "p001", tokens["p001"], [Choice.AGREE] * 10)


def test_closing_publishes_once_and_forgets(engine: Engine, keys: Keys, home: Path) -> None:
    tokens = _opened(engine, keys)
    for person, token in tokens.items():
        store.answer(engine, keys, "w1", person, token, [Choice.AGREE] * 10, SECRET)
    first = store.close(engine, keys, "w1")
    again = store.close(engine, keys, "w1")
    assert first == again
    assert first.whole is not None
    assert first.whole.answered == PEOPLE
    assert first.comments == (SECRET,) * PEOPLE
    assert not _physical(engine, "pulse_answers")
    assert not _physical(engine, "pulse_comments")
    assert not list((home / "pulse").iterdir())
    with pytest.raises(Refusal, match="key is gone"):
        store.answer(engine, keys, "w1", "p001", tokens["p001"], [Choice.AGREE] * 10)


def test_a_crash_after_the_answer_and_before_the_mark_loses_nothing_and_counts_nothing_twice(
    engine: Engine, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = _opened(engine, keys, 10)
    for person in sorted(tokens)[:9]:
        store.answer(engine, keys, "w1", person, tokens[person], [Choice.AGREE] * 10)
    mark = store._mark

    def killed(engine: Engine, wave: str, person: str, before: str, after: str) -> None:
        if after == store.ANSWERED:
            raise KeyboardInterrupt
        mark(engine, wave, person, before, after)

    with monkeypatch.context() as patched:
        patched.setattr(store, "_mark", killed)
        with pytest.raises(KeyboardInterrupt):
            store.answer(engine, keys, "w1", "p009", tokens["p009"], [Choice.AGREE] * 10)
    with Session(engine) as session:
        assert store.to_remind(session, "w1") == ["p009"]
    published = store.close(engine, keys, "w1")
    assert published.whole is not None
    assert published.whole.answered == 10


def test_the_next_wave_is_held_against_what_was_published_before(engine: Engine, keys: Keys) -> None:
    tokens = _opened(engine, keys, 12)
    for person in sorted(tokens)[:10]:
        store.answer(engine, keys, "w1", person, tokens[person], [Choice.AGREE] * 10)
    assert store.close(engine, keys, "w1").whole is not None
    store.open_wave(engine, keys, a_wave(roster(12), "w2"))
    for member in roster(12)[:11]:
        token = store.token(keys, "w2", member.person)
        store.answer(engine, keys, "w2", member.person, token, [Choice.AGREE] * 10)
    assert store.close(engine, keys, "w2").whole is None


def test_keys_are_the_owners_alone(keys: Keys, home: Path) -> None:
    keys.make("w1")
    before = keys.sealing("w1")
    keys.make("w1")
    assert keys.sealing("w1") == before
    assert {path.stat().st_mode & 0o777 for path in (home / "pulse").iterdir()} == {0o600}
    assert all(re.fullmatch(r"[0-9a-f]{24}\.(asking|sealing)", path.name) for path in (home / "pulse").iterdir())
