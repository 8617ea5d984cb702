"""A backup is put back while a pulse runs: everybody has one invitation that works, and the results stand once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.backups import back_up, restore
from tests.scenarios.conftest import said
from tests.scenarios.pulse.office import CLOSES, EVERYBODY, OPENS, Hall, hall_at


def put_back(hall: Hall) -> None:
    """The databases as they were."""
    home = hall.room.settings.home
    hall.room.rest()
    hall.room.close()
    hall.room.engine.dispose()
    restore(home)
    hall.room.open()


def invitations(hall: Hall, person: str) -> int:
    return sum("How is" in said(each) for each in hall.room.direct(person))


@pytest.mark.parametrize("day", [OPENS, "2026-11-10"])
def test_everybody_has_one_invitation_that_works(home: Path, day: str) -> None:
    with hall_at(home) as hall:
        hall.collaborate()
        assert hall.plan().ok
        hall.room.rest()
        back_up(home)
        hall.at(f"{OPENS}T08:00")
        assert [invitations(hall, person) for person in EVERYBODY] == [1] * len(EVERYBODY)
        put_back(hall)
        hall.at(f"{day}T09:00")
        hall.at(f"{day}T09:01")
        assert [invitations(hall, person) for person in EVERYBODY] == [1] * len(EVERYBODY)
        hall.answer(EVERYBODY[0])


def test_who_is_silent_is_reminded_once_and_the_results_stand_once(home: Path) -> None:
    with hall_at(home) as hall:
        hall.asked()
        for person in EVERYBODY[:8]:
            hall.answer(person)
        hall.room.rest()
        with hall.room.engine.begin() as connection:
            # The backup is of a moment at which who was written to was not recorded yet.
            connection.exec_driver_sql("DELETE FROM posts")
        back_up(home)
        silent = EVERYBODY[-1]
        hall.at("2026-11-12T09:00")
        reminded = len(hall.room.direct(silent))
        assert reminded == 2
        put_back(hall)
        hall.at("2026-11-12T10:00")
        assert len(hall.room.direct(silent)) == reminded
        hall.at(f"{CLOSES}T16:00")
        hall.room.rest()
        back_up(home)
        hall.at("2026-11-18T08:00")
        before = [(each.ts, each.files) for each in hall.channel()]
        assert len(before) > 3
        put_back(hall)
        hall.at("2026-11-18T08:05")
        hall.at("2026-11-18T08:06")
        assert [(each.ts, each.files) for each in hall.channel()] == before
