"""Blanks of a form that nobody filled in: "[Name]", "xx/xx", "Click here to enter text"."""

from __future__ import annotations

import re

# With these words a bracket asks for something; the next ones do so only alone, for "[Action: HB]" says something.
_ASKS = (
    r"insert|enter|type|choose|select|specify|delete|e\.?g\.?|agenda\s+items?|names?\s+of|your|priority|description"
    r"|details\s+of|date\s+of|topics?\s+\w+|xx+"
)
_ALONE = (
    r"(?:(?:agenda|action|minute)\s+)?items?|names?|initials|owners?|person|who(?:m)?|when|what|(?:due\s+)?dates?(?:\s+\w+)?"
    r"|day|month|year|times?|location|venue|actions?|tasks?|topics?|title|school|academy|trust|body|role|text|deadline|status"
    r"|number|no\.?|details|xx+|\.+|…+|_+|\s{3,}"
)
_BLANK = re.compile(
    rf"[\[<{{«]\s*(?:(?:{_ASKS})\b[^\]>}}»|]*|(?:{_ALONE})(?:\s*\d{{1,2}})?)\s*(?:[\]>}}»]|$)"
    r"|\bclick\s+(?:or\s+tap\s+)?(?:here\s+)?to\s+(?:enter|add)\b[^.|]*"
    r"|\b(?:enter|type|insert|add)\s+(?:your\s+)?text\s+here\b"
    r"|(?<![\w/])(?:x{1,2}|dd|__+)\s?[/.-]\s?(?:x{1,2}|mm|__+)(?:\s?[/.-]\s?(?:x{2,4}|y{2,4}|__+|\d{2,4}))?(?![\w/])"
    r"|_{3,}|…{2,}|\.{5,}|(?<![\w(])x{2,}(?![\w)])",
    re.IGNORECASE,
)
# A name that was taken out: "[name of parent]".
_TAKEN_OUT = re.compile(r"\[\s*(?:names?|initials|pupil|child|parent|member)\b[^\]]*\]", re.IGNORECASE)
_BARE = re.compile(
    r"(?:actions?|items?|tasks?|agenda\s+items?|names?|owners?|dates?|who|when|what)(?:\s*\d{1,2})?", re.IGNORECASE
)


def has_blank(text: str) -> bool:
    """Whether a text holds a blank that nobody filled in."""
    return bool(_BLANK.search(text))


def is_unfilled(task: str, *, owned: bool) -> bool:
    """Whether this is a form's own line and no task. In one that somebody owns a name may have been taken out."""
    return is_blank(task) or has_blank(_TAKEN_OUT.sub("", task) if owned else task)


def is_blank(text: str) -> bool:
    """Whether a text is nothing but blanks, or the head of one ("Action 1"): no task, and nobody's name."""
    bare = text.strip(" .:|•*-")
    return bool(_BARE.fullmatch(bare)) or (has_blank(text) and not re.search(r"\w", _BLANK.sub("", text)))
