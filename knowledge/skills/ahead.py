"""Reads how far ahead a question looks: "this term", "in the next three months", "before Easter 2027"."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from knowledge.text.dates import find, month_end, months_after

USUAL = 92  # days, where nothing is said
_NUMBERS = {"": 1, "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "few": 3, "couple of": 2}
_NEXT_FEW = re.compile(
    r"(?:in|over|within|during) (?:the )?(?:next|coming) ?(?P<count>\d+|two|three|four|six|few|couple of)? ?"
    r"(?P<unit>week|month|year)s?",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"(?:(?:in|during|by|before|within) )?(?:the end of )?(?:the )?(?P<which>this|next|coming|end of) "
    r"(?P<unit>week|month|term|(?:school |academic )?year)",
    re.IGNORECASE,
)
_MONTHS = tuple(name.casefold() for name in calendar.month_name[1:])
_SOME = r"(?:(?P<before>before|until)|by|in|during)(?: the end of)? (?:the )?"
_CALLED = "|".join(f"{each}|{each[:3]}|{each[:4]}" for each in _MONTHS)
_MONTH = re.compile(rf"{_SOME}(?P<month>{_CALLED})", re.IGNORECASE)
_SEASON = re.compile(rf"{_SOME}(?P<season>christmas|summer)(?: (?:holidays?|break))?", re.IGNORECASE)
_SEASONS = {"christ": (12, 25), "summer": (7, 20)}
_TERM_ENDS = ((4, 15), (8, 31), (12, 31))


def until(said: str, today: date) -> date | None:
    """The last day that a phrase means, from this day on; three months for no phrase, None for one not understood."""
    text = said.strip(" ?.!,")
    if re.fullmatch(r"(?:soon|now|at the moment|currently|at present|next)?", text, re.IGNORECASE):
        return today + timedelta(days=USUAL)
    if match := _NEXT_FEW.fullmatch(text):
        count = _NUMBERS.get(match["count"] or "") or int(match["count"])
        return _after(today, count, match["unit"].lower())
    if match := _UNIT.fullmatch(text):
        return _end(match["which"].lower(), match["unit"].lower(), today)
    if match := _SEASON.fullmatch(text):
        return _next(*_SEASONS[match["season"].lower()[:6]], today, first=match["before"] is not None)
    if match := _MONTH.fullmatch(text):
        month = next(n for n, each in enumerate(_MONTHS, 1) if each.startswith(match["month"].casefold()))
        end = month_end(date(today.year + (month < today.month), month, 1))
        return end.replace(day=1) - timedelta(days=1) if match["before"] else end
    dates = find(text)
    if len(dates) == 1 and len(text) - (dates[0].stop - dates[0].begin) <= len("between now and the end of "):
        before = re.match(r"(?:before|until)\b", text, re.IGNORECASE)
        last = dates[0].start - timedelta(days=1) if before else dates[0].end
        return last if last >= today else None
    return None


def _next(month: int, number: int, today: date, *, first: bool) -> date:
    """The next day of this month and number, or the day before it."""
    day = date(today.year, month, number)
    day = day if day >= today else day.replace(year=today.year + 1)
    return day - timedelta(days=1) if first else day


def _after(today: date, count: int, unit: str) -> date:
    if unit == "week":
        return today + timedelta(weeks=count)
    return months_after(today, count * (12 if unit == "year" else 1))


def _end(which: str, unit: str, today: date) -> date:
    """The last day of the present week, month, term or school year, or of the next one."""
    first = _last_day(unit, today)
    return _last_day(unit, first + timedelta(days=1)) if which in ("next", "coming") else first


def _last_day(unit: str, today: date) -> date:
    if unit == "week":
        return today + timedelta(days=6 - today.weekday())
    if unit == "month":
        return month_end(today)
    if unit == "term":
        return next(end for month, day in _TERM_ENDS if (end := date(today.year, month, day)) >= today)
    if unit == "year":
        return date(today.year, 12, 31)
    return date(today.year + (today.month > 8), 8, 31)
