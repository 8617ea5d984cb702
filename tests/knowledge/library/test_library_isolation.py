"""What a reader may not read is nowhere in what the library gives him, whatever was put, moved and removed before."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from knowledge.index.chroma import index as chroma_index
from knowledge.index.chroma.index import ChromaIndex
from knowledge.library.library import Library
from knowledge.passages import OPERATOR, Audience, Reader
from tests.knowledge.books import Lottery, document, pages

PRINCIPALS = ("everyone", "board", "north", "south", "person:ada")
KEYS = tuple(f"d{number}" for number in range(7))
ENCODER = Lottery()

principals = st.sets(st.sampled_from(PRINCIPALS), max_size=4)
audiences = st.sets(st.sampled_from(PRINCIPALS), min_size=1, max_size=3)
readers = st.lists(principals, max_size=3)
puts = st.tuples(st.sampled_from(KEYS), audiences, st.integers(0, 4))
removals = st.sampled_from(KEYS)


@dataclass
class World:
    """A library beside a plain record of what ought to be in it: id -> principals and number of passages."""

    library: Library
    index: ChromaIndex | None
    truth: dict[str, tuple[frozenset[str], int]] = field(default_factory=dict)


@pytest.fixture(params=["exact", "embedded", "server"])
def world(request: pytest.FixtureRequest, sqlite_engine: Engine, home: Path) -> Iterator[World]:
    index = None
    if request.param == "embedded":
        index = chroma_index.embedded(sqlite_engine, ENCODER, home)
    elif request.param == "server":
        index = chroma_index.on_server(sqlite_engine, ENCODER, request.getfixturevalue("chroma_server"), time.time)
    if index:
        index.start()
    yield World(Library(sqlite_engine, ENCODER, index), index)
    if index:
        index.close()


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(puts | removals, min_size=1, max_size=4), members=readers, level=st.booleans())
def test_only_what_may_be_read_is_given(
    world: World,
    steps: list[tuple[str, set[str], int] | str],
    members: list[set[str]],
    level: bool,
) -> None:
    for step in steps:
        if isinstance(step, str):
            world.library.remove([step])
            world.truth.pop(step, None)
        else:
            key, audience, count = step
            world.library.put(document(key, Audience(frozenset(audience))), pages(key, count, len(audience)))
            world.truth[key] = (frozenset(audience), count)
    if level and world.index:
        assert world.index.wait(30.0)
    reader = Reader(frozenset(frozenset(member) for member in members))
    check(
        world,
        reader,
        {key for key, (audience, _) in world.truth.items() if members and all(audience & m for m in members)},
    )
    check(world, OPERATOR, set(world.truth))


def check(world: World, reader: Reader, readable: set[str]) -> None:
    library = world.library
    every_id = [f"{key}-{ordinal}" for key in KEYS for ordinal in range(5)]
    expected = {f"{key}-{ordinal}" for key in readable for ordinal in range(world.truth[key][1])}
    (question,) = ENCODER.encode(["a question"])
    assert {each.id for each in library.documents(reader)} == readable
    assert library.entries(reader).keys() == readable
    assert {each for each, _ in library.nearest(question, reader, 99)} == expected
    assert {each for each, _ in library.nearest(question, reader, 99, documents=KEYS)} == expected
    assert library.passages(reader, every_id).keys() == expected
    assert library.sentence_vectors(reader, every_id).keys() == expected
    changes = library.changes({"gone": 1}, reader)
    assert {each.document.id for each in changes.put} == readable
    assert {passage_id for each in changes.put for passage_id, _, _ in each.terms} == expected
    assert changes.gone == {"gone"}
