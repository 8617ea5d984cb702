"""A wave is counted outside the database's write lock, and one that an earlier version opened is counted too."""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from bot.demo.workspace import Workspace
from bot.pulse import store
from bot.pulse.model import STATEMENTS, Choice
from bot.pulse.sealed import answers, sealing
from bot.pulse.sealed.safe import NAME, SafeShut, SlackSafe
from bot.runtime import db
from bot.slack.messages.outbox import posting_client, reading_client
from tests.at_work import PATIENT
from tests.pulse.conftest import COLLABORATION, Drawer, Polling, roster
from tests.scenarios.conftest import MANIFEST

AGREE = [Choice.AGREE] * 10
OLD = "0009"


class Watched(list[str]):
    """Names to be masked in comments: whenever they are looked at, somebody else writes to the database."""

    def __init__(self, database: Path) -> None:
        super().__init__(["Priya Raman"])
        self.database = database
        self.written = 0

    def __iter__(self) -> Iterator[str]:
        columns = 'name, schools, outcome, lead, start, "end", partners, checklist'
        copied = f"INSERT INTO pulse_collaborations SELECT ?, {columns} FROM pulse_collaborations LIMIT 1"
        with sqlite3.connect(self.database, timeout=0) as other:
            other.execute(copied, (f"other-{self.written}",))
        self.written += 1
        return super().__iter__()


def test_others_write_while_a_wave_is_counted(sqlite_engine: Engine, home: Path) -> None:
    polling = Polling(sqlite_engine, home)
    tokens = polling.opened(roster(60))
    for person, token in tokens.items():
        answers.answer(sqlite_engine, "w1", person, token, AGREE, "Priya has no time.")
    watched = Watched(home / "trustbot.sqlite")
    assert polling.closing.close("w1", watched, date(2026, 11, 17))
    assert watched.written >= 60
    with Session(sqlite_engine) as session:
        published = store.publication(session, "w1")
    assert published
    assert published.comments == ("[name] has no time.",) * 60


def test_a_close_writes_as_often_however_many_waves_there_were(sqlite_engine: Engine, home: Path) -> None:
    """Counted, not timed: the statements that the seventh wave of 60 people takes are the first one's, and the few more
    that read what was published before."""
    polling = Polling(sqlite_engine, home)
    counts = []
    for number in range(7):
        tokens = polling.opened(roster(60), f"w{number}")
        for person in sorted(tokens)[number:]:
            answers.answer(sqlite_engine, f"w{number}", person, tokens[person], AGREE)
        with _counting(sqlite_engine) as statements:
            assert polling.closed(f"w{number}")
        counts.append(statements.total())
    assert counts[-1] - counts[1] <= 4 * 5
    with Session(sqlite_engine) as session:
        assert all((found := store.publication(session, f"w{number}")) and found.whole for number in range(7))


class _counting:  # noqa: N801
    """Counts the statements that are sent to a database."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.found = engine, Counter[str]()

    def _count(self, *given: object) -> None:
        self.found[str(given[2])[:20]] += 1

    def __enter__(self) -> Counter[str]:
        from sqlalchemy import event

        event.listen(self.engine, "before_cursor_execute", self._count)
        return self.found

    def __exit__(self, *_: object) -> None:
        from sqlalchemy import event

        event.remove(self.engine, "before_cursor_execute", self._count)


def _an_old_wave(engine: Engine, home: Path, replied: int, asking: bool) -> dict[str, str]:
    """A wave as an earlier version left it open: tokens, keys in files, answers under a symmetric key."""
    command.upgrade(db.migrations(engine), OLD)
    keys = {"sealing": secrets.token_bytes(32), "asking": secrets.token_bytes(32)}
    (home / "pulse").mkdir()
    for purpose, key in keys.items():
        if purpose == "sealing" or asking:
            (home / "pulse" / f"{hashlib.sha256(b'w1').hexdigest()[:24]}.{purpose}").write_bytes(key)
    members = roster(12)
    tokens = {member.person: sealing.token(keys["asking"], keys["sealing"], member.person) for member in members}
    about = COLLABORATION
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO pulse_collaborations VALUES (:id, :name, '[]', 'o', 'kd', :start, :end, '[]', '[]')"),
            {"id": about.id, "name": about.name, "start": about.start, "end": about.end},
        )
        connection.execute(
            text("INSERT INTO pulse_waves (id, collaboration, opens, closes, statements, state, plan) "
                 "VALUES ('w1', :about, :opens, :closes, :statements, 'open', '')"),
            {"about": about.id, "opens": date(2026, 11, 9), "closes": date(2026, 11, 17),
             "statements": store.STATEMENTS.dump_json(STATEMENTS).decode()},
        )  # fmt: skip
        for number, member in enumerate(members):
            state = "answered" if number < replied else "answering" if number == replied else "asked"
            connection.execute(
                text("INSERT INTO pulse_participation VALUES ('w1', :person, :slices, :state)"),
                {"person": member.person, "slices": json.dumps(sorted(member.slices)), "state": state},
            )
            if number < replied:
                handle = sealing.handle(keys["sealing"], tokens[member.person])
                content = json.dumps([sorted(member.slices), [4] * 10]).encode()
                for table, said in (("pulse_answers", content), ("pulse_comments", b"A line.")):
                    framed = len(handle + said).to_bytes(2) + handle + said
                    nonce = secrets.token_bytes(12)
                    sealed = nonce + AESGCM(keys["sealing"]).encrypt(nonce, framed.ljust(512, b"\0"), None)
                    connection.execute(
                        text(f"INSERT INTO {table} VALUES (:key, 'w1', :sealed)"),
                        {"key": secrets.token_hex(16), "sealed": sealed},
                    )
    return tokens


@pytest.fixture
def old_engine(home: Path) -> Iterator[Engine]:
    engine = db.make_engine(f"sqlite:///{home / 'trustbot.sqlite'}")
    yield engine
    engine.dispose()


@pytest.mark.parametrize("asking", [True, False])
def test_a_wave_that_was_open_at_the_upgrade_takes_answers_and_is_counted(
    old_engine: Engine, home: Path, asking: bool
) -> None:
    tokens = _an_old_wave(old_engine, home, 6, asking)
    assert db.upgrade(old_engine)
    polling = Polling(old_engine, home)
    assert polling.closing.takes_answers("w1")
    assert polling.closing.takes_answers("w1"), "once"
    assert not list((home / "pulse").iterdir()), "its keys are in no file any more"
    assert polling.closing.asks("w1") is asking
    if asking:
        assert polling.closing.token("w1", "p010") == tokens["p010"], "who was not asked yet is given the same token"
    assert polling.closing.written_before("w1", tokens["p001"]) == ((Choice.AGREE,) * 10, "A line.")
    assert len(polling.closing.replied("w1")) == 6
    # Somebody changes his answer, and somebody who was answering as the process died sends it again.
    for person in ("p001", "p006", "p007", "p008", "p009"):
        polling.says(person, tokens[person], [Choice.DISAGREE] * 10, "Another line.")
    assert polling.closing.written_before("w1", tokens["p001"]) == ((Choice.DISAGREE,) * 10, "Another line.")
    assert polling.closed()
    with Session(old_engine) as session:
        published = store.publication(session, "w1")
        assert published
        assert published.count == 10
        assert published.comments.count("Another line.") == 5
        assert [panel.people for panel in store.panels(session, COLLABORATION.id)] == [frozenset(tokens)]


def test_an_old_wave_whose_keys_are_not_here_is_left_to_whom_has_them(old_engine: Engine, home: Path) -> None:
    _an_old_wave(old_engine, home, 6, asking=False)
    for file in (home / "pulse").iterdir():
        file.unlink()
    db.upgrade(old_engine)
    polling = Polling(old_engine, home)
    assert not polling.closing.takes_answers("w1")
    assert polling.closing.has_answers("w1")


def test_what_was_published_before_the_upgrade_names_nobody_any_more(old_engine: Engine, home: Path) -> None:
    _an_old_wave(old_engine, home, 6, asking=False)
    with old_engine.begin() as connection:
        connection.execute(text("UPDATE pulse_waves SET state = 'shown'"))
        connection.execute(text("INSERT INTO pulse_publications VALUES ('w1', '{}', '[[\"p001\", \"p002\"]]')"))
    db.upgrade(old_engine)
    with old_engine.connect() as connection:
        assert connection.execute(text("SELECT DISTINCT state FROM pulse_participation")).scalars().all() == ["asked"]
        assert [tuple(row) for row in connection.execute(text("SELECT * FROM pulse_publications"))] == [("w1", "{}")]


def test_secrets_lie_in_files_that_only_the_bot_is_shown() -> None:
    with Workspace.start(MANIFEST, **PATIENT) as workspace:
        token, url = workspace.bot_token, workspace.api_url
        safe, again = (SlackSafe(posting_client(token, url), reading_client(token, url), token) for _ in range(2))
        secret = sealing.key()
        reference = safe.put(secret)
        file = workspace.state.files[reference]
        assert (file.name, file.channels, file.ready) == (NAME, set(), True)
        assert secret not in file.content, "as text, which Slack keeps as it is"
        assert again.get(reference) == secret
        workspace.fail("files.delete", 1, error="internal_error")
        with pytest.raises(SafeShut):
            again.destroy(reference)
        again.destroy(reference)
        again.destroy(reference)
        assert reference not in workspace.state.files
        assert again.get(reference) is None
        assert safe.get("F0NOTHING") is None


def test_a_safe_that_is_shut_loses_nothing(sqlite_engine: Engine, home: Path) -> None:
    class Shut(Drawer):
        def get(self, reference: str) -> bytes | None:
            raise SafeShut

    polling = Polling(sqlite_engine, home)
    tokens = polling.opened(roster(12))
    for person, token in tokens.items():
        polling.says(person, token, AGREE)
    shut = Polling(sqlite_engine, home, Shut(polling.drawer.held))
    with pytest.raises(SafeShut):
        shut.closed()
    assert shut.closing.written_before("w1", tokens["p001"]) is None, "the form opens all the same, empty"
    assert polling.closed()
    with Session(sqlite_engine) as session:
        found = store.publication(session, "w1")
    assert found
    assert found.count == 12
