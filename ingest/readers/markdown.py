"""Read Markdown (CommonMark with tables), with its front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.readers.clean import tidy
from ingest.readers.reading import Block, Reading, Unreadable
from ingest.readers.table import row_text
from ingest.readers.text import EMPTY, LABELLED, decode, front_matter

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def read_markdown(data: bytes) -> Reading:
    """Headings, paragraphs, list items and table rows; each line of code is a paragraph of its own."""
    properties, text = front_matter(decode(data))
    parser = MarkdownIt("commonmark", {"maxNesting": 60}).enable("table")
    blocks = tuple(_blocks(parser.parse(_COMMENT.sub("", text))))
    if not blocks:
        raise Unreadable(EMPTY)
    heading = next((block.text for block in blocks if block.kind == "heading"), None)
    return Reading(blocks, title=properties.get("title") or heading, properties=properties)


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    marks: list[str] = []
    cells: list[str] = []
    opened, tag, header = "", "", False
    for token in tokens:
        if token.type == "list_item_open":
            marks.append(f"{token.info}{token.markup} " if token.info else "• ")
        elif token.type == "list_item_close":
            marks.pop()
        elif token.type in ("thead_open", "thead_close"):
            header = token.type == "thead_open"
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close" and any(cells):
            yield Block(row_text(cells), "row", header=header)
        elif token.type.endswith("_open"):
            opened, tag = token.type, token.tag
        elif token.type == "inline":
            text = tidy(_plain(token.children or ()))
            if opened in ("td_open", "th_open"):
                cells.append(text)
            elif text and opened == "heading_open":
                yield Block(text, "heading", int(tag[1]))
            elif text and marks and marks[-1]:
                yield Block(marks[-1] + text, "item")
                marks[-1] = ""
            elif text:
                lines = map(tidy, _plain(token.children or (), apart=True).split("\n"))
                yield from (Block(line) for line in lines if line)
        elif token.type in ("fence", "code_block"):
            yield from (Block(line) for line in map(tidy, token.content.split("\n")) if line)
        elif token.type == "html_block":
            yield from (Block(line) for line in map(tidy, _TAG.sub(" ", token.content).split("\n\n")) if line)


def _plain(children: Sequence[Token], *, apart: bool = False) -> str:
    """The words of a line without its marks; a picture is its description. `apart`: a line of the source that says it
    is an action or a decision begins a line."""
    parts = []
    for at, child in enumerate(children):
        if child.type in ("text", "code_inline", "image"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak") or child.content.startswith("<br"):
            begun = "".join(each.content for each in children[at + 1 : at + 4])
            parts.append("\n" if apart and LABELLED.match(f"{begun} ") else " ")
    return "".join(parts)
