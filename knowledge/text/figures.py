"""Reads the figures out of a sentence: amounts, shares, lengths of time, times of day, dates, numbers of things."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UP_TO_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}
_WORDS = {word: number for number, word in enumerate(_UP_TO_TWENTY.split())} | _TENS
_NUMBER = r"(\d[\d,]*(?:\.\d+)?|" + "|".join(_WORDS) + r")"
_MONTH_NAMES = "january february march april may june july august september october november december"
_MONTHS = _MONTH_NAMES.split()
_MONEY = re.compile(r"£\s?(\d[\d,]*(?:\.\d+)?)( ?(?:million|m\b|k\b))?", re.IGNORECASE)
_SHARE = re.compile(rf"\b{_NUMBER} ?(?:%|per ?cent\b)", re.IGNORECASE)
_SPAN = re.compile(
    rf"\b{_NUMBER}(?:[- ](?:clear|full|whole|consecutive))?[- ](school|working|calendar)?[- ]?(day|week|month|"
    r"year|hour|minute|night)s?\b(?! old)",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(\d{1,2})(?:[.:](\d\d))? ?(am|pm|a\.m\.|p\.m\.)|\b(\d{1,2}):(\d\d)\b|\b(noon|midday)\b", re.IGNORECASE
)
_DATE = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)? ({'|'.join(_MONTHS)})(?: (\d{{4}}))?", re.IGNORECASE)
_THINGS = re.compile(
    rf"\b{_NUMBER} (?:or more |or fewer )?(pupils?|children|governors?|trustees?|members?|adults?|staff|"
    r"meetings?|visits?|quotes?|quotations?|sessions?|"
    r"copies|times|miles)\b",
    re.IGNORECASE,
)


_PATTERNS = (
    ("money", _MONEY), ("share", _SHARE), ("span", _SPAN), ("time", _TIME), ("date", _DATE), ("thing", _THINGS),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: what it measures ("money", "share", "day", "time", "date", "pupil" …), its value, and how it is
    written. Values of one measure compare; `what` of days names school, working or calendar days where said."""

    measure: str
    value: float
    written: str
    what: str = ""


def figures(sentence: str) -> list[Figure]:
    """The figures of a sentence, in order."""
    found = [
        (match.start(), _read(measure, match)) for measure, pattern in _PATTERNS for match in pattern.finditer(sentence)
    ]
    return [each for _, each in sorted(found, key=lambda pair: pair[0])]


def _read(measure: str, match: re.Match[str]) -> Figure:
    written = match.group().strip()
    if measure == "money":
        scale = {"million": 1e6, "m": 1e6, "k": 1e3}.get((match[2] or "").strip().casefold(), 1.0)
        return Figure(measure, _value(match[1]) * scale, written)
    if measure == "span":
        return Figure(match[3].casefold(), _value(match[1]), written, (match[2] or "").casefold())
    if measure == "time":
        return Figure(measure, _minutes(match), written)
    if measure == "date":
        return Figure(measure, (_MONTHS.index(match[2].casefold()) + 1) * 100 + int(match[1]), written)
    if measure == "thing":
        return Figure(match[2].casefold().rstrip("s"), _value(match[1]), written)
    return Figure(measure, _value(match[1]), written)


def without(sentence: str) -> str:
    """The sentence without its figures, for comparing what it is about; what is counted stays."""
    for _, pattern in _PATTERNS[:-1]:
        sentence = pattern.sub(" ", sentence)
    return _THINGS.sub(lambda match: f" {match[2]} ", sentence)


def _value(said: str) -> float:
    word = said.casefold()
    return float(_WORDS[word]) if word in _WORDS else float(said.replace(",", ""))


def _minutes(match: re.Match[str]) -> float:
    if match[6]:
        return 720.0
    if match[4]:
        return int(match[4]) * 60.0 + int(match[5])
    hour = int(match[1]) % 12 + (12 if match[3].casefold().startswith("p") else 0)
    return hour * 60.0 + int(match[2] or 0)
