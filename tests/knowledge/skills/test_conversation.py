"""A follow-up becomes the question that was meant, and what stands alone is left as it was."""

from __future__ import annotations

import pytest

from knowledge.passages import Names
from knowledge.query.follow_up import rewrite_follow_up

NAMES = Names(
    schools={"oak": ("Oakfield Primary School",), "riv": ("Riverside Primary School",), "wes": ("Westbrook Academy",)}
)
CLUB = "What does breakfast club cost at Oakfield?"


@pytest.mark.parametrize(
    ("before", "follow_up", "meant"),
    [
        (CLUB, "And at Riverside?", "What does breakfast club cost at Riverside?"),
        (CLUB, "no, I meant Westbrook", "What does breakfast club cost at Westbrook?"),
        ("Who leads on reading?", "What about Riverside?", "Who leads on reading at Riverside?"),
        ("What was the fine in 2023?", "and in 2024?", "What was the fine in 2024?"),
        ("What is the fine for absence?", "And in 2023?", "What is the fine for absence in 2023?"),
        ("What is the hire deposit?", "the old one?", "What is the hire deposit in the previous policy?"),
        ("What is the hire deposit?", "and in the draft?", "What is the hire deposit in the draft policy?"),
        ("What was the fine in the old policy?", "and now?", "What was the fine now?"),
        ("How much homework do Year 9 get?", "and Year 8?", "How much homework do Year 8 get?"),
        ("How is a primary school inspected?", "I meant secondary", "How is a secondary school inspected?"),
        ("What is sick pay for teachers?", "And for part-time staff?", "What is sick pay for part-time staff?"),
        ("Is CCTV footage kept?", "how long?", "How long: CCTV footage kept?"),
        ("Can a pupil be suspended?", "Who decides that?", "Who decides that: pupil be suspended?"),
        (CLUB, "And at the other schools?", "What does breakfast club cost at each school?"),
        ("Who leads on reading?", "at every school?", "Who leads on reading at each school?"),
        (
            "Can I refuse a request?",
            "How long have we got to decide?",
            "How long have we got to decide: refuse a request?",
        ),
        ("Can a pupil be suspended?", "Why?", "Why: pupil be suspended?"),
    ],
)
def test_what_a_follow_up_names_takes_the_place_of_its_like(before: str, follow_up: str, meant: str) -> None:
    assert rewrite_follow_up(follow_up, [before], NAMES) == (meant, ())


def test_follow_ups_build_on_one_another() -> None:
    turns = [CLUB, "And at Riverside?", "and in 2023?"]
    assert (
        rewrite_follow_up("how about Westbrook?", turns, NAMES)[0]
        == "What does breakfast club cost at Westbrook in 2023?"
    )


@pytest.mark.parametrize(
    "question",
    [
        "Can staff do their PPA at home?",
        "What is the mileage rate for a car?",
        "By when should mum or dad ring in if their child is ill?",
        "What is the attendance goal for Westbrook this year?",
        "A child told me her dad hits her, what do I do?",
    ],
)
def test_another_topic_takes_nothing_of_the_old_one(question: str) -> None:
    assert rewrite_follow_up(question, [CLUB], NAMES) == (question, ())


def test_what_no_rule_fits_keeps_its_context() -> None:
    assert rewrite_follow_up("What about the swimming pool?", [CLUB], NAMES) == (
        "What about the swimming pool?",
        (CLUB,),
    )
    assert rewrite_follow_up("What if the parent is still not happy after that?", [CLUB], NAMES)[1] == (CLUB,)


def test_a_first_question_is_left_alone() -> None:
    assert rewrite_follow_up("And at Riverside?", [], NAMES) == ("And at Riverside?", ())
