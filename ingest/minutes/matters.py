"""Matters arising: what was said of earlier actions, and whether that closes them."""

from __future__ import annotations

import re

from ingest.minutes.actions.owners import People
from ingest.minutes.actions.wording import CLOSED, STILL_OPEN, is_done
from ingest.minutes.layout.blanks import is_blank
from ingest.minutes.layout.lines import Line
from ingest.minutes.model import Matter
from knowledge.text.sentences import sentence_spans

_MATTERS = re.compile(r"\bmatters?\s+arising(?:\s+from\s+the\s+minutes)?\s*[:–-]\s*", re.IGNORECASE)
_NOTHING = re.compile(
    r"(?:actions?\s*[:–-]\s*)?(?:(?:there\s+were\s+)?(?:none|no\s+matters?(?:\s+arising)?|nil)(?:\s+\w+){0,3}"
    r"|n/?a)\W*",
    re.IGNORECASE,
)
_EARLIER = re.compile(r"\b(?:the|an)\s+(?:\w+\s+)?action\s+(?:on|about|from|for|to|re)\b", re.IGNORECASE)


def matters_of(lines: tuple[Line, ...], people: People) -> tuple[Matter, ...]:
    """What the minutes say of earlier actions, in order."""
    found: list[Matter] = []
    for line in lines:
        if line.kind == "heading" or line.header:
            continue
        if line.section == "matters":
            found.extend(_row(line, people) if line.cells and line.columns else _text(line, line.text))
            continue
        if line.section != "notes":
            continue
        if match := _MATTERS.search(line.text):
            found.extend(_text(line, line.text[match.end() :]))
        else:
            said = [line.text[start:stop] for start, stop in sentence_spans(line.text)]
            found.extend(matter for each in said if _EARLIER.search(each) for matter in _text(line, each))
    return tuple(found)


def closes(line: Line) -> bool:
    """Whether a line under matters arising says that its action is done."""
    text = line.cell("status") or line.cell("notes") or (line.text if not line.cells else line.quote)
    return bool(is_done(text) or CLOSED.search(text)) and not STILL_OPEN.search(text)


def _row(line: Line, people: People) -> list[Matter]:
    task = line.cell("task") or line.cell("notes")
    owners = people.owners(line.cell("owner"))
    return [Matter(task, closes(line), line.quote, line.page, owners)] if task and not is_blank(task) else []


def _text(line: Line, text: str) -> list[Matter]:
    if not text.strip() or is_blank(text) or _NOTHING.fullmatch(text.strip()) or text.rstrip().endswith(":"):
        return []
    closed = bool(is_done(text) or CLOSED.search(text)) and not STILL_OPEN.search(text)
    return [Matter(text.strip(), closed, line.quote, line.page)]
