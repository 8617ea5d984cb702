"""Read in a process of its own what came from outside, so that what crashes or holds its reader takes nothing down."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from queue import Empty, Queue
from threading import BoundedSemaphore, Event, Lock, Thread, Timer
from types import TracebackType
from typing import Self
from weakref import finalize

from pydantic import TypeAdapter

from ingest.isolated.frames import (
    ASK,
    LOADED,
    READING,
    SCANNED,
    TOLD,
    Loaded,
    Malformed,
    T,
    WorkerRequest,
    receive,
    send,
    sentence_of,
    taken,
    written,
)
from ingest.readers.reading import Reading, Unreadable, refusal_of
from ingest.readers.scans.scanned import Scanned, Unfinished

__all__ = ["LIBRARY", "SENT", "Bounds", "Loaded", "ReaderProcess", "Readers", "Stopped", "ahead", "sent_within"]

_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[1]); from ingest.isolated.process import serve; serve(int(sys.argv[2]))"
)
# No token, address or path of the bot's; one arena, as each sets apart memory that nobody uses.
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1", "OPENBLAS_NUM_THREADS": "1"}
_AHEAD = 24
_START_SECONDS = 60.0
_WAIT_SECONDS = 1.0
_A_MOMENT = 1.0
TOO_LONG = "Reading it took too long and was stopped. Save it again, or in parts."
STOPPED = "The file is damaged: its reader stopped in the middle. Save it again where it was made."
BUSY = "Other notes are being read just now. Try again in a minute."
NO_SENSE = "What its reader made of it makes no sense, so nothing of it was taken. Save it again where it was made."


class Stopped(Unreadable):
    """The reader was stopped, or died of what it read."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one piece of work may take: `wall` seconds on the clock and `cpu` seconds of the processor, so many more of
    both for `each_mb`, and `answer` bytes that come back. Without pages to look at, `plain` seconds of the processor
    are enough."""

    wall: float = 300.0
    cpu: float = 600.0
    each_mb: float = 10.0
    answer: int = 200_000_000
    plain: float = 600.0


LIBRARY = Bounds()


def sent_within(seconds: float) -> Bounds:
    """The bounds of what people send to the bot, who wait for it: so many seconds of the processor."""
    return Bounds(wall=2 * seconds, cpu=seconds, each_mb=0.0, answer=40_000_000, plain=min(seconds, 30.0))


SENT = sent_within(120.0)


class ReaderProcess:
    """A reader in another process; used as a context, by one thread at a time. The process starts with the first file.

    All that raise Unreadable do so with a user's sentence, also where the reader died of what it read.
    `seconds` is the longest that one file may take, plus ten for each of its megabytes, where no `bounds` are given.
    """

    def __init__(self, seconds: float = LIBRARY.wall, bounds: Bounds | None = None) -> None:
        self.bounds = bounds or Bounds(wall=seconds)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The id of the process that reads, once there is one."""
        return self._process.pid if self._process else None

    def load(self, path: Path, size: int, known: str = "", scanned: Scanned | None = None) -> Loaded | None:
        """Read a file of about `size` bytes; None where its digest is still the `known` one. Raises Unreadable, and
        Unfinished with the pages that were read now of a scan, whose pages before are `scanned`."""
        name = os.fsencode(path).decode("latin-1")
        more = self.bounds.each_mb * size / 1e6
        ask = WorkerRequest("load", ceil(self.bounds.cpu + more), path=name, known=known)
        before = written(SCANNED, scanned) if scanned and scanned.pages else b""
        return self._asked(ask, before, LOADED, self.bounds.wall + more)

    def read(self, data: bytes, suffix: str = "") -> Reading:
        """The words of these bytes; `suffix` is that of the file's name, with its dot. Raises Unreadable."""
        paged = b"%PDF-" in data[:1024]
        more = self.bounds.each_mb * len(data) / 1e6
        cpu = (self.bounds.cpu if paged else self.bounds.plain) + more
        ask = WorkerRequest("read", ceil(cpu), suffix=suffix.encode("utf-8", "replace").decode()[:20])
        found = self._asked(ask, data, READING, self.bounds.wall + more)
        if found is None:
            raise Unreadable(NO_SENSE)
        return found

    def ask(self, ask: WorkerRequest, body: bytes, adapter: TypeAdapter[T]) -> T:
        """What a reader makes of a body of JSON. Raises Unreadable."""
        found = self._asked(ask, body, adapter, self.bounds.wall)
        if found is None:
            raise Unreadable(NO_SENSE)
        return found

    def close(self) -> None:
        """End the process and whatever it began, also from another thread while it reads."""
        process, self._process = self._process, None
        if process:
            _end(process)

    def _asked(self, ask: WorkerRequest, body: bytes, adapter: TypeAdapter[T], seconds: float) -> T | None:
        process = self._started()
        timer = Timer(seconds, _kill, [process])
        timer.daemon = True
        timer.start()
        try:
            frame = _answer(process, ask, body, self.bounds.answer)
            late = not timer.is_alive()
            if frame is None:
                raise Stopped(self._why_it_died(process, late))
            told = taken(TOLD, frame[0])
            if told.state == "refused":
                raise refusal_of(sentence_of(told))
            if told.state == "part" and ask.verb == "load":
                raise Unfinished(taken(SCANNED, frame[1]))
            if told.state == "same" and ask.known and not frame[1]:
                return None
            if told.state != "result":
                raise Malformed
            return taken(adapter, frame[1])
        except Malformed as error:
            self.close()
            raise Unreadable(NO_SENSE) from error
        finally:
            timer.cancel()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = process = _starter.submit(_start).result()
            timer = Timer(_START_SECONDS, _kill, [process])
            timer.daemon = True
            timer.start()
            try:
                greeting = _answer(process, None, b"", 0)
                ready = greeting is not None and taken(TOLD, greeting[0]).state == "ready"
            except Malformed:
                ready = False
            finally:
                timer.cancel()
            if not ready:
                self.close()
                raise RuntimeError("the process that reads files does not start")
        return self._process

    def _why_it_died(self, process: subprocess.Popen[bytes], late: bool) -> str:
        self.close()
        return TOO_LONG if late or process.returncode == -getattr(signal, "SIGXCPU", 0) else STOPPED


class Readers:
    """Readers for what people send: no more than `at_once`, whoever waits for them.

    Bytes get a process of their own, so that nothing which took one over sees what somebody else sends. Work on words
    that were read already shares one that is kept.
    """

    def __init__(self, bounds: Bounds = SENT, at_once: int = 2) -> None:
        self.bounds = bounds
        self._slots = BoundedSemaphore(at_once)
        self._words = BoundedSemaphore(at_once)
        self._idle: list[ReaderProcess] = []
        self._lock = Lock()
        finalize(self, _close_all, self._idle)

    def read(self, data: bytes, suffix: str = "") -> Reading:
        """The words of these bytes. Raises Unreadable."""
        with self._slots, ReaderProcess(bounds=self.bounds) as aside:
            return aside.read(data, suffix)

    def load(self, path: Path, size: int) -> Reading:
        """The words of a file of the library, which may take as long as a sync lets it. Raises Unreadable."""
        with self._slots, ReaderProcess(bounds=LIBRARY) as aside:
            found = aside.load(path, size)
            if found is None:
                raise Unreadable(NO_SENSE)
            return found.reading

    @contextmanager
    def open_idle(self, seconds: float | None = None) -> Iterator[ReaderProcess]:
        """A reader for words that were read already. With `seconds` of the processor for each piece of work, somebody
        waits for it who cannot wait long: it raises Unreadable where no reader is free."""
        if not self._words.acquire(timeout=_WAIT_SECONDS if seconds else -1):
            raise Unreadable(BUSY)
        try:
            with self._lock:
                aside = self._idle.pop() if self._idle else ReaderProcess()
            most = self.bounds.plain
            aside.bounds = replace(self.bounds, plain=min(seconds or most, most), wall=2 * (seconds or most))
            try:
                yield aside
            except BaseException:
                aside.close()
                raise
            with self._lock:
                idle = not self._idle
                if idle:
                    self._idle.append(aside)
            if not idle:
                aside.close()
        finally:
            self._words.release()

    def close(self) -> None:
        """End the process that is kept."""
        with self._lock:
            _close_all(self._idle)


def ahead(
    files: Sequence[tuple[Path, int, str, Scanned]], meanwhile: Callable[[], None] = lambda: None
) -> Generator[Loaded | Unreadable | None]:
    """Each file as read (None: it is as it was known), in order, some of them read before they are asked for; about
    once a second while one is waited for, `meanwhile` is called."""
    ready: Queue[Loaded | BaseException | None] = Queue(_AHEAD)
    stop = Event()

    def work() -> None:
        with ReaderProcess() as aside:
            for path, size, known, scanned in files:
                if stop.is_set():
                    return
                try:
                    ready.put(aside.load(path, size, known, scanned))
                except Unreadable as error:
                    ready.put(error)
                except BaseException as error:
                    ready.put(error)
                    return

    worker = Thread(target=work, name="reading-ahead", daemon=True)
    worker.start()
    try:
        for _ in files:
            while True:
                with suppress(Empty):
                    result = ready.get(timeout=_A_MOMENT)
                    break
                meanwhile()
            if isinstance(result, BaseException) and not isinstance(result, Unreadable):
                raise result
            yield result
    finally:
        stop.set()
        while worker.is_alive():
            while not ready.empty():
                ready.get_nowait()
            worker.join(0.05)


# Linux ends a child with the thread that began it, so all are begun by one that lives as long as the process.
_starter = ThreadPoolExecutor(1, thread_name_prefix="reader-start")


def _start() -> subprocess.Popen[bytes]:
    place = str(Path(__file__).resolve().parents[2])
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", "-B", "-X", "utf8", "-c", _PROGRAM, place, str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_ENVIRONMENT,
        start_new_session=True,
    )


def _answer(
    process: subprocess.Popen[bytes], ask: WorkerRequest | None, body: bytes, most: int
) -> tuple[bytes, bytes] | None:
    """The process's answer, or where nothing is asked its greeting; None where it ended instead. Raises Malformed."""
    if process.stdin is None or process.stdout is None:
        return None
    try:
        if ask is not None:
            send(process.stdin, written(ASK, ask), body)
        return receive(process.stdout, most)
    except OSError:
        return None


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and all of its group."""
    if process.returncode is not None:
        return
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _end(process: subprocess.Popen[bytes]) -> None:
    _kill(process)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):
            if pipe:
                pipe.close()


def _close_all(idle: list[ReaderProcess]) -> None:
    while idle:
        idle.pop().close()
