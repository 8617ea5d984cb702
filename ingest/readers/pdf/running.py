"""Find the running headers, footers and page numbers of a PDF that does not mark them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingest.readers.pdf.layout import PdfLine

_MARGIN = 0.13
_OUTER = 3
_SMALLER = 0.95
_LARGER = 1.2
_PAGE_NUMBER = re.compile(
    r"(?:page\s*)?[-–|\[(]?\s*(?P<number>\d{1,4})\s*[-–|\])]?(?:\s*(?:of|/)\s*\d{1,4})?(?:\s*\|?\s*p\s?a\s?g\s?e)?",
    re.IGNORECASE,
)


def running_lines(pages: Sequence[tuple[float, Sequence[PdfLine]]]) -> list[set[int]]:
    """For each page (its height and its lines outside tables) the numbers of the lines that only run along.

    A line in the margin runs along where a third of the pages share it at one height, its figures apart if it is
    set small or speaks of pages; a page number also alone. One set larger than the text stays where it first stands.
    """
    body = _body_size(pages)
    keys: list[dict[int, tuple[str, int]]] = []
    seen: Counter[tuple[str, int]] = Counter()
    for height, lines in pages:
        found = {at: _key(lines[at], body) for at in _outer(height, lines)}
        keys.append(found)
        seen.update(set(found.values()))
    needed = max(2, len(pages) // 3)
    running: list[set[int]] = []
    kept: set[tuple[str, int]] = set()
    for number, (found, (_, lines)) in enumerate(zip(keys, pages, strict=True), 1):
        left_out: set[int] = set()
        for at, key in found.items():
            repeated = seen[key] >= needed
            if repeated and lines[at].size > _LARGER * body and key not in kept:
                kept.add(key)
            elif repeated or _is_number(lines[at].text, number):
                left_out.add(at)
        running.append(left_out)
    return running


def _body_size(pages: Sequence[tuple[float, Sequence[PdfLine]]]) -> float:
    sizes: Counter[float] = Counter()
    for _, lines in pages:
        for line in lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _outer(height: float, lines: Sequence[PdfLine]) -> list[int]:
    by_place = sorted(range(len(lines)), key=lambda at: lines[at].baseline)
    top = [at for at in by_place[: _OUTER + 2] if lines[at].baseline < _MARGIN * height]
    bottom = [at for at in by_place[-_OUTER - 2 :] if lines[at].baseline > (1 - _MARGIN) * height]
    return [*top, *(at for at in bottom if at not in top)]


def _key(line: PdfLine, body: float) -> tuple[str, int]:
    text = line.text.lower()
    if line.size < _SMALLER * body or "page" in text or is_page_number(text):
        text = re.sub(r"\d+", "#", text)
    return text, round(line.baseline / 8)


def is_page_number(text: str) -> bool:
    """Whether it is a page number and nothing else."""
    return bool(_PAGE_NUMBER.fullmatch(text.strip()))


def _is_number(text: str, page: int) -> bool:
    match = _PAGE_NUMBER.fullmatch(text.strip())
    return bool(match and (int(match["number"]) == page or "page" in text.lower()))
