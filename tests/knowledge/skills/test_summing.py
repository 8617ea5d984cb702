"""One document is found by what a person calls it, and summed up in its own words."""

from __future__ import annotations

import pytest

from knowledge.passages import Outcome
from knowledge.skills.summarise import asked
from tests.knowledge.skills.conftest import Ask, of
from tests.knowledge.skills.papers import CHANNEL, STAFF, TRUSTEE


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("Summarise the lettings policy", "lettings-2026"),
        ("Can you summarize our Lettings Policy, please?", "lettings-2026"),
        ("What are the main points of the lettings policy?", "lettings-2026"),
        ("tl;dr of the 2023 lettings policy", "lettings-2023"),
        ("The previous lettings policy in a nutshell", "lettings-2023"),
        ("Give me a summary of the last Ashby SLT minutes", "slt-november"),
        ("Summarise the Ashby SLT minutes of 21 September 2026", "slt-september"),
        ("Summary of Ashby's homework policy", "homework-ashby"),
        ("I'd like a short summary of the Birch homework policy for governors", "homework-birch"),
    ],
)
def test_the_document_that_was_meant_is_the_only_one_quoted(ask: Ask, question: str, document: str) -> None:
    answer = ask(question)
    assert answer.outcome is Outcome.ANSWERED
    assert of(answer.citations) == [document]
    assert "near that name" not in answer.text


def test_what_obliges_and_counts_is_quoted_in_order_and_what_a_document_says_of_itself_is_not(ask: Ask) -> None:
    answer = ask("Summarise the lettings policy")
    quoted = "\n".join(each.quote for each in answer.citations)
    assert "£100" in quoted
    assert "15 working days" in quoted
    assert "headteacher" in quoted
    assert "Approved by" not in quoted
    assert "unhappy" not in quoted
    assert "reviewed" not in quoted
    pages = [each.page or 0 for each in answer.citations]
    assert pages == sorted(pages)
    assert answer.parts[0].said.startswith("Lettings Policy: 10 March 2026, 6 pages, due for review by")
    assert "of 6 sections" in answer.parts[0].said
    assert [each.heading for each in answer.parts[1:4]] == ["Purpose", "Charges", "Booking"]


def test_minutes_lose_who_was_there_and_when_they_meet_next(ask: Ask) -> None:
    quoted = "\n".join(each.quote for each in ask("Summarise the last Ashby SLT minutes").citations)
    assert "£11,400" in quoted
    assert "three quotations" in quoted
    assert "Present" not in quoted
    assert "Next meeting" not in quoted


def test_where_several_come_near_they_are_offered(ask: Ask) -> None:
    answer = ask("Summarise the homework policy")
    assert set(of(answer.citations)) == {"homework-ashby", "homework-birch"}
    assert "Which one do you mean?" in answer.text


def test_a_document_that_is_not_there_is_not_made_up(ask: Ask) -> None:
    assert ask("Summarise the uniform policy").outcome is Outcome.NOT_FOUND


def test_after_an_answer_it_is_the_document_of_that_answer(ask: Ask) -> None:
    before = "How much is the deposit?"
    assert of(ask("Summarise it", STAFF, before, cited=["lettings-2023"]).citations) == ["lettings-2023"]
    assert of(ask("summarise that policy please", STAFF, before, cited=["safeguarding"]).citations) == ["safeguarding"]
    assert of(ask("Summarise it", STAFF, "How much deposit is taken for a single event?").citations) == [
        "lettings-2026"
    ]


def test_what_the_reader_may_not_see_is_neither_summed_up_nor_offered_nor_told_of(ask: Ask) -> None:
    assert of(ask("Summarise the draft lettings policy", TRUSTEE).citations) == ["lettings-draft"]
    for reader in (STAFF, CHANNEL):
        assert ask("Summarise the draft lettings policy", reader).outcome is Outcome.NOT_FOUND
        assert ask("Summarise the report on the sale of the Birch field", reader).outcome is Outcome.NOT_FOUND
        gone = ask("Summarise it", reader, "What is the field sold for?", cited=["sale"])
        assert "sale" not in of(gone.citations)


@pytest.mark.parametrize(
    "question",
    [
        "What is the summary sanction for a first offence?",
        "Who writes the one-page summary for families?",
        "What are the main points of contact for a worry about a child?",
        "When must the summary of the accounts be published?",
        "How do I sum up marks at the end of term?",
    ],
)
def test_a_question_with_such_a_word_is_an_ordinary_one(ask: Ask, question: str) -> None:
    assert asked(question) is None or ask(question).parts == ()


def test_a_line_that_leads_in_to_a_list_is_quoted_with_its_items_or_not_at_all(ask: Ask) -> None:
    quotes = [each.quote for each in ask("Summarise the clubs guidelines").citations]
    assert "Whoever runs a club must pay these before the term begins:\n• £20 for a hall\n• £5 for a room" in quotes
    assert not [each for each in quotes if each.endswith(":")]


@pytest.mark.parametrize(
    "rubble",
    ["Whom to Ask", "This resource", "We believe", "[Amend", "Emma Stone", "Clubs by day", "every unpaid fee"],
)
def test_what_only_labels_instructs_or_orders_a_meeting_is_no_part_of_a_summary(ask: Ask, rubble: str) -> None:
    quoted = "\n".join(each.quote for each in ask("Summarise the clubs guidelines in two points").citations)
    assert "at least 3 days before" in quoted
    assert rubble not in quoted


def test_no_more_sentences_are_quoted_than_were_asked_for(ask: Ask) -> None:
    assert len(ask("Summarise the lettings policy in two points").citations) == 2
    assert len(ask("Give me a three-point summary of the lettings policy").citations) == 3
    assert len(ask("Summarise the lettings policy in 99 points").citations) > 3


def test_the_head_of_a_paper_is_no_part_of_its_summary(ask: Ask) -> None:
    quoted = "\n".join(each.quote for each in ask("Summarise the equality policy").citations)
    assert "publishes its objectives" in quoted
    assert "reviewed by" not in quoted
    assert "review:" not in quoted


def test_the_last_meeting_is_that_of_the_newest_minutes(ask: Ask) -> None:
    assert of(ask("Summarise the last Ashby SLT meeting").citations) == ["slt-november"]
    assert of(ask("Summarise the last governors meeting").citations) == ["governors"]
