"""Quotes of tables: a row is never shown without the names of its columns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from knowledge.answer.quoting import Scored, cite, parsed, scored, window
from knowledge.answer.retrieve import Hit, Results
from knowledge.passages import Kind, Names, Passage
from knowledge.query.question import read_question
from tests.knowledge.trust_papers import paper

HEADER = "Space | Community | Private"
ROWS = [f"{name} | £{price}.00 | £{2 * price}.00" for price, name in enumerate(("Hall", "Gym", "Field", "Pool"), 11)]
FAR = [f"Room {number} on the long corridor of the upper floor | £9.00 | £18.00" for number in range(30)]
PROSE = "A deposit of £100 is returned within ten days. It is kept where something was broken."


def _found(text: str, best: str, header: str = "") -> Scored:
    """A hit of one passage, whose best sentence holds these words."""
    cut = parsed(text)
    scores = np.array([1.0 if best in text[start:end] else 0.0 for start, end in cut.spans], np.float32)
    passage = Passage("p", "d", 0, text, ("Charges",), 1, header)
    held = np.zeros(0, np.float32)
    return Scored(Hit(passage, paper("d", "Lettings", Kind.POLICY), 1.0, 1.0, 1.0, held, None), cut, scores, scores)


def test_a_row_is_quoted_with_its_header() -> None:
    quote = cite(_found("\n".join((HEADER, *ROWS)), "Pool"), 4, 4)
    assert quote.quote.startswith(HEADER)
    assert ROWS[3] in quote.quote
    assert quote.heading == ("Charges",)


@pytest.mark.parametrize(("text", "header"), [("\n".join((HEADER, *FAR)), ""), ("\n".join(FAR), HEADER)])
def test_a_header_that_stands_far_off_is_the_last_heading(text: str, header: str) -> None:
    each = _found(text, "Room 28", header)
    last = len(each.parsed.spans) - 1
    citation = cite(each, last, last)
    assert citation.quote == FAR[29]
    assert citation.heading == ("Charges", HEADER)


def test_words_that_stand_in_a_row_themselves_need_no_header() -> None:
    text = "Train all staff | Lead: SENDCo | Time: ongoing\nBuy equipment | Lead: Head | Time: 2026"
    assert cite(_found(text, "Buy"), 1, 1).quote == text.split("\n")[1]


def test_a_paragraph_does_not_take_the_table_above_it() -> None:
    each = _found("\n".join((HEADER, *ROWS, PROSE)), "deposit")
    assert cite(each, *window(each)).quote == PROSE


def test_a_quote_is_a_stretch_of_its_passage() -> None:
    text = "\n".join((PROSE, HEADER, *ROWS, PROSE))
    for number in range(len(parsed(text).spans)):
        each = _found(text, text[slice(*parsed(text).spans[number])])
        assert cite(each, *window(each)).quote in text


def test_a_line_that_only_names_or_says_that_there_was_none_comes_after_a_sentence() -> None:
    text = "Visitors: None\nFGB 61/2021 Visitors\nVisitors sign in at the desk.\nAll visitors sign in there."
    found = replace(_found(text, "desk").hit, sentences=None)
    asked = read_question("visitors", Names(), date(2026, 11, 22))
    ranked = scored(Results(asked, (found,), np.zeros(2, np.float32), np.ones(1, np.float32)), found).scores
    assert max(ranked[0], ranked[1]) < min(ranked[2], ranked[3])
