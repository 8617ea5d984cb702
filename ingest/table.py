"""Turn a table's cells into blocks: rows, or sections where its cells hold whole paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.clean import ITEM, item
from ingest.reading import Block

Cell = Sequence[str]
"""The paragraphs of one cell, each one line, already tidy."""

LONG_ROW = 90
_DATA = re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|£|^\d+(?:\.\d+)?%?$")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table. `page` is where it begins; `header` is set where the file itself says so."""

    cells: tuple[Cell, ...]
    page: int | None = None
    header: bool = False


def table_blocks(rows: Sequence[Row], level: int = 2, known: Sequence[str] = ()) -> Iterator[Block]:
    """The blocks of one table. A table of one column is only a frame: its paragraphs stand for themselves.

    `level` is that of a heading made of a row's first cell, where the row is a section of its own. `known` is the
    header of the table that this one continues.
    """
    rows = _without_empty(rows)
    if not rows:
        return
    if len(rows[0].cells) == 1:
        for row in rows:
            yield from paragraphs(row.cells[0], row.page)
        return
    header = list(known)
    for at, row in enumerate(rows):
        if row.header or (at == 0 and not known and looks_like_header(rows)):
            header = [" ".join(cell) for cell in row.cells]
            yield Block(_joined(row), "row", page=row.page, header=True)
        elif _words(row) > LONG_ROW:
            yield from _section(row, header, level)
        else:
            yield Block(_joined(row), "row", page=row.page)


def paragraphs(cell: Cell, page: int | None) -> Iterator[Block]:
    """A cell's paragraphs as blocks of their own."""
    for text in cell:
        if text:
            yield Block(item(text), "item", page=page) if ITEM.match(text) else Block(text, page=page)


def looks_like_header(rows: Sequence[Row]) -> bool:
    """Whether the first row names the columns: short words in all of at least two columns, no figures."""
    texts = [" ".join(cell) for cell in rows[0].cells]
    filled = [text for text in texts if text]
    if len(rows) < 2 or len(filled) < 2 or len(filled) < len(texts) - 1:
        return False
    short = all(len(text.split()) <= 8 and not _DATA.search(text) and not text.endswith(":") for text in filled)
    return short and len(set(filled)) == len(filled)


def _without_empty(rows: Sequence[Row]) -> list[Row]:
    width = max((len(row.cells) for row in rows), default=0)
    wide = [tuple(row.cells) + ((),) * (width - len(row.cells)) for row in rows]
    kept = [column for column in range(width) if any(any(cells[column]) for cells in wide)]
    cleaned = [
        Row(tuple(cells[column] for column in kept), row.page, row.header)
        for row, cells in zip(rows, wide, strict=True)
    ]
    return [row for row in cleaned if any(any(cell) for cell in row.cells)]


def _words(row: Row) -> int:
    return sum(len(text.split()) for cell in row.cells for text in cell)


def _joined(row: Row) -> str:
    joined = " | ".join(" ".join(cell) for cell in row.cells)
    return re.sub(r"(?:\s*\|\s*)+$", "", " ".join(joined.split()))


def _section(row: Row, header: Sequence[str], level: int) -> Iterator[Block]:
    """A row that is too long to be one line: its first cell as a heading, the others' paragraphs under it."""
    first, *others = row.cells
    title = " ".join(first)
    if title and len(title.split()) <= 40:
        yield Block(title, "heading", min(level, 6), row.page)
    else:
        yield from paragraphs(first, row.page)
    longest = max(range(len(others)), key=lambda column: sum(len(text) for text in others[column]), default=0)
    for column, cell in enumerate(others):
        if column == longest or not any(cell):
            yield from paragraphs(cell, row.page)
            continue
        label = header[column + 1] if column + 1 < len(header) else ""
        yield Block(f"{label}: {' '.join(cell)}" if label else " ".join(cell), page=row.page)
