"""Embedded Chroma in a process of its own, where its crashes, its waits and its memory are nobody else's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from knowledge.index.chroma.database import ChromaFailure, Collections

Vectors = NDArray[np.float32]
PREFIX = "passages"
CALL_SECONDS = 120.0
END_SECONDS = 10.0


class ChromaWorker:
    """Chroma's collections in a folder, opened by a child process; it ends when its parent does.

    While Chroma writes it holds up every thread of its process, for seconds where the disk is slow; and a folder that
    a kill has left broken may crash the process that opens it, or grow without end. Until `trust` is called the child
    may use no more than `memory` bytes, nor write files of more than `file` bytes. Methods raise ChromaFailure.
    """

    def __init__(self, folder: Path, memory: int, file: int, seconds: float = CALL_SECONDS) -> None:
        self._turn = Lock()
        self._seconds = seconds
        self._pipe, theirs = Pipe()
        root = str(Path(__file__).resolve().parents[3])
        program = f"import sys; sys.path.insert(0, {root!r}); from knowledge.index.chroma.worker import main; main()"
        task = {"pipe": theirs.fileno(), "folder": str(folder), "memory": memory, "file": file}
        self._child = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", program, json.dumps(task)],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        theirs.close()

    def survey(self, probe: Vectors) -> dict[str, dict[str, float | None]]:
        """See Collections.survey."""
        found: dict[str, dict[str, float | None]] = self._call("survey", probe)
        return found

    def trust(self) -> None:
        """Lift the limits: the folder is sound."""
        self._call("trust")

    def add(self, audience: str, ids: Sequence[str], vectors: Vectors) -> None:
        """See Collections.add."""
        self._call("add", audience, ids, vectors)

    def delete(self, audience: str, ids: Sequence[str]) -> None:
        """See Collections.delete."""
        self._call("delete", audience, ids)

    def query(self, audience: str, vector: Vectors, count: int) -> list[tuple[str, int, float]]:
        """See Collections.query."""
        found: list[tuple[str, int, float]] = self._call("query", audience, vector, count)
        return found

    def close(self) -> None:
        """Let the child finish what it does and end; a child that does not is killed."""
        with self._turn:
            self._pipe.close()
        try:
            self._child.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()

    def _call(self, name: str, *arguments: object) -> Any:
        with self._turn:
            try:
                self._pipe.send((name, arguments))
                if not self._pipe.poll(self._seconds):
                    self._child.kill()
                    raise ChromaFailure("The index does not answer.")
                done, result = self._pipe.recv()
            except (OSError, EOFError, ValueError) as error:
                raise ChromaFailure("The process that keeps the index has ended.") from error
        if not done:
            raise ChromaFailure(result)
        return result


def main() -> None:
    """Serve one folder's collections through the inherited pipe until its other end closes."""
    task = json.loads(sys.argv[1])
    # Threads reserve memory that they never use, and it counts.
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "TOKIO_WORKER_THREADS": "2", "RAYON_NUM_THREADS": "1"}
    _limit(memory=task["memory"], file=task["file"])
    folder = Path(task["folder"])
    with Connection(task["pipe"]) as pipe, FileLock(folder.parent / "open.lock", timeout=CALL_SECONDS):
        collections: Collections | None = None
        while True:
            try:
                name, arguments = pipe.recv()
            except EOFError:
                break
            try:
                collections = collections or Collections.embedded(folder, PREFIX)
                serve = {"trust": _limit}.get(name) or getattr(collections, name)
                answer = (True, serve(*arguments))
            except ChromaFailure as error:
                answer = (False, str(error))
            pipe.send(answer)
        if collections:
            collections.close()


def _limit(memory: int | None = None, file: int | None = None) -> None:
    import resource

    for kind, limit in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, file), (resource.RLIMIT_CORE, 0)):
        most = resource.getrlimit(kind)[1]
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most if limit is None else limit, most))
