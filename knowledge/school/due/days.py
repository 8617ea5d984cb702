"""Days and months that a due phrase writes out: 5/5/21, 05052021, Friday 7th May, end of May."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from knowledge.school.due.model import DueContext, DueDay, DuePhrase, spoken
from knowledge.text.dates import Period, ambiguous, find, in_name

_NAMES = [name.lower() for name in calendar.month_name if name]
MONTH = r"(?:" + "|".join([*_NAMES, "sept", *(name[:3] for name in _NAMES)]) + r")\b\.?"
_ORDINAL = r"(?:\s?(?:st|nd|rd|th))?"
_DAY_NAME = r"(?:mon|tues?|wed(?:nes|s)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?\b\.?"
_WEEKDAY = re.compile(rf"(?:on\s+)?(?P<name>{_DAY_NAME})[\s,]*(?:the\s+)?(?=\d|{MONTH})")
_NO_YEAR = re.compile(
    rf"(?P<day>\d{{1,2}}){_ORDINAL}[\s./-]*(?:of\s+)?(?P<month>{MONTH})"
    rf"|(?P<month_>{MONTH})\s+(?P<day_>\d{{1,2}}){_ORDINAL}"
    r"|(?P<day__>\d{1,2})[/.](?P<number>\d{1,2})"
)
_MAYBE_YEAR = re.compile(rf"(?P<month>{MONTH})\s?(?:-\s?)?(?P<number>\d\d)")
_PART = re.compile(
    rf"(?P<part>end\s+|(?:the\s+)?(?:end|close|start|beginning|middle|first week|second week|third week"
    rf"|last week)\s+(?:of|in)"
    rf"\s+(?:the\s+)?|early[\s-]|mid[\s-]|late[\s-])?(?P<month>{MONTH})(?P<year>\s*[,'’/-]?\s*(?:20\d\d|\d\d)(?!\d))?"
)
_YEARS_AHEAD = 2
LOOKS = re.compile(
    rf"\b\d{{1,2}}{_ORDINAL}(?:\s+of\b)?[\s/.-]*\b{MONTH}|\b{MONTH}\s+\d{{1,2}}(?!\d)"
    rf"|\d{{1,4}}\s?[-/.]\s?\d{{1,2}}\s?"
    r"[-/.]\s?\d{1,4}|(?<!\d)\d{1,2}/\d{1,2}(?!\d)|(?<!\d)\d{6}(?:\d\d)?(?!\d)"
)


def written(said: DuePhrase, context: DueContext) -> DueDay | None:
    """The day that the phrase writes, with or without its year."""
    text = said.text.removeprefix("the ")
    weekday = _WEEKDAY.match(text)
    text = text[weekday.end() :] if weekday else text
    if not weekday and (unclear := _day_or_year(text, context.meeting)):
        return unclear
    found = _with_year(text, context) or _without_year(text, context.meeting) or _of_a_month(text, context.meeting)
    if found and found.ask and weekday and found.date and _is(found.date, weekday["name"]):
        return DueDay(found.date, found.rule)
    if found and found.date and weekday and not _is(found.date, weekday["name"]):
        return DueDay(found.date, found.rule, f"{spoken(found.date)} is a {found.date:%A}. Which day is meant?")
    return found


def month(said: DuePhrase, context: DueContext) -> DueDay | None:
    """The month that the phrase names, or a part of it: its last day is meant, unless it says otherwise."""
    match = _PART.fullmatch(said.text)
    if not match:
        return None
    year = re.sub(r"\D", "", match["year"] or "")
    if year:
        period = next(iter(in_name(f"{match['month'].rstrip('.')} {year}")), None)
    else:
        period = _next_month(match["month"], context.meeting)
    if period is None:
        return DueDay(None, "month", f"Of which year is “{said.text}”? By when?")
    return _in_month(period, re.sub(r"[\s-]+", " ", match["part"] or "").strip(), said)


def _in_month(period: Period, part: str, said: DuePhrase) -> DueDay:
    first, last = period.start, period.end
    named = period.words
    for word, number in (("first week", 7), ("second week", 14), ("third week", 21)):
        if part.startswith(word):
            return DueDay(first.replace(day=number), f"{word} of the month")
    if re.match(r"(?:the )?(?:start|beginning)", part):
        return DueDay(first, "start of the month")
    if part in ("early", "mid") or "middle" in part:
        day = first.replace(day=15 if part != "early" else 10)
        return DueDay(day, f"{part or 'middle'} of the month", f"Which day in {named} is meant: {spoken(day)}?")
    if not part and said.relation == "before":
        return DueDay(date.fromordinal(first.toordinal() - 1), "before the month")
    if not part and said.relation == "after":
        return DueDay(first, "after the month's start", f"From {named}: by when?")
    if not part and said.relation == "by":
        return DueDay(last, "end of the month named", f"By the beginning or the end of {named}?")
    return DueDay(last, "end of the month named")


def _with_year(text: str, context: DueContext) -> DueDay | None:
    text = re.sub(r"\s*'(?=\d\d$)", " ", text)
    periods = [each for each in (*find(text), *in_name(text)) if (each.begin, each.stop) == (0, len(text.rstrip()))]
    days = [period.start for period in periods if period.start == period.end]
    if days:
        return DueDay(days[0], "date as written")
    ways = [each.start for each in ambiguous(text)] if re.fullmatch(r"\d{6}", text) else []
    if not ways:
        return None
    possible = [day for day in ways if context.meeting is None or day >= context.meeting] or ways
    day = next((each for each in possible if f"{each:%d%m%y}" == text), possible[0])
    return DueDay(day, "date as written")


def _without_year(text: str, meeting: date | None) -> DueDay | None:
    match = _NO_YEAR.fullmatch(text)
    if not match:
        return None
    day = int(match["day"] or match["day_"] or match["day__"])
    number = _number(match["month"] or match["month_"] or "") or int(match["number"] or 0)
    if meeting is None:
        return DueDay(None, "day and month", f"Of which year is “{text}”?")
    year = meeting.year + ((number, day) < (meeting.month, meeting.day))
    try:
        when = date(year, number, day)
    except ValueError:
        return None
    if (when - meeting).days > 300:
        return DueDay(when, "day and month, next after the meeting", f"Is {spoken(when)} meant?")
    return DueDay(when, "day and month, next after the meeting")


def _day_or_year(text: str, meeting: date | None) -> DueDay | None:
    """ "Sept 26" is the 26th of September or September 2026: asked wherever the number may be a year ahead."""
    match = _MAYBE_YEAR.fullmatch(text)
    if not match or (meeting is not None and not 0 <= 2000 + int(match["number"]) - meeting.year <= _YEARS_AHEAD):
        return None
    number, name = int(match["number"]), calendar.month_name[_number(match["month"])]
    if not 1 <= number <= calendar.monthrange(2000, _number(match["month"]))[1]:
        return None
    return DueDay(None, "day or year", f"Is {number} {name} meant, or the month of {name} {2000 + number}? By when?")


def _of_a_month(text: str, meeting: date | None) -> DueDay | None:
    """The next day of this number: "the 19th"."""
    match = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)", text)
    if not match or meeting is None or not 1 <= int(match[1]) <= calendar.monthrange(2000, 1)[1]:
        return None
    day = meeting + timedelta(days=1)
    while day.day != int(match[1]):
        day += timedelta(days=1)
    return DueDay(day, "day of the month, next after the meeting", f"Is {spoken(day)} meant?")


def _next_month(name: str, meeting: date | None) -> Period | None:
    number = _number(name)
    if meeting is None:
        return None
    return next(iter(find(f"{calendar.month_name[number]} {meeting.year + (number < meeting.month)}")), None)


def _number(name: str) -> int:
    return next((at for at, each in enumerate(_NAMES, start=1) if name and each[:3] == name[:3]), 0)


def _is(day: date, name: str) -> bool:
    return f"{day:%A}".lower().startswith(name[:3])
