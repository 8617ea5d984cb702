"""The folder of the embedded index: one owning process, checked before it is opened, replaced whole when broken."""

from __future__ import annotations

import json
import logging
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray
from sqlalchemy import Engine

from knowledge.catalogue import Catalogue
from knowledge.chroma import ChromaFailure, Collections
from knowledge.mirror import Live, Mirror, probe_vector

CHECK_SECONDS = 120.0
CHECK_MEMORY = 2 * 1024**3
CHECK_FILE = 256 * 1024**2
PREFIX = "passages"
_log = logging.getLogger(__name__)


class ChromaFolder:
    """home/chroma, where the file `current` names the folder in use; home/chroma.lock says whose it is."""

    kind = "chroma, embedded"

    def __init__(self, engine: Engine, encoder: str, dimension: int, home: Path) -> None:
        self._engine = engine
        self._encoder = encoder
        self._dimension = dimension
        self._root = home / "chroma"
        self._pointer = self._root / "current"
        self._lock = FileLock(home / "chroma.lock", thread_local=False)
        self._mirror: Mirror | None = None
        self._broken = False
        self._built_for: tuple[str, str, int] | None = None

    def bring(self, catalogue: Catalogue) -> Iterator[Live | None]:
        """Bring the index level; yields what may be searched after each batch, None when it is another process's.

        An index that is missing, broken, of another encoder or asked to be rebuilt is built anew beside the old one,
        and nothing of it may be searched before it is complete, on the disk and named in `current`.
        """
        if not self._owned():
            yield None
            return
        if self._mirror is not None and self._built_for != self._asked(catalogue):
            self._broken = True
        if self._broken:
            yield None
            self._let_go()
        mirror = self._mirror or self._opened(catalogue)
        if mirror is None:
            yield from self._rebuild(catalogue)
            return
        self._mirror = mirror
        yield mirror.live(catalogue)
        yield from mirror.level(catalogue)

    def lag(self, catalogue: Catalogue) -> int:
        """How many documents are not in the index yet."""
        return self._mirror.lag(catalogue) if self._mirror else len(catalogue.entries)

    def failed(self) -> None:
        """Take note that the index gave an error: the next `bring` builds it anew."""
        self._broken = True

    def close(self) -> None:
        """Close the index and give up the folder."""
        self._let_go()
        self._lock.release()

    def _owned(self) -> bool:
        if not self._lock.is_locked:
            self._root.mkdir(parents=True, exist_ok=True)
            try:
                self._lock.acquire(timeout=0)
            except Timeout:
                return False
        return True

    def _let_go(self) -> None:
        mirror, self._mirror = self._mirror, None
        if mirror is not None:
            try:
                mirror.collections.close()
            except ChromaFailure as error:
                _log.warning("%s", error)

    def _opened(self, catalogue: Catalogue) -> Mirror | None:
        """The index as the last process left it, if a child process found it sound."""
        folder = self._current()
        self._sweep(keep=folder)
        self._built_for = self._built()
        if folder is None or self._broken or self._built_for != self._asked(catalogue):
            return None
        try:
            probe = probe_vector(self._dimension)
            survey = checked(folder, catalogue, probe)
            mirror = Mirror(self._engine, Collections.embedded(folder, PREFIX))
            try:
                mirror.adopt(survey, probe)
            except ChromaFailure:
                mirror.collections.close()
                raise
        except ChromaFailure as error:
            _log.warning("The search index is rebuilt from the database. %s", error)
            return None
        return mirror

    def _rebuild(self, catalogue: Catalogue) -> Iterator[Live | None]:
        folder = self._root / f"{catalogue.generation:08d}-{secrets.token_hex(4)}"
        mirror = Mirror(self._engine, Collections.embedded(folder, PREFIX))
        try:
            for _ in mirror.level(catalogue):
                yield None
        except BaseException:
            mirror.collections.close()
            raise
        sync_folder(folder)
        self._write_pointer(folder, catalogue)
        self._sweep(keep=folder)
        self._mirror, self._broken, self._built_for = mirror, False, self._asked(catalogue)
        yield mirror.live(catalogue)

    def _asked(self, catalogue: Catalogue) -> tuple[str, str, int]:
        return catalogue.library_id, self._encoder, catalogue.rebuilds

    def _built(self) -> tuple[str, str, int] | None:
        """What the index in use was built for: library, encoder, and how often a rebuild had been asked for."""
        try:
            said = json.loads(self._pointer.read_text())
            return str(said["library"]), str(said["encoder"]), int(said["rebuilds"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _current(self) -> Path | None:
        try:
            folder = self._root / Path(str(json.loads(self._pointer.read_text())["folder"])).name
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return folder if folder.is_dir() else None

    def _write_pointer(self, folder: Path, catalogue: Catalogue) -> None:
        library, encoder, rebuilds = self._asked(catalogue)
        said = {"folder": folder.name, "library": library, "encoder": encoder, "rebuilds": rebuilds}
        beside = self._pointer.with_suffix(".new")
        with beside.open("w") as file:
            json.dump(said, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._pointer)
        _sync(self._root)

    def _sweep(self, keep: Path | None) -> None:
        for each in self._root.iterdir():
            if each.is_dir() and each != keep:
                shutil.rmtree(each, ignore_errors=True)


def checked(
    folder: Path, catalogue: Catalogue, probe: NDArray[np.float32], seconds: float = CHECK_SECONDS
) -> dict[str, dict[str, float | None]]:
    """Survey an index folder in a child process with limits on files, memory and time; ChromaFailure if it is broken.

    A folder that a kill has left broken may crash the process that opens it, or grow without end.
    """
    passages = sum(entry.passages for entry in catalogue.entries.values())
    room = passages * len(probe) * 4
    task = {
        "folder": str(folder),
        "prefix": PREFIX,
        "probe": [float(each) for each in probe],
        "file": CHECK_FILE + 3 * room,
        "memory": CHECK_MEMORY + 4 * room + (os.cpu_count() or 1) * 128 * 1024**2,
    }
    root = str(Path(__file__).resolve().parent.parent)
    program = f"import sys; sys.path.insert(0, {root!r}); from knowledge.chroma_check import main; main()"
    try:
        child = subprocess.run(  # noqa: S603
            [sys.executable, "-c", program],
            input=json.dumps(task),
            capture_output=True,
            text=True,
            timeout=seconds + passages / 1_000,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ChromaFailure("The check of the index did not end.") from error
    if child.returncode != 0:
        raise ChromaFailure(f"The check of the index ended with status {child.returncode}.")
    found: dict[str, dict[str, float | None]] = json.loads(child.stdout)
    return found


def sync_folder(folder: Path) -> None:
    """Make sure that every file under a folder is on the disk."""
    for parent, _, files in os.walk(folder):
        for name in files:
            _sync(Path(parent) / name)
        _sync(Path(parent))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
