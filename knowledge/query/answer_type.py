"""What sort of words would answer a question, and whether a text holds such words."""

from __future__ import annotations

import re
from enum import StrEnum


class AnswerType(StrEnum):
    """What sort of words would answer a question."""

    MONEY = "money"
    NUMBER = "number"
    DURATION = "duration"
    DATE = "date"
    TIME = "time"
    PERSON = "person"
    PLACE = "place"
    CONTACT = "contact"


_UNITS = "minutes?|mins?|hours?|days?|weeks?|fortnights?|months?|years?|terms?|half[- ]?terms?"
# In this order: the first that fits says it.
_ASKED = {
    AnswerType.CONTACT: (
        r"\b(?:tele)?phone numbers?\b|\bcontact (?:numbers?|details)\b|\be-?mail address(?:es)?\b"
        r"|\bwhat(?:['’]s| is) (?:\w+ ){0,4}?e-?mail\b"
    ),
    AnswerType.PERSON: (
        r"\bwho(?:m|se|'s)?\b|\bwhat(?:'s| is| was) the name\b|\b(?:which|what) (?:governor|trustee|member|"
        r"teacher|person|"
        r"staff|company|contractor|firm|supplier|provider|head|school leader|organisation)s?\b"
    ),
    AnswerType.TIME: (
        r"\bwhat time\b|\b(?:opening|closing|start|finish) (?:hours|times?)\b"
        r"|\bwhen (?:did|does|do|will)\b.*\b(?:meetings?|committee|board|assembly|lessons?|school day|clubs?)\b.*"
        r"\b(?:start|begin|commence|finish|end|close|open)\b"
    ),
    AnswerType.DURATION: (
        r"\bhow (?:long|soon|quick(?:ly)?|fast|often|frequent(?:ly)?|far (?:ahead|in advance)|late|regularly)\b"
        rf"|\bhow (?:much|many) (?:\w+ )?(?:time|notice|{_UNITS})\b"
        r"|\b(?:deadline|time ?limit|(?:notice|retention|probation(?:ary)?|waiting) period)\b"
        r"|\b(?:how much notice|what notice|within what|longest|how old)\b"
    ),
    AnswerType.MONEY: (
        r"£|\b(?:costs?|price[sd]?|fees?|charge[sd]?|rates?|salary|wages?|budget|fine|fines|deposit|expenditure|"
        r"pay (?:range|scale|award)|income|surplus|deficit)\b|\bhow much (?:\w+ ){0,4}(?:pay|paid|spend|spent|"
        r"worth|money|funding)\b"
        r"|\bwhat(?:['’]s| is| was) (?:\S+ ){0,4}(?:allowance|allocation)\b"
    ),
    AnswerType.NUMBER: (
        r"\bhow (?:many|much|high|low|big|large|far|small|warm|hot|cold|heavy|tall)\b|\bpercentage\b|\bproportion\b"
        r"|\bnumber of\b|\bwhat (?:is|was|are)? ?(?:the |our )?(?:\w+ ){0,2}(?:quorum|limit|target|maximum|"
        r"minimum|ratio|share)\b"
    ),
    AnswerType.DATE: r"\bwhen\b|\b(?:what|which) (?:date|day|month|year|term)s?\b|\bby what date\b"
    r"|\b(?:review|start|closing|end|expiry|due|adoption) date\b",
    AnswerType.PLACE: r"\bwhere\b",
}
_NUMBERS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|"
    "hundred|half|third|thirds|quarter|quarters|fifths?|tenth"
)
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?"
)
_EVERY = (
    "daily|weekly|fortnightly|monthly|half[- ]?termly|termly|quarterly|annual(?:ly)?|yearly|immediately|straight "
    "away|"
    "at once|regularly|ongoing|bi-?annual(?:ly)?|tri-?annual|permanently|indefinitely"
)
_ROLES = (
    "head(?:teacher)?s?|principal|clerk|chair|governors?|trustees?|manager|officer|lead|leaders?|director|"
    "co-?ordinator|committee|board|body|staff|teachers?|parents?|council|authority|team|sendco|senco|dsl|executive|"
    "secretary|caretaker|contractors?|ltd|limited|company|mrs?|ms|dr|provider|firm"
)
_SAID = {
    AnswerType.MONEY: r"£|\bpounds?\b|\bpence\b|\d\s?p\b|\d\s?%|\bfree\b|\bno charge\b|\bper cent\b|\b\d[\d,]{3,}\b",
    AnswerType.NUMBER: rf"(?<![a-z\d])\d|\b(?:{_NUMBERS})\b",
    AnswerType.DURATION: (
        rf"(?:\d|\b(?:{_NUMBERS}|a|an|each|every|per|once|twice|same|next|working)\b)[\s-]*(?:\w+[\s-]+){{0,2}}"
        rf"(?:{_UNITS}|times?)\b|\b(?:{_EVERY})\b"
    ),
    AnswerType.DATE: (
        rf"\b(?:19|20)\d\d\b|\b\d{{1,2}}[/.]\d{{1,2}}\b|\b(?:{_MONTHS}|easter|christmas|autumn|spring|summer|"
        rf"{_EVERY})\b"
        r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?:every|each|within|after|before) \w+"
    ),
    # Four digits may be a year, or the number of an item.
    AnswerType.TIME: (
        r"\d{1,2}[.:]\d\d|\d\s?(?:am|pm|a\.m|p\.m)\b|\bnoon\b|\bmidday\b|o'clock|\b[012]\d[0-5]\d\s?(?:hrs|hours)\b"
        r"|\b(?:at|commenced|started|began|opened|closed|ended|finished):?\s+[012]\d[0-5]\d\b(?!/)"
        r"|\b(?:from|until|till|to|by)\s+(?!19|20)[012]\d[0-5]\d\b(?!/)"
    ),
    AnswerType.PERSON: rf"(?-i:\b[A-Z][a-z]+ (?:[A-Z]\.? )?[A-Z][a-z]+)|\b(?:{_ROLES})\b",
    AnswerType.CONTACT: r"\b0\d{2,4}[\s-]?\d{3,}|\b0\d{9,10}\b|\w@\w",
    AnswerType.PLACE: r"\b(?:in|at|on|to|from|by|near|behind|outside|inside|via)\b|(?-i:\b[A-Z][a-z]+)",
}
_ASKS = {want: re.compile(pattern, re.IGNORECASE) for want, pattern in _ASKED.items()}
_SAYS = {want: re.compile(pattern, re.IGNORECASE) for want, pattern in _SAID.items()}


def answer_type_of(question: str) -> AnswerType | None:
    """The sort of words that would answer a question, where it says so."""
    return next((want for want, pattern in _ASKS.items() if pattern.search(question)), None)


def answers(want: AnswerType, text: str) -> bool:
    """Whether a text holds words of the wanted sort."""
    return _SAYS[want].search(text) is not None


_WHO_IS = re.compile(
    r"^(?:and |so )?(?:who(?:['’]s| is| are)|what(?:['’]s| is) the name of) (?:the|our|my)\b", re.IGNORECASE
)
_BODIES = re.compile(r"\b(?:Governing|Body|Board|Committee|School|Primary|Community|Academy|Trust|Policy|Governors?)\b")
_NAME = re.compile(r"\b[A-Z][a-z]+ (?:[A-Z]\.? )?[A-Z][A-Za-z'’]+\b")
_WORD = re.compile(r"[A-Za-z]+")


def asks_for_a_name(question: str) -> bool:
    """Whether a question asks who holds an office: by the name of one person."""
    return _WHO_IS.search(question) is not None


def names_somebody(text: str, asked: frozenset[str]) -> bool:
    """Whether a text has a name of two words or more, beside the `asked` words (in small letters) and bodies' names."""
    return _NAME.search(apart_from(text, asked)) is not None


def apart_from(text: str, asked: frozenset[str]) -> str:
    """A text with a dash for each of the `asked` words and each word of which names of bodies are made."""
    return _WORD.sub(lambda word: "-" if word[0].casefold() in asked else word[0], _BODIES.sub("-", text))
