"""Events that the database could not take in time, as files in the home until it can: no acknowledgement waits."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Spooled:
    """An event as it came: `payload` is JSON, `received` an ISO moment in UTC."""

    id: str
    kind: str
    payload: str
    received: str


class Spool:
    """A folder of events. Each is written whole and to the disk before `put` returns; the same event is one file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, event: Spooled) -> None:
        """Write an event; OSError where the disk does not take it."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = self._place(event.id)
        fresh = target.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(asdict(event), file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)

    def waiting(self) -> Iterator[Spooled]:
        """The events that wait, the oldest first; one that is no whole file is passed over."""
        found = []
        for path in self._folder.glob("*.json"):
            with suppress(OSError, ValueError, TypeError):
                found.append(Spooled(**json.loads(path.read_text("utf-8"))))
        yield from sorted(found, key=lambda event: event.received)

    def holds(self, event: str) -> bool:
        """Whether this event waits here."""
        return self._place(event).exists()

    def drop(self, event: str) -> None:
        """Take an event out: the database has it."""
        self._place(event).unlink(missing_ok=True)

    def _place(self, event: str) -> Path:
        return self._folder / f"{sha256(event.encode()).hexdigest()[:32]}.json"
