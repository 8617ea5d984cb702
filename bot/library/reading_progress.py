"""Says whether documents are still being read in, by this process or another, so that nothing is denied too early."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Lock, Thread

from sqlalchemy import Engine, Float, Integer, String, delete, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.runtime.db import Base
from bot.runtime.failures import record_failure
from knowledge.library.library import Library

BEAT_SECONDS, DEAD_SECONDS = 15.0, 60.0
SOME_READ = (
    "Trustbot has read {read} of {total} documents so far, so it cannot say yet whether the answer is there. "
    "Ask again in a few minutes."
)
BEGUN = (
    "Trustbot is still looking through the library, so it cannot say yet whether the answer is there. Ask again in a "
    "few minutes."
)


class ReadingRow(Base):
    """A process that reads documents in: how many are left, if that is known, and when it last said so (Unix time)."""

    __tablename__ = "library_reading"

    process: Mapped[str] = mapped_column(String(120), primary_key=True)
    left: Mapped[int | None] = mapped_column(Integer)
    beat: Mapped[float] = mapped_column(Float(53))


@dataclass(frozen=True, slots=True)
class Left:
    """What is still to be read; None where nobody knows yet how much it is."""

    documents: int | None

    def sentence(self, read: int) -> str:
        """What to say instead of "not in the documents", where so many documents have been read."""
        if self.documents is None:
            return BEGUN
        return SOME_READ.format(read=read, total=read + self.documents)


class LibraryReading:
    """One process's word that it reads, repeated while it does: that of a process that died is soon not believed."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock
        self._process = f"{socket.gethostname()}:{os.getpid()}"[-120:]
        self._left: int | None = None
        self._over: Event | None = None
        self._lock = Lock()

    def begin(self) -> None:
        """From now on this process reads; to say so again changes nothing."""
        with self._lock:
            if self._over is None:
                self._over = Event()
                self._left = None
                self._say()
                Thread(target=self._beat, args=(self._over,), name="reading", daemon=True).start()

    def at(self, left: int) -> None:
        """So many documents are left."""
        self._left = left

    def end(self) -> None:
        """This process has read what there was."""
        with self._lock:
            if self._over is not None:
                self._over.set()
                self._over = None
                with Session(self._engine) as session, session.begin():
                    session.execute(delete(ReadingRow).where(ReadingRow.process == self._process))

    def left(self) -> Left | None:
        """What is still being read, by any process; None where nothing is."""
        now = self._clock()
        with Session(self._engine) as session:
            rows = session.execute(select(ReadingRow.process, ReadingRow.left, ReadingRow.beat)).all()
        alive = [row for row in rows if abs(now - row.beat) < DEAD_SECONDS]
        if not alive:
            return None
        counts = [self._left if row.process == self._process else row.left for row in alive]
        return Left(None if None in counts else max(count for count in counts if count is not None))

    def instead_of_a_denial(self, library: Library) -> str | None:
        """What to say while documents of this library are still being read; None where none are."""
        left = self.left()
        return left.sentence(library.status().documents) if left else None

    def _beat(self, over: Event) -> None:
        while not over.wait(BEAT_SECONDS):
            with self._lock:
                if not over.is_set():
                    self._say()

    def _say(self) -> None:
        try:
            with Session(self._engine) as session, session.begin():
                session.merge(ReadingRow(process=self._process, left=self._left, beat=self._clock()))
        except DBAPIError as error:
            # What is read is read all the same.
            record_failure(error)
