"""The index on a server: shared by processes and by trusts, gone and back, slow, emptied behind our back."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.runtime import db
from knowledge.index.chroma import index as chroma_index
from knowledge.index.chroma.database import ChromaFailure, Collections, ping
from knowledge.index.chroma.index import ChromaIndex
from knowledge.index.chroma.server import LEASE_SECONDS
from knowledge.library.library import Library
from tests.knowledge.books import STAFF, Lottery, asked, document, pages

LONG = 120.0


class Server:
    """A `chroma run` process that can be stopped and started again on the same folder and port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = Path(sys.executable).with_name("chroma")
        command = [str(program), "run", "--path", str(self.folder), "--port", str(self.port)]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(
            command, stdout=quiet, stderr=quiet, env={**os.environ, "ANONYMIZED_TELEMETRY": "False"}
        )
        deadline = time.monotonic() + LONG
        while True:
            try:
                return ping(self.url)
            except ChromaFailure:
                assert time.monotonic() < deadline
                time.sleep(0.05)

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait(20)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "server")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def indexes() -> Iterator[list[ChromaIndex]]:
    opened: list[ChromaIndex] = []
    yield opened
    for index in opened:
        index.close()


@pytest.fixture
def opened(sqlite_engine: Engine, indexes: list[ChromaIndex]) -> Callable[..., tuple[Library, ChromaIndex]]:
    def open_library(
        url: str, engine: Engine = sqlite_engine, clock: Callable[[], float] = time.time
    ) -> tuple[Library, ChromaIndex]:
        index = chroma_index.on_server(engine, Lottery(), url, clock)
        indexes.append(index)
        index.start()
        return Library(engine, Lottery(), index), index

    return open_library


Open = Callable[..., tuple[Library, ChromaIndex]]
ENCODER = Lottery()


def find(library: Library, key: str, ordinal: int, edition: int = 0) -> str:
    question = asked(ENCODER, document(key), pages(key, ordinal + 1, edition)[ordinal])
    found = library.nearest(question, STAFF, 1)
    return found[0][0] if found and found[0][1] > 0.99 else ""


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_dead_server_is_done_without_and_used_again_when_it_is_back(
    server: Server, opened: Open, caplog: pytest.LogCaptureFixture
) -> None:
    library, index = opened(server.url)
    library.put(document("rules"), pages("rules", 5))
    assert index.wait(LONG)
    server.kill()
    assert [find(library, "rules", ordinal) for ordinal in range(5)] == [f"rules-{ordinal}" for ordinal in range(5)]
    library.put(document("lunch"), pages("lunch", 5))
    assert find(library, "lunch", 4) == "lunch-4"
    until(lambda: "does not answer" in (index.problem or ""))
    assert index.kind == "exact"
    assert len([each for each in caplog.records if "does not answer" in each.getMessage()]) == 1
    server.start()
    until(lambda: index.kind == "chroma, server" and library.status().lag == 0)
    assert find(library, "lunch", 4) == "lunch-4"
    until(lambda: index.problem is None)


def test_a_server_that_was_emptied_is_filled_again(server: Server, opened: Open) -> None:
    library, index = opened(server.url)
    other, other_index = opened(server.url)
    library.put(document("rules"), pages("rules", 5))
    assert index.wait(LONG)
    assert other_index.wait(LONG)
    emptying = Collections.on_server(server.url, "any")
    emptying.drop_all("trustbot")
    emptying.close()
    assert find(other, "rules", 3) == "rules-3"
    assert find(library, "rules", 2) == "rules-2"
    until(lambda: index.kind == other_index.kind == "chroma, server" and index.problem is None)
    library.put(document("lunch"), pages("lunch", 5))
    assert index.wait(LONG)
    assert other_index.wait(LONG)
    assert find(other, "rules", 3) == "rules-3"


def test_one_process_writes_and_another_takes_over_when_it_is_gone(server: Server, opened: Open) -> None:
    now = [1_000.0]
    first, first_index = opened(server.url, clock=lambda: now[0])
    first.put(document("rules"), pages("rules", 5))
    assert first_index.wait(LONG)
    second, second_index = opened(server.url, clock=lambda: now[0])
    assert second_index.wait(LONG)
    assert find(second, "rules", 3) == "rules-3"
    first_index._stop.set()
    first_index._thread.join()
    second.put(document("lunch"), pages("lunch", 5))
    assert not second_index.wait(1.0)
    assert find(second, "lunch", 4) == "lunch-4"
    now[0] += LEASE_SECONDS + 1
    assert second_index.wait(LONG)
    assert find(second, "lunch", 4) == "lunch-4"


def test_two_trusts_share_a_server(server: Server, opened: Open, tmp_path: Path) -> None:
    engines = [db.make_engine(f"sqlite:///{tmp_path / name}.sqlite") for name in ("north", "south")]
    for engine in engines:
        db.upgrade(engine)
    (north, north_index), (south, south_index) = (opened(server.url, engine=engine) for engine in engines)
    north.put(document("rules"), pages("rules", 5))
    south.put(document("lunch"), pages("lunch", 5))
    assert north_index.wait(LONG)
    assert south_index.wait(LONG)
    question = asked(ENCODER, document("lunch"), pages("lunch", 5)[1])
    assert {each for each, _ in north.nearest(question, STAFF, 99)} == {f"rules-{ordinal}" for ordinal in range(5)}
    assert {each for each, _ in south.nearest(question, STAFF, 99)} == {f"lunch-{ordinal}" for ordinal in range(5)}
    north.ask_for_rebuild()
    assert north_index.wait(LONG)
    assert find(south, "lunch", 1) == "lunch-1"
    assert south_index.problem is None
    for engine in engines:
        engine.dispose()


def test_a_silent_server_does_not_hold_questions_up(opened: Open) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        library, index = opened(f"http://127.0.0.1:{silent.getsockname()[1]}")
        library.put(document("rules"), pages("rules", 5))
        assert find(library, "rules", 3) == "rules-3"
        until(lambda: "does not answer" in (index.problem or ""))


def test_what_is_no_chroma_server_is_said_to_be_none() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(ChromaFailure, match=r"TRUSTBOT_CHROMA_URL is right"):
            ping(f"http://127.0.0.1:{free.getsockname()[1]}")
