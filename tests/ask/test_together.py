"""Questions to records and documents together: which they are, and how the answer's two parts are laid out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.ask import blocks, model
from bot.ask.merge_answers import DOCUMENTS, JUDGE, RECORDS, TwoPartQuestion, merge_answers, read_two_part_question
from bot.ask.model import Question, StoredAnswer
from knowledge.answer.citing import NOT_FOUND
from knowledge.passages import EVERYONE, NOBODY, Answer, Audience, Citation, Document, Kind, Outcome, Part
from knowledge.safety.patterns import child_at_risk

TO_BOTH = {
    "What did we agree about lettings and what does the policy say?": TwoPartQuestion(
        "What does the policy say about lettings?", records="What did we agree about lettings?"
    ),
    "What was decided about pay, and what does the pay policy say about it?": TwoPartQuestion(
        "What does the pay policy say about pay?", records="What was decided about pay?"
    ),
    "Is our attendance action in line with the policy?": TwoPartQuestion(
        "What does the policy say about attendance?", topic="attendance", lead=JUDGE
    ),
    "Are the actions on lettings consistent with our lettings policy?": TwoPartQuestion(
        "What does our lettings policy say about lettings?", topic="lettings", lead=JUDGE
    ),
    "Is what we agreed about mobile phones in line with the behaviour policy?": TwoPartQuestion(
        "What does the behaviour policy say about mobile phones?", topic="mobile phones", lead=JUDGE
    ),
    "What was agreed about lettings, and does the policy allow it?": TwoPartQuestion(
        "What does the policy say about lettings?", records="What was agreed about lettings?", lead=JUDGE
    ),
    "What have we decided about uniform and what is the policy?": TwoPartQuestion(
        "What does the policy say about uniform?", records="What have we decided about uniform?"
    ),
    "Does our decision on lettings fit with the lettings policy?": TwoPartQuestion(
        "What does the lettings policy say about lettings?", topic="lettings", lead=JUDGE
    ),
    "Is what we decided about uniform allowed by the policy?": TwoPartQuestion(
        "What does the policy say about uniform?", topic="uniform", lead=JUDGE
    ),
    "What do the minutes and the policy say about lettings?": TwoPartQuestion(
        "What does the policy say about lettings?", topic="lettings"
    ),
    "what do the lettings policy and our records say about deposits": TwoPartQuestion(
        "What does the lettings policy say about deposits?", topic="deposits"
    ),
}
TO_ONE = [
    "What did we agree about lettings?",
    "What does the policy say about lettings?",
    "What do the minutes say about lettings?",
    "What is the policy and what does the handbook say?",
    "Is our fence in line with the planning policy?",
    "Does the fee cover the policy?",
    "Does our policy follow the guidance?",
    "Is smoking allowed by the policy?",
    "Are the fees in line with the charging policy?",
    "",
]


def document(name: str, kind: Kind, audience: Audience = EVERYONE) -> Document:
    return Document(name, f"/{name}", f"{name}.md", name, kind, audience, name, date=date(2026, 9, 1))


def cited(quote: str, of: Document) -> Citation:
    return Citation(quote, f"{of.id}:0", of, (), None)


MINUTES, POLICY = document("Minutes", Kind.MINUTES), document("Lettings policy", Kind.POLICY)
AGREED = Answer(
    Outcome.ANSWERED, "• “Lettings end at 9 pm.” (SLT, 2 November 2026)", (cited("Lettings end at 9 pm.", MINUTES),),
    told=True,
)  # fmt: skip
NONE_AGREED = Answer(Outcome.NOT_FOUND, "Nothing agreed about lettings is recorded.", told=True)
SAYS = Answer(Outcome.ANSWERED, "Lettings policy:\n“Hirers pay.”", (cited("Hirers pay.", POLICY),))
SILENT = Answer(Outcome.NOT_FOUND, NOT_FOUND)


@pytest.mark.parametrize("question", TO_BOTH)
def test_questions_to_both_are_read(question: str) -> None:
    assert read_two_part_question(question) == TO_BOTH[question]


@pytest.mark.parametrize("question", TO_ONE)
def test_all_else_is_asked_of_one(question: str) -> None:
    assert read_two_part_question(question) is None


def test_of_a_child_at_risk_the_documents_alone_are_asked() -> None:
    worry = "What did we agree about a child who told me her dad hits her"
    assert read_two_part_question(f"{worry} and what does the policy say?") == TwoPartQuestion(f"{worry}?")
    assert child_at_risk(worry)


def test_this_collaboration_is_the_one_that_was_spoken_of() -> None:
    earlier = ["How is the phonics collaboration doing?", "What is the weakest test of Reading?"]
    question = "Does this collaboration pass the five tests?"
    assert read_two_part_question(question, earlier) == TwoPartQuestion(
        question, records="Does the phonics collaboration pass the five tests", always=True
    )
    assert read_two_part_question(question) == TwoPartQuestion(question, records=question.strip("?"), always=True)


def test_both_parts_stand_under_their_headings() -> None:
    found = merge_answers(AGREED, SAYS)
    assert found.outcome is Outcome.ANSWERED
    assert found.parts == (Part(RECORDS, AGREED.text), Part(DOCUMENTS, "", (1,)))
    assert [each.quote for each in found.citations] == ["Lettings end at 9 pm.", "Hirers pay."]


def test_each_part_says_what_it_does_not_hold() -> None:
    assert merge_answers(AGREED, SILENT).parts == (Part(RECORDS, AGREED.text), Part(DOCUMENTS, NOT_FOUND))
    found = merge_answers(NONE_AGREED, SAYS)
    assert found.outcome is Outcome.ANSWERED
    assert found.parts[0] == Part(RECORDS, NONE_AGREED.text)
    neither = merge_answers(NONE_AGREED, SILENT)
    assert neither.outcome is Outcome.NOT_FOUND
    assert neither.parts == (Part(RECORDS, NONE_AGREED.text),)
    assert NOT_FOUND in neither.text


def test_the_same_minutes_are_not_quoted_in_both_parts() -> None:
    twice = replace(SAYS, citations=(*SAYS.citations, cited("Lettings end at 9 pm.", MINUTES)))
    assert merge_answers(AGREED, twice).parts[1].citations == (1,)
    only = replace(SAYS, citations=(cited("Lettings end at 9 pm.", MINUTES),))
    assert len(merge_answers(AGREED, only).citations) == 2


def test_parts_of_the_documents_answer_are_kept_with_their_numbers() -> None:
    laid = replace(SAYS, parts=(Part("", "Two schools."), Part("Oakfield", "", (0,))))
    assert merge_answers(AGREED, laid).parts == (
        Part(RECORDS, AGREED.text), Part(DOCUMENTS, "Two schools."), Part("Oakfield", "", (1,)),
    )  # fmt: skip


def test_where_the_one_is_held_against_the_other_nobody_is_told_that_it_agrees() -> None:
    found = merge_answers(AGREED, SAYS, JUDGE)
    assert [each.heading for each in found.parts] == ["", RECORDS, DOCUMENTS]
    assert found.text.startswith(JUDGE)


def test_a_signpost_stays_alone() -> None:
    signpost = Answer(Outcome.SIGNPOST, "Speak to your designated safeguarding lead now.")
    assert merge_answers(AGREED, signpost) == signpost


def test_words_of_the_records_are_shown_as_they_stand() -> None:
    hostile = replace(AGREED, text="*<!channel>* <https://evil.example|here>", citations=())
    given = StoredAnswer(
        "a", Question("e", "U1", "C1", None, "q", alone=True), merge_answers(hostile, SAYS), NOBODY, None
    )  # type: ignore[arg-type]
    _, shown = blocks.answer(given)
    block = next(each for each in shown if "evil" in str(each))
    assert block["text"]["type"] == "plain_text"


def test_more_that_is_told_counts_as_fuller() -> None:
    assert model.fuller(AGREED, replace(AGREED, text="No decision."), NOBODY)
    assert not model.fuller(AGREED, AGREED, NOBODY)
    assert model.fuller(merge_answers(AGREED, SAYS), merge_answers(NONE_AGREED, SAYS), NOBODY)
