"""From when on a message may stand in Slack already: the moment that it is posted for, by the calendar or the event."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

_event: ContextVar[datetime | None] = ContextVar("slot of the event", default=None)


@contextmanager
def of_event(at: datetime) -> Iterator[None]:
    """Whatever is posted in here is posted for an event of this moment, unless it names another."""
    before = _event.set(at)
    try:
        yield
    finally:
        _event.reset(before)


def event_at() -> datetime | None:
    """The moment of the event that is being handled; None where none is."""
    return _event.get()
