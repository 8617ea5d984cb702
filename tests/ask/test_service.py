"""Answers are kept, each reader's for himself, and every press asks again who is pressing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.ask import blocks, store
from bot.ask.answer_router import AnswerRouter
from bot.ask.model import Question, Verdict
from bot.ask.service import AskService
from bot.errors import Refusal
from knowledge.answer.retrieve import Search
from knowledge.library.library import Library
from knowledge.passages import OPERATOR, Outcome, Reader
from knowledge.pipeline import Answerer
from tests.scenarios import corpus

if TYPE_CHECKING:
    from knowledge.embedding.encoder import Encoder

EVE, BOB = Reader.of({"everyone", "exec"}), Reader.of({"everyone"})
BOTH = Reader.joint([EVE, BOB])
POOL = "When does the swimming pool close?"
NOW = datetime(2026, 7, 1, 10, tzinfo=ZoneInfo("Europe/London"))
INVOICES = "When are hirers of the sports hall invoiced?"


@pytest.fixture
def library(engine: Engine, encoder: Encoder) -> Library:
    library = Library(engine, encoder)
    corpus.fill(library)
    return library


@pytest.fixture
def service(engine: Engine, library: Library, encoder: Encoder) -> AskService:
    search = Search(library, encoder, corpus.TRUST.names, lambda: date(2026, 11, 22))
    seconds = count()
    later = lambda: NOW + timedelta(seconds=next(seconds))  # noqa: E731
    return AskService(engine, AnswerRouter(Answerer(search)), library, later)


def asked(question: str, event: str = "Ev1", **differently: object) -> Question:
    return replace(Question(event, "U0EVE", "C0STAFF", "1.000001", question, alone=True), **differently)  # type: ignore[arg-type]


def test_an_answer_is_kept_whole(service: AskService) -> None:
    given = service.answer(asked(INVOICES), EVE)
    assert given.answer.citations[0].document.url == "https://docs.alder.example/lettings-policy.pdf"
    assert service.find(given.id) == given


def test_the_same_event_is_answered_once(service: AskService) -> None:
    first = service.answer(asked(INVOICES), EVE)
    assert service.answer(asked("Something else by now"), EVE) == first


def test_an_answer_in_a_channel_is_the_same_with_and_without_the_secret(service: AskService, library: Library) -> None:
    shown, private = service.answer_in_channel(asked(POOL), EVE, BOTH)
    assert private is not None
    assert corpus.SECRET in private.answer.text
    secret = [document.id for document in library.documents(OPERATOR) if document.file_name == "project-heron.docx"]
    library.remove(secret)
    without, nothing = service.answer_in_channel(asked(POOL, "Ev2"), EVE, BOTH)
    assert nothing is None
    assert without.answer == shown.answer


def test_taken_up_again_it_finds_both_answers(service: AskService, library: Library) -> None:
    first = service.answer_in_channel(asked(POOL), EVE, BOTH)
    library.remove([document.id for document in library.documents(OPERATOR)])
    assert service.answer_in_channel(asked(POOL), EVE, BOTH) == first


def test_where_all_may_read_alike_there_is_one_answer(service: AskService) -> None:
    shown, private = service.answer_in_channel(asked(POOL), EVE, EVE)
    assert private is None
    assert corpus.SECRET in shown.answer.text


def test_a_thread_is_owned_when_it_was_answered_for_all(service: AskService) -> None:
    service.answer(asked(INVOICES, alone=True), EVE)
    assert not service.owns("C0STAFF", "1.000001")
    service.answer(asked(INVOICES, "Ev2", alone=False), EVE)
    assert service.owns("C0STAFF", "1.000001")
    assert not service.owns("C0STAFF", "2.000002")
    assert not service.owns("C0OTHER", "1.000001")


def test_a_follow_up_uses_what_was_asked_before(service: AskService) -> None:
    service.answer(asked(INVOICES, alone=False), EVE)
    follow_up = service.answer(asked("And if they pay late?", "Ev2", alone=False), EVE)
    assert follow_up.answer.outcome is not Outcome.NOT_FOUND
    assert corpus.LATE in follow_up.answer.text


def test_sources_are_those_that_this_reader_may_read(service: AskService) -> None:
    given = service.answer(asked(POOL), EVE)
    _, for_eve = service.sources(given.id, EVE)
    assert for_eve[0].passage is not None
    assert corpus.SECRET in for_eve[0].passage.text
    assert all(source.citation.document.audience != corpus.EXEC for source in visible(service, given.id))
    with pytest.raises(Refusal, match="not open to you"):
        service.source(given.id, 0, BOB)
    with pytest.raises(Refusal, match="not open to you"):
        service.sources(given.id, Reader.of(()))


def visible(service: AskService, answer_id: str) -> list[object]:
    try:
        return list(service.sources(answer_id, BOB)[1])
    except Refusal:
        return []


def test_a_source_that_has_changed_says_so(service: AskService, library: Library) -> None:
    given = service.answer(asked(INVOICES), EVE)
    number = next(n for n, each in enumerate(given.answer.citations) if each.document.title == "Lettings policy")
    assert service.source(given.id, number, EVE).around
    library.remove([given.answer.citations[number].document.id])
    changed = service.source(given.id, number, EVE)
    assert changed.passage is None
    assert corpus.LETTINGS not in str(blocks.passage(changed))
    assert corpus.LETTINGS not in str(blocks.sources(*service.sources(given.id, EVE)))
    with pytest.raises(Refusal, match="changed or gone"):
        service.to_share(given.id, "U0EVE", EVE)


def test_only_the_asker_shares_and_only_what_he_may_still_read(service: AskService) -> None:
    given = service.answer(asked(POOL), EVE)
    assert service.to_share(given.id, "U0EVE", EVE) == given
    with pytest.raises(Refusal, match="Only the person who asked"):
        service.to_share(given.id, "U0MAX", EVE)
    with pytest.raises(Refusal):
        service.to_share(given.id, "U0EVE", BOB)


def test_an_answer_that_is_not_kept_is_said_to_be_gone(service: AskService) -> None:
    with pytest.raises(Refusal, match="no longer kept"):
        service.sources("0" * 24, EVE)


def test_feedback_is_each_persons_own_and_the_last_counts(service: AskService, engine: Engine) -> None:
    given = service.answer(asked(INVOICES, alone=False), BOTH)
    service.judge(given.id, "U0EVE", EVE, Verdict.UP)
    service.judge(given.id, "U0EVE", EVE, Verdict.DOWN, "The rate for charities")
    service.judge(given.id, "U0BOB", BOB, Verdict.UP)
    with Session(engine) as session:
        assert store.feedback_on(session, given.id) == [
            ("U0BOB", Verdict.UP, None),
            ("U0EVE", Verdict.DOWN, "The rate for charities"),
        ]


def test_nobody_judges_what_he_may_not_read(service: AskService) -> None:
    given = service.answer(asked(POOL), EVE)
    with pytest.raises(Refusal, match="not open to you"):
        service.judge(given.id, "U0BOB", BOB, Verdict.UP)


def test_home_shows_ones_own_questions_each_once(service: AskService) -> None:
    service.answer_in_channel(asked(POOL), EVE, BOTH)
    service.answer(asked(INVOICES, "Ev2", asker="U0BOB"), BOB)
    service.answer(asked(INVOICES, "Ev3"), EVE)
    recent = service.recent("U0EVE")
    assert [given.question.text for given in recent] == [INVOICES, POOL]
    assert recent[1].answer.outcome is Outcome.ANSWERED
