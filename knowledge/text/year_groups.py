"""Which year groups a text names, by number or by key stage."""

from __future__ import annotations

import re

_YEAR_GROUP = re.compile(
    r"\b(?:years?|yrs?|y)\s?(\d{1,2})(?:\s?(?:to|-|–|and|&|,|or)\s?(?:years?\s)?(\d{1,2})\b)?", re.IGNORECASE
)
_KEY_STAGE = re.compile(r"\b(?:ks|key stage)\s?([1-5])\b", re.IGNORECASE)
_STAGE_OF = {1: 1, 2: 1, 3: 2, 4: 2, 5: 2, 6: 2, 7: 3, 8: 3, 9: 3, 10: 4, 11: 4, 12: 5, 13: 5}


def classes(text: str) -> frozenset[int]:
    """The year groups that a text names, by number or by key stage."""
    found = set(years_named(text))
    stages = {int(match[1]) for match in _KEY_STAGE.finditer(text)}
    found.update(year for year, stage in _STAGE_OF.items() if stage in stages)
    return frozenset(found)


def years_named(text: str) -> frozenset[int]:
    """The year groups that a text names by number."""
    found: set[int] = set()
    for match in _YEAR_GROUP.finditer(text):
        first, last = int(match[1]), int(match[2] or match[1])
        found.update(range(first, min(last, 13) + 1) if first <= last else (first, last))
    return frozenset(found)
