"""Whom a collaboration asks: a panel that changes by five or more, or not at all."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

import pytest

from bot.pulse.model import Member
from bot.pulse.panel import Panel, school_year, seated
from bot.pulse.results import differencing

AUTUMN, SPRING, NEXT = date(2026, 11, 9), date(2027, 1, 11), date(2027, 9, 13)
NORTH, SOUTH = frozenset({"hub:north"}), frozenset({"hub:south"})


def people(*numbers: int, mix: frozenset[str] = NORTH) -> list[Member]:
    return [Member(f"p{number:02}", mix) for number in numbers]


def mixes(panel: Panel) -> Counter[frozenset[str]]:
    return Counter(member.slices for member in panel.members)


def names(panel: Panel) -> list[str]:
    return [member.person for member in panel.members]


def test_a_panel_stays_as_it_is_within_a_school_year_until_five_have_joined() -> None:
    first = seated([], people(*range(12)), AUTUMN)
    assert names(seated([first], people(*range(11)), SPRING)) == names(first), "whoever leaves stays in it"
    assert names(seated([first], people(*range(16)), SPRING)) == names(first)
    assert len(names(seated([first], people(*range(3, 17)), SPRING))) == 17


def test_a_small_panel_is_drawn_anew_in_a_new_year_where_five_or_more_change() -> None:
    first = seated([], people(*range(12), mix=frozenset()), AUTUMN)
    assert names(seated([first], people(*range(2, 14)), NEXT)) == names(first), "four would change"
    assert seated([first], people(*range(2, 14)), NEXT).year == 2027
    second = seated([first], people(*range(3, 15)), NEXT)
    assert names(second) == [f"p{number:02}" for number in range(3, 15)]
    # Of three panels as well: this one would differ from the first by two.
    third = seated([first, second], people(*range(1, 12), 12), date(2028, 9, 12))
    assert names(third) == names(second)


def test_a_panel_with_slices_only_grows() -> None:
    first = seated([], [*people(*range(12)), *people(*range(20, 32), mix=SOUTH)], AUTUMN)
    wanted = [*people(*range(3, 12)), *people(*range(22, 32), mix=SOUTH), *people(40, 41)]
    assert names(seated([first], wanted, NEXT)) == names(first)


def test_who_joins_counts_towards_a_slice_only_with_four_others_and_where_it_is_one() -> None:
    first = seated([], [*people(*range(9)), *people(*range(20, 29), mix=SOUTH)], AUTUMN)
    wanted = [*first.members, *people(*range(10, 15)), *people(*range(30, 35), mix=SOUTH)]
    assert mixes(seated([first], wanted, SPRING)) == {NORTH: 14, SOUTH: 14}
    wanted = [*first.members, *people(*range(10, 15)), *people(30, mix=SOUTH)]
    assert mixes(seated([first], wanted, SPRING)) == {NORTH: 9, SOUTH: 9, frozenset(): 6}
    west = [*first.members, *people(*range(40, 46), mix=frozenset({"hub:west"}))]
    assert mixes(seated([first], west, SPRING)) == {NORTH: 9, SOUTH: 9, frozenset(): 6}


def test_school_years_begin_in_september() -> None:
    assert [school_year(day) for day in (AUTUMN, SPRING, date(2027, 7, 20), NEXT)] == [2026, 2026, 2026, 2027]


def test_a_large_panel_of_many_years_is_found_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, not timed: how often the exact check works out a basis, over ten years of a panel of 60 whose people
    come and go."""
    dice, bases = random.Random(3), Counter[str]()
    basis = differencing._basis
    monkeypatch.setattr(differencing, "_basis", lambda *given: bases.update(["basis"]) or basis(*given))
    panels: list[Panel] = []
    there = list(range(60))
    for year in range(2026, 2036):
        for month in (9, 11, 1, 2, 4, 6):
            day = date(year + (month < 9), month, 14)
            panel = seated(panels, people(*there, mix=frozenset()), day)
            if not panels or panel.members != panels[-1].members:
                panels.append(panel)
            there = [number if dice.random() > 0.04 else max(there) + place for place, number in enumerate(there, 1)]
    assert len(panels) > 10
    assert bases["basis"] < 2_000
