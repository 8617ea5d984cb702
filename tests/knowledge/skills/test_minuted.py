"""What actions came out of a meeting is quoted from its own minutes."""

from __future__ import annotations

import pytest

from knowledge.passages import Outcome
from tests.knowledge.skills.conftest import Ask, of
from tests.knowledge.skills.papers import CHANNEL, STAFF, TRUSTEE


@pytest.mark.parametrize(
    "question",
    [
        "What were the actions from the last governors meeting?",
        "actions from the last FGB",
        "Which actions were agreed at the governing body meeting of 2 June 2025?",
    ],
)
def test_the_table_of_actions_is_quoted_whole(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.text.startswith("Governing Body minutes (Birch Academy): 2 June 2025")
    assert [each.quote for each in answer.citations] == [
        "Item | By whom | By when\nMend the gate | Caretaker | 1 July 2025\nTell parents | Clerk | at once"
    ]


def test_without_a_table_the_lines_that_name_an_action_are(ask: Ask) -> None:
    answer = ask("What actions came out of the last Ashby SLT meeting?")
    assert [each.quote for each in answer.citations] == ["Action: the deputy rings three firms."]


def test_an_action_plan_or_an_unknown_meeting_is_an_ordinary_question(ask: Ask) -> None:
    for question in ("What are the actions of a head in a fire?", "What were the actions from the last pay committee?"):
        assert not ask(question).parts


def test_minutes_that_the_reader_may_not_see_give_nothing(ask: Ask) -> None:
    question = "What were the actions from the last trust board meeting?"
    assert of(ask(question, TRUSTEE).citations) == ["board-october"]
    for reader in (STAFF, CHANNEL):
        assert "board-october" not in of(ask(question, reader).citations)
