"""What the safety model sees of a text: the clauses to look at, and the letters and words of each in hashed columns."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import sqrt

from knowledge.text.sentences import sentence_spans

LETTERS, WORDS = 8192, 8192
COLUMNS = LETTERS + WORDS
SHORT = 14  # words: a text of no more is looked at as a whole alone
FEWEST = 4  # words: a clause of fewer is joined to the next
MOST = 40  # pieces of one text, the first of them: a message has room for no more than some hundreds of words

_WORD = re.compile(r"[\w']+")
_JOINT = re.compile(
    r"[.!?]+\s+|[,;:–—]\s+|\s+[-–—]+\s+|\.{2,}\s*|\s+(?=(?:and|but|because|so|then|while|when)\s)", re.IGNORECASE
)


def plain(text: str) -> str:
    """The text in small letters, with straight apostrophes and single blanks."""
    return " ".join(re.sub(r"[‘’ʼ]", "'", text).casefold().split())


def columns(text: str) -> Mapping[int, float]:
    """The hashed columns of a text that are not nought: those of letters (runs of two to four within words) come
    first, then those of words (one and two in a row). Each half is of length one; a count goes in by its root."""
    words = _WORD.findall(plain(text))
    letters = _normed(Counter(zlib.crc32(run.encode()) % LETTERS for word in words for run in _runs(word)))
    pairs = [*words, *(f"{first} {second}" for first, second in pairwise(words))]
    spoken = _normed(Counter(zlib.crc32(pair.encode()) % WORDS for pair in pairs))
    return {**letters, **{LETTERS + column: value for column, value in spoken.items()}}


def pieces(text: str) -> list[str]:
    """The sentences of a longer text, their clauses, and any two clauses that follow each other, besides the text
    itself: what is told among other things is found in its own."""
    if len(text.split()) <= SHORT:
        return []
    found: list[str] = []
    for start, end in sentence_spans(text):
        sentence = text[start:end].strip()
        clauses = _clauses(sentence)
        pairs = [f"{first} {second}" for first, second in pairwise(clauses)]
        found += [sentence, *clauses, *pairs] if len(clauses) > 1 else [sentence]
    whole = text.strip()
    return [piece for piece in dict.fromkeys(found) if piece != whole][:MOST]


def _clauses(sentence: str) -> list[str]:
    joined: list[str] = []
    waiting = ""
    for part in _JOINT.split(sentence):
        waiting = f"{waiting} {part}".strip()
        if len(waiting.split()) >= FEWEST:
            joined.append(waiting)
            waiting = ""
    if waiting and joined:
        joined[-1] = f"{joined[-1]} {waiting}"
    return joined


def _runs(word: str) -> Iterator[str]:
    padded = f" {word} "
    for length in (2, 3, 4):
        for start in range(len(padded) - length + 1):
            yield padded[start : start + length]


def _normed(counts: Counter[int]) -> dict[int, float]:
    # The sum of the counts is the square of the length, as each goes in by its root.
    length = sqrt(counts.total()) or 1.0
    return {column: sqrt(count) / length for column, count in counts.items()}
