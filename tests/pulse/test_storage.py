"""What the raw database tells of who said what: nothing, on SQLite and on PostgreSQL."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from bot.errors import Refusal
from bot.pulse import store
from bot.pulse.model import THRESHOLD, Choice
from bot.pulse.results.publish import Publication
from bot.pulse.sealed import answers
from bot.pulse.tables import SealedAnswerRow, SealedCommentRow, SealRow, WaitingRow
from tests.pulse.conftest import COLLABORATION, Polling, drawn, roster

SECRET = "The purple giraffe was too expensive"
PEOPLE, WAVES = 24, 8
AFTER = date(2026, 11, 18)
DAY = timedelta(days=1)
AGREE = [Choice.AGREE] * 10


@pytest.fixture
def polling(engine: Engine, home: Path) -> Polling:
    return Polling(engine, home)


def _raw(engine: Engine, home: Path) -> bytes:
    """Everything that is on disk: SQLite's file and its log, or PostgreSQL's data folder with its own log."""
    if engine.dialect.name == "sqlite":
        return b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
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


def _published(engine: Engine, name: str = "w1") -> Publication:
    with Session(engine) as session:
        found = store.publication(session, name)
    assert found
    return found


def test_nothing_that_was_said_is_readable_in_the_files(polling: Polling, engine: Engine, home: Path) -> None:
    tokens = polling.opened(roster(PEOPLE), all_asked=False)
    for person, token in tokens.items():
        polling.says(person, token, AGREE, SECRET)
    raw = _raw(engine, home)
    assert b"pulse_participation" in raw
    assert b"purple giraffe" not in raw
    assert b"[4,4,4,4" not in raw
    assert not any(token.encode() in raw for token in tokens.values())
    assert len(polling.drawer.held) == 2
    assert not any(secret in raw for secret in polling.drawer.held.values())


def test_rows_tell_neither_order_nor_transaction(polling: Polling, engine: Engine) -> None:
    """An attacker who holds the safe's secret as well, and knows in which order people replied, does no better than
    guessing by rowid or place, key, transaction or size."""
    dice = random.Random(5)
    right = guesses = 0
    for wave in range(WAVES):
        tokens = polling.opened(roster(PEOPLE), f"w{wave}")
        order = dice.sample(sorted(tokens), PEOPLE)
        said = {person: drawn(dice) for person in order}
        assert len(set(said.values())) == PEOPLE
        secret = list(polling.drawer.held.values())[-1]
        for number, person in enumerate(order, 1):
            polling.says(person, tokens[person], said[person], name=f"w{wave}")
            rows = [row for row in _physical(engine, "pulse_answers") if row["wave"] == f"w{wave}"]
            assert len(rows) == number - number % THRESHOLD
            assert len({row["made"] for row in rows if "made" in row}) <= 1
            assert len({len(bytes(row["sealed"])) for row in rows}) <= 1  # type: ignore[call-overload]
            if number < PEOPLE // 2 or number % THRESHOLD:
                continue
            opened = [_choices(secret, bytes(row["sealed"])) for row in rows]  # type: ignore[call-overload]
            truth = [tuple(int(choice) for choice in said[each]) for each in order[: len(rows)]]
            by_key = [found for _, found in sorted(zip((str(row["key"]) for row in rows), opened, strict=True))]
            for guess in {tuple(opened), tuple(by_key), tuple(opened[::-1])}:
                right += sum(one == other for one, other in zip(guess, truth, strict=True))
                guesses += 1
    # A guess is right about once, however many rows there are: the mean of a random permutation's fixed points.
    assert guesses
    assert right / guesses < 2


def _choices(secret: bytes, sealed: bytes) -> tuple[int, ...]:
    content = answers.sealing.unseal(secret, answers.ANSWERS, sealed)
    return tuple(int(choice) for choice in answers._response(content[16:]).choices)


def test_every_row_is_written_anew_in_every_batch(polling: Polling, engine: Engine) -> None:
    tokens = polling.opened(roster(PEOPLE))
    seen: set[object] = set()
    for count, person in enumerate(sorted(tokens)[:20], 1):
        polling.says(person, tokens[person], AGREE, SECRET if count % 2 else "")
        rows = [*_physical(engine, "pulse_answers"), *_physical(engine, "pulse_comments")]
        assert len(rows) == 2 * (count - count % THRESHOLD)
        now = {value for row in rows for value in (row["key"], bytes(row["sealed"]))}  # type: ignore[call-overload]
        if count % THRESHOLD == 0:
            assert not now & seen
        seen |= now


def test_no_column_could_hold_a_person_a_message_or_a_time() -> None:
    for table in (SealedAnswerRow, SealedCommentRow, WaitingRow):
        assert set(table.__table__.columns.keys()) == {"key", "wave", "sealed"}


def test_participation_is_marked_in_batches_and_forgotten_at_the_close(polling: Polling, engine: Engine) -> None:
    tokens = polling.opened(roster(PEOPLE))

    def marked() -> int:
        rows = _physical(engine, "pulse_participation")
        assert {column for row in rows for column in row} - {"place", "made"} == {"wave", "person", "slices", "state"}
        return sum(row["state"] == "answered" for row in rows)

    for count, person in enumerate(sorted(tokens), 1):
        polling.says(person, tokens[person], AGREE)
        assert marked() == count - count % THRESHOLD
        assert len(polling.closing.replied("w1")) == count, "the bot itself reminds nobody who has answered"
    assert polling.closed()
    assert marked() == 0


def test_an_answer_is_changed_by_its_writers_token_alone_and_counts_once(polling: Polling, engine: Engine) -> None:
    tokens = polling.opened(roster(PEOPLE))
    for choice in (Choice.DISAGREE, Choice.AGREE, Choice.AGREE):
        polling.says("p001", tokens["p001"], [choice] * 10, "A line.")
    polling.says("p002", tokens["p002"], [Choice.NEITHER] * 10)
    before = polling.closing.written_before
    assert before("w1", tokens["p001"]) == ((Choice.AGREE,) * 10, "A line.")
    assert before("w1", tokens["p002"]) == ((Choice.NEITHER,) * 10, "")
    assert before("w1", tokens["p004"]) is None
    for forged in ("", "nonsense", tokens["p001"][:-4] + "AAA="):
        with pytest.raises(Refusal, match="not of this pulse"):
            before("w1", forged)
    for person in ("p003", "p004", "p005"):
        polling.says(person, tokens[person], AGREE)
    polling.says("p001", tokens["p001"], [Choice.STRONGLY_AGREE] * 10, "Another line.")
    assert before("w1", tokens["p001"]) == ((Choice.STRONGLY_AGREE,) * 10, "Another line.")
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(SealedAnswerRow)) == 5
    assert polling.closed()
    whole = _published(engine).whole
    assert whole
    assert whole.answered == 5


def test_many_who_answer_at_once_are_all_counted_once(polling: Polling, engine: Engine) -> None:
    tokens = polling.opened(roster(PEOPLE))

    def reply(person: str) -> None:
        polling.says(person, tokens[person], AGREE)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(reply, [*tokens, *tokens]))
    assert len(polling.closing.replied("w1")) == PEOPLE
    assert polling.closed()
    whole = _published(engine).whole
    assert whole
    assert whole.answered == PEOPLE


def test_once_all_are_asked_no_token_can_be_made_for_anybody(polling: Polling) -> None:
    tokens = polling.opened(roster(PEOPLE), all_asked=False)
    assert polling.closing.token("w1", "p001") == tokens["p001"]
    polling.closing.everybody_was_asked("w1")
    assert len(polling.drawer.held) == 1
    with pytest.raises(Refusal, match="no more invitations"):
        polling.closing.token("w1", "p001")
    polling.says("p001", tokens["p001"], AGREE)


def test_closing_publishes_once_and_forgets(polling: Polling, engine: Engine) -> None:
    tokens = polling.opened(roster(PEOPLE))
    for person, token in tokens.items():
        polling.says(person, token, AGREE, SECRET)
    assert polling.closed()
    first = _published(engine)
    assert polling.closed()
    assert first == _published(engine)
    assert first.whole is not None
    assert first.whole.answered == PEOPLE
    assert first.comments == (SECRET,) * PEOPLE
    for table in ("pulse_answers", "pulse_comments", "pulse_waiting"):
        assert not _physical(engine, table)
    polling.closing.tidy(AFTER)
    assert not polling.drawer.held
    assert not _physical(engine, "pulse_seals")
    with pytest.raises(Refusal, match="has closed"):
        answers.answer(engine, "w1", "p001", tokens["p001"], AGREE)


def test_an_answer_that_comes_while_a_wave_is_counted_is_counted_too(polling: Polling, engine: Engine) -> None:
    """The count is made outside the transaction that writes it; what comes in between is not lost."""
    tokens = polling.opened(roster(12))
    for person in sorted(tokens)[:9]:
        polling.says(person, tokens[person], AGREE)
    (secret,) = polling.drawer.held.values()
    found = answers.contents(engine, "w1", secret)
    assert found
    polling.says("p011", tokens["p011"], AGREE)
    with Session(engine) as session:
        wave = store.find_wave(session, "w1")
    assert wave
    stale = Publication("w1", ())
    assert not answers.end(engine, found, stale, wave.closes)
    with Session(engine) as session:
        assert store.publication(session, "w1") is None
        assert session.scalar(select(SealRow.spent)) is False
    assert polling.closed()
    whole = _published(engine).whole
    assert whole
    assert whole.answered == 10


def test_too_few_answers_are_kept_sealed_and_counted_with_the_next_wave(polling: Polling, engine: Engine) -> None:
    tokens = polling.opened(roster(12))
    for person in sorted(tokens)[:4]:
        polling.says(person, tokens[person], AGREE, SECRET)
    assert polling.closed()
    assert _published(engine).whole is None
    assert len(_physical(engine, "pulse_answers")) == 4
    assert not _physical(engine, "pulse_waiting")
    again = polling.opened(roster(12), "w2")
    for person in sorted(again)[2:8]:
        answers.answer(engine, "w2", person, again[person], AGREE)
    assert polling.closed("w2")
    published = _published(engine, "w2")
    assert published.pooled == ("w1",)
    assert published.whole
    assert published.whole.answered == 10
    assert not _physical(engine, "pulse_answers")
    polling.closing.tidy(AFTER)
    assert not polling.drawer.held


def test_the_same_few_people_twice_are_still_too_few(polling: Polling, engine: Engine) -> None:
    for name in ("w1", "w2"):
        tokens = polling.opened(roster(12), name)
        for person in sorted(tokens)[:4]:
            answers.answer(engine, name, person, tokens[person], AGREE)
        assert polling.closed(name)
        assert _published(engine, name).whole is None
    assert len(_physical(engine, "pulse_answers")) == 8


def test_answers_that_wait_for_a_next_wave_go_when_none_can_come(polling: Polling, engine: Engine) -> None:
    tokens = polling.opened(roster(12))
    polling.says("p001", tokens["p001"], AGREE)
    assert polling.closed()
    polling.closing.tidy(AFTER)
    assert len(_physical(engine, "pulse_answers")) == 1
    polling.closing.tidy(COLLABORATION.end + DAY)
    assert not _physical(engine, "pulse_answers")
    assert not polling.drawer.held


def test_a_lost_secret_says_so_and_publishes_nothing(polling: Polling, engine: Engine) -> None:
    tokens = polling.opened(roster(12))
    for person in tokens:
        polling.says(person, tokens[person], AGREE)
    kept = dict(polling.drawer.held)
    polling.drawer.held.clear()
    assert not polling.closed()
    with Session(engine) as session:
        assert store.publication(session, "w1") is None
    polling.drawer.held |= kept
    assert polling.closed()
    assert _published(engine).whole
