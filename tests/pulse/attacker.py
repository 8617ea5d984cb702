"""Somebody who has copies of the home, made between any two commits, and wants to know who said what."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.pulse.sealed import sealing
from bot.pulse.sealed.answers import ANSWERS, WAITING

KEY = 32
HANDLE = 16
Row = tuple[Any, ...]


@dataclass
class Copy:
    """What one copy of the home holds: every table's rows, and everything that may be a key."""

    tables: dict[str, list[Row]]
    keys: set[bytes] = field(default_factory=set)

    @property
    def states(self) -> dict[str, str]:
        """What it says of each person."""
        return {row[1]: row[3] for row in self.tables.get("pulse_participation", ())}

    def opened(self, table: str, secrets: Sequence[bytes] = ()) -> list[bytes]:
        """What can be read of the sealed rows of a table, with any key that the copy holds, in any way."""
        found = []
        for row in self.tables.get(table, ()):
            sealed = next(value for value in reversed(row) if isinstance(value, bytes))
            found += [content for key in (*self.keys, *secrets) if (content := opened(key, sealed)) is not None][:1]
        return found


def opened(key: bytes, sealed: bytes) -> bytes | None:
    """The content of a sealed row, if this is its key."""
    try:
        framed = AESGCM(key).decrypt(sealed[:12], sealed[12:], None)
        return framed[2 : 2 + int.from_bytes(framed[:2])]
    except InvalidTag:
        pass
    for purpose in (ANSWERS, WAITING):
        try:
            return sealing.unseal(key, purpose, sealed)
        except (InvalidTag, ValueError):
            continue
    return None


def every_commit(home: Path, scratch: Path, name: str = "trustbot.sqlite") -> Iterator[Copy]:
    """The database as it was after each commit that its write-ahead log still holds: from one copy of the home."""
    log = (home / f"{name}-wal").read_bytes()
    if len(log) < 32:
        return
    size = struct.unpack(">I", log[8:12])[0]
    salt, place = log[16:24], 32
    while place + 24 + size <= len(log):
        frame = log[place : place + 24]
        place += 24 + size
        if frame[8:16] != salt:
            return
        if struct.unpack(">I", frame[4:8])[0]:
            scratch.mkdir(exist_ok=True)
            shutil.copy(home / name, scratch / name)
            (scratch / f"{name}-wal").write_bytes(log[:place])
            (scratch / f"{name}-shm").unlink(missing_ok=True)
            yield _read(scratch / name, home)


def now(home: Path, scratch: Path, name: str = "trustbot.sqlite") -> Copy:
    """The database as a copy of the home holds it at this moment."""
    scratch.mkdir(exist_ok=True)
    for end in ("", "-wal"):
        if (home / f"{name}{end}").exists():
            shutil.copy(home / f"{name}{end}", scratch / f"{name}{end}")
    (scratch / f"{name}-shm").unlink(missing_ok=True)
    return _read(scratch / name, home)


def _read(database: Path, home: Path) -> Copy:
    connection = sqlite3.connect(database)
    try:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = {name: connection.execute(f"SELECT * FROM '{name}'").fetchall() for name in names}
    finally:
        connection.close()
    values = {value for rows in tables.values() for row in rows for value in row if isinstance(value, bytes)}
    folder = home / "pulse"
    files = {path.read_bytes() for path in folder.iterdir()} if folder.exists() else set()
    return Copy(tables, {value for value in values | files if len(value) == KEY})


def changed(before: Copy, after: Copy) -> list[str]:
    """Every row that came, went or was changed between two copies, as text with its table's name."""
    found = []
    for name in before.tables.keys() | after.tables.keys():
        old, new = Counter(before.tables.get(name, ())), Counter(after.tables.get(name, ()))
        found += [f"{name} {row}" for row in ((old - new) + (new - old)).elements()]
    return found


def named(copies: Sequence[Copy], dice: random.Random, secrets: Sequence[bytes] = ()) -> dict[str, tuple[int, ...]]:
    """Whom the attacker takes to have said what: whoever's row changed since answers were last written said one of
    those that are new. `secrets` are handed to him where it is asked what he could do if he could read."""
    guessed: dict[str, tuple[int, ...]] = {}
    before, known, suspects = copies[0].states, Counter(copies[0].opened("pulse_answers", secrets)), set[str]()
    for copy in copies[1:]:
        states = copy.states
        suspects |= {person for person, state in states.items() if before.get(person) == "asked" != state}
        contents = Counter(copy.opened("pulse_answers", secrets))
        new = [tuple(json.loads(content[HANDLE:])[1]) for content in (contents - known).elements()]
        if new and suspects:
            dice.shuffle(new)
            guessed.update(zip(sorted(suspects), new, strict=False))
            suspects = set()
        before, known = states, contents
    return guessed


def right(guessed: dict[str, tuple[int, ...]], said: dict[str, Sequence[int]]) -> int:
    """How many of his guesses are right."""
    return sum(guess == tuple(int(choice) for choice in said.get(person, ())) for person, guess in guessed.items())
