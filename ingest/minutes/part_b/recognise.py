"""Whether a heading may mean that what follows is confidential: exact words decide what is certain, weights the rest.

The weights are a logistic regression on words, pairs of words and stretches of letters, fitted by `training.py` to
headings made there; no list holds all the ways to head a Part B, and letters also catch a misspelt one.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import pairwise

LONGEST = 400
THRESHOLD = 0.3
"""From this probability on a heading closes. Low: one that is closed for nothing costs the chair a press."""

_DASHES = re.compile(r"[‐‑‒–—―−]")
_QUOTES = re.compile(r"[‘’´`]")
_NUMBERING = re.compile(
    r"^(?!part\b)(?:(?:agenda\s+|minute\s+)?item\s+|minute\s+)?[\[(]?(?:[a-z]{1,5}[ ./-])?\d{1,4}(?:[./]\d{1,4})*[a-z]?"
    r"[\])]?[\s.):-]+"
)
_LETTERED = re.compile(r"^b\s?[.-]?\s?\d{1,2}(?:\.\d{1,2})*[.):]?\s+(?=\w)")
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+")
_PART_1 = r"part\s*-?\s*(?:a|1|i|one)\b"
_NONE = re.compile(
    r"(?:^|[\s:|(-])(?:none|nil|n/a|no|nothing)(?:\s+(?:items?|business|matters?|issues?|to\s+(?:report|record|note)"
    r"|was|were|this\s+time|arising|confidential|part\s+(?:b|2|ii|two)|discussed|raised|recorded|declared))*[\s.)]*$"
    r"|\bthere\s+(?:was|were)\s+no(?:ne|thing)?\b"
)
_OPENS = re.compile(
    rf"^(?:minutes\s*[-:]?\s*)?{_PART_1}(?!.*\bpart\s*-?\s*(?:b|2|ii|two)\b)"
    r"(?!.*\bconfidential)"
    r"|\b(?:end|close|conclusion)\s+of\s+(?:the\s+)?(?:confidential|part\s+(?:b|2|ii|two)|closed|private|exempt"
    r"|in\s+camera|restricted|reserved)|(?:confidential|part\s+(?:b|2|ii|two))\s+(?:\w+\s+){0,2}(?:ends?|ended|closed|concluded)$"
    r"|\b(?:return(?:ed|s)?|resum\w+|back|re-?admi\w+|reconven\w+|re-?open\w*)\b.*\b(?:open|public|part\s+(?:a|1|i|one))\b"
    r"|^(?:open|public)\s+(?:session|meeting|part|business|section|minutes)\b"
    r"|^(?:non|not)\W*confidential\b"
)
_PART_2 = r"part\s*[-:]?\s*[\"'(]?(?:b|2|ii|two)\b"
_CLOSES = re.compile(
    rf"^(?:minutes\W+)?{_PART_2}(?!\s+of\b)|[(\[\-:/,]\s*{_PART_2}(?!\s+of\b)|\bpart\s+(?:b|ii)\W*$"
    rf"|{_PART_2}\W+(?:minutes?|items?|agenda|business|session|section|matters?|confidential|closed|private)\b"
    r"|\bin\s*-?\s*camera\b|\bin\s+private\b"
    r"|\b(?:closed|private|exempt|executive|non\W?public)\s+(?:session|sitting|minutes?|agenda|section|business|items?)\b"
    r"|\bclosed\s+(?:part|meeting|discussion)\b|\bnot\s+for\s+(?:publication|circulation|sharing)\b"
    r"|\b(?:strictly|highly)\s+private\b|\breserved\s+(?:business|items?|section|minutes?)\b|^reserved\s+matters\W*$"
    r"|\b(?:press|public)\b.{0,30}\bexcluded\b|\bexclusion\s+of\s+(?:the\s+)?(?:press|public)\b|\bpress\s+and\s+public\b|\bschedule\s+12a\b|\bsection\s+100a\b"
    r"|\bwithheld\b|\bcommercial\s+in\s+confidence\b|\b(?:taken|held|discussed)\s+in\s+confidence\b"
)
_CONFIDENTIAL = re.compile(
    r"\bconfidential\b(?!\s+(?:reporting|waste|shredding|paper\s+bins?|counsell|helpline|support))"
)
# "Non-confidential items", and the item at which it is settled what is to be confidential.
_NOT = re.compile(
    r"\b(?:non|not|no)\W{0,2}(?:[a-z]+\W){0,2}confidential\b"
    r"|\b(?:determin\w+|identif\w+|decid\w+|agree(?:ing)?)\b.{0,40}\bconfidential\b"
)


def may_close(heading: str) -> bool:
    """Whether what follows this heading is to be held closed until somebody who may says otherwise."""
    return score(heading) >= THRESHOLD


def opens(heading: str) -> bool:
    """Whether a heading certainly says that what follows is open: Part A, the end of a confidential section."""
    return bool(_OPENS.search(_level(heading)))


def says_nothing(heading: str) -> bool:
    """Whether it says in itself that there was nothing confidential."""
    return bool(_NONE.search(_level(heading)))


def score(heading: str) -> float:
    """How probable it is that a heading means something confidential, 0 to 1; exact words give 0 or 1."""
    text = _level(heading)
    bare = _NUMBERING.sub("", _NOT.sub(" ", text))
    if not text or _OPENS.search(bare) or _OPENS.search(text) or _NONE.search(text):
        return 0.0
    if _CLOSES.search(bare) or _CONFIDENTIAL.search(bare) or _LETTERED.match(text):
        return 1.0
    weights, bias = _weights()
    total = bias + sum(weights.get(feature, 0.0) for feature in set(features(heading)))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def features(heading: str) -> Iterator[str]:
    """What a heading is weighed by: its words, pairs of words, and stretches of four letters of longer words."""
    text = _level(heading)
    words = _TOKEN.findall(_NUMBERING.sub("", text))
    ends = ["^", *words, "$"]
    yield from words
    yield from (f"{one} {other}" for one, other in pairwise(ends))
    for word in words:
        if len(word) > 5:
            yield from (f"~{word[at : at + 4]}" for at in range(len(word) - 3))
    if len(words) > 7:
        yield "#long"


def _level(heading: str) -> str:
    """Small letters, single spaces, plain dashes and quotes, without marks of emphasis; spaced capitals joined."""
    text = _QUOTES.sub("'", _DASHES.sub("-", heading[:LONGEST])).replace("_", " ").replace("*", " ")
    text = re.sub(r"\b(?:[A-Za-z] ){3,}[A-Za-z]\b", lambda found: found.group().replace(" ", ""), text)
    return " ".join(text.casefold().split()).strip(" #>|•▪●○◦")


@cache
def _weights() -> tuple[dict[str, float], float]:
    stored = json.loads(files("ingest.minutes.part_b").joinpath("weights.json").read_text("utf-8"))
    return dict(stored["weights"]), float(stored["bias"])
