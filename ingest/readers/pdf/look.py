"""How one drawn object of a PDF looks: size, weight, colour, whether it shows, and what a tagged file says of it."""

from __future__ import annotations

import ctypes
import math
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_FORCED_BOLD = 1 << 18


class Look(NamedTuple):
    """How one text object is drawn, and what a tagged file says of it."""

    size: float
    bold: bool
    white: bool
    hidden: bool
    furniture: bool
    level: int


def look_of(shape: Any) -> Look:
    """The look of a text object."""
    size = ctypes.c_float()
    pdfium.FPDFTextObj_GetFontSize(shape, size)
    matrix = matrix_of(shape)
    font = pdfium.FPDFTextObj_GetFont(shape)
    mode = pdfium.FPDFTextObj_GetTextRenderMode(shape)
    furniture, level = _marked(shape)
    stroked = mode in (pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE, pdfium.FPDF_TEXTRENDERMODE_STROKE)
    return Look(
        size=abs(size.value) * math.hypot(matrix[2], matrix[3]),
        bold=stroked or (bool(font) and _is_bold(font)),
        white=is_white(shape, mode == pdfium.FPDF_TEXTRENDERMODE_STROKE),
        hidden=mode in (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP),
        furniture=furniture,
        level=level,
    )


def _is_bold(font: Any) -> bool:
    buffer = ctypes.create_string_buffer(128)
    pdfium.FPDFFont_GetBaseFontName(font, buffer, 128)
    name = buffer.value.lower()
    if any(weight in name for weight in (b"bold", b"black", b"heavy", b"-semi", b",bd")):
        return True
    return pdfium.FPDFFont_GetWeight(font) >= 600 or bool(pdfium.FPDFFont_GetFlags(font) & _FORCED_BOLD)


def _marked(shape: Any) -> tuple[bool, int]:
    """What a tagged file says of it: whether it is a running header or footer, and the level if it is a heading."""
    buffer = (ctypes.c_ushort * 64)()
    length = ctypes.c_ulong()
    level = 0
    for index in range(max(0, min(pdfium.FPDFPageObj_CountMarks(shape), 8))):
        mark = pdfium.FPDFPageObj_GetMark(shape, index)
        if not pdfium.FPDFPageObjMark_GetName(mark, buffer, 128, length):
            continue
        name = _wide(buffer, length)
        if name == "Artifact" and any(
            pdfium.FPDFPageObjMark_GetParamValueType(mark, key) != pdfium.FPDF_OBJECT_UNKNOWN
            for key in (b"Attached", b"Subtype")
        ):
            return True, 0
        if len(name) == 2 and name[0] == "H" and name[1] in "123456":
            level = int(name[1])
    return False, level


def _wide(buffer: Any, length: Any) -> str:
    return bytes(buffer)[: max(0, min(length.value, 128) - 2)].decode("utf-16-le", "ignore")


def is_white(shape: Any, stroked: bool) -> bool:
    """Whether it is drawn in white or transparent."""
    colour = colour_of(shape, pdfium.FPDFPageObj_GetStrokeColor if stroked else pdfium.FPDFPageObj_GetFillColor)
    return colour is None or min(colour) >= 250


def colour_of(shape: Any, get: Any) -> tuple[int, int, int] | None:
    """Red, green and blue, 0 to 255, by one of pdfium\'s functions; None where it is transparent."""
    parts = [ctypes.c_uint(0) for _ in range(4)]
    if not get(shape, *parts):
        return (0, 0, 0)
    red, green, blue, alpha = (part.value for part in parts)
    return (red, green, blue) if alpha > 12 else None


def matrix_of(shape: Any) -> Matrix:
    """How an object is moved and stretched from its own coordinates to those around it."""
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(shape, matrix):
        return IDENTITY
    return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def times(first: Matrix, second: Matrix) -> Matrix:
    """One movement, then the other."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def moved(matrix: Matrix, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
    """A box (left, bottom, right, top) after a movement."""
    if matrix == IDENTITY:
        return (x0, y0, x1, y1)
    a, b, c, d, e, f = matrix
    xs = [a * x + c * y + e for x in (x0, x1) for y in (y0, y1)]
    ys = [b * x + d * y + f for x in (x0, x1) for y in (y0, y1)]
    return (min(xs), min(ys), max(xs), max(ys))
