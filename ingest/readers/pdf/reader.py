"""Read PDF files."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ingest.readers.clean import tidy
from ingest.readers.pdf.blocks import PageElements, blocks_of
from ingest.readers.pdf.layout import (
    Paragraph,
    PdfLine,
    box_of,
    in_reading_order,
    lines_of,
    paragraphs,
    right_margin,
    stretches,
    turns_at,
)
from ingest.readers.pdf.page import Box, PageContent, Word, page_content
from ingest.readers.pdf.running import is_page_number, running_lines
from ingest.readers.pdf.tables import Grid, grids
from ingest.readers.reading import Reading, Unreadable
from ingest.readers.scans.ocr import Ocr, OcrMissingError
from ingest.readers.scans.scanned import MOST_AT_ONCE, MOST_PICTURES, SECONDS_AT_ONCE, TOO_MANY, Scanned, Unfinished
from ingest.readers.stated_title import choose_title

PICTURES = (
    "The pages of this PDF are pictures, and reading pictures is not set up on this machine. "
    "Run `pip install 'trustbot[ocr]'` and `trustbot doctor`, then add the file again."
)
_FEW_LETTERS = 25
_MOSTLY_PICTURE = 0.4
_PLACES = ("x0", "top", "x1", "bottom", "baseline", "size")
_WORDS: TypeAdapter[list[Word]] = TypeAdapter(list[Word])
EMPTY = "There are no words in this PDF. Check that it is the right file, then add it again."


@dataclass(slots=True)
class _Page:
    """One page on its way: its lines outside tables with their places in the order of writing, and its tables."""

    number: int
    height: float
    lines: list[PdfLine]
    line_places: list[int]
    tables: list[Grid]
    running: list[str]
    scan: bool


def read_pdf(
    data: bytes, *, most_pages: int = 3_000, most_seconds: float = 300.0, scanned: Scanned | None = None
) -> Reading:
    """Words page by page, with headings, list items and table rows; running headers and footers left out.

    A page that is a picture is read by OCR where that is installed, some pages at a time: Unfinished has what was read
    now, and `scanned` is what was read before. `properties["running"]` holds the running lines.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(_why_not(error)) from error
    try:
        if len(document) > most_pages:
            raise Unreadable(f"The PDF has {len(document):,} pages; {most_pages:,} are the most. Save it in parts.")
        scans = _Scans(scanned or Scanned(), len(document))
        scans.go_on(document)
        return _reading(document, time.monotonic() + most_seconds, scans)
    finally:
        document.close()


def _why_not(error: Exception) -> str:
    if "password" in str(error).lower() or "security" in str(error).lower():
        return "The PDF is locked with a password. Save it again without one, then add it."
    return "The PDF is damaged. Open it where it was made and save it again."


def _reading(document: Any, deadline: float, scans: _Scans) -> Reading:
    pages = []
    for number in range(1, len(document) + 1):
        if time.monotonic() > deadline:
            raise Unreadable("Reading this PDF takes too long. Save it in parts, or print it to a new PDF.")
        pages.append(_page(document, number, scans))
    left_out = running_lines([(page.height, page.lines) for page in pages])
    blocks = tuple(
        blocks_of(
            [PageElements(page.number, _elements(page, running)) for page, running in zip(pages, left_out, strict=True)]
        )
    )
    if not blocks:
        raise Unreadable(PICTURES if scans.missed else EMPTY)
    properties = {key.lower(): text for key, value in document.get_metadata_dict().items() if (text := tidy(value))}
    if running := _running_text(pages, left_out):
        properties["running"] = running
    title = choose_title(properties.get("title"), blocks)
    ocr = scans.read > 0 or sum(page.scan for page in pages) > len(pages) / 2
    return Reading(blocks, title=title, unit="page", pages=len(document), ocr=ocr, properties=properties)


def _running_text(pages: list[_Page], left_out: list[set[int]]) -> str:
    """The running headers and footers, each once, without page numbers."""
    texts = [text for page in pages for text in page.running]
    texts += [page.lines[at].text for page, running in zip(pages, left_out, strict=True) for at in sorted(running)]
    return " | ".join(dict.fromkeys(text for text in texts if not is_page_number(text)))[:500]


def _to_json(words: list[Word]) -> str:
    """The words of a page as JSON: places to a tenth of a point."""
    rounded = [word._replace(**{name: round(getattr(word, name), 1) for name in _PLACES}) for word in words]
    return _WORDS.dump_json(rounded).decode()


def _from_json(text: str) -> list[Word]:
    """The words of a page again; none where they are not what `_to_json` writes."""
    try:
        return _WORDS.validate_json(text)
    except ValidationError:
        return []


class _Scans:
    """Reads pictures of pages, so many at once; the engine is loaded with the first. `missed` counts pages that it
    could not read."""

    def __init__(self, before: Scanned, total: int) -> None:
        self._ocr: Ocr | None = None
        self._before, self._total = before, total
        self._now: dict[int, str] = {}
        self._until = time.monotonic() + SECONDS_AT_ONCE
        self.read = 0
        self.missed = 0

    def go_on(self, document: Any) -> None:
        """Read the pictures after those that were read before, without looking at all the pages before them again.
        Raises Unfinished where there are more than are read at once."""
        if not self._before.through:
            return
        for number in range(self._before.through + 1, self._total + 1):
            page = document[number - 1]
            if is_picture(page_content(page)):
                self.words(page, number)
            page.close()

    def words(self, page: Any, number: int) -> list[Word]:
        """The words in the picture of a page, none where OCR is not there. Raises Unfinished."""
        if (known := self._now.get(number) or self._before.pages.get(number)) is not None:
            words = _from_json(known)
        else:
            words = self._recognised(page, number)
        self.read += bool(words)
        return words

    def _recognised(self, page: Any, number: int) -> list[Word]:
        try:
            self._ocr = self._ocr or Ocr()
        except OcrMissingError:
            self.missed += 1
            return []
        if len(self._before.pages) + len(self._now) >= MOST_PICTURES:
            raise Unreadable(TOO_MANY)
        if len(self._now) >= MOST_AT_ONCE or (self._now and time.monotonic() > self._until):
            raise Unfinished(Scanned(pages=self._now, total=self._total))
        words = self._ocr.words(page)
        self._now[number] = _to_json(words)
        return words


def is_picture(content: PageContent) -> bool:
    """Whether a page has hardly any words beside its pictures."""
    return sum(len(word.text) for word in content.words) < _FEW_LETTERS and content.pictured > _MOSTLY_PICTURE


def _page(document: Any, number: int, scans: _Scans) -> _Page:
    page = document[number - 1]
    content = page_content(page)
    if is_picture(content):
        content.words = scans.words(page, number) or content.words
    page.close()
    tables, inside = grids(content)
    places = {id(word): at for at, word in enumerate(content.words)}
    lines = lines_of(word for word, table in zip(content.words, inside, strict=True) if table < 0)
    running = [line.text for line in lines_of(content.furniture)]
    starts = [places[id(line.words[0])] for line in lines]
    return _Page(number, content.height, lines, starts, tables, running, content.scan)


def _elements(page: _Page, running: set[int]) -> tuple[Paragraph | Grid, ...]:
    """Paragraphs and tables of a page in reading order."""
    lines = [line for at, line in enumerate(page.lines) if at not in running]
    places = {id(line): at for line, at in zip(page.lines, page.line_places, strict=True)}
    found: list[tuple[int, Box, list[PdfLine] | Grid]] = [
        (places[id(stretch[0])], box_of(stretch), stretch)
        for stretch in stretches(lines, [table.box for table in page.tables])
    ]
    found.extend((table.first_word, table.box, table) for table in page.tables)
    found.sort(key=lambda one: one[0])
    across = max([*(table.box[2] for table in page.tables), right_margin(lines) if lines else 0.0], default=0.0)
    elements: list[Paragraph | Grid] = []
    for at in in_reading_order([box for _, box, _ in found]):
        inner = found[at][2]
        if isinstance(inner, Grid):
            elements.append(inner)
        else:
            elements.extend(paragraphs(inner, turns_at(inner, across)))
    return tuple(elements)
