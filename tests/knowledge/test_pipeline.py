"""Answers: in the documents' own words, of what may be read, or honestly none."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.runtime import db
from knowledge.answer.citing import NOT_FOUND
from knowledge.answer.confidence import beside_the_point
from knowledge.answer.quoting import Scored, cite, coverage, parsed
from knowledge.answer.retrieve import Hit, Results, Search
from knowledge.embedding.encoder import Encoder
from knowledge.library.library import Library
from knowledge.passages import NOBODY, OPERATOR, Answer, Outcome, Passage, Reader
from knowledge.pipeline import CLOSEST, Answerer
from knowledge.query.question import read_question
from knowledge.safety.patterns import SIGNPOST
from tests.knowledge.trust_papers import NAMES, PAPERS, STAFF, TODAY, TRUSTEE, fill, passages

TEXTS = {passage.id: passage for document, texts in PAPERS for passage in passages(document, texts)}
WORDS = sorted({word for passage in TEXTS.values() for word in passage.text.split()})


def _answerer(folder: pytest.TempPathFactory, encoder: Encoder, leave_out: frozenset[str] = frozenset()) -> Answerer:
    engine = db.make_engine(f"sqlite:///{folder.mktemp('answers') / 'trustbot.sqlite'}")
    db.upgrade(engine)
    library = fill(Library(engine, encoder), leave_out)
    return Answerer(Search(library, encoder, NAMES, lambda: TODAY))


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Answerer:
    return _answerer(tmp_path_factory, encoder)


@pytest.fixture(scope="module")
def without_secrets(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Answerer:
    return _answerer(tmp_path_factory, encoder, frozenset({"pay"}))


def _quoted(answer: Answer) -> str:
    return "\n".join(citation.quote for citation in answer.citations)


@pytest.mark.parametrize(
    ("question", "document", "fact"),
    [
        ("How much does the hall cost for the first hour?", "lettings-2024", "£22"),
        ("What did the hall cost in 2020?", "lettings-2020", "£15"),
        ("How many minutes of homework does Year 4 do at Ashby?", "homework-ashby", "20 minutes"),
        ("Where are the first aid boxes kept?", "first-aid", "nursery"),
        ("When does Priti Shah's first aid certificate end?", "first-aid", "4 May 2027"),
        ("Which auditors did the finance committee choose?", "finance-march", "Tanner and Holt"),
    ],
)
def test_the_fact_is_in_the_first_quote(answerer: Answerer, question: str, document: str, fact: str) -> None:
    answer = answerer.answer(question, STAFF)
    assert answer.citations[0].document.id == document
    assert fact in answer.citations[0].quote
    assert answer.outcome in (Outcome.ANSWERED, Outcome.CLOSEST)


def test_a_plain_question_is_answered_with_its_source(answerer: Answerer) -> None:
    answer = answerer.answer("Where are the first aid boxes kept?", STAFF)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.text.startswith("First aid policy (January 2025):\n“First aid boxes are kept in the office")
    assert "(Boxes, page 2)" in answer.text


def test_a_list_is_quoted_whole_with_what_leads_into_it(answerer: Answerer) -> None:
    quote = answerer.answer("What is the hirer of the hall responsible for?", STAFF).citations[0].quote
    assert quote.startswith("The hirer is responsible for:")
    assert "• reporting any damage" in quote


def test_schools_that_differ_are_both_shown(answerer: Answerer) -> None:
    answer = answerer.answer("How many minutes of homework do children do each evening?", STAFF)
    assert {"homework-ashby", "homework-birch"} <= {each.document.id for each in answer.citations[:3]}
    assert "20 minutes" in _quoted(answer)
    assert "45 minutes" in _quoted(answer)


def test_an_earlier_version_says_what_it_is(answerer: Answerer) -> None:
    assert (
        "Lettings policy (November 2020, superseded):" in answerer.answer("What did the hall cost in 2020?", STAFF).text
    )
    draft = answerer.answer("What would the hall cost in the draft?", OPERATOR)
    assert "Lettings policy (October 2026, draft):" in draft.text


def test_a_follow_up_is_answered_from_what_was_asked_before(answerer: Answerer) -> None:
    answer = answerer.answer("And at Birch?", STAFF, ["How many minutes of homework do they do at Ashby?"])
    assert answer.citations[0].document.id == "homework-birch"
    assert "45 minutes" in answer.citations[0].quote


@pytest.mark.parametrize(
    "question",
    [
        "What is the capital of Portugal?",
        "How do I reset the photocopier's toner?",
        "Which bank holds the pension fund?",
    ],
)
def test_what_is_in_no_document_is_not_answered(answerer: Answerer, question: str) -> None:
    answer = answerer.answer(question, STAFF)
    assert answer.outcome in (Outcome.NOT_FOUND, Outcome.CLOSEST)
    if answer.outcome is Outcome.NOT_FOUND:
        assert (answer.text, answer.citations) == (NOT_FOUND, ())
    else:
        assert answer.text.startswith(CLOSEST)


@pytest.mark.parametrize("question", ["What is the capital of Portugal?", "", "???", "the of and", "🙂", "qwxz vbnm"])
def test_nothing_is_found_for_nothing(answerer: Answerer, question: str) -> None:
    assert answerer.answer(question, STAFF) == Answer(Outcome.NOT_FOUND, NOT_FOUND)


@pytest.mark.parametrize(
    "question",
    [
        "How much homework does Year 4 do at Birch?",
        "What did the hall cost in 2016?",
        "What did the finance committee decide in June 2025?",
    ],
)
def test_another_class_year_or_day_is_no_answer(answerer: Answerer, question: str) -> None:
    assert answerer.answer(question, STAFF).outcome is not Outcome.ANSWERED


@pytest.mark.parametrize(
    ("question", "text", "lacks"),
    [
        ("How many first aid boxes do we have?", "First aid boxes are kept in the hall. Reviewed 4 May 2024.", True),
        ("How many first aid boxes do we have?", "First aid boxes: 6, kept in the hall.", False),
        ("Who is the safeguarding lead?", "Report author: Safeguarding Lead", True),
        ("Who is the safeguarding lead?", "The safeguarding lead is the deputy headteacher.", False),
        ("Who is the safeguarding lead?", "Safeguarding Lead: Priti Shah", False),
        ("Who is the trust's auditor?", "Members appoint the auditor. The board hears the report.", True),
        ("What is the name of the bullying governor?", "The governing body looks at bullying each term.", True),
        ("What is the name of the bullying governor?", "Asha Patel is the governor for bullying.", False),
        ("What is the phone number of the DPO?", "The DPO is Brightdata Ltd, registered as 2231.", True),
        ("What is the phone number of the DPO?", "The DPO is Brightdata Ltd, 01632 960123.", False),
        ("How many days may a pupil be excluded?", "A pupil is excluded. A review follows within two weeks.", True),
        ("How many days may a pupil be excluded?", "A pupil is excluded for 45 school days at most.", False),
        ("How much homework does Year 9 get?", "Year 1: 10 minutes. Year 2: 15. Year 3: 20. Get set for KS3.", True),
        ("When was the boiler last tested?", "The boiler is tested by Heatwell Ltd each year.", True),
        ("When was the boiler last tested?", "The boiler was tested on 4 May 2025.", False),
        ("What is the policy's review date?", "The policy is kept by the clerk.", True),
        ("What is the governors' travel allowance?", "Governors may claim an allowance for travel.", True),
        ("What is the governors' travel allowance?", "Governors may claim 45p a mile.", False),
        ("What time does Larchfield Primary open?", "Schools open at 8.40 am.", True),
    ],
)
def test_what_is_asked_for_must_be_said(question: str, text: str, lacks: bool) -> None:
    cut = parsed(text)
    ones = np.ones(len(cut.spans), np.float32)
    asked = read_question(question, NAMES, TODAY)
    held = coverage(asked, cut.all_terms)
    hit = Hit(Passage("p", "d", 0, text), PAPERS[-1][0], 1.0, 1.0, 1.0, held, None)
    best = Scored(hit, cut, ones, ones)
    quote = cite(best, 0, len(cut.spans) - 1)
    results = Results(asked, (hit,), ones, np.ones(len(asked.concepts), np.float32))
    assert beside_the_point(results, best, [quote]) is lacks


def test_a_child_at_risk_comes_before_any_document(answerer: Answerer) -> None:
    answer = answerer.answer("A child has disclosed harm to me. What do I do?", STAFF)
    assert answer.outcome is Outcome.SIGNPOST
    assert answer.text.startswith(f"{SIGNPOST}\n\nSafeguarding policy")
    assert {each.document.id for each in answer.citations} == {"safeguarding"}
    elsewhere = answerer.answer("A boy came in with bruises and says his dad hit him", STAFF)
    assert {each.document.id for each in elsewhere.citations} == {"safeguarding"}
    assert answerer.answer("A boy says his dad hit him", NOBODY) == Answer(Outcome.SIGNPOST, SIGNPOST)
    review = answerer.answer("When is the safeguarding policy reviewed?", STAFF)
    assert review.outcome is Outcome.ANSWERED
    assert "each September" in review.citations[0].quote


def test_what_may_not_be_read_leaves_no_trace(answerer: Answerer, without_secrets: Answerer) -> None:
    for question in (
        "What is the chief executive paid?",
        "Who buys the hall at Birch?",
        "The chief executive is paid £131,400 a year.",
        "hall developer executive",
        "How much does the hall cost for the first hour?",
    ):
        shown = answerer.answer(question, STAFF)
        assert shown == without_secrets.answer(question, STAFF)
        assert "131,400" not in shown.text
    assert "£131,400" in _quoted(answerer.answer("What is the chief executive paid?", TRUSTEE))
    assert answerer.answer("What is the chief executive paid?", NOBODY) == Answer(Outcome.NOT_FOUND, NOT_FOUND)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    question=st.lists(st.sampled_from(WORDS) | st.text(max_size=12), max_size=40).map(" ".join),
    reader=st.sampled_from([STAFF, TRUSTEE, OPERATOR]),
)
def test_every_quote_stands_in_its_passage_and_may_be_read(answerer: Answerer, question: str, reader: Reader) -> None:
    answer = answerer.answer(question, reader)
    for citation in answer.citations:
        passage: Passage = TEXTS[citation.passage_id]
        assert citation.quote
        assert citation.quote in passage.text
        assert citation.quote == citation.quote.strip()
        assert reader.may_read(citation.document.audience)
        assert (citation.document.id, citation.heading, citation.page) == (
            passage.document_id, passage.heading, passage.page,
        )  # fmt: skip
    assert bool(answer.citations) == (answer.outcome is not Outcome.NOT_FOUND) or answer.outcome is Outcome.SIGNPOST


def test_a_very_long_question_is_answered(answerer: Answerer) -> None:
    answer = answerer.answer("Where are the first aid boxes kept? " + "Thank you so much. " * 5000, STAFF)
    assert answer.citations[0].document.id == "first-aid"


def test_the_same_question_has_the_same_answer_from_many_threads(answerer: Answerer) -> None:
    questions = [
        "Where are the first aid boxes kept?",
        "How much does the hall cost?",
        "What is homework at Ashby?",
    ] * 8
    once = [answerer.answer(each, STAFF) for each in questions]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda each: answerer.answer(each, STAFF), questions)) == once


def test_a_follow_up_about_a_child_at_risk_is_signposted_too(answerer: Answerer) -> None:
    before = ["A child has disclosed abuse to me"]
    assert answerer.answer("Who decides that?", STAFF, before).outcome is Outcome.SIGNPOST
    assert answerer.answer("When are lettings invoiced in this trust?", STAFF, before).outcome is not Outcome.SIGNPOST
