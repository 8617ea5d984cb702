"""Read PowerPoint presentations (.pptx)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from ingest.readers.clean import ITEM, item, tidy
from ingest.readers.reading import Block, Reading, Unreadable
from ingest.readers.stated_title import choose_title
from ingest.readers.table import Part, Row, table_blocks

MOST_SLIDES = 2_000
EMPTY = "There are no words in this presentation. If its slides are pictures, save it as PDF so that they can be read."
NOTES = "Notes: "
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def read_pptx(data: bytes) -> Reading:
    """Slide by slide: title, then text boxes and tables from top to bottom, then the speaker's notes, marked `Notes:`.

    Hidden slides are left out.
    """
    import pptx

    presentation = pptx.Presentation(io.BytesIO(data))
    slides = _slides(presentation)
    blocks: list[Block] = []
    for number, slide in enumerate(slides, 1):
        if slide.element.get("show") not in ("0", "false"):
            blocks.extend(_slide_blocks(slide, number))
    if not blocks:
        raise Unreadable(EMPTY)
    core = presentation.core_properties
    properties = {
        name: text
        for name in ("title", "subject", "author", "keywords", "category", "comments")
        if (text := tidy(str(getattr(core, name) or "")))
    }
    for name in ("created", "modified"):
        if moment := getattr(core, name):
            properties[name] = moment.date().isoformat()
    title = choose_title(properties.get("title"), blocks)
    return Reading(tuple(blocks), title=title, unit="slide", pages=len(slides), properties=properties)


def _slides(presentation: Any) -> list[Any]:
    """All slides in order. Raises Unreadable where there are too many, or where the file has not all of them."""
    # By its elements: the library itself stops at the first slide that is not there.
    ids = list(presentation.element.sldIdLst if presentation.element.sldIdLst is not None else ())
    if len(ids) > MOST_SLIDES:
        raise Unreadable(f"There are {len(ids):,} slides; {MOST_SLIDES:,} are the most. Save them in parts.")
    part = presentation.part
    missing = [slide for slide in ids if slide.rId not in part.rels or part.rels[slide.rId].is_external]
    if missing:
        raise Unreadable(
            f"{len(missing)} of its {len(ids)} slides are not in the file. Open it where it was made and save it again."
        )
    return [part.related_slide(slide.rId) for slide in ids]


def _slide_blocks(slide: Any, number: int) -> Iterator[Block]:
    title = slide.shapes.title
    heading = tidy(title.text_frame.text) if title is not None and title.has_text_frame else ""
    if heading:
        yield Block(heading, "heading", 1, number)
    shapes = [shape for shape in _flat(slide.shapes, 0) if title is None or shape.element is not title.element]
    for shape in sorted(shapes, key=lambda shape: (_place(shape.top) // 200_000, _place(shape.left))):
        yield from _shape_blocks(shape, number)
    if slide.has_notes_slide and (frame := slide.notes_slide.notes_text_frame) is not None:
        notes = [text for paragraph in frame.paragraphs if (text := tidy(paragraph.text))]
        yield from (Block(text if at else NOTES + text, page=number) for at, text in enumerate(notes))


def _place(length: Any) -> int:
    return int(length) if length is not None else 0


def _flat(shapes: Any, depth: int) -> Iterator[Any]:
    for shape in shapes:
        hidden = shape.element.xpath("./*/p:cNvPr[@hidden='1' or @hidden='true']")
        if hidden:
            continue
        if hasattr(shape, "shapes"):
            if depth < 20:
                yield from _flat(shape.shapes, depth + 1)
        elif not _is_furniture(shape):
            yield shape


def _is_furniture(shape: Any) -> bool:
    """Whether it is the slide's number, date, header or footer."""
    kind = shape.element.xpath(".//p:nvPr/p:ph/@type")
    return bool(kind) and kind[0] in ("sldNum", "dt", "ftr", "hdr")


def _shape_blocks(shape: Any, number: int) -> Iterator[Block]:
    from pptx.table import _Cell

    if getattr(shape, "has_table", False):
        # By its elements: each row that the library is asked for by number makes it list them all again.
        rows = [
            Row(tuple(_cell(_Cell(cell, shape), number) for cell in row.tc_lst), shape.table.first_row and at == 0)
            for at, row in enumerate(shape.table._tbl.tr_lst)
        ]
        yield from table_blocks(rows, 2)
    elif shape.has_text_frame:
        body = shape.is_placeholder and len([p for p in shape.text_frame.paragraphs if tidy(p.text)]) > 1
        for paragraph in shape.text_frame.paragraphs:
            yield from _paragraph_blocks(paragraph, number, body)
    elif shape.element.find(f".//{_A}graphicData[@uri='{_DIAGRAM}']") is not None:
        yield from (Block(f"• {text}", "item", page=number) for text in _diagram_texts(shape))


def _cell(cell: Any, number: int) -> tuple[Part, ...]:
    if cell.is_spanned:
        return ()
    return tuple(Part(text, number) for paragraph in cell.text_frame.paragraphs if (text := tidy(paragraph.text)))


def _paragraph_blocks(paragraph: Any, number: int, body: bool) -> Iterator[Block]:
    properties = paragraph._p.pPr
    marks = properties if properties is not None else ()
    plain = any(mark.tag == _A + "buNone" for mark in marks)
    marked = any(mark.tag in (_A + "buChar", _A + "buAutoNum", _A + "buBlip") for mark in marks)
    for line in paragraph.text.split("\v"):
        text = tidy(line)
        if not text:
            continue
        if ITEM.match(text):
            yield Block(item(text), "item", page=number)
        elif marked or (body and not plain):
            yield Block(f"• {text}", "item", page=number)
        else:
            yield Block(text, page=number)


def _diagram_texts(shape: Any) -> Iterator[str]:
    """The words of a SmartArt drawing, which lie in a part of their own."""
    from lxml import etree

    for ids in shape.element.iter(f"{{{_DIAGRAM}}}relIds"):
        part = shape.part.related_part(ids.get(_R + "dm"))
        root = etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
        for paragraph in root.iter(_A + "p"):
            if text := tidy("".join(run.text or "" for run in paragraph.iter(_A + "t"))):
                yield text
