"""The due phrase of an action that is written as a sentence: the words that the grammar of due dates reads."""

from __future__ import annotations

import re

from knowledge.school.due import Due, DueContext, read_due
from knowledge.school.due.days import MONTH

_DEADLINE = re.compile(
    r"\b(?:by|before|no\s+later\s+than|until|in\s+time\s+for|ahead\s+of|prior\s+to|within|asap|a\.s\.a\.p\.?"
    r"|as\s+soon\s+as"
    r"|immediately|urgently|due(?:\s+(?:by|date))?|deadline|straight\s*away|w/c|on[\s-]going|ongoing|with\s+immediate\s+effect)(?=\W|$)",
    re.IGNORECASE,
)
_LOOSE = re.compile(
    r"\b(?:at|for|to|in|on|after|over|during|next|this|(?<!for\s)(?:every|each)|(?:half-)?termly|weekly|monthly"
    r"|annually|tomorrow|today|week"
    r"|end\s+of|eo(?:t|w|m|d|ht)(?=\W|$)|(?:cop|cob|eop)(?=\s+(?:mon|tue|wed|thu|fri|\d))|mon|tues?|wednes|wed|thurs?|fri)\w*\b|(?<!\w)\d{1,2}(?:st|nd|rd|th)?(?=[\s/.])"
    rf"|\b{MONTH}(?=\s+(?:20\d\d|\d{{1,2}}(?:st|nd|rd|th)?)\W*$)",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"\b(?:to|at|for|until|before|by)\s+(?:the\s+|our\s+)?(?:next|following)\s+(?:[\w&'’]+\s+){0,3}?"
    r"(?:meetings?|agenda|fgb|lgb|slt|board|committee|full\s+governing\s+body)(?!\s+of\b)\b",
    re.IGNORECASE,
)
_ONLY_A_DAY = re.compile(
    r"(?:by|before|on)\s+(?:the\s+)?[\d/.-]+(?:st|nd|rd|th)?(?:\s+of)?(?:\s+[A-Z][a-z]{2,8})?(?:,?\s+\d+)?",
    re.IGNORECASE,
)
# "what staff notice in September": when it happens that is to be found out, not by when.
_ASKED = re.compile(r"\b(?:what|how|whether|which|who|why|where)\b[^,;:–—]*\w\s*$", re.IGNORECASE)
_LONGEST = 9


def due_in(text: str, context: DueContext, *, loose: bool = True) -> tuple[str, str]:
    """The due phrase within an action's sentence, and the sentence without it where it ends or begins with it.

    Words of a deadline ("by", "asap") count anywhere; others ("on Friday", "next week") only at the end, and not
    unless `loose`. Both parts are words of the text; the phrase is empty where there is none.
    """
    found = [
        (match.start(), phrase)
        for form in (_DEADLINE, _NEXT)
        for match in form.finditer(text)
        if (phrase := _longest(text[match.start() :], context))
    ]
    if found:
        # "figures by term to the next meeting": of two, the one that is certain.
        start, phrase = next((each for each in found if read_due(each[1], context).certain), found[0])
        return _without(text, start, phrase), phrase
    for match in _LOOSE.finditer(text) if loose else ():
        tail = text[match.start() :].rstrip(" .;,)!")
        told = not match.start() or _ASKED.search(text[: match.start()])
        if not told and len(tail.split()) <= _LONGEST and _is_due(tail, context):
            return text, tail
    return text, ""


def is_due_phrase(text: str, context: DueContext) -> bool:
    """Whether a text as a whole is a due phrase."""
    return bool(text.strip()) and _is_due(text.strip(" .;,()"), context)


def _longest(text: str, context: DueContext) -> str:
    """The longest run of words from the start of a text that is a due phrase."""
    ends = [match.end() for match in re.finditer(r"\S+", text)][:_LONGEST]
    for end in reversed(ends):
        phrase = text[:end].rstrip(" .;,:)")
        if _is_due(phrase, context):
            return phrase
    return ""


def _is_due(phrase: str, context: DueContext) -> bool:
    due = read_due(phrase, context)
    if due.rule == "next meeting" and not re.search(rf"\b(?:next|following|{MONTH})\b|\d", phrase, re.IGNORECASE):
        return False
    return due.state in ("asap", "ongoing") or (due.state == "dated" and _read(due))


def _read(due: Due) -> bool:
    if due.rule == "no day of the calendar":
        return bool(_ONLY_A_DAY.fullmatch(due.phrase.strip()))
    return due.rule != "date within other words"


def _without(text: str, start: int, phrase: str) -> str:
    before, after = text[:start].rstrip(" ,;–—-(["), text[start + len(phrase) :].strip(" .;,:)]–—-")
    if not after and before:
        return before
    if not before and after:
        return re.sub(r"^(?:and|then)\s+", "", after)
    return text
