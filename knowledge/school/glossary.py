"""The abbreviations and terms of English schools, explained in our own words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter

FILE = Path(__file__).with_name("glossary.yaml")
LEAST_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Term:
    """A term, other ways to write it, and what it means: a sentence without its first capital and its full stop."""

    term: str
    means: str
    also: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """All ways to write it, itself first."""
        return (self.term, *self.also)

    def explained(self, written: str) -> str:
        """What it means, for somebody who reads it written in this way; an abbreviation is spelt out first."""
        means = re.sub(rf"^(?:the )?{re.escape(written)}:\s+", "", self.means, flags=re.IGNORECASE)
        letters = written.casefold().rstrip("s")
        for way in self.also:
            initials = "".join(part[0] for part in re.split(r"[\s-]+", way) if part).casefold()
            if initials == letters and " " in way and way.casefold() not in means.casefold():
                return f"{written} ({way}): {means}."
        return f"{written}: {means}."


@lru_cache(maxsize=1)
def glossary() -> tuple[Term, ...]:
    """All terms, in the order of the file; a ValueError where the file is not as it must be."""
    return tuple(TypeAdapter(list[Term]).validate_python(yaml.safe_load(FILE.read_text(encoding="utf-8"))))


def term_of(said: str) -> Term | None:
    """The entry that somebody means who writes this alone, in capitals or not."""
    wanted = " ".join(said.split()).casefold().strip("\"'“”‘’ .?!")
    return _by_way().get(wanted) or _by_way().get(wanted.removesuffix("s"))


def used_in(texts: Iterable[str]) -> list[tuple[str, Term]]:
    """The terms that these texts use, each once with the way in which it is first written there, in their order.

    An abbreviation counts only in its own capitals, and one of two letters not at all: it may be a person's initials.
    """
    joined = "\n".join(texts)
    found: dict[str, tuple[int, int, str, Term]] = {}
    for way, each in _by_written():
        if match := _pattern(way).search(joined):
            known = found.get(each.term)
            if known is None or match.start() < known[0]:
                found[each.term] = (match.start(), match.end(), match.group(), each)
    inside = list(found.values())
    return [
        (written, each)
        for start, end, written, each in sorted(inside, key=lambda one: one[0])
        if not any(a <= start and end <= b and b - a > end - start for a, b, _, _ in inside)
    ]


@lru_cache(maxsize=1)
def _by_way() -> dict[str, Term]:
    return {way.casefold(): each for each in reversed(glossary()) for way in reversed(each.spellings)}


@lru_cache(maxsize=1)
def _by_written() -> tuple[tuple[str, Term], ...]:
    return tuple((way, each) for each in glossary() for way in each.spellings if len(way) >= LEAST_LETTERS)


@lru_cache(maxsize=1024)
def _pattern(way: str) -> re.Pattern[str]:
    exact = any(letter.isupper() for letter in way[1:])
    written = re.escape(way).replace(r"\ ", r"\s+").replace("'", "['’]")
    if way.isupper():
        # CPOMS is often written CPOMs, and two EHCPs are still that.
        written = f"{written[:-1]}[Ss]" if way.endswith("S") else f"{written}s?"
    return re.compile(rf"(?<![\w-]){written}(?![\w-])", 0 if exact else re.IGNORECASE)
