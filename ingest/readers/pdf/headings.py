"""Tell headings from text in a PDF by size, weight, capitals and numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingest.readers.clean import BULLETS, ITEM
from ingest.readers.pdf.layout import Paragraph

Rank = tuple[float, bool, bool, int]
"""Minus the size, not bold, not in capitals, how deep its number: smaller ranks above."""

_NUMBER = re.compile(r"^(?:section|part|appendix|annex)?\s*(\d{1,2}(?:\.\d{1,2}){0,3})\.?\s", re.IGNORECASE)
_LABELLED = re.compile(
    r"(?!(?:stage|step|part|principle|priority|section|appendix|annex|aim|goal)\b)[^:]{2,40}:\s+\S", re.IGNORECASE
)
_LARGER = 1.13
_MOST_WORDS = 20


class Headings:
    """What a heading looks like in one document."""

    def __init__(self, paragraphs: Sequence[Paragraph], text_in_tables: Sequence[Paragraph]) -> None:
        looks: Counter[tuple[float, bool]] = Counter()
        for paragraph in [*paragraphs, *text_in_tables]:
            looks[paragraph.size, paragraph.bold] += sum(len(line.text) for line in paragraph.lines)
        (self.body_size, self._body_bold), _ = looks.most_common(1)[0] if looks else ((11.0, False), 0)
        ranks = {self._rank(paragraph) for paragraph in paragraphs if self.is_heading(paragraph)}
        self._levels = {rank: min(level, 6) for level, rank in enumerate(sorted(ranks), 1)}
        self.deepest = max(self._levels.values(), default=1)

    def is_heading(self, paragraph: Paragraph) -> bool:
        """Whether it stands out as a heading does."""
        text = paragraph.text
        words = text.split()
        if not text or len(paragraph.lines) > 4 or len(words) > _MOST_WORDS or not re.search(r"[^\W\d_]{2}", text):
            return False
        if paragraph.level:
            return True
        if paragraph.spread or text[0] in BULLETS or text[-1] in ".;," or text[0].islower():
            return False
        if paragraph.size >= _LARGER * self.body_size:
            return True
        if ITEM.match(text) and not _NUMBER.match(text) and not text.isupper():
            return False
        if (text.endswith(":") and len(words) > 10) or (_LABELLED.match(text) and not _NUMBER.match(text)):
            return False
        if paragraph.bold and not self._body_bold and paragraph.size > 0.85 * self.body_size:
            return True
        return text.isupper() and len(words) <= 10 and len(text) > 4 and not any(letter.isdigit() for letter in text)

    def level(self, paragraph: Paragraph) -> int:
        """1 to 6 for a heading."""
        return paragraph.level or self._levels.get(self._rank(paragraph), 6)

    def _rank(self, paragraph: Paragraph) -> Rank:
        text = paragraph.text
        number = _NUMBER.match(text)
        depth = number.group(1).count(".") if number else 0
        return (-round(paragraph.size), not paragraph.bold, not text.isupper(), depth)
