"""How long one digest of a large trust takes, and what a longer history adds to that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bot.digest.service import DigestService
from bot.meetings.service import MeetingService
from bot.runtime import db
from knowledge.embedding.encoder import Encoder
from knowledge.passages import OPERATOR
from tests.benchmarks.report import Measured, seconds, under
from tests.digest.history import SCHOOLS, UNTIL, fill, trust

SHORT, LONG, TIMES = 10, 40, 5


def digest(folder: Path, encoder: Encoder) -> Iterator[Measured]:
    """Sixty schools: one digest after ten and after forty weeks of history."""
    taken = []
    for weeks in (SHORT, LONG):
        engine = db.make_engine(f"sqlite:///{folder / f'digest-{weeks}.sqlite'}")
        db.upgrade(engine)
        records = fill(engine, weeks)
        large = trust()
        meetings = MeetingService(engine, large, lambda: UNTIL)
        service = DigestService(engine, meetings, lambda: UNTIL, encode=encoder.encode)
        setup = service.setup("execs")
        slot = service.due(setup)
        if slot is None:
            raise ValueError("no digest is due")
        taken.append((records, median(seconds(lambda: service.make(setup, slot, OPERATOR)) for _ in range(TIMES))))  # noqa: B023
        engine.dispose()
    (few, short), (many, long) = taken
    yield under("a digest with 4 × the history, against itself", 1.25, long / short, f"{few} and {many} records")
    yield under("a digest of sixty schools", 10, long, f"{SCHOOLS} schools, {LONG} weeks", unit=" s")
