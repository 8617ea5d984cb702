"""Search through Chroma, embedded and on a server: level with the library, whole documents, nothing missed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.runtime import db
from knowledge.index.chroma import index as chroma_index
from knowledge.index.chroma.database import Collections
from knowledge.index.chroma.index import ChromaIndex, in_audience
from knowledge.index.chroma.reconcile import Mirror
from knowledge.library.descriptions import Follower
from knowledge.library.library import Library
from knowledge.passages import OPERATOR, Audience
from tests.conftest import Stores
from tests.knowledge.books import BOARD, BOARD_ONLY, STAFF, Lottery, asked, document, pages

LONG = 120.0
Opened = tuple[Library, ChromaIndex]


@pytest.fixture
def database(stores: Stores) -> Iterator[Engine]:
    engine = db.make_engine(stores.database_url)
    db.upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def opened(stores: Stores, database: Engine, home: Path) -> Iterator[Callable[..., Opened]]:
    """Opens a library with its index, as one process would, and closes it at the end."""
    indexes: list[ChromaIndex] = []

    def open_library(encoder: Lottery, start: bool = True) -> Opened:
        if stores.chroma_url:
            index = chroma_index.on_server(database, encoder, stores.chroma_url, time.time)
        else:
            index = chroma_index.embedded(database, encoder, home)
        indexes.append(index)
        if start:
            index.start()
        return Library(database, encoder, index), index

    yield open_library
    for index in indexes:
        index.close()


def test_puts_moves_and_removals_reach_the_index(opened: Callable[..., Opened]) -> None:
    encoder = Lottery()
    library, index = opened(encoder)
    for key in ("rules", "lunch", "pay"):
        library.put(document(key), pages(key, 5))
    library.put(document("pay", BOARD_ONLY), pages("pay", 5, edition=1))
    library.remove(["lunch"])
    assert index.wait(LONG)
    assert index.kind.startswith("chroma")
    assert library.status().lag == 0
    pay = asked(encoder, document("pay"), pages("pay", 5, edition=1)[3])
    assert library.nearest(pay, BOARD, 1)[0] == ("pay-3", pytest.approx(1.0, abs=1e-5))
    assert {each for each, _ in library.nearest(pay, STAFF, 99)} == {f"rules-{n}" for n in range(5)}
    assert {each for each, _ in library.nearest(pay, OPERATOR, 99)} == {
        f"{k}-{n}" for k in ("rules", "pay") for n in range(5)
    }


def test_it_finds_what_exact_search_finds(opened: Callable[..., Opened], database: Engine) -> None:
    encoder = Lottery()
    library, index = opened(encoder)
    exact = Library(database, encoder)
    audiences = [document("x").audience, BOARD_ONLY, Audience(frozenset({"governors", "board"}))]
    for number in range(30):
        library.put(document(f"d{number}", audiences[number % 3]), pages(f"d{number}", 20))
    assert index.wait(LONG)
    for number in range(0, 30, 7):
        question = asked(encoder, document(f"d{number}"), pages(f"d{number}", 20)[number % 20])
        for reader in (STAFF, BOARD, OPERATOR):
            found, expected = library.nearest(question, reader, 8), exact.nearest(question, reader, 8)
            assert [each for each, _ in found] == [each for each, _ in expected]
            assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-5)


def test_documents_that_the_index_lacks_are_found_all_the_same(opened: Callable[..., Opened]) -> None:
    encoder = Lottery()
    library, index = opened(encoder, start=False)
    library.put(document("rules"), pages("rules", 5))
    question = asked(encoder, document("rules"), pages("rules", 5)[2])
    assert library.nearest(question, STAFF, 1)[0][0] == "rules-2"
    assert (index.kind, library.status().lag) == ("exact", 1)
    index.start()
    assert index.wait(LONG)
    library.put(document("lunch"), pages("lunch", 5))
    question = asked(encoder, document("lunch"), pages("lunch", 5)[4])
    assert library.nearest(question, STAFF, 1)[0][0] == "lunch-4"


def test_vectors_of_removed_documents_never_crowd_out_those_that_stand(sqlite_engine: Engine, home: Path) -> None:
    encoder = Lottery()
    library = Library(sqlite_engine, encoder)
    library.put(document("crowd"), pages("crowd", 120))
    library.put(document("rules"), pages("rules", 3))
    follower = Follower(sqlite_engine, encoder.name)
    mirror = Mirror(sqlite_engine, Collections.embedded(home / "chroma", "passages"))
    for _ in mirror.reconcile(follower.current()):
        pass
    library.remove(["crowd"])
    catalogue = follower.current()
    question = asked(encoder, document("crowd"), pages("crowd", 120)[7])
    found = in_audience(mirror.live(catalogue), "everyone", question, 3, catalogue)
    assert {each for each, _ in found} == {"rules-0", "rules-1", "rules-2"}
    mirror.collections.close()


def test_passages_behind_a_crowd_of_the_same_words_are_found(opened: Callable[..., Opened]) -> None:
    encoder = Lottery()
    library, index = opened(encoder)
    for school in range(12):
        copies = [replace(each, text="The same words.") for each in pages(f"s{school}", 30)]
        library.put(document(f"s{school}", title="Rules"), copies)
        library.put(document(f"own{school}"), pages(f"own{school}", 3))
    assert index.wait(LONG)
    for school in range(12):
        for passage in pages(f"own{school}", 3):
            question = asked(encoder, document(f"own{school}"), passage)
            assert library.nearest(question, STAFF, 5)[0][0] == passage.id


def test_a_question_sees_one_edition_whole_while_documents_change(opened: Callable[..., Opened]) -> None:
    encoder = Lottery()
    library, index = opened(encoder)
    library.put(document("rules"), pages("rules", 10))
    assert index.wait(LONG)
    stop = threading.Event()

    def rewrite() -> None:
        edition = 1
        while not stop.is_set():
            key = f"e{edition}"
            editions = [replace(each, id=f"{key}-{each.ordinal}") for each in pages("rules", 5 + edition % 7, edition)]
            library.put(document("rules"), editions)
            edition += 1
            stop.wait(0.02)

    writer = threading.Thread(target=rewrite)
    writer.start()
    try:
        (question,) = encoder.encode(["anything at all"])
        seen = set()
        for _ in range(150):
            found = [each for each, _ in library.nearest(question, STAFF, 50)]
            key = found[0].partition("-")[0]
            edition = 0 if key == "rules" else int(key[1:])
            assert len(found) == (5 + edition % 7 if edition else 10)
            assert {each.partition("-")[0] for each in found} == {key}
            seen.add(key)
    finally:
        stop.set()
        writer.join()
    assert len(seen) > 1


def test_a_rebuild_on_demand_ends_with_the_same_answers(opened: Callable[..., Opened]) -> None:
    encoder = Lottery()
    library, index = opened(encoder)
    for number in range(10):
        library.put(document(f"d{number}"), pages(f"d{number}", 20))
    assert index.wait(LONG)
    question = asked(encoder, document("d4"), pages("d4", 20)[7])
    before = library.nearest(question, STAFF, 5)
    library.ask_for_rebuild()
    while not index.wait(0.001):
        assert [each for each, _ in library.nearest(question, STAFF, 5)] == [each for each, _ in before]
    assert index.kind.startswith("chroma")
    assert [each for each, _ in library.nearest(question, STAFF, 5)] == [each for each, _ in before]


def test_a_new_start_goes_on_where_the_last_one_stopped(opened: Callable[..., Opened]) -> None:
    encoder = Lottery()
    library, index = opened(encoder)
    library.put(document("rules"), pages("rules", 5))
    library.put(document("lunch"), pages("lunch", 5))
    assert index.wait(LONG)
    index.close()
    library.put(document("rules"), pages("rules", 5, edition=1))
    library.remove(["lunch"])
    library, index = opened(encoder)
    assert index.wait(LONG)
    assert index.problem is None
    question = asked(encoder, document("rules"), pages("rules", 5, edition=1)[2])
    assert library.nearest(question, STAFF, 9)[0] == ("rules-2", pytest.approx(1.0, abs=1e-5))
    assert len(library.nearest(question, STAFF, 9)) == 5


def test_another_encoder_gets_an_index_of_its_own(opened: Callable[..., Opened]) -> None:
    library, index = opened(Lottery("first"))
    library.put(document("rules"), pages("rules", 5))
    assert index.wait(LONG)
    index.close()
    encoder = Lottery("second", 48)
    library, index = opened(encoder)
    for _ in library.reencode():
        pass
    assert index.wait(LONG)
    question = asked(encoder, document("rules"), pages("rules", 5)[2])
    assert library.nearest(question, STAFF, 1)[0][0] == "rules-2"
