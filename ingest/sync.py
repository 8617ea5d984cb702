"""Bring the library level with its folders: what is new goes in, what changed is replaced, what is gone goes out."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from queue import Queue
from threading import Event, Thread

from filelock import FileLock, Timeout

from ingest.aside import Aside, Loaded
from ingest.declared import from_sidecar, sidecar_of
from ingest.describe import describe, document_id
from ingest.reading import Unreadable
from ingest.scan import Found, Refused, Root, Scan, scan, shown
from knowledge.catalogue import Entry
from knowledge.library import Library
from knowledge.passages import EVERYONE_PRINCIPAL, Audience, Names, Passage
from knowledge.prepared import Filed

RULES = 1
"""Grows whenever files are read, split or described in another way, so that all are read again."""

_SUDDENLY = 10
_AHEAD = 24


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
    """What a sync did, by source; `refused` files with their reasons; `withheld` says what was not deleted and why."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    refused: tuple[Refused, ...] = ()
    withheld: tuple[str, ...] = ()
    passages: int = 0
    seconds: float = 0.0

    @property
    def whole(self) -> bool:
        """Whether everything went in and nothing was held back."""
        return not self.refused and not self.withheld


@dataclass(slots=True)
class _Plan:
    """What is to be done: files to read with their context, ids to remove, what is refused or held back already."""

    todo: list[tuple[Found, str]] = field(default_factory=list)
    gone: dict[str, str] = field(default_factory=dict)
    unchanged: int = 0
    refused: dict[str, Refused] = field(default_factory=dict)
    withheld: list[str] = field(default_factory=list)


def sync(
    library: Library,
    roots: Sequence[Root],
    *,
    names: Names | None = None,
    principals: Collection[str] | None = None,
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
    roots = [replace(root, path=_absolute(root.path), base=root.base and _absolute(root.base)) for root in roots]
    context = _Context(names or Names(), principals)
    with _alone(home, wait):
        former = _former(home) if reconcile else []
        if home and reconcile:
            _remember(home, [*former, *(root.path for root in roots)])
        entries = library.entries()
        plan = _plan(library, entries, roots, former, context, home, allow_empty)
        library.remove(plan.gone)
        writer = _Writer(library, entries, plan, context, progress, clock, began)
        writer.run()
        if home and reconcile:
            _remember(home, [root.path for root in roots])
    return Summary(
        added=tuple(writer.added),
        changed=tuple(writer.changed),
        removed=tuple(sorted([*plan.gone.values(), *writer.removed])),
        unchanged=plan.unchanged + writer.unchanged,
        refused=tuple(plan.refused[key] for key in sorted(plan.refused)),
        withheld=tuple(plan.withheld),
        passages=writer.passages,
        seconds=clock() - began,
    )


class _Context:
    """What a document's description rests on beside the file itself, as a hash."""

    def __init__(self, names: Names, principals: Collection[str] | None) -> None:
        self.names = names
        self.principals = principals
        told = {
            "rules": RULES,
            "trust": names.trust,
            "schools": {key: list(ways) for key, ways in names.schools.items()},
            "bodies": {key: list(ways) for key, ways in names.bodies.items()},
            "principals": sorted(principals) if principals is not None else None,
        }
        self._trust = json.dumps(told, sort_keys=True)
        self._rules: dict[tuple[Path, str], str] = {}

    def of(self, found: Found) -> str:
        """32 hexadecimal digits that change with the rule, the names or the sidecar."""
        base = found.root.base or found.root.path
        key = (found.root.path, str(found.path.parent))
        if key not in self._rules:
            rule = found.root.rule
            folder = os.path.relpath(found.path.parent, base) if found.path != base else ""
            told = f"{self._trust}\0{rule.audience.name}\0{rule.kind}\0{rule.school}\0{rule.status}\0{folder}"
            self._rules[key] = sha256(told.encode("utf-8", "surrogateescape")).hexdigest()[:32]
        if not found.sidecar:
            return self._rules[key]
        try:
            declared = sidecar_of(found.path).read_bytes()
        except OSError as error:
            declared = str(error.errno).encode()
        return sha256(self._rules[key].encode() + declared).hexdigest()[:32]


def _plan(
    library: Library,
    entries: Mapping[str, Entry],
    roots: Sequence[Root],
    former: Sequence[Path],
    context: _Context,
    home: Path | None,
    allow_empty: bool,
) -> _Plan:
    scanned = scan(roots, [_absolute(home)] if home else [])
    encoder = library.status().encoder
    plan = _Plan(refused=dict(scanned.refused))
    for source, found in scanned.found.items():
        about = context.of(found)
        entry = entries.get(document_id(source))
        if (
            entry
            and (entry.size, entry.modified) == (found.size, found.modified)
            and entry.document.digest[32:] == about
            and entry.encoder == encoder
        ):
            plan.unchanged += 1
        else:
            plan.todo.append((found, about))
    # A document that fewer may read from now on goes first.
    plan.todo.sort(key=lambda pair: not _narrowed(entries.get(document_id(str(pair[0].path))), pair[0]))
    _vanished(plan, scanned, entries, roots, former, allow_empty)
    return plan


def _narrowed(entry: Entry | None, found: Found) -> bool:
    return entry is not None and not _covers(found.root.rule.audience, entry.document.audience)


def _covers(audience: Audience, other: Audience) -> bool:
    """Whether everybody who may read by `other` may read by `audience`."""
    return EVERYONE_PRINCIPAL in audience.principals or other.principals <= audience.principals


def _vanished(
    plan: _Plan,
    scanned: Scan,
    entries: Mapping[str, Entry],
    roots: Sequence[Root],
    former: Sequence[Path],
    allow_empty: bool,
) -> None:
    """Decide which documents are gone, and which only seem to be because their folder is not there."""
    places = [root.path for root in roots]
    mine = [entry for entry in entries.values() if _below(entry.document.source, [*places, *former])]
    missing = {entry.document.id: entry.document.source for entry in mine if entry.document.source not in scanned.found}
    for place in scanned.unreachable:
        held = {key for key, source in missing.items() if _below(source, [place])}
        if place in places:
            if held and allow_empty:
                continue
            plan.refused[str(place)] = Refused(place.name, f"There is nothing at {place}, or it cannot be reached.")
        _hold(plan, missing, held, f"{place} cannot be reached")
    if not allow_empty:
        for place in places:
            _guard(plan, scanned, missing, mine, place, least=1, share=0.0)
            _guard(plan, scanned, missing, mine, place, least=_SUDDENLY, share=0.5)
        for place in scanned.empty:
            _guard(plan, scanned, missing, mine, place, least=_SUDDENLY // 2, share=0.0)
    plan.gone = missing


def _guard(
    plan: _Plan, scanned: Scan, missing: dict[str, str], mine: Sequence[Entry], place: Path, *, least: int, share: float
) -> None:
    """Hold back what seems gone from a place that has at most this share of its files left, if it had so many."""
    if not missing:
        return
    known = sum(_below(entry.document.source, [place]) for entry in mine)
    left = sum(_below(source, [place]) for source in scanned.found)
    if known >= least and left <= known * share:
        held = {key for key, source in missing.items() if _below(source, [place])}
        state = "is empty" if not left else f"has only {left} of {known} files left"
        _hold(plan, missing, held, f"{place} {state}")


def _hold(plan: _Plan, missing: dict[str, str], held: set[str], why: str) -> None:
    if held:
        for key in held:
            del missing[key]
        count = "1 document stays" if len(held) == 1 else f"{len(held)} documents stay"
        plan.withheld.append(f"{why}: {count} in the library. If that is meant, sync again with --allow-empty.")


def _below(source: str, places: Sequence[Path]) -> bool:
    return any(source == str(place) or source.startswith(f"{str(place).rstrip(os.sep)}{os.sep}") for place in places)


class _Writer:
    """Reads what the plan says, one process ahead of the encoder, and puts it in."""

    def __init__(
        self,
        library: Library,
        entries: Mapping[str, Entry],
        plan: _Plan,
        context: _Context,
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
        self.unchanged = self.passages = 0

    def run(self) -> None:
        """Do all of it."""
        if not self._plan.todo:
            return
        with closing(self._incoming()) as incoming:
            for document in self._library.put_many(incoming):
                size, passages = self._sizes.pop(document.id)
                (self.changed if document.id in self._entries else self.added).append(document.source)
                self.passages += passages
                self._done(size, document.file_name)

    def _incoming(self) -> Generator[Filed]:
        with closing(_ahead([(found, self._known(found, about)) for found, about in self._plan.todo])) as loads:
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
                    filed = self._filed(found, loaded, loaded.digest[:32] + about)
                except Unreadable as error:
                    self._refuse(found, error, entry, content=error is loaded)
                    self._done(found.size, found.path.name)
                    continue
                self._sizes[filed.document.id] = (found.size, len(filed.passages))
                self._tell(found.path.name)
                yield filed

    def _known(self, found: Found, about: str) -> str:
        """The digest of the file as the library has it, where nothing but the file itself may have changed."""
        entry = self._entries.get(document_id(str(found.path)))
        same = entry and entry.document.digest[32:] == about and entry.encoder == self._encoder
        return entry.document.digest[:32] if entry and same else ""

    def _filed(self, found: Found, loaded: Loaded, digest: str) -> Filed:
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
        passages = [
            # The digest is in the id, so that a citation of the old text never opens the new one.
            Passage(
                f"{document.id}-{digest[:8]}-{at}", document.id, at, piece.text, piece.heading, piece.page, piece.header
            )
            for at, piece in enumerate(loaded.pieces)
        ]
        return Filed(document, passages, found.size, found.modified)

    def _refuse(self, found: Found, error: Unreadable, entry: Entry | None, *, content: bool) -> None:
        reason = str(error).rstrip(".") + "."
        if entry and content and _covers(self._expected(found), entry.document.audience):
            reason += " The last version that could be read goes on answering."
        elif entry:
            self._library.remove([entry.document.id])
            self.removed.append(entry.document.source)
            reason += " It does not answer until that is mended."
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


def _ahead(files: Sequence[tuple[Found, str]]) -> Generator[Loaded | Unreadable | None]:
    """Each file as read (None: it is as it was known), in order, some of them read before they are asked for."""
    ready: Queue[Loaded | BaseException | None] = Queue(_AHEAD)
    stop = Event()

    def work() -> None:
        with Aside() as aside:
            for found, known in files:
                if stop.is_set():
                    return
                try:
                    ready.put(aside.load(found.path, found.size, known))
                except Unreadable as error:
                    ready.put(error)
                except BaseException as error:
                    ready.put(error)
                    return

    worker = Thread(target=work, name="reading-ahead", daemon=True)
    worker.start()
    try:
        for _ in files:
            result = ready.get()
            if isinstance(result, BaseException) and not isinstance(result, Unreadable):
                raise result
            yield result
    finally:
        stop.set()
        while worker.is_alive():
            while not ready.empty():
                ready.get_nowait()
            worker.join(0.05)


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
