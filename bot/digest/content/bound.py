"""Whether a sentence that a model wrote says no more than its sources: the check before it may stand in a digest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.digest.model import Source
from knowledge.text.sentences import sentence_spans
from knowledge.text.terms import STOP_WORDS, terms, words

SHARED = 0.6
_NUMBERS = {
    word: str(value)
    for value, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
} | {"half": "half", "twice": "twice", "double": "double", "third": "3", "quarter": "quarter",
     "dozen": "12"}  # fmt: skip
_EVERY = {"all": "all", "every": "all", "each": "all", "most": "most", "none": "none", "nobody": "none",
          "everyone": "all", "everybody": "all", "always": "always", "never": "never", "only": "only"}  # fmt: skip
_NOT = re.compile(r"\b(?:not|no|never|without|cannot|none|neither|nor|lack\w*|fail\w*|\w+n['’]t)\b", re.IGNORECASE)
_NAME = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z'’-]*[A-Za-z]|\b[A-Z]\b(?!\.)")
_FIGURE = re.compile(r"\d+(?:[.,:/]\d+)*")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that a model wrote, and the sources (their refs) that it says it stands on."""

    text: str
    refs: tuple[str, ...]


def faults(sentence: Sentence, sources: Sequence[Source], names: Iterable[str] = ()) -> list[str]:
    """Why a sentence may not stand; empty when it may. `names` are names that count wherever they stand.

    It names its sources, is one sentence, shares most of its words with them and something with each of them, and every
    figure, quantity and name in it occurs in them; it denies where they deny.
    """
    own = {each.ref: each for each in sources}
    if not sentence.refs or not set(sentence.refs) <= own.keys():
        return ["it names no source, or one that was not given"]
    held = [own[ref] for ref in sentence.refs]
    text = " ".join(sentence.text.split())
    whole = "\n".join(f"{each.label}\n{each.text}" for each in held)
    found = [] if len(sentence_spans(text)) == 1 else ["it is not one sentence"]
    if missing := sorted(_figures(text) - _figures(whole)):
        found.append(f"figures that are in no source: {', '.join(missing)}")
    if missing := sorted(_quantities(text) - _quantities(whole)):
        found.append(f"quantities that are in no source: {', '.join(missing)}")
    if missing := sorted(_named(text, names) - _words(whole)):
        found.append(f"names that are in no source: {', '.join(missing)}")
    denies = [bool(_NOT.search(each.text)) for each in held]
    if _NOT.search(text) and not any(denies):
        found.append("it denies what no source denies")
    if not _NOT.search(text) and all(denies):
        found.append("it leaves out that the sources deny")
    said, given = set(terms(text)), set(terms(whole))
    if not said or len(said & given) < SHARED * len(said):
        found.append("most of its words are in no source")
    if any(not said & set(terms(each.text)) for each in held):
        found.append("it shares nothing with one of its sources")
    return found


def _figures(text: str) -> set[str]:
    digits = {each.replace(",", "").lstrip("0") or "0" for each in _FIGURE.findall(text)}
    return digits | {_NUMBERS[word] for word in words(text) if word in _NUMBERS and word != "one"}


def _quantities(text: str) -> set[str]:
    return {_EVERY[word] for word in words(text) if word in _EVERY}


def _named(text: str, names: Iterable[str]) -> set[str]:
    """The words that look like names, in lower case: all that are capitalised but a function word at the beginning,
    and the words of known names."""
    found = {word for match in _NAME.finditer(text) for word in words(match[0])}
    first = words(text)[:1]
    found -= {word for word in first if word in STOP_WORDS}
    lowered = f" {' '.join(words(text))} "
    for name in names:
        own = words(name)
        if own and f" {' '.join(own)} " in lowered:
            found.update(own)
    return found


def _words(text: str) -> set[str]:
    return set(words(text))
