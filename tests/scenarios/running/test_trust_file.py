"""The trust file is changed while the bot is at work: what it says counts within seconds, and nothing undoes it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import text

from bot.demo.workspace.state import Message
from bot.trust.file import STEP
from knowledge.embedding.encoder import Encoder
from tests.at_work import make_way
from tests.conftest import Stores
from tests.scenarios.conftest import Office, office_at, said, wait_until

SECRET = "When does the swimming pool at Marsh Lane close?"
BOILER = "Where does the spare boiler key of the grotto hang?"
GROTTO = "The spare boiler key of the grotto hangs behind the stuffed badger."
BADGER = "badger"


@pytest.fixture
def shelf(home: Path) -> Path:
    folder = home / "shelf"
    folder.mkdir()
    (folder / "grotto.md").write_text(f"# Grotto handbook\n\n{GROTTO}\n", encoding="utf-8")
    return folder


@pytest.fixture
def place(home: Path, encoder: Encoder, stores: Stores, shelf: Path) -> Iterator[Office]:
    """An office with a folder of documents, on SQLite and embedded Chroma, then on PostgreSQL and a Chroma server."""
    url = None if stores.database_url.startswith("sqlite") else stores.database_url
    with office_at(home, encoder, url, stores.chroma_url) as office:
        change(office, folders("everyone"))
        make_way(office)
        yield office


def folders(*audience: str) -> Callable[[dict[str, Any]], None]:
    def put(trust: dict[str, Any]) -> None:
        trust["library"] = [{"path": "shelf", "audience": list(audience)}]

    return put


def without(person: str) -> Callable[[dict[str, Any]], None]:
    def take(trust: dict[str, Any]) -> None:
        trust["people"] = [each for each in trust["people"] if each["id"] != person]

    return take


def change(office: Office, edit: Callable[[dict[str, Any]], None]) -> None:
    """Change the trust file as an editor does: a new file in place of the old one."""
    file = office.settings.trust_file
    trust = yaml.safe_load(file.read_text(encoding="utf-8"))
    edit(trust)
    beside = file.with_name("trust.yaml.new")
    beside.write_text(yaml.safe_dump(trust), encoding="utf-8")
    beside.replace(file)


def trustbot(office: Office, *words: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    settings = office.settings
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("TRUSTBOT_", "SLACK_"))}
    environment["TRUSTBOT_HOME"] = str(home or settings.home)
    if settings.database_url:
        environment["TRUSTBOT_DATABASE_URL"] = settings.database_url
    command = [str(Path(sys.executable).with_name("trustbot")), *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def audience(office: Office, file_name: str) -> str | None:
    """Who may read this document, by the database."""
    with office.engine.connect() as connection:
        return connection.scalar(text("SELECT audience FROM documents WHERE file_name = :name"), {"name": file_name})


def version(office: Office) -> int:
    """The number of the version in force."""
    with office.engine.connect() as connection:
        return int(connection.scalar(text("SELECT max(number) FROM trust_versions")) or 0)


def told(office: Office, person: str) -> list[Message]:
    """What the bot wrote to this person about the trust file."""
    return [each for each in office.workspace.direct(person) if "trust file" in said(each)]


def screen(office: Office, person: str) -> str:
    """What the modal before this person says, if there is one."""
    view = office.workspace.modal(person)
    return said(view) if view else ""


def test_a_narrowing_that_the_command_line_takes_in_stays(place: Office, shelf: Path) -> None:
    place.open()
    wait_until(lambda: audience(place, "grotto.md") == "everyone", "the folder to be read in")
    answered = place.ask_alone("fay", BOILER)
    assert BADGER in said(answered)

    change(place, folders("exec"))
    done = trustbot(place, "ingest")
    assert done.returncode == 0, done.stdout + done.stderr
    assert audience(place, "grotto.md") == "exec"
    assert BADGER not in said(place.ask_alone("fay", BOILER))
    place.workspace.as_user("fay").click(answered, "ask.sources")
    place.rest()
    assert BADGER not in screen(place, "fay"), "the sources of an earlier answer are closed as well"

    (shelf / "more.md").write_text("# More\n\nThe grotto is closed on Mondays.\n", encoding="utf-8")
    wait_until(lambda: audience(place, "more.md"), "the bot's next sync")
    assert audience(place, "more.md") == "exec"
    assert audience(place, "grotto.md") == "exec"
    assert BADGER not in said(place.ask_alone("fay", BOILER))
    assert BADGER in said(place.ask_alone("eve", BOILER))


def test_a_person_who_is_taken_out_is_refused_at_the_next_question(place: Office) -> None:
    place.open()
    answered = place.ask_alone("eve", SECRET)
    assert "30 June 2027" in said(answered)
    before = version(place)

    change(place, without("eve"))
    wait_until(lambda: version(place) > before, "the file to be taken up")
    assert "30 June 2027" not in said(place.ask_alone("eve", SECRET))
    assert "30 June 2027" not in said(place.ask("max", "execs", SECRET)), "eve reads in this channel"
    assert "30 June 2027" in said(place.whispers("max")[-1])
    place.workspace.as_user("eve").click(answered, "ask.sources")
    place.rest()
    assert "redundant" not in screen(place, "eve")


def test_a_role_that_is_changed_counts_at_the_next_question(place: Office) -> None:
    place.open()
    assert "30 June 2027" not in said(place.ask_alone("fay", SECRET))
    before = version(place)

    def swap(trust: dict[str, Any]) -> None:
        roles = {"fay": ["executive"], "eve": ["staff"]}
        for person in trust["people"]:
            person["roles"] = roles.get(person["id"], person.get("roles", ["staff"]))

    change(place, swap)
    wait_until(lambda: version(place) > before, "the file to be taken up")
    assert "30 June 2027" in said(place.ask_alone("fay", SECRET))
    assert "30 June 2027" not in said(place.ask_alone("eve", SECRET))


def test_a_broken_file_changes_nothing_and_the_administrator_hears_of_it_once(place: Office) -> None:
    place.open()
    file, good = place.settings.trust_file, place.settings.trust_file.read_text(encoding="utf-8")
    before = version(place)

    file.write_text(good.replace("roles:", "rolls:"), encoding="utf-8")
    (first,) = place.workspace.wait_for(lambda: told(place, "ada"), what="a word to the administrator")
    assert "rolls" in said(first)
    assert ", line " in said(first)
    assert f"version {before}" in said(first)
    assert "30 June 2027" in said(place.ask_alone("eve", SECRET)), "the last good file counts"

    file.write_text("", encoding="utf-8")
    wait_until(lambda: "is empty" in said(told(place, "ada")[0]), "what is wrong now to be told in its place")
    file.unlink()
    wait_until(lambda: "Put it back" in said(told(place, "ada")[0]), "the same of a file that is gone")
    assert "30 June 2027" not in said(place.ask_alone("fay", SECRET)), "no file does not mean everyone"
    assert "30 June 2027" in said(place.ask_alone("eve", SECRET))
    assert len(told(place, "ada")) == 1

    file.write_text(good, encoding="utf-8")
    wait_until(lambda: len(told(place, "ada")) == 2, "a word that it is good again")
    assert "in order again" in said(told(place, "ada")[1])
    assert version(place) == before, "the same words are no new version"
    assert not [each for person in ("eve", "fay") for each in told(place, person)]


@pytest.mark.slow
def test_a_copy_that_has_missed_a_version_never_counts(place: Office) -> None:
    place.open()
    wait_until(lambda: audience(place, "grotto.md") == "everyone", "the folder to be read in")
    place.close()
    make_way(place)
    old = {each: each.read_bytes() for each in (place.settings.trust_file, place.settings.home / STEP)}
    change(place, folders("exec"))
    assert trustbot(place, "ask", "Who is who?").returncode == 0
    narrow = version(place)
    assert audience(place, "grotto.md") == "exec"

    for each, content in old.items():
        each.write_bytes(content)
    place.open()
    assert BADGER not in said(place.ask_alone("fay", BOILER))
    assert BADGER in said(place.ask_alone("eve", BOILER))
    assert (version(place), audience(place, "grotto.md")) == (narrow, "exec")
    refused = trustbot(place, "ingest")
    assert refused.returncode == 1
    assert f"version {narrow}" in refused.stderr
    shown = trustbot(place, "trust", "show")
    assert yaml.safe_load(shown.stdout)["library"] == [{"path": "shelf", "audience": ["exec"]}]

    assert trustbot(place, "trust", "accept").returncode == 0
    wait_until(lambda: audience(place, "grotto.md") == "everyone", "the bot to open what the operator opened")
    assert BADGER in said(place.ask_alone("fay", BOILER))
