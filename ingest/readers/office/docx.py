"""Read Word documents (.docx)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.readers.clean import ITEM, item, tidy
from ingest.readers.office.docx_styles import Numbering, Styles, W, number_of, switch, value, whole
from ingest.readers.reading import Block, Reading, Unreadable
from ingest.readers.stated_title import choose_title
from ingest.readers.table import Part, Row, table_blocks

EMPTY = "There are no words in this document. If its pages are pictures, save it as PDF so that they can be read."
_SKIPPED = {W + tag for tag in ("del", "moveFrom", "rPr", "pPr", "instrText", "delText", "sdtPr", "footnotePr")}
_SKIPPED |= {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_BOX = W + "txbxContent"
_HEADING = re.compile(r"^(?:heading|title heading) (\d)$")
_PROPERTIES = ("title", "subject", "author", "keywords", "category", "comments", "version", "content_status")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a paragraph as a person sees it. `level` is a styled heading's, `weight` its size if all bold."""

    text: str
    level: int = 0
    weight: int = 0
    listed: bool = False


def read_docx(data: bytes) -> Reading:
    """Body text in order, with text boxes and footnotes where they are anchored; deleted and hidden text left out."""
    import docx

    document = docx.Document(io.BytesIO(data))
    blocks = tuple(_Word(document).blocks())
    if not blocks:
        raise Unreadable(EMPTY)
    core = document.core_properties
    properties = {name: tidy(str(getattr(core, name) or "")) for name in _PROPERTIES}
    for name in ("created", "modified"):
        if moment := getattr(core, name):
            properties[name] = moment.date().isoformat()
    properties["running"] = _running(document)
    properties = {name: text for name, text in properties.items() if text}
    return Reading(blocks, title=choose_title(properties.get("title"), blocks), properties=properties)


def _running(document: Any) -> str:
    """The words of headers and footers, each once: they may say that all of it is confidential."""
    texts: list[str] = []
    for section in document.sections:
        for place in ("header", "first_page_header", "even_page_header", "footer", "first_page_footer"):
            try:
                margin = getattr(section, place)
                own = [] if margin.is_linked_to_previous else margin._element.iter(W + "p")
                texts += [tidy("".join(run.text or "" for run in line.iter(W + "t"))) for line in own]
            except (KeyError, AttributeError, ValueError):
                # What a damaged margin says is not known; the text is read all the same.
                continue
    return " | ".join(dict.fromkeys(text for text in texts if text))[:500]


class _Word:
    """One document on its way to blocks."""

    def __init__(self, document: Any) -> None:
        part = document.part
        parts = {rel.reltype.rsplit("/", 1)[-1]: rel for rel in part.rels.values() if not rel.is_external}
        self._styles = Styles(_root(parts.get("styles")))
        self._numbering = Numbering(_root(parts.get("numbering")))
        self._body = document.element.body
        self._footnotes = {
            note.get(W + "id"): note
            for note in (_root(parts.get("footnotes")) if "footnotes" in parts else ())
            if note.get(W + "type") is None
        }

    def blocks(self) -> Iterator[Block]:
        """The document's blocks in order."""
        return _headed(list(self._content(self._body, 0)))

    def _content(self, parent: Any, depth: int) -> Iterator[_Line | Block]:
        if depth > 40:
            return
        for child in parent.iterchildren():
            if child.tag == W + "p":
                yield from self._paragraph(child, depth)
            elif child.tag == W + "tbl":
                yield from self._table(child, depth)
            elif child.tag not in _SKIPPED and isinstance(child.tag, str):
                yield from self._content(child, depth + 1)

    def _paragraph(self, paragraph: Any, depth: int) -> Iterator[_Line | Block]:
        properties = paragraph.find(W + "pPr")
        look = self._styles.look(value(properties, "pStyle"))
        if look.name.startswith("toc "):
            return
        runs = _Runs(self._styles, look)
        runs.add(paragraph, 0)
        named = _HEADING.match(look.name)
        outline = whole(value(properties, "outlineLvl")) if properties is not None else None
        outline = look.outline if outline is None else outline
        styled = 1 if look.name == "title" else outline + 1 if outline is not None else 0
        level = int(named.group(1)) if named else styled
        number = number_of(properties) or look.number
        shown = [text for line in runs.lines if (text := tidy(line))]
        mark = self._numbering.mark(number) if number and shown else None
        for text in shown:
            heading = 0 < level < 7
            marked = f"{mark} {text}" if mark and not (heading and mark == "•") else text
            yield _Line(marked, level, runs.weight, bool(mark) and not heading)
            mark = None
        for box in runs.boxes:
            yield from self._content(box, depth + 1)
        for note in runs.notes:
            # Each once: one that leads to itself, or two to one another, would never end.
            if (words := self._footnotes.pop(note, None)) is not None:
                yield from self._content(words, depth + 1)

    def _table(self, table: Any, depth: int) -> Iterator[_Line | Block]:
        rows: list[list[list[_Line | Block]]] = []
        headers: list[bool] = []
        for row in _within(table, W + "tr"):
            cells: list[list[_Line | Block]] = []
            for cell in _within(row, W + "tc"):
                properties = cell.find(W + "tcPr")
                merge = properties.find(W + "vMerge") if properties is not None else None
                goes_on = merge is not None and merge.get(W + "val", "continue") == "continue"
                cells.append([] if goes_on else list(self._content(cell, depth + 1)))
                cells.extend([[]] * (min(whole(value(properties, "gridSpan")) or 1, 60) - 1))
            rows.append(cells)
            headers.append(row.find(f"{W}trPr/{W}tblHeader") is not None)
        filled = {column for row in rows for column, cell in enumerate(row) if cell}
        if len(filled) <= 1:
            yield from (line for row in rows for cell in row for line in cell)
            return
        yield from table_blocks(
            [
                Row(tuple(tuple(Part(line.text) for line in cell) for cell in row), header and at == 0)
                for at, (row, header) in enumerate(zip(rows, headers, strict=True))
            ],
            level=6,
        )


class _Runs:
    """Collects what one paragraph shows: its lines, and the text boxes and footnotes that hang on it."""

    def __init__(self, styles: Styles, look: Any) -> None:
        self._texts: list[list[str]] = [[]]
        self.boxes: list[Any] = []
        self.notes: list[str] = []
        self._styles, self._look = styles, look
        self._letters = self._bold = self._size = 0

    @property
    def lines(self) -> list[str]:
        """What the paragraph shows, a line each."""
        return ["".join(texts) for texts in self._texts]

    @property
    def weight(self) -> int:
        """The largest size in half points where all letters are bold or larger than body text, else 0."""
        return self._size if self._letters and self._bold == self._letters else 0

    def add(self, element: Any, depth: int) -> None:
        """Walk through an element of the paragraph."""
        if depth > 40:
            return
        for child in element.iterchildren():
            if child.tag == _BOX:
                self.boxes.append(child)
            elif child.tag == W + "r":
                self._run(child, depth)
            elif child.tag not in _SKIPPED and isinstance(child.tag, str):
                self.add(child, depth + 1)

    def _run(self, run: Any, depth: int) -> None:
        properties = run.find(W + "rPr")
        own = self._styles.look(value(properties, "rStyle")) if value(properties, "rStyle") else None
        hidden, bold = switch(properties, "vanish"), switch(properties, "b")
        size = whole(value(properties, "sz")) or (own.size if own else None) or self._look.size or 0
        bold = bold if bold is not None else self._look.bold or bool(own and own.bold)
        if hidden or (hidden is None and (self._look.hidden or (own and own.hidden))) or size < 5:
            return
        for child in run.iterchildren():
            if child.tag == W + "t":
                letters = len((child.text or "").strip())
                self._letters += letters
                self._bold += letters if bold or size > self._styles.size + 3 else 0
                self._size = max(self._size, size) if letters else self._size
                self._texts[-1].append(child.text or "")
            elif child.tag in (W + "br", W + "cr"):
                self._texts.append([])
            elif child.tag == W + "tab":
                self._texts[-1].append(" ")
            elif child.tag == W + "noBreakHyphen":
                self._texts[-1].append("-")
            elif child.tag == W + "sym":
                code = whole_hex(child.get(W + "char"))
                self._texts[-1].append(chr(code | 0xF000 if code < 0x100 else code) if code else "")
            elif child.tag == W + "footnoteReference":
                self.notes.append(child.get(W + "id", ""))
            elif child.tag not in _SKIPPED and isinstance(child.tag, str):
                self.add(child, depth + 1)


def whole_hex(text: str | None) -> int:
    """A character code in hexadecimal; 0 where it is none."""
    try:
        code = int(text or "0", 16)
    except ValueError:
        return 0
    return code if code <= 0xFFFF else 0


def _root(relation: Any) -> Any:
    from lxml import etree

    if relation is None:
        return None
    part = relation.target_part
    if hasattr(part, "element"):
        return part.element
    return etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))


def _within(element: Any, tag: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, through content controls, not into inner tables."""
    for child in element.iterchildren():
        if child.tag == tag:
            yield child
        elif child.tag in (W + "sdt", W + "sdtContent", W + "ins", W + "customXml", W + "smartTag"):
            yield from _within(child, tag)


def _headed(lines: list[_Line | Block]) -> Iterator[Block]:
    """Lines as blocks: styled headings, then short bold lines as headings below them, by size."""
    styled = max((line.level for line in lines if isinstance(line, _Line) and 0 < line.level < 7), default=0)
    sizes = sorted({line.weight for line in lines if isinstance(line, _Line) and _stands_out(line)}, reverse=True)
    rank = {size: at for at, size in enumerate(sizes)}
    open_texts: list[str] = []
    for at, line in enumerate(lines):
        if isinstance(line, _Line) and not line.level and not line.listed and _continues(open_texts, line.text):
            open_texts.append(line.text)
            continue
        if open_texts:
            yield Block(" ".join(open_texts))
            open_texts = []
        if isinstance(line, Block):
            yield line
        elif 0 < line.level < 7:
            yield Block(line.text, "heading", line.level)
        elif line.listed:
            yield Block(item(line.text), "item")
        elif _stands_out(line) and _introduces(line, lines[at + 1] if at + 1 < len(lines) else None):
            yield Block(line.text, "heading", min(6, styled + 1 + rank[line.weight]))
        elif ITEM.match(line.text):
            yield Block(item(line.text), "item")
        else:
            open_texts.append(line.text)
    if open_texts:
        yield Block(" ".join(open_texts))


def _stands_out(line: _Line) -> bool:
    short = len(line.text.split()) <= 12 and len(line.text) <= 100
    return bool(line.weight) and not line.level and not line.listed and short and line.text[-1] not in ".,;"


def _introduces(line: _Line, following: _Line | Block | None) -> bool:
    """Whether something comes under it; a label such as `Your name:` has that beside it."""
    listed = isinstance(following, _Line) and following.listed
    return following is not None and (listed or not line.text.endswith(":"))


def _continues(before: list[str], text: str) -> bool:
    return bool(before) and before[-1][-1] not in '.!?:;”"' and text[0].islower() and not ITEM.match(text)
