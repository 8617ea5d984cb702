"""Reads what a sync's plan says, one process ahead of the encoder, and puts it in the library."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from hashlib import file_digest, sha256

from ingest.isolated.reader import Loaded, ahead
from ingest.metadata.describe import FRONT_MATTER, describe, document_id
from ingest.readers.reading import Unreadable, Unwanted
from ingest.readers.scans.scanned import Scanned, Unfinished
from ingest.readers.split import Chunk, split
from ingest.sync.held_closed import is_part, part_b_of, parts
from ingest.sync.masking import masked
from ingest.sync.plan import KnownLibrary, Plan, SyncContext, expected_audience
from ingest.sync.scan import FoundFile, Refused, shown
from knowledge.library.descriptions import Entry
from knowledge.library.library import Library
from knowledge.library.links import may_link
from knowledge.library.prepared import Filed
from knowledge.library.reading_log import RefusedFile
from knowledge.library.transactions import CONTENT_DIGITS
from knowledge.library.versions import covers
from knowledge.passages import Document, Passage

LAST_GOOD = "The last version that could be read goes on answering."
NOT_UNTIL = "It does not answer until that is mended."
LOOK_AGAIN, LATEST = 2.0, 60.0
_SHARE = 20
MOST_HASHED = 200_000_000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sync is: files and bytes of those that must be read, passages in the library since it began.

    `rate` is in passages a second; `left` is in seconds, None while it cannot be told.
    """

    files: int
    files_total: int
    bytes: int
    bytes_total: int
    passages: int
    seconds: float
    name: str

    @property
    def rate(self) -> float:
        """Passages a second since the sync began."""
        return self.passages / self.seconds if self.seconds > 0 else 0.0

    @property
    def left(self) -> float | None:
        """Seconds that the rest will take at the speed so far."""
        return self.seconds * (self.bytes_total - self.bytes) / self.bytes if self.bytes else None


class Writer:
    """Reads and puts in. `look` looks at the folders again and takes from people what they may not read any more; it
    is called every few seconds."""

    def __init__(
        self,
        library: Library,
        known: KnownLibrary,
        plan: Plan,
        context: SyncContext,
        look: Callable[[], Plan],
        progress: Callable[[Progress], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
        began: float = 0.0,
    ) -> None:
        self._library, self._known, self._plan, self._context, self._look = library, known, plan, context, look
        self._progress, self._clock, self._began = progress, clock, began
        self._looked, self._took = clock(), 0.0
        self._touched: set[str] = set()
        self._sizes: dict[str, tuple[int, int]] = {}
        self._files = self._bytes = 0
        self._total = sum(found.size for found, _ in plan.todo)
        self.added: list[str] = []
        self.changed: list[str] = []
        self.removed: list[str] = []
        self.unfinished: list[Refused] = []
        self.masked: list[tuple[str, int]] = []
        self.unlinked: list[tuple[str, str]] = []
        self.unchanged = self.passages = 0

    def run(self) -> None:
        """Do all of it: first what may itself say that fewer may read it, then what is known, then what is new."""
        groups: list[list[tuple[FoundFile, str]]] = [[], [], []]
        for found, about in self._plan.todo:
            known = document_id(str(found.path)) in self._known.entries
            groups[0 if known and found.path.suffix.lower() in FRONT_MATTER else 1 if known else 2].append(
                (found, about)
            )
        for group in filter(None, groups):
            # Each to its end: the last few of a group wait for no file of the next.
            with closing(self._incoming(group)) as incoming:
                for document in self._library.put_many(incoming):
                    if document.id in self._touched:
                        # It was read before fewer might read it, and put in after.
                        self._look()
                    if document.id in self._known.refused or document.id in self._known.scanned:
                        self._library.log.forget([document.id])
                    size, passages = self._sizes.pop(document.id)
                    self.passages += passages
                    if not is_part(document.source):
                        (self.changed if document.id in self._known.entries else self.added).append(document.source)
                        self._done(size, document.file_name)

    def _incoming(self, todo: Sequence[tuple[FoundFile, str]]) -> Generator[Filed]:
        files = [
            (found.path, found.size, self._digest_of(found, about), self._pages_of(found)) for found, about in todo
        ]
        with closing(ahead(files, self._meanwhile)) as loads:
            for (found, about), loaded in zip(todo, loads, strict=True):
                self._meanwhile()
                try:
                    if isinstance(loaded, Unreadable):
                        raise loaded
                    if loaded is None:
                        self._same(found, about)
                        continue
                    documents = self._documents(found, loaded, loaded.digest[:CONTENT_DIGITS] + about)
                except Unfinished as unfinished:
                    self._keep(found, unfinished.scanned)
                    continue
                except Unreadable as error:
                    self._refuse(found, about, error, read=error is not loaded)
                    continue
                left = part_b_of(str(found.path))
                if left in self._known.entries and left not in {filed.document.id for filed in documents}:
                    self._library.remove([left])
                self._tell(found.path.name)
                for filed in documents:
                    self._sizes[filed.document.id] = (found.size, len(filed.passages))
                    yield filed

    def _digest_of(self, found: FoundFile, about: str) -> str:
        """The digest of the file as the library has it or as it was refused, where nothing but the file itself may
        have changed."""
        if refusal := self._known.refusal(found, about):
            return refusal.digest[:-CONTENT_DIGITS]
        entry = self._entry(found)
        same = entry and entry.document.digest[CONTENT_DIGITS:] == about and entry.encoder == self._known.encoder
        return entry.document.digest[:CONTENT_DIGITS] if entry and same else ""

    def _pages_of(self, found: FoundFile) -> Scanned:
        key = document_id(str(found.path))
        return Scanned(*self._library.log.pages(key)) if key in self._known.scanned else Scanned()

    def _entry(self, found: FoundFile) -> Entry | None:
        return self._known.entries.get(document_id(str(found.path)))

    def _same(self, found: FoundFile, about: str) -> None:
        """What was only touched."""
        key = document_id(str(found.path))
        if refusal := self._known.refusal(found, about):
            self._library.log.touch(key, found.size, found.modified)
            self._plan.refused[str(found.path)] = Refused(shown(found.path, found.root), refusal.reason)
        else:
            self.unchanged += 1
            self._library.touch(key, found.size, found.modified)
        self._done(found.size, found.path.name)

    def _keep(self, found: FoundFile, scanned: Scanned) -> None:
        """Keep the pages of a scan that were read now."""
        source = str(found.path)
        self._library.log.keep_pages(document_id(source), source, scanned.digest, scanned.pages)
        so_far = (
            f"{scanned.through} of {scanned.total} pages are read from their pictures so far; it answers when all are."
        )
        self.unfinished.append(Refused(shown(found.path, found.root), so_far))
        self._done(found.size, found.path.name)

    def _documents(self, found: FoundFile, loaded: Loaded, digest: str) -> list[Filed]:
        """What a file is in the library: one document, or its confidential part and the open one."""
        base = found.root.base or found.root.path
        document = describe(
            found.path,
            loaded.reading,
            found.root.rule,
            self._context.names,
            base,
            digest=digest,
            principals=self._context.principals,
        )
        if document.url and not may_link(document.url, self._context.hosts):
            self.unlinked.append((shown(found.path, found.root), document.url))
            document = replace(document, url=None)
        apart = parts(document, loaded.reading, self._context.part_b)
        filed = []
        for own, reading in apart:
            whole = len(apart) == 1
            pieces = list(loaded.pieces) if whole else split(reading)
            mark = digest[:8] if whole else sha256(f"{digest}{reading.text}".encode()).hexdigest()[:8]
            filed.append(self._filed(found, own, pieces, mark))
        if count := sum(each.document.masked for each in filed):
            self.masked.append((shown(found.path, found.root), count))
        return filed

    def _filed(self, found: FoundFile, document: Document, pieces: Sequence[Chunk], mark: str) -> Filed:
        if found.root.rule.mask:
            document, pieces = masked(document, list(pieces), self._context.masker)
        passages = [
            # The digest is in the id, so that a citation of the old text never opens the new one.
            Passage(f"{document.id}-{mark}-{at}", document.id, at, piece.text, piece.heading, piece.page, piece.header)
            for at, piece in enumerate(pieces)
        ]
        return Filed(document, passages, found.size, found.modified)

    def _refuse(self, found: FoundFile, about: str, error: Unreadable, *, read: bool) -> None:
        reason = str(error).rstrip(".") + "."
        entry = self._entry(found)
        stays = not read and not isinstance(error, Unwanted)
        if entry and stays and covers(expected_audience(found, self._context), entry.document.audience):
            reason += f" {LAST_GOOD}"
        elif entry:
            self._library.remove([entry.document.id])
            self.removed.append(entry.document.source)
            reason += f" {NOT_UNTIL}"
        source = str(found.path)
        # Who may read its confidential part stands in the file, so nobody knows it now.
        self._library.remove(key for key in [part_b_of(source)] if key in self._known.entries)
        self._plan.refused[source] = Refused(shown(found.path, found.root), reason)
        if (digest := _digest(found)) is not None:
            key = document_id(source)
            file = RefusedFile(key, source, digest + about, self._known.reader, reason, found.size, found.modified)
            self._library.log.refuse(file)
        self._done(found.size, found.path.name)

    def _meanwhile(self) -> None:
        """Take from people what they may not read any more, every few seconds, however long a file takes."""
        began = self._clock()
        if began - self._looked < max(LOOK_AGAIN, min(LATEST, _SHARE * self._took)):
            return
        fresh = self._look()
        self._touched |= fresh.narrowed.keys() | fresh.gone.keys()
        self._looked = self._clock()
        self._took = self._looked - began

    def _done(self, size: int, name: str) -> None:
        self._files += 1
        self._bytes += size
        self._tell(name)

    def _tell(self, name: str) -> None:
        if self._progress:
            seconds = self._clock() - self._began
            files = len(self._plan.todo)
            self._progress(Progress(self._files, files, self._bytes, self._total, self.passages, seconds, name))


def _digest(found: FoundFile) -> str | None:
    """The first digits of the digest of a file's bytes; "" where there are too many; None where they cannot be told,
    or may not be those that were refused."""
    if found.size > MOST_HASHED:
        return ""
    try:
        with os.fdopen(os.open(found.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
            state = os.fstat(file.fileno())
    except OSError:
        return None
    return digest[:CONTENT_DIGITS] if (state.st_size, state.st_mtime) == (found.size, found.modified) else None
