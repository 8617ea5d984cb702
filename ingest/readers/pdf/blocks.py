"""From a PDF's pages to blocks: tables that run over pages joined, headings told, paragraphs and words mended."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.readers.clean import ITEM, item, join_lines, tidy, vocabulary
from ingest.readers.pdf.headings import Headings
from ingest.readers.pdf.layout import Paragraph
from ingest.readers.pdf.legend import said_by_colour
from ingest.readers.pdf.page import Word
from ingest.readers.pdf.tables import Grid
from ingest.readers.reading import Block
from ingest.readers.table import Part, Row, table_blocks

_OPEN_END = re.compile(r"[^.!?:;]$")
_SAME_COLUMN = 6.0
_SECTION = re.compile(r"\d{1,2}\.(?:\d{1,2}\.?)* +[A-Z]\S*(?: [^ .]+){0,7}")
_PAGE_PLACE = 100_000.0


@dataclass(frozen=True, slots=True)
class PageElements:
    """The paragraphs and tables of one page, in reading order."""

    number: int
    elements: tuple[Paragraph | Grid, ...]


@dataclass(slots=True)
class _Table:
    """A table, perhaps over several pages, with the left edges of its columns."""

    columns: tuple[float, ...]
    rows: list[Row]
    last_page: int
    colours: tuple[float, float, str] | None = None


@dataclass(slots=True)
class _Text:
    """A paragraph, perhaps over two pages."""

    paragraphs: list[Paragraph]
    page: int
    last_page: int


def blocks_of(pages: Sequence[PageElements]) -> Iterator[Block]:
    """The blocks of a whole document."""
    words = vocabulary(_lines(pages))
    elements = list(_joined(pages, words))
    texts = [paragraph for element in elements if isinstance(element, _Text) for paragraph in element.paragraphs]
    cells = [
        paragraph
        for page in pages
        for grid in page.elements
        if isinstance(grid, Grid)
        for row in grid.rows
        for cell in row
        for paragraph in cell
    ]
    headings = Headings(texts, cells)
    level = 0
    coloured: list[tuple[float, float, str]] = []
    for at, element in enumerate(elements):
        if isinstance(element, _Table):
            yield from table_blocks(element.rows, min(level + 1, 6))
            coloured += [element.colours] if element.colours else []
            level = 0
            continue
        yield from (Block(line, "row", page=element.page) for _, _, line in sorted(coloured))
        coloured.clear()
        block = _block(element, headings, words)
        level = block.level
        following = elements[at + 1] if at + 1 < len(elements) else None
        if _numbers_a_section(block, following):
            block = replace(block, kind="heading", level=min(headings.deepest + 1, 6))
        if isinstance(following, _Table) and (row := _header_above(element, following, words)):
            following.rows.insert(0, row)
        elif block.text:
            yield block
    yield from (Block(line, "row", page=pages[-1].number) for _, _, line in sorted(coloured))


def _block(text: _Text, headings: Headings, words: Counter[str]) -> Block:
    first = text.paragraphs[0]
    mended = join_lines((line.text for paragraph in text.paragraphs for line in paragraph.lines), words)
    if len(text.paragraphs) == 1 and headings.is_heading(first):
        return Block(mended, "heading", headings.level(first), text.page)
    if ITEM.match(mended):
        return Block(item(mended), "item", page=text.page)
    return Block(mended, page=text.page)


def _lines(pages: Sequence[PageElements]) -> Iterator[str]:
    for page in pages:
        for element in page.elements:
            if isinstance(element, Paragraph):
                yield from (line.text for line in element.lines)
                continue
            for row in element.rows:
                yield from (line.text for cell in row for paragraph in cell for line in paragraph.lines)


def _joined(pages: Sequence[PageElements], words: Counter[str]) -> Iterator[_Table | _Text]:
    """Texts and tables in order, those that go on over a page's end as one; a table of one column is texts."""
    held: _Table | _Text | None = None
    for page in pages:
        tables = [element for element in page.elements if isinstance(element, Grid)]
        colours = {
            id(tables[at]): (round(tables[at].box[1], -1), tables[at].box[0], line)
            for at, line in said_by_colour(tables).items()
        }
        for first, element in _with_first(page.elements):
            for new in _opened(element, page.number, words, held if first else None):
                if isinstance(new, _Table):
                    new.colours = colours.get(id(element))
                if held and first and held.last_page == page.number - 1 and _goes_on(held, new, words):
                    continue
                if held:
                    yield held
                held = new
                first = False
    if held:
        yield held


def _with_first(elements: Sequence[Paragraph | Grid]) -> Iterator[tuple[bool, Paragraph | Grid]]:
    return ((at == 0, element) for at, element in enumerate(elements))


def _opened(
    element: Paragraph | Grid, page: int, words: Counter[str], held: _Table | _Text | None
) -> Iterator[_Table | _Text]:
    if isinstance(element, Paragraph):
        yield _Text([element], page, page)
        return
    columns = [column for column in range(len(element.columns)) if any(row[column] for row in element.rows)]
    if len(columns) == 1 and not (isinstance(held, _Table) and _same_columns(held.columns, element.columns)):
        for row in element.rows:
            yield from (_Text([paragraph], page, page) for paragraph in row[columns[0]])
        return
    rows = [
        Row(tuple(tuple(_part(paragraph, page, words) for paragraph in cell) for cell in row)) for row in element.rows
    ]
    yield _Table(element.columns, [row for row in rows if any(row.cells)], page)


def _part(paragraph: Paragraph, page: int, words: Counter[str]) -> Part:
    text = join_lines((line.text for line in paragraph.lines), words)
    return Part(text, page, page * _PAGE_PLACE + paragraph.lines[0].top)


def _goes_on(held: _Table | _Text, new: _Table | _Text, words: Counter[str]) -> bool:
    """Joins what begins a page to what ended the page before, where the one goes on in the other."""
    if isinstance(held, _Text) and isinstance(new, _Text):
        before, after = held.paragraphs[-1], new.paragraphs[0]
        if _is_open(before.text, after.text) and abs(before.size - after.size) < 0.5 and not before.spread:
            held.paragraphs.extend(new.paragraphs)
            held.last_page = new.last_page
            return True
    if isinstance(held, _Table) and isinstance(new, _Table) and _same_columns(held.columns, new.columns):
        columns = max(held.columns, new.columns, key=len)
        held.rows = _spread_to(columns, held.columns, held.rows)
        rows = _spread_to(columns, new.columns, new.rows)
        held.columns = columns
        if rows and held.rows and _is_same_row(held.rows[-1], rows[0]):
            held.rows[-1] = _merged(held.rows[-1], rows[0], words)
            rows = rows[1:]
        held.rows.extend(rows)
        held.last_page = new.last_page
        return True
    return False


def _spread_to(columns: Sequence[float], own: Sequence[float], rows: list[Row]) -> list[Row]:
    """Rows of a table with fewer columns, set under those of the other."""
    if len(columns) == len(own):
        return rows
    places = [min(range(len(columns)), key=lambda at: abs(columns[at] - column)) for column in own]
    spread: list[Row] = []
    for row in rows:
        cells: list[tuple[Part, ...]] = [()] * len(columns)
        for place, cell in zip(places, row.cells, strict=True):
            cells[place] = (*cells[place], *cell)
        spread.append(replace(row, cells=tuple(cells)))
    return spread


def _numbers_a_section(block: Block, following: _Table | _Text | None) -> bool:
    """Whether a numbered line in plain type is a heading: a few words with a paragraph under them."""
    if block.kind != "item" or not _SECTION.fullmatch(block.text) or not isinstance(following, _Text):
        return False
    under = following.paragraphs[0].text
    return len(under.split()) > 4 and under[0].isupper() and not ITEM.match(under)


def _header_above(text: _Text, table: _Table, words: Counter[str]) -> Row | None:
    """The names of a table's columns where they stand above its rules, each over its column."""
    line = text.paragraphs[-1].lines[-1]
    top = next((part.place for cell in table.rows[0].cells for part in cell if part.place is not None), None)
    if top is None or len(text.paragraphs) > 1 or len(text.paragraphs[0].lines) > 1 or len(line.words) > 15:
        return None
    if not 0 <= top - (text.page * _PAGE_PLACE + line.top) <= 3 * line.size:
        return None
    cells: list[list[str]] = [[] for _ in table.columns]
    before: Word | None = None
    for word in line.words:
        column = max(0, bisect_right(table.columns, word.x0 + 2) - 1)
        if before and word.x0 - before.x1 < line.size and not cells[column]:
            return None
        cells[column].append(word.text)
        before = word
    if sum(bool(cell) for cell in cells) < 2:
        return None
    return Row(tuple((Part(tidy(" ".join(cell)), text.page),) if cell else () for cell in cells), header=True)


def _is_same_row(upper: Row, lower: Row) -> bool:
    """Whether the first row of a page goes on with the last row of the page before."""
    first, last = lower.cells[0], upper.cells[0]
    return not first or (bool(last) and _is_open(last[-1].text, first[0].text))


def _is_open(before: str, after: str) -> bool:
    """Whether the sentence that ends here goes on there."""
    return bool(_OPEN_END.search(before)) and after[:1].islower() and not ITEM.match(after)


def _same_columns(first: Sequence[float], second: Sequence[float]) -> bool:
    """Whether the columns of one table stand under those of the other, one of which may have more."""
    fewer, more = sorted((first, second), key=len)
    return len(fewer) > 1 and all(any(abs(a - b) < _SAME_COLUMN for b in more) for a in fewer)


def _merged(upper: Row, lower: Row, words: Counter[str]) -> Row:
    cells: list[tuple[Part, ...]] = []
    for above, below in zip(upper.cells, lower.cells, strict=True):
        if above and below and _is_open(above[-1].text, below[0].text):
            whole = replace(above[-1], text=join_lines((above[-1].text, below[0].text), words))
            cells.append((*above[:-1], whole, *below[1:]))
        else:
            cells.append((*above, *below))
    return replace(upper, cells=tuple(cells))
