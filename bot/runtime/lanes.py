"""Lanes for work that may take long: so much of it at once, one piece a sender, the rest waits its turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock


@dataclass(slots=True)
class Lane:
    """A lane for `at_once` pieces of work, in which nobody's second piece goes before his first is done.

    `alone` is held by work that was under way when a process died: one such piece at a time, so that the next death
    tells which of them it was.
    """

    at_once: int
    alone: Lock = field(default_factory=Lock)
    _running: dict[str, str] = field(default_factory=dict)
    _waiting: dict[str, str] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def admit(self, event: str, sender: str) -> bool:
        """Whether this piece of work may begin now; if not, it waits, unless it is under way already."""
        with self._lock:
            if event in self._running:
                return False
            self._waiting[event] = sender
            return self._next(event) is not None

    def enter(self, event: str, sender: str) -> None:
        """Count work that began without asking, as what is taken up after a crash does."""
        with self._lock:
            self._waiting.pop(event, None)
            self._running[event] = sender

    def leave(self, event: str) -> list[str]:
        """This piece is done; which of those that waited begin in its place."""
        with self._lock:
            self._running.pop(event, None)
            begun = []
            while (found := self._next()) is not None:
                begun.append(found)
            return begun

    def _next(self, only: str | None = None) -> str | None:
        if len(self._running) >= self.at_once:
            return None
        senders = set(self._running.values())
        for event, sender in self._waiting.items():
            if sender not in senders and only in (None, event):
                self._running[event] = self._waiting.pop(event)
                return event
        return None
