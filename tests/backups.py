"""A backup of a home's databases, taken while the bot is at work and put back while it is not."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

PREFIX = "backup-"


def back_up(home: Path) -> None:
    """Copy the databases as they stand."""
    for path in _databases(home):
        with closing(sqlite3.connect(path)) as live, closing(sqlite3.connect(home / f"{PREFIX}{path.name}")) as copy:
            live.backup(copy)


def restore(home: Path) -> None:
    """Put the copies back; they stay there."""
    for path in _databases(home):
        for beside in ("-wal", "-shm"):
            path.with_name(f"{path.name}{beside}").unlink(missing_ok=True)
        path.write_bytes((home / f"{PREFIX}{path.name}").read_bytes())


def _databases(home: Path) -> list[Path]:
    return sorted(each for each in home.glob("*.sqlite") if not each.name.startswith(PREFIX))
