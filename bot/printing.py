"""How results look in a terminal: text for people, JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from bot.doctor import Finding
    from bot.operator import Asked
    from knowledge.passages import Citation

out = Console(highlight=False, soft_wrap=False)
notes = Console(stderr=True, highlight=False)

MARKS = {"good": "[green]good[/]", "note": "[yellow]note[/]", "wrong": "[red]wrong[/]"}


def dump(value: object) -> None:
    """Print one value as JSON."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def answer(asked: Asked, as_json: bool) -> None:
    """Print an answer with its quotes, each under its document."""
    if as_json:
        dump(asked.as_json())
        return
    out.print(escape(asked.answer.text))


def place(citation: Citation) -> str:
    """Where a quote stands, in a line: title, version, heading, page."""
    document = citation.document
    page = f"{document.unit or 'page'} {citation.page}" if citation.page else ""
    parts = (
        document.title,
        document.version or "",
        " › ".join(citation.heading),
        page,
        "read by OCR" if document.ocr else "",
    )
    return " · ".join(part for part in parts if part)


def findings(found: Sequence[Finding], as_json: bool) -> None:
    """Print what the doctor saw, with the mend under what is not good."""
    if as_json:
        dump([each.as_json() for each in found])
        return
    table = Table(box=None, pad_edge=False)
    for column in ("part", "state", "seen, and what to do"):
        table.add_column(column, overflow="fold")
    for each in found:
        said = Text(each.seen)
        if each.mend:
            said.append(f"\n→ {each.mend}", style="bold")
        table.add_row(each.part, MARKS[each.state], said)
    out.print(table)


@contextmanager
def _bar(*columns: Any) -> Iterator[Progress]:
    with Progress(TextColumn("{task.description}"), BarColumn(), *columns, console=notes, transient=True) as progress:
        yield progress


def counted(what: str) -> Callable[[Sequence[Any]], Iterable[Any]]:
    """A progress bar over a sequence of known length, on standard error."""

    def over(items: Sequence[Any]) -> Iterator[Any]:
        with _bar(MofNCompleteColumn(), TimeRemainingColumn()) as progress:
            yield from progress.track(items, description=what)

    return over


def batch_done(count: int, target: Path) -> None:
    """Say that a batch is answered, beside the answers."""
    notes.print(f"{count} questions answered, in {escape(str(target))}")
