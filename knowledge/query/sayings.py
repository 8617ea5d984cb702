"""Puts what people say of the school year as calendars print it: they "break up" on the last day of a term."""

from __future__ import annotations

import re

_BEFORE = {"christmas": "autumn ", "easter": "spring ", "summer": "summer "}
_AFTER = {"christmas": "spring ", "easter": "summer ", "summer": "autumn "}
_FEAST = r"(?:(?:the\s+)?(?P<feast>christmas|easter|summer)(?:\s+(?:holidays?|break|vacation))?)"
_BREAK_UP = re.compile(
    rf"\bbreak(?:s|ing)?\s+up(?:\s+(?:for|at|before)\s+{_FEAST}|(?=\W*$|\s+this\s+term\b))", re.IGNORECASE
)
_BACK = re.compile(
    rf"\b(?:go(?:es|ing)?\s+back|(?:is|are|be|come|comes|coming|get|gets)\s+(?:\w+\s+){{0,3}}?back"
    rf"|(?:start|starts|open|opens)\s+(?:again|back)|reopens?|returns?)(?:\s+(?:to|at|in)\s+school)?"
    rf"\s+(?:after|from)\s+{_FEAST}",
    re.IGNORECASE,
)
_HOLIDAYS = re.compile(
    r"\b(?P<feast>christmas|easter|summer)\s+(?:holidays?|break)\s+(?P<verb>start|begin|end|finish)", re.IGNORECASE
)


def as_calendars_say(question: str) -> str:
    """The question with those sayings put as first and last days of terms; the same where there are none."""
    said = _BREAK_UP.sub(lambda match: f"last day of {_term(_BEFORE, match)}", question)
    said = _BACK.sub(lambda match: f"first day of {_term(_AFTER, match)}", said)
    return _HOLIDAYS.sub(_of_holidays, said)


def _term(terms: dict[str, str], match: re.Match[str]) -> str:
    feast = (match["feast"] or "").casefold()
    return f"the {terms[feast]}term" if feast else "term"


def _of_holidays(match: re.Match[str]) -> str:
    if match["verb"].casefold() in ("start", "begin"):
        return f"last day of {_term(_BEFORE, match)}"
    return f"first day of {_term(_AFTER, match)}"
