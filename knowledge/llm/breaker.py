"""Lets a model that fails again and again rest, so that nobody waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable

FAILURES = 3
REST_SECONDS = 60.0


class Breaker:
    """After three failures in a row nothing is let through for a minute; then one call shows whether it is well."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0

    def allows(self) -> bool:
        """Whether a call may be made now; the one that tries again after a rest holds the others back."""
        with self._lock:
            if self._failures < FAILURES:
                return True
            if self._clock() < self._until:
                return False
            self._until = self._clock() + REST_SECONDS
            return True

    def failed(self) -> None:
        """A call failed."""
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES:
                self._until = self._clock() + REST_SECONDS

    def succeeded(self) -> None:
        """A call came through."""
        with self._lock:
            self._failures = 0
