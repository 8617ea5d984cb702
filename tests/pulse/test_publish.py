"""What appears of a wave, and what does not."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from bot.pulse.model import Choice, Member, Response
from bot.pulse.results.publish import RULES, Cell, Publication, Returns, figures, publish, rounded
from tests.pulse.conftest import a_wave, drawn, roster, same

NORTH = frozenset({"hub:north"})


def _returns(members: list[Member], comments: tuple[str, ...] = ()) -> Returns:
    dice = random.Random(1)
    responses = tuple(Response(member.slices, drawn(dice)) for member in members)
    return Returns(responses, len(members), comments)


def _shown(publication: Publication) -> list[str]:
    return [cell.name for cell in publication.cells if cell.figures]


def test_whole_and_slices_appear_where_all_are_enough() -> None:
    members = roster(20)
    published = publish(a_wave(members), _returns(members))
    assert [(cell.name, cell.figures.answered if cell.figures else None) for cell in published.cells] == [
        ("whole", 20),
        ("hub:north", 10),
        ("hub:south", 10),
    ]


def test_a_slice_that_reveals_its_complement_goes_with_it_and_both_look_alike() -> None:
    """Nine of each hub were asked; of the south only four answered."""
    members = roster(18)
    answered = [member for member in members if member.slices == NORTH] + roster(8)[1::2]
    published = publish(a_wave(members), _returns(answered))
    assert published.cells[1:] == (Cell("hub:north", None), Cell("hub:south", None))
    assert published.whole is not None


def test_overlapping_slices_do_not_single_out_where_they_cross() -> None:
    """Primary and secondary, north and south: three primary schools' people of the south answered."""
    mixes = [frozenset({phase, hub}) for phase in ("phase:a", "phase:b") for hub in ("hub:n", "hub:s")]
    members = [Member(f"{number}{mix}", mix) for mix in mixes for number in range(8)]
    few = mixes[1]
    answered = [member for member in members if member.slices != few] + [m for m in members if m.slices == few][:3]
    assert _shown(publish(a_wave(members), _returns(members))) == ["whole", "hub:n", "hub:s", "phase:a", "phase:b"]
    # With the three, a cell more goes: the smallest together with it. Only what crosses neither may stay.
    shown = _shown(publish(a_wave(members), _returns(answered)))
    assert shown[0] == "whole"
    assert not {"phase:a", "hub:s"} & set(shown)


def test_what_appears_depends_on_who_was_asked_and_how_many_answered_and_never_on_what() -> None:
    members = roster(24, ("hub:north", "hub:south", "hub:west"))
    names = {
        tuple(_shown(publish(a_wave(members), Returns(tuple(same(m.slices, c) for m in members[:20]), 20))))
        for c in range(1, 6)
    }
    assert names == {("whole", "hub:north", "hub:south", "hub:west")}


@pytest.mark.parametrize(
    ("asked", "answered", "appears"), [(7, 7, False), (8, 3, False), (8, 4, True), (12, 4, False), (12, 5, True)]
)
def test_figures_need_eight_who_are_asked_and_five_who_answer_or_half_of_a_small_panel(
    asked: int, answered: int, appears: bool
) -> None:
    members = roster(asked, ("hub:north",))
    returns = Returns(tuple(same(NORTH, Choice.AGREE) for _ in range(answered)), answered, ("A line.",))
    published = publish(a_wave(members), returns, rules=replace(RULES, blur=0))
    assert bool(published.whole) is appears
    if appears:
        assert published.whole
        assert all(published.whole.statements)
    assert published.comments == ()


def test_a_statement_on_which_few_gave_a_view_is_not_shown() -> None:
    said = [*[Choice.CANNOT_SAY] * 6, *[Choice.AGREE] * 4]
    assert figures([same(frozenset(), choice, 1) for choice in said], 1).statements == (None,)
    shown = figures([same(frozenset(), choice, 1) for choice in [*said, Choice.AGREE]], 1).statements[0]
    assert shown is not None
    assert shown.percent == 100


def test_every_published_percentage_is_rounded_to_five() -> None:
    members = roster(37)
    shown = publish(a_wave(members), _returns(members))
    found = [each for cell in shown.cells if cell.figures for each in cell.figures.statements if each]
    values = {value for each in found for value in (*each.shares, each.percent, each.low, each.high)}
    assert len(found) == 30
    assert all(value % 5 == 0 and 0 <= value <= 100 for value in values)
    assert [rounded(value, 5) for value in (0, 2.4, 2.5, 7.4, 97.5)] == [0, 0, 5, 5, 100]


def test_a_statement_that_would_collide_and_an_answer_too_many_are_left_out() -> None:
    members = roster(12)
    published = publish(a_wave(members), _returns(members), withheld=[3], one_less=True)
    assert published.whole
    assert published.whole.statements[3] is None
    assert all(each for number, each in enumerate(published.whole.statements) if number != 3)
    assert published.count == 11


def test_how_many_answered_is_said_of_the_whole_and_from_ten_on() -> None:
    assert [publish(a_wave(roster(12)), _returns(roster(12)[:count])).count for count in (9, 10, 12)] == [None, 10, 12]


@pytest.mark.parametrize(("count", "appear"), [(9, False), (10, True)])
def test_comments_need_ten_answers(count: int, appear: bool) -> None:
    members = roster(12)
    shown = publish(a_wave(members), _returns(members[:count], ("More time, please.", " ")))
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
    shown = publish(a_wave(members), _returns(members, said), names, random.Random(2))
    assert "[name] does it all, ask [name]" in shown.comments
    assert "Thank you [name] and [name], or [name]" in shown.comments
    assert "We will mark less in may" in shown.comments
    assert not any("dad" in each for each in shown.comments)
    assert len(shown.comments) == 11
    assert [each for each in shown.comments if each.startswith("Line")] != list(said[4:])


def test_the_rules_are_those_that_were_promised() -> None:
    assert (RULES.threshold, RULES.comment_threshold, RULES.step) == (5, 10, 5)
    assert RULES.blur > 0
