"""Bring the library level with its folders: what is new goes in, what changed is replaced, what is gone goes out."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.aside import Loaded, ahead
from ingest.declared import from_sidecar
from ingest.describe import describe, document_id
from ingest.held_closed import PartB, is_part, part_b_of, parts
from ingest.masking import masked
from ingest.plan import Context, Plan, plan
from ingest.reading import Unreadable
from ingest.scan import Found, Refused, Root, shown
from ingest.split import Piece, split
from knowledge.catalogue import Entry
from knowledge.library import Library
from knowledge.passages import Audience, Document, Names, Passage
from knowledge.prepared import Filed
from knowledge.versions import covers


class Busy(Exception):
    """Another sync of this library is running. Wait until it is done, then try again."""

    def __str__(self) -> str:
        return str(self.__doc__)


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


@dataclass(frozen=True, slots=True)
class Summary:
    """What a sync did, by source; `refused` files with their reasons; `withheld` says what was not deleted and why.

    `masked` names the files in which likely pupils' names were masked, with the number of places.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    refused: tuple[Refused, ...] = ()
    withheld: tuple[str, ...] = ()
    passages: int = 0
    seconds: float = 0.0
    masked: tuple[tuple[str, int], ...] = ()

    @property
    def whole(self) -> bool:
        """Whether everything went in and nothing was held back."""
        return not self.refused and not self.withheld


def sync(
    library: Library,
    roots: Sequence[Root],
    *,
    names: Names | None = None,
    principals: Collection[str] | None = None,
    staff: Collection[str] = (),
    part_b: PartB | None = None,
    home: Path | None = None,
    reconcile: bool = False,
    allow_empty: bool = False,
    wait: float = 0.0,
    progress: Callable[[Progress], None] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Summary:
    """Bring the library level with these roots; documents that lie elsewhere are not touched.

    Each document goes in whole in one transaction, so a sync that is killed goes on where it was. With `reconcile`
    the roots are all that the trust has: documents of folders that were among them the last time go out. What
    vanished with a whole folder stays unless `allow_empty`. One sync at a time for each `home`: another waits up to
    `wait` seconds, then raises Busy.

    A file that could be read before and cannot now is refused, and its last good version goes on answering as long
    as nobody may read it who may not read the file. Where its sidecar or front matter is at fault it goes out: nobody
    knows then who may read it.
    """
    began = clock()
    home = home and _absolute(home)
    roots = [replace(root, path=_absolute(root.path), base=root.base and _absolute(root.base)) for root in roots]
    context = Context(names or Names(), principals, staff, part_b)
    with _alone(home, wait):
        former = _former(home) if reconcile else []
        if home and reconcile:
            _remember(home, [*former, *(root.path for root in roots)])
        entries = library.entries()
        todo = plan(entries, library.status().encoder, roots, former, context, home, allow_empty)
        library.remove(todo.gone)
        writer = _Writer(library, entries, todo, context, progress, clock, began)
        writer.run()
        if home and reconcile:
            _remember(home, [root.path for root in roots])
    return Summary(
        added=tuple(writer.added),
        changed=tuple(writer.changed),
        removed=tuple(sorted(source for source in [*todo.gone.values(), *writer.removed] if not is_part(source))),
        unchanged=todo.unchanged + writer.unchanged,
        refused=tuple(todo.refused[key] for key in sorted(todo.refused)),
        withheld=tuple(todo.withheld),
        passages=writer.passages,
        seconds=clock() - began,
        masked=tuple(sorted(writer.masked)),
    )


class _Writer:
    """Reads what the plan says, one process ahead of the encoder, and puts it in."""

    def __init__(
        self,
        library: Library,
        entries: Mapping[str, Entry],
        plan: Plan,
        context: Context,
        progress: Callable[[Progress], None] | None,
        clock: Callable[[], float],
        began: float,
    ) -> None:
        self._library, self._entries, self._plan, self._context = library, entries, plan, context
        self._progress, self._clock, self._began = progress, clock, began
        self._encoder = library.status().encoder
        self._sizes: dict[str, tuple[int, int]] = {}
        self._files = self._bytes = 0
        self._total = sum(found.size for found, _ in plan.todo)
        self.added: list[str] = []
        self.changed: list[str] = []
        self.removed: list[str] = []
        self.masked: list[tuple[str, int]] = []
        self.unchanged = self.passages = 0

    def run(self) -> None:
        """Do all of it."""
        if not self._plan.todo:
            return
        with closing(self._incoming()) as incoming:
            for document in self._library.put_many(incoming):
                size, passages = self._sizes.pop(document.id)
                self.passages += passages
                if not is_part(document.source):
                    (self.changed if document.id in self._entries else self.added).append(document.source)
                    self._done(size, document.file_name)

    def _incoming(self) -> Generator[Filed]:
        files = [(found.path, found.size, self._known(found, about)) for found, about in self._plan.todo]
        with closing(ahead(files)) as loads:
            for (found, about), loaded in zip(self._plan.todo, loads, strict=True):
                entry = self._entries.get(document_id(str(found.path)))
                try:
                    if isinstance(loaded, Unreadable):
                        raise loaded
                    if loaded is None:
                        self.unchanged += 1
                        self._library.touch(document_id(str(found.path)), found.size, found.modified)
                        self._done(found.size, found.path.name)
                        continue
                    documents = self._documents(found, loaded, loaded.digest[:32] + about)
                except Unreadable as error:
                    self._refuse(found, error, entry, content=error is loaded)
                    self._done(found.size, found.path.name)
                    continue
                left = part_b_of(str(found.path))
                if left in self._entries and left not in {filed.document.id for filed in documents}:
                    self._library.remove([left])
                self._tell(found.path.name)
                for filed in documents:
                    self._sizes[filed.document.id] = (found.size, len(filed.passages))
                    yield filed

    def _known(self, found: Found, about: str) -> str:
        """The digest of the file as the library has it, where nothing but the file itself may have changed."""
        entry = self._entries.get(document_id(str(found.path)))
        same = entry and entry.document.digest[32:] == about and entry.encoder == self._encoder
        return entry.document.digest[:32] if entry and same else ""

    def _documents(self, found: Found, loaded: Loaded, digest: str) -> list[Filed]:
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

    def _filed(self, found: Found, document: Document, pieces: Sequence[Piece], mark: str) -> Filed:
        if found.root.rule.mask:
            document, pieces = masked(document, list(pieces), self._context.masker)
        passages = [
            # The digest is in the id, so that a citation of the old text never opens the new one.
            Passage(f"{document.id}-{mark}-{at}", document.id, at, piece.text, piece.heading, piece.page, piece.header)
            for at, piece in enumerate(pieces)
        ]
        return Filed(document, passages, found.size, found.modified)

    def _refuse(self, found: Found, error: Unreadable, entry: Entry | None, *, content: bool) -> None:
        reason = str(error).rstrip(".") + "."
        if entry and content and covers(self._expected(found), entry.document.audience):
            reason += " The last version that could be read goes on answering."
        elif entry:
            self._library.remove([entry.document.id])
            self.removed.append(entry.document.source)
            reason += " It does not answer until that is mended."
        # Who may read its confidential part stands in the file, so nobody knows it now.
        self._library.remove(each for each in [part_b_of(str(found.path))] if each in self._entries)
        self._plan.refused[str(found.path)] = Refused(shown(found.path, found.root), reason)

    def _expected(self, found: Found) -> Audience:
        """Who may read this file, by its sidecar and its folder; by a sidecar that makes no sense, nobody known."""
        try:
            declared = from_sidecar(found.path, self._context.names, self._context.principals).audience
        except Unreadable:
            return Audience(frozenset({""}))
        return Audience(frozenset(declared)) if declared else found.root.rule.audience

    def _done(self, size: int, name: str) -> None:
        self._files += 1
        self._bytes += size
        self._tell(name)

    def _tell(self, name: str) -> None:
        if self._progress:
            seconds = self._clock() - self._began
            files = len(self._plan.todo)
            self._progress(Progress(self._files, files, self._bytes, self._total, self.passages, seconds, name))


def _absolute(path: Path) -> Path:
    return path.absolute().resolve()


def _alone(home: Path | None, wait: float) -> AbstractContextManager[object]:
    if home is None:
        return nullcontext()
    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / "sync.lock")
    try:
        return lock.acquire(timeout=wait)
    except Timeout as error:
        raise Busy from error


def _former(home: Path | None) -> list[Path]:
    """The roots of the last reconciling sync."""
    try:
        return [Path(each) for each in json.loads((home / "roots.json").read_text("utf-8"))] if home else []
    except (OSError, ValueError, TypeError):
        return []


def _remember(home: Path, roots: Sequence[Path]) -> None:
    fresh = home / "roots.json.new"
    fresh.write_text(json.dumps(sorted({str(root) for root in roots})), "utf-8")
    fresh.replace(home / "roots.json")
