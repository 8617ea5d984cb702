"""Collaborations, rosters and the days on which a pulse may run."""

from __future__ import annotations

from datetime import date

import pytest

from bot.errors import Refusal
from bot.pulse import model
from bot.pulse.model import PLACEHOLDER, STATEMENTS, Member, Test, fits, frozen, half_termly, opened, promise, wave
from knowledge.school.calendar import Days, SchoolCalendar, SchoolTerm
from tests.pulse.conftest import COLLABORATION, roster

CALENDAR = SchoolCalendar.of(
    [
        SchoolTerm("Autumn", date(2026, 9, 2), date(2026, 12, 18), Days(date(2026, 10, 26), date(2026, 10, 30))),
        SchoolTerm("Spring", date(2027, 1, 4), date(2027, 3, 25), Days(date(2027, 2, 15), date(2027, 2, 19))),
    ],
    [date(2026, 11, 2)],
)


def test_there_are_two_statements_a_test_and_each_names_the_collaboration() -> None:
    assert [sum(each.test is test for each in STATEMENTS) for test in Test] == [2] * 5
    assert all(PLACEHOLDER in each.wording for each in STATEMENTS)
    assert all("Reading" in each.about("Reading") and "{" not in each.about("Reading") for each in STATEMENTS)
    assert set(model.CHECKLIST) == set(Test)


def test_the_promise_says_what_is_recorded_and_who_runs_the_database() -> None:
    said = promise("Oakfield's IT team")
    assert "We record that you replied" in said
    assert "or whether you answered" in said
    assert "groups of eight or more" in said
    assert "one answer in ten is replaced by chance" in said
    assert "deleted when they have been counted" in said
    assert "Oakfield's IT team" in said


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"outcome": " "}, "an outcome for pupils"),
        ({"end": None}, "an end date"),
        ({"schools": ()}, "a school"),
        ({"end": date(2026, 9, 1)}, "later end date"),
    ],
)
def test_no_collaboration_opens_unfinished(change: dict[str, object], missing: str) -> None:
    given: dict[str, object] = {
        "id": "r",
        "name": "Reading",
        "schools": ("oak", "elm"),
        "outcome": "More read well",
        "lead": "kd",
        "start": date(2026, 9, 1),
        "end": date(2027, 7, 1),
    }
    assert opened(**given).schools == ("oak", "elm")  # type: ignore[arg-type]
    with pytest.raises(Refusal, match=missing):
        opened(**(given | change))  # type: ignore[arg-type]


def test_a_wave_is_open_for_seven_school_days() -> None:
    made = wave("w1", COLLABORATION, roster(8), date(2026, 11, 9), CALENDAR)
    assert made.closes == date(2026, 11, 17)
    assert made.is_open(date(2026, 11, 9))
    assert made.is_open(date(2026, 11, 17))
    assert not made.is_open(date(2026, 11, 18))


@pytest.mark.parametrize(
    ("day", "allowed"),
    [
        (date(2026, 9, 4), False),  # the first week of term
        (date(2026, 9, 7), True),
        (date(2026, 9, 12), False),  # a Saturday
        (date(2026, 10, 15), True),
        (date(2026, 10, 16), False),  # it would run into half term
        (date(2026, 11, 2), False),  # an INSET day
        (date(2026, 12, 3), True),
        (date(2026, 12, 4), False),  # it would run into the last week of term
        (date(2026, 12, 28), False),
    ],
)
def test_a_wave_keeps_clear_of_the_ends_of_term(day: date, allowed: bool) -> None:
    assert fits(CALENDAR, day) is allowed


def test_a_recurring_pulse_opens_once_in_each_half_of_term() -> None:
    assert half_termly(CALENDAR, date(2026, 9, 1), date(2027, 3, 1)) == (
        date(2026, 9, 7),
        date(2026, 11, 3),
        date(2027, 1, 11),
        date(2027, 2, 22),
    )


def test_a_wave_that_could_not_be_published_is_refused() -> None:
    with pytest.raises(Refusal, match="at least eight"):
        wave("w1", COLLABORATION, roster(7), date(2026, 11, 9), CALENDAR)
    with pytest.raises(Refusal, match="at least eight"):
        wave("w1", COLLABORATION, roster(4), date(2026, 11, 9), CALENDAR, panel=8)
    assert wave("w1", COLLABORATION, roster(5), date(2026, 11, 9), CALENDAR, panel=8)
    with pytest.raises(Refusal, match="at most two"):
        wave("w1", COLLABORATION, roster(8), date(2026, 11, 9), CALENDAR, ["a", "b", "c"])
    with pytest.raises(Refusal, match="between the start and the end"):
        wave("w1", COLLABORATION, roster(8), date(2026, 8, 9), CALENDAR)
    made = wave("w1", COLLABORATION, roster(8), date(2026, 11, 9), CALENDAR, ["Ours.", " "])
    assert [each.wording for each in made.statements[10:]] == ["Ours."]


def test_nobody_is_marked_out_by_a_mix_of_slices_that_few_share() -> None:
    north, south = frozenset({"phase:primary", "hub:north"}), frozenset({"phase:primary", "hub:south"})
    many = [Member(f"n{number}", north) for number in range(9)]
    more = [Member(f"m{number}", frozenset({"phase:secondary"})) for number in range(8)]
    few = [Member(f"s{number}", south) for number in range(4)]
    enough = [Member(f"e{number}", south) for number in range(8)]
    kept = {member.person: member.slices for member in frozen([*enough, *many, *many])}
    assert len(kept) == 17
    assert (kept["n0"], kept["e0"]) == (north, south)
    # The four would be everybody less the others: the smallest cell is left to itself with them.
    kept = {member.person: member.slices for member in frozen([*few, *many, *more])}
    assert kept["n0"] == north
    assert kept["s0"] == kept["m0"] == frozenset()
