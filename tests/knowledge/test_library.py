"""The library over real databases: whole puts, removals, readers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from knowledge.embed import Encoder
from knowledge.library import Library
from knowledge.passages import EVERYONE, OPERATOR, Audience, Document, Kind, Passage, Reader

STAFF = Reader.of({"everyone"})
BOARD = Reader.of({"everyone", "board"})


def document(key: str, audience: Audience = EVERYONE, **fields: object) -> Document:
    values: dict[str, object] = {
        "source": f"/library/{key}.md",
        "file_name": f"{key}.md",
        "title": key.capitalize(),
        "kind": Kind.POLICY,
        "family": key,
    }
    return Document(id=key, audience=audience, **(values | fields))  # type: ignore[arg-type]


def passages(key: str, *texts: str) -> list[Passage]:
    return [Passage(f"{key}-{ordinal}", key, ordinal, text) for ordinal, text in enumerate(texts)]


@pytest.fixture
def library(engine: Engine, encoder: Encoder) -> Library:
    return Library(engine, encoder)


def test_a_document_is_found_by_meaning_and_read_back_word_for_word(library: Library, encoder: Encoder) -> None:
    text = "A child may be absent for a religious festival.\nParents write to the head first."
    put = Passage("absence-0", "absence", 0, text, ("Leave", "Holy days"), 3, "Day | Who")
    library.put(document("absence"), [put], size=70, modified=12.5)
    library.put(document("lunch"), passages("lunch", "The kitchen serves a hot meal at noon."))
    (vector,) = encoder.encode(["time off for Diwali"])
    found = library.nearest(vector, STAFF, 5)
    assert [each for each, _ in found] == ["absence-0", "lunch-0"]
    assert library.passages(STAFF, ["absence-0", "no-such"]) == {"absence-0": put}
    assert library.sentence_vectors(STAFF, ["absence-0"])["absence-0"].shape == (2, encoder.dimension)
    entry = library.entries()["absence"]
    assert (entry.document, entry.size, entry.modified) == (document("absence"), 70, 12.5)


def test_putting_again_replaces_the_whole_document(library: Library, encoder: Encoder) -> None:
    library.put(document("rules"), passages("rules", "No running.", "No shouting.", "No phones."))
    library.put(replace(document("rules"), title="House rules"), passages("rules", "Walk in the corridors."))
    (vector,) = encoder.encode(["phones"])
    assert [each for each, _ in library.nearest(vector, OPERATOR, 9)] == ["rules-0"]
    assert [each.title for each in library.documents(OPERATOR)] == ["House rules"]
    assert library.status().passages == 1


def test_what_a_reader_may_not_read_is_nowhere(library: Library, encoder: Encoder) -> None:
    library.put(document("pay", Audience(frozenset({"board"}))), passages("pay", "The head earns a lot of money."))
    library.put(document("lunch"), passages("lunch", "The kitchen serves a hot meal at noon."))
    (vector,) = encoder.encode(["salary of the head"])
    assert [each for each, _ in library.nearest(vector, BOARD, 9)] == ["pay-0", "lunch-0"]
    assert [each for each, _ in library.nearest(vector, STAFF, 9)] == ["lunch-0"]
    assert library.nearest(vector, STAFF, 9, documents=["pay"]) == []
    assert [each for each, _ in library.nearest(vector, BOARD, 9, documents=["pay"])] == ["pay-0"]
    assert library.passages(STAFF, ["pay-0"]) == {}
    assert library.sentence_vectors(STAFF, ["pay-0"]) == {}
    assert [each.id for each in library.documents(STAFF)] == ["lunch"]


def test_removed_documents_are_gone_and_changes_say_so(library: Library) -> None:
    library.put(document("lunch"), passages("lunch", "A hot meal.", "At noon."))
    library.put(document("rules"), passages("rules", "No running."))
    first = library.changes({})
    assert [(each.document.id, len(each.terms)) for each in first.put] == [("lunch", 2), ("rules", 1)]
    known = {each.document.id: each.generation for each in first.put}
    library.remove(["lunch"])
    second = library.changes(known)
    assert (second.gone, second.put) == (frozenset({"lunch"}), ())
    assert second.generation == first.generation + 1
    assert [each.id for each in library.documents(STAFF)] == ["rules"]
