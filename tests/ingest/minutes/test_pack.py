"""A file that holds several meetings: one reading a meeting, nothing lost, and no meeting torn in two."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.minutes import About, KnownNames, meetings_in, propose
from ingest.readers.reading import Block, Reading

Meeting = tuple[Block, ...]


def meeting(day: str, task: str, *, body: str = "Fernhill School SLT", signed: bool = True) -> Meeting:
    """The minutes of one meeting."""
    end = (Block("The meeting closed at 5 pm."), Block("Signed as a true record:")) if signed else ()
    return (
        Block(f"{body}: minutes", "heading", 1),
        Block(f"Held on {day} at 3.45 pm"),
        Block("Present: Ada Ross (AR, chair), Ben Tait (BT). Clerk: Cara Munn."),
        Block("1. Attendance", "heading", 2),
        Block("Figures were shared."),
        Block(f"Action: BT to {task} by Friday."),
        Block("2. Date of next meeting", "heading", 2),
        Block("Monday 1 March 2027"),
        *end,
    )


def pack(*meetings: Meeting) -> Reading:
    """One file of several meetings."""
    return Reading(tuple(block for each in meetings for block in each))


FIRST, SECOND, THIRD = (
    meeting("Monday 1 February 2027", "ring the county"),
    meeting("Monday 8 February 2027", "order the shelves"),
    meeting("Monday 15 February 2027", "thank the choir", signed=False),
)


def test_each_meeting_of_a_pack_is_read_on_its_own() -> None:
    parts = meetings_in(pack(FIRST, SECOND, THIRD))
    assert [part.blocks for part in parts] == [FIRST, SECOND, THIRD]
    found = [propose(part, About(), KnownNames()) for part in parts]
    assert [each.meeting.date for each in found] == [date(2027, 2, 1), date(2027, 2, 8), date(2027, 2, 15)]
    assert [[action.task for action in each.actions] for each in found] == [
        ["Ring the county"], ["Order the shelves"], ["Thank the choir"],
    ]  # fmt: skip
    assert [each.actions[0].due.date for each in found] == [date(2027, 2, 5), date(2027, 2, 12), date(2027, 2, 19)]


@pytest.mark.parametrize(
    "title",
    [
        (Block("Fernhill SLT – Monday 8 February", "heading", 2), Block("Present: AR, BT")),
        (Block("Fernhill School"), Block("8.2.27"), Block("Attending: AR, BT")),
        (Block("Date: 8 February 2027 Time: 4 pm"), Block("Members: AR. In attendance: BT")),
        (Block("Governing body minutes 08/02/2027 Present: AR, BT"),),
    ],
)
def test_a_meeting_begins_in_many_ways(title: Meeting) -> None:
    rest = (Block("Notes", "heading", 3), Block("Action: BT to order the shelves by Friday."))
    parts = meetings_in(pack(FIRST, (*title, *rest)))
    assert [len(part.blocks) for part in parts] == [len(FIRST), len(title) + len(rest)]


def test_two_teams_that_met_on_one_day_are_two_meetings_and_a_title_said_twice_is_one() -> None:
    music, sport = (
        meeting("Monday 1 February 2027", "ring the county", body=f"{each} faculty") for each in ("Music", "PE")
    )
    assert [part.blocks for part in meetings_in(pack(music, sport))] == [music, sport]
    again = (
        Block("Music faculty: minutes", "heading", 1),
        Block("Held on 1 February 2027"),
        Block("Present: as above."),
    )
    assert len(meetings_in(pack(music, again))) == 1


def test_two_bodies_that_met_on_one_day_are_two_meetings() -> None:
    board = meeting("Monday 1 February 2027", "sign the accounts", body="Board of Trustees")
    assert [part.blocks for part in meetings_in(pack(FIRST, board))] == [FIRST, board]


@pytest.mark.parametrize(
    "blocks",
    [
        (Block("3. Minutes of the last meeting held on 25 January 2027", "heading", 2), Block("Present: all of SLT.")),
        (Block("Date of next meeting: Monday 8 February 2027"), Block("Present: bring a cake")),
        (Block("Fernhill School SLT: minutes, 1 February 2027"), Block("Present: AR, BT")),
        (Block("Leads as at 3 September 2026"), Block("Subject | Staff", "row", header=True), Block("Art | AR", "row")),
        (Block("The trip is on 9 March 2027 and every governor who can should come along to help."),),
        (Block("Attendance was 94 % in the week of 25 January 2027.", "item"), Block("Attendance", "heading", 2)),
    ],
)
def test_other_days_begin_no_meeting(blocks: Meeting) -> None:
    assert meetings_in(pack(FIRST, blocks)) == (pack(FIRST, blocks),)


def test_meetings_that_cannot_be_told_apart_are_asked_for() -> None:
    bare = (
        Block("Second meeting", "heading", 1),
        Block("Action: BT to order the shelves."),
        Block("Meeting ended 5pm"),
    )
    reading = pack(FIRST, bare)
    assert len(meetings_in(reading)) == 1
    assert any("2 meetings" in ask for ask in propose(reading, About(), KnownNames()).asks)
    assert not any("meetings" in ask for ask in propose(pack(FIRST), About(), KnownNames()).asks)


DAYS = st.dates(date(2026, 9, 1), date(2027, 7, 20))


@given(st.lists(DAYS, min_size=1, max_size=5, unique_by=lambda day: (day.month, day.day)), st.booleans())
def test_no_line_of_a_pack_is_lost_and_each_day_is_a_meeting(days: list[date], signed: bool) -> None:
    reading = pack(*(meeting(f"{day.day} {day:%B %Y}", "ring the county", signed=signed) for day in days))
    parts = meetings_in(reading)
    assert len(parts) == len(days)
    assert tuple(block for part in parts for block in part.blocks) == reading.blocks
