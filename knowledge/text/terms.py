"""BM25 over the terms that each passage stores, limited to what the reader may read."""

from __future__ import annotations

import re
import threading
import unicodedata
import zlib
from collections import Counter
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"\d+(?:[.,:/]\d+)+|[a-z0-9]+(?:['’][a-z]+)?")
_PREFIX = re.compile(r"\b(e|co)-(?=[a-z])")
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th)$")
_FUNCTION_WORDS = (
    "a about above after again all also am an and any are as at be because been before being below between both but by "
    "can could did do does doing down during each few for from further get gets give given had has have having he her "
    "here hers him his how i if in into is it its itself just let me more most my myself of off on once only or other "
    "our ours out over own please same shall she should so some such than that the their theirs them then there these "
    "they this those through to too under until up us very was we were what when where which while who whom whose why "
    "will with would you your yours tell does many much"
)
STOP_WORDS = frozenset(_FUNCTION_WORDS.split())
_stemming = threading.Lock()


def words(text: str) -> list[str]:
    """The lower-case words and numbers of a text, function words included, in order."""
    folded = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    folded = "".join(c for c in folded if not unicodedata.combining(c)) if not folded.isascii() else folded
    return [_plain(word) for word in _WORD.findall(_PREFIX.sub(r"\1", folded))]


def _plain(word: str) -> str:
    if word[0].isdigit():
        if "," in word:
            word = word.replace(",", "")
        if word.endswith(".00"):
            word = word[:-3]
        return _ORDINAL.sub(r"\1", word)
    return word.partition("'")[0]


def terms(text: str) -> list[int]:
    """The stemmed terms of a text as 32-bit hashes, in order, function words left out."""
    return [_hash(word) for word in words(text) if word not in STOP_WORDS]


@lru_cache(maxsize=1 << 16)
def _hash(word: str) -> int:
    return zlib.crc32(_stem(word).encode())


def _stem(word: str) -> str:
    if word[0].isdigit():
        return word
    with _stemming:  # a stemmer keeps its word in itself
        return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


def pack_terms(text: str) -> bytes:
    """A passage's terms as they are stored: n sorted little-endian uint32 hashes, then n uint8 counts (at most 255)."""
    counts = Counter(terms(text))
    hashes = np.array(sorted(counts), dtype="<u4")
    return hashes.tobytes() + bytes(min(counts[int(each)], 255) for each in hashes)


def unpack_terms(blob: bytes) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """The hashes (uint32) and counts (uint8) of a packed blob, each of length n."""
    n = len(blob) // 5
    return np.frombuffer(blob, "<u4", n), np.frombuffer(blob, np.uint8, n, 4 * n)
