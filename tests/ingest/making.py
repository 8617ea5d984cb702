"""Make small files of every kind for the tests of the readers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import docx
import pptx
from docx.document import Document as WordDocument
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4


def pdf(*pages: Callable[[Canvas], object], title: str = "", compress: int = 0) -> bytes:
    """A PDF, a function a page; places count in points from the upper left with `say` and `rules`."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, pageCompression=compress, invariant=1)
    if title:
        canvas.setTitle(title)
    for page in pages:
        page(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def say(canvas: Canvas, x: float, y: float, text: str, size: float = 11, *, bold: bool = False) -> None:
    """One line of text with its baseline `y` points below the page's upper edge."""
    canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
    canvas.drawString(x, HEIGHT - y, text)


def say_lines(canvas: Canvas, x: float, y: float, lines: Sequence[str], size: float = 11, leading: float = 14) -> float:
    """Lines below one another; the place below the last."""
    for line in lines:
        say(canvas, x, y, line, size)
        y += leading
    return y


def grid(canvas: Canvas, x: Sequence[float], y: Sequence[float], rows: Sequence[Sequence[str]]) -> None:
    """A table with rules at these places and one line of text in each cell; an empty text leaves the cell empty."""
    canvas.grid(list(x), [HEIGHT - place for place in y])
    for top, row in zip(y, rows, strict=False):
        for left, text in zip(x, row, strict=False):
            say_lines(canvas, left + 3, top + 12, text.split("\n") if text else [], 10, 12)


def picture_pdf(*lines: str) -> bytes:
    """A PDF of one page that is a picture of these lines, as a scanner makes it."""
    import pypdfium2
    from reportlab.lib.utils import ImageReader

    def write(canvas: Canvas) -> None:
        say_lines(canvas, 72, 100, lines, 14, 18)

    picture = pypdfium2.PdfDocument(pdf(write))[0].render(scale=2).to_pil()
    return pdf(lambda canvas: canvas.drawImage(ImageReader(picture), 0, 0, WIDTH, HEIGHT))


def word(fill: Callable[[WordDocument], object]) -> bytes:
    """A Word document."""
    document = docx.Document()
    fill(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def slides(fill: Callable[[Any], object]) -> bytes:
    """A PowerPoint presentation."""
    presentation = pptx.Presentation()
    fill(presentation)
    buffer = io.BytesIO()
    presentation.save(buffer)
    return buffer.getvalue()


def changed_part(package: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """An Office file with one of its parts changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part.filename)
            new.writestr(part.filename, change(data) if part.filename == name else data)
    return buffer.getvalue()
