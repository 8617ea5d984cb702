"""Office files that are whole but unusual: Strict names, links to parts that are not there; lost slides."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from ingest.readers.read import read_bytes
from ingest.readers.reading import Unreadable
from tests.ingest.making import changed_part, slides, word

STRICT = (
    (b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties",
     b"http://purl.oclc.org/ooxml/officeDocument/relationships/extendedProperties"),
    (b"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties",
     b"http://purl.oclc.org/ooxml/officeDocument/extendedProperties"),
)  # fmt: skip


def strict(package: bytes) -> bytes:
    """The same file as a program writes it that keeps to ISO 29500 Strict."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part.filename)
            for usual, iso in STRICT:
                data = data.replace(usual, iso)
            names = (
                rb"http://schemas\.openxmlformats\.org/(officeDocument|wordprocessingml|presentationml|drawingml)/2006/"
            )
            new.writestr(part.filename, re.sub(names, rb"http://purl.oclc.org/ooxml/\1/", data))
    return buffer.getvalue()


def policy(document: Any) -> None:
    document.add_heading("Lettings", 1)
    document.add_paragraph("Hirers pay on the last day.")
    table = document.add_table(2, 2)
    for cell, text in zip(
        [cell for row in table.rows for cell in row.cells], ("Hall", "Fee", "Small", "30"), strict=True
    ):
        cell.text = text


def show(presentation: Any) -> None:
    for title in ("Lettings", "Fees"):
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = f"Words of {title}"


def related(change: Callable[[bytes], bytes], package: bytes, name: str) -> bytes:
    changed = changed_part(package, name, change)
    assert changed != package
    return changed


def more(target: str, kind: str = "image") -> Callable[[bytes], bytes]:
    """A relationship to this target beside the others."""
    relation = (
        f'<Relationship Id="rId99" Target="{target}" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/></Relationships>'
    )
    return lambda xml: xml.replace(b"</Relationships>", relation.encode())


@pytest.mark.parametrize(("make", "fill", "suffix"), [(word, policy, ".docx"), (slides, show, ".pptx")])
def test_strict_files_are_read_as_the_others_are(make: Callable[[Any], bytes], fill: Any, suffix: str) -> None:
    package = make(fill)
    usual, iso = read_bytes(package, suffix), read_bytes(strict(package), suffix)
    assert b"purl.oclc.org" in zipfile.ZipFile(io.BytesIO(strict(package))).read("_rels/.rels")
    assert iso.blocks == usual.blocks
    assert iso.title == usual.title
    assert len(iso.blocks) > 3


@pytest.mark.parametrize(
    "target", ["media/gone.png", "../../../etc/passwd", "/word/gone.xml", "NULL", "file:///etc/passwd"]
)
def test_a_link_to_a_part_that_is_not_there_keeps_no_words_from_being_read(target: str) -> None:
    package = word(policy)
    broken = related(more(target), package, "word/_rels/document.xml.rels")
    assert read_bytes(broken, ".docx").blocks == read_bytes(package, ".docx").blocks
    show_package = slides(show)
    broken = related(more(target), show_package, "ppt/slides/_rels/slide1.xml.rels")
    assert read_bytes(broken, ".pptx").blocks == read_bytes(show_package, ".pptx").blocks


@pytest.mark.parametrize("lost", ["styles", "settings", "theme", "fontTable"])
def test_a_document_without_one_of_its_lesser_parts_is_read(lost: str) -> None:
    package = word(policy)
    broken = related(lambda xml: re.sub(rf'Target="[^"]*{lost}[^"]*"'.encode(), b'Target="gone.xml"', xml), package,
                     "word/_rels/document.xml.rels")  # fmt: skip
    assert "Hirers pay on the last day." in read_bytes(broken, ".docx").text


@pytest.mark.parametrize(
    "becomes", [b'Target="slides/gone.xml"', b'Target="http://evil.ly/s.xml" TargetMode="External"']
)
def test_lost_slides_are_told_by_their_number(becomes: bytes) -> None:
    broken = related(lambda xml: xml.replace(b'Target="slides/slide2.xml"', becomes), slides(show),
                     "ppt/_rels/presentation.xml.rels")  # fmt: skip
    with pytest.raises(Unreadable, match=r"1 of its 2 slides are not in the file\. Open it where it was made"):
        read_bytes(broken, ".pptx")


def test_footnotes_that_lead_to_themselves_or_to_one_another_are_read_once() -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    note = (
        '<w:footnote w:id="{}"><w:p><w:r><w:t>Note {}.</w:t><w:footnoteReference w:id="{}"/></w:r></w:p></w:footnote>'
    )
    notes = (
        f"<w:footnotes {space}>" + note.format(1, 1, 2) + note.format(2, 2, 1) + note.format(3, 3, 3) + "</w:footnotes>"
    )
    package = word(lambda document: document.add_paragraph("Hirers pay."))
    references = "".join(f'<w:r><w:footnoteReference w:id="{at}"/></w:r>' for at in (1, 2, 3, 1))
    package = changed_part(
        package, "word/document.xml", lambda xml: xml.replace(b"</w:p>", references.encode() + b"</w:p>")
    )
    package = changed_part(package, "word/_rels/document.xml.rels", more("footnotes.xml", "footnotes"))
    package = changed_part(package, "[Content_Types].xml", lambda xml: xml.replace(b"</Types>", (
        b'<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        b'wordprocessingml.footnotes+xml"/></Types>')))  # fmt: skip
    buffer = io.BytesIO(package)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("word/footnotes.xml", notes)
    assert read_bytes(buffer.getvalue(), ".docx").text.split("\n") == ["Hirers pay.", "Note 1.", "Note 2.", "Note 3."]
