"""The sections of minutes, told by their headings: actions, matters arising, the next agenda, who was there."""

from __future__ import annotations

import re
from typing import Literal

from ingest.readers.reading import Block

Section = Literal["front", "attendance", "agenda", "actions", "matters", "notes", "next", "after"]

NUMBER = re.compile(
    r"^(?:(?:agenda\s+|minute\s+)?item\s+"
    r"|minute\s+)?(?:[A-Z]{1,5}[ .-]?)?(?P<number>\d{1,3})(?P<sub>(?:\.\d{1,2})*[a-z]?)"
    r"(?P<year>(?:/\d{2,4})+|(?:1[89]|2[0-3])(?:19|2[0-9]))?(?:[.):]|\s+[-–]|(?=\s+\S)|$)\s*",
    re.IGNORECASE,
)
_ACTIONS = re.compile(
    r"(?:summary\s+(?:of\s+)?|agreed\s+|list\s+of\s+|new\s+|key\s+|table\s+of\s+)?actions?(?:\s+(?:points?|list"
    r"|log|summary|table|items?|plan|agreed"
    r"|arising|to\s+be\s+taken|required|register|sheet|from\s+(?:this|the)\s+meeting|from\s+today|and\s+owners"
    r"|tracker|agreed"
    r"|for\s+follow[\s-]?up)(?:\s+(?:from|at|in)\s+(?:this|the|today's)\s+meeting)?)*|to[\s-]do(?:\s+list)?"
    r"|next\s+steps|follow[\s-]?ups?(?:\s+actions?)?|who\s+does\s+what(?:\s+by\s+when)?|actions\s+to\s+(?:follow|do)"
)
MATTERS = re.compile(
    r".*\b(?:matters?\s+arising|(?:minutes\s+and\s+|previous\s+|past\s+)actions?(?:\s+from)?(?=\s+\d|$|\s+of"
    r"|\s+from)|outstanding\s+actions|(?:actions?|action\s+points?)(?:\s+\w+)?\s+(?:from|of"
    r"|arising\s+from)\s+(?:the\s+)?(?:last|previous|prior)"
    r"|(?:previous|last\s+meeting['’]?s?|earlier|carried[\s-]forward)\s+actions?|(?:review|update)\s+(?:of"
    r"|on)\s+(?:previous\s+)?actions?|action\s+(?:log|tracker)\s+(?:review|update)|progress\s+on\s+actions?)\b.*"
)
_NEXT = re.compile(
    r".*\b(?:(?:matters|items|business|agenda)\s+(?:\w+\s+)?(?:for|of)\s+(?:the\s+)?next(?:\s+\w+)?\s+(?:agenda"
    r"|meeting)|next\s+(?:meeting['’]?s\s+)?agenda"
    r"|forward\s+(?:plan|agenda))\b.*"
)
_AGENDA = re.compile(r"agenda(?:\s+items?)?|order\s+of\s+business|contents")
_ATTENDANCE = re.compile(
    r"(?:governor\s+)?attendance(?:\s+(?:list|register|and\s+apologies))?|(?:those\s+)?present|attendees?"
    r"|in\s+attendance|apologies(?:\s+for\s+absence)?|members(?:\s+present)?"
    r"|present\s+and\s+apologies|also\s+present"
)
CLOSING = re.compile(
    r"(?:\d{1,2}[.)]?\s*)?(?:dates?\s+of\s+(?:the\s+)?(?:next|future)|next\s+meeting\b"
    r"|(?:the\s+)?meeting\s+(?:closed|ended|finished|concluded))",
    re.IGNORECASE,
)
SEATED = re.compile(r"(?:\w+\s+)?(?:present|here|in\s+attendance|attendees|attending)\b", re.IGNORECASE)
TOP = re.compile(
    r"(?:(?:members?|governors?|trustees|also|those)\s+)?(?:present|here|in\s+attendance|attendees|attending"
    r"|apologies|clerk|chair|date|time|venue"
    r"|place|location|minutes|minute\s+taker|notes|quorum|start|from)\b.{0,12}?[:–-]",
    re.IGNORECASE,
)
SIGNED = re.compile(
    r"(?:signed(?:\s+as\s+a)?\s+(?:true|correct)|signed\s*[:|]|signed$|chair(?:'s|’s)?\s+signature)", re.IGNORECASE
)
_SECTIONS: tuple[tuple[Section, re.Pattern[str]], ...] = (
    ("matters", MATTERS),
    ("actions", _ACTIONS),
    ("next", _NEXT),
    ("agenda", _AGENDA),
    ("attendance", _ATTENDANCE),
)


def section_named(words: str) -> Section | None:
    """The section that a heading's words (lower case, without number) begin; None for one of the agenda's items."""
    if words in ("notes", "minutes", "discussion"):
        return "notes"
    return next((section for section, form in _SECTIONS if form.fullmatch(words)), None)


def stands_as_heading(block: Block, plain: bool) -> bool:
    """Whether a short line stands for a heading: "Actions", and in a file without headings "6. Finance"."""
    text = block.text.strip()
    if " | " in text or len(text.split()) > 8 or text.endswith((".", ";", ",")):
        return False
    words = re.sub(r"^\W*\d*[.):]?\s*", "", text).casefold().rstrip(" :")
    if any(form.fullmatch(words) for section, form in _SECTIONS if section != "attendance"):
        return True
    numbered = re.match(r"^\d{1,2}[.]?\s+[A-Z]", text)
    return plain and bool(numbered) and not re.search(r"\b(?:to|will)\s+[a-z]+", text)
