"""Words are explained before the quotes, only those that stand there, and what is asked back is what was asked."""

from __future__ import annotations

import pytest

from knowledge.passages import Outcome
from knowledge.school.glossary import glossary, term_of, used_in
from tests.knowledge.skills.conftest import Ask, of
from tests.knowledge.skills.papers import CHANNEL, STAFF, TRUSTEE


def test_there_are_eighty_terms_each_once_and_none_begins_like_a_sentence() -> None:
    terms = glossary()
    assert len(terms) >= 80
    ways = [way.casefold() for each in terms for way in dict.fromkeys(way.casefold() for way in each.spellings)]
    assert len(ways) == len(set(ways))
    assert not [each.term for each in terms if each.means.endswith(".")]


@pytest.mark.parametrize(
    ("said", "term"),
    [("lado", "LADO"), ("SENDCo", "SENCO"), ("KCSIE", "KCSIE"), ("PAN", "PAN"), ("LGBs", "LGB"), ("EHC plan", "EHCP")],
)
def test_a_term_is_found_by_any_way_to_write_it(said: str, term: str) -> None:
    found = term_of(said)
    assert found is not None
    assert found.term == term


def test_an_abbreviation_is_spelt_out_first() -> None:
    lado = term_of("LADO")
    assert lado is not None
    assert lado.explained("LADO").startswith("LADO (local authority designated officer): the council's officer")
    assert lado.explained("local authority designated officer").startswith("local authority designated officer: the co")


def test_initials_and_ordinary_words_are_not_taken_for_terms() -> None:
    assert used_in(["TA to ring AP. We send salt in a pan and prevent harm; twenty sessions in a year."]) == []
    assert [written for written, _ in used_in(["The DSL rings the LADO, and the DSL writes."])] == ["DSL", "LADO"]
    longer = used_in(["The deputy designated safeguarding lead is told."])
    assert [written for written, _ in longer] == ["deputy designated safeguarding lead"]


def test_a_word_is_explained_in_our_words_and_in_the_documents_own(ask: Ask) -> None:
    answer = ask("What does LADO mean?")
    assert answer.text.startswith("LADO (local authority designated officer): the council's officer")
    assert [each.quote for each in answer.citations] == [
        "The local authority designated officer (LADO) is contacted within one working day."
    ]


def test_a_word_that_no_document_uses_is_explained_all_the_same_and_said_to_be_unused(ask: Ask) -> None:
    answer = ask("What is a PRU?")
    assert "pupil referral unit" in answer.text
    assert "No document that you can see uses the word." in answer.text
    assert answer.citations == ()


@pytest.mark.parametrize(
    "question",
    [
        "Explain how a concern is reported to the DSL for a new teaching assistant",
        "In plain English, how is a concern reported to the DSL?",
        "How is a concern reported to the DSL, in simple terms",
        "Can you explain how staff report a concern like I'm new?",
    ],
)
def test_the_words_come_first_and_shorter_sentences_before_longer_ones(ask: Ask, question: str) -> None:
    answer = ask(question)
    headings = [each.heading for each in answer.parts]
    assert headings.index("The words") < headings.index("What the documents say")
    assert "DSL (designated safeguarding lead)" in answer.text or "DSL: the designated safeguarding lead" in answer.text
    said = answer.parts[-1]
    quotes = [answer.citations[each].quote for each in said.citations]
    assert any("in person at once" in each for each in quotes)
    assert "PAN" not in answer.text


def test_it_is_what_was_asked_before(ask: Ask) -> None:
    before = "Who is contacted within one working day?"
    for follow_up in ("Explain it for a new teaching assistant", "explain that to a new governor", "in plain English"):
        answer = ask(follow_up, STAFF, before, cited=["safeguarding"])
        assert of(answer.citations)[0] == "safeguarding"
        assert "the council's officer" in answer.parts[-2].said


def test_a_whole_policy_is_explained_by_what_sums_it_up(ask: Ask) -> None:
    answer = ask("Explain the lettings policy in simple words")
    assert of(answer.citations) == ["lettings-2026"]
    assert "local governing body" not in answer.text


def test_a_closed_document_explains_nothing_to_those_who_may_not_see_it(ask: Ask) -> None:
    assert "sale" in of(ask("Explain the sale of the Birch field in plain English", TRUSTEE).citations)
    for reader in (STAFF, CHANNEL):
        answer = ask("Explain the sale of the Birch field in plain English", reader)
        assert "sale" not in of(answer.citations)
        assert of(ask("What does LADO mean?", reader).citations) == ["safeguarding"]


@pytest.mark.parametrize(
    "question",
    [
        "What does the head explain to parents?",
        "What is the deposit?",
        "What does a hirer pay?",
        "What do we mean by capacity?",
        "What is a steward?",
        "Explain the homework for a teacher",
        "Explain how we report a concern to parents",
    ],
)
def test_an_ordinary_question_is_answered_as_ever(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.parts == ()
    assert answer.outcome in Outcome


def test_an_abbreviation_that_ends_in_a_small_s_is_the_same_word() -> None:
    assert [written for written, _ in used_in(["Kept through CPOMs; two EHCPs came."])] == ["CPOMs", "EHCPs"]


def test_letters_that_a_document_spells_out_are_explained_by_it(ask: Ask) -> None:
    for question in ("What does FSN stand for?", "whats FSN", "what is FSN?"):
        answer = ask(question)
        assert answer.text.startswith("FSN stands for Fairholt Sports Network, as the documents spell it out.")
        assert of(answer.citations) == ["equality"]
    assert "stands for" not in ask("What does EXQ stand for?").text


def test_letters_of_a_paper_that_the_reader_may_not_see_are_not_spelt_out(ask: Ask) -> None:
    assert "Birch Field Company" in ask("What does BFC stand for?", TRUSTEE).text
    for reader in (STAFF, CHANNEL):
        assert "Birch Field Company" not in ask("What does BFC stand for?", reader).text


def test_after_a_summary_it_is_the_same_document_that_is_explained(ask: Ask) -> None:
    answer = ask("Explain it for a new TA", STAFF, "Summarise the safeguarding policy", cited=["safeguarding"])
    assert of(answer.citations) == ["safeguarding"]
    assert answer.outcome is Outcome.ANSWERED
    assert "DSL" in answer.parts[1].said
