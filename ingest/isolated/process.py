"""The process that reads what came from outside: bound to its parent, within limits of its own, asked and answering."""

from __future__ import annotations

import os
import signal
import stat
import sys
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from threading import Thread
from time import sleep

from ingest.readers.reading import Unreadable

MEMORY = 1 << 30
# Addresses that are only set apart, such as onnxruntime's arenas, are no memory; RLIMIT_DATA counts what is.
ADDRESSES = 4 * MEMORY
FILES = 64
NICE = 5
NO_MEMORY = "It needs more memory than a document should. Save it in parts."
_PARENT_DIES = 1
_WATCH_SECONDS = 1.0


def serve(parent: int) -> None:
    """Answer what is asked on standard input until it ends. `parent` is the id of the process that asks."""
    _bind(parent)
    _limit()
    answers = os.fdopen(os.dup(1), "wb")
    # What a reader's library prints must not get in between the answers.
    os.dup2(2, 1)
    from ingest.isolated.frames import ASK, MOST_HEAD, SCANNED, TOLD, WorkerReply, receive, send, taken, written
    from ingest.readers.scans.scanned import Unfinished

    def tell(told: WorkerReply, body: bytes = b"") -> None:
        sentence = " ".join(told.sentence.split())
        send(answers, written(TOLD, WorkerReply(told.state, sentence)), body)

    tell(WorkerReply("ready"))
    while (frame := receive(sys.stdin.buffer, sys.maxsize)) is not None:
        head, body = frame
        assert len(head) <= MOST_HEAD  # noqa: S101
        ask = taken(ASK, head)
        _limit_processor(ask.cpu)
        try:
            if ask.verb == "load":
                result = _load(Path(os.fsdecode(ask.path.encode("latin-1"))), ask.known, body)
            elif ask.verb == "read":
                result = _read(body, ask.suffix)
            else:
                from ingest.isolated.minutes import answered

                result = answered(ask.verb, body)
        except Unreadable as error:
            if isinstance(error, Unfinished) and ask.verb == "load":
                tell(WorkerReply("part"), written(SCANNED, error.scanned))
            else:
                tell(WorkerReply("refused", str(error)))
        except (MemoryError, RecursionError):
            tell(WorkerReply("refused", NO_MEMORY))
        else:
            tell(WorkerReply("same") if result is None else WorkerReply("result"), result or b"")


def _bind(parent: int) -> None:
    """Die when the parent does, however it does. Linux sees to it; elsewhere a thread looks whether it is there."""
    with suppress(OSError, AttributeError):
        import ctypes

        if sys.platform == "linux" and ctypes.CDLL(None).prctl(_PARENT_DIES, signal.SIGKILL, 0, 0, 0) == 0:
            if os.getppid() != parent:
                os._exit(1)
            return
    Thread(target=_watch, args=(parent,), name="parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        sleep(_WATCH_SECONDS)
    os._exit(1)


def _limit() -> None:
    """Hold this process to its memory; it writes no file, leaves no core, and lets the bot's own work go first."""
    with suppress(ImportError):
        import resource

        for what, most in (
            (resource.RLIMIT_DATA, MEMORY),
            (resource.RLIMIT_AS, ADDRESSES),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_NOFILE, FILES),
        ):
            with suppress(ValueError, OSError):
                resource.setrlimit(what, (most, most))
    with suppress(AttributeError, OSError):
        os.nice(NICE)


def _limit_processor(seconds: int) -> None:
    """Let the system end this process after so many more seconds of the processor."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        usage = resource.getrusage(resource.RUSAGE_SELF)
        used = int(usage.ru_utime + usage.ru_stime) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _load(path: Path, known: str, before: bytes) -> bytes | None:
    from ingest.isolated.frames import LOADED, SCANNED, Loaded, sendable, taken, written
    from ingest.readers.kinds import suffix_of
    from ingest.readers.read import DEFAULT_LIMITS, read_bytes
    from ingest.readers.scans.scanned import Scanned, Unfinished
    from ingest.readers.split import split

    data = _bytes(path, DEFAULT_LIMITS.most_bytes)
    digest = sha256(data).hexdigest()
    if known and digest.startswith(known):
        return None
    scanned = taken(SCANNED, before) if before else Scanned()
    try:
        reading = sendable(
            read_bytes(data, suffix_of(path.name), scanned=scanned if scanned.digest == digest else None)
        )
    except Unfinished as unfinished:
        raise Unfinished(replace(unfinished.scanned, digest=digest)) from unfinished
    pieces = tuple(split(reading))
    if not pieces:
        raise Unreadable("There are no words in it. Check that it is the right file.")
    return written(LOADED, Loaded(digest, reading, pieces))


def _read(data: bytes, suffix: str) -> bytes:
    from ingest.isolated.frames import READING, sendable, written
    from ingest.readers.read import read_bytes

    return written(READING, sendable(read_bytes(data, suffix)))


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
        reason = (error.strerror or "it could not be opened").lower()
        raise Unreadable(f"The file could not be opened ({reason}). Check that it is there and may be read.") from error
