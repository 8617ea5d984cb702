"""A process with an inbox whose jobs kill it: `python -m tests.runtime.set_aside_process FOLDER`."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.runtime import db
from bot.runtime.inbox import Care, Inbox

ONE_BY_ONE = Care(tries=2, words="It is set aside.", at_once=2)


def main(folder: Path) -> None:
    """Handle what is kept there, until all of it is done."""
    engine = db.make_engine(f"sqlite:///{folder / 'records.sqlite'}")
    db.upgrade(engine)
    inbox = Inbox(engine, f"sqlite:///{folder / 'durable.sqlite'}", lambda: datetime.now(UTC), 0.1)
    both = threading.Barrier(2)
    done: list[str] = []

    def handle(event: str, payload: dict[str, Any]) -> None:
        if payload.get("beside") and not (folder / "together").exists():
            # Both are under way when the process dies for the first time.
            both.wait(20)
            (folder / "together").touch()
        if payload.get("kills"):
            time.sleep(payload["kills"])
            os.kill(os.getpid(), signal.SIGKILL)
        if payload.get("beside") and not (folder / "killed").exists():
            (folder / "killed").touch()
            time.sleep(60)
        write(f"done {event}")

    def failed(kind: str, payload: dict[str, Any], error: Exception) -> None:
        write(f"told {payload['event']} {type(error).__name__} {error}")

    def write(line: str) -> None:
        with (folder / "said").open("a") as file:
            file.write(f"{line}\n")
        done.append(line)

    kinds = ("file", "ask")
    inbox.handle(dict.fromkeys(kinds, handle), failed, {"file": ONE_BY_ONE})
    if not (folder / "kept").exists():
        inbox.keep("Ev1", "file", {"event": "Ev1", "user": "a", "beside": True, "kills": 0.2})
        inbox.keep("Ev2", "file", {"event": "Ev2", "user": "b", "beside": True})
        inbox.keep("Ev3", "ask", {"event": "Ev3", "user": "c"})
        (folder / "kept").touch()
    inbox.launch()
    while len(done) < 1 or undone(engine):
        time.sleep(0.01)
    inbox.stop()


def undone(engine: db.Engine) -> int:
    """How many events are left."""
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM inbox WHERE done IS NULL").scalar_one())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
