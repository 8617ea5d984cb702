"""School days, terms and holidays of one school, as plain values; today is always handed in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

DAY = timedelta(days=1)
_SATURDAY = 5
_SEASONS = (("autumn", "michaelmas"), ("spring", "lent"), ("summer", "trinity"))


@dataclass(frozen=True, slots=True)
class Days:
    """A run of days, both ends included."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class SchoolTerm:
    """A term as the school publishes it; `half_term` is the break within it."""

    name: str
    start: date
    end: date
    half_term: Days | None = None

    @property
    def days(self) -> Days:
        """From the first day to the last, the break included."""
        return Days(self.start, self.end)

    def is_called(self, words: str) -> bool:
        """Whether these words name it: "autumn", "the Autumn term", "Autumn 2026", "Term 3"; case does not matter."""
        said = set(re.findall(r"\w+", words.casefold())) - {"the", "term", "this", "next"}
        own = set(re.findall(r"\w+", self.name.casefold())) | {str(self.start.year)}
        for ways in _SEASONS:
            if own.intersection(ways):
                own.update(ways)
        return bool(said) and said <= own


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """The days of one school: its terms in order of time, its INSET days, and England's bank holidays.

    Before the first term and after the last that are known, every weekday counts as a school day but bank holidays,
    Christmas week and the weeks from 24 July to the end of August: a reminder too many is better than one lost.
    """

    terms: tuple[SchoolTerm, ...] = ()
    inset_days: frozenset[date] = field(default_factory=frozenset)

    @classmethod
    def of(cls, terms: Iterable[SchoolTerm], inset_days: Iterable[date] = ()) -> SchoolCalendar:
        """A calendar of these terms, in any order."""
        return cls(tuple(sorted(terms, key=lambda term: term.start)), frozenset(inset_days))

    def covers(self, day: date) -> bool:
        """Whether the terms around this day are known."""
        return bool(self.terms) and self.terms[0].start <= day <= self.terms[-1].end

    def term(self, day: date) -> SchoolTerm | None:
        """The term that this day lies in, its break included."""
        return next((term for term in self.terms if day in term.days), None)

    def in_term(self, day: date) -> bool:
        """Whether school is on in the week of this day: in a term and not in its break; weekends count."""
        if not self.covers(day):
            return (day.month, day.day) not in _UNKNOWN_HOLIDAYS
        term = self.term(day)
        return term is not None and not (term.half_term and day in term.half_term)

    def is_school_day(self, day: date) -> bool:
        """Whether pupils are in school."""
        return is_working_day(day) and day not in self.inset_days and self.in_term(day)

    def next_school_day(self, day: date) -> date:
        """The first school day after this day."""
        return self.school_day_from(day + DAY)

    def school_day_from(self, day: date) -> date:
        """This day if it is a school day, else the next one."""
        while not self.is_school_day(day):
            day += DAY
        return day

    def school_day_until(self, day: date) -> date:
        """This day if it is a school day, else the one before it."""
        while not self.is_school_day(day):
            day -= DAY
        return day

    def school_days_before(self, day: date, count: int) -> date:
        """The school day that is `count` school days before this day; this day itself for 0."""
        for _ in range(count):
            day = self.school_day_until(day - DAY)
        return day

    def school_days_after(self, day: date, count: int) -> date:
        """The school day that is `count` school days after this day; this day itself for 0."""
        for _ in range(count):
            day = self.next_school_day(day)
        return day

    def end_of_term(self, day: date) -> date | None:
        """The last school day of the term that this day lies in, or of the next one; None where none is known."""
        term = self.term_from(day)
        return self.last_day(term) if term else None

    def term_from(self, day: date) -> SchoolTerm | None:
        """The term that this day lies in, or the next one."""
        if not self.covers(day):
            return None
        return next((term for term in self.terms if term.end >= day), None)

    def term_after(self, day: date) -> SchoolTerm | None:
        """The first term that begins after this day."""
        return next((term for term in self.terms if term.start > day), None) if self.covers(day) else None

    def last_day(self, term: SchoolTerm) -> date:
        """The last school day of a term."""
        return self.school_day_until(term.end)

    def first_day(self, term: SchoolTerm) -> date:
        """The first school day of a term."""
        return self.school_day_from(term.start)

    def half_term(self, day: date) -> Days | None:
        """The next half-term break that begins after this day, or the one that it lies in."""
        breaks = (term.half_term for term in self.terms if term.half_term)
        return next((days for days in breaks if days.end >= day), None) if self.covers(day) else None

    def end_of_half(self, day: date) -> date | None:
        """The last school day before the next break, be it half term or the end of term."""
        term = self.term_from(day)
        if term is None:
            return None
        if term.half_term and day < term.half_term.start:
            return self.school_day_until(term.half_term.start - DAY)
        return self.last_day(term)

    def first_day_after_holiday(self, day: date) -> date:
        """The first school day after the holiday that this day lies in; within a term, after the next holiday."""
        if not self.in_term(day):
            return self.school_day_from(day)
        last = self.end_of_half(day)
        if last is None:
            return self.next_school_day(day)
        after = max(last, day) + DAY
        while self.in_term(after):
            after += DAY
        return self.school_day_from(after)

    def term_called(self, words: str, day: date) -> SchoolTerm | None:
        """The first term of this name that ends on or after this day."""
        return next((term for term in self.terms if term.end >= day and term.is_called(words)), None)


def is_working_day(day: date) -> bool:
    """Whether this is a weekday and no bank holiday of England."""
    return day.weekday() < _SATURDAY and day not in bank_holidays(day.year)


def working_days_after(day: date, count: int) -> date:
    """The working day that is `count` working days after this day."""
    while count:
        day += DAY
        count -= is_working_day(day)
    return day


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """England's bank holidays of a year, days given in lieu included."""
    from holidays import country_holidays

    return frozenset(country_holidays("GB", subdiv="ENG", years=year))


_SUMMER = ((7, day) for day in range(24, 32)), ((8, day) for day in range(1, 32))
_CHRISTMAS = ((12, day) for day in range(22, 32)), ((1, day) for day in range(1, 3))
_UNKNOWN_HOLIDAYS = frozenset(each for days in (*_SUMMER, *_CHRISTMAS) for each in days)
