"""Read the words off the picture of a page, with rapidocr where it is installed."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

from ingest.readers.pdf.page import Word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

DOTS_PER_INCH = 150
_SCALE = DOTS_PER_INCH / 72
MOST_DOTS = 16_000_000
_LONGEST_SIDE = 8_000
_SURE = 0.5
_SMALLEST_GAP = 0.10
_WIDEST_GAP = 0.30
_RULE = 0.7
_CLOSING = ".,;:!?)]’”"


class OcrMissingError(Exception):
    """OCR is not installed here, or a library that it needs is missing."""


class Ocr:
    """The engine, made once for a file; `rapidocr` brings its own weights and needs no network."""

    def __init__(self) -> None:
        try:
            from rapidocr_onnxruntime import RapidOCR
        except (ImportError, OSError) as error:
            raise OcrMissingError from error
        self._engine = RapidOCR(intra_op_num_threads=2, use_cls=False)

    def words(self, page: Any) -> list[Word]:
        """The words of a pypdfium2 page as its picture shows them, line by line, in points."""
        import numpy as np

        scale = scale_of(*page.get_size())
        if not scale:
            return []
        bitmap = page.render(scale=scale, grayscale=True)
        picture = np.asarray(bitmap.to_numpy())
        picture = picture.reshape(picture.shape[0], picture.shape[1], -1)[:, :, 0]
        found, _ = self._engine(np.repeat(picture[:, :, None], 3, axis=2), return_word_box=True, use_cls=False)
        lines = [
            _Line(box, text, _gaps(picture, box, text, letters[0] if letters else ()), scale)
            for box, text, score, *letters in found or ()
            if float(score) >= _SURE and text.strip()
        ]
        valley = _valley([gap for line in lines for gap in line.gaps])
        usual = median(line.height for line in lines) if lines else 0.0
        return [word for line in lines for word in _words(line, valley, usual)]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as read: its four corners in pixels, its text, and how white each step from letter to letter is, as a
    share of the line's height; no gaps where the engine did not say where its letters are. `scale` is in pixels a
    point."""

    box: Any
    text: str
    gaps: tuple[float, ...]
    scale: float

    @property
    def height(self) -> float:
        """From its highest corner to its lowest, in pixels."""
        return float(max(point[1] for point in self.box) - min(point[1] for point in self.box))


def scale_of(width: float, height: float) -> float:
    """How large a page is drawn, in pixels a point: so that no page asks for more memory than a large scan does. 0 for
    one that is only a line."""
    longest, shortest = max(width, height), min(width, height)
    if not 0 < longest < 1e6 or shortest * (scale := min(_SCALE, _LONGEST_SIDE / longest)) < 1:
        return 0.0
    return min(scale, math.sqrt(MOST_DOTS / (width * height)))


def _words(line: _Line, valley: float, usual: float) -> list[Word]:
    left, right = min(point[0] for point in line.box), max(point[0] for point in line.box)
    top, bottom = min(point[1] for point in line.box), max(point[1] for point in line.box)
    spaced = fixed(_with_spaces(line, valley))
    # Boxes are as high as the letters in them happen to be: only what differs by far is another size.
    height = usual if 0.72 < line.height / usual < 1.38 else line.height
    size = 0.85 * height / line.scale
    baseline = (bottom - 0.2 * (bottom - top)) / line.scale
    words: list[Word] = []
    for match in re.finditer(r"\S+", spaced):
        x0 = left + (right - left) * match.start() / len(spaced)
        x1 = left + (right - left) * match.end() / len(spaced)
        place = (x0 / line.scale, top / line.scale, x1 / line.scale, bottom / line.scale)
        words.append(Word(match.group(), *place, baseline, size, False, True, True, 0))
    return words


def fixed(text: str) -> str:
    """What the engine takes for one another put right where only one can be meant: £ and f, O and 0."""
    text = re.sub(r"(?<![^\s(])f(?=\d)", "£", text)
    text = re.sub(r"(?<=\d)[oO](?=[\d.,:]|\b)|(?<=\d[.,:])[oO](?=\d)", "0", text)
    return re.sub(r"\b0(?=[a-z]{2})", "O", text)


def _with_spaces(line: _Line, valley: float) -> str:
    """The text with the spaces that the engine swallowed, put back where the picture shows white between letters."""
    parts = [line.text[0]]
    for gap, before, letter in zip(line.gaps, line.text, line.text[1:], strict=False):
        enough = valley * (1.6 if before.isdigit() and letter.isdigit() else 1.0)
        if gap > enough and before != " " and letter != " " and letter not in _CLOSING:
            parts.append(" ")
        parts.append(letter)
    return "".join(parts) if line.gaps else line.text


def _gaps(picture: Picture, box: Any, text: str, letter_boxes: Sequence[Any]) -> tuple[float, ...]:
    import numpy as np

    left, top = (max(0, round(min(point[at] for point in box))) for at in (0, 1))
    right, bottom = (round(max(point[at] for point in box)) for at in (0, 1))
    crop = picture[top:bottom, left:right]
    if len(letter_boxes) != len(text) or len(text) < 2 or crop.size == 0:
        return ()
    dark = crop < (int(crop.min()) + int(crop.max())) // 2
    # A table's rule above or under the words would leave no column blank.
    dark[dark.mean(axis=1) > _RULE] = False
    blank: NDArray[np.bool_] = np.logical_not(dark.any(axis=0))
    middles = np.array([(letter[0][0] + letter[1][0]) / 2 - left for letter in letter_boxes])
    steps = (middles[:-1] + middles[1:]) / 2
    gaps = np.zeros(len(steps))
    for start, end in _runs(blank):
        nearest = int(np.abs(steps - (start + end) / 2).argmin())
        gaps[nearest] = max(gaps[nearest], (end - start) / (bottom - top))
    return tuple(gaps.tolist())


def _runs(blank: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The stretches of blank columns between the first and the last that are not."""
    import numpy as np

    edges = np.flatnonzero(np.diff(blank.astype(np.int8)))
    return [(int(start), int(end)) for start, end in pairwise(edges) if blank[end]]


def _valley(gaps: Sequence[float]) -> float:
    """The width that parts gaps inside words from gaps between words: where the fewest gaps are."""
    widths = [_SMALLEST_GAP + 0.01 * step for step in range(round((_WIDEST_GAP - _SMALLEST_GAP) / 0.01) + 1)]
    crowds = [sum(abs(gap - width) < 0.025 for gap in gaps) for width in widths]
    fewest = [width for width, crowd in zip(widths, crowds, strict=True) if crowd == min(crowds)]
    return fewest[len(fewest) // 2]
