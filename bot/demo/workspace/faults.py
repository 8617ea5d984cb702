"""Slack's rates, and failures on demand."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

BURST_IN_A_CHANNEL = 3


class Rates:
    """A bucket of calls for each method, and for posting one a channel, refilled at Slack's own rate.

    `scale` multiplies every rate; None lifts them all.
    """

    def __init__(self, clock: Callable[[], float], scale: float | None) -> None:
        self._clock = clock
        self._scale = scale
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}

    def wait(self, method: str, channel: str, per_minute: int) -> int:
        """Seconds until this call would be let through; 0, and counted, if it is let through now."""
        if self._scale is None:
            return 0
        rate = per_minute * self._scale / 60
        capacity = BURST_IN_A_CHANNEL * max(1.0, self._scale) if channel else max(1.0, per_minute * self._scale)
        now = self._clock()
        tokens, then = self._buckets.get((method, channel), (capacity, now))
        tokens = min(capacity, tokens + (now - then) * rate)
        allowed = tokens >= 1
        self._buckets[(method, channel)] = (tokens - 1 if allowed else tokens, now)
        return 0 if allowed else math.ceil((1 - tokens) / rate)


@dataclass(frozen=True, slots=True)
class Fault:
    """How one call is to fail: `drop` says on which side of its effect the connection breaks."""

    status: int | None = None
    error: str | None = None
    retry_after: int | None = None
    drop: Literal["before", "after"] | None = None
    seconds: float = 0.0


class Faults:
    """The failures that were asked for and have not happened yet, by method; `*` stands for every method."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Fault]] = {}

    def add(self, method: str, fault: Fault, times: int) -> None:
        """Let the next calls of this method fail so."""
        self._waiting.setdefault(method, []).extend([fault] * times)

    def take(self, method: str) -> Fault | None:
        """The failure that is due for a call of this method now, if any."""
        for key in (method, "*"):
            if self._waiting.get(key):
                return self._waiting[key].pop(0)
        return None

    def clear(self) -> None:
        """Forget the failures that have not happened."""
        self._waiting.clear()
