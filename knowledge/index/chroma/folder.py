"""The folder of the embedded index: one owning process, checked before it is opened, replaced whole when broken."""

from __future__ import annotations

import json
import logging
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Engine

from knowledge.index.chroma.database import ChromaFailure
from knowledge.index.chroma.reconcile import Live, Mirror, probe_vector
from knowledge.index.chroma.worker import ChromaWorker
from knowledge.library.descriptions import Catalogue

CHECK_MEMORY = 2 * 1024**3
CHECK_FILE = 256 * 1024**2
THREAD_MEMORY = 128 * 1024**2
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
        self.elsewhere = False
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
        yield from mirror.reconcile(catalogue)

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
                self.elsewhere = True
                return False
        self.elsewhere = False
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
            worker = self._worker(folder, catalogue)
            mirror = Mirror(self._engine, worker)
            try:
                probe = probe_vector(self._dimension)
                mirror.adopt(worker.survey(probe), probe)
                worker.trust()
            except BaseException:
                worker.close()
                raise
        except ChromaFailure as error:
            _log.warning("The search index is rebuilt from the database. %s", error)
            return None
        return mirror

    def _rebuild(self, catalogue: Catalogue) -> Iterator[Live | None]:
        folder = self._root / f"{catalogue.generation:08d}-{secrets.token_hex(4)}"
        worker = self._worker(folder, catalogue)
        mirror = Mirror(self._engine, worker)
        try:
            worker.trust()
            for _ in mirror.reconcile(catalogue):
                yield None
        except BaseException:
            worker.close()
            raise
        sync_folder(folder)
        self._write_pointer(folder, catalogue)
        self._sweep(keep=folder)
        self._mirror, self._broken, self._built_for = mirror, False, self._asked(catalogue)
        yield mirror.live(catalogue)

    def _worker(self, folder: Path, catalogue: Catalogue) -> ChromaWorker:
        room = sum(entry.passages for entry in catalogue.entries.values()) * self._dimension * 4
        threads = (os.cpu_count() or 1) * THREAD_MEMORY
        return ChromaWorker(folder, CHECK_MEMORY + 4 * room + threads, CHECK_FILE + 3 * room)

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
