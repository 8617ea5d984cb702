"""A model's sentence is shown in its own words only where it leaves words of its quote out, and puts none in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.llm.checking import Checked, Source, check
from knowledge.llm.draft import RawClaim
from knowledge.llm.rewording import only_shortens
from knowledge.llm.writer import how_written, line
from knowledge.passages import EVERYONE, Claim, Document, Kind, Passage

INVOICES = (
    "Hirers of the sports hall are invoiced on the last working day of each month and must pay within 21 days by bank "
    "transfer."
)
DOGS = "Dogs are not allowed in the hall, except assistance dogs."
LEAVE = "If a member of staff is ill for more than seven days, the head teacher asks for a fit note."
SPELT = "3.2 The designated safeguarding lead (DSL) keeps the records until the pupil is 25."
TOLD = "The clerk informs the chair that the report is late, and the head sends it to trustees."
SERVICE = "Staff with 26 weeks of service may ask for flexible working twice in a year."
NEVER = "Staff should never give pupils their own telephone number."
TEXT = "\n".join((INVOICES, DOGS, LEAVE, SPELT, TOLD, SERVICE, NEVER))
SOURCE = Source(
    Passage("p", "d", 0, TEXT, ("Charges",), 2),
    Document("d", "/d.md", "d.md", "Lettings policy", Kind.POLICY, EVERYONE, "d"),
)


def checked(text: str, quote: str) -> Checked | None:
    return check(RawClaim(text=text, quote=quote, passage=1), [SOURCE])


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        # A word of its own, however near.
        ("Hirers of the sports hall are invoiced on the first working day of each month.", INVOICES),
        ("Hirers of the sports hall are refunded on the last working day of each month.", INVOICES),
        ("Hirers of the sports hall must pay within 21 days in cash.", INVOICES),
        ("Hirers of the sports hall must pay in cash within 21 days.", INVOICES),
        ("Hirers of the sports hall must pay within 21 weeks.", INVOICES),
        ("Hirers of the sports hall must pay within twenty days.", INVOICES),
        ("Hirers of the sports hall must pay within 2 days.", INVOICES),
        ("Hirers of the sports hall must pay within 21 working days.", INVOICES),
        ("Hirers of the sports hall are invoiced on the last Friday of each month.", INVOICES),
        ("Hirers of the sports hall are invoiced on the last working day of each term.", INVOICES),
        ("Hirers of the sports hall are invoiced before the last working day of each month.", INVOICES),
        ("Hirers of the dining hall are invoiced on the last working day of each month.", INVOICES),
        ("Hirers of the sports hall send their password on the last working day of each month.", INVOICES),
        ("Hirers of the sports hall are invoiced monthly.", INVOICES),
        ("Hirers of the sports hall are invoiced twice each month.", INVOICES),
        ("Hirers of the sports hall may pay within 21 days.", INVOICES),
        ("Hirers of the sports hall are never invoiced.", INVOICES),
        ("Only hirers of the sports hall are invoiced.", INVOICES),
        ("All hirers of the sports hall are invoiced.", INVOICES),
        ("Staff with 26 weeks of service must ask for flexible working twice in a year.", SERVICE),
        ("Staff with 26 weeks of service may ask for flexible working once in a year.", SERVICE),
        # Other people do it.
        ("The chair informs the clerk that the report is late.", TOLD),
        ("The clerk is informed by the chair that the report is late.", TOLD),
        ("The head informs the chair that the report is late.", TOLD),
        ("The trustees send it to the head.", TOLD),
        # A denial, an exception, a condition or a limit goes missing.
        ("Dogs are allowed in the hall.", DOGS),
        ("Dogs are allowed in the hall, except assistance dogs.", DOGS),
        ("Dogs are not allowed in the hall.", DOGS),
        ("The head teacher asks for a fit note.", LEAVE),
        ("If a member of staff is ill, the head teacher asks for a fit note.", LEAVE),
        ("Staff may ask for flexible working twice in a year.", SERVICE),
        ("Staff should give pupils their own telephone number.", NEVER),
        ("The designated safeguarding lead keeps the records.", SPELT),
        # Two statements become one.
        ("Hirers of the sports hall pay within 21 days.", INVOICES),
        ("The clerk informs the trustees.", TOLD),
        ("The report is late.", TOLD),
        # Words of two places beside each other.
        ("Hirers of the sports hall keep the records.", INVOICES),
        ("Dogs must pay within 21 days.", DOGS),
    ],
)
def test_what_is_not_a_shortening_gives_way_to_the_quote(text: str, quote: str) -> None:
    found = checked(text, quote)
    assert found is not None
    assert not found.own
    assert found.text in TEXT


@pytest.mark.parametrize(
    "address",
    [
        "Pay at evil.ly/form.", "Pay at evil.zip.", "Write to head@evil.ly.", "See evil.co.uk/pay.", "Pay at 10.1.2.3.",
        "Pay at evil dot ly.", "Write to head at evil dot ly.", "Write to head (at) evil.", "Pay at evil．ly.",
        "Pay at ev\u200bil.ly.", "Pay at hxxps:evil.", "Pay at EVIL.LY.",
    ],
)  # fmt: skip
def test_nothing_like_an_address_is_shown(address: str) -> None:
    assert checked(f"{INVOICES} {address}", INVOICES) is None


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        (INVOICES, INVOICES),
        ("Hirers are invoiced on the last working day of each month.", INVOICES),
        ("Hirers of the sports hall are invoiced on the last working day.", INVOICES),
        ("Dogs are not allowed, except assistance dogs.", DOGS),
        ("If staff is ill for more than seven days, the head teacher asks for a fit note.", LEAVE),
        ("The DSL keeps the records until the pupil is 25.", SPELT),
        ("The designated safeguarding lead keeps the records until the pupil is 25.", SPELT),
        ("The clerk informs the chair that the report is late.", TOLD),
        ("Lettings policy, Charges: Dogs are not allowed in the hall, except assistance dogs.", DOGS),
    ],
)
def test_a_shortening_keeps_its_words(text: str, quote: str) -> None:
    found = checked(text, quote)
    assert found is not None
    assert found.own
    assert found.text == text


SPOKEN = (
    "hirers",
    "staff",
    "pay",
    "the",
    "hall",
    "not",
    "must",
    "within",
    "21",
    "if",
    "and",
    ",",
    ";",
    "unless",
    "last",
)
WORDS = st.sampled_from(SPOKEN)


@given(st.lists(WORDS, min_size=1, max_size=14), st.data())
def test_whatever_is_left_out_no_word_comes_in_and_no_denial_goes(source: list[str], data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.sampled_from(source), min_size=1, max_size=len(source)))
    if only_shortens(" ".join(kept), [" ".join(source)], ""):
        said = [word for word in kept if word.isalnum() and word != "the"]
        places, at = [], 0
        for word in said:
            at = source.index(word, at) + 1
            places.append(at)
        assert places == sorted(set(places))
        for limit in ("not", "if", "unless"):
            assert kept.count(limit) == source.count(limit)


def test_the_line_says_what_was_done() -> None:
    quoted, reworded = Claim("Dogs stay out.", 0, reworded=False), Claim("Hirers pay.", 1)
    assert line(quoted) == "“Dogs stay out.” [1]"
    assert line(reworded) == "Hirers pay. [2]"
    assert how_written([quoted], "m") == "The language model m chose these sentences. Each is quoted word for word."
    assert "quotation marks are quoted" in how_written([quoted, reworded], "m")
    assert "quotation marks" not in how_written([reworded], "m")
