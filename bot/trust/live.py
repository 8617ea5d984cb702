"""The trust as it is now, for a process that goes on: the version in force is looked up before it is gone by."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, local
from typing import TypeVar

from sqlalchemy import Connection, Engine

from bot.config.trust import CurrentTrust, Trust
from bot.errors import Refusal
from bot.trust.file import InForce, in_force
from bot.trust.versions import newest

TRIES = 5
HELD_SECONDS = 5.0
UNSETTLED = "The trust file is being changed at the moment. Try again in a minute."
T = TypeVar("T")


class Superseded(Exception):
    """Another version of the trust file came into force meanwhile."""


@dataclass(slots=True)
class _Held:
    """What a thread goes by, until when in the clock's seconds; None: to the end."""

    in_force: InForce
    until: float | None


class LiveTrust:
    """The trust by the version in force in the database, which is asked for its number at each look.

    `path` is this machine's copy of the trust file: the library's paths go on from its folder.
    """

    def __init__(self, engine: Engine, path: Path, first: InForce, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._clock = clock
        self._path = path
        self._known = first
        self._lock = Lock()
        self._own = local()

    @property
    def present(self) -> Trust:
        """The trust as it is now, or as this thread's `steady` holds it."""
        return self.in_force.trust

    @property
    def in_force(self) -> InForce:
        """The same with its version. A Refusal where this version of Trustbot cannot read what is in force."""
        held: _Held | None = getattr(self._own, "held", None)
        if held is None:
            return self._look()
        if held.until is not None and self._clock() >= held.until:
            held.in_force, held.until = self._look(), self._clock() + HELD_SECONDS
        return held.in_force

    @property
    def latest(self) -> Trust:
        """The trust as this process knew it last, without a look: for what decides nothing about access."""
        return self._known.trust

    @contextmanager
    def steady(self, *, fading: bool = False) -> Iterator[None]:
        """Look once: within, this thread goes by the version that is in force now. With `fading` it looks again after
        some seconds: for what may take minutes, and stores or sends something at the end."""
        before: _Held | None = getattr(self._own, "held", None)
        self._own.held = _Held(self._look(), self._clock() + HELD_SECONDS if fading else None)
        try:
            yield
        finally:
            self._own.held = before

    def check(self, connection: Connection) -> None:
        """Superseded where this thread goes by another version than this connection sees in force."""
        version = newest(connection)
        if version is None or version.digest != (own := self.in_force.version).digest or version.number != own.number:
            raise Superseded

    def superseded(self) -> bool:
        """Whether this thread goes by a version that is not in force any more."""
        with self._engine.connect() as connection:
            try:
                self.check(connection)
            except Superseded:
                return True
        return False

    def _look(self) -> InForce:
        with self._engine.connect() as connection:
            version = newest(connection)
        known = self._known
        if version is None or version == known.version:
            return known
        with self._lock:
            if self._known.version != version:
                self._known = in_force(self._engine, self._path)
            return self._known


def steady(trust: CurrentTrust | None, *, fading: bool = False) -> AbstractContextManager[None]:
    """Within, this thread goes by the trust as it is now; with `fading`, for some seconds at a time."""
    return trust.steady(fading=fading) if isinstance(trust, LiveTrust) else nullcontext()


def settled(trust: CurrentTrust | None, make: Callable[[], T]) -> T:
    """What `make` makes by the trust as it still is when that is done: made again where another version came into
    force meanwhile. A Refusal where that happens time and again."""
    if not isinstance(trust, LiveTrust):
        return make()
    for _ in range(TRIES):
        with trust.steady():
            made = make()
            if not trust.superseded():
                return made
    raise Refusal(UNSETTLED)
