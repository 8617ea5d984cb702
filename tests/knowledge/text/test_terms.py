"""Terms and BM25: what is stored for a passage, and how a question is matched with it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text.terms import pack_terms, terms, unpack_terms, words


def test_words_are_plain() -> None:
    assert words("The Trust’s fee is £1,500.00 on 29th March") == [
        "the", "trust", "fee", "is", "1500", "on", "29", "march",
    ]  # fmt: skip


def test_stems_meet_and_function_words_are_left_out() -> None:
    assert terms("the governors were visiting") == terms("a governor visits")
    assert terms("what is the of") == []
    assert terms("e-mail") == terms("email")


@given(st.text(max_size=400))
def test_packed_terms_hold_every_term_with_its_count(text: str) -> None:
    hashes, counts = unpack_terms(pack_terms(text))
    found = terms(text)
    assert sorted(set(found)) == hashes.tolist()
    assert [min(255, found.count(each)) for each in hashes.tolist()] == counts.tolist()
    assert hashes.dtype == np.uint32
