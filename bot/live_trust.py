"""The trust as it is now, for a process that goes on: the version in force is looked up before it is gone by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import Lock, local
from typing import ParamSpec, TypeVar

from sqlalchemy import Connection, Engine

from bot.errors import Refusal
from bot.trust import CurrentTrust, Trust
from bot.trust_file import InForce, in_force
from bot.trust_versions import newest

TRIES = 5
UNSETTLED = "The trust file is being changed at the moment. Try again in a minute."
P = ParamSpec("P")
T = TypeVar("T")


class Superseded(Exception):
    """Another version of the trust file came into force meanwhile."""


class LiveTrust:
    """The trust by the version in force in the database, which is asked for its number at each look.

    `path` is this machine's copy of the trust file: the library's paths go on from its folder.
    """

    def __init__(self, engine: Engine, path: Path, first: InForce) -> None:
        self._engine = engine
        self._path = path
        self._known = first
        self._lock = Lock()
        self._own = local()

    @property
    def present(self) -> Trust:
        """The trust as it is now, or as it was when this thread's `steady` began."""
        return self.in_force.trust

    @property
    def in_force(self) -> InForce:
        """The same with its version. A Refusal where this version of Trustbot cannot read what is in force."""
        held: InForce | None = getattr(self._own, "held", None)
        return held or self._look()

    @property
    def latest(self) -> Trust:
        """The trust as this process knew it last, without a look: for what decides nothing about access."""
        return self._known.trust

    @contextmanager
    def steady(self) -> Iterator[None]:
        """Look once: within, this thread goes by the version that is in force now."""
        before: InForce | None = getattr(self._own, "held", None)
        self._own.held = self._look()
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


def steady(trust: CurrentTrust | None) -> AbstractContextManager[None]:
    """Within, this thread goes by the trust as it is now."""
    return trust.steady() if isinstance(trust, LiveTrust) else nullcontext()


def steadily(trust: CurrentTrust | None, call: Callable[P, T]) -> Callable[P, T]:
    """The same call, all of it by the trust as it is when it begins."""

    def called(*args: P.args, **kwargs: P.kwargs) -> T:
        with steady(trust):
            return call(*args, **kwargs)

    return called


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
