"""An agenda as Markdown that a Slack canvas takes, and as a Word document."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.meetings.actions.carry import when
from bot.meetings.agenda.draft import Agenda, AgendaPrompt, Matter
from bot.meetings.model import named, spoken

_MARKS = re.compile(r"([\\`*_\[\]<>#|~!])")
FIRST = ("Welcome, apologies and declarations of interest",)
LAST = ("Any other business", "Date of the next meeting")


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """One line of an agenda, whatever it is written as. `row` parts are the cells of a table."""

    kind: Literal["title", "heading", "text", "item", "head", "row"]
    parts: tuple[str, ...]


def lines(agenda: Agenda) -> Iterator[AgendaLine]:
    """The agenda, line by line."""
    yield AgendaLine("title", (f"Agenda: {agenda.body.name}",))
    day = f"{agenda.date:%A} {spoken(agenda.date)}" if agenda.date else "Day not known yet"
    yield AgendaLine("text", (f"{day}. This is a draft.",))
    number = 0
    for name in FIRST:
        number += 1
        yield AgendaLine("heading", (f"{number}. {name}",))
    number += 1
    since = f"Minutes of {spoken(agenda.last.date)} and matters arising" if agenda.last else "Matters arising"
    yield AgendaLine("heading", (f"{number}. {since}",))
    yield from _matters(agenda.matters)
    if agenda.marked:
        yield AgendaLine("text", ("Marked for this meeting:",))
        yield from _asked(agenda.marked)
    for point in agenda.points:
        number += 1
        yield AgendaLine("heading", (f"{number}. {point.name}",))
        for matter in point.matters:
            yield AgendaLine("item", (f"Open: {brief(matter)}",))
        yield from _asked(point.asks)
    number += 1
    yield AgendaLine("heading", (f"{number}. Decisions needed",))
    yield from _asked(agenda.needed)
    if not agenda.needed:
        yield AgendaLine("text", ("None so far.",))
    for name in LAST:
        number += 1
        yield AgendaLine("heading", (f"{number}. {name}",))


def brief(matter: Matter) -> str:
    """A matter arising in one line."""
    action = matter.action
    who = ", ".join(named(owner) for owner in action.owners) or "nobody named"
    parts = [who, when(action.due), "overdue" if matter.overdue else "", matter.age_in_words]
    return f"{action.task.rstrip('.')} ({', '.join(part for part in parts if part)})"


def _matters(matters: tuple[Matter, ...]) -> Iterator[AgendaLine]:
    if not matters:
        yield AgendaLine("text", ("No open actions.",))
        return
    yield AgendaLine("head", ("Action", "By whom", "By when", "Age"))
    for matter in matters:
        action = matter.action
        due = when(action.due).removeprefix("by ") + (", overdue" if matter.overdue else "")
        if not action.due.certain and action.due.phrase:
            due = f"{due} (“{action.due.phrase}”)"
        who = ", ".join(named(owner) for owner in action.owners) or "nobody named"
        yield AgendaLine("row", (action.task, who, due, matter.age_in_words or "new"))


def _asked(asks: tuple[AgendaPrompt, ...]) -> Iterator[AgendaLine]:
    for ask in asks:
        yield AgendaLine("item", (f"{ask.text} ({ask.source})",))


def markdown(agenda: Agenda) -> str:
    """The agenda in Markdown; words of notes are text, never marks."""
    written: list[str] = []
    before = ""
    for line in lines(agenda):
        parts = [_plain(part) for part in line.parts]
        if line.kind == "head":
            text = f"| {' | '.join(parts)} |\n|{'---|' * len(parts)}"
        elif line.kind == "row":
            text = f"| {' | '.join(parts)} |"
        else:
            text = {"title": "# ", "heading": "## ", "text": "", "item": "- "}[line.kind] + parts[0]
        joined = line.kind == before == "item" or line.kind == "row"
        written.append(text if not written else f"{'' if joined else chr(10)}{text}")
        before = line.kind
    return "\n".join(written) + "\n"


def _plain(text: str) -> str:
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def docx(agenda: Agenda) -> bytes:
    """The agenda as a Word document."""
    import docx as word

    document = word.Document()
    document.core_properties.title = f"Agenda: {agenda.body.name}"
    document.core_properties.author = "Trustbot"
    table = None
    for line in lines(agenda):
        if line.kind in ("head", "row"):
            table = (
                table
                if line.kind == "row" and table is not None
                else document.add_table(0, len(line.parts), "Table Grid")
            )
            for cell, text in zip(table.add_row().cells, line.parts, strict=True):
                cell.text = _printable(text)
                for run in cell.paragraphs[0].runs:
                    run.bold = line.kind == "head"
        elif line.kind in ("title", "heading"):
            document.add_heading(_printable(line.parts[0]), 0 if line.kind == "title" else 2)
        else:
            document.add_paragraph(_printable(line.parts[0]), "List Bullet" if line.kind == "item" else None)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _printable(text: str) -> str:
    """Without the control characters that XML does not allow."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)
