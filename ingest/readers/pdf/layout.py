"""From a page's words to its lines and paragraphs, in the order in which a person reads them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import quantiles

from ingest.readers.clean import HYPHEN_AT_LINE_END, ITEM, tidy
from ingest.readers.pdf.page import Box, Word

_LABEL = re.compile(r"[A-Z][\w ]{2,40}:\s")
_HALF = re.compile(r" (?:by|the|of|to|and|or|a|an|in|on|for|with|from|at|is|are)$")
_OPEN_END = re.compile(r"[^.!?:;]$")
_MOST_STRETCHES = 400


@dataclass(frozen=True, slots=True)
class PdfLine:
    """Words side by side, those that are raised among them."""

    words: tuple[Word, ...]
    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    baseline: float
    size: float
    bold: bool
    level: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together. `spread` says that some have gaps as wide as those between columns."""

    lines: tuple[PdfLine, ...]
    size: float
    bold: bool
    level: int
    spread: bool

    @property
    def text(self) -> str:
        """Its lines with spaces between, words broken at their ends not yet mended."""
        return tidy(" ".join(line.text for line in self.lines))


def lines_of(words: Iterable[Word]) -> list[PdfLine]:
    """Words in the order in which they were written -> lines."""
    lines: list[PdfLine] = []
    current: list[Word] = []
    for word in words:
        if current and not _goes_on(current, word):
            lines.append(_line(current))
            current = []
        current.append(word)
    if current:
        lines.append(_line(current))
    return [line for line in lines if line.text]


def _goes_on(current: Sequence[Word], word: Word) -> bool:
    first, last = current[0], current[-1]
    if not word.upright or not last.upright:
        return False
    size = max(first.size, last.size)
    if word.x0 < last.x1 - 0.5 * size:
        return False
    if abs(word.baseline - first.baseline) <= 0.55 * size or abs(word.baseline - last.baseline) <= 0.2 * size:
        return True
    return _raised(first, word) and word.x0 - last.x1 < 0.4 * size


def _raised(first: Word, word: Word) -> bool:
    """Whether it is set above or below its line, as the `th` of 4th may be."""
    return word.size < 0.82 * first.size and abs(word.baseline - first.baseline) <= 0.7 * first.size


def _line(words: Sequence[Word]) -> PdfLine:
    parts = [words[0].text]
    main = max(words, key=lambda word: word.size * len(word.text))
    for before, word in pairwise(words):
        gap = word.x0 - before.x1
        raised = (_raised(main, word) or _raised(main, before)) and word.text[0].isalpha()
        close = (raised and gap < 0.12 * main.size) or (not word.spaced and gap < 0.035 * main.size)
        parts.append(word.text if close else f" {word.text}")
    letters = sum(len(word.text) for word in words)
    heavy = sum(len(word.text) for word in words if word.bold)
    return PdfLine(
        tuple(words),
        tidy("".join(parts)) + (HYPHEN_AT_LINE_END if parts[-1].endswith(HYPHEN_AT_LINE_END) else ""),
        min(word.x0 for word in words),
        min(word.top for word in words),
        max(word.x1 for word in words),
        max(word.bottom for word in words),
        main.baseline,
        main.size,
        heavy > 0.9 * letters,
        main.level,
    )


def stretches(lines: Sequence[PdfLine], barriers: Sequence[Box]) -> list[list[PdfLine]]:
    """Lines that follow one another down the page, parted at the barriers."""
    found: list[list[PdfLine]] = []
    for line in lines:
        before = found[-1][-1] if found else None
        if before and _follows(before, line) and not any(_between(barrier, before, line) for barrier in barriers):
            found[-1].append(line)
        else:
            found.append([line])
    return found


def in_reading_order(boxes: Sequence[Box]) -> list[int]:
    """The order in which boxes, given in the order of writing, are read.

    Files mostly write in the order of reading, columns and frames included; what was written late but stands above
    its neighbours is moved before the first of them.
    """
    if len(boxes) > _MOST_STRETCHES:
        return sorted(range(len(boxes)), key=lambda at: (round(boxes[at][1]), boxes[at][0]))
    order: list[int] = []
    for at, box in enumerate(boxes):
        below = (
            place
            for place, other in enumerate(order)
            if box[3] <= boxes[other][1] + 2 and min(box[2], boxes[other][2]) > max(box[0], boxes[other][0])
        )
        order.insert(next(below, len(order)), at)
    return order


def _follows(before: PdfLine, line: PdfLine) -> bool:
    down = line.baseline - before.baseline
    return -0.3 * line.size < down < 8 * line.size and _beside(before, line)


def _between(barrier: Box, before: PdfLine, line: PdfLine) -> bool:
    return before.baseline <= barrier[1] + 2 and line.top >= barrier[3] - 2


def _beside(first: PdfLine, second: PdfLine) -> bool:
    return min(first.x1, second.x1) > max(first.x0, second.x0) - 2 * first.size


def box_of(lines: Sequence[PdfLine]) -> Box:
    """The box around lines."""
    return (
        min(line.x0 for line in lines),
        min(line.top for line in lines),
        max(line.x1 for line in lines),
        max(line.bottom for line in lines),
    )


def paragraphs(lines: Sequence[PdfLine], right: float | None = None) -> list[Paragraph]:
    """Lines of one stretch or cell -> paragraphs. `right` is where its lines must turn; found from them if None."""
    if not lines:
        return []
    margin = right if right is not None else right_margin(lines)
    usual = _usual_leading(lines)
    groups: list[list[PdfLine]] = [[lines[0]]]
    for before, line in pairwise(lines):
        if _parts(groups[-1], before, line, margin, usual):
            groups.append([line])
        else:
            groups[-1].append(line)
    return [_paragraph(group) for group in groups]


def right_margin(lines: Sequence[PdfLine]) -> float:
    """The right edge of a column: that of its second longest line, as one may be a heading across."""
    edges = sorted((line.x1 for line in lines), reverse=True)
    return edges[1] if len(edges) > 2 else edges[0]


def turns_at(lines: Sequence[PdfLine], across: float) -> float:
    """Where the lines of a stretch turn: at its own margin where most of them reach it, else at the page's."""
    own = right_margin(lines)
    reach = sum(line.x1 > own - 0.15 * (own - line.x0) for line in lines)
    return own if len(lines) > 3 and reach >= 0.5 * len(lines) else max(own, across)


def _usual_leading(lines: Sequence[PdfLine]) -> float:
    leadings = [
        line.baseline - before.baseline
        for before, line in pairwise(lines)
        if 0.5 * line.size < line.baseline - before.baseline < 2.2 * line.size
    ]
    if not leadings:
        return 1.25 * lines[0].size
    return quantiles(leadings, n=4)[0] if len(leadings) > 2 else min(leadings)


def _parts(group: Sequence[PdfLine], before: PdfLine, line: PdfLine, margin: float, usual: float) -> bool:
    """Whether a new paragraph begins with this line."""
    down = line.baseline - before.baseline
    if abs(down) <= 0.35 * line.size:
        return False
    if down > max(1.3 * usual, usual + 0.25 * line.size) or down > 2.4 * line.size:
        return True
    if ITEM.match(line.text) or (_LABEL.match(group[0].text) and _LABEL.match(line.text)):
        return True
    if abs(before.size - line.size) > 0.12 * max(before.size, line.size) or before.level != line.level:
        return True
    fits = before.x1 + line.words[0].x1 - line.words[0].x0 + 0.8 * line.size < margin
    goes_on = bool(_OPEN_END.search(before.text)) and (line.text[0].islower() or bool(_HALF.search(before.text)))
    if before.bold != line.bold:
        return fits or (before.bold and not goes_on and len(group) == 1)
    if _is_spread(before) or _is_spread(line):
        return not goes_on
    if ITEM.match(group[0].text) and _outdented(group, line):
        return True
    return fits and not goes_on


def _outdented(group: Sequence[PdfLine], line: PdfLine) -> bool:
    """Whether a line under a list item stands left of the item's words, as what goes on in it would not."""
    first = group[0]
    if line.x0 < first.x0 - 0.5 * line.size:
        return True
    hangs = len(first.words) > 1 and first.words[1].x0 - first.words[0].x1 > 0.6 * line.size
    return hangs and line.x0 < first.words[1].x0 - 0.4 * line.size and line.text[0].isupper()


def _is_spread(line: PdfLine) -> bool:
    """Whether it has gaps as wide as a column's, and so is a row rather than prose."""
    wide = sum(word.x0 - before.x1 > 2.2 * line.size for before, word in pairwise(line.words))
    return wide > (1 if ITEM.match(line.text) else 0)


def _paragraph(lines: Sequence[PdfLine]) -> Paragraph:
    sizes = Counter[float]()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    return Paragraph(
        tuple(lines),
        sizes.most_common(1)[0][0],
        all(line.bold for line in lines),
        lines[0].level,
        any(_is_spread(line) for line in lines),
    )
