"""What is typed in haste is read as what it stands for, and what is written in full stays as it is."""

from __future__ import annotations

import pytest

from knowledge.passages import Outcome
from knowledge.query.shorthand import written_out
from tests.knowledge.skills.conftest import Ask, of


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("whats the deposit", "what's the deposit"),
        ("Whos the dsl and wheres he", "Who's the dsl and where's he"),
        ("can u sum up the lettings policy pls", "can you sum up the lettings policy please"),
        ("which schools dont have one", "which schools don't have one"),
        ("hwk for yr 5 and Y6", "homework for year 5 and year 6"),
        ("the diff between the two", "the difference between the two"),
        ("what r the rules", "what are the rules"),
        ("inset days 22/23", "inset days 2022/23"),
        ("meeting w/ parents abt phones", "meeting with parents about phones"),
    ],
)
def test_short_forms_are_written_out(typed: str, meant: str) -> None:
    assert written_out(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "What's the U turn of IM Pls Ltd?",
        "see im.fell@x.example",
        "a 5 yrs old child",
        "its whatsoever",
        "x-y 3/u",
        "on 11/12 and 5/11/22",
        "years 10/11",
    ],
)
def test_what_is_written_in_full_stays(typed: str) -> None:
    assert written_out(typed) == typed


def test_a_hasty_summary_is_still_a_summary(ask: Ask) -> None:
    for question in ("can u sum up the lettings policy pls", "summary of lettings policy pls"):
        answer = ask(question)
        assert answer.outcome is Outcome.ANSWERED
        assert answer.text.startswith("Lettings Policy: 10 March 2026")
        assert of(answer.citations) == ["lettings-2026"]
