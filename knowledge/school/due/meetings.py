"""Days that a due phrase takes from the meetings ahead: next meeting, next FGB, June LGB."""

from __future__ import annotations

import re

from knowledge.school.due.days import MONTH
from knowledge.school.due.model import DueContext, DueDay, DuePhrase, Meetings

_MEETING = r"(?:meetings?|mtg|agenda|session)"
_NEXT = re.compile(
    rf"(?:the\s+|our\s+)?(?P<next>next|following|forthcoming|subsequent)\s+(?P<body>[\w&'’ -]*?)\s*{_MEETING}?"
)
_NAMED = re.compile(
    rf"(?:the\s+)?(?:(?P<month>{MONTH})\s+)?(?P<body>[\w&'’ -]+?)(?:\s+{_MEETING})?"
    rf"(?:\s+(?:in\s+)?(?P<month_>{MONTH}))?"
)
_IN_MONTH = re.compile(rf"(?:the\s+)?(?P<month>{MONTH})(?:['’]s)?\s+{_MEETING}|{_MEETING}\s+in\s+(?P<month_>{MONTH})")
_ITSELF = re.compile(rf"(?:the\s+)?{_MEETING}|(?:the\s+)?(?:one|meeting)\s+after\s+next")
_BODIES = re.compile(
    r"\b(?:fgb|lgb|slt|elt|smt|board|governors?|governing|trustees?|committee|exec(?:utive)?|heads?|panel"
    r"|council|group"
    r"|team|network|forum|working\s+party)\b|\b[a-z]{1,3}&?[a-z]{1,3}c\b"
)


# What governors call their own body, whatever its name is.
_GOVERNORS = re.compile(
    r"(?:full\s+|local\s+)?(?:governing\s+(?:body|board)|governors?|board|fgb|lgb"
    r"|gb)(?:['’]?s?)?(?:\s+of\s+governors)?"
)
_ANY_BOARD = frozenset({"board", "the board"})
_GOVERNS = re.compile(r"\b(?:fgb|lgb|govern(?:ing|ors)|board)\b", re.IGNORECASE)


def at_a_meeting(said: DuePhrase, context: DueContext) -> DueDay | None:
    """The day of the meeting that the phrase names."""
    if re.search(r"\bafter\s+next$", said.text) and _ITSELF.fullmatch(said.text):
        return _the(context.own, context, 1, "the meeting after next")
    if match := _IN_MONTH.fullmatch(said.text):
        month = match["month"] or match["month_"]
        return _the(context.own, context, 0, f"the {month.title()} meeting", month)
    match = _NEXT.fullmatch(said.text)
    if match:
        body = match["body"].strip()
        if not body:
            if not re.search(rf"{_MEETING}$", said.text):
                return None
            return _the(context.own, context, 0, "the next meeting")
        meetings = _called(body, context)
        if meetings is None and not _BODIES.search(body):
            return None
        return _the(meetings, context, 0, f"the next meeting of {_shown(body)}")
    match = _NAMED.fullmatch(said.text)
    if not match:
        return None
    meetings = _called(match["body"].strip(), context)
    month = match["month"] or match["month_"]
    if meetings is None and not (month and _BODIES.search(match["body"])):
        return None
    return _the(meetings, context, 0, f"the next meeting of {_shown(match['body'])}", month)


def _the(meetings: Meetings | None, context: DueContext, number: int, what: str, month: str | None = None) -> DueDay:
    meeting = context.meeting
    rule = "next meeting" if number == 0 else "meeting after next"
    if meeting is None:
        return DueDay(None, rule, "The meeting's date is not known. By when?")
    ahead = meetings.after(meeting, context.calendar) if meetings else []
    if month:
        ahead = [day for day in ahead if f"{day:%b}".lower() == month[:3]]
    if len(ahead) <= number:
        return DueDay(None, rule, f"When is {what}?")
    return DueDay(ahead[number], rule)


def _called(body: str, context: DueContext) -> Meetings | None:
    """The body that these words name; None where they name none, or more than one: then the day is asked."""
    others = [meetings for meetings in context.others if meetings != context.own]
    named = [meetings for meetings in others if any(_same(body, name) for name in meetings.names)]
    if any(_same(body, name) for name in context.own.names):
        # Where governors are a board too, "the board" may be theirs or the trust's.
        return context.own if body not in _ANY_BOARD or not named else None
    governs = any(_GOVERNS.search(name) for name in context.own.names)
    if _GOVERNORS.fullmatch(body) and governs and body not in _ANY_BOARD:
        return context.own
    return named[0] if len(named) == 1 else None


def _same(body: str, name: str) -> bool:
    """Whether two names are one body's: the same words, its initials, or the words that tell it apart."""
    own, said = _content(name), _content(body)
    initials = "".join(word[0] for word in re.findall(r"\w+", name.casefold()) if word not in ("of", "the", "and"))
    return (
        own == said or "".join(said) == initials or (bool(said) and len(said) < len(own) and own[-len(said) :] == said)
    )


def _content(name: str) -> list[str]:
    words = re.findall(r"\w+", re.sub(r"['’]s?\b", "", name.casefold()))
    return [word for word in words if word not in ("the", "of", "and", "meeting", "committee", "next")]


def _shown(body: str) -> str:
    words = body.split()
    return "the " + " ".join(word.upper() if len(word) <= 3 else word for word in words if word != "the")
