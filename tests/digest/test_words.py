"""Lines bound to their sources: a school's own words by verbatim span, or a summary that passed its check."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.digest.content.bound import Sentence, faults
from bot.digest.content.words import Point, lines, span
from bot.digest.model import Source
from knowledge.passages import EVERYONE

OAK = Source("r:1", "return after Oakfield SLT, 9 November 2026",
             "Persistent absence has risen to 11 % and most of it falls on Fridays.", EVERYONE, "oakfield")  # fmt: skip
ELM = Source("r:2", "return after Riverside SLT, 10 November 2026",
             "Absence on Fridays has not fallen in Years 5 and 6.", EVERYONE, "riverside")  # fmt: skip
NAMES = ("Oakfield", "Riverside", "Hazel Lane")


def check(text: str, *refs: str) -> list[str]:
    return faults(Sentence(text, refs or ("r:1",)), [OAK, ELM], NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "At Oakfield persistent absence has risen to 11 %, most of it on Fridays.",
        "Persistent absence has risen at Oakfield.",
        "Most of the persistent absence at Oakfield falls on Fridays.",
    ],
)
def test_what_its_source_says_may_stand(text: str) -> None:
    assert check(text) == []


def test_two_sources_may_be_said_together() -> None:
    text = "Absence on Fridays has risen at Oakfield and not fallen at Riverside in Years 5 and 6."
    assert check(text, "r:1", "r:2") == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("At Oakfield persistent absence has risen to 12 %.", "figures"),
        ("At Oakfield persistent absence has risen by eleven.", ""),
        ("At Riverside persistent absence has risen to 11 %.", "names"),
        ("Hazel Lane says that persistent absence has risen.", "names"),
        ("Danville reports persistent absence on Fridays.", "names"),
        ("Persistent absence has not risen at Oakfield.", "denies"),
        ("All persistent absence at Oakfield falls on Fridays.", "quantities"),
        ("Persistent absence has risen. It falls on Fridays.", "one sentence"),
        ("The headteacher resigned and governors are furious about parking.", "most of its words"),
        ("Persistent absence at Oakfield has doubled to three times the level.", "figures"),
    ],
)
def test_what_its_source_does_not_say_may_not(text: str, why: str) -> None:
    found = check(text)
    if why:
        assert any(why in each for each in found), found
    else:
        assert found == []


def test_a_denial_that_is_left_out_is_seen() -> None:
    assert "it leaves out that the sources deny" in check("Absence on Fridays has fallen at Riverside.", "r:2")


def test_no_source_or_an_unknown_one() -> None:
    assert faults(Sentence("Absence has risen.", ()), [OAK])
    assert check("Absence has risen.", "r:9")


def test_what_fails_falls_back_to_the_schools_own_words() -> None:
    points = [Point("Attendance, Oakfield", OAK), Point("Attendance, Riverside", ELM)]

    def summarise(given: Sequence[Point]) -> list[Sentence]:
        return [
            Sentence("Persistent absence has risen to 11 % at Oakfield.", ("r:1",)),
            Sentence("Absence at Riverside has fallen to 2 %.", ("r:2",)),
        ]

    kept = lines(points, summarise, NAMES)
    assert [each.text for each in kept] == [
        "Attendance, Oakfield: Persistent absence has risen to 11 % at Oakfield.",
        f"Attendance, Riverside: “{ELM.text}”",
    ]
    assert [each.sources for each in kept] == [(OAK,), (ELM,)]


@settings(deadline=None, max_examples=200)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=400), st.integers(20, 200))
def test_a_span_is_verbatim(text: str, limit: int) -> None:
    whole = " ".join(text.split())
    found = span(text, limit)
    assert len(found) <= max(limit, 1)
    assert whole.startswith(found.removesuffix("…")) or found == whole
