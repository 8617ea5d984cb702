"""Read files in a process of its own, so that a file which crashes or hangs its reader takes nothing else down."""

from __future__ import annotations

import os
import pickle
import stat
import struct
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread, Timer
from types import TracebackType
from typing import IO, Self

from ingest.reading import Reading, Unreadable, refusal_of
from ingest.scanned import Scanned, Unfinished
from ingest.split import Piece

_LENGTH = struct.Struct("<Q")
_PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from ingest.aside import serve; serve()"
_MEMORY = 8 << 30
_AHEAD = 24
_A_MOMENT = 1.0


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file as read at one moment: the SHA-256 of its bytes in hex, its reading, its passages."""

    digest: str
    reading: Reading
    pieces: tuple[Piece, ...]


class Aside:
    """A reader in another process; used as a context, by one thread at a time. The process starts with the first file.

    `seconds` is the longest that one file may take, plus ten for each of its megabytes.
    """

    def __init__(self, seconds: float = 300.0) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def load(self, path: Path, size: int, known: str = "", scanned: Scanned | None = None) -> Loaded | None:
        """Read a file of about `size` bytes; None where its digest is still the `known` one.

        Raises Unreadable with a user's sentence, also where the reader died of the file, and Unfinished with the pages
        that were read now of a scan, whose pages before are `scanned`.
        """
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = _start()
            if _ask(self._process) is None:
                self.close()
                raise RuntimeError("the process that reads files does not start")
        process = self._process
        timer = Timer(self._seconds + 10 * size / 1e6, process.kill)
        timer.daemon = True
        timer.start()
        try:
            answer = _ask(process, pickle.dumps((os.fsencode(path), known, scanned or Scanned())))
        except OSError:
            answer = None
        finally:
            late = not timer.is_alive()
            timer.cancel()
        if answer is None:
            self.close()
            if late:
                raise Unreadable("Reading it took too long and was stopped. Save it again, or in parts.")
            raise Unreadable("The file is damaged: its reader stopped in the middle. Save it again where it was made.")
        result = pickle.loads(answer)  # noqa: S301
        if isinstance(result, str):
            raise refusal_of(result)
        if isinstance(result, Scanned):
            raise Unfinished(result)
        return result if isinstance(result, Loaded) else None

    def close(self) -> None:
        """End the process, also from another thread while it reads."""
        process, self._process = self._process, None
        if process:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    if pipe:
                        pipe.close()


def ahead(
    files: Sequence[tuple[Path, int, str, Scanned]], meanwhile: Callable[[], None] = lambda: None
) -> Generator[Loaded | Unreadable | None]:
    """Each file as read (None: it is as it was known), in order, some of them read before they are asked for; about
    once a second while one is waited for, `meanwhile` is called."""
    ready: Queue[Loaded | BaseException | None] = Queue(_AHEAD)
    stop = Event()

    def work() -> None:
        with Aside() as aside:
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


def serve() -> None:
    """Answer each path on standard input by what is read there, until the input ends: the other process's main."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    answers = os.fdopen(os.dup(1), "wb")
    # What a reader's library prints must not get in between the answers.
    os.dup2(2, 1)
    from ingest.read import DEFAULT_LIMITS, read_bytes
    from ingest.split import split

    _send(answers, b"ready")

    def load(path: Path, known: str, scanned: Scanned) -> Loaded | None:
        data = _bytes(path, DEFAULT_LIMITS.most_bytes)
        digest = sha256(data).hexdigest()
        if known and digest.startswith(known):
            return None
        try:
            reading = read_bytes(data, path.suffix.lower(), scanned=scanned if scanned.digest == digest else None)
        except Unfinished as unfinished:
            raise Unfinished(replace(unfinished.scanned, digest=digest)) from unfinished
        pieces = tuple(split(reading))
        if not pieces:
            raise Unreadable("There are no words in it. Check that it is the right file.")
        return Loaded(digest, reading, pieces)

    while (question := _receive(sys.stdin.buffer)) is not None:
        name, known, scanned = pickle.loads(question)  # noqa: S301
        try:
            result: Loaded | Scanned | str | None = load(Path(os.fsdecode(name)), known, scanned)
        except Unfinished as unfinished:
            result = unfinished.scanned
        except Unreadable as error:
            result = str(error)
        except (MemoryError, RecursionError):
            result = "It needs more memory than there is. Save it in parts."
        _send(answers, pickle.dumps(result))


def _bytes(path: Path, most: int) -> bytes:
    try:
        # Neither a link nor a pipe that took the file's place since it was found is followed or waited for.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags), "rb") as file:
            state = os.fstat(file.fileno())
            if not stat.S_ISREG(state.st_mode):
                raise Unreadable("It is no file. Remove it.")
            size = state.st_size
            if size == 0:
                raise Unreadable("The file is empty. Add it again from where it came from.")
            if size > most:
                raise Unreadable(
                    f"The file has {size // 1_000_000} MB; {most // 1_000_000} MB is the most that is read. "
                    "Save it in parts, or without its pictures."
                )
            return file.read(most)
    except OSError as error:
        reason = error.strerror or "it could not be opened"
        raise Unreadable(f"The file could not be opened ({reason}). Check that it is there and may be read.") from error


def _start() -> subprocess.Popen[bytes]:
    place = str(Path(__file__).resolve().parent.parent)
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", _PROGRAM, place],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _ask(process: subprocess.Popen[bytes], question: bytes | None = None) -> bytes | None:
    """The process's answer, or without a question its greeting; None where it ended instead."""
    if process.stdin is None or process.stdout is None:
        return None
    if question is not None:
        _send(process.stdin, question)
    return _receive(process.stdout)


def _send(stream: IO[bytes], message: bytes) -> None:
    stream.write(_LENGTH.pack(len(message)) + message)
    stream.flush()


def _receive(stream: IO[bytes]) -> bytes | None:
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    message = stream.read(length)
    return message if len(message) == length else None
