"""Search finds by words and by meaning, within what is asked about and what may be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.documents import Document as ChainDocument

from bot.runtime import db
from knowledge.answer.retrieve import Search
from knowledge.embedding.encoder import Encoder
from knowledge.library.library import Library
from knowledge.passages import NOBODY, OPERATOR, Names
from knowledge.retriever import LibraryRetriever
from tests.knowledge.trust_papers import NAMES, STAFF, TODAY, TRUSTEE, fill


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Library]:
    engine = db.make_engine(f"sqlite:///{tmp_path_factory.mktemp('search') / 'trustbot.sqlite'}")
    db.upgrade(engine)
    yield fill(Library(engine, encoder))
    engine.dispose()


@pytest.fixture(scope="module")
def search(library: Library, encoder: Encoder) -> Search:
    return Search(library, encoder, NAMES, lambda: TODAY)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("How much is it to hire the hall?", "lettings-2024"),
        ("What did the hall cost in 2020?", "lettings-2020"),
        ("What did the hall cost under the old lettings policy?", "lettings-2020"),
        ("What would the hall cost in the draft?", "lettings-draft"),
        ("How long is homework at Ashby?", "homework-ashby"),
        ("How long is homework at birch academy?", "homework-birch"),
        ("What did the finance committee decide in March 2025?", "finance-march"),
        ("What did the FC decide at the October meeting?", "finance-october"),
        ("plasters and bandages", "first-aid"),
    ],
)
def test_the_document_that_is_meant_comes_first(search: Search, question: str, first: str) -> None:
    assert search.search(question, OPERATOR).hits[0].document.id == first


def test_superseded_and_draft_versions_stay_out_unless_asked_for(search: Search) -> None:
    found = {hit.document.id for hit in search.search("How much is the hall?", OPERATOR, 50).hits}
    assert "lettings-2024" in found
    assert not {"lettings-2020", "lettings-draft"} & found
    asked = {
        hit.document.id
        for hit in search.search("How has the price of the hall changed since the last version?", OPERATOR, 50).hits
    }
    assert {"lettings-2020", "lettings-2024", "lettings-draft"} <= asked


def test_a_reader_finds_only_what_he_may_read(search: Search) -> None:
    assert "pay" in {hit.document.id for hit in search.search("chief executive", TRUSTEE, 50).hits}
    assert "pay" not in {hit.document.id for hit in search.search("chief executive", STAFF, 50).hits}
    assert search.search("chief executive", NOBODY, 50).hits == ()


def test_hits_come_best_first_and_say_what_they_hold(search: Search) -> None:
    results = search.search("first aid boxes", OPERATOR)
    scores = [hit.score for hit in results.hits]
    assert scores == sorted(scores, reverse=True)
    assert results.hits[0].held.tolist() == [1.0, 1.0, 1.0]
    assert len(results.idf) == len(results.question.concepts)


def test_a_change_of_the_library_is_seen_at_once(tmp_path: Path, encoder: Encoder) -> None:
    engine = db.make_engine(f"sqlite:///{tmp_path / 'trustbot.sqlite'}")
    db.upgrade(engine)
    library = fill(Library(engine, encoder))
    search = Search(library, encoder, Names(), lambda: TODAY)
    assert search.search("first aid boxes", OPERATOR).hits[0].document.id == "first-aid"
    library.remove(["first-aid"])
    assert "first-aid" not in {hit.document.id for hit in search.search("first aid boxes", OPERATOR, 50).hits}
    fill(library)
    assert search.search("first aid boxes", OPERATOR).hits[0].document.id == "first-aid"
    engine.dispose()


def test_a_chain_retrieves_only_what_its_reader_may_read(search: Search) -> None:
    found: list[ChainDocument] = LibraryRetriever(search=search, reader=STAFF, count=20).invoke("chief executive pay")
    assert found
    assert {each.metadata["file_name"] for each in found} & {"pay.pdf"} == set()
    (best, *_) = LibraryRetriever(search=search, reader=TRUSTEE).invoke("chief executive pay")
    assert best.page_content.startswith("The chief executive is paid £131,400 a year.")
    assert (best.id, best.metadata["page"]) == ("pay-0", 1)
