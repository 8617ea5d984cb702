"""Several schools have a policy of one name: it is said which is whose, and one's own comes first."""

from __future__ import annotations

import pytest

from knowledge.passages import OPERATOR, Outcome, Reader
from knowledge.query import naming
from tests.knowledge.skills.conftest import Ask, of
from tests.knowledge.skills.papers import NAMES, OF_ASHBY, OF_BOTH, STAFF

OF_BIRCH = Reader.of({"everyone", "birch"})


def test_a_readers_own_school_is_the_one_that_all_members_belong_to() -> None:
    assert naming.own_school(OF_ASHBY, NAMES) == "ashby"
    assert naming.own_school(Reader.joint([OF_ASHBY, OF_ASHBY]), NAMES) == "ashby"
    for reader in (STAFF, OF_BOTH, OPERATOR, Reader.joint([OF_ASHBY, OF_BIRCH]), Reader.joint([OF_ASHBY, STAFF])):
        assert naming.own_school(reader, NAMES) is None


@pytest.mark.parametrize("question", ["Summarise the homework policy", "When is the homework policy due for review?"])
def test_the_policy_of_ones_own_school_is_meant_where_no_school_is_named(ask: Ask, question: str) -> None:
    assert of(ask(question, OF_ASHBY).citations) == ["homework-ashby"]
    assert of(ask(question, OF_BIRCH).citations) == ["homework-birch"]
    assert of(ask(question.replace("homework", "Birch homework"), OF_ASHBY).citations) == ["homework-birch"]


def test_those_of_no_school_are_told_whose_is_whose(ask: Ask) -> None:
    for reader in (STAFF, OF_BOTH):
        text = ask("Summarise the homework policy", reader).text
        assert "Homework Policy (Ashby Primary School): September 2024" in text
        assert "Homework Policy (Birch Academy)" in text


def test_a_schools_own_paper_answers_without_saying_its_name(ask: Ask) -> None:
    answer = ask("reading aloud at home at Ashby Primary School")
    assert answer.outcome is not Outcome.NOT_FOUND
    assert of(answer.citations)[0] == "homework-ashby"


def test_the_first_day_of_the_month_that_a_version_names_is_not_said(ask: Ask) -> None:
    answer = ask("Summary of Ashby's homework policy")
    assert "Homework Policy (Ashby Primary School): September 2024, 1 page." in answer.text


def test_the_governing_body_is_known_by_its_short_forms() -> None:
    for said in ("the FGB in June", "our full governing board", "the full governors", "fgb minutes"):
        assert list(naming.bodies(said, NAMES)) == ["governors"]
    assert not naming.bodies("the governors said", NAMES)
