"""Read web pages (HTML)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ingest.readers.clean import ITEM, item, tidy
from ingest.readers.reading import Block, Reading, Unreadable
from ingest.readers.stated_title import choose_title
from ingest.readers.table import Part, Row, table_blocks

EMPTY = "There are no words in this page. Check that it was saved whole, then add it again."
MOST_DEPTH = 150
_DROPPED = {
    *("script", "style", "noscript", "template", "nav", "footer", "aside", "head", "iframe", "object", "svg", "math"),
    *("button", "select", "option", "dialog", "menu", "audio", "video", "canvas", "map", "textarea", "datalist"),
}
_BLOCKS = {
    *("p", "div", "section", "article", "main", "header", "ul", "ol", "dl", "dt", "dd", "figure", "figcaption"),
    *("blockquote", "pre", "address", "form", "fieldset", "legend", "details", "summary", "hr", "body", "html"),
}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_UNSEEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)"
    r"|font-size\s*:\s*0|(?:^|;)\s*(?:left|top|text-indent)\s*:\s*-\d{3,}"
    r"|(?<![\w-])color\s*:\s*(?:#fff(?:fff)?\b|white\b|transparent|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\))",
    re.IGNORECASE,
)
_UNSEEN_CLASS = re.compile(r"\b(?:visually-?hidden|sr-only|screen-reader-text|hidden|d-none)\b", re.IGNORECASE)
_FURNITURE = re.compile(
    r"cookie|breadcrumb|skip-?link|site-(?:header|footer|nav)|navbar|share-?buttons|pagination", re.IGNORECASE
)
_ROLES = {"navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar", "dialog"}
_PROPERTIES = (
    *("description", "author", "keywords", "date"),
    *("dcterms.issued", "dcterms.modified", "article:published_time"),
)


def read_web(data: bytes) -> Reading:
    """The page's own words: headings, paragraphs, list items, table rows; no menus, scripts or hidden parts."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(data, "lxml")
    articles = soup.find_all("article")
    whole = articles[0] if len(articles) == 1 else soup.body
    root = soup.find("main") or soup.select_one("[role=main]") or whole or soup
    walker = _Walker()
    walker.walk(root, 0)
    walker.flush()
    if not walker.blocks:
        raise Unreadable(EMPTY)
    properties: dict[str, str] = {}
    for meta in soup.find_all("meta"):
        name = str(meta.get("name") or meta.get("property") or "").lower()
        if name in _PROPERTIES and (text := tidy(str(meta.get("content") or ""))):
            properties[name] = text
    stated = tidy(soup.title.get_text()) if soup.title else ""
    if stated:
        properties["title"] = stated
    title = choose_title(re.split(r"\s+[|–—-]\s+|\s+[|»]\s*", stated)[0], walker.blocks) or stated or None
    return Reading(tuple(walker.blocks), title=title, properties=properties)


class _Walker:
    """Goes through a page and gathers its blocks; `marks` are those of the lists that it is in."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._open: list[str] = []
        self._mark = ""
        self._numbers: dict[int, int] = {}

    def flush(self, kind: str = "paragraph", level: int = 0) -> None:
        """Ends the block that is open."""
        text = tidy("".join(self._open))
        self._open.clear()
        if not text:
            return
        if kind == "heading":
            self.blocks.append(Block(text, "heading", level))
        elif self._mark:
            self.blocks.append(Block(self._mark + text, "item"))
            self._mark = ""
        elif ITEM.match(text):
            self.blocks.append(Block(item(text), "item"))
        else:
            self.blocks.append(Block(text))

    def walk(self, element: Any, depth: int) -> None:
        """Adds what is inside an element."""
        from bs4.element import NavigableString, PreformattedString, Tag

        for child in element.children:
            if isinstance(child, Tag):
                self._tag(child, depth)
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                self._open.append(str(child))

    def _tag(self, tag: Any, depth: int) -> None:
        name = tag.name.lower()
        if name in _DROPPED or _is_unseen(tag) or depth > MOST_DEPTH:
            return
        if name in _HEADINGS:
            self.flush()
            self.walk(tag, depth + 1)
            self._mark = ""
            self.flush("heading", _HEADINGS[name])
        elif name == "table":
            self.flush()
            self.blocks.extend(table_blocks(list(_rows(tag, depth))))
        elif name == "li":
            self.flush()
            self._mark = self._marked(tag)
            self.walk(tag, depth + 1)
            self.flush()
            self._mark = ""
        elif name == "br":
            self._open.append(" ")
        elif name == "img":
            self._open.append(f" {tag.get('alt') or ''} ")
        elif name in _BLOCKS:
            self.flush()
            self.walk(tag, depth + 1)
            self.flush()
        else:
            self.walk(tag, depth + 1)

    def _marked(self, item_tag: Any) -> str:
        """`•`, or the number that a browser shows."""
        whole = item_tag.parent
        if whole is None or whole.name != "ol":
            return "• "
        if id(item_tag) not in self._numbers:
            # A list is counted once: to count what stands before each item would take a long one squared.
            items = (each for each in whole.children if getattr(each, "name", None) == "li")
            self._numbers.update((id(each), before) for before, each in enumerate(items))
        start = str(whole.get("start") or "1")
        number = (int(start) if start.isdecimal() and len(start) < 6 else 1) + min(self._numbers[id(item_tag)], 100_000)
        kind = str(whole.get("type") or "1")
        if kind in ("a", "A") and 0 < number <= 26:
            return f"{chr(ord(kind) + number - 1)}. "
        return f"{number}. "


def _is_unseen(tag: Any) -> bool:
    attributes = tag.attrs
    if not attributes:
        return False
    if "hidden" in attributes or attributes.get("aria-hidden") == "true" or attributes.get("role") in _ROLES:
        return True
    style = str(attributes.get("style") or "")
    if style and _UNSEEN_STYLE.search(style) and not re.search(r"background", style, re.IGNORECASE):
        return True
    classes = attributes.get("class") or ()
    names = f"{' '.join(classes) if isinstance(classes, list) else classes} {attributes.get('id') or ''}"
    return bool(_UNSEEN_CLASS.search(names)) or (bool(_FURNITURE.search(names)) and tag.name not in ("body", "main"))


def _rows(table: Any, depth: int) -> Iterator[Row]:
    for at, row in enumerate(_own(table, "tr")):
        cells: list[tuple[Part, ...]] = []
        headings = 0
        found = [cell for cell in row.find_all(("td", "th"), recursive=False) if not _is_unseen(cell)]
        for cell in found:
            walker = _Walker()
            walker.walk(cell, depth + 3)
            walker.flush()
            cells.append(tuple(Part(block.text) for block in walker.blocks))
            headings += cell.name == "th"
            span = str(cell.get("colspan") or "1")
            cells.extend(() for _ in range(min(int(span), 60) - 1 if span.isdecimal() and len(span) < 4 else 0))
        in_head = row.parent is not None and row.parent.name == "thead"
        yield Row(tuple(cells), header=at == 0 and bool(found) and (in_head or headings == len(found)))


def _own(table: Any, name: str) -> list[Any]:
    """Rows of this table, not of tables inside it."""
    parts = [table, *table.find_all(("thead", "tbody", "tfoot"), recursive=False)]
    return [row for part in parts for row in part.find_all(name, recursive=False)]
