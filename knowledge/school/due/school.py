"""Days that a due phrase takes from the school's year: by half term, end of the Autumn term, before Easter."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from knowledge.school.calendar import Days, SchoolCalendar, SchoolTerm
from knowledge.school.due.model import DueContext, DueDay, DuePhrase, spoken

_SEASON = r"(?P<season>autumn|michaelmas|spring|lent|summer|trinity)"
_YEAR = r"(?:\s+(?P<year>20\d\d)(?:\s?[/-]\s?(?:20)?\d\d)?)?"
_END = r"(?:the\s+)?(?:(?:very\s+)?end|close|finish)\s+of\s+"
_START = r"(?:the\s+)?(?:start|beginning)\s+of\s+"
_BREAK = r"(?:\s+(?:break|holidays?|hols|week|vacation|closure))?"
_HALF_OF = {"oct": "autumn", "aut": "autumn", "feb": "spring", "spr": "spring"}
_HALF_OF |= dict.fromkeys(("may", "whi", "sum", "jun"), "summer")
_HALF = re.compile(
    rf"(?:the\s+)?(?P<end>{_END})?(?P<start>{_START})?(?:the\s+|(?P<this>this\s+)|(?P<next>next\s+))?"
    r"(?:(?P<which>autumn|spring|summer|oct(?:ober)?|feb(?:ruary)?|may|june?|whit(?:sun)?)\s+)?(?:term\s+)?"
    rf"half[\s-]*term{_BREAK}"
)
_TERM = re.compile(
    rf"(?P<end>{_END})?(?P<start>{_START})?(?:the\s+)?(?:this\s+|(?P<next>next\s+|the\s+following\s+))?"
    rf"(?:{_SEASON}{_YEAR}(?:\s+term)?|term(?P<number>\s+[1-6])?){_YEAR.replace('year>', 'year_>')}(?P<tail>\s+end)?"
)
_PART = re.compile(
    rf"(?:(?P<end>{_END})|(?P<start>{_START}))?(?:the\s+)?(?:(?P<which>1st|first|2nd|second)\s+half\s+(?:of\s+)?"
    rf"(?:the\s+)?{_SEASON}(?:\s+term)?|{_SEASON.replace('season>', 'season_>')}\s*(?:half[\s-]*)?(?:term\s*)?"
    rf"(?P<half>[12]))(?:,?\s+(?:(?P<year>20\d\d)|(?P<from>\d\d)\s?[/-]\s?(?P<to>\d\d)))?"
)
_HOLIDAY = re.compile(
    r"(?:the\s+)?(?:(?P<name>christmas|xmas|new\s+year|easter|whit|summer)"
    r"(?P<rest>\s+(?:break|holidays?|hols|vacation|closure))?|(?:end\s+of\s+term\s+)?(?:break|holidays?))"
)
_SCHOOL_YEAR = re.compile(
    rf"(?:(?P<end>{_END})?(?P<start>{_START})?(?:the\s+|this\s+|(?P<next>next\s+))?"
    r"(?P<kind>school|academic|financial|calendar)?[\s-]*year)(?:[\s-]+end)?|(?P<short>year[\s-]+end)"
)
UNKNOWN = "The term dates of that time are not known. By when?"


def of_the_school_year(said: DuePhrase, context: DueContext) -> DueDay | None:
    """The day that the phrase takes from the school's terms and holidays."""
    for form, read in _RULES:
        if match := form.fullmatch(said.text):
            if context.meeting is None:
                return DueDay(None, "school year", "The meeting's date is not known. By when?")
            return read(match, said, context.calendar, context.meeting)
    return None


def _half_term(match: re.Match[str], said: DuePhrase, days: SchoolCalendar, meeting: date) -> DueDay:
    if match["next"] and match["end"] and not match["which"]:
        ahead = days.first_day_after_holiday(meeting)
        return _or_ask(days.end_of_half(ahead) if days.covers(ahead) else None, "end of the next half term")
    if (match["end"] or match["this"]) and not match["which"]:
        return _or_ask(days.end_of_half(meeting), "end of this half term")
    if match["start"]:
        return DueDay(days.first_day_after_holiday(meeting), "start of the next half term")
    half = days.half_term(meeting)
    if match["which"]:
        term = days.term_called(_HALF_OF[match["which"][:3]], meeting)
        while term and term.half_term and term.half_term.end < meeting:
            term = _year_later(days, term)
        half = term.half_term if term else None
    if half is None:
        return DueDay(None, "half term", UNKNOWN)
    found = _around(half, said, days, "half term")
    term = days.term(meeting)
    if found.date and (match["next"] or (not match["which"] and term and half not in (term.half_term,))):
        return replace(found, ask=f"This term's half term is past. Is {spoken(found.date)} meant?")
    return found


def _term(match: re.Match[str], said: DuePhrase, days: SchoolCalendar, meeting: date) -> DueDay:
    year = match["year"] or match["year_"]
    if match["season"] or match["number"]:
        term = _named(days, match["season"] or f"term{match['number']}", year, meeting)
        if match["next"] and term and term.start <= meeting:
            term = _year_later(days, term)
    else:
        term = days.term_after(meeting) if match["next"] else days.term_from(meeting)
        if match["start"] and not match["next"] and term and term.start <= meeting:
            term = days.term_after(meeting)
    if term is None:
        return DueDay(None, "term", UNKNOWN)
    name = f"the {term.name} term"
    early = not (match["end"] or match["tail"]) and term.start > meeting
    if match["start"] or (early and said.relation == "before"):
        if match["start"] or said.relation != "before":
            return DueDay(days.first_day(term), f"first school day of {name}")
        return DueDay(days.school_day_until(term.start - timedelta(days=1)), f"last school day before {name}")
    last = days.last_day(term)
    if said.relation == "after":
        return DueDay(days.next_school_day(term.end), f"first school day after {name}")
    plain = not (match["end"] or match["tail"])
    if plain and said.relation == "by" and term.start > meeting:
        return DueDay(last, f"last school day of {name}", f"By the beginning or the end of {name}?")
    return DueDay(last, f"last school day of {name}")


def _part(match: re.Match[str], said: DuePhrase, days: SchoolCalendar, meeting: date) -> DueDay:
    """A half of a term, as schools count the six of a year: "Autumn 2" is from half term to Christmas."""
    season = match["season"] or match["season_"]
    second = (match["half"] or match["which"])[0] in "2s"
    term = _named(days, season, _year_of(match, season), meeting)
    half = _half(term, second=second)
    if term is None or half is None:
        return DueDay(None, "half of a term", UNKNOWN)
    name = f"the {'second' if second else 'first'} half of the {term.name} term"
    first, last = days.school_day_from(half.start), days.school_day_until(half.end)
    if match["start"]:
        found = DueDay(first, f"first school day of {name}")
    elif said.relation == "after":
        found = DueDay(days.next_school_day(last), f"first school day after {name}")
    elif said.relation == "before" and not match["end"]:
        found = DueDay(days.school_day_until(half.start - timedelta(days=1)), f"last school day before {name}")
    elif said.relation == "by" and not match["end"] and first > meeting:
        found = DueDay(last, f"last school day of {name}", f"By the beginning or the end of {name}?")
    else:
        found = DueDay(last, f"last school day of {name}")
    past = found.date is not None and found.date < meeting and not found.ask
    return replace(found, ask=f"Is {spoken(last)} meant?") if past else found


def _half(term: SchoolTerm | None, *, second: bool) -> Days | None:
    """The days of a term before or after its break; None where the break is not known."""
    if term is None or term.half_term is None:
        return None
    one = timedelta(days=1)
    return Days(term.half_term.end + one, term.end) if second else Days(term.start, term.half_term.start - one)


def _year_of(match: re.Match[str], season: str) -> str | None:
    """The calendar year of a half-term that is written with a school year: Spring 1 of 26/27 is in 2027."""
    if not match["from"]:
        return match["year"]
    return f"20{match['from' if season in ('autumn', 'michaelmas') else 'to']}"


def _holiday(match: re.Match[str], said: DuePhrase, days: SchoolCalendar, meeting: date) -> DueDay:
    name = re.sub(r"\s+", " ", match["name"] or "")
    if name == "new year" and not match["rest"] and said.relation in ("", "during"):
        return _in_the_new_year(days, meeting)
    if name == "whit":
        term = days.term_called("summer", meeting)
        half = term.half_term if term else None
        return _around(half, said, days, "half term") if half else DueDay(None, "holiday", UNKNOWN)
    season = {"easter": "spring", "summer": "summer"}.get(name, "autumn" if name else "")
    term = days.term_called(season, meeting) if season else days.term_from(meeting)
    following = next((each for each in days.terms if term and each.start > term.end), None)
    if term is None or not days.covers(meeting):
        return DueDay(None, "holiday", UNKNOWN)
    if following is None:
        if said.relation in ("after", "during"):
            return DueDay(None, "holiday", UNKNOWN)
        return DueDay(days.last_day(term), "last school day before the holiday")
    off = Days(term.end + timedelta(days=1), following.start - timedelta(days=1))
    return _around(off, said, days, "the holiday")


def _in_the_new_year(days: SchoolCalendar, meeting: date) -> DueDay:
    """Some time in January, which is asked: the end of its first school week is offered."""
    first = days.school_day_from(date(meeting.year + 1, 1, 1))
    day = days.school_day_until(first + timedelta(days=4 - first.weekday()))
    return DueDay(day, "in the new year", f"“In the new year” is no one day. Is {spoken(day)} meant?")


def _school_year(match: re.Match[str], said: DuePhrase, days: SchoolCalendar, meeting: date) -> DueDay:
    kind = match["kind"] or ""
    august = date(meeting.year + (meeting.month > 8), 8, 31)
    if kind == "financial":
        return DueDay(august, "end of an academy trust's financial year", f"Is {spoken(august)} meant?")
    if kind == "calendar":
        return DueDay(date(meeting.year, 12, 31), "end of the calendar year")
    terms = [term for term in days.terms if term.start <= august]
    if not days.covers(meeting) or not terms:
        return DueDay(None, "school year", UNKNOWN)
    last = days.last_day(terms[-1])
    if match["start"] or match["next"]:
        following = next((term for term in days.terms if term.start > august - timedelta(days=5)), None)
        first = days.first_day(following) if following else None
        return DueDay(
            first, "start of the next school year", None if match["start"] and first else "By when next year?"
        )
    ask = None if kind else f"Is the end of the school year meant, {spoken(last)}?"
    return DueDay(last, "last school day of the school year", ask)


_RULES = (
    (_HALF, _half_term),
    (_PART, _part),
    (_SCHOOL_YEAR, _school_year),
    (_HOLIDAY, _holiday),
    (_TERM, _term),
)


def _around(off: Days, said: DuePhrase, days: SchoolCalendar, name: str) -> DueDay:
    """The last school day before some days off; the first one after them; or their last day."""
    if said.relation == "after":
        return DueDay(days.next_school_day(off.end), f"first school day after {name}")
    if said.relation == "during":
        return DueDay(off.end, f"last day of {name}")
    return DueDay(days.school_day_until(off.start - timedelta(days=1)), f"last school day before {name}")


def _named(days: SchoolCalendar, name: str, year: str | None, meeting: date) -> SchoolTerm | None:
    if year:
        return next((term for term in days.terms if term.is_called(f"{name} {year}")), None)
    return days.term_called(name, meeting) if days.covers(meeting) else None


def _year_later(days: SchoolCalendar, term: SchoolTerm) -> SchoolTerm | None:
    wanted = re.sub(r"\W*\d{4}.*", "", term.name)
    return next((each for each in days.terms if each.start > term.end and each.is_called(wanted)), None)


def _or_ask(day: date | None, rule: str) -> DueDay:
    return DueDay(day, rule, None if day else UNKNOWN)
