"""What the library holds is listed by title, as far as the reader may see it, and what is due for review by its day."""

from __future__ import annotations

from datetime import date

import pytest

from bot.runtime import db
from knowledge.answer.retrieve import Search
from knowledge.embedding.encoder import Encoder
from knowledge.library.library import Library
from knowledge.passages import Answer, Audience, Kind, Names, Outcome, Reader, Status
from knowledge.pipeline import Answerer
from knowledge.skills.ahead import until
from tests.knowledge.books import document, passages

TODAY = date(2026, 11, 22)
NAMES = Names(trust="Alder Trust", schools={"elm": ("Elm Primary School", "Elm"), "tor": ("Torbank Academy",)})
HEADS = Reader.of({"everyone", "heads"})
STAFF = Reader.of({"everyone"})
ONLY_HEADS = Audience(frozenset({"heads"}))


def _fill(library: Library) -> Library:
    for key, fields in {
        "attendance": {"title": "Attendance policy", "review": date(2026, 10, 31), "date": date(2025, 9, 1)},
        "behaviour": {"title": "Behaviour policy", "review": date(2026, 12, 15)},
        "lettings": {"title": "Lettings policy", "date": date(2026, 3, 10), "review": date(2027, 3, 31)},
        "pay": {"title": "Pay policy", "audience": ONLY_HEADS, "review": date(2026, 11, 30)},
        "lettings-2020": {"title": "Lettings policy", "family": "lettings", "date": date(2020, 3, 10)},
        "gifts": {"title": "Gifts policy", "status": Status.DRAFT, "in_force": False},
        "homework": {"title": "Homework policy", "school": "elm", "review": date(2026, 12, 1)},
        "slt": {"title": "SLT minutes", "kind": Kind.MINUTES, "date": date(2026, 11, 2)},
        "slt-before": {"title": "SLT minutes", "kind": Kind.MINUTES, "date": date(2026, 10, 5)},
    }.items():
        library.put(document(key, **fields), passages(key, f"This text of {key} says what the school does every day."))
    return library


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Answerer:
    engine = db.make_engine(f"sqlite:///{tmp_path_factory.mktemp('holdings') / 'trustbot.sqlite'}")
    db.upgrade(engine)
    return Answerer(Search(_fill(Library(engine, encoder)), encoder, NAMES, lambda: TODAY))


def _cited(answer: Answer) -> list[str]:
    return [each.document.id for each in answer.citations]


def test_policies_are_listed_by_title_without_drafts_and_old_versions(answerer: Answerer) -> None:
    answer = answerer.answer("What policies do we have?", STAFF)
    assert _cited(answer) == ["attendance", "behaviour", "homework", "lettings"]
    assert answer.text.startswith("4 documents that you can see, by title and in force:")
    assert "• Attendance policy: 1 September 2025, was due for review by 31 October 2026." in answer.text


def test_what_a_reader_may_not_see_is_neither_listed_nor_counted(answerer: Answerer) -> None:
    for question in ("List the policies", "Which policies are due for review this term?", "Is there a pay policy?"):
        for reader in (STAFF, Reader.joint([STAFF, HEADS])):
            answer = answerer.answer(question, reader)
            assert "Pay" not in answer.text
            assert "pay" not in _cited(answer)
        assert "pay" in _cited(answerer.answer(question, HEADS))


@pytest.mark.parametrize(
    ("question", "listed"),
    [
        ("Do we have a policy on lettings?", ["lettings"]),
        ("Is there a policy about attendance?", ["attendance"]),
        ("What policies do you have for Elm?", ["homework"]),
        ("What policies does Elm have?", ["homework"]),
        ("List Elms policies", ["homework"]),
        ("show me all of Elm's documents", ["homework"]),
        ("What minutes can I see?", ["slt", "slt-before"]),
        ("Show me the documents on behaviour", ["behaviour"]),
    ],
)
def test_what_is_asked_for_is_listed(answerer: Answerer, question: str, listed: list[str]) -> None:
    assert _cited(answerer.answer(question, STAFF)) == listed


def test_what_no_title_says_is_searched_for_as_ever(answerer: Answerer) -> None:
    assert answerer.answer("Is there a policy on zeppelins?", STAFF).outcome is Outcome.NOT_FOUND


def test_what_is_overdue_is_told_from_what_is_due(answerer: Answerer) -> None:
    answer = answerer.answer("Which policies are due for review this term?", STAFF)
    assert answer.parts[0].said == (
        "1 of 4 are overdue for review and 2 due by 31 December 2026, by the documents' own review dates."
    )
    assert [each.heading for each in answer.parts[1:]] == ["Overdue", "Due by 31 December 2026"]
    assert answer.parts[1].said == "• Attendance policy, 31 October 2026"
    assert answer.parts[2].said == (
        "• Homework policy (Elm Primary School), 1 December 2026\n• Behaviour policy, 15 December 2026"
    )


@pytest.mark.parametrize(
    ("said", "last"),
    [
        ("", date(2027, 2, 22)),
        ("this month", date(2026, 11, 30)),
        ("next month", date(2026, 12, 31)),
        ("this term", date(2026, 12, 31)),
        ("next term", date(2027, 4, 15)),
        ("this year", date(2026, 12, 31)),
        ("this school year", date(2027, 8, 31)),
        ("in the next three months", date(2027, 2, 22)),
        ("within the next year", date(2027, 11, 22)),
        ("over the next two weeks", date(2026, 12, 6)),
        ("before 1 March 2027", date(2027, 2, 28)),
        ("by 31 March 2027", date(2027, 3, 31)),
        ("in January 2027", date(2027, 1, 31)),
        ("in March 2020", None),
        ("by the trustees", None),
    ],
)
def test_how_far_ahead_a_question_looks(said: str, last: date | None) -> None:
    assert until(said, TODAY) == last


def test_a_month_ahead_of_a_long_month_ends_with_the_short_one() -> None:
    assert until("in the next month", date(2027, 1, 31)) == date(2027, 2, 28)
    assert until("in the next year", date(2028, 2, 29)) == date(2029, 2, 28)


def test_where_no_title_says_it_that_is_said_before_what_comes_closest(answerer: Answerer) -> None:
    for question in ("Do we have a text policy?", "What policies do we have on texts?", "Find me the text policy"):
        answer = answerer.answer(question, STAFF)
        assert answer.outcome is Outcome.CLOSEST
        assert answer.text.startswith("No policy that you can see has “text")
        assert "slt" not in answer.text.split("\n")[0]
        assert answer.citations


def test_a_document_that_is_asked_for_by_name_is_shown_with_its_file(answerer: Answerer) -> None:
    for question in (
        "Show me the lettings policy",
        "wheres the lettings policy?",
        "Can I see our lettings policy please",
    ):
        answer = answerer.answer(question, STAFF)
        assert _cited(answer) == ["lettings"]
        assert answer.text.startswith("Lettings policy: 10 March 2026, due for review by 31 March 2027. Its file is ")
    for reader in (STAFF, Reader.joint([STAFF, HEADS])):
        assert "pay" not in _cited(answerer.answer("Show me the pay policy", reader))
    assert _cited(answerer.answer("Show me the pay policy", HEADS)) == ["pay"]


@pytest.mark.parametrize(
    "question",
    ["policies due for review this term", "Policies due by Christmas", "what policies need reviewing before January?"],
)
def test_what_is_due_may_be_asked_in_short(answerer: Answerer, question: str) -> None:
    answer = answerer.answer(question, STAFF)
    assert [each.heading.split(" ")[0] for each in answer.parts[1:]] == ["Overdue", "Due"]
    assert "• Behaviour policy, 15 December 2026" in answer.text


@pytest.mark.parametrize(
    ("said", "last"),
    [
        ("by Christmas", date(2026, 12, 25)),
        ("before christmas", date(2026, 12, 24)),
        ("before the summer holidays", date(2027, 7, 19)),
        ("by March", date(2027, 3, 31)),
        ("before December", date(2026, 11, 30)),
        ("in jan", date(2027, 1, 31)),
        ("by sept", date(2027, 9, 30)),
        ("in November", date(2026, 11, 30)),
    ],
)
def test_a_month_or_season_ahead_is_the_next_one(said: str, last: date) -> None:
    assert until(said, TODAY) == last


def test_what_is_due_at_one_school_is_that_schools(answerer: Answerer) -> None:
    answer = answerer.answer("Which policies are due for review at Elm Primary School this term?", STAFF)
    assert answer.parts[0].said.startswith("None of 1 are overdue for review and 1 due by 31 December 2026")
    assert "Homework policy (Elm Primary School), 1 December 2026" in answer.text
    assert not answerer.answer("What is overdue at Elm Primary School?", STAFF).parts
