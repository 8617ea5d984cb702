"""Turn a table's cells into blocks: rows, or sections where its cells hold whole paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.readers.clean import ITEM, item
from ingest.readers.reading import Block


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


MOST_COLUMNS = 200
LONG_ROW = 90
VERY_LONG_ROW = 150
_LONGEST_CAPTION = 15
_LONGEST_BESIDE = 20
_DATA = re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|£|^\d+(?:\.\d+)?%?$")


def table_blocks(rows: Sequence[Row], level: int = 2) -> Iterator[Block]:
    """The blocks of one table. A table of one column is only a frame: its paragraphs stand for themselves.

    `level` is that of the headings which the first cells become where the rows are sections of text.
    """
    if max((len(row.cells) for row in rows), default=0) > MOST_COLUMNS:
        # Short rows made as wide as this one would take the square of it.
        yield from (Block(text, "row", page=row.page) for row in rows if (text := joined(row)))
        return
    rows = without_empty(rows)
    if rows and len(rows[0].cells) == 1:
        for row in rows:
            yield from paragraph_blocks(row.cells[0])
        return
    captions = [is_caption(row) for row in rows]
    first = next((at for at, caption in enumerate(captions) if not caption), 0)
    has_header = bool(rows) and (rows[first].header or looks_like_header(rows[first:]))
    header = tuple(" ".join(part.text for part in cell) for cell in rows[first].cells) if has_header else ()
    body = rows[first + has_header :]
    sections = are_sections(body)
    main = main_column(body) if sections else 0
    captioned = any(captions)
    names = joined(rows[first]) if has_header else ""
    for at, row in enumerate(rows):
        if has_header and joined(row) == names:
            if at == first:
                yield Block(joined(row), "row", page=row.page, header=True)
        elif sections and captions[at]:
            yield Block(joined(row), "heading", min(level, 6), row.page)
        elif sections:
            yield from _section(row, header, min(level + captioned, 6), main)
        else:
            yield Block(joined(row), "row", page=row.page, header=captions[at] and at < first)


def is_caption(row: Row) -> bool:
    """Whether a row is a few words in its first cell and nothing else, as a heading across a table is."""
    return len(row.cells) > 2 and bool(row.cells[0]) and not any(row.cells[1:]) and row.words <= _LONGEST_CAPTION


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
    """A row as one line."""
    return row_text([" ".join(part.text for part in cell) for cell in row.cells])


def row_text(cells: Sequence[str]) -> str:
    """Cells as one line, parted by bars, with none at its ends."""
    return re.sub(r"^(?:\s*\|)+\s*|(?:\s*\|)+\s*$", "", " ".join(" | ".join(cells).split()))


def main_column(rows: Sequence[Row]) -> int:
    """The number of the column that holds most of the words."""
    sizes = [sum(len(part.text) for row in rows for part in row.cells[column]) for column in range(len(rows[0].cells))]
    return sizes.index(max(sizes))


def _section(row: Row, header: Sequence[str], level: int, main: int) -> Iterator[Block]:
    """The cells before the main one as a heading, its paragraphs, and beside each what stands level with it."""

    def labelled(column: int, text: str) -> str:
        return f"{header[column]}: {text}" if column < len(header) and header[column] else text

    titled = 0
    while titled < main and sum(len(part.text.split()) for cell in row.cells[: titled + 1] for part in cell) <= 25:
        titled += 1
    lead = [part for cell in row.cells[:titled] for part in cell]
    if lead:
        yield Block(" ".join(part.text for part in lead), "heading", level, lead[0].page)
    for column in range(titled, main):
        if cell := row.cells[column]:
            yield Block(labelled(column, " ".join(part.text for part in cell)), page=cell[0].page)
    beside: dict[int, list[str]] = {}
    after: list[Block] = []
    for column in range(main + 1, len(row.cells)):
        for part in row.cells[column]:
            if len(part.text.split()) > _LONGEST_BESIDE:
                after.append(Block(labelled(column, part.text), page=part.page))
            else:
                beside.setdefault(_level_with(part, row.cells[main]), []).append(labelled(column, part.text))
    for at, block in enumerate(paragraph_blocks(row.cells[main])):
        yield replace(block, text=" | ".join([block.text, *beside.pop(at, ())]))
    if beside:
        yield Block(" | ".join(text for texts in beside.values() for text in texts), page=row.page)
    yield from after


def _level_with(part: Part, paragraphs: Sequence[Part]) -> int:
    """The number of the paragraph that stands level with this part of another column."""
    if part.place is None:
        return max(0, len(paragraphs) - 1)
    above = [at for at, other in enumerate(paragraphs) if other.place is not None and other.place <= part.place + 4]
    return max(above, default=0)
