"""There is one bot to a process, as the durable engine is: whoever opens a scenario's place closes the one before."""

from __future__ import annotations

from typing import Any, Final, Protocol

# A busy machine is not Slack: a test waits longer than Slack does, but where Slack's own seconds are what it tests.
PATIENT: Final[dict[str, Any]] = {"rates": None, "ack_within": 30.0, "trigger_lasts": 60.0}


class Place(Protocol):
    """Where a bot may be at work."""

    def close(self) -> None:
        """Stop the bot, if it is at work here."""
        ...


_open: list[Place] = []


def close_all() -> None:
    """Close every place, before a test launches a durable engine of its own."""
    while _open:
        _open[-1].close()


def make_way(place: Place) -> None:
    """Close every other place, before a bot begins to work in this one."""
    close_all()
    _open.append(place)


def leave(place: Place) -> None:
    """Say that no bot works in this place any more."""
    if place in _open:
        _open.remove(place)
