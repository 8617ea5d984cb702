"""What one page of a PDF shows: its visible words with their place and look, its ruling lines and its shading."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from ingest.readers.clean import HYPHEN_AT_LINE_END
from ingest.readers.pdf.look import IDENTITY, Look, Matrix, colour_of, is_white, look_of, matrix_of, moved, times

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom in points, from the upper left corner of the page as it is shown."""

Placing = Callable[[float, float, float, float], Box]

LEAST_SIZE = 2.0
_THIN = 2.5
_THICK = 6.0
_MOST_OBJECTS = 40_000
_MOST_CHARACTERS = 200_000
# What pdfium puts in the place of a hyphen at the end of a line.
_HYPHENS = {0x02, 0xFFFE}
_SPACES = {0xA0, 0x2002, 0x2003, 0x2009, 0x3000}


class Word(NamedTuple):
    """A run of letters without white space. `baseline` grows downwards; `level` is that of a tagged heading, else 0;
    `spaced` says that the file itself has a space or a new line before it."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    baseline: float
    size: float
    bold: bool
    upright: bool
    spaced: bool
    level: int


@dataclass(slots=True)
class PageContent:
    """`edges` are level and upright rules, `fills` shaded areas with their colour; `furniture` is the words that the
    file itself marks as running headers and footers; `pictured` is the share of the page under pictures; `scan` says
    that its words are the unseen layer over a picture."""

    width: float
    height: float
    words: list[Word] = field(default_factory=list)
    furniture: list[Word] = field(default_factory=list)
    edges: list[Box] = field(default_factory=list)
    fills: list[tuple[Box, tuple[int, int, int]]] = field(default_factory=list)
    pictured: float = 0.0
    scan: bool = False
    _grounds: NDArray[np.float64] | None = None

    def ground(self, x: float, y: float) -> tuple[int, int, int] | None:
        """The colour of the topmost shading behind a point, once all shading is known."""
        if self._grounds is None:
            self._grounds = np.array([box for box, _ in self.fills], np.float64).reshape(-1, 4)
        left, top, right, bottom = self._grounds.T
        around = np.flatnonzero((left - 1 <= x) & (x <= right + 1) & (top - 1 <= y) & (y <= bottom + 1))
        return self.fills[around[-1]][1] if len(around) else None


def page_content(page: Any) -> PageContent:
    """The words of a pypdfium2 page in the order in which they were written, with its rules and shading.

    Left out is what a person does not see: transparent, white on white, minute, off the page.
    """
    width, height = page.get_size()
    content = PageContent(width, height)
    place = _placing(page)
    _collect_shapes(page.raw, content, place, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, IDENTITY, 0)
    text_page = page.get_textpage()
    try:
        _collect_words(text_page.raw, content, place)
    finally:
        text_page.close()
    return content


def _placing(page: Any) -> Placing:
    """From the page's own coordinates (left, bottom, right, top) to a box as shown, whatever way it is turned."""
    left, bottom, right, top = page.get_bbox()
    rotation = page.get_rotation()
    if rotation == 90:
        return lambda x0, y0, x1, y1: (y0 - bottom, x0 - left, y1 - bottom, x1 - left)
    if rotation == 180:
        return lambda x0, y0, x1, y1: (right - x1, y0 - bottom, right - x0, y1 - bottom)
    if rotation == 270:
        return lambda x0, y0, x1, y1: (top - y1, right - x1, top - y0, right - x0)
    return lambda x0, y0, x1, y1: (x0 - left, top - y1, x1 - left, top - y0)


def _collect_shapes(
    parent: Any, content: PageContent, place: Placing, count: Any, get: Any, matrix: Matrix, depth: int
) -> None:
    bounds = [ctypes.c_float() for _ in range(4)]
    area = max(1.0, content.width * content.height)
    for index in range(min(count(parent), _MOST_OBJECTS)):
        shape = get(parent, index)
        kind = pdfium.FPDFPageObj_GetType(shape)
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < 4:
            inner = times(matrix_of(shape), matrix)
            _collect_shapes(
                shape, content, place, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, inner, depth + 1
            )
        elif kind in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE):
            if not pdfium.FPDFPageObj_GetBounds(shape, *bounds):
                continue
            corners = moved(matrix, *(bound.value for bound in bounds))
            box = place(*corners)
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                _add_path(shape, box, content, place, matrix)
                continue
            shown = max(0.0, min(box[2], content.width) - max(box[0], 0.0))
            shown *= max(0.0, min(box[3], content.height) - max(box[1], 0.0))
            content.pictured += shown / area
            content.fills.append((box, (0, 0, 0)))


def _add_path(shape: Any, box: Box, content: PageContent, place: Placing, matrix: Matrix) -> None:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(shape, fill, stroke)
    if not fill.value and not stroke.value:
        return
    width, height = box[2] - box[0], box[3] - box[1]
    thin, long = min(width, height), max(width, height)
    if thin <= _THIN or (thin <= _THICK and long > 4 * thin):
        if not is_white(shape, bool(stroke.value)) and long > 3:
            content.edges.append(box)
        return
    if fill.value and (colour := colour_of(shape, pdfium.FPDFPageObj_GetFillColor)):
        content.fills.append((box, colour))
    if stroke.value and not is_white(shape, stroked=True):
        content.edges.extend(_strokes(shape, box, place, matrix))


def _strokes(shape: Any, box: Box, place: Placing, matrix: Matrix) -> Iterator[Box]:
    """The upright and level lines of an outline."""
    count = pdfium.FPDFPath_CountSegments(shape)
    if not 2 <= count <= 2000:
        return
    own = times(matrix_of(shape), matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    before = start = None
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(shape, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if not pdfium.FPDFPathSegment_GetPoint(segment, x, y):
            continue
        point = moved(own, x.value, y.value, x.value, y.value)[:2]
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        targets = [point] if kind == pdfium.FPDF_SEGMENT_LINETO else []
        if pdfium.FPDFPathSegment_GetClose(segment) and start:
            targets.append(start)
        here = before
        for target in targets:
            if here and (abs(here[0] - target[0]) < 1 or abs(here[1] - target[1]) < 1):
                yield place(
                    min(here[0], target[0]), min(here[1], target[1]), max(here[0], target[0]), max(here[1], target[1])
                )
            here = target
        before = here if targets else point


def _collect_words(text_page: Any, content: PageContent, place: Placing) -> None:
    count = min(pdfium.FPDFText_CountChars(text_page), _MOST_CHARACTERS)
    codes = _codes(text_page, count)
    looks: dict[int, Look] = {}
    start = 0
    for index in range(count + 1):
        code = codes[index] if index < count else 32
        if code > 32 and code not in _SPACES and code != 0xFFFE:
            continue
        if code in _HYPHENS and index < count:
            codes[index] = ord(HYPHEN_AT_LINE_END)
        if index > start:
            for first, last, look in _runs(text_page, start, index, looks):
                _add_word(text_page, codes, first, last, look, content, place)
        start = index + 1


def _codes(text_page: Any, count: int) -> list[int]:
    """The page's characters: all at once where each is one, else one by one."""
    buffer = (ctypes.c_ushort * (count + 1))()
    if pdfium.FPDFText_GetText(text_page, 0, count, buffer) == count + 1:
        return list(buffer)[:count]
    return [pdfium.FPDFText_GetUnicode(text_page, index) for index in range(count)]


def _runs(text_page: Any, start: int, end: int, looks: dict[int, Look]) -> list[tuple[int, int, Look]]:
    """A word with its look, cut where a part of it is hidden or marked and another is not."""
    shape = _shape(text_page, start)
    first = _look(shape, looks)
    if end - start == 1 or _address(shape) == _address(_shape(text_page, end - 1)):
        return [(start, end, first)]
    runs: list[tuple[int, int, Look]] = []
    for index in range(start, end):
        look = _look(_shape(text_page, index), looks)
        if runs and look[2:5] == runs[-1][2][2:5]:
            runs[-1] = (runs[-1][0], index + 1, runs[-1][2])
        else:
            runs.append((index, index + 1, look))
    return runs


_shape = pdfium.FPDFText_GetTextObject


def _address(shape: Any) -> int:
    return ctypes.addressof(shape.contents) if shape else 0


def _look(shape: Any, looks: dict[int, Look]) -> Look:
    address = _address(shape)
    look = looks.get(address)
    if look is None:
        look = looks[address] = look_of(shape) if shape else Look(0.0, False, False, False, False, 0)
    return look


def _add_word(
    text_page: Any,
    codes: list[int],
    start: int,
    end: int,
    look: Look,
    content: PageContent,
    place: Placing,
) -> None:
    rectangle, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    if not pdfium.FPDFText_GetLooseCharBox(text_page, start, rectangle):
        return
    left, right, bottom, top = rectangle.left, rectangle.right, rectangle.bottom, rectangle.top
    pdfium.FPDFText_GetCharOrigin(text_page, start, x, y)
    pdfium.FPDFText_GetLooseCharBox(text_page, end - 1, rectangle)
    left, right = min(left, rectangle.left), max(right, rectangle.right)
    bottom, top = min(bottom, rectangle.bottom), max(top, rectangle.top)
    box = place(left, bottom, right, top)
    size = look.size or box[3] - box[1]
    if not _is_seen(look, box, size, content):
        return
    content.scan = content.scan or look.hidden
    with_hyphen = codes[start : end + 1] if codes[end : end + 1] == [ord(HYPHEN_AT_LINE_END)] else codes[start:end]
    text = "".join(map(chr, (code for code in with_hyphen if code <= 0x10FFFF)))
    baseline = place(x.value, y.value, x.value, y.value)[1]
    wide, high = box[2] - box[0], box[3] - box[1]
    upright = end - start < 3 or wide > 0.6 * high or high < 1.8 * size
    spaced = _is_spaced(text_page, codes, start)
    word = Word(text, *box, baseline, size, look.bold, upright, spaced, look.level)
    (content.furniture if look.furniture else content.words).append(word)


def _is_spaced(text_page: Any, codes: list[int], start: int) -> bool:
    """Whether the file has white space before this place, where pdfium may only have guessed some."""
    at = start - 1
    while at >= 0 and codes[at] <= 32 and start - at < 8:
        if not pdfium.FPDFText_IsGenerated(text_page, at):
            return True
        at -= 1
    return at == start - 1


def _is_seen(look: Look, box: Box, size: float, content: PageContent) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    if size < LEAST_SIZE or not (-1 <= x <= content.width + 1 and -1 <= y <= content.height + 1):
        return False
    if look.hidden:
        return content.pictured > 0.4
    return not look.white or _is_shaded(content, (x, y))


def _is_shaded(content: PageContent, middle: tuple[float, float]) -> bool:
    """Whether the topmost thing drawn behind this point is other than white."""
    colour = content.ground(*middle)
    return colour is not None and min(colour) < 240
