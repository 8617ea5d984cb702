"""What a question says of itself: schools, bodies, dates, versions, kinds of document, and what would answer it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from knowledge.dates import find
from knowledge.lexical import terms, words
from knowledge.passages import Kind, Names
from knowledge.thesaurus import alternatives

MOST_CHARACTERS = 1200
_CONTEXT_WEIGHT = 0.5
_ASIDE_WEIGHT = 0.25
# Words that say which document or how to answer rather than what about.
_ASIDE = frozenset(
    [
        "old",
        "older",
        "previous",
        "earlier",
        "former",
        "latest",
        "last",
        "current",
        "currently",
        "present",
        "draft",
        "version",
        "versions",
        "document",
        "documents",
        "say",
        "says",
        "said",
        "tell",
        "find",
        "show",
        "know",
        "explain",
        "mention",
        "mentions",
        "please",
        "school",
        "schools",
        "trust",
        "happen",
        "happens",
        "need",
        "policy",
        "policies",
        "procedure",
        "get",
        "use",
        "used",
        "way",
        "ways",
        "thing",
        "things",
        "anything",
        "going",
        "way",
        "year",
    ]
)


class Version(StrEnum):
    """Which versions of a document a question is about."""

    IN_FORCE = "in force"
    EARLIER = "earlier"
    DRAFT = "draft"
    ALL = "all"


class Want(StrEnum):
    """What sort of words would answer a question."""

    MONEY = "money"
    NUMBER = "number"
    DURATION = "duration"
    DATE = "date"
    TIME = "time"
    PERSON = "person"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Concept:
    """One content word of a question: its stem's hash, other ways to say it, and how much it counts (1 or less)."""

    word: str
    term: int
    ways: tuple[tuple[int, ...], ...] = ()
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Question:
    """A question as read; `query` is what is encoded. `start` to `end` is the period that it names, if any.

    `month` is set where a month is named without its year.
    """

    text: str
    query: str
    concepts: tuple[Concept, ...]
    schools: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()
    start: date | None = None
    end: date | None = None
    month: int | None = None
    version: Version = Version.IN_FORCE
    kind: Kind | None = None
    want: Want | None = None


def read(text: str, names: Names, today: date, context: Sequence[str] = ()) -> Question:
    """Read a question; `context` holds the earlier questions of its thread, oldest first."""
    text = " ".join(text.split())[:MOST_CHARACTERS]
    own = _concepts(text, 1.0)
    before = _brought_in(text, len(own), context)
    held = {each.term for each in own}
    brought = tuple(each for each in _concepts(before, _CONTEXT_WEIGHT) if each.term not in held) if before else ()
    schools = _named(text, names.schools) or _named(before, names.schools)
    bodies = _named(text, names.bodies) or _named(before, names.bodies)
    start, end, month = _period(text, today)
    if start is None and month is None and before:
        start, end, month = _period(before, today)
    return Question(
        text=text,
        query=f"{before} {text}".strip(),
        concepts=own + brought,
        schools=schools,
        bodies=bodies,
        start=start,
        end=end,
        month=month,
        version=_version(text),
        kind=_kind(text),
        want=_want(text),
    )


def _concepts(text: str, weight: float) -> tuple[Concept, ...]:
    ways = alternatives(text)
    found: dict[int, Concept] = {}
    for word in words(text):
        for term in terms(word):
            aside = _ASIDE_WEIGHT if word in _ASIDE else 1.0
            found.setdefault(term, Concept(word, term, ways.get(term, ()), weight * aside))
    return tuple(found.values())


_FOLLOWS_ON = re.compile(
    r"^(?:and|but|so|or|then|also|what about|how about|what if|ok|okay|same|why)\b"
    r"|\b(?:it|its|they|them|their|theirs|that one|those|these|this|that|he|she|him|her|his|there|one|ones|the same)\b",
    re.IGNORECASE,
)


def _brought_in(text: str, concepts: int, context: Sequence[str]) -> str:
    """The last earlier question that says something, where this one leans on it."""
    if not context or not (concepts < 2 or _FOLLOWS_ON.search(text)):
        return ""
    said = [" ".join(each.split())[:MOST_CHARACTERS] for each in context]
    full = [each for each in said if len(terms(each)) > 1]
    return full[-1] if full else ""


_GENERIC = frozenset(
    [
        "primary",
        "junior",
        "infant",
        "infants",
        "secondary",
        "nursery",
        "first",
        "middle",
        "high",
        "upper",
        "lower",
        "community",
        "school",
        "schools",
        "academy",
        "college",
        "trust",
        "church",
        "of",
        "england",
        "ce",
        "cofe",
        "c",
        "e",
        "rc",
        "catholic",
        "voluntary",
        "aided",
        "controlled",
        "special",
        "the",
        "and",
        "st",
        "saint",
        "committee",
        "meeting",
        "board",
        "group",
        "network",
        "team",
        "local",
        "governing",
        "body",
    ]
)


@lru_cache(maxsize=64)
def _patterns(names: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    patterns = []
    for key, ways in names:
        # A single short word may be an ordinary one (Hope, Park): it counts as a name only with its capital.
        forms = {form for way in ways for form in (way, _short(way)) if form}
        written = "|".join(
            rf"(?-i:{re.escape(form)})" if " " not in form else re.escape(form).replace(r"\ ", r"\s+")
            for form in sorted(forms, key=len, reverse=True)
        )
        patterns.append((key, re.compile(rf"(?<!\w)(?:{written})(?:['’]s)?(?!\w)", re.IGNORECASE)))
    return tuple(patterns)


def _short(name: str) -> str:
    kept = [word for word in name.split() if word.lower().strip(".&") not in _GENERIC]
    return " ".join(kept) if kept and len(kept[0]) > 2 else ""


def _named(text: str, names: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """The ids that a text names; a longer name hides the shorter ones within it."""
    if not text or not names:
        return frozenset()
    found: list[tuple[int, int, str]] = []
    for key, pattern in _patterns(tuple(names.items())):
        found.extend((match.start(), match.end(), key) for match in pattern.finditer(text))
    return frozenset(
        key
        for start, end, key in found
        if not any(s <= start and end <= e and (e - s) > (end - start) for s, e, _ in found)
    )


_RELATIVE = re.compile(
    r"\b(?P<which>last|this|previous|next)\s+(?P<unit>(?:school |academic )?year|month)\b", re.IGNORECASE
)
_BARE_MONTH = re.compile(
    r"\b(?:in|on|of|the|by|since|last|next|for|from|until|at)\s+(?:the\s+)?"
    r"(January|February|March|April|May|June|July|August|September|October|November|December)\b(?!\s+(?:be|not)\b)"
)
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def _period(text: str, today: date) -> tuple[date | None, date | None, int | None]:
    dates = find(text)
    if dates:
        # The narrowest says most: "on 29 March 2021, in the 2021 minutes".
        first = min(dates, key=lambda each: (each.end - each.start, each.begin))
        return first.start, first.end, None
    if match := _RELATIVE.search(text):
        return (*_relative(match["which"].lower(), match["unit"].lower(), today), None)
    if match := _BARE_MONTH.search(text):
        return None, None, _MONTHS.index(match[1]) + 1
    return None, None, None


def _relative(which: str, unit: str, today: date) -> tuple[date, date]:
    step = {"this": 0, "next": 1}.get(which, -1)
    if unit == "month":
        month = today.month - 1 + step
        first = date(today.year + month // 12, month % 12 + 1, 1)
        return first, date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(days=1)
    if unit == "year":
        return date(today.year + step, 1, 1), date(today.year + step, 12, 31)
    begun = today.year - (today.month < 9) + step
    return date(begun, 9, 1), date(begun + 1, 8, 31)


_DOCUMENT = (
    r"(?:version|edition|policy|policies|procedure|plan|guidance|document|one|ones|scheme|agreement|handbook|charter)"
)
_EARLIER = re.compile(
    rf"\b(?:old|older|previous|earlier|former|superseded|outdated|past|last|original)\s+(?:\w+\s+){{0,4}}?{_DOCUMENT}\b"
    r"|\bused to\b|\bsuperseded\b|\bprevious(?:ly)?\b|\bbefore (?:it|the|this) (?:\w+ ){0,3}(?:was|were) (?:changed|updated|revised|reviewed)",
    re.IGNORECASE,
)
_ALL = re.compile(
    rf"\b(?:what|how|has|have|did)\b.*\b(?:changed|change|differs?|different)\b.*\b(?:since|between|from|version|{_DOCUMENT})\b"
    r"|\bdifferen(?:ce|t|ces)\b.*\b(?:versions?|old|new|previous)\b|\ball versions\b|\bcompared? (?:to|with) the (?:old|previous|last)\b",
    re.IGNORECASE,
)
_LATEST = re.compile(r"\blast\s+(?:\w+\s+){0,2}(?:reviewed|updated|approved|meeting)\b", re.IGNORECASE)


def _version(text: str) -> Version:
    if re.search(r"\bdrafts?\b", text, re.IGNORECASE):
        return Version.DRAFT
    if _ALL.search(text):
        return Version.ALL
    if _EARLIER.search(text) and not _LATEST.search(text):
        return Version.EARLIER
    return Version.IN_FORCE


_KINDS = {
    Kind.MINUTES: r"\bminutes\b(?! (?:a|per|each|every|of (?:reading|homework|exercise)|long|late|early|before|after)\b)(?<!\d minutes)"
    r"|\bmeetings?\b|\bminuted\b|\b(?:governors|trustees|board|committee|heads|slt)\b.*\b(?:decid|agree|discuss|approv|resol|said|ask)",
    Kind.AGENDA: r"\bagendas?\b",
    Kind.POLICY: r"\bpolic(?:y|ies)\b|\bprocedures?\b",
    Kind.CALENDAR: r"\bcalendar\b|\bterm dates\b|\binset\b",
    Kind.NOTICE: r"\bprivacy notice\b",
    Kind.REPORT: r"\breports?\b",
    Kind.PLAN: r"\bplans?\b",
    Kind.FORM: r"\bforms?\b",
}


def _kind(text: str) -> Kind | None:
    return next((kind for kind, pattern in _KINDS.items() if re.search(pattern, text, re.IGNORECASE)), None)


_WANTS = (
    (Want.PERSON, r"\bwho(?:m|se)?\b|\bwhich (?:governor|trustee|member|teacher|person|staff|company|contractor|head)\b|\bwhat(?:'s| is) the name\b"),
    (Want.TIME, r"\bwhat time\b|\bat what time\b"),
    (Want.DURATION, r"\bhow (?:long|soon|quickly|often|frequently|far in advance|late|early)\b|\bhow (?:much|many) (?:\w+ )?"
     r"(?:time|notice|minutes|hours|days|weeks|months|years|terms)\b|\b(?:deadline|time ?limit|notice period|within what)\b"),
    (Want.MONEY, r"\bhow much\b|\bcosts?\b|\bprice\b|\bfees?\b|\bcharges?\b|\brates?\b|\bsalary\b|\bbudget\b|\bpay(?:ment)? (?:range|scale)\b|£"),
    (Want.NUMBER, r"\bhow (?:many|high|low|big|large|old|far)\b|\bpercentage\b|\bproportion\b|\bnumber of\b|\bwhat(?:'s| is| was) (?:the )?(?:\w+ )?(?:quorum|limit|target|maximum|minimum|ratio)\b"),
    (Want.DATE, r"\bwhen\b|\b(?:what|which) (?:date|day|month|year|term)\b|\bby what date\b"),
    (Want.PLACE, r"\bwhere\b"),
)  # fmt: skip


def _want(text: str) -> Want | None:
    return next((want for want, pattern in _WANTS if re.search(pattern, text, re.IGNORECASE)), None)


_NUMBER_WORDS = r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|hundred|half|third|quarter"
_MONTH_WORDS = r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
_ANSWERS = {
    Want.MONEY: re.compile(r"£|\bpounds?\b|\bpence\b|\d\s?p\b|\d\s?%|\bfree\b|\bno charge\b|\bper cent\b|\b\d[\d,]{3,}\b", re.IGNORECASE),
    Want.NUMBER: re.compile(rf"\d|\b(?:{_NUMBER_WORDS}|no|none|all|any)\b", re.IGNORECASE),
    Want.DURATION: re.compile(
        rf"(?:\d|\b(?:{_NUMBER_WORDS}|a|an|each|every|per|once|twice|same|next|working|school)\b)[\s-]*(?:\w+[\s-]+){{0,2}}"
        r"(?:minutes?|mins?|hours?|days?|weeks?|months?|years?|terms?|half[- ]?terms?|times?)\b|\b(?:daily|weekly|fortnightly|monthly|half[- ]?termly|termly|annual(?:ly)?|"
        r"yearly|immediately|straight away|at once|regularly|ongoing|bi-?annual(?:ly)?|tri-?annual)\b",
        re.IGNORECASE,
    ),
    Want.DATE: re.compile(
        rf"\b(?:19|20)\d\d\b|\b\d{{1,2}}[/.]\d{{1,2}}\b|\b(?:{_MONTH_WORDS})\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?:autumn|spring|summer|easter|christmas)\b"
        r"|\b(?:daily|weekly|monthly|termly|annually|every|each|after|before|within|at the (?:end|start|beginning))\b",
        re.IGNORECASE,
    ),
    Want.TIME: re.compile(r"\d{1,2}[.:]\d\d|\d\s?(?:am|pm|a\.m|p\.m)\b|\bnoon\b|o'clock|\b[01]\d[0-5]\d\b", re.IGNORECASE),
    Want.PERSON: re.compile(
        r"(?-i:\b[A-Z][a-z]+ (?:[A-Z]\.? )?[A-Z][a-z]+)|\b(?:head(?:teacher|s)?|principal|clerk|chair|governors?|trustees?|manager|officer|lead|leader|director|coordinator|co-ordinator|"
        r"committee|board|body|staff|teachers?|parents?|council|authority|team|sendco|senco|dsl|executive|business|secretary|caretaker|contractor|ltd|limited|company|mrs?|ms|dr)\b",
        re.IGNORECASE,
    ),
    Want.PLACE: re.compile(r"\b(?:in|at|on|to|from|by|near|behind|outside|inside|via)\b|(?-i:\b[A-Z][a-z]+)", re.IGNORECASE),
}  # fmt: skip


def answers(want: Want, text: str) -> bool:
    """Whether a text holds words of the wanted sort."""
    return _ANSWERS[want].search(text) is not None
