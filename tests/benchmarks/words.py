"""Text for benchmarks: paragraphs of the sample trust, and passages whose vocabulary follows Zipf's law."""

from __future__ import annotations

import random
import re
from collections import Counter
from functools import cache
from itertools import accumulate
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = ROOT / "bot" / "demo" / "sample"
VOCABULARY = 40_000
_SYLLABLES = [c + v + e for c in "bdfglmnprstvw" for v in "aeiou" for e in ("", "n", "r", "st", "l")]


@cache
def paragraphs() -> tuple[str, ...]:
    """The sample library's own paragraphs, list items and table rows of twelve words and more, each once."""
    texts = [path.read_text("utf-8") for path in sorted([*SAMPLE.rglob("*.md"), *SAMPLE.rglob("*.txt")])]
    found = (re.sub(r"[*#|`>]+", " ", line).strip(" -") for text in texts for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in found if len(line.split()) >= 12))


@cache
def questions() -> tuple[str, ...]:
    """The questions of the evaluation on the sample trust."""
    cases = yaml.safe_load((ROOT / "tests" / "evaluation" / "questions.yaml").read_text("utf-8"))
    return tuple(case["question"] for case in cases)


class Zipf:
    """Draws words: the sample's own by their frequency, then a long tail of invented ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        known = Counter(re.findall(r"[a-z]+", " ".join(paragraphs()).lower()))
        words = [word for word, _ in known.most_common()]
        while len(words) < VOCABULARY:
            words.append("".join(self._random.choices(_SYLLABLES, k=self._random.randint(2, 4))))
        self._words = words
        self._weights = list(accumulate(1 / (rank + 2.7) ** 1.07 for rank in range(len(words))))

    def sentence(self, count: int) -> str:
        """One sentence of so many words."""
        return " ".join(self._random.choices(self._words, cum_weights=self._weights, k=count)).capitalize() + "."
