"""What a question says of itself is read out of it."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.passages import Kind
from knowledge.query.answer_type import AnswerType, answer_type_of, answers
from knowledge.query.question import Version, read_question
from knowledge.query.thesaurus import alternatives
from knowledge.text.terms import terms
from tests.knowledge.trust_papers import NAMES, TODAY


@pytest.mark.parametrize(
    ("text", "schools", "bodies"),
    [
        ("How long is homework at Ashby?", {"ashby": "Ashby"}, {}),
        ("Who leads at birch academy?", {"birch": "birch academy"}, {}),
        ("Is there an ashby tree in the garden?", {}, {}),
        ("What did the finance committee decide?", {}, {"finance": "finance committee"}),
        ("FC minutes", {}, {"finance": "FC"}),
        ("What did the Ashby LGB say?", {"ashby": "Ashby"}, {"ashby-lgb": "Ashby LGB"}),
        ("ashby local governing body", {}, {"ashby-lgb": "ashby local governing body"}),
    ],
)
def test_schools_and_committees(text: str, schools: dict[str, str], bodies: dict[str, str]) -> None:
    question = read_question(text, NAMES, TODAY)
    assert (question.schools, question.bodies) == (schools, bodies)


@pytest.mark.parametrize(
    ("text", "start", "end", "month"),
    [
        ("in March 2021", date(2021, 3, 1), date(2021, 3, 31), None),
        ("in 2020", date(2020, 1, 1), date(2020, 12, 31), None),
        ("on 29/3/21, in 2021", date(2021, 3, 29), date(2021, 3, 29), None),
        ("in 2020-21", date(2020, 9, 1), date(2021, 8, 31), None),
        ("last year", date(2025, 1, 1), date(2025, 12, 31), None),
        ("last academic year", date(2025, 9, 1), date(2026, 8, 31), None),
        ("last month", date(2026, 10, 1), date(2026, 10, 31), None),
        ("at the March meeting", None, None, 3),
        ("on 3 November", None, None, 11),
        ("May pupils walk home? They may.", None, None, None),
    ],
)
def test_dates(text: str, start: date | None, end: date | None, month: int | None) -> None:
    question = read_question(text, NAMES, TODAY)
    assert (question.start, question.end, question.month) == (start, end, month)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("What did the old lettings policy charge?", Version.EARLIER),
        ("the previous one", Version.EARLIER),
        ("What did the hall use to cost? It used to be less.", Version.EARLIER),
        ("What would the draft policy change?", Version.DRAFT),
        ("What has changed since the last version?", Version.ALL),
        ("When was the policy last reviewed?", Version.IN_FORCE),
        ("Who helps old pupils?", Version.IN_FORCE),
    ],
)
def test_versions(text: str, version: Version) -> None:
    assert read_question(text, NAMES, TODAY).version is version


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("the minutes of October", Kind.MINUTES),
        ("How many minutes of homework a day?", None),
        ("20 minutes of reading", None),
        ("What did governors agree about uniform?", Kind.MINUTES),
        ("the lettings policy", Kind.POLICY),
    ],
)
def test_kinds(text: str, kind: Kind | None) -> None:
    assert read_question(text, NAMES, TODAY).kind is kind


@pytest.mark.parametrize(
    ("text", "want", "right", "wrong"),
    [
        ("How much does the hall cost?", AnswerType.MONEY, "It is £15 an hour.", "It is large."),
        ("How many first aiders?", AnswerType.NUMBER, "There are three.", "There are some."),
        ("How often is it reviewed?", AnswerType.DURATION, "It is reviewed every two years.", "The head reviews it."),
        ("When is it reviewed?", AnswerType.DATE, "In September 2027.", "By the head."),
        ("What time does it open?", AnswerType.TIME, "At 7.45 am.", "In the morning."),
        (
            "When did the board meeting finish?",
            AnswerType.TIME,
            "The meeting closed at 1955.",
            "1. Item 38/1920, of 2021.",
        ),
        ("Phone number of the DPO", AnswerType.CONTACT, "Ring 01632 960105.", "Ring 12 times."),
        ("What is the retention period?", AnswerType.DURATION, "It is kept for six years.", "It is kept safely."),
        ("How many boxes?", AnswerType.NUMBER, "6 boxes", "Boxes are in KS2."),
        ("Who checks it?", AnswerType.PERSON, "The clerk checks it.", "it is checked"),
    ],
)
def test_what_would_answer(text: str, want: AnswerType, right: str, wrong: str) -> None:
    assert answer_type_of(text) is want
    assert answers(want, right)
    assert not answers(want, wrong)


def test_a_follow_up_brings_in_what_was_asked_before() -> None:
    before = ("How much is the hall at Ashby in 2024?",)
    question = read_question("And at Birch?", NAMES, TODAY, before)
    assert question.query == "How much is the hall at Ashby in 2024? And at Birch?"
    assert question.schools == {"birch": "Birch"}
    assert question.start == date(2024, 1, 1)
    alone = read_question("Where are the first aid boxes kept?", NAMES, TODAY, before)
    assert alone.query == "Where are the first aid boxes kept?"


def test_abbreviations_are_spelt_out_and_back() -> None:
    short = read_question("Who is the DSL?", NAMES, TODAY).concepts
    long = read_question("Who is the designated safeguarding lead?", NAMES, TODAY).concepts
    assert {each.term for each in long} <= {term for way in short[0].ways for term in way}
    assert short[0].term in {term for each in long for way in each.ways for term in way}


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("How long is homework at Ashby Primary School?", "How long is homework?"),
        ("What does Birch's hall cost?", "What does hall cost?"),
        ("Where are the first aid boxes kept?", "Where are the first aid boxes kept?"),
        ("And at Birch?", "And at Birch?"),
    ],
)
def test_the_topic_is_free_of_schools_names(text: str, topic: str) -> None:
    assert read_question(text, NAMES, TODAY).topic == topic


def test_an_abbreviation_may_be_spelt_out_in_two_ways() -> None:
    inset = terms("inset")[0]
    assert {tuple(terms("training day")), tuple(terms("non pupil day"))} <= set(alternatives("inset days")[inset])
    assert tuple(terms("inset")) in alternatives("non pupil days")[terms("pupil")[0]]
