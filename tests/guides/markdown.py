"""Markdown of the project as a test reads it: its code, its links, its headings."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.demo.workspace.page.guides import anchor

ROOT = Path(__file__).parents[2]
FOLDERS = ("bot", "ingest", "knowledge", "prompts", "tests")
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "bot" / "guides").glob("*.md"),
        *(ROOT / ".github").rglob("*.md"),
        *(path for folder in FOLDERS if (path := ROOT / folder / "README.md").exists()),
    ]
)


def tokens(path: Path) -> list[Token]:
    """All tokens of a page, those within lines among them."""
    parsed = MarkdownIt("commonmark").enable("table").parse(path.read_text(encoding="utf-8"))
    return [each for token in parsed for each in (token, *(token.children or ()))]


def code(path: Path) -> Iterator[str]:
    """Every piece of code of a page: a span, or a line of a block."""
    for token in tokens(path):
        if token.type == "code_inline":
            yield token.content
        elif token.type in ("fence", "code_block"):
            yield from token.content.splitlines()


def fences(path: Path, language: str) -> list[str]:
    """The blocks of code of a page that are in a language."""
    return [token.content for token in tokens(path) if token.type == "fence" and token.info == language]


def targets(path: Path) -> Iterator[str]:
    """Where the links and the pictures of a page lead."""
    for token in tokens(path):
        if token.type in ("link_open", "image"):
            yield str(token.attrGet("href" if token.type == "link_open" else "src"))


def anchors(path: Path) -> set[str]:
    """The places in a page that a link may lead to."""
    parsed = tokens(path)
    return {anchor(inline.content) for opening, inline in pairwise(parsed) if opening.type == "heading_open"}


def sections(path: Path) -> dict[str, str]:
    """What stands under each heading of the second level."""
    parts = path.read_text(encoding="utf-8").split("\n## ")
    return {part.partition("\n")[0].strip(): part.partition("\n")[2] for part in parts[1:]}
