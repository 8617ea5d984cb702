"""Reads the trust's proper names out of a question: its schools and its committees, by any form of their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from knowledge.passages import Names, Reader

_GENERIC_WORDS = (
    "primary junior infant infants secondary nursery first middle high upper lower community school schools academy "
    "college trust church of england ce cofe c e rc catholic voluntary aided controlled special the and st saint"
)
_GOVERNING = re.compile(r"(?:full )?governing (?:body|board)", re.IGNORECASE)
_GOVERNORS = (
    "Full Governing Body",
    "Full Governing Board",
    "Governing Body",
    "Governing Board",
    "full governors",
    "FGB",
    "fgb",
)
_GENERIC = frozenset(_GENERIC_WORDS.split())


def schools(text: str, names: Names) -> dict[str, str]:
    """The schools that a text names: id -> the words that name it there."""
    return _named(text, _school_forms, names.schools)


def bodies(text: str, names: Names) -> dict[str, str]:
    """The committees and teams that a text names: id -> the words that name it there."""
    return _named(text, _body_forms, names.bodies)


def own_school(reader: Reader, names: Names) -> str | None:
    """The one school that every member of this reader belongs to, and to no other; None where there is none such."""
    found = [member & names.schools.keys() for member in reader.members]
    first = next(iter(found), None)
    return next(iter(first)) if first and len(first) == 1 and all(each == first for each in found) else None


def _school_forms(name: str) -> list[str]:
    """A school's name and what is left of it without the words that schools share."""
    kept = [word for word in name.split() if word.lower().strip(".&") not in _GENERIC]
    return [name, " ".join(kept)] if kept and len(kept[0]) > 2 else [name]


def _body_forms(name: str) -> list[str]:
    """A committee's name and its initials; the whole governing body is called by its own short forms as well."""
    if _GOVERNING.fullmatch(name):
        return [name, *_GOVERNORS]
    initials = "".join(word[0] for word in name.split() if word[0].isupper())
    return [name, initials] if len(initials) > 2 else [name]


@lru_cache(maxsize=64)
def _patterns(
    forms: Callable[[str], list[str]], names: tuple[tuple[str, tuple[str, ...]], ...]
) -> tuple[tuple[str, re.Pattern[str]], ...]:
    patterns = []
    for key, ways in names:
        written = "|".join(
            # A short word may be an ordinary one (Hope, Park, FAC): it is a name only with its capital.
            rf"(?-i:{re.escape(form)})" if " " not in form and len(form) < 6 else re.escape(form).replace(r"\ ", r"\s+")
            for form in sorted({each for way in ways for each in forms(way)}, key=lambda each: (-len(each), each))
        )
        patterns.append((key, re.compile(rf"(?<!\w)(?:{written})(?!\w)", re.IGNORECASE)))
    return tuple(patterns)


def _named(text: str, forms: Callable[[str], list[str]], names: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The ids that a text names, with the words; a longer name hides the shorter ones within it."""
    if not text or not names:
        return {}
    found: list[tuple[int, int, str]] = []
    for key, pattern in _patterns(forms, tuple(names.items())):
        found.extend((match.start(), match.end(), key) for match in pattern.finditer(text))
    return {
        key: text[start:end]
        for start, end, key in found
        if not any(s <= start and end <= e and (e - s) > (end - start) for s, e, _ in found)
    }
