"""Choose a document's title: what the file says of itself only where its own first words bear it out."""

from __future__ import annotations

from collections.abc import Sequence
import re

from ingest.clean import tidy
from ingest.reading import Block

_MEANINGLESS = re.compile(
    r"microsoft (?:word|powerpoint|excel)\b|\.(?:docx?|pptx?|pdf|indd|pub|odt|rtf|xlsx?)$|^untitled|^document ?\d*$"
    r"|^powerpoint presentation$|^(?:presentation|slide|title|blank|template|layout) ?\d*$|^(?:header|home|index)$",
    re.IGNORECASE,
)
_SORT = re.compile(
    r"\b(?:policy|plan|notice|procedures?|minutes|agenda|report|form|charter|statement|handbook|guide|guidance|scheme"
    r"|calendar|dates|strategy|code|terms of reference|framework|register|review|letter|newsletter|agreement)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]{2,}")
_FIRST_BLOCKS = 40
_BEGINNING = 5
_LONGEST = 140


def choose_title(stated: str | None, blocks: Sequence[Block]) -> str | None:
    """The stated title if the first page says it too, else a heading of the highest level there.

    Of several such headings the first that names a sort of document is taken, else the first.
    """
    first = blocks[:_FIRST_BLOCKS]
    if stated and (title := tidy(stated)) and not _MEANINGLESS.search(title):
        words = set(_WORD.findall(title.lower()))
        beginning = set(_WORD.findall(" ".join(block.text for block in first).lower()))
        if words and len(words & beginning) >= 0.7 * len(words):
            return title[:_LONGEST]
    page = first[0].page if first else None
    headings = [block for block in first[:_BEGINNING] if block.kind == "heading" and block.page == page]
    headings = headings or [block for block in first if block.kind == "heading" and block.page == page]
    headings = headings or [block for block in first if block.kind == "heading"]
    highest = min((block.level for block in headings), default=0)
    top = [block.text for block in headings if block.level == highest][:3]
    return next((text[:_LONGEST] for text in top if _SORT.search(text)), top[0][:_LONGEST] if top else None)
