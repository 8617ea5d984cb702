"""Which files belong to the library and who may read them: the trust file's folders, and what is named by hand."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine

from bot.config.trust import CurrentTrust, Folder, Trust
from bot.errors import Refusal
from bot.library.reading_progress import LibraryReading
from bot.meetings.notes.part_b.folders import FolderPartB
from bot.trust.live import TRIES, UNSETTLED, LiveTrust, Superseded, steady
from ingest.metadata.describe import FolderRule
from ingest.sync.reconcile import Busy, Progress, Summary, sync
from ingest.sync.scan import Root, within
from knowledge.library.library import Library
from knowledge.passages import EVERYONE, Audience, Names

log = logging.getLogger(__name__)
WAIT_SECONDS = 5.0
T = TypeVar("T")
TO_EVERYONE = (
    "There is no trust file, so these documents are readable by the operator of this machine and by everyone in the "
    "Slack workspace. Name an audience with --audience, or write a trust file."
)
TO_NOBODY_YET = (
    "There is no trust file that says who belongs to {audience!r}: until there is one, only the operator of this "
    "machine reads these documents."
)
OUTSIDE = (
    "{path} lies in none of the trust file's library folders, so say who may read it: --audience NAME with one of "
    "{audiences}."
)
NO_FOLDERS = "Name the files and folders to read in, or list folders under `library:` in the trust file."


class Intake:
    """Reconciles the library with files."""

    def __init__(self, library: Library, trust: CurrentTrust | None, home: Path, engine: Engine | None = None) -> None:
        self._library = library.checked(trust.check) if isinstance(trust, LiveTrust) else library
        self._current = trust
        self._home = home
        self._engine = engine
        self.reading = LibraryReading(engine) if engine else None

    @property
    def _trust(self) -> Trust | None:
        return self._current.present if self._current else None

    def roots(self) -> list[Root]:
        """The trust file's library folders with their rules."""
        if self._trust is None:
            return []
        return [Root((self._trust.folder / folder.path).resolve(), _rule(folder)) for folder in self._trust.library]

    def folders(self) -> list[Path]:
        """Where the trust file's library lies."""
        return [root.path for root in self.roots()]

    def reconcile(
        self,
        *,
        allow_empty: bool = False,
        progress: Callable[[Progress], None] | None = None,
        wait: float = WAIT_SECONDS,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Summary:
        """Reconcile the library with all of the trust file's folders, and with those that it lists no more; nothing
        where there is no trust file. Long scans are read on until they are done, or until it is `stopped`."""

        def bring() -> Summary:
            return self._sync(self.roots(), allow_empty, progress, wait, reconcile=True) if self._trust else Summary()

        return self._shown_as_read(lambda: self._to_the_end(bring, stopped))

    def take(
        self,
        paths: Sequence[Path],
        audience: str | None = None,
        *,
        allow_empty: bool = False,
        progress: Callable[[Progress], None] | None = None,
    ) -> tuple[Summary, str | None]:
        """Read in these files and folders, or without any the trust file's library; also what to tell the operator.

        Within a folder of the trust file its rule holds; elsewhere the audience must be named, unless there is no
        trust file at all: then everyone may read.
        """
        if not paths:
            if not self.roots():
                raise Refusal(NO_FOLDERS)
            if audience is not None:
                raise Refusal("--audience goes with a PATH; the trust file says who may read its own folders.")
            return self.reconcile(allow_empty=allow_empty, progress=progress), None

        def bring() -> Summary:
            roots = within(paths, self.roots(), FolderRule(self._audience(paths, audience)))
            return self._sync(roots, allow_empty, progress, WAIT_SECONDS, reconcile=False)

        done = self._shown_as_read(lambda: self._to_the_end(bring))
        return done, self._note(FolderRule(self._audience(paths, audience)), audience)

    def _to_the_end(self, bring: Callable[[], Summary], stopped: Callable[[], bool] = lambda: False) -> Summary:
        """Sync until no scan has pages left, each time from the start, so that nothing new waits for a long scan."""
        whole, before = self._by_the_present(bring), None
        while whole.unfinished and whole.unfinished != before and not stopped():
            before = whole.unfinished
            whole = whole.then(self._by_the_present(bring))
        return whole

    def _shown_as_read(self, bring: Callable[[], T]) -> T:
        """What this brings in; while it does, nobody is told that something is not there."""
        if self.reading is None:
            return bring()
        self.reading.begin()
        try:
            return bring()
        finally:
            self.reading.end()

    def _notifying(self, progress: Callable[[Progress], None] | None) -> Callable[[Progress], None]:
        def tell(at: Progress) -> None:
            if self.reading:
                self.reading.at(at.files_total - at.files)
            if progress:
                progress(at)

        return tell

    def _by_the_present(self, bring: Callable[[], T]) -> T:
        """What this brings in, all of it by the one trust file that is in force until it is done."""
        for _ in range(TRIES):
            try:
                with steady(self._current):
                    return bring()
            except Superseded:
                log.warning("the trust file changed while documents were read in; they are looked at again")
        raise Refusal(UNSETTLED)

    def _sync(
        self,
        roots: Sequence[Root],
        allow_empty: bool,
        progress: Callable[[Progress], None] | None,
        wait: float,
        *,
        reconcile: bool,
    ) -> Summary:
        try:
            done = sync(
                self._library,
                roots,
                names=self._trust.names if self._trust else Names(),
                principals=self._trust.principals if self._trust else None,
                staff=self._trust.staff if self._trust else (),
                hosts=self._trust.links.hosts if self._trust else (),
                part_b=FolderPartB(self._trust, self._engine) if self._trust else None,
                home=self._home,
                reconcile=reconcile,
                allow_empty=allow_empty,
                wait=wait,
                progress=self._notifying(progress),
            )
            if done.masked:
                # Without their names: a file may be called after a pupil.
                log.warning(
                    "likely pupils' names were masked in %d documents; `trustbot ingest` names them", len(done.masked)
                )
            if done.unlinked:
                log.warning(
                    "the addresses of %d documents are left out; `trustbot ingest` names them and says why",
                    len(done.unlinked),
                )
            return done
        except Busy as busy:
            raise Refusal(str(busy)) from busy

    def _note(self, rule: FolderRule, audience: str | None) -> str | None:
        if self._trust is not None:
            return None
        if audience is None:
            return TO_EVERYONE
        return None if rule.audience == EVERYONE else TO_NOBODY_YET.format(audience=audience)

    def _audience(self, paths: Sequence[Path], name: str | None) -> Audience:
        """Who may read what lies outside the trust file's folders; a Refusal where that is not said, or said twice."""
        ruled = [path for path in paths if self._ruled(path.absolute().resolve())]
        if name is None:
            if self._trust is not None and len(ruled) < len(paths):
                path = next(each for each in paths if each not in ruled)
                raise Refusal(OUTSIDE.format(path=path, audiences=", ".join(self._trust.audiences)))
            return EVERYONE
        if ruled:
            raise Refusal(f"The trust file says who may read {ruled[0]}. Leave --audience out, or change it there.")
        if self._trust is not None:
            return self._trust.audience(name)
        try:
            return Audience.parse(name)
        except ValueError as error:
            raise Refusal("--audience names nobody. Write everyone, or the name of a school or a group.") from error

    def _ruled(self, place: Path) -> bool:
        return any(place.is_relative_to(folder) for folder in self.folders())


def _rule(folder: Folder) -> FolderRule:
    return FolderRule(Audience(frozenset(folder.audience)), folder.kind, folder.school, folder.status, folder.mask)
