"""British dates as people write them, in text and in file names."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name[:3]: number for name, number in list(_MONTHS.items())} | {"sept": 9}
_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_GAP = r"[\s,_./-]*"
_DAY = r"(?P<day>[0-3]?\d)\s*(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19[89]|20[0-6])\d)"
_SHORT = r"(?P<year>\d\d)"
_TO = r"\s*(?:-|–|—|/|to|_)\s*"

# Cells of a table can arrive glued: 28/09/202023/11/2020.
_END = r"(?!\d(?!\d?/\d))"

_FORMS = tuple(
    re.compile(rf"(?<!\d){form}{_END}", re.IGNORECASE)
    for form in (
        rf"{_YEAR}(?P<sep>[-/._])(?P<number>[01]?\d)(?P=sep)(?P<day>[0-3]?\d)",
        rf"{_DAY}{_GAP}(?:of\s+)?{_MONTH}{_GAP}{_YEAR}",
        rf"{_DAY}(?P<sep>[-./_]|\s*'|\s*’){_MONTH}(?:[-./_]|\s*'|\s*’){_SHORT}",
        rf"\b{_MONTH}\s*{_DAY}\s*,?\s+{_YEAR}",
        rf"(?P<day>[0-3]?\d)(?P<sep>[-/._])(?P<number>[01]?\d)(?P=sep){_YEAR}",
        rf"(?P<day>[0-3]?\d)(?P<sep>[-/._])(?P<number>[01]?\d)(?P=sep){_SHORT}",
        rf"\b(?P<term>autumn|spring|summer){_GAP}(?:term)?{_GAP}{_YEAR}(?:{_TO}(?P<last>(?:20)?\d\d))?",
        rf"\b{_MONTH}{_GAP}{_YEAR}",
        rf"\b{_MONTH}(?:-|/|\s?'|\s?’){_SHORT}",
        rf"{_YEAR}{_TO}(?P<last>(?:19|20)?\d\d)",
        _YEAR,
    )
)
# Only in file names, where a run of digits is hardly anything but a date.
_NAME_FORMS = tuple(
    re.compile(rf"(?<!\d){form}(?!\d)", re.IGNORECASE)
    for form in (
        rf"{_YEAR}(?P<number>[01]\d)(?P<day>[0-3]\d)",
        rf"(?P<day>[0-3]\d)(?P<number>[01]\d){_YEAR}",
        rf"{_YEAR}\s(?P<number>[01]\d)\s(?P<day>[0-3]\d)",
        rf"(?!2008-09|2009-10|2010-11|2011-12){_YEAR}-(?P<number>0[1-9]|1[0-2])(?!-)",
        rf"{_DAY}\s+{_MONTH}\s+{_SHORT}",
        rf"(?P<day>[0-3]?\d)(?P<sep>[\s])(?P<number>[01]?\d)(?P=sep){_SHORT}",
        rf"(?P<day>[0-3]?\d)(?P<sep>[\s])(?P<number>[01]?\d)(?P=sep){_YEAR}",
        rf"\b{_MONTH}\s+{_SHORT}",
        r"(?P<year>[12]\d)[-/_\s](?P<last>[12]\d)",
    )
)
_SIX = re.compile(r"(?<!\d)(\d\d)(\d\d)(\d\d)(?!\d)")
_TERMS = {"autumn": ((9, 1), (12, 31)), "spring": ((1, 1), (4, 15)), "summer": ((4, 16), (8, 31))}


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a text names, both ends included: one day, a month, a term, a school year or some years.

    `begin` and `stop` are the place in the text.
    """

    start: date
    end: date
    begin: int = 0
    stop: int = 0

    @property
    def words(self) -> str:
        """The period as a person would write it."""
        first, last = self.start, self.end
        if first == last:
            return f"{first.day} {calendar.month_name[first.month]} {first.year}"
        if (first.day, (first.year, first.month)) == (1, (last.year, last.month)):
            return f"{calendar.month_name[first.month]} {first.year}"
        for term, (start, end) in _TERMS.items():
            if ((first.month, first.day), (last.month, last.day)) == (start, end) and first.year == last.year:
                return f"{term} {first.year}"
        return str(first.year) if first.year == last.year else f"{first.year}-{last.year}"

    @property
    def is_year(self) -> bool:
        """Whether only a year or some years are known."""
        return (self.end - self.start).days > 200


def find(text: str) -> list[Period]:
    """All dates written in a text, in order, days before months before years where they overlap.

    The order is British: 5/4/21 is the fifth of April. A two-digit year is of this century, from 70 of the last.
    """
    return _search(text, _FORMS)


def in_name(stem: str, latest: int = 2035) -> list[Period]:
    """All dates in a file name without its ending; runs of digits count, when they can be read in one way only.

    `latest` is the last year that a two-digit year may mean there. Six digits that are a date both ways round (year
    first, day first) are left out: `ambiguous` has them.
    """
    text = re.sub(r"[_]+", " ", stem)
    found = _search(text, (*_NAME_FORMS[:4], *_FORMS[:-2], *_NAME_FORMS[4:], *_FORMS[-2:]))
    for match in _SIX.finditer(text):
        ways = _six(match, latest)
        if len(ways) == 1:
            found.append(ways[0])
    return sorted(_apart(found), key=lambda period: period.begin)


def ambiguous(stem: str, latest: int = 2035) -> list[Period]:
    """The two readings of six digits in a file name that could be year first or day first."""
    return [way for match in _SIX.finditer(stem) if len(ways := _six(match, latest)) > 1 for way in ways]


def _search(text: str, forms: tuple[re.Pattern[str], ...]) -> list[Period]:
    found: list[Period] = []
    if not re.search(r"\d\d", text):
        return found
    taken = bytearray(len(text))
    for form in forms:
        for match in form.finditer(text):
            if not any(taken[match.start() : match.end()]):
                # Taken also when there is no such day: the 2021 of 31/02/2021 is no date either.
                taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
                if period := _period(match):
                    found.append(period)
    return sorted(found, key=lambda period: period.begin)


def _apart(found: list[Period]) -> list[Period]:
    kept: list[Period] = []
    for period in sorted(found, key=lambda each: each.begin - each.stop):
        if all(period.stop <= other.begin or period.begin >= other.stop for other in kept):
            kept.append(period)
    return kept


def _period(match: re.Match[str]) -> Period | None:
    part = match.groupdict()
    year = _century(int(part["year"]))
    month = _MONTHS[part["month"].lower()] if part.get("month") else int(part.get("number") or 0)
    try:
        if part.get("term"):
            return _term(part["term"].lower(), year, part.get("last"), match)
        if part.get("last"):
            return _years(year, part["last"], match)
        if part.get("day"):
            day = date(year, month, int(part["day"]))
            return Period(day, day, match.start(), match.end())
        if month:
            end = calendar.monthrange(year, month)[1]
            return Period(date(year, month, 1), date(year, month, end), match.start(), match.end())
    except ValueError:
        return None
    return Period(date(year, 1, 1), date(year, 12, 31), match.start(), match.end())


def _century(year: int) -> int:
    return year if year > 99 else year + (2000 if year < 70 else 1900)


def _term(term: str, year: int, last: str | None, match: re.Match[str]) -> Period:
    # "Spring 2022/23" is the spring of that school year, so of 2023.
    if last and term != "autumn":
        year += 1
    first, final = _TERMS[term]
    return Period(date(year, *first), date(year, *final), match.start(), match.end())


def _years(year: int, last: str, match: re.Match[str]) -> Period | None:
    end = int(last) if len(last) == 4 else year // 100 * 100 + int(last)
    if end == year + 1:
        return Period(date(year, 9, 1), date(end, 8, 31), match.start(), match.end())
    if not 1 < end - year <= 10:
        return None
    return Period(date(year, 1, 1), date(end, 12, 31), match.start(), match.end())


def _six(match: re.Match[str], latest: int) -> list[Period]:
    first, middle, last = (int(part) for part in match.groups())
    ways: list[Period] = []
    for year, day in ((first, last), (last, first)):
        # A file of before 2008 is in no library of today.
        if 2008 <= 2000 + year <= latest:
            try:
                when = date(2000 + year, middle, day)
            except ValueError:
                continue
            if all(when != way.start for way in ways):
                ways.append(Period(when, when, match.start(), match.end()))
    return ways


def months_after(day: date, count: int) -> date:
    """The same day so many months later (earlier for less than none), or the last of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    """The last day of a day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
