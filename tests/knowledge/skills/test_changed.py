"""What has changed, in the library and from one version to another: known changes found, and nothing shown too far."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.passages import Outcome
from knowledge.skills.versions.since import span
from tests.knowledge.skills.conftest import Ask, of
from tests.knowledge.skills.papers import CHANNEL, STAFF, TODAY, TRUSTEE


@pytest.mark.parametrize(
    ("said", "start"),
    [
        ("since January", date(2026, 1, 1)),
        ("since December", date(2025, 12, 1)),
        ("since last week", date(2026, 11, 9)),
        ("since Monday", date(2026, 11, 16)),
        ("since the start of term", date(2026, 9, 1)),
        ("since the start of the year", date(2026, 1, 1)),
        ("since 5 November", date(2026, 11, 5)),
        ("since 1 September 2025", date(2025, 9, 1)),
        ("since 2024", date(2024, 1, 1)),
        ("in the last two weeks", date(2026, 11, 8)),
        ("since last month", date(2026, 10, 1)),
        ("this term", date(2026, 9, 1)),
        ("since yesterday", date(2026, 11, 21)),
    ],
)
def test_a_time_is_read_from_the_day_on_which_it_is_said(said: str, start: date) -> None:
    read = span(said, TODAY)
    assert read is not None
    assert read.start == start


@pytest.mark.parametrize("said", ["since the dawn of time", "since we moved", "since 31 February", "since next year"])
def test_a_time_that_is_not_understood_is_none(said: str) -> None:
    assert span(said, TODAY) is None


@pytest.mark.parametrize(
    "question", ["What changed since January?", "what's new since January", "Which documents are new since January?"]
)
def test_the_documents_of_a_period_come_newest_first(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert of(answer.citations) == ["slt-november", "slt-september", "safeguarding", "lettings-2026"]
    assert "4 documents that you can see are dated since 1 January 2026" in answer.text
    assert "Replaces the version of 14 March 2023" in answer.text


def test_a_document_counts_on_the_day_on_which_it_takes_effect(ask: Ask) -> None:
    answer = ask("What's new since the start of term?")
    assert "1 September 2026: Lettings Policy takes effect\nDated 10 March 2026" in answer.text
    assert of(answer.citations)[-1] == "lettings-2026"


def test_asked_for_policies_it_lists_no_minutes(ask: Ask) -> None:
    answer = ask("Which policies have changed since January?")
    assert of(answer.citations) == ["safeguarding", "lettings-2026"]
    assert answer.text.startswith("2 policies that you can see are dated since 1 January 2026")


def test_what_a_reader_may_not_see_is_neither_listed_nor_counted(ask: Ask) -> None:
    assert of(ask("What's new since 1 November 2026?", TRUSTEE).citations) == ["sale", "slt-november", "lettings-draft"]
    for reader in (STAFF, CHANNEL):
        answer = ask("What's new since 1 November 2026?", reader)
        assert of(answer.citations) == ["slt-november"]
        assert answer.text.startswith("One document that you can see is dated since 1 November 2026")
        nothing = ask("What's new since 10 November 2026?", reader)
        assert (nothing.outcome, nothing.citations) == (Outcome.NOT_FOUND, ())


@pytest.mark.parametrize(
    "question",
    [
        "What has changed in the lettings policy?",
        "What is different between the 2023 and 2026 lettings policies?",
        "How has the lettings policy changed since 2023?",
        "What is the difference between the old and the new lettings policy?",
        "differences between the old and new lettings policy",
        "whats new in the lettings policy since 2023",
        "Compare the 2023 lettings policy with the current one",
    ],
)
def test_known_changes_are_found_and_both_sides_quoted(ask: Ask, question: str) -> None:
    answer = ask(question)
    headings = [each.heading for each in answer.parts]
    assert {"Was £50, now £100", "Was £14.00, now £18.00", "Was 10 working days, now 15 working days"} <= set(headings)
    changed = answer.parts[headings.index("Was £50, now £100")]
    old, new = (answer.citations[each] for each in changed.citations)
    assert (old.document.id, old.page, new.document.id, new.page) == ("lettings-2023", 2, "lettings-2026", 2)
    assert "local governing body" in answer.text
    assert "headteacher" in answer.text
    by_heading = {each.heading: [answer.citations[n].quote for n in each.citations] for each in answer.parts}
    assert by_heading["New"] == ["6.2 Smoking and vaping are not allowed anywhere on the site."]
    assert by_heading["Gone"] == ["6.2 A steward is appointed for every 50 people."]
    assert "unhappy" not in answer.text
    assert "people who live near" not in answer.text


def test_after_an_answer_the_versions_are_those_of_its_document(ask: Ask) -> None:
    answer = ask("What changed between the versions?", STAFF, "How much is the deposit?", cited=["lettings-2026"])
    assert "Was £50, now £100" in answer.text


def test_one_version_has_nothing_to_be_compared_with(ask: Ask) -> None:
    assert "no other version of it" in ask("What has changed in the safeguarding policy?").text
    assert "no other version to compare it with" in ask("What changed in the last Ashby SLT minutes?").text


def test_a_draft_is_compared_only_for_those_who_may_see_it(ask: Ask) -> None:
    question = "What would the draft lettings policy change?"
    answer = ask(question, TRUSTEE)
    assert "Was £100, now £175" in answer.text
    assert "a draft and not approved" in answer.text
    assert "what it leaves out may well still stand" in answer.text
    for reader in (STAFF, CHANNEL):
        assert ask(question, reader).outcome is Outcome.NOT_FOUND
        assert of(ask("What has changed in the lettings policy?", reader).citations) == [
            "lettings-2023",
            "lettings-2026",
        ]


@pytest.mark.parametrize(
    "question",
    [
        "What changed about the deposit since 2023?",
        "What is the difference between a community hirer and a private hirer?",
        "How has attendance changed this year?",
        "What is new for Year 5?",
        "Who may change the charges?",
    ],
)
def test_a_question_on_a_matter_is_an_ordinary_one(ask: Ask, question: str) -> None:
    assert ask(question).parts == ()
