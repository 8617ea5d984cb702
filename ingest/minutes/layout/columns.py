"""What the columns of a table in minutes hold, told by its header row."""

from __future__ import annotations

import re
from typing import Literal

Column = Literal["number", "task", "owner", "due", "status", "notes", "name", "initials", "role", "present", "other"]

_HEADS: tuple[tuple[Column, str], ...] = (
    ("due", r"by\s*when|when|(?:due|target|completion|review|deadline)?\s*(?:date|by)(?:\s+(?:due|for\s+completion))?"
            r"|due|deadline|time\s*-?(?:scale|frame|line)s?|target|date\s+(?:to\s+be\s+)?complet\w+|complete\s+by"
            r"|to\s+be\s+completed\s+by(?:\s+when)?|when\s+by"),
    ("owner", r"(?:by\s*)?who(?:m)?|owners?|leads?|(?:person|persons?|people|staff|governor|lead)?\s*\(?responsib\w+\)?"
              r"(?:\s+(?:person|for))?|(?:action(?:ed)?\s+)?(?:by|owner|lead)(?:\s+whom)?|assigned\s*(?:to)?"
              r"|allocated\s+to"
              r"|person|lead\s+person|action\s+(?:for|on)"),
    ("status", r"status|progress|update|outcome|complet(?:e|ed|ion)\??|rag(?:\s+rating)?|done\??|closed\??|comments?|"
               r"(?:current\s+)?position|result|(?:rag\s*/\s*)?status(?:\s*/\s*\w+)?|progress\s*/\s*\w+|open\s*/\s*closed"),
    ("task", r"(?:agreed\s+|required\s+)?actions?(?:\s*/?\s*(?:points?|required|agreed|to\s+be\s+taken|needed"
             r"|items?|task))?"
             r"|tasks?|what|to\s+do|action\s+description|description(?:\s+of\s+action)?"
             r"|what\s+needs\s+(?:to\s+be\s+)?(?:doing|done)"),
    ("notes", r"notes?|discussions?(?:\s+(?:points?|notes?))?|minutes?|details?|key\s+points?|summary"
              r"|points?\s+(?:raised|discussed)"
              r"|discussion\s*(?:/|and|&)\s*\w+|comments?\s+and\s+decisions?|minute"),
    ("number", r"(?:item|minute|agenda|action|ref|reference)?\s*(?:item|no|nos|number|ref|reference|#)\.?(?:\s+no\.?)?"
               r"|#"
               r"|agenda\s+item|topic|subject|minute|heading|area|section"),
    ("present", r"present(?:\s*/\s*\w+)?|attendance|attended|apologies|p/a"),
    ("initials", r"initials?"),
    ("name", r"names?|governor|member|attendees?|name\s+of\s+governor"),
    ("role", r"role|position|post|type(?:\s+of\s+\w+)?|category(?:\s+of\s+\w+)?|job\s+title|capacity"),
)  # fmt: skip


# For heads in words of their own: "Action / Lead", "Discussion and decisions".
_HINTS: tuple[tuple[Column, str], ...] = (
    ("owner", r"\bby\s+whom\b|\bresponsib|\bowner|\bwho\b|\blead\b"),
    ("due", r"\bwhen\b|\bdeadline|\btimescale|\btarget\s+date|\bdue\b"),
    ("notes", r"\bdiscussion|\bdecisions\b|\bkey\s+points|\bnotes\b"),
    ("task", r"\bactions?\b"),
    ("number", r"\bagenda\b|\bitem\b"),
)
_LONGEST_HEAD = 6


def column_of(head: str, *, loose: bool = True) -> Column:
    """What a column holds that has this head; a head in words of its own counts only if `loose`."""
    text = re.sub(r"\s+", " ", head).strip(" .:?*").casefold()
    # A narrow column breaks its head too: "Ow ner".
    ways = (text, text.replace(" ", "")) if " " in text else (text,)
    for way in ways:
        for column, form in _HEADS:
            if re.fullmatch(form if way is text else re.sub(r"\\s[+*]", r"\\s*", form), way):
                return column
    if not loose or len(text.split()) > _LONGEST_HEAD:
        return "other"
    return next((column for column, form in _HINTS if re.search(form, text)), "other")


def columns_of(cells: tuple[str, ...]) -> tuple[Column, ...]:
    """What each column of a table holds. A blank head beside an owner or a date is the task's."""
    columns = [column_of(cell) for cell in cells]
    if "task" not in columns and "notes" not in columns and ("owner" in columns or "due" in columns):
        blank = next((at for at, cell in enumerate(cells) if not cell.strip()), None)
        spare = [at for at, column in enumerate(columns) if column in ("notes", "number", "other") and at != 0]
        first = 0 if columns[0] in ("number", "other", "notes") else None
        at = blank if blank is not None else (spare[0] if spare and "notes" not in columns else first)
        if at is not None and columns[at] != "notes":
            columns[at] = "task"
    if "task" in columns and "notes" in columns and "owner" not in columns:
        # A column of the discussion beside one of actions: the margin, which may hold no more than a name.
        columns[columns.index("task")] = "owner"
    return tuple(columns)
