"""Plain sentences about a child at risk are recognised, and ordinary ones are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from knowledge.safety import check, weights
from knowledge.safety.check import Risk, SafetyCheck
from knowledge.safety.features import MOST, SHORT, columns, pieces
from knowledge.safety.patterns import child_at_risk
from tests.conftest import ENCODER_CACHE

if TYPE_CHECKING:
    from knowledge.embedding.encoder import Encoder

# Written for this test; none of them is among the lines of training.
PLAIN = """
a lad in my form says his dad shuts him in the outhouse
Our Ellie says she gets no supper if she talks
mum's boyfriend makes him stand in the yard in his pants
one of the twins said granddad's hand goes under the blanket
he's told the cook he hasn't had a hot meal since last week
she said she'd be better off under a lorry
the same man in the blue van gave her sweets again
there's a mark like a belt buckle across his shoulders
He told his friend he's going to walk off the bridge on Saturday
my year 10 has been sent a ticket to Manchester by a man she met online
a parent saw our caretaker stroking a little girl's leg
her auntie has booked the flights and she says she's to be a bride
a boy of twelve is selling for a man called Uncle T
Two of the girls say the coach walks in when they are changing
his mother can't be woken and he is dressing the baby
The little one begs not to be sent back with her stepfather
she's hiding razor blades in her phone case
someone in year 8 has had his naked picture passed round the bus
"""
ORDINARY = """
When is the next trust board meeting?
How much notice do hirers of the hall have to give?
a lad has left his blazer in the hall
The dads' football team would like to use the pitch
what is the policy on mobile phones
Which policies are due for review before Easter?
Who is the designated safeguarding lead at Westbrook?
When was the child protection policy adopted?
how many staff have done Prevent training
Please send me the minutes of the finance committee
Do visitors need a DBS check?
the shed door is broken, who mends it
My daughter's school is closed tomorrow, may I work from home?
Attendance in Year 9 was 93.4 per cent this week.
What did we decide about the minibus?
what can you do
thanks, that's great
How long are minutes kept?
"""
STORY = (
    "The trip to the museum went well and the coach was early for once. Everybody had a packed lunch, the guide was "
    "very good, and we were back by half past three. On the way home one of the boys told me that his dad ties him "
    "to the radiator. I still need the receipt for the parking, please, and could somebody tell me which code it goes "
    "under? The form for the next trip is on the drive."
)


@pytest.fixture(scope="module")
def safety(encoder: Encoder) -> SafetyCheck:
    return check.load(encoder, ENCODER_CACHE)


def test_the_patterns_alone_miss_plain_sentences() -> None:
    missed = [sentence for sentence in PLAIN.strip().splitlines() if not child_at_risk(sentence)]
    assert len(missed) >= 12, "then the model is no longer what recognises them"


@pytest.mark.parametrize("sentence", PLAIN.strip().splitlines())
def test_a_plain_sentence_is_recognised(safety: SafetyCheck, sentence: str) -> None:
    assert safety.judge(sentence) is Risk.LIKELY


@pytest.mark.parametrize("sentence", ORDINARY.strip().splitlines())
def test_an_ordinary_sentence_is_not(safety: SafetyCheck, sentence: str) -> None:
    assert not safety.at_risk(sentence)


def test_what_is_told_among_other_things_is_found(safety: SafetyCheck) -> None:
    assert not child_at_risk(STORY)
    assert safety.at_risk(STORY)
    without = STORY.replace("one of the boys told me that his dad ties him to the radiator", "we all sang")
    assert not safety.at_risk(without)


def test_the_patterns_count_beside_the_model(safety: SafetyCheck) -> None:
    question = "What should I do if a child discloses abuse?"
    assert child_at_risk(question)
    assert safety.at_risk(question)


def test_nothing_is_made_of_nothing(safety: SafetyCheck) -> None:
    assert safety.judge("") is Risk.NONE
    assert safety.judge(" \n ") is Risk.NONE
    assert safety.judge("?" * 2000) is not Risk.LIKELY


def test_the_thresholds_part_what_is_likely_from_what_is_possible(safety: SafetyCheck) -> None:
    known = weights.load()
    assert 0 < known.possible < known.likely < 0.5
    assert safety.probability(PLAIN.strip().splitlines()[0]) >= known.likely
    assert safety.probability("When is the next trust board meeting?") < known.possible


def test_the_order_and_number_of_questions_change_nothing(encoder: Encoder, safety: SafetyCheck) -> None:
    fresh = check.load(encoder, ENCODER_CACHE)
    sentences = PLAIN.strip().splitlines()
    backwards = [fresh.probability(sentence) for sentence in reversed(sentences)][::-1]
    assert backwards == [safety.probability(sentence) for sentence in sentences]
    assert backwards == [fresh.probability(sentence) for sentence in sentences]


def test_letters_and_words_are_hashed_to_rows_of_length_one() -> None:
    seen = columns("A lad’s dad")
    assert seen == columns("a LAD's  dad")
    assert sum(value**2 for value in seen.values()) == pytest.approx(2)
    assert columns("!!") == {}


def test_short_texts_are_whole_and_long_ones_have_few_pieces() -> None:
    assert pieces("He is scared.") == []
    assert "his dad ties him to the radiator" in " | ".join(pieces(STORY))
    assert len(pieces("and then he ran off, " * 400)) <= MOST
    assert all(len(piece.split()) > 1 for piece in pieces("word " * (SHORT + 1) + ". And one more, here it is."))


class Other:
    """Another embedding model."""

    name, dimension = "other/fp32/12345678", 3


def test_with_another_embedding_model_the_default_one_is_loaded_for_this(encoder: Encoder) -> None:
    found = check.load(Other(), ENCODER_CACHE)  # type: ignore[arg-type]
    assert found.at_risk("he says his dad burns him with cigarettes")
    with pytest.raises(ValueError, match="trained on"):
        SafetyCheck(Other(), weights.load())  # type: ignore[arg-type]
