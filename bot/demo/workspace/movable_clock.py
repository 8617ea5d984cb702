"""A clock that can be moved on: real time, and as much more as was asked for."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, tzinfo


class MovableClock:
    """Seconds since 1970 as the workspace counts them; it goes on by itself and only ever forwards."""

    def __init__(self, start: float | None = None, real: Callable[[], float] = time.time) -> None:
        self._real = real
        self._ahead = 0.0 if start is None else start - real()

    def __call__(self) -> float:
        """The time of this clock, in seconds since 1970."""
        return self._real() + self._ahead

    def now(self, zone: tzinfo) -> datetime:
        """The time of this clock in a zone."""
        return datetime.fromtimestamp(self(), zone)

    def move_to(self, when: datetime) -> None:
        """Go on from this moment; ValueError where it is past, because what was said cannot be unsaid."""
        ahead = when.timestamp() - self()
        if ahead < 0:
            raise ValueError("the clock only goes forwards")
        self._ahead += ahead
