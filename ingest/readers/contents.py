"""Leave out what is on a page only to be leafed through or filled in: lists of contents, dotted lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ingest.readers.reading import Block

_LEADER = re.compile(r"\s*(?:\.{4,}|…{2,}|_{4,}|(?:\. ){4,}\.?|(?:… ){2,}…?)[\s.…_]*")
_PAGE = re.compile(r"\d{1,4}$")
_HEADING = re.compile(r"^(?:table of )?contents(?: page)?:?$", re.IGNORECASE)
_ENDS_IN_PAGE = re.compile(r"\D\s?\d{1,3}$")
_LONGEST_ENTRY = 16


def without_contents(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks without lists of contents, the dots of forms, and blocks with no letter or figure in them."""
    return tuple(_without_leaders(_without_lists(blocks)))


def _without_lists(blocks: Sequence[Block]) -> Iterator[Block]:
    headings = {block.text.lower() for block in blocks if block.kind == "heading"}
    waiting: Block | None = None
    inside = False
    for block in blocks:
        if _HEADING.match(block.text) and not inside:
            waiting, inside = block, True
        elif _is_led(block.text) or (inside and _is_entry(block, headings)):
            waiting = None
        else:
            if waiting:
                yield waiting
            waiting, inside = None, False
            yield block
    if waiting:
        yield waiting


def _has_leader(text: str) -> bool:
    return any(leader in text for leader in ("....", "……", "____", ". . . .", "… …"))


def _is_led(text: str) -> bool:
    """Whether dots lead to a page's number at its end."""
    if not _has_leader(text) or not (page := _PAGE.search(text, max(0, len(text) - 4))):
        return False
    before = text[: page.start()]
    dots = before[len(before.rstrip(" .…_")) :]
    return any(leader in dots for leader in ("....", "……", "____", ". . . . "))


def _is_entry(block: Block, headings: set[str]) -> bool:
    if (block.kind == "heading" and not _ENDS_IN_PAGE.search(block.text)) or len(block.text.split()) > _LONGEST_ENTRY:
        return False
    return bool(_ENDS_IN_PAGE.search(block.text)) or block.text.lower() in headings


def _without_leaders(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        text = _LEADER.sub(" ", block.text) if _has_leader(block.text) else block.text
        text = " ".join(text.split())
        if any(letter.isalnum() for letter in text):
            yield block if text == block.text else replace(block, text=text)
