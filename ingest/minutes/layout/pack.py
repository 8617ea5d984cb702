"""A file that holds several meetings, parted into one reading a meeting: nothing of it is lost."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from ingest.metadata.recognise import body_in
from ingest.minutes.layout.sections import CLOSING, SEATED, SIGNED
from ingest.readers.reading import Block, Reading
from knowledge.school.due.days import MONTH
from knowledge.text.dates import find

_AHEAD, _BEHIND, _LONGEST = 10, 4, 30
_SEATS = re.compile(
    rf"(?:{SEATED.pattern}|governor\s+attendance\b|chair(?:ed\s+by|ing)?\b)[^:|–-]{{0,25}}(?:\s*[:|–-]|\s*$)",
    re.IGNORECASE,
)
_SEATS_WITHIN = re.compile(r"\b(?:present|in\s+attendance|attendees|chair)\s*:", re.IGNORECASE)
_MEETING = re.compile(
    r"\b(?:minutes|notes|meeting|committee|governing|governors|board|trustees|directors|slt|lt|smt|elt|team|lgb|fgb|panel"
    r"|council|network|group|briefing|held|date)\b",
    re.IGNORECASE,
)
_ANOTHER = re.compile(
    r"\b(?:next|last|previous|future|prior)\s+(?:\w+\s+){0,3}meetings?\b|\bas\s+at\b|\b(?:agreed|approved|signed|confirmed)\b"
    r"|\bby\b",
    re.IGNORECASE,
)
_NEXT = re.compile(r"\b(?:next|future)\s+(?:\w+\s+){0,3}meetings?\W*$", re.IGNORECASE)
_END = re.compile(r"(?:the\s+)?meeting\s+(?:was\s+)?(?:closed|ended|finished|concluded)\b", re.IGNORECASE)
_NO_YEAR = re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{MONTH})", re.IGNORECASE)
_LABEL = re.compile(
    r"\W*(?:date|meeting|committee|body|board|minutes|held(?:\s+on)?|(?:date|day)\b.{0,25}|meeting\s+(?:date|of))\W*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(rf"\W*\d{{1,3}}(?:[.):](?!\d)|\s+(?!{MONTH})[A-Z])", re.IGNORECASE)
_FROM_DAY = re.compile(r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day[\s,]+)?(?:the\s+)?\d{1,2}", re.IGNORECASE)


def meetings_in(reading: Reading) -> tuple[Reading, ...]:
    """One reading a meeting, in order; the whole where it holds one meeting or none.

    A meeting begins where a title with its day stands a few lines above a list of those present. The same day of the
    same body begins no second one: a title may be said twice.
    """
    blocks = reading.blocks
    # What stands before the first title with a list of those present is its meeting's, unless it has its own day.
    own = next((day for block in blocks[:_AHEAD] if (day := _titled(block))), None)
    starts: list[int] = [0]
    before: tuple[str, str | None] = (own or "", None)
    for at, block in enumerate(blocks):
        day = None if at and _NEXT.search(blocks[at - 1].text) else _titled(block)
        if day is None or not _seats_follow(blocks, at):
            continue
        begin = _top(blocks, at, starts[-1])
        known = (day, body_in([each.text for each in blocks[begin : at + 1]]))
        both = known[1] and before[1]
        other = known[1] != before[1] if both else _other_title(blocks, starts[-1], begin)
        if begin > starts[-1] and before[0] and (known[0] != before[0] or other):
            starts.append(begin)
        before = known
    if len(starts) == 1:
        return (reading,)
    cuts = [*starts, len(blocks)]
    return tuple(_part(reading, start, stop) for start, stop in pairwise(cuts))


def _other_title(blocks: tuple[Block, ...], one: int, other: int) -> bool:
    """Whether, well after one title, another stands that says something else: of two teams that met on one day."""
    words = [re.sub(r"\W+", " ", block.text.casefold()).strip() for block in (*blocks[one : one + 3], blocks[other])]
    return other - one >= _AHEAD and not any(words[-1] in each or each in words[-1] for each in words[:-1])


def ends_of(reading: Reading) -> int:
    """How many meetings end in these notes. More than one means that they hold more than was told apart."""
    return sum(bool(_END.match(block.text)) for block in reading.blocks)


def _titled(block: Block) -> str | None:
    """The day of the meeting whose minutes this block begins, as a key; None where it is no such title."""
    text = block.text
    if block.kind == "item" or len(text.split()) > _LONGEST or _ANOTHER.search(text.split(":")[0]):
        return None
    if block.kind == "row" and not _of_labels(text):
        return None
    if _NUMBERED.match(text) or SIGNED.match(text) or CLOSING.match(text):
        return None
    days = [period for period in find(text) if period.start == period.end]
    ways = [(days[0].begin, days[0].stop, f"{days[0].start:%d-%m}")] if len(days) == 1 else []
    if not days:
        ways = [(match.start(), match.end(), _key(match)) for match in _NO_YEAR.finditer(text)]
    if len(ways) != 1:
        return None
    begin, stop, key = ways[0]
    rest = f"{text[:begin]} {text[stop:]}"
    bare = not re.search(
        r"[a-z]{3,}", re.sub(r"(?:mon|tues|wednes|thurs|fri)day|\b(?:at|from|am|pm)\b", "", rest.casefold())
    )
    first = _FROM_DAY.match(text) and begin < len("Wednesday the ") and not text.endswith(".")
    return key if block.kind == "heading" or bare or first or _MEETING.search(rest) else None


def _of_labels(row: str) -> bool:
    """Whether a row of a table says which meeting it is, as "Date | 3 March 2027 | Venue | Hall" does: an action's row
    may name the day of another meeting."""
    cells = [cell.strip() for cell in row.split(" | ") if cell.strip()]
    return len(cells) == 1 or any(_LABEL.fullmatch(cell) for cell in cells[::2])


def _key(match: re.Match[str]) -> str:
    months = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    return f"{int(match['day']):02}-{months.index(match['month'][:3].casefold()) + 1:02}"


def _seats_follow(blocks: tuple[Block, ...], at: int) -> bool:
    """Whether those present are named in this block or the next few, before another title."""
    if _SEATS_WITHIN.search(blocks[at].text):
        return True
    for block in blocks[at + 1 : at + 1 + _AHEAD]:
        ended = SIGNED.match(block.text) or _END.match(block.text)
        if _titled(block) or ended or (block.kind == "heading" and _NUMBERED.match(block.text)):
            return False
        if _SEATS.match(block.text) or _SEATS_WITHIN.search(block.text):
            return True
    return False


def _top(blocks: tuple[Block, ...], at: int, first: int) -> int:
    """Where the title above this block begins: the name of the school, of the body, of the paper."""
    begin = at
    while begin > max(first, at - _BEHIND) and _is_title(blocks[begin - 1]):
        begin -= 1
    return begin


def _is_title(block: Block) -> bool:
    text = block.text.strip()
    if block.kind not in ("heading", "paragraph") or len(text.split()) > 12 or text.endswith((".", ";", ",", "?")):
        return False
    other = _NUMBERED.match(text) or SIGNED.match(text) or CLOSING.match(text) or _ANOTHER.search(text)
    spoken = block.kind == "paragraph" and re.search(
        r"\b(?:to|will|action|is|was|are|were)\b|[:|]", text, re.IGNORECASE
    )
    return not other and not spoken and not find(text) and not _NO_YEAR.search(text)


def _part(reading: Reading, start: int, stop: int) -> Reading:
    blocks = reading.blocks[start:stop]
    pages = {block.page for block in blocks if block.page is not None}
    title = reading.title if start == 0 else None
    return replace(reading, blocks=blocks, title=title, pages=len(pages) or None)
