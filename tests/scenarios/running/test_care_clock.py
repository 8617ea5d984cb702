"""What the clock does about what is kept: a review is asked for once, and a night's purge is done once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text

from bot.config.trust import Person
from bot.standard.service import StandardService
from knowledge.passages import OPERATOR
from tests.scenarios.conftest import said
from tests.scenarios.meetings.office import LONDON, Staffroom

MORNING = datetime(2026, 11, 23, 9, 30, tzinfo=LONDON)


def test_the_owner_is_asked_once_for_a_review_in_the_working_day(staffroom: Staffroom) -> None:
    assert staffroom.bot
    assert staffroom.library
    trust = staffroom.bot.trust
    assert trust
    service = StandardService(
        staffroom.engine, staffroom.library, staffroom.library.encoder, trust, lambda: MORNING - timedelta(days=30)
    )
    dana = Person(id="dana", name="Dana Voss", roles=("administrator",))
    made = service.approve(
        dana, OPERATOR, "Who locks up?", "The site manager.", "everyone", MORNING.date(), owner="ann"
    )
    staffroom.clock.now = MORNING.replace(hour=6)
    staffroom.tick()
    assert not [each for each in staffroom.direct("ann") if "due for review" in said(each)]
    staffroom.clock.now = MORNING
    staffroom.tick()
    staffroom.tick()
    assert len([each for each in staffroom.direct("ann") if "due for review" in said(each)]) == 1
    service.retire(dana, OPERATOR, made.id)


def test_a_night_is_purged_once(staffroom: Staffroom) -> None:
    with staffroom.engine.begin() as connection:
        connection.execute(text("DELETE FROM purges"))
    staffroom.clock.now = MORNING
    for _ in range(3):
        staffroom.tick()
    staffroom.clock.now = MORNING + timedelta(days=1)
    staffroom.tick()
    with staffroom.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM purges")).scalar_one() == 2
    assert "failure" not in staffroom.log.getvalue()
