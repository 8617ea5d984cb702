"""Reads the time that "what changed since …" looks back over."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.skills.documents.description import day
from knowledge.text.dates import find, months_after

_MONTHS = [name.casefold() for name in calendar.month_name]
_DAYS = [name.casefold() for name in calendar.day_name]
_NUMBERS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "few": 3, "couple of": 2}
_LAST_FEW = re.compile(
    r"(?:the )?(?:last|past) (?P<count>\d+|two|three|four|five|six|few|couple of)? ?(?P<unit>day|week|month|year)s?",
    re.IGNORECASE,
)
_MONTH_ALONE = re.compile(rf"(?:last )?(?P<month>{'|'.join(_MONTHS[1:])})", re.IGNORECASE)
_DAY_ALONE = re.compile(rf"(?:last )?(?P<day>{'|'.join(_DAYS)})", re.IGNORECASE)
_TERM = re.compile(
    r"(?:the )?(?:start|beginning) of (?:the |this )?"
    r"(?P<what>(?:school |academic )?year|(?:(?:autumn|spring|summer) )?term)"
    r"|(?P<season>the summer(?: holidays?)?|christmas|easter)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Span:
    """The days from `start` to `end`, both included, and how they are said ("since 1 January 2026")."""

    start: date
    end: date | None
    words: str


def span(said: str, today: date) -> Span | None:
    """The time that a phrase such as "since January" means on this day; None where it is not understood."""
    text = re.sub(r"^(?:in|over)\s+", "", said.strip(" ?.!").casefold())
    if text.startswith("since "):
        start = _begin(text.removeprefix("since ").strip(), today)
        return Span(start, None, f"since {day(start)}") if start and start <= today else None
    if re.fullmatch(r"this (?:week|month|(?:school |academic )?year|term)", text):
        start = _this(text.removeprefix("this "), today)
        return Span(start, None, f"since {day(start)}")
    if match := _LAST_FEW.fullmatch(text):
        start = _back(match["count"] or "one", match["unit"], today)
        return Span(start, None, f"since {day(start)}")
    return None


def _begin(text: str, today: date) -> date | None:
    dates = find(text)
    if len(dates) == 1 and len(text) - (dates[0].stop - dates[0].begin) < 8:
        return dates[0].start
    if match := _MONTH_ALONE.fullmatch(re.sub(r"^(?:the )?(?:start|beginning|end) of ", "", text)):
        month = _MONTHS.index(match["month"])
        return date(today.year - (month > today.month), month, 1)
    if match := re.fullmatch(rf"(?:the )?(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?({'|'.join(_MONTHS[1:])})", text):
        month = _MONTHS.index(match[2])
        try:
            found = date(today.year, month, int(match[1]))
            return found if found <= today else found.replace(year=today.year - 1)
        except ValueError:
            return None
    if match := _DAY_ALONE.fullmatch(text):
        back = (today.weekday() - _DAYS.index(match["day"])) % 7 or 7
        return today - timedelta(days=back)
    if text == "yesterday":
        return today - timedelta(days=1)
    if match := re.fullmatch(r"(?:the )?(?:last|previous) (week|month|year|term)", text):
        return _last(match[1], today)
    if match := _LAST_FEW.fullmatch(text):
        return _back(match["count"] or "one", match["unit"], today)
    if match := _TERM.fullmatch(text):
        return _this(match["what"] or match["season"], today)
    return None


def _this(unit: str, today: date) -> date:
    """When the present week, month, term or school year began; terms as in `knowledge.text.dates`."""
    year = today.year
    if unit == "week":
        return today - timedelta(days=today.weekday())
    if unit == "month":
        return today.replace(day=1)
    autumn, spring, summer = date(year, 9, 1), date(year, 1, 1), date(year, 4, 16)
    if "school" in unit or "academic" in unit or unit.startswith("autumn") or "summer hol" in unit:
        return autumn if today >= autumn else date(year - 1, 9, 1)
    if unit == "year":
        return spring
    if unit in ("the summer",):
        return date(year if today >= date(year, 7, 20) else year - 1, 7, 20)
    if unit.startswith("spring") or unit == "christmas":
        return spring
    if unit.startswith("summer") or unit == "easter":
        return summer if today >= summer else date(year - 1, 4, 16)
    return autumn if today >= autumn else summer if today >= summer else spring


def _last(unit: str, today: date) -> date:
    """When the week, month, term or year before the present one began."""
    begun = _this(unit, today)
    return _this(unit, begun - timedelta(days=1))


def _back(count: str, unit: str, today: date) -> date:
    number = _NUMBERS.get(count) or int(count)
    if unit in ("day", "week"):
        return today - timedelta(days=number * (7 if unit == "week" else 1))
    return months_after(today, -number * (12 if unit == "year" else 1))
