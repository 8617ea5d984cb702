"""Finds in a text the stretches that read on their own: a sentence, a list with its lead-in, a cell of a row."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.passages import Passage
from knowledge.skills.documents.boilerplate import leans

TOGETHER = 45
LISTED = 60
LABEL = 0.6
SHORT_ITEM = 12
_SMALL = frozenset({"of", "and", "the", "for", "in", "to", "on", "with", "as", "at", "by"})
_ACTIONS = re.compile(r"\b(?:actions?|owner|by whom|by when|due|lead|deadline)\b", re.IGNORECASE)
_CELLS = " | "
_LEADS_IN = re.compile(r"(?::|:\s?[-–]|\s[-–])$")
_ITEM = re.compile(r"(?:[•▪●◦○‣*\-–]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s")


def leads_in(text: str) -> bool:
    """Whether a line says that something follows it."""
    return bool(_LEADS_IN.search(text))


def trimmed(passage: Passage, start: int, end: int) -> tuple[int, int] | None:
    """The part of a sentence that reads on its own: of a table's row a cell that is a sentence, or a row of actions."""
    text = passage.text[start:end]
    line = passage.text[passage.text.rfind("\n", 0, start) + 1 : _line_end(passage.text, end)]
    if _CELLS not in line:
        if re.search(r"[.!?;:”\"']$", text) or _LEADS_IN.search(text):
            return start, end
        if text[-1:] != ")" and len(text.split()) <= 7:
            return None
        return None if _is_label(passage.text, start, end) else (start, end)
    if _CELLS not in text:
        return (start, end) if text.endswith((".", "!", "?")) else None
    header = passage.header or passage.text.split("\n", 1)[0]
    if text == line and _ACTIONS.search(header) and text != header and len(_ACTIONS.findall(header)) > 1:
        return start, end
    cells = [(match.start(), match.end()) for match in re.finditer(r"[^|]+", text)]
    best = max(cells, key=lambda cell: cell[1] - cell[0])
    said = text[slice(*best)]
    if not said.strip().endswith((".", "!", "?")):
        return None
    begin = start + best[0] + (len(said) - len(said.lstrip()))
    return begin, start + best[0] + len(said.rstrip())


def _is_label(text: str, start: int, end: int) -> bool:
    """Whether a line without a full stop only names something: the caption of a table, or names, figures and dates."""
    following = text[end:].lstrip("\n").split("\n", 1)[0]
    if _CELLS in following:
        return True
    if ": " in text[start:end]:
        return False
    kept = [each for each in re.findall(r"[\w’'&./-]+", text[start:end]) if len(each) > 1 and each not in _SMALL]
    named = [each for each in kept if each[:1].isupper() or each[:1].isdigit()]
    return len(named) > LABEL * max(len(kept), 1)


def with_list(text: str, span: tuple[int, int]) -> tuple[int, int] | None:
    """A line that leads in to a list, with as many of the items as there is room for; None where there is none."""
    end = span[1]
    for line in re.finditer(r"\n([^\n]+)", text[span[1] :]):
        said = line[1].strip()
        stop = span[1] + line.end()
        item = bool(_ITEM.match(said)) or len(said.split()) <= SHORT_ITEM
        if _CELLS in said or not item or len(text[span[0] : stop].split()) > LISTED:
            break
        end = stop
    while end > span[1] and _LEADS_IN.search(text[span[0] : end].rstrip()):
        end = text.rfind("\n", span[1], end)
    return (span[0], len(text[:end].rstrip())) if end > span[1] else None


def with_next(text: str, span: tuple[int, int], following: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The sentence together with the one after it in its paragraph that leans on it, where both are short."""
    for start, end in following:
        said = text[span[0] : end]
        if "\n" not in said and _CELLS not in said and leans(text[start:end]) and len(said.split()) <= TOGETHER:
            return span[0], end
    return span


def _line_end(text: str, end: int) -> int:
    found = text.find("\n", end)
    return len(text) if found < 0 else found
