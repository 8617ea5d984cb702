"""Where the sentences of a passage begin and end."""

from __future__ import annotations

import re

_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.?g|i\.?e|etc|cf|vs|approx|inc|incl|para|paras|dept|tel|ext|mr|mrs|ms|mx|dr|prof|revd?|hon|st|sr|jr|"
    r"cllr|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
    r"|(?-i:\b[A-Z])|^\s*\(?[0-9ivxlc]+(?:\.[0-9]+)*)\.$",
    re.IGNORECASE,
)
_BEFORE_A_NUMBER = re.compile(r"\b(?:nos?|p|pp|vol|sec|fig|art|max|min|est)\.$", re.IGNORECASE)
_CLOSES_TOO = re.compile(r"\betc\.$|\b(?:p\.m|a\.m)\.$", re.IGNORECASE)
_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s+[\"'“‘(\[]*[A-Z0-9£•])")
_LONG = 320
_BREAK = re.compile(r";\s+|\s+[•▪●◦\uf0b7]\s+")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """The character spans of the sentences of a passage, in order, without the white space between them.

    A line is a block (a paragraph, a list item or a table row), so no sentence runs over a line's end; an item or a
    row is a sentence too. A sentence of over 320 characters is cut at its semicolons and bullets.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        spans.extend(_in_line(text, start, start + len(line)))
        start += len(line) + 1
    return spans


def _in_line(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    begin = start
    for match in _END.finditer(text, start, end):
        if match.group().startswith(".") and _is_abbreviation(text, begin, match.end()):
            continue
        spans.extend(_shortened(text, begin, match.end()))
        begin = match.end()
    spans.extend(_shortened(text, begin, end))
    return [span for span in (_stripped(text, *span) for span in spans) if span[0] < span[1]]


def _is_abbreviation(text: str, start: int, end: int) -> bool:
    before, following = text[start:end], text[end : end + 8].lstrip()[:1]
    if _CLOSES_TOO.search(before) and following.isupper():
        return False
    return bool(_ABBREVIATION.search(before) or (following.isdigit() and _BEFORE_A_NUMBER.search(before)))


def _shortened(text: str, start: int, end: int) -> list[tuple[int, int]]:
    if end - start <= _LONG:
        return [(start, end)]
    spans = []
    begin = start
    for match in _BREAK.finditer(text, start, end):
        if match.start() - begin >= 60 and end - match.end() >= 30:
            cut = match.start() + 1 if match.group().startswith(";") else match.start()
            spans.append((begin, cut))
            begin = cut
    return [*spans, (begin, end)]


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
