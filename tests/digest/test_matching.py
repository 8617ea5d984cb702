"""Which sentences of two schools speak of the same thing, and which offer something."""

from __future__ import annotations

import pytest

from bot.digest.content.matching import Likeness, clusters, is_offer
from knowledge.embedding.encoder import Encoder

TOGETHER = (
    ("We can offer phonics coaching on Tuesday mornings.", "We would like help with phonics coaching."),
    ("Our deputy can release a teaching assistant on Wednesdays.", "Can another school spare a teaching assistant?"),
    ("We are happy to show how our lunchtime rota works.", "Could somebody show us a lunchtime rota that works?"),
    ("Energy costs are £18,000 above plan.", "The energy bill is a fifth above plan."),
    ("Friday absence is higher than on any other day.", "Absence on Fridays has risen in Years 5 and 6."),
    ("Our mathematics lead can support another school with intervention.", "We need mathematics intervention."),
)
APART = (
    ("We can offer phonics coaching on Tuesday mornings.", "Could the trust run a cyber session for office staff?"),
    ("We can offer outreach on communication boards.", "Our mathematics post is vacant from January."),
    ("Our science department will host a moderation morning.", "Has another school shared a minibus contract?"),
    ("The boiler failed twice this week.", "Friday absence is higher than on any other day."),
    ("Two teaching assistants left.", "Year 11 mathematics mocks are 6 points below last year's."),
    ("We are happy to show how our lunchtime rota works.", "Can another school spare a teaching assistant?"),
)


@pytest.mark.parametrize(("one", "other"), TOGETHER)
def test_together(encoder: Encoder, one: str, other: str) -> None:
    assert Likeness([one, other], encoder.encode)(0, 1) > 0


@pytest.mark.parametrize(("one", "other"), APART)
def test_apart(encoder: Encoder, one: str, other: str) -> None:
    assert Likeness([one, other], encoder.encode)(0, 1) == 0
    assert Likeness([one, other], None)(0, 1) == 0


def test_without_an_encoder_shared_words_count() -> None:
    assert Likeness(["We can offer phonics coaching.", "We would like help with phonics coaching."], None)(0, 1) > 0


@pytest.mark.parametrize(
    ("sentence", "offers"),
    [
        ("We can offer phonics coaching on Tuesdays.", True),
        ("Our SENDCo would be glad to help another school.", True),
        ("We are happy to host a visit.", True),
        ("Colleagues are welcome on Thursdays.", True),
        ("Our mathematics lead can support another school.", True),
        ("Our science department will host a moderation morning.", True),
        ("Phonics results held at 84 %.", False),
        ("Could another school show us its rota?", False),
        ("We cannot offer any cover.", False),
        ("We would like support with phonics.", False),
        ("Parents were welcome at the fair.", False),
        ("Our governors will support the head.", False),
        ("Our attendance team will visit six families.", False),
    ],
)
def test_an_offer_is_known_by_its_words(sentence: str, offers: bool) -> None:
    assert is_offer(sentence) == offers


def test_themes_need_two_schools(encoder: Encoder) -> None:
    said = ["The energy bill is a fifth above plan.", "Energy costs are above plan.", "The roof leaks."]
    assert clusters(["a", "b", "c"], Likeness(said, encoder.encode)) == [[0, 1]]
    assert clusters(["a", "a", "c"], Likeness(said, encoder.encode)) == []
