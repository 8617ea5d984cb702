"""What a question says of itself: schools, bodies, dates, versions, kinds of document, and what would answer it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from knowledge.passages import Kind, Names
from knowledge.query import naming
from knowledge.query.answer_type import AnswerType, answer_type_of
from knowledge.query.sayings import as_calendars_say
from knowledge.query.thesaurus import alternatives
from knowledge.text.dates import find
from knowledge.text.terms import terms, words

MOST_CHARACTERS = 1200
_CONTEXT_WEIGHT = 0.5
_ASIDE_WEIGHT = 0.3
# Words that say which document, or how to answer, or next to nothing: rare in a small library, and still no topic.
_ASIDE_WORDS = (
    "able actually advise allowed amount anybody anyone anything apply around ask asked away back begin bring "
    "call called "
    "case come comes contain current currently date day days decide describe detail details different document "
    "documents "
    "draft earlier early end ever exactly example explain expect expected far find first fit former general give "
    "given go "
    "goes going good happen happened happens help hold idea include included information keep kind know last "
    "late latest "
    "like likely long look looking make makes making mean meant member mention mentions minimum maximum month "
    "name named "
    "need needed needs new next normal normally note number often old older one outline people person place "
    "please point "
    "policies policy position possible present previous previously procedure process provide purpose put quickly "
    "read "
    "really reason regarding relate require required right rule rules said say says school schools second see "
    "set show "
    "sign somebody someone something somewhere soon sort specific start state stated sure take taken takes "
    "taking thing "
    "things think time times told trust try two type types update usual usually use used version versions want "
    "wants way "
    "ways week weeks went word words work works write wrote year years must shall cannot"
)
_ASIDE = frozenset(_ASIDE_WORDS.split())
ASIDES = _ASIDE | {"got", "get", "gets", "getting", "done"}
"""Words that alone give a question no topic."""


class Version(StrEnum):
    """Which versions of a document a question is about."""

    IN_FORCE = "in force"
    EARLIER = "earlier"
    DRAFT = "draft"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Concept:
    """One content word of a question: its stem's hash, other ways to say it, and how much it counts (1 or less)."""

    word: str
    term: int
    ways: tuple[tuple[int, ...], ...] = ()
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Question:
    """A question as read; `start` to `end` is the period that it names, if any.

    `query` is what is encoded. `topic` is the same without schools' names, which would draw it to whatever bears them:
    passages are searched by the topic, and their sentences compared with the query. `schools` and `bodies` map the ids
    of those named to the words that name them. `month` is set where a month is named without its year.
    """

    text: str
    query: str
    topic: str
    concepts: tuple[Concept, ...]
    schools: Mapping[str, str] = field(default_factory=dict)
    bodies: Mapping[str, str] = field(default_factory=dict)
    start: date | None = None
    end: date | None = None
    month: int | None = None
    version: Version = Version.IN_FORCE
    kind: Kind | None = None
    answer_type: AnswerType | None = None

    @property
    def own_words(self) -> frozenset[str]:
        """Its own words, in small letters."""
        return frozenset(self.text.casefold().split()) | {concept.word for concept in self.concepts}


def read_question(text: str, names: Names, today: date, context: Sequence[str] = ()) -> Question:
    """Read a question; `context` holds the earlier questions of its thread, oldest first."""
    text = as_calendars_say(" ".join(text.split())[:MOST_CHARACTERS])
    own = _concepts(text, 1.0)
    before = _brought_in(text, len(own), context)
    held = {each.term for each in own}
    brought = (
        tuple(concept for concept in _concepts(before, _CONTEXT_WEIGHT) if concept.term not in held) if before else ()
    )
    schools = naming.schools(text, names) or naming.schools(before, names)
    bodies = naming.bodies(text, names) or naming.bodies(before, names)
    start, end, month = _period(text, today)
    if start is None and month is None and before:
        start, end, month = _period(before, today)
    query = f"{before} {text}".strip()
    return Question(
        text=text,
        query=query,
        topic=_unnamed(query, schools),
        concepts=own + brought,
        schools=schools,
        bodies=bodies,
        start=start,
        end=end,
        month=month,
        version=_version(text),
        kind=_kind(text),
        answer_type=answer_type_of(text),
    )


def _concepts(text: str, weight: float) -> tuple[Concept, ...]:
    ways = alternatives(text)
    found: dict[int, Concept] = {}
    for word in words(text):
        for term in terms(word):
            aside = _ASIDE_WEIGHT if word in _ASIDE else 1.0
            found.setdefault(term, Concept(word, term, ways.get(term, ()), weight * aside))
    return tuple(found.values())


def _unnamed(text: str, schools: Mapping[str, str]) -> str:
    """The text without the words that name schools, or all of it where nothing else is left."""
    left = text
    for said in schools.values():
        named = re.escape(said).replace(r"\ ", r"\s+")
        left = re.sub(rf"(?:\b(?:at|in|for|of|from)\s+)?(?<!\w){named}(?:['’]s)?(?!\w)", " ", left, flags=re.IGNORECASE)
    return re.sub(r"\s+(?=[?.!,]|$)", "", " ".join(left.split())) if terms(left) else text


_FOLLOWS_ON = re.compile(
    r"^(?:and|but|so|or|then|also|what about|how about|what if|ok|okay|same|why)\b"
    r"|\b(?:it|its|they|them|their|theirs|that one|those|these|this|that|he|she|him|her|his|there|one|ones|"
    r"the same)\b",
    re.IGNORECASE,
)


def _brought_in(text: str, concepts: int, context: Sequence[str]) -> str:
    """The last earlier question that says something, where this one leans on it."""
    if not context or not (concepts < 2 or _FOLLOWS_ON.search(text)):
        return ""
    said = [" ".join(each.split())[:MOST_CHARACTERS] for each in context]
    full = [each for each in said if len(terms(each)) > 1]
    return full[-1] if full else ""


_RELATIVE = re.compile(r"\b(?P<which>last|previous|next)\s+(?P<unit>(?:school |academic )?year|month)\b", re.IGNORECASE)
_BARE_MONTH = re.compile(
    r"\b(?:(?:in|on|of|the|by|since|last|next|for|from|until|at)\s+(?:the\s+)?|\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?)"
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
    step = 1 if which == "next" else -1
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
    rf"\b(?:old|older|previous|earlier|former|superseded|outdated|past|last|"
    rf"original)\s+(?:\w+\s+){{0,4}}?{_DOCUMENT}\b"
    r"|\bused to\b|\bsuperseded\b|\bprevious(?:ly)?\b|\bbefore (?:it|the|this) (?:\w+ ){0,3}(?:was|"
    r"were) (?:changed|updated|revised|reviewed)",
    re.IGNORECASE,
)
_ALL = re.compile(
    rf"\b(?:what|how|has|have|did)\b.*\b(?:changed|change|differs?|different)\b.*\b(?:since|between|from|version|"
    rf"{_DOCUMENT})\b"
    r"|\bdifferen(?:ce|t|ces)\b.*\b(?:versions?|old|new|previous)\b|\ball versions\b|\bcompared? (?:to|"
    r"with) the (?:old|previous|last)\b",
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
    Kind.MINUTES: (
        r"(?<!\d )\bminutes\b(?! (?:a|per|each|every|of (?:reading|homework|exercise)|long|late|early|before|after)\b)"
        r"|\bmeetings?\b|\bminuted\b"
        r"|\b(?:governors|trustees|board|committee|heads|slt)\b.*\b(?:decid|agree|discuss|approv|resol|said|ask)"
    ),
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
