"""A small trust's digests and reminders, by a clock that may be wrong, in processes that can be killed."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from bot.config.trust import WeeklyDigest
from bot.runtime import db
from bot.slack.slack_time import SlackTime
from tests.digest.year import jobs
from tests.meetings.following import TRUST, follow_up
from tests.meetings.followup_process import PAUSE, nursery, write

DIGESTS = (
    WeeklyDigest(channel="oak-slt", day="monday", at="08:00"),
    WeeklyDigest(channel="elm-heads", day="wednesday", at="15:00"),
)
ALL = TRUST.model_copy(update={"digests": DIGESTS})


def ticking(engine: Engine, token: str, api: str, clock: Callable[[], datetime]) -> Callable[[], None]:
    """All that the clock does, as a process has it that has just started; a failure waits for the next tick."""
    by_slack = SlackTime(token, api, clock)
    # As Trustbot: nothing is begun before Slack has said the time.
    by_slack.confirm()
    digests = jobs(engine, token, api, by_slack.now, trust=ALL)
    followed = follow_up(engine, token, api, by_slack.now)

    def tick() -> None:
        if not by_slack.confirm():
            return
        for each in (followed.tick, digests.tick):
            try:
                each()
            except Exception as error:
                sys.stderr.write(f"{type(error).__name__}\n")

    return tick


def work(url: str, token: str, api: str, clock: Path) -> None:
    """Tick without end at the time that the file says, by a clock as far ahead as the other file says."""
    engine = db.make_engine(url)
    ahead = clock.with_name("ahead")

    def now() -> datetime:
        return datetime.fromisoformat(clock.read_text()) + timedelta(seconds=float(ahead.read_text()))

    tick = ticking(engine, token, api, now)
    while True:
        began = clock.read_text()
        tick()
        write(clock.with_name(f"ticked-{os.getpid()}"), began)
        time.sleep(PAUSE)


if __name__ == "__main__":
    nursery(*sys.argv[1:], work=work)
