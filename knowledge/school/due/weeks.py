"""Days that a due phrase counts from the meeting: by Friday, Friday week, in a fortnight, end of the month."""

from __future__ import annotations

import re
from datetime import date, timedelta

from knowledge.school.calendar import working_days_after
from knowledge.school.due.model import DueContext, DueDay, DuePhrase, spoken
from knowledge.text.dates import month_end, months_after

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = r"(?P<day>mon(?:day)?|tues?(?:day)?|wed(?:s|nesday)?|thu(?:rs?|rsday)?|fri(?:day)?|saturday|sunday)\.?"
_WEEK = timedelta(weeks=1)
_NUMBERS = {
    word: number
    for number, words in enumerate(
        ("a an one", "two couple", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=1
    )
    for word in words.split()
}
_COUNT = r"(?P<count>\d{1,3}|an?(?:\s+couple\s+of)?|a\s+couple\s+of|" + "|".join(_NUMBERS) + r")"
_LENGTH = re.compile(
    rf"(?:the\s+next\s+)?{_COUNT}[\s-]+(?P<unit>hour|hr|day|school[\s-]day|working[\s-]day|week|wk|fortnight|month)"
    r"s?['’]?s?(?:\s+(?:time|from\s+(?:now|today|the\s+meeting)|(?:after|of)\s+(?:the|this)\s+meeting))?"
)
_FORMS: tuple[tuple[str, str], ...] = (
    (rf"(?:this\s+|this\s+coming\s+|the\s+coming\s+|coming\s+)?{_DAY}", "weekday"),
    (rf"(?:next\s+{_DAY}|{_DAY.replace('day>', 'day_>')}\s+next)", "next weekday"),
    (rf"(?:(?:(?:a|one|1)\s+)?week\s+(?:on\s+)?{_DAY}|{_DAY.replace('day>', 'day_>')}\s+week)", "weekday week"),
    (
        rf"(?:(?:a\s+fortnight|two\s+weeks|2\s+weeks)\s+(?:on\s+)?{_DAY}"
        rf"|{_DAY.replace('day>', 'day_>')}\s+fortnight)",
        "weekday fortnight",
    ),
    (
        r"(?:today|tonight|this\s+(?:afternoon|evening)|the\s+same\s+day"
        r"|(?:the\s+)?end\s+of\s+(?:the\s+)?day)",
        "today",
    ),
    (r"tomorrow(?:\s+morning)?", "tomorrow"),
    (r"(?:a\s+)?fortnight(?:['’]?s)?(?:\s+time)?", "fortnight"),
    (r"(?:(?:the\s+)?end\s+of\s+(?:the|this)\s+week|this\s+week|(?:the\s+)?week[\s-]?end)", "this week"),
    (r"(?:(?:the\s+)?end\s+of\s+)?next\s+week|(?:the\s+)?following\s+week", "next week"),
    (r"(?:the\s+)?(?:start|beginning)\s+of\s+next\s+week|early\s+next\s+week", "start of next week"),
    (r"(?:the\s+)?week\s+after\s+next", "week after next"),
    (
        r"(?:(?:the\s+)?end\s+of\s+(?:the|this)\s+month|(?:the\s+)?end\s+of\s+month|this\s+month"
        r"|month[\s-]end)",
        "month",
    ),
    (r"(?:(?:the\s+)?end\s+of\s+)?next\s+month", "next month"),
    (r"(?:the\s+)?(?:start|beginning)\s+of\s+next\s+month|early\s+next\s+month", "start of next month"),
)
_COMPILED = tuple((re.compile(form), rule) for form, rule in _FORMS)


def counted(said: DuePhrase, context: DueContext) -> DueDay | None:
    """The day that the phrase counts from the meeting."""
    length = _LENGTH.fullmatch(said.text)
    found = next(((match, rule) for form, rule in _COMPILED if (match := form.fullmatch(said.text))), None)
    if not length and not found:
        return None
    if context.meeting is None:
        return DueDay(None, "counted from the meeting", "The meeting's date is not known. By when?")
    if length:
        return _length(length, context, context.meeting)
    return _form(*found, said, context.meeting) if found else None


def week_of(day: date) -> date:
    """The Friday of the week of this day."""
    return day + timedelta(days=4 - day.weekday())


def _length(match: re.Match[str], context: DueContext, meeting: date) -> DueDay:
    word = match["count"].split()[-1] if "couple" not in match["count"] else "couple"
    count = int(word) if word.isdigit() else _NUMBERS[word]
    unit = re.sub(r"[\s-]", " ", match["unit"])
    if unit == "school day":
        return DueDay(context.calendar.school_days_after(meeting, count), "school days after the meeting")
    if unit == "working day":
        return DueDay(working_days_after(meeting, count), "working days after the meeting")
    if unit == "month":
        return DueDay(months_after(meeting, count), "months after the meeting")
    if unit in ("hour", "hr"):
        return DueDay(meeting + timedelta(days=-(-count // 24)), "hours after the meeting")
    days = {"day": 1, "week": 7, "wk": 7, "fortnight": 14}[unit]
    return DueDay(meeting + timedelta(days=days * count), f"{unit}s after the meeting".replace("wks", "weeks"))


def _form(match: re.Match[str], rule: str, said: DuePhrase, meeting: date) -> DueDay:
    parts = match.groupdict()
    name = parts.get("day") or parts.get("day_") or ""
    if name:
        return _weekday(name, rule, said, meeting)
    friday = week_of(meeting)
    friday += _WEEK if friday < meeting else timedelta()
    monday = friday - timedelta(days=4)
    following = months_after(meeting.replace(day=1), 1)
    days = {
        "today": meeting,
        "tomorrow": meeting + timedelta(days=1),
        "fortnight": meeting + 2 * _WEEK,
        "this week": friday,
        "next week": friday + _WEEK,
        "start of next week": monday + _WEEK,
        "week after next": friday + 2 * _WEEK,
        "month": month_end(meeting),
        "next month": month_end(following),
        "start of next month": following,
    }
    return DueDay(days[rule], rule if rule != "month" else "end of the month")


def _weekday(name: str, rule: str, said: DuePhrase, meeting: date) -> DueDay:
    number = next(at for at, day in enumerate(_DAYS) if day.startswith(name[:3]))
    ahead = (number - meeting.weekday()) % 7 or 7
    coming = meeting + timedelta(days=ahead)
    if rule == "weekday":
        ask = f"Is {spoken(coming)} meant?" if ahead == 7 and said.text.startswith("this") else None
        return DueDay(coming, "the coming weekday", ask)
    if rule == "next weekday":
        later = meeting + timedelta(days=7 - meeting.weekday() + number)
        ask = None if later == coming else f"“Next {coming:%A}”: {spoken(coming)} or {spoken(later)}?"
        return DueDay(later, "the weekday of next week", ask)
    weeks = 1 if rule == "weekday week" else 2
    ask = f"Is {spoken(coming + weeks * _WEEK)} meant?" if ahead == 7 else None
    return DueDay(coming + weeks * _WEEK, f"{'a week' if weeks == 1 else 'a fortnight'} after the coming weekday", ask)
