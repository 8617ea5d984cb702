"""Sayings about the school year become what a calendar prints; everything else stays as it was."""

from __future__ import annotations

import pytest

from knowledge.query.sayings import as_calendars_say


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("When do we break up for Christmas?", "When do we last day of the autumn term?"),
        ("when does school break up for the Easter holidays", "when does school last day of the spring term"),
        ("When do we break up?", "When do we last day of term?"),
        ("When do the children go back after Easter?", "When do the children first day of the summer term?"),
        ("When are pupils back in school after Christmas?", "When first day of the spring term?"),
        ("When does school start again after summer?", "When does school first day of the autumn term?"),
        ("When do the summer holidays start?", "When do the last day of the summer term?"),
        ("When do the Christmas holidays end?", "When do the first day of the spring term?"),
    ],
)
def test_a_saying_is_put_as_a_day_of_a_term(typed: str, meant: str) -> None:
    assert as_calendars_say(typed) == meant


@pytest.mark.parametrize(
    "question",
    [
        "How do staff break up a fight?",
        "Who pays for the Christmas dinner?",
        "Can staff carry leave over after the summer?",
        "What time does the school open after a fire drill?",
        "May a family take a holiday at Easter?",
    ],
)
def test_other_questions_stay_as_they_are(question: str) -> None:
    assert as_calendars_say(question) == question
