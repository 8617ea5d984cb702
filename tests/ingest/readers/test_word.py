"""Word documents and presentations: order, headings, lists, tables, and nothing that was deleted or hidden."""

from __future__ import annotations

from typing import Any

import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt
from pptx.util import Inches

from ingest.readers.read import read_bytes
from ingest.readers.reading import Block, Unreadable
from tests.ingest.making import slides, word

NUMBERING = f"""<w:numbering {nsdecls("w")}><w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%2)"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="%1.%3"/></w:lvl>
</w:abstractNum><w:num w:numId="9"><w:abstractNumId w:val="7"/></w:num></w:numbering>"""


def blocks(data: bytes) -> list[Block]:
    return list(read_bytes(data, ".docx").blocks)


def add(document: Document, inner: str) -> None:
    """A paragraph from its inner WordprocessingML."""
    body = document.element.body
    body.insert(len(body) - 1, parse_xml(f"<w:p {nsdecls('w')}>{inner}</w:p>"))


def test_headings_paragraphs_and_lists_in_order() -> None:
    def fill(document: Document) -> None:
        document.add_heading("Attendance Policy", 0)
        document.add_heading("Aims", 1)
        document.add_paragraph("Every day counts.")
        document.add_paragraph("phone calls", style="List Bullet")
        document.add_heading("Who does what", 2)
        document.core_properties.title = "Attendance Policy"
        document.core_properties.author = "A. Clerk"

    reading = read_bytes(word(fill), ".docx")
    assert reading.blocks == (
        Block("Attendance Policy", "heading", 1),
        Block("Aims", "heading", 1),
        Block("Every day counts."),
        Block("• phone calls", "item"),
        Block("Who does what", "heading", 2),
    )
    assert (reading.title, reading.unit, reading.pages) == ("Attendance Policy", None, None)
    assert reading.properties["author"] == "A. Clerk"


def test_numbered_lists_show_the_numbers_that_word_shows() -> None:
    def fill(document: Document) -> None:
        document.part.numbering_part._element = parse_xml(NUMBERING)
        levels = ((0, "Roles"), (1, "the head"), (1, "the clerk"), (0, "Records"), (2, "kept"), (1, "shared"))
        for level, text in levels:
            add(
                document,
                f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="9"/></w:numPr></w:pPr>'
                f"<w:r><w:t>{text}</w:t></w:r>",
            )

    assert [block.text for block in blocks(word(fill))] == [
        "1. Roles",
        "(a) the head",
        "(b) the clerk",
        "2. Records",
        "2.i kept",
        "(a) shared",
    ]


def test_short_bold_lines_are_headings_by_size_and_labels_are_not() -> None:
    def fill(document: Document) -> None:
        for text, size in (("Leadership agenda", 16), ("Morning meetings", 12)):
            document.add_paragraph().add_run(text).font.size = Pt(size)
            document.paragraphs[-1].runs[0].bold = True
            document.add_paragraph("These are held each day of the week in the hall.")
        document.add_paragraph().add_run("Your name:").bold = True
        document.add_paragraph().add_run("Your address:").bold = True

    assert [(block.kind, block.level) for block in blocks(word(fill))] == [
        ("heading", 1),
        ("paragraph", 0),
        ("heading", 2),
        ("paragraph", 0),
        ("paragraph", 0),
        ("paragraph", 0),
    ]


def test_a_table_is_rows_and_merged_cells_are_said_once() -> None:
    def fill(document: Document) -> None:
        document.add_paragraph("Before.")
        table = document.add_table(3, 3)
        for at, text in enumerate(("Role", "Name", "Until", "Chair", "R. Okoro", "May 2027")):
            table.cell(at // 3, at % 3).text = text
        table.cell(2, 0).merge(table.cell(2, 2)).text = "Vacancies are filled by election."
        document.add_paragraph("After.")

    assert blocks(word(fill)) == [
        Block("Before."),
        Block("Role | Name | Until", "row", header=True),
        Block("Chair | R. Okoro | May 2027", "row"),
        Block("Vacancies are filled by election.", "row"),
        Block("After."),
    ]


def test_a_table_of_one_column_is_only_a_frame() -> None:
    def fill(document: Document) -> None:
        table = document.add_table(2, 1)
        table.cell(0, 0).text = "Please return this form to the office."
        table.cell(1, 0).text = "We answer within ten days."

    assert [block.kind for block in blocks(word(fill))] == ["paragraph", "paragraph"]


def test_deleted_hidden_and_minute_text_is_left_out_and_inserted_text_kept() -> None:
    def fill(document: Document) -> None:
        add(
            document,
            '<w:r><w:t xml:space="preserve">The fee is </w:t></w:r>'
            '<w:del w:id="1" w:author="x"><w:r><w:delText>£10</w:delText></w:r></w:del>'
            '<w:ins w:id="2" w:author="x"><w:r><w:t>£15</w:t></w:r></w:ins>'
            "<w:r><w:rPr><w:vanish/></w:rPr><w:t> secretly free</w:t></w:r>"
            '<w:r><w:rPr><w:sz w:val="1"/></w:rPr><w:t> for friends</w:t></w:r><w:r><w:t>.</w:t></w:r>',
        )

    assert [block.text for block in blocks(word(fill))] == ["The fee is £15."]


def test_text_boxes_and_content_controls_are_read_once() -> None:
    def fill(document: Document) -> None:
        box = (
            '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            '<mc:Choice Requires="wps"><w:txbxContent><w:p><w:r><w:t>Reviewed yearly</w:t></w:r></w:p></w:txbxContent>'
            "</mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>Reviewed yearly</w:t></w:r></w:p>"
            "</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        )
        add(document, f"<w:r><w:t>Uniform policy for all.</w:t></w:r>{box}")
        control = "<w:sdtContent><w:p><w:r><w:t>Chosen from a list.</w:t></w:r></w:p></w:sdtContent>"
        body = document.element.body
        body.insert(len(body) - 1, parse_xml(f"<w:sdt {nsdecls('w')}>{control}</w:sdt>"))

    assert [block.text for block in blocks(word(fill))] == [
        "Uniform policy for all.",
        "Reviewed yearly",
        "Chosen from a list.",
    ]


def test_headers_footers_and_generated_contents_are_left_out() -> None:
    def fill(document: Document) -> None:
        document.sections[0].header.paragraphs[0].text = "Running header"
        document.sections[0].footer.paragraphs[0].text = "Running footer"
        document.styles.add_style("toc 1", 1)
        document.add_paragraph("Aims\t2", style="toc 1")
        document.add_paragraph("The school opens at eight.")

    assert [block.text for block in blocks(word(fill))] == ["The school opens at eight."]


def test_an_empty_word_document_is_refused() -> None:
    with pytest.raises(Unreadable, match="no words"):
        read_bytes(word(lambda document: None), ".docx")


def test_slides_are_pages_with_title_text_table_and_notes() -> None:
    def fill(presentation: Any) -> None:
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = "Reducing workload"
        slide.placeholders[1].text = "Fewer emails\nShorter meetings"
        slide.notes_slide.notes_text_frame.text = "Ask each table."
        second = presentation.slides.add_slide(presentation.slide_layouts[5])
        second.shapes.title.text = "Timings"
        table = second.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(5), Inches(1)).table
        for at, text in enumerate(("Agenda", "Minutes", "Welcome", "5")):
            table.cell(at // 2, at % 2).text = text
        group = second.shapes.add_group_shape()
        group.shapes.add_textbox(Inches(1), Inches(5), Inches(3), Inches(1)).text_frame.text = "Grouped words"
        hidden = presentation.slides.add_slide(presentation.slide_layouts[5])
        hidden.shapes.title.text = "Hidden slide"
        hidden.element.set("show", "0")

    reading = read_bytes(slides(fill), ".pptx")
    assert (reading.unit, reading.pages, reading.title) == ("slide", 3, "Reducing workload")
    assert reading.blocks == (
        Block("Reducing workload", "heading", 1, 1),
        Block("• Fewer emails", "item", page=1),
        Block("• Shorter meetings", "item", page=1),
        Block("Notes: Ask each table.", page=1),
        Block("Timings", "heading", 1, 2),
        Block("Agenda | Minutes", "row", page=2, header=True),
        Block("Welcome | 5", "row", page=2),
        Block("Grouped words", page=2),
    )
