"""What appears of a wave, and what does not."""

from __future__ import annotations

import dataclasses
import random

import pytest

from bot.pulse.model import Choice, Member, Response
from bot.pulse.publish import RULES, Cell, Returns, choose, figures, publish, rounded
from tests.pulse.conftest import a_wave, drawn, roster, same


def _returns(members: list[Member], comments: tuple[str, ...] = ()) -> Returns:
    dice = random.Random(1)
    responses = tuple(Response(member.slices, drawn(dice)) for member in members)
    return Returns(responses, frozenset(member.person for member in members), comments=comments)


def test_whole_and_slices_appear_where_all_are_enough() -> None:
    members = roster(20)
    shown, groups = publish(a_wave(members), _returns(members), ())
    assert [(cell.name, cell.figures.answered if cell.figures else None) for cell in shown.cells] == [
        ("whole", 20),
        ("hub:north", 10),
        ("hub:south", 10),
    ]
    assert {name: len(group) for name, group in groups.items()} == {"whole": 20, "hub:north": 10, "hub:south": 10}


def test_a_slice_that_reveals_its_complement_goes_with_it_and_both_look_alike() -> None:
    members = [*roster(18, ("hub:north",)), *(Member(f"s{number}", frozenset({"hub:south"})) for number in range(4))]
    shown, _ = publish(a_wave(members), _returns(members), ())
    assert shown.cells[1:] == (Cell("hub:north", None), Cell("hub:south", None))
    assert shown.whole is not None


def test_overlapping_slices_do_not_single_out_where_they_cross() -> None:
    everybody = frozenset(range(20))
    phase, hub = frozenset(range(12)), frozenset(range(9, 20))
    groups = {"whole": everybody, "phase:a": phase, "hub:n": hub}
    assert choose({name: frozenset(map(str, group)) for name, group in groups.items()}, ()) == ("whole", "phase:a")


def test_what_appears_depends_on_who_answered_and_never_on_what() -> None:
    members = roster(23, ("hub:north", "hub:south", "hub:west"))
    everyone = frozenset(member.person for member in members)
    names = {
        tuple(publish(a_wave(members), Returns(tuple(same(m.slices, c) for m in members), everyone), ())[1])
        for c in range(1, 6)
    }
    assert len(names) == 1


def test_too_few_answers_leave_nothing() -> None:
    members = roster(12)
    shown, groups = publish(a_wave(members), _returns(members[:4], ("A line.",)), ())
    assert all(cell.figures is None for cell in shown.cells)
    assert (shown.comments, groups) == ((), {})


def test_a_statement_on_which_few_gave_a_view_is_not_shown() -> None:
    said = [*[Choice.CANNOT_SAY] * 6, *[Choice.AGREE] * 4]
    assert figures([same(frozenset(), choice, 1) for choice in said], 1).statements == (None,)
    shown = figures([same(frozenset(), choice, 1) for choice in [*said, Choice.AGREE]], 1).statements[0]
    assert shown is not None
    assert shown.percent == 100


def test_every_published_percentage_is_rounded_to_five() -> None:
    members = roster(37)
    shown, _ = publish(a_wave(members), _returns(members), ())
    found = [each for cell in shown.cells if cell.figures for each in cell.figures.statements if each]
    values = {value for each in found for value in (*each.shares, each.percent, each.low, each.high)}
    assert len(found) == 30
    assert all(value % 5 == 0 and 0 <= value <= 100 for value in values)
    assert [rounded(value, 5) for value in (0, 2.4, 2.5, 7.4, 97.5)] == [0, 0, 5, 5, 100]


def test_answers_of_which_it_is_not_known_whose_they_are_are_withheld() -> None:
    members = roster(12)
    came = _returns(members[:10])
    lost = dataclasses.replace(came, answered=frozenset(list(came.answered)[:8]), unsettled=came.answered)
    assert publish(a_wave(members), lost, ())[0].whole is not None
    unclear = dataclasses.replace(lost, responses=came.responses[:9])
    assert publish(a_wave(members), unclear, ())[0].whole is None


@pytest.mark.parametrize(("count", "appear"), [(9, False), (10, True)])
def test_comments_need_ten_answers(count: int, appear: bool) -> None:
    members = roster(12)
    shown, _ = publish(a_wave(members), _returns(members[:count], ("More time, please.", " ")), ())
    assert shown.comments == (("More time, please.",) if appear else ())


def test_comments_are_masked_and_shuffled_and_a_disclosure_is_never_among_them() -> None:
    members = roster(20)
    said = (
        "Priya Raman-Cole does it all, ask PRIYA",
        "Thank you Mrs Okafor and <@U123ABC>, or k.d@elm.sch.uk",
        "We will mark less in may",
        "A pupil told me her dad hits her",
        *(f"Line {number}" for number in range(8)),
    )
    names = ("Priya Raman-Cole", "Mark May", "Will Hope")
    shown, _ = publish(a_wave(members), _returns(members, said), (), names, random.Random(2))
    assert "[name] does it all, ask [name]" in shown.comments
    assert "Thank you [name] and [name], or [name]" in shown.comments
    assert "We will mark less in may" in shown.comments
    assert not any("dad" in each for each in shown.comments)
    assert len(shown.comments) == 11
    assert [each for each in shown.comments if each.startswith("Line")] != list(said[4:])


def test_the_rules_are_those_that_were_promised() -> None:
    assert (RULES.threshold, RULES.comment_threshold, RULES.step) == (5, 10, 5)
    assert RULES.blur > 0
