"""The ten principles as a lens: which questions ask for it, and what is quoted side by side."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from ingest.sync.framework import put_framework
from knowledge.answer.retrieve import Search
from knowledge.embedding.encoder import Encoder
from knowledge.library.library import Library
from knowledge.passages import OPERATOR, Outcome, Reader
from knowledge.pipeline import Answerer
from knowledge.school.framework.documents import SOURCE
from knowledge.skills.lens import LensQuestion, lens_question
from tests.scenarios import corpus

BOB = Reader.of({"everyone"})
ASKED_FOR = {
    "Which of the ten principles speaks to this?": LensQuestion(),
    "which principle applies here": LensQuestion(),
    "Which principle fits best?": LensQuestion(),
    "And which of the principles are most relevant to that?": LensQuestion(),
    "What do Sir David Carter's principles say about our attendance action?": LensQuestion("attendance"),
    "What do the ten principles say about lettings?": LensQuestion("lettings"),
    "What would Sir David Carter say about this?": LensQuestion(),
    "What principle applies to this?": LensQuestion(),
    "Which principle does this speak to?": LensQuestion(),
    "How does this fit the ten principles?": LensQuestion(),
    "How does our pay policy sit with the ten principles?": LensQuestion("pay policy"),
    "Please look at this through the ten principles.": LensQuestion(),
    "look at the late payment of hirers through the lens of the ten guiding principles": LensQuestion(
        "late payment of hirers"
    ),
    "Does this collaboration pass the five tests?": LensQuestion(tests=True),
    "How does the phonics collaboration do on the five tests?": LensQuestion(tests=True),
    "Hold our reading project against the five tests": LensQuestion(tests=True),
}
NOT_ASKED_FOR = [
    "What are the ten principles?",
    "what is principle 6?",
    "Which principle is about culture and what does it ask of leaders?",
    "Which principles apply to data protection?",
    "What do the principles of the lettings policy say about deposits?",
    "What are the five tests of collaboration?",
    "How does this fit the principles?",
    "What principle does data protection rest on?",
    "Which of the seven principles of public life covers gifts?",
    "",
]


@pytest.fixture
def library(sqlite_engine: Engine, encoder: Encoder) -> Library:
    library = Library(sqlite_engine, encoder)
    put_framework(library)
    corpus.fill(library)
    return library


@pytest.fixture
def answerer(library: Library, encoder: Encoder) -> Answerer:
    return Answerer(Search(library, encoder, corpus.TRUST.names, lambda: date(2026, 11, 22)))


@pytest.mark.parametrize("question", ASKED_FOR)
def test_the_lens_is_asked_for(question: str) -> None:
    assert lens_question(question) == ASKED_FOR[question]


@pytest.mark.parametrize("question", NOT_ASKED_FOR)
def test_all_else_is_left_to_search(question: str) -> None:
    assert lens_question(question) is None


def test_principles_and_the_threads_own_passage_stand_side_by_side(answerer: Answerer, library: Library) -> None:
    before = "Who decides on leave of absence during term?"
    first = answerer.answer(before, BOB)
    cited = [each.document.id for each in first.citations]
    found = answerer.answer("Which of the ten principles speaks to this?", BOB, [before], cited=cited)
    assert found.outcome is Outcome.ANSWERED
    lead, *principles, beside = found.parts
    assert "of the ten principles" in lead.said
    assert 1 <= len(principles) <= 3
    assert "2. Children First" in [each.heading for each in principles]
    for part in principles:
        assert {found.citations[n].document.source for n in part.citations} == {f"{SOURCE}ten-guiding-principles"}
    assert found.citations[beside.citations[0]].document.title == "Attendance policy"
    for each in found.citations:
        passage = library.passages(BOB, [each.passage_id])[each.passage_id]
        assert each.quote in passage.text


def test_a_topic_is_taken_from_the_question(answerer: Answerer) -> None:
    found = answerer.answer("What do Sir David Carter's principles say about our attendance action?", BOB)
    assert found.parts[1].heading == "2. Children First"
    assert "“attendance”" in found.text


def test_where_none_speaks_to_it_it_says_so(answerer: Answerer) -> None:
    found = answerer.answer("What do the ten principles say about the spare key of the boiler house?", BOB)
    assert "None of the ten principles speaks plainly to" in found.text
    assert not any(each.document.source.startswith(SOURCE) for each in found.citations)


def test_nothing_is_set_beside_that_the_reader_may_not_read(answerer: Answerer, library: Library) -> None:
    before = "When does the swimming pool close for good?"
    own = answerer.answer(before, OPERATOR)
    assert corpus.SECRET in own.text
    cited = [each.document.id for each in own.citations]
    for question in (
        "Which of the ten principles speaks to this?",
        "Which of the ten principles speaks to redundancy?",
    ):
        found = answerer.answer(question, BOB, [before], cited=cited)
        assert all(BOB.may_read(each.document.audience) for each in found.citations)
        assert "lifeguard" not in found.text


def test_without_a_topic_it_is_a_question_like_any_other(answerer: Answerer) -> None:
    assert answerer.answer("Which of the ten principles speaks to this?", BOB).parts == ()


def test_the_five_tests_are_a_checklist_in_their_own_words(answerer: Answerer) -> None:
    found = answerer.answer("Does this collaboration pass the five tests?", BOB)
    assert [each.quote.partition(":")[0] for each in found.citations] == [
        "PURPOSE", "MUTUALITY", "CHANGE", "PACE", "PRIORITISATION",
    ]  # fmt: skip
    assert all(each.quote.endswith("?") for each in found.citations)
