"""Loads the texts of this folder, strictly: a text without its name, version or fields is a fault of ours."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

FOLDER = Path(__file__).parent
_FRONT = re.compile(r"---\nname: (?P<name>[a-z]+)\nversion: (?P<version>[1-9]\d*)\n---\n(?P<text>.+)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A text with fields in braces; `digest` is the SHA-256 of it as it stands in its file, front matter apart."""

    name: str
    version: int
    text: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(name for _, name, _, _ in Formatter().parse(self.text) if name is not None)

    def filled(self, **values: object) -> str:
        """The text with its fields filled; a ValueError unless exactly these are its fields."""
        if self.fields != values.keys():
            raise ValueError(f"the prompt {self.name} has the fields {sorted(self.fields)}, not {sorted(values)}")
        return self.text.format(**values)


def names() -> list[str]:
    """The names of all texts, in order."""
    return sorted(path.stem for path in FOLDER.glob("*.md") if path.name != "README.md")


@cache
def load(name: str) -> Prompt:
    """The text with this name; a ValueError where its file is not as it must be."""
    path = FOLDER / f"{name}.md"
    found = _FRONT.match(path.read_text(encoding="utf-8"))
    if found is None or found["name"] != name:
        raise ValueError(f"{path.name} must begin with its name and version, between two lines of ---")
    return Prompt(name, int(found["version"]), found["text"])
