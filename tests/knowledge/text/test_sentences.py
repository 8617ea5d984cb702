"""Sentences of a passage: verbatim, in order, nothing lost, and cut where a reader would cut."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text.sentences import sentence_spans


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mr. J. Smith opened. The hall was full.", ["Mr. J. Smith opened.", "The hall was full."]),
        ("Pay £1,500.00 p.a. in full. Then sign.", ["Pay £1,500.00 p.a. in full.", "Then sign."]),
        ("See No. 5. It is long.", ["See No. 5.", "It is long."]),
        ("They said no. We agreed.", ["They said no.", "We agreed."]),
        ("Bring pens, rulers etc. Parents pay.", ["Bring pens, rulers etc.", "Parents pay."]),
        ("1. Walk.\nItem | By whom\nKey | Clerk", ["1. Walk.", "Item | By whom", "Key | Clerk"]),
        ("Ends at 3.30 p.m. The gates close.", ["Ends at 3.30 p.m.", "The gates close."]),
        ("“Is it safe?” The head said yes.", ["“Is it safe?”", "The head said yes."]),
        ("", []),
        (" \n \n", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert _sentences(text) == expected


def test_a_very_long_sentence_is_cut_at_its_semicolons() -> None:
    clause = "the governors will review every part of this plan with the staff of the school and its families"
    sentences = _sentences("; ".join([clause] * 5) + ".")
    assert len(sentences) == 5
    assert all(len(each) < 320 for each in sentences)


@given(st.text(alphabet=st.sampled_from("aB1 .;!?\n()•’\u00a0") | st.characters(codec="utf-8"), max_size=800))
def test_spans_are_in_order_and_lose_only_white_space(text: str) -> None:
    spans = sentence_spans(text)
    assert all(start < end for start, end in spans)
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(spans))
    assert "".join("".join(text[s:e].split()) for s, e in spans) == "".join(text.split())
    assert all("\n" not in text[s:e] for s, e in spans)
