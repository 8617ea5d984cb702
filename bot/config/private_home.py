"""Keeps the home for the operator alone: its folders 0700, its files 0600, and so whatever this process makes."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

FOLDER, OTHERS = 0o700, 0o077
# What Trustbot itself makes. Documents that somebody keeps in the home are behind its door, and stay as they are.
OWN_FOLDERS = ("pulse", "chroma", "encoder", "spool")


def keep_private(home: Path) -> None:
    """Make the home where it is missing, close it and what Trustbot keeps in it to others, and let this process make
    nothing that others may read. What this user may not change is left: `open_to_others` finds it."""
    os.umask(OTHERS)
    with suppress(OSError):
        home.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    for path, mode in _open_to_others(home):
        with suppress(OSError):
            path.chmod(stat.S_IMODE(mode) & ~OTHERS)


def open_to_others(home: Path) -> list[Path]:
    """The home, if other users of this machine may enter it, and what of Trustbot's in it they may read or change."""
    return [path for path, _ in _open_to_others(home)]


def _open_to_others(home: Path) -> Iterator[tuple[Path, int]]:
    if os.name != "posix":
        return
    waiting = [home]
    while waiting:
        path = waiting.pop()
        try:
            mode = path.lstat().st_mode
            if stat.S_ISDIR(mode):
                if path.parent == home and not path.name.startswith(OWN_FOLDERS):
                    continue
                waiting += path.iterdir()
            elif not stat.S_ISREG(mode):
                continue
        except OSError:
            continue
        if mode & OTHERS:
            yield path, mode
