"""Turn a table's cells into blocks: rows, or sections where its cells hold whole paragraphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
import re

from ingest.clean import ITEM, item
from ingest.reading import Block


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph of a cell. `place` says how far down the document it begins, where the format knows."""

    text: str
    page: int | None = None
    place: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: for each cell its paragraphs. `header` is set where the file itself says so."""

    cells: tuple[tuple[Part, ...], ...]
    header: bool = False

    @property
    def page(self) -> int | None:
        """The page on which it begins."""
        return next((part.page for cell in self.cells for part in cell), None)

    @property
    def words(self) -> int:
        """How many words it has."""
        return sum(len(part.text.split()) for cell in self.cells for part in cell)


LONG_ROW = 90
VERY_LONG_ROW = 150
_LONGEST_TITLE = 40
_DATA = re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|£|^\d+(?:\.\d+)?%?$")


def table_blocks(rows: Sequence[Row], level: int = 2) -> Iterator[Block]:
    """The blocks of one table. A table of one column is only a frame: its paragraphs stand for themselves.

    `level` is that of the headings which the first cells become where the rows are sections of text.
    """
    rows = without_empty(rows)
    if rows and len(rows[0].cells) == 1:
        for row in rows:
            yield from paragraph_blocks(row.cells[0])
        return
    has_header = bool(rows) and (rows[0].header or looks_like_header(rows))
    header = tuple(" ".join(part.text for part in cell) for cell in rows[0].cells) if has_header else ()
    body = rows[1:] if has_header else rows
    sections = are_sections(body)
    main = main_column(body) if sections else 0
    for at, row in enumerate(rows):
        if at == 0 and has_header:
            yield Block(joined(row), "row", page=row.page, header=True)
        elif has_header and joined(row) == joined(rows[0]):
            continue
        elif sections:
            yield from _section(row, header, level, main)
        else:
            yield Block(joined(row), "row", page=row.page)


def are_sections(rows: Sequence[Row]) -> bool:
    """Whether these rows are sections of running text, as minutes in a table are, rather than data."""
    long = [row for row in rows if row.words > LONG_ROW]
    if not long or all(len(cell) < 2 for row in long for cell in row.cells):
        return False
    return len(long) > 0.15 * len(rows) or any(row.words > VERY_LONG_ROW for row in long)


def paragraph_blocks(parts: Sequence[Part]) -> Iterator[Block]:
    """A cell's paragraphs as blocks of their own."""
    for part in parts:
        listed = bool(ITEM.match(part.text))
        yield Block(item(part.text) if listed else part.text, "item" if listed else "paragraph", page=part.page)


def looks_like_header(rows: Sequence[Row]) -> bool:
    """Whether the first row names the columns: short, different words in nearly all of them, no figures."""
    texts = [" ".join(part.text for part in cell) for cell in rows[0].cells]
    filled = [text for text in texts if text]
    if len(rows) < 2 or len(filled) < 2 or len(filled) < len(texts) - 1:
        return False
    short = all(len(text.split()) <= 8 and not _DATA.search(text) and not text.endswith(":") for text in filled)
    return short and len(set(filled)) == len(filled)


def without_empty(rows: Sequence[Row]) -> list[Row]:
    """The rows without the columns and rows that hold nothing, all of one width."""
    width = max((len(row.cells) for row in rows), default=0)
    wide = [replace(row, cells=row.cells + ((),) * (width - len(row.cells))) for row in rows]
    kept = [column for column in range(width) if any(row.cells[column] for row in wide)]
    narrow = [replace(row, cells=tuple(row.cells[column] for column in kept)) for row in wide]
    return [row for row in narrow if any(row.cells)]


def joined(row: Row) -> str:
    """A row as one line, its cells parted by bars."""
    line = " | ".join(" ".join(part.text for part in cell) for cell in row.cells)
    return re.sub(r"^(?:\s*\|)+\s*|(?:\s*\|)+\s*$", "", " ".join(line.split()))


def main_column(rows: Sequence[Row]) -> int:
    """The number of the column that holds most of the words."""
    sizes = [
        sum(len(part.text) for row in rows for part in row.cells[column]) for column in range(len(rows[0].cells))
    ]
    return sizes.index(max(sizes))


def _section(row: Row, header: Sequence[str], level: int, main: int) -> Iterator[Block]:
    """The cells before the main one as a heading, its paragraphs, and beside each what stands level with it."""
    lead = [part for cell in row.cells[:main] for part in cell]
    title = " ".join(part.text for part in lead)
    if title and len(title.split()) <= _LONGEST_TITLE:
        yield Block(title, "heading", min(level, 6), lead[0].page)
    else:
        yield from paragraph_blocks(lead)
    beside: dict[int, list[str]] = {}
    paragraphs = row.cells[main]
    for column in range(main + 1, len(row.cells)):
        for part in row.cells[column]:
            label = header[column] if column < len(header) and header[column] else ""
            beside.setdefault(_level_with(part, paragraphs), []).append(f"{label}: {part.text}" if label else part.text)
    if not paragraphs and beside:
        yield Block(" | ".join(text for texts in beside.values() for text in texts), page=row.page)
    for at, block in enumerate(paragraph_blocks(paragraphs)):
        yield replace(block, text=" | ".join([block.text, *beside.get(at, ())]))


def _level_with(part: Part, paragraphs: Sequence[Part]) -> int:
    """The number of the paragraph that stands level with this part of another column."""
    if part.place is None:
        return max(0, len(paragraphs) - 1)
    above = [at for at, other in enumerate(paragraphs) if other.place is not None and other.place <= part.place + 4]
    return max(above, default=0)
