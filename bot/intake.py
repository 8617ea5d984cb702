"""Which files belong to the library and who may read them: the trust file's folders, and what is named by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from bot.errors import Refusal
from bot.trust import Folder, Trust
from ingest.describe import FolderRule
from ingest.scan import Root
from ingest.sync import Busy, Progress, Summary, sync
from knowledge.library import Library
from knowledge.passages import EVERYONE, Audience, Names

WAIT_SECONDS = 5.0
TO_EVERYONE = (
    "There is no trust file, so these documents are readable by the operator of this machine and by everyone in the "
    "Slack workspace. Name an audience with --audience, or write a trust file."
)
TO_NOBODY_YET = (
    "There is no trust file that says who belongs to {audience!r}: until there is one, only the operator of this "
    "machine reads these documents."
)
NO_FOLDERS = "Name the files and folders to read in, or list folders under `library:` in the trust file."


class Intake:
    """Brings the library level with files."""

    def __init__(self, library: Library, trust: Trust | None, home: Path) -> None:
        self._library = library
        self._trust = trust
        self._home = home

    def roots(self) -> list[Root]:
        """The trust file's library folders with their rules."""
        if self._trust is None:
            return []
        return [Root((self._trust.folder / folder.path).resolve(), _rule(folder)) for folder in self._trust.library]

    def folders(self) -> list[Path]:
        """Where the trust file's library lies."""
        return [root.path for root in self.roots()]

    def level(
        self,
        *,
        allow_empty: bool = False,
        progress: Callable[[Progress], None] | None = None,
        wait: float = WAIT_SECONDS,
    ) -> Summary:
        """Bring the library level with all of the trust file's folders; nothing where it lists none."""
        roots = self.roots()
        return self._sync(roots, allow_empty, progress, wait, reconcile=True) if roots else Summary()

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
            return self.level(allow_empty=allow_empty, progress=progress), None
        roots = [self._root(path, audience) for path in paths]
        return self._sync(roots, allow_empty, progress, WAIT_SECONDS, reconcile=False), self._note(roots[0], audience)

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
            return sync(
                self._library,
                roots,
                names=self._trust.names if self._trust else Names(),
                principals=self._trust.principals if self._trust else None,
                home=self._home,
                reconcile=reconcile,
                allow_empty=allow_empty,
                wait=wait,
                progress=progress,
            )
        except Busy as busy:
            raise Refusal(str(busy)) from busy

    def _note(self, root: Root, audience: str | None) -> str | None:
        if self._trust is not None:
            return None
        if audience is None:
            return TO_EVERYONE
        return None if root.rule.audience == EVERYONE else TO_NOBODY_YET.format(audience=audience)

    def _root(self, path: Path, audience: str | None) -> Root:
        place = path.absolute().resolve()
        if audience is not None:
            return Root(place, FolderRule(self._audience(audience)))
        within = [root for root in self.roots() if place == root.path or place.is_relative_to(root.path)]
        if within:
            deepest = max(within, key=lambda root: len(root.path.parts))
            return Root(place, deepest.rule, deepest.path)
        if self._trust is not None:
            raise Refusal(
                f"{path} lies in none of the trust file's library folders, so say who may read it: --audience NAME "
                f"with one of {', '.join(self._trust.audiences)}."
            )
        return Root(place, FolderRule(EVERYONE))

    def _audience(self, name: str) -> Audience:
        if self._trust is not None:
            return self._trust.audience(name)
        try:
            return Audience.parse(name)
        except ValueError as error:
            raise Refusal("--audience names nobody. Write everyone, or the name of a school or a group.") from error


def _rule(folder: Folder) -> FolderRule:
    return FolderRule(Audience(frozenset(folder.audience)), folder.kind, folder.school, folder.status)
