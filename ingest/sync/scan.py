"""Find the documents in the library's folders, without opening any."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.metadata.declared import SIDECAR
from ingest.metadata.describe import FolderRule
from ingest.readers.kinds import refused_by_name, suffix_of

_PASSED_OVER = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "__macosx", "@eadir", "$recycle.bin",
                          "system volume information", "node_modules"})  # fmt: skip
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
# The invisible joiner between two emoji, which makes one picture of them: a woman, a school, "teacher".
_JOINED_EMOJI = re.compile(
    "(?<=[\U0001f000-\U0001ffff\u2600-\u27bf\ufe0f])\u200d(?=[\U0001f000-\U0001ffff\u2640-\u27bf])"
)
_UNSEEN_NAME = "Its name holds characters that cannot be seen, or bytes that are no text. Rename it."
_UNFINISHED = (".tmp", ".part", ".crdownload", ".download", "~")


@dataclass(frozen=True, slots=True)
class Root:
    """A folder or a file of the library, and the rule for all that lies in it.

    `base` is the folder that the rule was made for, where `path` is only a part of it.
    """

    path: Path
    rule: FolderRule
    base: Path | None = None


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file as it lies: `size` in bytes, `modified` in seconds since 1970; `sidecar` says that one lies beside it."""

    path: Path
    root: Root
    size: int
    modified: float
    sidecar: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that did not go in, by the name that a person knows it by, and why."""

    name: str
    reason: str


@dataclass(slots=True)
class Scan:
    """What lies in the folders. `unreachable` are paths below which nothing is known to be gone."""

    found: dict[str, FoundFile] = field(default_factory=dict)
    refused: dict[str, Refused] = field(default_factory=dict)
    unreachable: list[Path] = field(default_factory=list)
    empty: list[Path] = field(default_factory=list)


def scan(roots: Sequence[Root], leave_out: Sequence[Path] = ()) -> Scan:
    """Look through all roots; a file that lies in several belongs to the deepest. Links are never followed."""
    result = Scan()
    places = {root.path for root in roots}
    for root in sorted(roots, key=lambda root: len(root.path.parts)):
        try:
            entry = root.path.stat()
        except (OSError, ValueError):
            result.unreachable.append(root.path)
            continue
        if stat.S_ISDIR(entry.st_mode):
            _folder(root, root.path, result, places | set(leave_out))
        elif problem := _named_badly(root.path.name):
            result.refused[str(root.path)] = Refused(shown(root.path, root), problem)
        else:
            sidecar = root.path.with_name(root.path.name + SIDECAR).exists()
            result.found[str(root.path)] = FoundFile(root.path, root, entry.st_size, entry.st_mtime, sidecar)
    return result


def within(paths: Sequence[Path], trust: Sequence[Root], rule: FolderRule) -> list[Root]:
    """The roots for looking at these paths only: by the trust's rules where they have one, else by `rule`.

    The trust's folders below a path are roots of their own, so that a wider rule never reaches into them.
    """
    roots: dict[Path, Root] = {}
    for path in (each.absolute().resolve() for each in paths):
        above = [root for root in trust if path == root.path or root.path in path.parents]
        nearest = max(above, key=lambda root: len(root.path.parts), default=None)
        roots[path] = Root(path, nearest.rule, nearest.path) if nearest else Root(path, rule)
        roots |= {root.path: root for root in trust if path in root.path.parents}
    return list(roots.values())


def shown(path: Path, root: Root) -> str:
    """A file's name from its root on, its control characters written out."""
    name = path.relative_to(root.path) if path != root.path and path.is_relative_to(root.path) else Path(path.name)
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in str(name))


def _folder(root: Root, folder: Path, result: Scan, others: set[Path]) -> None:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        result.unreachable.append(folder)
        reason = (
            f"This folder cannot be opened ({error.strerror}). What was read of it before stays. Check permissions."
        )
        result.refused[str(folder)] = Refused(shown(folder, root), reason)
        return
    if not entries:
        result.empty.append(folder)
    names = {entry.name for entry in entries}
    for entry in entries:
        if _passed_over(entry.name):
            continue
        path = folder / entry.name
        problem = _problem(entry, root)
        if problem is not None:
            if problem:
                result.refused[str(path)] = Refused(shown(path, root), problem)
        elif entry.is_dir(follow_symlinks=False):
            if path not in others:
                _folder(root, path, result, others)
        else:
            try:
                state = entry.stat(follow_symlinks=False)
            except OSError:
                result.unreachable.append(path)
                continue
            sidecar = entry.name + SIDECAR in names
            result.found[str(path)] = FoundFile(path, root, state.st_size, state.st_mtime, sidecar)


def _passed_over(name: str) -> bool:
    lower = name.lower()
    return name.startswith((".", "~$")) or lower in _PASSED_OVER or lower.endswith((*_UNFINISHED, SIDECAR, ".yml"))


def _has_unseen(name: str) -> bool:
    return any(unicodedata.category(character) in _UNSEEN for character in _JOINED_EMOJI.sub("", name))


def _named_badly(name: str) -> str | None:
    """Why a file of this name is not read, whatever is in it."""
    if _has_unseen(name):
        return _UNSEEN_NAME
    refused = refused_by_name(suffix_of(name))
    return str(refused) if refused else None


def _problem(entry: os.DirEntry[str], root: Root) -> str | None:
    """Why this entry is not read; empty where that needs no word."""
    if _has_unseen(entry.name):
        return _UNSEEN_NAME
    if entry.is_symlink():
        try:
            target = Path(entry.path).resolve(strict=True)
        except (OSError, RuntimeError):
            return "It is a link that leads nowhere. Put the file itself here."
        if target == root.path or root.path in target.parents:
            return ""
        return "It is a link to a place outside this folder. Put the file itself here."
    if not (entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False)):
        return "It is no file (a device, pipe or socket). Remove it."
    return _named_badly(entry.name) if entry.is_file(follow_symlinks=False) else None
