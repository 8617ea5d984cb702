"""Choose a document's title: what the file says of itself only where its own first words bear it out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.readers.clean import tidy
from ingest.readers.reading import Block

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
_LONGEST = 140


def choose_title(stated: str | None, blocks: Sequence[Block]) -> str | None:
    """The stated title if the first page says it too, else the heading that it begins with.

    A heading on the first page that names a sort of document and stands no lower goes before that.
    """
    first = blocks[:_FIRST_BLOCKS]
    if stated and (title := tidy(stated)) and not _MEANINGLESS.search(title):
        words = set(_WORD.findall(title.lower()))
        beginning = set(_WORD.findall(" ".join(block.text for block in first).lower()))
        if words and len(words & beginning) >= 0.7 * len(words):
            return title[:_LONGEST]
    page = first[0].page if first else None
    headings = [block for block in first if block.kind == "heading" and block.page == page]
    if not headings:
        return None
    opening = _first_run(first)
    highest = min(block.level for block in opening)
    named = [block for block in headings if block.level <= highest and _SORT.search(block.text)]
    top = named or [block for block in opening if block.level == highest]
    return top[0].text[:_LONGEST]


def _first_run(blocks: Sequence[Block]) -> list[Block]:
    """The first headings that follow one another."""
    run: list[Block] = []
    for block in blocks:
        if block.kind == "heading":
            run.append(block)
        elif run:
            break
    return run
