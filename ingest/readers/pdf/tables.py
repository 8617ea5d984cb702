"""Find the tables that a PDF page draws with rules, and read their cells."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ingest.readers.pdf.layout import Paragraph, PdfLine, lines_of, paragraphs
from ingest.readers.pdf.page import Box, PageContent, Word

_SNAP = 3.0
_COLOURED = 60
_MOST_EDGES = 4_000


Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table on a page: `rows` of cells, each cell its paragraphs, none where another cell spreads over the place;
    `shades` has for each of them the colour of its ground, None where that is white, grey or black."""

    box: Box
    columns: tuple[float, ...]
    rows: tuple[tuple[tuple[Paragraph, ...], ...], ...]
    shades: tuple[tuple[Colour | None, ...], ...]
    first_word: int


def grids(content: PageContent) -> tuple[list[Grid], list[int]]:
    """The tables of a page, and for each word the number of the table that it stands in, or -1."""
    inside = [-1] * len(content.words)
    if len(content.edges) < 4:
        return [], inside
    found = [cells for cells in _tables(content.edges) if len(cells) > 1]
    tables: list[Grid] = []
    for cells in found:
        box = (min(c[0] for c in cells), min(c[1] for c in cells), max(c[2] for c in cells), max(c[3] for c in cells))
        words: dict[Box, list[Word]] = {}
        first = len(content.words)
        members: list[int] = []
        for at, word in enumerate(content.words):
            x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
            if inside[at] >= 0 or not (box[0] <= x <= box[2] and box[1] <= y <= box[3]):
                continue
            cell = next((cell for cell in cells if cell[0] <= x <= cell[2] and cell[1] <= y <= cell[3]), None)
            if cell is not None:
                words.setdefault(cell, []).append(word)
                members.append(at)
                first = min(first, at)
        if not words:
            continue
        for at in members:
            inside[at] = len(tables)
        tables.append(_grid(box, cells, words, first, content))
    return tables, inside


def _tables(edges: Sequence[Box]) -> list[list[Box]]:
    """Cells of each table, by pdfplumber's way from rules to crossings to cells."""
    from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

    rules = [_edge(edge) for edge in edges]
    if len(rules) > _MOST_EDGES:
        return []
    merged = merge_edges(rules, _SNAP, _SNAP, _SNAP, _SNAP)
    level = sum(edge["orientation"] == "h" for edge in merged)
    if level < 2 or len(merged) - level < 2 or len(merged) > 600:
        return []
    cells = intersections_to_cells(edges_to_intersections(merged, _SNAP, _SNAP))
    tables: list[list[Box]] = cells_to_tables(cells)
    return tables


def _edge(edge: Box) -> dict[str, Any]:
    x0, top, x1, bottom = edge
    level = x1 - x0 >= bottom - top
    if level:
        top = bottom = (top + bottom) / 2
    else:
        x0 = x1 = (x0 + x1) / 2
    return {
        "x0": x0,
        "x1": x1,
        "top": top,
        "bottom": bottom,
        "width": x1 - x0,
        "height": bottom - top,
        "orientation": "h" if level else "v",
        "object_type": "line",
    }


def _grid(box: Box, cells: Sequence[Box], words: dict[Box, list[Word]], first: int, content: PageContent) -> Grid:
    columns = _starts(cell[0] for cell in cells)
    tops = _starts(cell[1] for cell in cells)
    rows: list[list[tuple[Paragraph, ...]]] = [[() for _ in columns] for _ in tops]
    for cell, inner in words.items():
        row = max(0, bisect_right(tops, cell[1] + _SNAP) - 1)
        column = max(0, bisect_right(columns, cell[0] + _SNAP) - 1)
        rows[row][column] = tuple(paragraphs(_in_order(lines_of(inner)), cell[2] - 4))
    shades: list[list[Colour | None]] = [[None for _ in columns] for _ in tops]
    coloured = [(fill, colour) for fill, colour in content.fills if max(colour) - min(colour) > _COLOURED]
    for cell in cells if coloured else ():
        row = max(0, bisect_right(tops, cell[1] + _SNAP) - 1)
        column = max(0, bisect_right(columns, cell[0] + _SNAP) - 1)
        x, y = (cell[0] + cell[2]) / 2, (cell[1] + cell[3]) / 2
        for fill, colour in coloured:
            if fill[0] <= x <= fill[2] and fill[1] <= y <= fill[3]:
                shades[row][column] = colour
    return Grid(box, tuple(columns), tuple(map(tuple, rows)), tuple(map(tuple, shades)), first)


def _starts(values: Any) -> list[float]:
    starts: list[float] = []
    for value in sorted(values):
        if not starts or value - starts[-1] > _SNAP:
            starts.append(value)
    return starts


def _in_order(lines: list[PdfLine]) -> list[PdfLine]:
    """Lines of a cell from top to bottom; those on one baseline stay as they were written."""
    turned = [line for line in lines if not line.words[0].upright]
    level = sorted((line for line in lines if line.words[0].upright), key=lambda line: round(line.baseline))
    return [*level, *turned]
