"""Who is asked for by name is found by a name, and a table's row by what its columns are called."""

from __future__ import annotations

from datetime import date

import pytest

from bot.runtime import db
from knowledge.answer.retrieve import Search
from knowledge.embedding.encoder import Encoder
from knowledge.library.library import Library
from knowledge.passages import Names, Reader
from knowledge.pipeline import Answerer
from knowledge.query.answer_type import asks_for_a_name, names_somebody
from tests.knowledge.books import document, passages

TABLE = "\n".join(
    (
        "School | Attendance champion | Telephone",
        "Elm Primary School | Rosa Lind | 01632 960201",
        "Torbank Academy | Piers Holt | 01632 960202",
    )
)
BESIDE = "If a pupil at Elm Primary is away for three days, the attendance champion is told and rings the family."


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Answerer:
    engine = db.make_engine(f"sqlite:///{tmp_path_factory.mktemp('wanted') / 'trustbot.sqlite'}")
    db.upgrade(engine)
    library = Library(engine, encoder)
    library.put(document("attendance", title="Attendance policy"), passages("attendance", TABLE))
    library.put(document("club", title="Elm Primary: breakfast club", school="elm"), passages("club", BESIDE))
    names = Names(schools={"elm": ("Elm Primary School", "Elm Primary"), "tor": ("Torbank Academy", "Torbank")})
    return Answerer(Search(library, encoder, names, lambda: date(2026, 11, 22)))


def test_the_row_with_the_name_comes_before_a_sentence_that_only_speaks_of_the_office(answerer: Answerer) -> None:
    answer = answerer.answer("Who is the attendance champion at Elm Primary?", Reader.of({"everyone"}))
    assert "Rosa Lind" in answer.citations[0].quote


@pytest.mark.parametrize(
    "question", ["Who is the DSL at Oakfield?", "who's our SENDCo", "What is the name of the clerk?"]
)
def test_who_holds_an_office_is_asked_by_name(question: str) -> None:
    assert asks_for_a_name(question)


@pytest.mark.parametrize("question", ["Who decides on leave?", "Who may let the hall?", "To whom do I report it?"])
def test_who_may_do_something_is_not(question: str) -> None:
    assert not asks_for_a_name(question)


def test_a_bodys_name_and_the_questions_own_words_are_nobodys() -> None:
    asked = frozenset({"who", "is", "the", "hazel", "lane"})
    assert names_somebody("The clerk is Rosa Lind.", asked)
    assert not names_somebody("Hazel Lane Local Governing Body meets on Mondays.", asked)
