"""The guides in the page: each as HTML, with a list of all of them beside it."""

from __future__ import annotations

import re
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from bot.guides.pages import Guide, Link, relinked

BASE = "/guides"
# Nothing of a page is taken for HTML, and only its tables go beyond plain Markdown.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_BOX = '<div class="wide" tabindex="0" role="group" aria-label="Table">\n'
_NEITHER = re.compile(r"[^a-z0-9 -]")


def html(guide: Guide) -> Markup:
    """A guide as HTML: its links lead to the page's own guides and pictures, or stay words."""
    tokens = _MARKDOWN.parse(relinked(guide.text, _here))
    columns: list[str] = []
    column = 0
    for opening, inline in pairwise(tokens):
        match opening.type:
            case "heading_open":
                opening.attrSet("id", anchor(inline.content))
            case "thead_open":
                columns = []
            case "tr_open":
                column = 0
            case "th_open":
                opening.attrSet("scope", "col")
                columns.append(inline.content)
            case "td_open":
                # Where a phone has no room for columns, each cell says which it is of.
                opening.attrSet("data-column", columns[column])
                column += 1
    return Markup(_MARKDOWN.renderer.render(_boxed(tokens), _MARKDOWN.options, {}))  # noqa: S704


def anchor(heading: str) -> str:
    """The place of a heading in an address, as forges make it."""
    return _NEITHER.sub("", heading.casefold()).replace(" ", "-")


def _here(link: Link) -> str:
    if link.picture:
        return f"![{link.words}]({BASE}/pictures/{link.picture})"
    if link.guide:
        place = f"#{link.place}" if link.place else ""
        return f"[{link.words}]({BASE}/{link.guide}{place})"
    return f"[{link.words}]({link.target})" if link.is_web else link.words


def _boxed(tokens: list[Token]) -> list[Token]:
    """The tokens with each table in a box of its own, which scrolls alone where the table is wider than it."""
    boxed: list[Token] = []
    for token in tokens:
        if token.type == "table_open":
            boxed.append(
                Token("html_block", "", 0, content='<div class="wide" tabindex="0" role="group" aria-label="Table">\n')
            )
        boxed.append(token)
        if token.type == "table_close":
            boxed.append(Token("html_block", "", 0, content="</div>\n"))
    return boxed
