"""A child at risk is asked about before anything else; where that is only possible, both are said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from bot.ask import blocks
from bot.ask.answer_router import AnswerRouter
from bot.ask.answer_steps import RecordSources, answering
from bot.ask.model import Question, StoredAnswer
from knowledge.answer.retrieve import Search
from knowledge.library.library import Library
from knowledge.passages import Answer, Outcome, Reader
from knowledge.pipeline import Answerer
from knowledge.safety import check, weights
from knowledge.safety.check import Risk, SafetyCheck
from tests.conftest import ENCODER_CACHE
from tests.scenarios import corpus

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from knowledge.embedding.encoder import Encoder

STAFF = Reader.of({"everyone"})
TOLD = "a lad said his dad shuts him in the garage all night"
REGISTER = "When does the attendance register close?"
LEAD = "Speak now to Dee Dale, designated safeguarding lead at Fernhill: 01632 960701."
RECORDED = Answer(Outcome.ANSWERED, "It is in the records.", told=True)


def leads(question: str, asker: str | None) -> str:
    return LEAD


@pytest.fixture
def search(sqlite_engine: Engine, encoder: Encoder) -> Search:
    library = Library(sqlite_engine, encoder)
    corpus.fill(library)
    return Search(library, encoder, corpus.TRUST.names, lambda: date(2026, 11, 22))


@pytest.fixture
def safety(encoder: Encoder) -> SafetyCheck:
    return check.load(encoder, ENCODER_CACHE)


@pytest.fixture
def wary(encoder: Encoder) -> SafetyCheck:
    """One that finds anything possible."""
    return SafetyCheck(encoder, replace(weights.load(), possible=0.0))


def shown(answer: Answer, *, alone: bool = True) -> str:
    asked = Question("Ev1", "U0FAY", "C0STAFF", None, TOLD, alone=alone)
    text, message = blocks.answer(
        StoredAnswer("a1", asked, answer, STAFF, datetime(2026, 11, 30, tzinfo=UTC)), share=True
    )
    return f"{text}\n{message}"


def test_records_are_not_asked_about_a_child_at_risk(search: Search, safety: SafetyCheck) -> None:
    asked: list[str] = []

    def records(question: str, reader: Reader, asker: str | None) -> Answer:
        asked.append(question)
        return RECORDED

    finding = AnswerRouter(
        Answerer(search, None, safety), RecordSources(meetings=answering(records), about=records), leads
    )
    found = finding.find(TOLD, STAFF, "U0FAY")
    assert found.outcome is Outcome.SIGNPOST
    assert found.text.startswith(f"{LEAD}\nIf a child is in immediate danger, call 999 first.")
    assert asked == []
    assert finding.find(REGISTER, STAFF, "U0FAY").text == RECORDED.text


def test_without_a_lead_in_the_trust_file_the_sentence_stays_general(search: Search, safety: SafetyCheck) -> None:
    found = AnswerRouter(Answerer(search, None, safety)).find(TOLD, STAFF, None)
    assert found.text.startswith("Speak to your designated safeguarding lead (DSL) or their deputy now")


@pytest.mark.parametrize(
    "question",
    [f"What did we agree about the lad whose {TOLD[11:]}, and what does the policy say?", f"{TOLD}. {REGISTER}"],
)
def test_beside_another_question_it_is_found_too(search: Search, safety: SafetyCheck, question: str) -> None:
    found = AnswerRouter(Answerer(search, None, safety), leads=leads).find(question, STAFF, None)
    assert found.outcome is Outcome.SIGNPOST
    assert found.text.startswith(LEAD)


def test_where_it_is_possible_the_question_is_answered_and_the_lead_is_named(search: Search, wary: SafetyCheck) -> None:
    answerer = Answerer(search, None, wary)
    assert answerer.risk(REGISTER) is Risk.POSSIBLE
    found = AnswerRouter(answerer, leads=leads).find(REGISTER, STAFF, None)
    assert found.outcome is Outcome.ANSWERED
    assert corpus.REGISTER in found.text
    assert f"If this is about a child who may be at risk, do not wait. {LEAD}" in found.text
    assert corpus.REGISTER in shown(found)
    assert LEAD in shown(found)


def test_what_is_not_found_has_the_lead_beside_it(search: Search, wary: SafetyCheck) -> None:
    found = AnswerRouter(Answerer(search, None, wary), leads=leads).find(
        "Which biscuits do zarquons prefer?", STAFF, None
    )
    assert found.outcome is Outcome.NOT_FOUND
    assert LEAD in found.text
    assert shown(found).count(LEAD) == 2, "in the blocks and in the text for a screen reader"


def test_records_have_it_beside_them_as_well(search: Search, wary: SafetyCheck) -> None:
    found = AnswerRouter(
        Answerer(search, None, wary), RecordSources(meetings=answering(lambda *_: RECORDED)), leads=leads
    ).find(REGISTER, STAFF, None)
    assert found.text.startswith(f"{RECORDED.text}\n\nIf this is about a child")
    assert found.told


def test_an_ordinary_question_has_nothing_beside_it(search: Search, safety: SafetyCheck) -> None:
    found = AnswerRouter(Answerer(search, None, safety), leads=leads).find(REGISTER, STAFF, None)
    assert "safeguarding" not in found.text
    assert found.signpost == ""


def test_who_told_of_a_child_goes_on_unless_they_ask_something_else(search: Search, safety: SafetyCheck) -> None:
    answerer = Answerer(search, None, safety)
    assert answerer.risk("it was on Tuesday after swimming", [TOLD]) is Risk.LIKELY
    assert answerer.risk("it was on Tuesday after swimming", [REGISTER]) is not Risk.LIKELY
    assert answerer.risk(REGISTER, [TOLD]) is Risk.NONE


def test_it_is_said_in_a_channel_that_no_more_belongs_there(search: Search, safety: SafetyCheck) -> None:
    found = AnswerRouter(Answerer(search, None, safety), leads=leads).find(TOLD, STAFF, None)
    assert blocks.NOT_HERE in shown(found, alone=False)
    assert blocks.NOT_HERE not in shown(found)
    assert "Share in channel" not in shown(found)
