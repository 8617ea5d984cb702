"""What a digest of sixty schools reads grows with the week's material, not with the history behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from bot.digest.service import DigestService
from bot.meetings.service import MeetingService
from bot.runtime import db
from bot.runtime.db import Base
from knowledge.passages import OPERATOR
from tests.digest.history import SCHOOLS, UNTIL, fill, trust

HISTORY = ("returns", "meetings", "actions", "decisions", "action_changes", "action_mentions")


@dataclass
class Read:
    """What one digest reads: its queries, with their plans, and how many rows become values."""

    queries: list[str] = field(default_factory=list)
    scans: list[str] = field(default_factory=list)
    rows: int = 0


def read(engine: Engine) -> Read:
    """Make one digest and watch."""
    large = trust()
    service = DigestService(engine, MeetingService(engine, large, lambda: UNTIL), lambda: UNTIL)
    setup = service.setup("execs")
    slot = service.due(setup)
    assert slot
    found = Read()
    asked: list[tuple[str, Any]] = []

    def ask(conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        asked.append((statement, parameters))

    def load(target: Any, context: Any) -> None:
        found.rows += 1

    event.listen(engine, "before_cursor_execute", ask)
    event.listen(Base, "load", load, propagate=True)
    try:
        digest = service.make(setup, slot, OPERATOR)
    finally:
        event.remove(engine, "before_cursor_execute", ask)
        event.remove(Base, "load", load)
    assert len([line for section in digest.details for line in section.lines]) > 50
    assert digest.chart is not None
    found.queries = [statement for statement, _ in asked]
    with engine.connect() as connection:
        for statement, parameters in asked:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            found.scans += [str(row[3]) for row in plan if str(row[3]).startswith("SCAN")]
    return found


@pytest.mark.slow
def test_the_cost_is_the_weeks(tmp_path: Path) -> None:
    reads = []
    for weeks in (10, 40):
        engine = db.make_engine(f"sqlite:///{tmp_path / f'{weeks}.sqlite'}")
        db.upgrade(engine)
        fill(engine, weeks)
        with Session(engine) as session:
            assert session.execute(text("SELECT count(*) FROM returns")).scalar_one() == SCHOOLS * weeks
        reads.append(read(engine))
        engine.dispose()
    short, long = reads
    print(f"\n{len(long.queries)} queries, {long.rows} rows with 10 weeks of history and with 40")
    assert long.queries == short.queries
    assert long.rows == short.rows
    assert not [scan for scan in long.scans if any(f"SCAN {table}" in scan for table in HISTORY)], long.scans
