"""`kill -9` while people are asked, while they answer and while results are posted; and five hundred asked at once."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from bot.config.settings import API_URL, APP_TOKEN, BOT_TOKEN, DATABASE_URL, HOME
from bot.pulse.sealed.safe import NAME as SECRET
from tests.at_work import make_way
from tests.conftest import STORES, fresh_database
from tests.pulse import attacker
from tests.scenarios.conftest import said, wait_until
from tests.scenarios.meetings.office import Clock
from tests.scenarios.pulse.office import EVERYBODY, TRUST, Hall, hall_at

ROOT = Path(__file__).parents[3]
SPEECH = "The purple giraffe was too expensive"
MANY = 500


@contextlib.contextmanager
def process(hall: Hall, when: str, log: Path) -> Iterator[Callable[[], None]]:
    """The bot at work in a process whose clock shows this; yields what kills it."""
    room = hall.room
    room.clock.now = datetime.fromisoformat(when)
    make_way(room)
    environment = {
        **os.environ, HOME: str(room.settings.home), BOT_TOKEN: room.workspace.bot_token,
        APP_TOKEN: room.workspace.app_token, API_URL: room.workspace.api_url, "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    environment.pop(DATABASE_URL, None)
    with log.open("ab") as file:
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.scenarios.pulse.process", when], cwd=ROOT, env=environment, stderr=file
        )

    def kill() -> None:
        os.kill(child.pid, signal.SIGKILL)
        child.wait(20)

    try:
        wait_until(lambda: room.workspace.sockets == 1, "the process to connect", 60)
        yield kill
    finally:
        child.kill()
        child.wait(20)
        wait_until(lambda: room.workspace.sockets == 0, "the connection to end")


def count(hall: Hall, query: str) -> int:
    with hall.room.engine.connect() as connection:
        return int(connection.execute(text(query)).scalar_one())


def asking(hall: Hall) -> bool:
    return count(hall, "SELECT count(*) FROM pulse_seals WHERE asking IS NOT NULL") > 0


@pytest.mark.slow
def test_killed_while_asking_answering_and_publishing(home: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with hall_at(home, retries=(0.1, 0.2, 0.4)) as hall:
        hall.collaborate()
        assert hall.plan().ok
        hall.room.close()
        workspace = hall.room.workspace

        workspace.fail("chat.postMessage", 1, seconds=60)
        with process(hall, "2026-11-09T08:00:00+00:00", log) as kill:
            workspace.wait_for(lambda: any(hall.room.direct(each) for each in EVERYBODY), 60, "the first to be asked")
            kill()
        with process(hall, "2026-11-09T08:05:00+00:00", log) as kill:
            wait_until(lambda: not asking(hall), "all to be asked", 60)
            assert [len(hall.room.direct(each)) for each in EVERYBODY] == [1] * len(EVERYBODY)
            for person in EVERYBODY[:8]:
                hall.answer(person)
            hall.answer(EVERYBODY[8], 2)
            kill()
        with process(hall, "2026-11-10T08:05:00+00:00", log) as kill:
            form = hall.form(EVERYBODY[8])
            before = next(block["element"] for block in form["blocks"] if block["block_id"] == "s0")
            assert before["initial_option"]["value"] == "2", "what waited is not forgotten"
            hall.answer(EVERYBODY[8], 5)
            # Five were written together, or eight, as the clock struck; who waits is in nobody's row.
            written = count(hall, "SELECT count(*) FROM pulse_answers")
            assert written == count(hall, "SELECT count(*) FROM pulse_participation WHERE state = 'answered'")
            assert written == 0 or written >= 5
            kill()

        workspace.fail("chat.postMessage", 1, seconds=60)
        with process(hall, "2026-11-18T08:00:00+00:00", log) as kill:
            workspace.wait_for(lambda: hall.channel(), 60, "the results")
            kill()
        workspace.fail("files.completeUploadExternal", 1, seconds=60)
        with process(hall, "2026-11-18T08:10:00+00:00", log) as kill:
            workspace.wait_for(lambda: [each for each in hall.channel() if each.files], 60, "the picture")
            kill()
        with process(hall, "2026-11-18T08:20:00+00:00", log):
            shown = "SELECT count(*) FROM pulse_waves WHERE state = 'shown'"
            wait_until(lambda: count(hall, shown) == 1, "the end", 60)
        assert len([each for each in hall.channel() if each.files]) == 1
        (results,) = [each for each in hall.channel() if "Weakest test" in each.text]
        assert "answered" not in said(results), "of nine it is not said how many they were"
        with hall.room.engine.connect() as connection:
            published = json.loads(connection.execute(text("SELECT publication FROM pulse_publications")).scalar_one())
        assert published["cells"][0]["figures"]["answered"] == 9
        assert len(workspace.replies(results)) == len({said(each) for each in workspace.replies(results)}) > 2
        assert count(hall, "SELECT count(*) FROM pulse_publications") == 1


@pytest.mark.slow
@pytest.mark.parametrize("store", STORES)
def test_no_file_table_or_log_tells_who_said_what_in_an_open_wave(
    store: str, home: Path, request: pytest.FixtureRequest
) -> None:
    """Everything on disk, the durable engine's own tables included, after real answers went through every door."""
    url = fresh_database(request.getfixturevalue("postgresql_url")) if store == "postgresql" else None
    with hall_at(home, database_url=url) as hall:
        hall.asked()
        for number, person in enumerate(EVERYBODY[:8]):
            hall.answer(person, 1 + number % 5, SPEECH)
            hall.answer(person, 1 + (number + 1) % 5, SPEECH)
        hall.at("2026-11-09T09:00")
        for person in EVERYBODY[6:10]:
            hall.answer(person, 2, SPEECH)
        tokens = [
            str(element["value"]).split('"token":"')[1].split('"')[0]
            for person in EVERYBODY[:10]
            for block in hall.invitation(person).blocks
            for element in block.get("elements", ())
            if element.get("action_id") == "pulse.answer"
        ]
        assert len(set(tokens)) == 10
        hall.room.rest()
        with hall.room.engine.connect() as connection:
            schemas = inspect(connection).get_schema_names() if url else [None]
            tables = [
                f'"{schema}"."{name}"' if schema else name
                for schema in schemas
                if schema not in ("information_schema", "pg_catalog")
                for name in inspect(connection).get_table_names(schema)
            ]
            dump = {
                name: [str(tuple(row)) for row in connection.execute(text(f"SELECT * FROM {name}"))] for name in tables
            }
            kinds = {kind for (kind,) in connection.execute(text("SELECT kind FROM inbox"))}
            folder = Path(connection.execute(text("SHOW data_directory")).scalar_one()) if url else home
        assert not {kind for kind in kinds if kind.startswith("pulse")}
        files = [path for path in folder.rglob("*") if path.is_file() and "encoder" not in path.parts]
        raw = b"".join(path.read_bytes() for path in files)
        assert b"pulse_participation" in raw
        for secret in (SPEECH, *tokens):
            assert secret.encode() not in raw
            assert secret not in hall.room.log.getvalue()
        sealed = ("pulse_answers", "pulse_comments", "pulse_waiting")
        answers = [row for name, rows in dump.items() if any(table in name for table in sealed) for row in rows]
        assert len(answers) == 8 + 8 + 4
        secrets = [file.content for file in hall.room.workspace.state.files.values() if file.name == SECRET]
        assert len(secrets) == 1, "all were asked, so what tokens are made with is gone"
        assert not any(secret in raw or base64.b64decode(secret) in raw for secret in secrets)
        users = [hall.room.workspace.state.user(person).id for person in EVERYBODY]
        assert not any(person in row for row in answers for person in (*users, *EVERYBODY))
        assert not any("4, 4, 4" in row or "4,4,4" in row for rows in dump.values() for row in rows)


@pytest.mark.slow
def test_a_poller_of_the_whole_home_sees_nobody_answer(home: Path, tmp_path: Path) -> None:
    """Copies of the home before and after each answer through Slack: over all tables of both databases, no row that
    came or changed is of the person who answered."""
    with hall_at(home) as hall:
        hall.asked()
        hall.room.rest()
        names = ("trustbot.sqlite", "durable.sqlite")
        for person in EVERYBODY[:6]:
            form = hall.form(person)
            hall.room.rest()
            before = [attacker.now(home, tmp_path / name, name) for name in names]
            radios = [block["block_id"] for block in form["blocks"] if block["block_id"].startswith("s")]
            assert hall.room.workspace.as_user(person).submit(form, dict.fromkeys(radios, "4")).ok
            hall.room.rest()
            after = [attacker.now(home, tmp_path / name, name) for name in names]
            rows = [row for one, other in zip(before, after, strict=True) for row in attacker.changed(one, other)]
            assert [row.split()[0] for row in rows if row.startswith("pulse_waiting")] == ["pulse_waiting"]
            account = hall.room.workspace.state.user(person).id
            assert not [row for row in rows if f"'{person}'" in row or account in row]
            hall.room.workspace.as_user(person).close(hall.room.workspace.modal(person) or {})
        before = [attacker.now(home, tmp_path / name, name) for name in names]
        hall.at("2026-11-09T09:00")
        after = [attacker.now(home, tmp_path / name, name) for name in names]
        marks = [row for row in attacker.changed(before[0], after[0]) if row.startswith("pulse_participation")]
        assert len(marks) == 2 * 6, "six are marked at once"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_five_hundred_are_asked_within_slacks_rates(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    crowd = [f"many-{number:03}" for number in range(MANY)]
    more = "".join(f"  - {{id: {each}, name: {each.title()}, schools: [oakfield]}}\n" for each in crowd)
    group = f"  - {{id: crowd, name: Everybody at once, people: [{', '.join(crowd)}]}}\n"
    trust = TRUST.replace("groups:\n", f"{more}groups:\n{group}", 1)
    with hall_at(home, trust, rates=1.0, clock=lambda: clock().timestamp()) as hall:
        hall.room.clock = clock
        hall.room.close()
        hall.room.open()
        hall.collaborate()
        assert hall.plan(groups=["group:crowd"]).ok
        minutes = 0
        hall.at("2026-11-09T08:00")
        while asking(hall):
            minutes += 1
            hall.at(f"2026-11-09T08:{minutes:02}")
        asked = "SELECT count(*) FROM posts WHERE key LIKE 'pulse-ask:%' AND ts IS NOT NULL"
        assert count(hall, asked) == MANY
        assert not [call for call in hall.room.workspace.calls if call.error == "ratelimited"]
        with capsys.disabled():
            print(f"\n{MANY} people asked in {minutes} minutes of Slack's time; no call was refused for its rate")
