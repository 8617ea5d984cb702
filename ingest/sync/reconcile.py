"""Reconcile the library with its folders: what is new goes in, what changed is replaced, what is gone goes out."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.sync.held_closed import PartB, is_part
from ingest.sync.plan import KnownLibrary, Plan, SyncContext, plan, reader
from ingest.sync.scan import Refused, Root
from ingest.sync.writer import Progress as Progress
from ingest.sync.writer import Writer
from knowledge.library.library import Library
from knowledge.passages import Names


class Busy(Exception):
    """Another sync of this library is running. Wait until it is done, then try again."""

    def __str__(self) -> str:
        return str(self.__doc__)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a sync did, by source; `refused` files with their reasons; `withheld` says what was not deleted and why.

    `unfinished` are scans with how far they are read. `masked` names the files in which likely pupils' names were
    masked, with the number of places; `unlinked` those whose address is left out, with the address.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    refused: tuple[Refused, ...] = ()
    unfinished: tuple[Refused, ...] = ()
    withheld: tuple[str, ...] = ()
    passages: int = 0
    seconds: float = 0.0
    masked: tuple[tuple[str, int], ...] = ()
    unlinked: tuple[tuple[str, str], ...] = ()

    def then(self, later: Summary) -> Summary:
        """What two syncs did, one after the other."""
        added = (*self.added, *later.added)
        return replace(
            later,
            added=added,
            changed=tuple(dict.fromkeys(each for each in (*self.changed, *later.changed) if each not in added)),
            removed=tuple(sorted({*self.removed, *later.removed} - {*later.added, *later.changed})),
            unchanged=self.unchanged,
            passages=self.passages + later.passages,
            seconds=self.seconds + later.seconds,
            masked=tuple(sorted({*self.masked, *later.masked})),
            unlinked=tuple(sorted({*self.unlinked, *later.unlinked})),
        )

    @property
    def whole(self) -> bool:
        """Whether everything went in and nothing was held back."""
        return not self.refused and not self.withheld and not self.unfinished


def sync(
    library: Library,
    roots: Sequence[Root],
    *,
    names: Names | None = None,
    principals: Collection[str] | None = None,
    staff: Collection[str] = (),
    part_b: PartB | None = None,
    hosts: Collection[str] = (),
    home: Path | None = None,
    reconcile: bool = False,
    allow_empty: bool = False,
    wait: float = 0.0,
    progress: Callable[[Progress], None] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Summary:
    """Reconcile the library with these roots; documents that lie elsewhere are not touched.

    Each document goes in whole in one transaction, so a sync that is killed goes on where it was. With `reconcile`
    the roots are all that the trust has: documents of folders that were among them the last time go out. What
    vanished with a whole folder stays unless `allow_empty`. One sync at a time for each `home`: another waits up to
    `wait` seconds, then raises Busy.

    What fewer may read from now on, or has gone, is taken from them before anything is read, in one transaction, also
    while another sync reads, and again every few seconds while this one does.

    A file that could be read before and cannot now is refused, and its last good version goes on answering as long
    as nobody may read it who may not read the file. Where its sidecar or front matter is at fault it goes out: nobody
    knows then who may read it. A refused file is not read again until it or its reader changes, or it is named itself.
    Of a scan some pages are read each time; `Summary.unfinished` names those that have more.
    """
    began = clock()
    home = home and _absolute(home)
    roots = [replace(root, path=_absolute(root.path), base=root.base and _absolute(root.base)) for root in roots]
    listed = [root.path for root in roots]
    context = SyncContext(names or Names(), principals, staff, part_b, hosts)

    def look() -> tuple[KnownLibrary, Plan]:
        known = _known(library, again=not reconcile)
        todo = plan(known, roots, _former(home) if reconcile else [], context, home, allow_empty)
        # Before anything is read: whoever may not read a document any more does not wait for another to be read.
        library.restrict(todo.narrowed, todo.gone, todo.unlinked)
        library.log.forget(todo.forget)
        return known, todo

    with _alone(home, wait, look):
        if home and reconcile:
            _remember(home, [*_former(home), *listed])
        known, todo = look()
        writer = Writer(library, known, todo, context, lambda: look()[1], progress, clock, began)
        writer.run()
        if home and reconcile:
            _remember(home, listed)
    done = {*writer.added, *writer.changed}
    return Summary(
        added=tuple(writer.added),
        changed=tuple(writer.changed),
        removed=tuple(
            sorted(source for source in {*todo.gone.values(), *writer.removed} - done if not is_part(source))
        ),
        unchanged=todo.unchanged + writer.unchanged,
        refused=tuple(todo.refused[key] for key in sorted(todo.refused)),
        unfinished=tuple(writer.unfinished),
        withheld=tuple(todo.withheld),
        passages=writer.passages,
        seconds=clock() - began,
        masked=tuple(sorted(writer.masked)),
        unlinked=tuple(sorted(writer.unlinked)),
    )


def _known(library: Library, *, again: bool) -> KnownLibrary:
    entries, encoder, log = library.entries(), library.status().encoder, library.log
    return KnownLibrary(entries, encoder, log.refused(), log.scanned(), reader(), again)


def _absolute(path: Path) -> Path:
    return path.absolute().resolve()


def _alone(home: Path | None, wait: float, meanwhile: Callable[[], object]) -> AbstractContextManager[object]:
    """The one sync at a time; where another reads already, `meanwhile` comes before waiting for it."""
    if home is None:
        return nullcontext()
    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / "sync.lock")
    try:
        return lock.acquire(timeout=0)
    except Timeout:
        meanwhile()
    try:
        return lock.acquire(timeout=wait)
    except Timeout as error:
        raise Busy from error


def _former(home: Path | None) -> list[Path]:
    """The roots of the last reconciling sync."""
    try:
        return [Path(load) for load in json.loads((home / "roots.json").read_text("utf-8"))] if home else []
    except (OSError, ValueError, TypeError):
        return []


def _remember(home: Path, roots: Sequence[Path]) -> None:
    fresh = home / "roots.json.new"
    fresh.write_text(json.dumps(sorted({str(root) for root in roots})), "utf-8")
    fresh.replace(home / "roots.json")
