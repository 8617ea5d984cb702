"""Tell whether a question is about records of meetings, and read what it asks for; anything else is left to search."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.slack.mrkdwn import asked_plainly
from ingest.metadata.recognise import plain
from knowledge.passages import Names

RecordKind = Literal["actions", "decisions"]
Which = Literal["open", "overdue", "done", "all"]

_ACTION = r"(?:actions?(?:\s+points?)?|tasks?|to[\s-]?dos?)"
_OVERDUE = r"(?:overdue|late|past\s+(?:its|their)\s+(?:due\s+)?dates?)"
_OPEN = (
    r"(?:open|outstanding|still\s+(?:open|outstanding|to\s+do|to\s+be\s+done)|not\s+(?:yet\s+)?done|left\s+to\s+do|due)"
)
_DONE = r"(?:done|completed?|closed|finished)"
_LEAD = (
    r"(?:(?:what|which|how\s+many|all|any|the|our|my|are\s+there\s+any|is\s+there|do\s+we\s+have|of\s+(?:the|our|my)"
    r"|what\s+are|what\s+is|what's|whats)\s+)*"
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
_DUE = rf"(?P<due>today|tomorrow|(?:this|next)\s+week|this\s+month|(?:by|on|before)\s+(?:{'|'.join(_WEEKDAYS)}))"
_REST = r"(?P<rest>(?:\s+.*)?)"
_SET = r"(?:agreed?|set|take|taken|record(?:ed)?|minuted|give|given)"
_FORMS: tuple[tuple[str, Which], ...] = (
    (rf"{_LEAD}(?:{_ACTION}\s+)?(?:is|are)?\s*due\s+{_DUE}{_REST}", "open"),
    (rf"{_LEAD}(?:{_ACTION}\s+)?(?:is|are)\s+{_OVERDUE}{_REST}", "overdue"),
    (rf"{_LEAD}{_OVERDUE}(?:\s+{_ACTION})?{_REST}", "overdue"),
    (rf"{_LEAD}{_ACTION}\s+{_OVERDUE}{_REST}", "overdue"),
    (rf"(?:is|are)\s+(?:there\s+)?(?:any|the|my)\s+{_ACTION}\s+{_OVERDUE}{_REST}", "overdue"),
    (rf"do\s+i\s+have\s+(?:any|an)\s+{_OVERDUE}\s+{_ACTION}{_REST}", "overdue"),
    (rf"{_LEAD}(?:still\s+)?outstanding{_REST}", "open"),
    (rf"{_LEAD}{_ACTION}\s+(?:is|are)\s+(?:still\s+)?{_OPEN}{_REST}", "open"),
    (rf"{_LEAD}{_OPEN}\s+{_ACTION}{_REST}", "open"),
    (rf"{_LEAD}{_ACTION}\s+(?:is|are|were|was|have\s+been)\s+{_DONE}{_REST}", "done"),
    (rf"{_LEAD}{_DONE}\s+{_ACTION}{_REST}", "done"),
    (rf"{_LEAD}my\s+{_ACTION}{_REST}", "open"),
    (rf"(?:what|which)\s+(?:are|is)\s+(?:all\s+)?(?:the\s+)?{_ACTION}\s+(?P<rest>(?:for|at|of|from|by)\s+.*)", "open"),
    (rf"(?:what|which)\s+{_ACTION}\s+(?:do|does|have|has)\s+(?P<rest>.+)", "open"),
    (rf"(?:what|which)\s+{_ACTION}\s+(?:came|come)\s+(?:out\s+of|from)\s+(?P<rest>.+)", "all"),
    (
        rf"(?:what|which)\s+{_ACTION}\s+(?:(?:did|have)\s+we\s+{_SET}|(?:were|was)\s+{_SET})\s+"
        r"(?P<rest>(?:at|in|on|during|by)\s+.+)",
        "all",
    ),
)
_COMPILED = tuple((re.compile(form), which) for form, which in _FORMS)
_MINE = re.compile(
    r"what\s+(?:do\s+i\s+(?:have|need)\s+to\s+do|have\s+i\s+(?:got\s+)?to\s+do|is\s+assigned\s+to\s+me"
    r"|am\s+i\s+down\s+to\s+do|did\s+i\s+(?:agree|promise|say\s+i\s+would)(?:\s+to)?(?:\s+do)?"
    rf"|have\s+i\s+(?:agreed|promised)(?:\s+to)?(?:\s+do)?)(?:\s+(?:is\s+due\s+)?{_DUE})?"
)
_AGREE = r"(?:agreed?|decided?|resolved?|approved?)"
_MADE = r"(?:was|were|has\s+been|have\s+been)"
_AGREED = re.compile(
    rf"(?:what\s+(?:did|have|had|has)\s+(?:we|they|(?:the\s+)?(?P<who>[\w' ]{{2,60}}?))\s+{_AGREE}"
    rf"|what\s+{_MADE}\s+{_AGREE}"
    r"|(?:what|which)\s+decisions?\s+did\s+(?:we|(?:the\s+)?(?P<who2>[\w' ]{2,60}?))\s+(?:make|take)"
    rf"|(?:what|which)\s+decisions?\s+{_MADE}\s+(?:made|taken)"
    r"|(?:what\s+(?:are|were)\s+)?(?:the\s+|our\s+)?decisions)(?P<rest>(?:\s+.*)?)"
)
_ABOUT = re.compile(r"\b(?:about|on|regarding|concerning|over|with\s+regard\s+to|for)\s+(?P<topic>.+)$")
_FILLER = frozenset(
    [
        *"at in by from of for the a an on to our my all and across this last latest recent meeting meetings".split(),  # noqa: SIM905
        *"school schools now today currently please right so far yet still do does have has open".split(),  # noqa: SIM905
        *"outstanding there me mine i assigned s any".split(),  # noqa: SIM905
    ]
)


_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_DATE = re.compile(
    rf"\s*\b(?:(?:held\s+)?(?:on|of|from)\s+)?(?:the\s+)?(?:(?:{'|'.join(_WEEKDAYS)})\s+)?(?:the\s+)?"
    rf"(?:(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<month>{'|'.join(_MONTHS)})(?:,?\s+(?P<year>20\d\d))?"
    r"|(?P<day2>[0-3]?\d)/(?P<month2>[01]?\d)(?:/(?P<year2>(?:20)?\d\d))?)\s*$"
)
_KINDS = frozenset("slt lgb fgb governors governing board exec executive trustees heads headteachers".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class MeetingDay:
    """A day on which a body met, as a question names it; without a year the latest is meant."""

    day: int
    month: int
    year: int | None = None

    @property
    def words(self) -> str:
        """As a person writes it."""
        return f"{self.day} {_MONTHS[self.month - 1].title()}" + (f" {self.year}" if self.year else "")

    def is_on(self, day: date) -> bool:
        """Whether this day is meant."""
        return (day.day, day.month) == (self.day, self.month) and self.year in (None, day.year)


@dataclass(frozen=True, slots=True)
class RecordsQuery:
    """What a question about records asks for. `person` is an id, `me` the asker. `topic` are the words that a decision
    or an action must be about; `last` says that the last meeting is meant, `on` that of a day: where none was on that
    day, `whole` are the words that it must be about. `kind` are bodies of which one met, `due` by when it is due."""

    wanted: RecordKind
    which: Which = "open"
    school: str | None = None
    body: str | None = None
    person: str | None = None
    me: bool = False
    topic: str = ""
    last: bool = False
    on: MeetingDay | None = None
    whole: str = ""
    kind: frozenset[str] = frozenset()
    due: str = ""

    def until(self, today: date) -> tuple[date, date]:
        """The first and the last day that `due` means, today being this day."""
        monday = today - timedelta(days=today.weekday())
        if self.due in ("today", "tomorrow"):
            day = today + timedelta(days=self.due == "tomorrow")
            return day, day
        if self.due.endswith("week"):
            first = monday + timedelta(weeks=self.due.startswith("next"))
            return first, first + timedelta(days=6)
        if self.due.endswith("month"):
            first = today.replace(day=1)
            return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        by, weekday = self.due.split()
        day = today + timedelta(days=(_WEEKDAYS.index(weekday) - today.weekday()) % 7)
        return (day, day) if by == "on" else (date.min, day - timedelta(days=by == "before"))


def read_records_query(question: str, names: Names, people: Mapping[str, str]) -> RecordsQuery | None:
    """What a question asks of the records; None where it is not surely about them. `people` are names by id."""
    text = asked_plainly(question)
    if match := _MINE.fullmatch(text):
        return RecordsQuery("actions", me=True, due=_plainly(match["due"]))
    if match := _AGREED.fullmatch(text):
        who = match["who"] or match["who2"] or ""
        return _decisions(f"{who} ".strip(), match["rest"].strip(), names)
    for form, which in _COMPILED:
        if match := form.fullmatch(text):
            due = _plainly(match.groupdict().get("due"))
            return _actions(text, match["rest"].strip(), which, names, people, due)
    return None


def _plainly(words: str | None) -> str:
    return " ".join((words or "").split())


def _actions(
    text: str, rest: str, which: Which, names: Names, people: Mapping[str, str], due: str
) -> RecordsQuery | None:
    rest, on = _dated(rest)
    me = bool(re.search(r"\b(?:my|me|mine|i)\b", text))
    left, body = taken(rest, names.bodies)
    left, school = taken(left, names.schools)
    left, person = taken(left, _spellings(people))
    last = bool(re.search(r"\b(?:last|latest|recent)\b.*\bmeeting\b", rest))
    left, kind = _kind(left, names) if (last or on) and not body else (left, frozenset())
    unread = [word for word in plain(left).split() if word not in _FILLER]
    if unread and not (me and unread == ["i"]):
        return None
    if which == "all" and not (school or body or last or on):
        return None
    mine = me and person is None and which != "all"
    return RecordsQuery("actions", which, school, body, person, mine, last=last, on=on, kind=kind, due=due)


def _dated(words: str) -> tuple[str, MeetingDay | None]:
    """The words without the day at their end, and that day."""
    found = _DATE.search(words)
    if found is None:
        return words, None
    month = _MONTHS.index(found["month"]) + 1 if found["month"] else int(found["month2"])
    day, year = int(found["day"] or found["day2"]), found["year"] or found["year2"]
    if not 1 <= day <= 31 or not 1 <= month <= 12:
        return words, None
    return words[: found.start()], MeetingDay(day, month, int(year) % 100 + 2000 if year else None)


def _kind(words: str, names: Names) -> tuple[str, frozenset[str]]:
    """The words without those for a kind of body, such as SLT, and the bodies of that kind."""
    said = set(plain(words).split()) & _KINDS
    found = {key for key, ways in names.bodies.items() for way in ways if said & set(plain(way).split())}
    if not found:
        return words, frozenset()
    return " ".join(word for word in plain(words).split() if word not in said), frozenset(found)


def _decisions(who: str, rest: str, names: Names) -> RecordsQuery | None:
    last = bool(re.search(r"\b(?:last|latest|previous|recent)\b", rest))
    whole = _ABOUT.search(rest)
    rest, on = _dated(f" {rest}")
    rest = rest.strip()
    about = _ABOUT.search(rest)
    before = rest[: about.start()] if about else rest
    topic = about["topic"] if about else ""
    left, body = taken(f"{who} {before}", names.bodies)
    left, school = taken(left, names.schools)
    topic, later_body = taken(topic, names.bodies)
    topic, later_school = taken(topic, names.schools)
    kind: frozenset[str] = frozenset()
    if (last or on) and not (body or later_body):
        left, kind = _kind(left, names)
        if not kind:
            topic, kind = _kind(topic, names)
    if [word for word in plain(left).split() if word not in _FILLER | {"governors", "board", "slt"}]:
        return None
    topic = " ".join(word for word in plain(topic).split() if word not in _FILLER)
    if not topic and not (school or body or later_school or later_body or last or on):
        return None
    spoken = " ".join(word for word in plain(whole["topic"]).split() if word not in _FILLER) if whole and on else ""
    return RecordsQuery(
        "decisions", "all", school or later_school, body or later_body, topic=topic, last=last,
        on=on, whole=spoken if topic else "", kind=kind,
    )  # fmt: skip


def taken(text: str, names: Mapping[str, tuple[str, ...]]) -> tuple[str, str | None]:
    """The text without the first name in it, and whose it is; longer names first. A name of two ids counts for none."""
    spoken = f" {plain(text)} "
    ways = sorted(((plain(way), key) for key, all_ways in names.items() for way in all_ways), key=lambda e: -len(e[0]))
    for way, key in ways:
        for form in (way, f"{way} s"):
            if way and f" {form} " in spoken:
                keys = {other for known, other in ways if known == way}
                return spoken.replace(f" {form} ", " ", 1), key if len(keys) == 1 else None
    return text, None


def _spellings(people: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """Full names, and first names that only one person has."""
    first: dict[str, list[str]] = {}
    for key, name in people.items():
        first.setdefault(name.split()[0], []).append(key)
    return {
        key: (name, *([name.split()[0]] if len(first[name.split()[0]]) == 1 else [])) for key, name in people.items()
    }
