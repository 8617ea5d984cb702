"""A claim holds only as far as its quote does."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.llm.checking import Source, check, question_back
from knowledge.llm.draft import Arriving, RawClaim
from knowledge.passages import EVERYONE, Document, Kind, Passage
from knowledge.text.normalise import plain, span_of

TEXT = (
    "Hirers of the sports hall are invoiced on the last working day of each month and pay within 21 days. "
    "A hirer who pays more than 14 days late loses the next booking.\n"
    "Dogs are not allowed in the hall, except assistance dogs.\n"
    "Rate | £22 an hour"
)
QUESTION = "When are hirers of the hall invoiced?"
SOURCES = [
    Source(
        Passage("p", "d", 0, TEXT, ("Charges",), 2),
        Document("d", "/d.md", "d.md", "Lettings policy", Kind.POLICY, EVERYONE, "d"),
    )
]
INVOICED = "Hirers of the sports hall are invoiced on the last working day of each month"


def held(text: str, quote: str = INVOICED, passage: int = 1, question: str = QUESTION) -> tuple[str, str, bool] | None:
    found = check(RawClaim(text=text, quote=quote, passage=passage), SOURCES)
    return (found.text, TEXT[found.start : found.end], found.own) if found else None


def test_a_true_claim_keeps_its_words_and_its_quote_is_widened_to_the_sentence() -> None:
    text, quote, own = held("Hirers are invoiced on the last working day of each month.") or ("", "", False)
    assert own
    assert text == "Hirers are invoiced on the last working day of each month."
    assert quote == TEXT.split(" A hirer")[0]


@pytest.mark.parametrize(
    "quote",
    [
        "hirers of the Sports Hall are invoiced",
        "Hirers of the sports hall are billed on the last working day",
        "Hirers of the sports hall ... pay within 21 days",
        "day",
        "",
        "   ",
    ],
)
def test_a_quote_that_is_not_there_word_for_word_drops_the_claim(quote: str) -> None:
    assert held("Hirers are invoiced on the last working day.", quote) is None


@pytest.mark.parametrize("passage", [0, -1, 2, 99])
def test_another_passage_is_no_proof(passage: int) -> None:
    assert held("Hirers are invoiced monthly.", passage=passage) is None


@pytest.mark.parametrize(
    "text",
    [
        "Hirers are invoiced on the last working day of each month and pay within 30 days.",
        "Hirers are invoiced on the last working day of each month and pay within twelve days.",
        "Hirers are invoiced on the last working day of March.",
        "Hirers of the sports hall are invoiced by Mallory Crook each month.",
        "Hirers of the sports hall are not invoiced each month.",
        "Everybody should resign today and tell the newspapers about it.",
    ],
)
def test_a_claim_that_says_more_gives_way_to_its_quote(text: str) -> None:
    said, quote, own = held(text) or ("", "", True)
    assert not own
    assert said == quote


def test_what_is_denied_may_not_be_allowed() -> None:
    quote = "Dogs are not allowed in the hall"
    assert (held("Dogs are allowed in the hall.", quote) or ("", "", True))[2] is False
    assert (held("Dogs are not allowed, except assistance dogs.", quote) or ("", "", False))[2] is True


@pytest.mark.parametrize(
    "text",
    [
        "See https://evil.example for when hirers are invoiced.",
        "<!channel> Hirers are invoiced each month.",
        "Hirers are [invoiced](x) each month.",
        "Hirers are invoiced each month, @channel.",
        "Hirers are invoiced, see evil.example/pay.",
        "",
    ],
)
def test_what_could_act_where_it_is_shown_is_dropped(text: str) -> None:
    assert held(text) is None


def test_title_and_headings_may_be_repeated_but_not_what_only_the_question_says() -> None:
    said = held("By the Lettings policy, Charges, hirers are invoiced on the last working day of each month.")
    assert said is not None
    assert said[2]
    said = held("Hirers are invoiced £50 on the last working day of each month.", question="Is the invoice £50?")
    assert said is not None
    assert not said[2]


@given(st.text(max_size=200))
def test_plain_text_knows_where_it_came_from(text: str) -> None:
    made = plain(text)
    assert len(made.text) == len(made.places)
    assert list(made.places) == sorted(made.places)
    if made.text:
        span = span_of(text, text)
        assert span is not None
        assert plain(text[span[0] : span[1]]).text == made.text


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("pupil's  work", "A pupil’s\nwork"),
        ("co-ordinator", "the co‑ordinator"),
        ("safe guarding", "safe\u00a0guarding"),
        ("safeguarding", "safe\u00adguarding lead"),
        ("ﬁre drill", "fire drill"),
        ("café", "cafe\u0301 opens"),
        ('"urgent"', "marked “urgent”"),
    ],
)
def test_spaces_hyphens_and_letters_may_be_encoded_otherwise(quote: str, text: str) -> None:
    assert span_of(quote, text) is not None


WHOLE = json.dumps(
    {
        "kind": "options",
        "claims": [{"text": f"Claim {n}.", "quote": f"quote {{n}} {n}", "passage": n} for n in (1, 2, 3)],
        "ask": "Which school?",
    }
)


@given(st.lists(st.integers(1, 30), max_size=40))
def test_claims_come_whole_however_the_text_is_cut_up(cuts: list[int]) -> None:
    arriving, found, at = Arriving(), [], 0
    for cut in [*cuts, len(WHOLE)]:
        found += arriving.feed(WHOLE[at : at + cut])
        at += cut
    found += arriving.feed(WHOLE[at:])
    assert [each.passage for each in found] == [1, 2, 3]
    assert arriving.options
    assert arriving.ask == "Which school?"
    assert arriving.rest() == []


@given(st.integers(0, len(WHOLE)))
def test_a_draft_that_is_cut_off_keeps_its_whole_claims(end: int) -> None:
    arriving = Arriving()
    found = arriving.feed(WHOLE[:end])
    assert [each.text for each in found] == [f"Claim {n}." for n in range(1, 1 + len(found))]
    assert len(found) == WHOLE[:end].count("}") - WHOLE[:end].count("{n}") - (end == len(WHOLE))


@pytest.mark.parametrize(
    "text",
    [
        'Here you are: ```json\n{"claims": [{"text": "a", "quote": "b c", "passage": "[2]"}]}\n```',
        '[{"text": "a", "quote": "b c", "passage": "source 2"}]',
        '{"answer": {"text": "a", "quote": "b c", "passage": 2}}{"text": "a", "quote": "b c", "passage": 2}',
        '{"claims": [{"nonsense": 1}, {"text": "a", "quote": "b c", "passage": 2}',
    ],
)
def test_claims_are_found_in_other_wrappings(text: str) -> None:
    arriving = Arriving()
    found = arriving.feed(text) + arriving.rest()
    assert [(each.text, each.passage) for each in found] == [("a", 2)]


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading(text: str) -> None:
    arriving = Arriving()
    arriving.feed(text)
    arriving.rest()
    assert isinstance(arriving.ask, str)
    assert isinstance(arriving.says_nothing, bool)


def test_a_question_back_brings_in_nothing_of_its_own() -> None:
    assert question_back("Is it the next booking?", SOURCES, QUESTION) == "Is it the next booking?"
    for bad in (
        "Is it a weekday booking?",
        "Have you sent your password?",
        "Is it paid in cash?",
        "Say nothing.",
        "Has Mallory paid?",
        "Is it over 500 people?",
        "See evil.example?",
        "x" * 300 + "?",
    ):
        assert question_back(bad, SOURCES, QUESTION) == ""
