"""Which words of two schools speak of the same thing: offers put beside asks, and what several schools share."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from knowledge.text.terms import terms

Encode = Callable[[Sequence[str]], NDArray[np.float32]]

# Fitted by eye to pairs of sentences that tests/digest/test_matching.py holds.
NEAR, NEAR_WITH_WORDS, WORDS, WORDS_ALONE, FEWEST = 0.5, 0.34, 0.2, 0.5, 2
_GIVES = "offer|host|share|lend|show|spare|mentor|welcome|release"
_DOES = "support|help|lead|train|give|run|teach|join|visit|cover|take"
_TO_OTHERS = r"\b(?:another|other|a second|any|all|your) schools?\b|\bothers\b|\bcolleagues\b|\bacross the trust\b"
_WILLING = r"(?:be\s+)?(?:able to |happy to |glad to |willing to |free to |ready to )?"
OFFERS = re.compile(
    rf"\b(?:we|our (?:[\w-]+\s+){{0,2}}[\w-]+)\s+(?:can|could|would|will|are|is)\s+(?:now\s+|also\s+|gladly\s+)?"
    rf"{_WILLING}"
    rf"(?:(?:{_GIVES})\b|(?:{_DOES})\b(?=.*(?:{_TO_OTHERS})))"
    rf"|\b(?:happy|glad|willing|able|ready) to (?:(?:{_GIVES})\b|(?:{_DOES})\b(?=.*(?:{_TO_OTHERS})))"
    r"|\b(?:other schools|colleagues|others|anybody|anyone|visitors) (?:are|is) welcome\b|\bwe offer\b|\bon offer\b",
    re.IGNORECASE,
)
_FRAME = frozenset(
    terms(
        "ask asks would like need needs help helped offer offers share happy can could school schools trust please "
        "support pupils children staff we our us other others another somebody anybody any advice know well welcome "
        "able lead teacher teachers team year term week weeks"
    )
)


def is_offer(sentence: str) -> bool:
    """Whether a sentence offers something to others."""
    return bool(OFFERS.search(sentence))


class Likeness:
    """How alike some sentences are: by the words they share, and by the encoder's vectors where there is one."""

    def __init__(self, sentences: Sequence[str], encode: Encode | None) -> None:
        self._terms = [frozenset(terms(each)) - _FRAME for each in sentences]
        self._vectors = encode(list(sentences)) if encode and len(sentences) > 1 else None

    def __call__(self, one: int, other: int) -> float:
        """0 where they speak of two things, else how near they are."""
        a, b = self._terms[one], self._terms[other]
        shared = len(a & b)
        overlap = shared / min(len(a), len(b)) if a and b else 0.0
        if self._vectors is None:
            return overlap if shared >= FEWEST and overlap >= WORDS_ALONE else 0.0
        near = float(np.dot(self._vectors[one], self._vectors[other]))
        alike = near >= NEAR or (near >= NEAR_WITH_WORDS and shared and overlap >= WORDS)
        return near + overlap if alike else 0.0


def clusters(owners: Sequence[str], alike: Likeness) -> list[list[int]]:
    """Groups of sentences that belong together and come from two owners at least, in their first one's order."""
    group = list(range(len(owners)))
    for one, other in combinations(range(len(owners)), 2):
        if owners[one] != owners[other] and group[one] != group[other] and alike(one, other):
            old = group[other]
            group = [group[one] if each == old else each for each in group]
    found: dict[int, list[int]] = {}
    for at, each in enumerate(group):
        found.setdefault(each, []).append(at)
    return [each for each in found.values() if len({owners[at] for at in each}) > 1]
