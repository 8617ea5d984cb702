"""What is old enough goes, out of the files too; what is held or younger stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from bot import app
from bot.ask import store
from bot.ask.model import Question, StoredAnswer, Verdict, answer_id
from bot.config.settings import Settings
from bot.config.trust import Retention
from bot.errors import Refusal
from bot.meetings.tables import MatterRow, MeetingRow, ReturnRow
from bot.privacy.audit import Audit
from bot.privacy.holds import Holds
from bot.privacy.mydata import MyData
from bot.privacy.retention import Purge
from bot.privacy.tables import AuditRow, PurgeRow
from bot.runtime.inbox import InboxRow
from bot.slack.messages.outbox import PostRow
from knowledge.library.library import Library
from knowledge.passages import EVERYONE, Answer, Document, Kind, Outcome, Passage, Reader

if TYPE_CHECKING:
    from knowledge.embedding.encoder import Encoder

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
CANARY = "zanzibarquokka"
READER = Reader.of({"everyone"})


def ask(engine: Engine, event: str, days_ago: int, words: str = CANARY, asker: str = "U0BOB", said: str = "") -> str:
    asked = Question(event, asker, "C0STAFF", "1.1", f"Where is the {words}?", alone=True)
    given = StoredAnswer(
        answer_id(event, READER), asked, Answer(Outcome.NOT_FOUND, said or f"Nothing on {words}."), READER,
        NOW - timedelta(days=days_ago),
    )  # fmt: skip
    with Session(engine) as session, session.begin():
        store.add(session, given)
        store.set_feedback(session, given.id, asker, Verdict.DOWN, f"The {words} is missing", given.created)
        session.add(InboxRow(id=event, kind="x", payload=None, received=given.created, done=given.created))
        session.add(PostRow(key=f"answer:{event}", channel="C", thread=None, began=given.created.timestamp(), ts="1"))
    Audit(engine, lambda: given.created).seen(asker, "answer", "C0STAFF", [document(words)])
    return given.id


def document(words: str) -> Document:
    return Document(words, f"/{words}.md", f"{words}.md", f"The {words}", Kind.POLICY, EVERYONE, words)


def count(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


SHORT = Retention(questions=30, answers=60, feedback=30, audit=60, posts=60, inbox=60)


def test_each_kind_goes_in_its_own_time_and_no_sooner(engine: Engine) -> None:
    ask(engine, "Ev-old", 61)
    ask(engine, "Ev-middle", 31)
    ask(engine, "Ev-new", 1)
    forgotten: list[str] = []
    removed = Purge(engine, SHORT, lambda: NOW, forget=forgotten.extend).run()
    assert removed["answers"] == 1
    assert removed["questions"] == 2
    assert forgotten == ["Ev-old"]
    assert [count(engine, each) for each in ("answers", "feedback", "inbox", "posts", "audit")] == [2, 1, 2, 2, 2]
    with Session(engine) as session:
        kept = {row.event: row.question for row in session.scalars(select(store.AnswerRow))}
    assert kept == {"Ev-middle": "", "Ev-new": f"Where is the {CANARY}?"}
    again = Purge(engine, SHORT, lambda: NOW).run()
    assert not any(again.values())


def test_what_is_kept_for_good_is_not_purged(engine: Engine) -> None:
    ask(engine, "Ev-old", 4000)
    keep = Retention(questions="keep", answers="keep", feedback="keep", audit="keep", posts="keep", inbox="keep")
    assert not any(Purge(engine, keep, lambda: NOW).run().values())
    assert count(engine, "answers") == 1


@pytest.mark.parametrize(("kind", "subject"), [("person", "U0BOB"), ("words", "ZANZIBAR"), ("kind", "answers")])
def test_what_is_held_stays_until_the_hold_is_lifted(sqlite_engine: Engine, kind: str, subject: str) -> None:
    ask(sqlite_engine, "Ev-held", 100)
    ask(sqlite_engine, "Ev-other", 100, words="heron", asker="U0FAY")
    holds = Holds(sqlite_engine, lambda: NOW)
    placed = holds.add(kind, subject, "Claim 14")  # type: ignore[arg-type]
    Purge(sqlite_engine, SHORT, lambda: NOW).run()
    with Session(sqlite_engine) as session:
        kept = set(session.scalars(select(store.AnswerRow.event)))
    assert kept == ({"Ev-held", "Ev-other"} if kind == "kind" else {"Ev-held"})
    with pytest.raises(Refusal, match="legal hold"):
        MyData(sqlite_engine, lambda: NOW).delete("U0BOB")
    holds.lift(placed.id)
    Purge(sqlite_engine, SHORT, lambda: NOW).run()
    assert count(sqlite_engine, "answers") == 0
    assert MyData(sqlite_engine, lambda: NOW).delete("U0BOB").answers == 0


def test_a_hold_needs_a_subject_a_reason_and_a_kind_that_there_is(sqlite_engine: Engine) -> None:
    holds = Holds(sqlite_engine, lambda: NOW)
    for kind, subject, reason in (("person", " ", "x"), ("words", "x", " "), ("kind", "pulse", "x")):
        with pytest.raises(Refusal):
            holds.add(kind, subject, reason)  # type: ignore[arg-type]
    with pytest.raises(Refusal, match="hold list"):
        holds.lift("nothing")


def test_a_night_is_purged_once_and_a_missed_one_is_made_good(sqlite_engine: Engine) -> None:
    at = [NOW]
    purge = Purge(sqlite_engine, SHORT, lambda: at[0])
    assert purge.tick()
    at[0] = NOW + timedelta(hours=20)
    assert not purge.tick()
    at[0] = NOW + timedelta(days=1)
    assert purge.tick()
    at[0] = NOW + timedelta(days=9, hours=-2)
    assert purge.tick()
    assert count(sqlite_engine, "purges") == 3


def files_with(folder: Path, *needles: bytes) -> list[str]:
    """The files below a folder that have one of these in them, as raw bytes."""
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "encoder" not in path.parts and any(each in path.read_bytes() for each in needles)
    ]


def test_a_purge_leaves_no_trace_in_any_file(warm_home: Path, encoder: Encoder) -> None:
    settings = Settings(home=warm_home, trust_file=warm_home / "trust.yaml")
    words = f"The {CANARY} is fed at noon by the site manager."
    vector: list[bytes] = []
    with app.indexed(settings) as (known, index):
        known.library.put(document(CANARY), [Passage(f"{CANARY}:0", CANARY, 0, words)])
        for number in range(40):
            ask(known.engine, f"Ev-{number}", 400)
        wait(lambda: known.library.status().lag == 0)
        with known.engine.connect() as connection:
            vector.append(
                connection.execute(
                    text("SELECT vector FROM passages WHERE document_id = :d"), {"d": CANARY}
                ).scalar_one()
            )
        known.library.remove([CANARY])
        wait(lambda: known.library.status().lag == 0)
    needles = (CANARY.encode(), vector[0][:64])
    assert files_with(warm_home, *needles), "the test would see it"
    with app.indexed(settings) as (known, index):
        Purge(known.engine, Retention(audit=90), lambda: NOW, known.library).run()
        wait(lambda: index.wait(0.2))
    assert files_with(warm_home, *needles) == []


def wait(condition: Callable[[], bool]) -> None:
    from tests.scenarios.conftest import wait_until

    wait_until(condition, "the index", 60)


def test_nothing_of_it_is_left_in_the_tables(engine: Engine, encoder: Encoder) -> None:
    library = Library(engine, encoder)
    library.put(document(CANARY), [Passage(f"{CANARY}:0", CANARY, 0, f"The {CANARY} is fed at noon.")])
    ask(engine, "Ev-old", 400)
    library.remove([CANARY])
    Purge(engine, Retention(audit=90), lambda: NOW, library).run()
    with engine.connect() as connection:
        tables = [each for each in library_tables(engine) if each != PurgeRow.__tablename__]
        kept = [str(row) for table in tables for row in connection.execute(text(f'SELECT * FROM "{table}"'))]
    assert not [each for each in kept if CANARY in each]
    assert count(engine, AuditRow.__tablename__) == 0


def library_tables(engine: Engine) -> list[str]:
    from sqlalchemy import inspect

    return inspect(engine).get_table_names()


def _report(engine: Engine, key: str, days_ago: int, words: str) -> None:
    """A school's return, and a matter for the next agenda, of so many days ago."""
    then = NOW - timedelta(days=days_ago)
    with Session(engine) as session, session.begin():
        session.add(
            MeetingRow(
                id=key, body="slt", school="elm", day=then.date(), digest=key, value="{}", items="[]", confirmed=then
            )
        )
        session.flush()
        session.add(
            ReturnRow(meeting=key, school="elm", items=f'["{words}"]', audience="elm", sent=then, sent_by="ada")
        )
        session.add(MatterRow(body="slt", ref=key, text=words, note="", audience="elm", raised=then.date(), by="ada"))


def test_returns_and_matters_go_in_their_time_unless_their_words_are_held(engine: Engine) -> None:
    _report(engine, "old", 40, "Coaching offered")
    _report(engine, "held", 40, f"Offered: {CANARY}")
    _report(engine, "new", 10, "Coaching offered")
    Holds(engine, lambda: NOW).add("words", CANARY, "a claim")
    removed = Purge(engine, Retention(returns=30, matters=30), lambda: NOW).run()
    assert (removed["returns"], removed["matters"]) == (1, 1)
    with Session(engine) as session:
        assert set(session.scalars(select(ReturnRow.meeting))) == {"held", "new"}
        assert set(session.scalars(select(MatterRow.ref))) == {"held", "new"}
    assert count(engine, "meetings") == 3
