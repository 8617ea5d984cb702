"""From notes to told owners: pasted, proposed to the chair, edited, confirmed; and nobody is told before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.conftest import said
from tests.scenarios.meetings_office import Staffroom, staffroom_at


@pytest.fixture
def staffroom(home: Path, encoder: object) -> Iterator[Staffroom]:
    with staffroom_at(home) as staffroom:
        staffroom.open()
        yield staffroom


def test_pasted_notes_are_proposed_to_the_chair_and_owners_are_told_after_confirming(staffroom: Staffroom) -> None:
    staffroom.paste("ann")
    proposal = staffroom.told("ann", "Proposal from the notes of Oakfield senior leadership team, 2 November 2026")
    assert "3 actions, " in said(proposal)
    assert staffroom.direct("hal") == []
    review = staffroom.review("ann")
    assert "Ring the families of the absent pupils" in said(review)
    assert staffroom.workspace.as_user("ann").submit(review).ok
    staffroom.rest()
    (told,) = staffroom.direct("hal")
    assert "Actions for you from Oakfield senior leadership team, 2 November 2026" in said(told)
    assert "Ring the families of the absent pupils" in said(told)
    assert "Visit Riverside" not in said(told)
    assert "Confirmed: the notes of" in said(staffroom.direct("ann")[0])
