"""What a reader of any file format hands on: blocks in reading order, with what is needed to cite them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

NO_DOCUMENT = "This is not read: it is "


class Unreadable(Exception):
    """A file that cannot go in, said in words that name the reason and the mend."""


class Unwanted(Unreadable):
    """A file that must not go in, such as a key: what was read of it before goes out."""


def unwanted(sentence: str) -> Unwanted:
    """The refusal of what is no document."""
    return Unwanted(NO_DOCUMENT + sentence)


def refusal_of(sentence: str) -> Unreadable:
    """A refusal told from its words, as they come from a reader in another process."""
    return Unwanted(sentence) if sentence.startswith(NO_DOCUMENT) else Unreadable(sentence)


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item or table row, as one line of text without line breaks.

    `level` is 1 to 6 for a heading, else 0. `page` counts from 1. A row's text is its cells joined by ` | `;
    `header` marks the header row of a table.
    """

    text: str
    kind: Literal["heading", "paragraph", "item", "row"] = "paragraph"
    level: int = 0
    page: int | None = None
    header: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read: `blocks` in order; `unit` is what `page` counts; `properties` is what the file says of itself
    (front matter, document properties), lower-case keys."""

    blocks: tuple[Block, ...]
    title: str | None = None
    unit: Literal["page", "slide"] | None = None
    pages: int | None = None
    ocr: bool = False
    properties: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The whole text, a line a block: every passage is whole lines of it."""
        return "\n".join(block.text for block in self.blocks)
