"""The digest in processes of its own that can be killed."""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime
from pathlib import Path

from bot.runtime import db
from tests.digest.year import jobs
from tests.meetings.followup_process import PAUSE, nursery, write


def work(url: str, token: str, api: str, clock: Path) -> None:
    """Tick without end at the time that the file says; after each tick that had the clock to itself, say which time it
    began at."""
    engine = db.make_engine(url)

    def now() -> datetime:
        return datetime.fromisoformat(clock.read_text())

    posting = jobs(engine, token, api, now)
    while True:
        began = now().isoformat()
        if posting.tick() is not None:
            write(clock.with_name(f"ticked-{os.getpid()}"), began)
        time.sleep(PAUSE)


if __name__ == "__main__":
    nursery(*sys.argv[1:], work=work)
