"""The day of a meeting is its own, never that of an action, a payment or another meeting; what is unclear is asked."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.minutes import propose
from ingest.minutes.layout.pack import meetings_in
from ingest.minutes.model import About, KnownNames, Proposal
from ingest.readers.read import read_bytes
from ingest.readers.reading import Reading

ACTIONS = "| Action | Owner | Due date |\n|---|---|---|\n| Buy desks | HB | 27/11/2026 |\n"
PAYMENTS = "| Date | Payee | Amount |\n|---|---|---|\n| 27/11/2026 | Desks Limited | £300 |\n"


def reading(text: str) -> Reading:
    return read_bytes(text.encode(), ".md")


def proposal(text: str) -> Proposal:
    return propose(reading(text), About(), KnownNames())


@pytest.mark.parametrize(
    "text",
    [
        f"SLT, Monday 9 November 2026\n\n{ACTIONS}",
        f"SLT, Monday 9 November 2026\n\n{PAYMENTS}",
        "SLT meeting, Monday 9 November 2026\n\nChristmas dates to parents 27.11.26\n",
        "SLT meeting, Monday 9 November 2026\n\nThe fire drill was held on 3 October 2026.\n",
        "Minutes of the SLT, 9 November 2026\n\n1. The minutes of the meeting held on 2 November 2026 were ratified.\n",
        f"| Date | Time | Venue |\n|---|---|---|\n| 9 November 2026 | 4pm | Hall |\n\n{ACTIONS}",
        f"Leadership team\n\nDate: Monday 9 November 2026\n\n{ACTIONS}",
        f"Leadership team\n\nDate of meeting | 09/11/2026\n\n{PAYMENTS}",
        f"Minutes of the governing body held at the school on Monday 9 November 2026\n\n{ACTIONS}",
    ],
)
def test_the_day_is_the_meetings_own(text: str) -> None:
    assert proposal(text).meeting.date == date(2026, 11, 9)


@pytest.mark.parametrize(
    "text", [f"SLT\n\n{ACTIONS}", f"SLT\n\n{PAYMENTS}", "SLT\n\nThe drill was held on 3/10/2026.\n"]
)
def test_where_only_other_days_stand_there_the_day_is_asked(text: str) -> None:
    found = proposal(text)
    assert found.meeting.date is None
    assert "On which day was this meeting?" in found.asks


def test_a_date_and_a_title_that_disagree_are_asked() -> None:
    assert proposal("SLT meeting, 9 November 2026\n\nDate: 16 November 2026\n").meeting.date is None


def test_an_actions_row_with_a_day_does_not_begin_another_meeting() -> None:
    text = (
        "# FGB meeting, 3 December 2026\n\nPresent: Ann Lee, Bob Ray\n\n"
        "| Item | Action | Who | When |\n|---|---|---|---|\n"
        "| 5 | Budget to be on the FGB agenda for 14 January 2027 | Clerk | asap |\n\nIn attendance: Joy Moss\n"
    )
    assert len(meetings_in(reading(text))) == 1
    assert not any("hold 2 meetings" in ask for ask in proposal(text).asks)


def test_a_row_of_labels_still_begins_a_meeting() -> None:
    present = "Present: Ann Lee, Bob Ray\n\nAnn to ring parents.\n\nThe meeting closed.\n\n"
    one = "# {0}\n\n| Date | {1} |\n|---|---|\n\n" + present
    text = one.format("Board meeting", "3 December 2026") + one.format("Board meeting", "14 January 2027")
    assert len(meetings_in(reading(text))) == 2


@pytest.mark.parametrize(
    ("task", "certain"),
    [
        ("Book the hall for the open evening on 3 December", False),
        ("Order cakes for Friday", False),
        ("Tell families of the concert on 3 December", False),
        ("Send letters on 3 December", True),
        ("Book the hall for the open evening by 3 December", True),
        ("Ring parents by Friday", True),
    ],
)
def test_a_day_that_may_be_of_what_the_task_is_for_is_asked(task: str, certain: bool) -> None:
    text = f"# SLT, 9 November 2026\n\nPresent: Ann Lee, Bob Ray\n\n## Actions\n\n- Ann Lee: {task}\n"
    (action,) = proposal(text).actions
    assert action.due.date in (date(2026, 12, 3), date(2026, 11, 13))
    assert action.due.certain == certain
    assert bool(action.due.ask) != certain
