"""BM25 in arrays: right against a plain reckoning, the same after changes, and blind to what may not be read."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import Engine

from knowledge.embedding.encoder import Encoder
from knowledge.index.bm25 import K1, B, LexicalIndex, Matches
from knowledge.library.library import Library
from knowledge.library.prepared import embedded_text
from knowledge.passages import OPERATOR, Reader
from knowledge.text.terms import terms, words
from tests.knowledge.trust_papers import PAPERS, STAFF, TRUSTEE, fill, passages


@pytest.fixture
def library(sqlite_engine: Engine, encoder: Encoder) -> Library:
    return fill(Library(sqlite_engine, encoder))


def _matches(library: Library, index: LexicalIndex, text: str, reader: Reader = OPERATOR) -> Matches:
    documents = tuple(each.id for each in library.documents(reader))
    return index.matches(dict.fromkeys(terms(text), 1.0), documents, np.ones(len(documents), np.bool_))


def _scores(library: Library, index: LexicalIndex, text: str, reader: Reader = OPERATOR) -> dict[str, float]:
    found = _matches(library, index, text, reader)
    ids = found.best(1000)
    return dict(zip(ids, found.of(ids)[1].tolist(), strict=True))


def _reckoned(texts: Mapping[str, str], question: str) -> dict[str, float]:
    bags = {key: Counter(terms(text)) for key, text in texts.items()}
    mean = sum(sum(bag.values()) for bag in bags.values()) / len(bags)
    scores: dict[str, float] = {}
    for term in dict.fromkeys(terms(question)):
        holders = sum(term in bag for bag in bags.values())
        idf = math.log1p((len(bags) - holders + 0.5) / (holders + 0.5))
        for key, bag in bags.items():
            if term in bag:
                norm = K1 * (1 - B + B * sum(bag.values()) / mean)
                scores[key] = scores.get(key, 0.0) + idf * (K1 + 1) * bag[term] / (bag[term] + norm)
    return scores


def _texts(*leave_out: str) -> dict[str, str]:
    return {
        passage.id: embedded_text(document, passage)
        for document, texts in PAPERS
        if document.id not in leave_out
        for passage in passages(document, texts)
    }


def test_scores_are_those_of_the_formula(library: Library) -> None:
    question = "who pays for the hall and the homework"
    assert _scores(library, LexicalIndex(library), question) == pytest.approx(_reckoned(_texts(), question), rel=1e-4)


def test_what_may_not_be_read_changes_no_score(library: Library) -> None:
    index = LexicalIndex(library)
    question = "hall chief executive"
    assert _scores(library, index, question, STAFF) == pytest.approx(_reckoned(_texts("pay"), question), rel=1e-4)
    assert "pay-0" in _scores(library, index, question, TRUSTEE)


def test_the_index_follows_the_library(library: Library) -> None:
    index = LexicalIndex(library)
    question = "hall homework auditors certificate zebra"
    _scores(library, index, question)
    library.remove(["homework-ashby", "finance-march"])
    first_aid = next(each for each in PAPERS if each[0].id == "first-aid")
    library.put(replace(first_aid[0], title="Zebra policy"), passages(first_aid[0], first_aid[1][:1]))
    for key in ("lettings-2020", "safeguarding", "homework-birch"):
        document, texts = next(each for each in PAPERS if each[0].id == key)
        library.put(document, passages(document, texts))
        followed, anew = (_scores(library, each, question) for each in (index, LexicalIndex(library)))
        assert followed == pytest.approx(anew, rel=1e-5)
    assert "first-aid-0" in followed
    assert not {"homework-ashby-0", "finance-march-0", "first-aid-1"} & followed.keys()


def test_only_candidates_score_and_each_term_is_told(library: Library) -> None:
    index = LexicalIndex(library)
    documents = tuple(each.id for each in library.documents(OPERATOR))
    only = np.array([each == "lettings-2024" for each in documents])
    found = index.matches(dict.fromkeys(terms("hall homework"), 1.0), documents, only)
    assert found.best(10) == ["lettings-2024-0", "lettings-2024-1"]
    numbers, scores, held = found.of(["lettings-2024-0", "lettings-2020-0", "no-such"])
    assert [documents[number] for number in numbers[:2]] == ["lettings-2024", "lettings-2020"]
    assert numbers[2] == -1
    assert scores[1] == 0.0
    assert held.tolist() == [[True, False], [True, False], [False, False]]


def test_very_common_words_only_tell_apart_what_rarer_ones_found(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "policy auditors hall"
    exact = _scores(library, LexicalIndex(library), question)
    monkeypatch.setattr("knowledge.index.bm25.COMMON", 2)
    found = _scores(library, LexicalIndex(library), question)
    assert found == pytest.approx({key: exact[key] for key in found}, rel=1e-5)
    assert found.keys() == {key for key, text in _texts().items() if {"auditors", "auditor"} & set(words(text))}
    assert _scores(library, LexicalIndex(library), "policy") == pytest.approx(_reckoned(_texts(), "policy"), rel=1e-4)


def test_an_empty_library_matches_nothing(sqlite_engine: Engine, encoder: Encoder) -> None:
    library = Library(sqlite_engine, encoder)
    assert _scores(library, LexicalIndex(library), "hall") == {}
