"""Writes out what people type in haste: "whats", "dont", "pls", "u", "yr 5"."""

from __future__ import annotations

import re

_NOT = "do|does|did|is|are|was|were|has|have|had|would|could|should|must"
_WHOLE = {
    "pls": "please",
    "plz": "please",
    "plse": "please",
    "u": "you",
    "ur": "your",
    "ppl": "people",
    "abt": "about",
    "hwk": "homework",
    "shld": "should",
    "wld": "would",
    "cld": "could",
    "diff": "difference",
    "flexi": "flexible",
    "thx": "thanks",
    "im": "I'm",
    "ive": "I've",
    "cant": "can't",
    "wont": "won't",
    "thats": "that's",
}
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(what|where|who|how|when)s\b(?!['’])", re.IGNORECASE), r"\1's"),
    (re.compile(r"\b(what|where|who|how|when|why) r\b"), r"\1 are"),
    (re.compile(rf"\b({_NOT})nt\b", re.IGNORECASE), r"\1n't"),
    (re.compile(r"(?<![\w'’&/.-])(?:yrs?\.?\s?|y)(1[0-3]|[1-9])\b(?!\s?(?:old|of age))", re.IGNORECASE), r"year \1"),
    (re.compile(r"(?<![\w/.-])(?<!year )(?<!years )((?:1[89]|2\d)/(?:19|[23]\d))(?![\w/.-])"), r"20\1"),
    (re.compile(r"(?<!\w)w/\s?(?=[a-z])", re.IGNORECASE), "with "),
)
_SHORT = re.compile(rf"(?<![\w'’&/.@-])(?:{'|'.join(_WHOLE)})(?![\w'’&/.@-]\w)(?!\w)")


def written_out(typed: str) -> str:
    """The same question without the short forms of haste; any other as it is, down to its capitals.

    A short form that may be somebody's initials or a name counts only in small letters.
    """
    text = _SHORT.sub(lambda match: _WHOLE[match.group()], typed)
    for form, whole in _FORMS:
        text = form.sub(whole, text)
    return text
