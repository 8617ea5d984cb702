"""The library over real databases: whole puts, removals, readers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError

from knowledge.embedding.encoder import Encoder
from knowledge.library.library import Library
from knowledge.library.prepared import Filed, embedded_text
from knowledge.library.tables import PassageRow
from knowledge.passages import OPERATOR, Passage, Status
from tests.knowledge.books import BOARD, BOARD_ONLY, STAFF, Lottery, document, pages, passages


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
    library.put(document("pay", BOARD_ONLY), passages("pay", "The head earns a lot of money."))
    library.put(document("lunch"), passages("lunch", "The kitchen serves a hot meal at noon."))
    (vector,) = encoder.encode(["salary of the head"])
    assert [each for each, _ in library.nearest(vector, BOARD, 9)] == ["pay-0", "lunch-0"]
    assert [each for each, _ in library.nearest(vector, STAFF, 9)] == ["lunch-0"]
    assert library.nearest(vector, STAFF, 9, documents=["pay"]) == []
    assert [each for each, _ in library.nearest(vector, BOARD, 9, documents=["pay"])] == ["pay-0"]
    assert library.passages(STAFF, ["pay-0"]) == {}
    assert library.cosines(vector, STAFF, ["pay-0", "lunch-0"]) == pytest.approx(
        dict(library.nearest(vector, STAFF, 9))
    )
    assert library.cosines(vector, BOARD, ["pay-0", "no-such"]).keys() == {"pay-0"}
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


class Counting(Lottery):
    """A Lottery that remembers what it was asked to encode."""

    def __init__(self, name: str = "lottery") -> None:
        super().__init__(name)
        self.texts: list[str] = []

    def encode_spans(self, texts, spans):  # type: ignore[no-untyped-def]
        self.texts.extend(texts)
        return super().encode_spans(texts, spans)


def test_only_words_that_are_new_are_encoded(engine: Engine) -> None:
    encoder = Counting()
    library = Library(engine, encoder)
    library.put(document("rules"), passages("rules", "No running.", "No shouting."))
    encoder.texts.clear()
    library.put(document("rules", BOARD_ONLY), passages("rules", "No whistling.", "No running."))
    assert encoder.texts == ["Rules\nNo whistling."]
    (vector,) = encoder.encode(["Rules\nNo running."])
    assert library.nearest(vector, BOARD, 1)[0][0] == "rules-1"
    encoder.texts.clear()
    library.amend(document("rules", status=Status.DRAFT))
    assert encoder.texts == []
    assert [each.status for each in library.documents(STAFF)] == [Status.DRAFT]
    library.amend(document("rules", title="House rules"))
    assert encoder.texts == ["House rules\nNo whistling.", "House rules\nNo running."]


def test_what_is_embedded_is_title_heading_and_header_before_the_text() -> None:
    passage = Passage("p", "leave", 0, "Eid | two days", ("Leave", "Holy days"), header="Day | Allowed")
    assert embedded_text(document("leave"), passage) == "Leave — Leave > Holy days\nDay | Allowed\nEid | two days"
    assert embedded_text(document("leave"), Passage("p", "leave", 0, "Text.")) == "Leave\nText."


def test_sentence_vectors_are_those_of_the_passages_own_sentences(engine: Engine) -> None:
    encoder = Lottery()
    library = Library(engine, encoder)
    text = "The head decides. The governors are told."
    library.put(document("leave"), [Passage("leave-0", "leave", 0, text, ("Heading",), header="A | B")])
    (rows,) = library.sentence_vectors(STAFF, ["leave-0"]).values()
    expected = np.rint(encoder.encode(["The head decides.", "The governors are told."]) * 127).astype(np.int8)
    np.testing.assert_array_equal(rows, expected)


def test_many_documents_go_in_across_batches_in_order(engine: Engine) -> None:
    library = Library(engine, Lottery())
    filed = [Filed(document(f"d{number}"), pages(f"d{number}", number % 60)) for number in range(40)]
    assert [each.id for each in library.put_many(filed)] == [f"d{number}" for number in range(40)]
    assert library.status().passages == sum(len(each.passages) for each in filed)
    found = library.passages(STAFF, ["d7-6", "d0-0", "d39-0"])
    assert list(found) == ["d7-6", "d39-0"]


def test_a_put_that_fails_leaves_the_document_as_it_was(engine: Engine) -> None:
    encoder = Lottery()
    library = Library(engine, encoder)
    library.put(document("rules"), passages("rules", "No running.", "No shouting."))
    before = library.generation()
    twice = [Passage("same", "rules", 0, "One."), Passage("same", "rules", 1, "Two.")]
    with pytest.raises(IntegrityError):
        library.put(document("rules"), twice)
    assert library.generation() == before
    assert list(library.passages(STAFF, ["rules-0", "rules-1", "same"])) == ["rules-0", "rules-1"]


def test_a_source_holds_one_document(engine: Engine) -> None:
    library = Library(engine, Lottery())
    library.put(document("old", source="/library/rules.md"), passages("old", "No running."))
    library.put(document("new", source="/library/rules.md"), passages("new", "No shouting."))
    assert [each.id for each in library.documents(STAFF)] == ["new"]
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(PassageRow)) == 1


def test_the_version_in_force_is_settled_with_every_write(engine: Engine) -> None:
    library = Library(engine, Lottery())
    follower = Library(engine, Lottery())
    older = document("pay-2023", family="pay", date=date(2023, 9, 1))
    newer = document("pay-2024", family="pay", date=date(2024, 9, 1))
    library.put(older, pages("pay-2023", 2))
    known = {each.document.id: each.generation for each in follower.changes({}).put}
    library.put(newer, pages("pay-2024", 2))
    assert {each.id: each.in_force for each in follower.documents(STAFF)} == {"pay-2023": False, "pay-2024": True}
    assert [each.document.id for each in follower.changes(known).put] == ["pay-2024"]
    library.remove(["pay-2024"])
    assert {each.id: each.in_force for each in follower.documents(STAFF)} == {"pay-2023": True}


def test_a_touched_file_changes_nothing_but_its_time(engine: Engine) -> None:
    library = Library(engine, Lottery())
    library.put(document("rules"), pages("rules", 2), size=10, modified=1.0)
    known = {each.document.id: each.generation for each in library.changes({}).put}
    library.touch("rules", 10, 2.5)
    assert library.entries()["rules"].modified == 2.5
    assert library.changes(known).put == ()


def test_another_encoder_searches_nothing_until_the_library_is_embedded_anew(engine: Engine) -> None:
    old, new = Library(engine, Lottery("first")), Library(engine, Lottery("second", 48))
    for key in ("rules", "lunch", "pay"):
        old.put(document(key), pages(key, 3), size=7, modified=3.0)
    (vector,) = Lottery("second", 48).encode(["Rules\nPage 1 of rules, edition 0."])
    assert new.status().stale == 3
    assert new.nearest(vector, STAFF, 3) == []
    assert new.nearest(vector, STAFF, 3, documents=["rules"]) == []
    assert new.sentence_vectors(STAFF, ["rules-1"]) == {}
    steps = new.reencode()
    next(steps)
    steps.close()
    assert list(new.passages(STAFF, ["rules-1"])) == ["rules-1"]
    assert len(list(Library(engine, Lottery("second", 48)).reencode())) == 2
    assert new.status().stale == 0
    assert new.nearest(vector, STAFF, 1)[0] == ("rules-1", pytest.approx(1.0, abs=1e-5))
    assert new.sentence_vectors(STAFF, ["rules-1"])["rules-1"].shape == (1, 48)
    assert new.entries()["rules"].modified == 3.0


def test_a_document_without_words_is_known_but_never_found(engine: Engine) -> None:
    encoder = Lottery()
    library = Library(engine, encoder)
    library.put(document("blank"), [])
    library.put(document("rules"), pages("rules", 1))
    (vector,) = encoder.encode(["anything"])
    assert [each.id for each in library.documents(STAFF)] == ["blank", "rules"]
    assert [each for each, _ in library.nearest(vector, STAFF, 5)] == ["rules-0"]
    assert library.nearest(vector, STAFF, 5, documents=["blank"]) == []


def test_the_status_counts_by_audience(engine: Engine) -> None:
    library = Library(engine, Lottery())
    assert library.status().documents == 0
    library.put(document("pay", BOARD_ONLY), pages("pay", 2))
    library.put(document("rules"), pages("rules", 3))
    status = library.status()
    assert (status.documents, status.passages, status.generation, status.index) == (2, 5, 2, "exact")
    assert status.audiences == {"board": (1, 2), "everyone": (1, 3)}


def test_an_empty_library_answers_everything_with_nothing(engine: Engine) -> None:
    encoder = Lottery()
    library = Library(engine, encoder)
    (vector,) = encoder.encode(["anything"])
    assert library.generation() == 0
    assert library.nearest(vector, OPERATOR, 5) == []
    assert library.passages(OPERATOR, []) == {}
    assert library.documents(OPERATOR) == ()
    library.remove(["no-such"])
    assert library.generation() == 1
