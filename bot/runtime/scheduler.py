"""What the clock starts: a tick now and then, in one process at a time, that loses nothing when it is missed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Event, Thread

from filelock import FileLock, Timeout
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.runtime.failures import record_failure

TICK_SECONDS = 60.0
STOP_SECONDS = 10.0
LOCK = 7_287_802


class Clock:
    """Calls each of the ticks in turn, every so many seconds, until it is stopped. A tick derives what is due from
    records, so that one that failed or never came is made good by the next. Each is called within what `within`
    opens, and none before the time is `known`: a clock that leaps must not close, purge or post anything."""

    def __init__(
        self,
        ticks: dict[str, Callable[[], object]],
        seconds: float = TICK_SECONDS,
        within: Callable[[], AbstractContextManager[None]] = nullcontext,
        known: Callable[[], bool] = lambda: True,
    ) -> None:
        self._ticks = ticks
        self._known = known
        self._seconds = seconds
        self._within = within
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="clock", daemon=True)

    def start(self) -> None:
        """Tick from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Tick no more; a tick that is under way may take some seconds to end, and what it leaves is made good."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    @property
    def running(self) -> bool:
        """Whether it still ticks."""
        return self._thread.is_alive()

    def strike(self) -> None:
        """Do now what is due; what fails is done at another tick."""
        if not self._known():
            return
        for tick in self._ticks.values():
            try:
                with self._within():
                    tick()
            except Exception as error:
                record_failure(error)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self.strike()
            self._stopping.wait(self._seconds)


def in_one_process(engine: Engine, number: int, tick: Callable[[], object]) -> Callable[[], None]:
    """The same tick, left out where another process is at it."""

    def once() -> None:
        with alone(engine, number) as held:
            if held is not None:
                tick()

    return once


@contextmanager
def alone(engine: Engine, number: int = 0) -> Iterator[Callable[[], bool] | None]:
    """Hold this database's clock: None where another process has it, else what says whether it is still held.

    The death of the process gives it up.
    """
    if engine.dialect.name == "sqlite":
        lock = FileLock(f"{engine.url.database}.clock{number}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            yield None
            return
        try:
            yield lambda: True
        finally:
            lock.release()
        return
    with engine.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        if not connection.scalar(select(func.pg_try_advisory_lock(LOCK, number))):
            yield None
            return

        def held() -> bool:
            try:
                return connection.scalar(select(1)) == 1
            except SQLAlchemyError:
                return False

        try:
            yield held
        finally:
            if held():
                connection.scalar(select(func.pg_advisory_unlock(LOCK, number)))
