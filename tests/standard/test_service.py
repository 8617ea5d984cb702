"""A standard answer goes to its readers alone, is approved by an administrator, and is changed by one at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from bot.errors import Refusal
from bot.standard.service import StandardService
from knowledge.library.library import Library
from knowledge.passages import EVERYONE, Citation, Outcome, Reader
from tests.scenarios import corpus

if TYPE_CHECKING:
    from knowledge.embedding.encoder import Encoder

NOW = datetime(2026, 11, 27, 10, tzinfo=ZoneInfo("Europe/London"))
REVIEW = date(2027, 9, 1)
QUESTION = "Who decides on leave of absence during term?"
ADA, BOB = corpus.TRUST.people[0], next(each for each in corpus.TRUST.people if each.id == "bob")
ALL, EXEC = Reader.of({"everyone"}), Reader.of({"everyone", "exec"})


@pytest.fixture
def library(engine: Engine, encoder: Encoder) -> Library:
    library = Library(engine, encoder)
    corpus.fill(library)
    return library


@pytest.fixture
def now() -> list[datetime]:
    return [NOW]


@pytest.fixture
def service(engine: Engine, library: Library, encoder: Encoder, now: list[datetime]) -> StandardService:
    return StandardService(engine, library, encoder, corpus.TRUST, lambda: now[0])


def citation(library: Library, file_name: str) -> Citation:
    document = next(each.document for each in library.entries().values() if each.document.file_name == file_name)
    passage, _ = next(iter(library.contents(EXEC, document.id).values()))
    return Citation(passage.text, passage.id, document, passage.heading, passage.page)


def test_it_is_given_with_its_label_and_only_to_its_readers(service: StandardService, library: Library) -> None:
    service.approve(
        ADA, EXEC, QUESTION, "The head does.", "exec", REVIEW, also=["Who signs off leave in term time?", QUESTION]
    )
    found = service.answer("Who decides about leave of absence during the term?", EXEC)
    assert found is not None
    assert found.text == "The head does.\n\nApproved by Ada Ash on 27 November 2026, review by 1 September 2027."
    assert found.outcome is Outcome.ANSWERED
    assert service.answer("Who signs off leave in term time?", EXEC) is not None
    assert service.answer(QUESTION, ALL) is None
    assert service.answer(QUESTION, Reader.joint([ALL, EXEC])) is None
    assert service.answer("Who decides on leave of absence at Fernhill during term?", EXEC) is None
    assert service.listed(ALL) == []


def test_its_audience_is_no_wider_than_its_documents(service: StandardService, library: Library) -> None:
    secret = citation(library, "project-heron.docx")
    with pytest.raises(Refusal, match="Project Heron"):
        service.approve(ADA, EXEC, QUESTION, "Yes.", "everyone", REVIEW, citations=[secret])
    assert service.approve(ADA, EXEC, QUESTION, "Yes.", "exec", REVIEW, citations=[secret]).audience == corpus.EXEC


def test_it_is_not_given_once_its_document_is_open_to_fewer(service: StandardService, library: Library) -> None:
    source = citation(library, "attendance-policy.docx")
    service.approve(ADA, EXEC, QUESTION, "The head does.", "everyone", REVIEW, citations=[source])
    assert service.answer(QUESTION, ALL) is not None
    library.amend(replace(source.document, audience=corpus.EXEC))
    assert service.answer(QUESTION, ALL) is None
    assert service.answer(QUESTION, EXEC) is not None
    library.amend(replace(source.document, audience=EVERYONE))
    assert service.answer(QUESTION, ALL) is not None


def test_only_an_administrator_approves_and_the_review_is_within_reach(service: StandardService) -> None:
    with pytest.raises(Refusal, match="Ada Ash"):
        service.approve(BOB, ALL, QUESTION, "Yes.", "everyone", REVIEW)
    for day in (NOW.date(), NOW.date() + timedelta(days=2000)):
        with pytest.raises(Refusal, match="review date"):
            service.approve(ADA, ALL, QUESTION, "Yes.", "everyone", day)
    with pytest.raises(Refusal, match="no audience"):
        service.approve(ADA, ALL, QUESTION, "Yes.", "nobody", REVIEW)


def test_edits_meet_and_the_later_is_refused(service: StandardService) -> None:
    first = service.approve(ADA, ALL, QUESTION, "The head.", "everyone", REVIEW, key="V1")
    assert service.approve(ADA, ALL, QUESTION, "The head.", "everyone", REVIEW, key="V1") == first, "pressed twice"
    changed = service.approve(
        ADA, ALL, QUESTION, "The governors.", "everyone", REVIEW, replaces=first.id, revision=first.revision
    )
    assert changed.revision == 2
    with pytest.raises(Refusal, match="meanwhile"):
        service.approve(ADA, ALL, QUESTION, "Nobody.", "everyone", REVIEW, replaces=first.id, revision=first.revision)
    found = service.answer(QUESTION, ALL)
    assert found is not None
    assert found.text.startswith("The governors.")


def test_it_is_due_on_its_day_overdue_after_it_and_gone_when_retired(
    service: StandardService, now: list[datetime]
) -> None:
    made = service.approve(ADA, ALL, QUESTION, "The head.", "everyone", REVIEW, owner="bob")
    assert service.due() == []
    now[0] = NOW.replace(year=2027, month=9, day=1)
    assert [each.owner for each in service.due()] == ["bob"]
    now[0] = NOW.replace(year=2027, month=9, day=2)
    found = service.answer(QUESTION, ALL)
    assert found is not None
    assert "The review is overdue." in found.text
    service.retire(ADA, ALL, made.id)
    assert service.retire(ADA, ALL, made.id).retired
    assert service.answer(QUESTION, ALL) is None
    assert service.due() == service.listed(ALL) == []


def test_a_child_at_risk_gets_no_standard_answer(service: StandardService) -> None:
    asked = "What do I do when a child tells me about abuse at home?"
    service.approve(ADA, ALL, asked, "Fill in a form.", "everyone", REVIEW)
    assert service.answer(asked, ALL) is None
