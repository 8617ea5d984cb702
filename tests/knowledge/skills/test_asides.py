"""What is asked of the document that was just quoted: its page, review, approval, date, and whether it stands."""

from __future__ import annotations

import pytest

from tests.knowledge.skills.conftest import Ask, of
from tests.knowledge.skills.papers import CHANNEL, STAFF, TRUSTEE

DEPOSIT = "How much deposit is taken for a single event?"


@pytest.mark.parametrize("question", ["Which page is that on?", "and what page is it on", "Where does it say that?"])
def test_the_page_is_that_of_the_passage_that_answered(ask: Ask, question: str) -> None:
    answer = ask(question, STAFF, DEPOSIT, cited=["lettings-2026"])
    assert answer.text.startswith("Lettings Policy: page 2, under “Charges”.")
    assert "£100" in answer.citations[0].quote


def test_the_review_is_the_date_that_the_library_knows_and_what_the_document_says(ask: Ask) -> None:
    answer = ask("When is that policy reviewed?", STAFF, DEPOSIT, cited=["lettings-2026"])
    assert "Lettings Policy is due for review by 31 March 2028." in answer.text
    assert answer.citations[-1].quote == "It is reviewed every two years."
    unknown = ask("when is it due for review?", STAFF, DEPOSIT, cited=["homework-birch"])
    assert "Homework Policy (Birch Academy) does not say when it is reviewed." in unknown.text


def test_who_approved_it_is_quoted_or_said_to_be_missing(ask: Ask) -> None:
    answer = ask("Who approved it?", STAFF, DEPOSIT, cited=["lettings-2023"])
    assert [each.quote for each in answer.citations] == ["Approved by the Trust Board on 14 March 2023."]
    assert "does not say who approved it" in ask("Who approved it?", STAFF, DEPOSIT, cited=["homework-birch"]).text


def test_whether_it_is_the_current_version(ask: Ask) -> None:
    old = ask("Is that the current version?", STAFF, DEPOSIT, cited=["lettings-2023"])
    assert old.text.startswith("No: it is superseded. In force is Lettings Policy: 10 March 2026")
    assert of(old.citations) == ["lettings-2023", "lettings-2026"]
    new = ask("Is it still in force?", STAFF, DEPOSIT, cited=["lettings-2026"])
    assert new.text.startswith("Yes, of those that you can see")
    minutes = ask("Is that the latest version?", STAFF, DEPOSIT, cited=["slt-september"])
    assert "It stands for its own day" in minutes.text


def test_a_draft_is_told_of_only_to_those_who_may_see_it(ask: Ask) -> None:
    question = "Is that the current version?"
    assert "There is a draft" in ask(question, TRUSTEE, DEPOSIT, cited=["lettings-2026"]).text
    assert "There is a draft" not in ask(question, STAFF, DEPOSIT, cited=["lettings-2026"]).text
    assert "There is a draft" not in ask(question, CHANNEL, DEPOSIT, cited=["lettings-2026"]).text


@pytest.mark.parametrize(
    "question", ["Which page is that on?", "Who approved it?", "Is that the current version?", "When was it approved?"]
)
def test_a_document_that_was_closed_meanwhile_is_not_spoken_of(ask: Ask, question: str) -> None:
    for reader in (STAFF, CHANNEL):
        assert "sale" not in of(ask(question, reader, "What is the field sold for?", cited=["sale"]).citations)


@pytest.mark.parametrize("question", ["Who approved it?", "Which page is that on?", "Is it still in force?"])
def test_without_an_answer_before_it_is_an_ordinary_question(ask: Ask, question: str) -> None:
    assert ask(question).parts == ()


def test_a_document_that_is_named_is_answered_for(ask: Ask) -> None:
    review = ask("When is the lettings policy due for review?", STAFF)
    assert review.text.startswith("Lettings Policy is due for review by 31 March 2028.")
    approval = ask("Who approved the 2023 lettings policy?", STAFF)
    assert [each.quote for each in approval.citations] == ["Approved by the Trust Board on 14 March 2023."]
    assert ask("Is the lettings policy up to date?", STAFF).text.startswith("Yes, of those that you can see")


def test_a_named_document_that_is_closed_or_unknown_is_an_ordinary_question(ask: Ask) -> None:
    for question in ("Who approved the pay policy?", "When is the plan of the sale due for review?"):
        answer = ask(question, STAFF)
        assert "sale" not in of(answer.citations)
        assert not answer.parts


def test_who_approves_a_policy_and_who_wrote_it_are_asked_of_its_own_lines(ask: Ask) -> None:
    answer = ask("Who approves the lettings policy?")
    assert [each.quote for each in answer.citations] == ["Approved by the Trust Board on 10 March 2026."]
    assert "Lettings Policy does not say who wrote it." in ask("who wrote the lettings policy").text


def test_a_version_in_force_whose_review_is_past_is_not_just_called_current(ask: Ask) -> None:
    answer = ask("Is the equality policy up to date?")
    assert answer.text.startswith("Its review is overdue, but of those that you can see it is the version in force.")
    assert "was due for review by 31 July 2026" in answer.text


def test_the_line_on_the_next_review_comes_before_the_last_one(ask: Ask) -> None:
    answer = ask("When is the equality policy due for review?")
    assert answer.citations[0].quote == "Date of next review: July 2026"


def test_who_reviews_a_policy_is_asked_of_its_own_lines(ask: Ask) -> None:
    answer = ask("Who reviews the equality policy?")
    assert answer.citations[-1].quote == "To be reviewed by: the Trust Board"


def test_a_document_begins_with_a_whole_sentence_and_not_with_an_item_of_a_list(ask: Ask) -> None:
    answer = ask("Is the equality policy up to date?")
    assert answer.citations[-1].quote == "Every school publishes its objectives on its own website."
