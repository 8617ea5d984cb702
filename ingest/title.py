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
_WORD = re.compile(r"[^\W_]{2,}")
_FIRST_BLOCKS = 40
_LONGEST = 140


def choose_title(stated: str | None, blocks: Sequence[Block]) -> str | None:
    """The stated title if the first page says it too, else the first heading of the highest level there, else None."""
    first = blocks[:_FIRST_BLOCKS]
    if stated and (title := tidy(stated)) and not _MEANINGLESS.search(title):
        words = set(_WORD.findall(title.lower()))
        beginning = set(_WORD.findall(" ".join(block.text for block in first).lower()))
        if words and len(words & beginning) >= 0.7 * len(words):
            return title[:_LONGEST]
    page = first[0].page if first else None
    headings = [block for block in first if block.kind == "heading" and block.page == page]
    headings = headings or [block for block in first if block.kind == "heading"]
    highest = min((block.level for block in headings), default=0)
    return next((block.text[:_LONGEST] for block in headings if block.level == highest), None)
