"""Insights name nobody, show what three people asked, and only documents that the reader may read."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.ask import store
from bot.ask.model import Question, StoredAnswer, Verdict, answer_id
from bot.insights import blocks
from bot.insights.service import InsightService, figures
from bot.runtime.inbox import InboxRow
from knowledge.library.library import Library
from knowledge.masking.pupil_names import Masker
from knowledge.passages import (
    EVERYONE,
    OPERATOR,
    Answer,
    Audience,
    Citation,
    Document,
    Kind,
    Outcome,
    Part,
    Passage,
    Reader,
    Status,
)
from tests.scenarios import corpus

if TYPE_CHECKING:
    from knowledge.embedding.encoder import Encoder

NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
ALL = Reader.of({"everyone"})


def ask(engine: Engine, person: str, words: str, outcome: Outcome, citations: tuple[Citation, ...] = (),
        missing: str | None = None, seconds: float = 0.5, parts: tuple[Part, ...] = (),
        reader: Reader = ALL) -> None:  # fmt: skip
    event = f"Ev-{person}-{words}"[:150]
    created = NOW - timedelta(days=1)
    given = StoredAnswer(
        answer_id(event, reader), Question(event, person, "C", None, words, alone=True),
        Answer(outcome, "", citations, parts=parts), reader, created,
    )  # fmt: skip
    with Session(engine) as session, session.begin():
        store.add(session, given)
        heard = created - timedelta(seconds=seconds)
        session.add(InboxRow(id=event, kind="x", payload=None, received=heard, done=created))
        if missing:
            store.set_feedback(session, given.id, person, Verdict.DOWN, missing, created)


@pytest.fixture
def library(engine: Engine, encoder: Encoder) -> Library:
    library = Library(engine, encoder)
    corpus.fill(library)
    return library


@pytest.fixture
def service(engine: Engine, library: Library, encoder: Encoder) -> InsightService:
    return InsightService(engine, library, encoder, Masker(["Ada Ash"]), lambda: NOW)


def test_only_what_three_people_asked_is_shown_in_one_masked_wording(engine: Engine, service: InsightService) -> None:
    for person in ("U0A", "U0B", "U0C"):
        ask(engine, person, "Which biscuits does the chair prefer?", Outcome.NOT_FOUND)
    for _ in range(2):
        for person in ("U0A", "U0B"):
            ask(engine, person, f"When are the lockers painted{_}?", Outcome.ANSWERED)
    ask(
        engine,
        "U0A",
        "Is Zara Quill in Year 5 excluded?",
        Outcome.CLOSEST,
        missing="Zara Quill in Year 5 was suspended",
    )
    found = service.insights(ALL)
    assert [(each.wording, each.people) for each in found.asked] == [("Which biscuits does the chair prefer?", 3)]
    assert found.unanswered == found.asked
    told = json.dumps([found.as_json(), blocks.insights(found)])
    for hidden in ("lockers", "Quill", "U0A"):
        assert hidden not in told
    assert "Pupil A in Year 5 was suspended" in told


def test_figures_count_each_question_once(engine: Engine) -> None:
    for number in range(3):
        ask(engine, f"U{number}", "When?", Outcome.ANSWERED, seconds=number + 1)
    ask(engine, "U0", "Who?", Outcome.NOT_FOUND, missing="x", seconds=1)
    found = figures(engine, NOW, 30)
    assert (found.questions, found.people, found.unhelpful, found.helpful) == (4, 3, 1, 0)
    assert found.outcomes == {"answered": 3, "closest": 0, "not_found": 1, "signpost": 0}
    assert (found.median_seconds, found.slow_seconds) == (2.0, 3.0)
    assert figures(engine, NOW + timedelta(days=60), 30).questions == 0
    ask(engine, "U9", "Where?", Outcome.ANSWERED)


def put(library: Library, key: str, words: str, audience: Audience = EVERYONE, **differently: object) -> Document:
    document = Document(key, f"/{key}.md", f"{key}.md", f"The {key}", Kind.POLICY, audience, key, version="1",
                        date=date(2026, 1, 1))  # fmt: skip
    document = replace(document, **differently)  # type: ignore[arg-type]
    library.put(document, [Passage(f"{key}:0", key, 0, words)])
    return document


def test_stale_documents_are_listed_with_the_reason(engine: Engine, library: Library, service: InsightService) -> None:
    put(library, "overdue", "Ladders are checked.", review=date(2026, 9, 1))
    put(library, "undated", "Kettles are checked.", version=None, date=None)
    old = put(library, "old", "Toasters are checked.")
    put(library, "new", "Toasters are checked yearly.", version="2", date=date(2026, 8, 1), family="old")
    ask(engine, "U0A", "Toasters?", Outcome.ANSWERED, (Citation("Toasters are checked.", "old:0", old, (), None),))
    draft = put(library, "draft", "Heaters are checked.", date=date(2026, 9, 1), status=Status.DRAFT)
    ask(engine, "U0A", "Heaters?", Outcome.ANSWERED, (Citation("Heaters are checked.", "draft:0", draft, (), None),))
    compared = put(library, "compared", "Irons are checked.")
    put(library, "ironed", "Irons are checked daily.", version="2", date=date(2026, 8, 1), family="compared")
    beside = (Citation("Irons are checked.", "compared:0", compared, (), None),)
    ask(engine, "U0A", "What has changed of irons?", Outcome.ANSWERED, beside, parts=(Part("Was", "", (0,)),))
    put(library, "secret", "Drones are checked.", corpus.EXEC, review=date(2026, 9, 1))
    found = {each.document.id: each.why for each in service.insights(ALL).stale}
    assert found == {
        "overdue": "its review was due on 1 September 2026",
        "old": "a later version is in force, yet answers quoted this one",
        "draft": "it is a draft and not approved, yet answers quoted it",
        "undated": "it has no date and no version",
    }


def test_contradictions_are_shown_to_those_who_may_read_both(library: Library, service: InsightService) -> None:
    put(library, "gates", "The school gates close at 8.50 am each morning.")
    put(library, "guide", "The gates of the school close at 8.40 am each morning.", corpus.EXEC)
    assert service.insights(ALL).disagreements == ()
    (found,) = service.insights(OPERATOR).disagreements
    assert {found.figure.written, found.against.written} == {"8.50 am", "8.40 am"}
    put(library, "guide", "The gates of the school close at 8.40 am each morning.", family="gates")
    assert service.insights(OPERATOR).disagreements == (), "versions of one document may differ"


def test_three_wordings_are_shown_by_the_words_that_all_three_used(engine: Engine, service: InsightService) -> None:
    for person, words in (
        ("U0A", "Which biscuits does the chair prefer?"),
        ("U0B", "What biscuits does the chair like, since Mrs Dunn complained?"),
        ("U0C", "Which biscuits would the chair like best on her sick leave?"),
    ):
        ask(engine, person, words, Outcome.NOT_FOUND)
    found = service.insights(ALL)
    assert [(each.wording, each.people) for each in found.asked] == [("about biscuits, chair", 3)]
    told = json.dumps([found.as_json(), blocks.insights(found)])
    assert not any(own in told for own in ("Dunn", "sick", "best", "prefer"))


SCHOOL, OTHER = Audience(frozenset({"elm"})), Audience(frozenset({"ash"}))


def test_what_came_from_documents_is_shown_to_those_who_may_read_them(
    engine: Engine, library: Library, service: InsightService
) -> None:
    own = put(library, "own", "Lockers are painted in May.", SCHOOL)
    quoted = (Citation("Lockers are painted in May.", "own:0", own, (), None),)
    own_school = Reader.of({"everyone", "elm"})
    for person in ("U0A", "U0B", "U0C"):
        ask(engine, person, "When are the lockers painted?", Outcome.ANSWERED, quoted, reader=own_school,
            missing=f"the colour of {person}")  # fmt: skip
    told = json.dumps([service.insights(Reader.of({"everyone", "exec"})).as_json()])
    assert not any(word in told for word in ("lockers", "colour", "own.md", "The own"))
    seen = service.insights(Reader.of({"everyone", "elm", "exec"}))
    assert [each.wording for each in seen.asked] == ["When are the lockers painted?"]
    assert len(seen.unhelpful) == 3
    put(library, "own", "Lockers are painted in May.", OTHER)
    assert service.insights(Reader.of({"everyone", "elm", "exec"})).asked == (), "it was open then, and is not now"
    assert len(service.insights(OPERATOR).asked) == 1


def test_what_one_circle_asked_without_an_answer_is_shown_to_that_circle(
    engine: Engine, service: InsightService
) -> None:
    board = Reader.of({"everyone", "trustees", "confidential", "person:may"})
    for person in ("U0A", "U0B", "U0C"):
        ask(engine, person, "What does the caretaker's settlement cost?", Outcome.NOT_FOUND, missing="the settlement",
            reader=board)  # fmt: skip
    admin = Reader.of({"everyone", "central", "person:beth"})
    told = json.dumps([service.insights(admin).as_json(), blocks.insights(service.insights(admin))])
    assert "settlement" not in told
    assert "settlement" in json.dumps(service.insights(board).as_json())
    for person, school, people in (("U0D", "elm", []), ("U0E", "ash", [5])):
        ask(engine, person, "What does the caretaker's settlement cost?", Outcome.NOT_FOUND,
            reader=Reader.of({"everyone", school}))  # fmt: skip
        assert [each.people for each in service.insights(admin).asked] == people, "only what is asked across the trust"
    assert service.insights(admin).unhelpful == ()
