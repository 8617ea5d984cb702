"""Files that cannot be read are refused in a sentence with the reason and the mend, and never otherwise."""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path

import pytest

from ingest.readers.read import Limits, read_bytes, read_file
from ingest.readers.reading import Unreadable
from tests.ingest.making import changed_part, pdf, say, slides, word

DOCX = word(lambda document: document.add_paragraph("Words."))


def refusal(data: bytes, suffix: str) -> str:
    with pytest.raises(Unreadable) as caught:
        read_bytes(data, suffix)
    return str(caught.value)


def package(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "suffix", "reason"),
    [
        (pdf(lambda canvas: say(canvas, 72, 80, "Words"))[:300], ".pdf", "damaged"),
        (DOCX[: len(DOCX) // 2], ".docx", "damaged"),
        (b"plain words", ".pdf", r"ends in \.pdf, but it is not"),
        (b"plain words", ".docx", r"ends in \.docx, but it is not"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), ".png", "a picture, which is not read. Save it as PDF"),
        (b"\xff\xd8\xff\xe0" + bytes(40), ".pdf", "a picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".doc", r"old Office file.*password"),
        (b"{\\rtf1 words}", ".rtf", "Rich Text"),
        (package(xl__workbook=b"<x/>"), ".xlsx", "Excel"),
        (package(other=b"<x/>"), ".zip", "archive"),
        (bytes(range(256)) * 4, ".txt", "not a document"),
        (changed_part(DOCX, "word/document.xml", lambda xml: xml[:-30]), ".docx", "damaged"),
        (changed_part(DOCX, "word/document.xml", lambda xml: b"<!DOCTYPE x []>" + xml), ".docx", "harmful"),
    ],
)
def test_refused_by_reason_with_the_mend(data: bytes, suffix: str, reason: str) -> None:
    sentence = refusal(data, suffix)
    assert re.search(reason, sentence)
    assert sentence.endswith(".")


def test_a_file_is_read_as_what_it_is_whatever_its_name() -> None:
    assert read_bytes(DOCX, ".pdf").text == "Words."
    assert read_bytes(pdf(lambda canvas: say(canvas, 72, 80, "Words.")), ".docx").text == "Words."


@pytest.mark.parametrize("name", ["word/footnotes.xml", "customXml/item9.xml", "word/media/image1.png"])
def test_a_zip_bomb_is_refused_before_it_unpacks(name: str) -> None:
    buffer = io.BytesIO(DOCX)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, bytes(60_000_000))
    assert "unpacks" in refusal(buffer.getvalue(), ".docx")


def test_a_bomb_that_lies_about_its_size_is_refused_too() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(60_000_000))
    lying = buffer.getvalue().replace((60_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    assert refusal(lying, ".docx")


def test_a_page_and_a_document_too_deep_to_walk_are_refused() -> None:
    deep = b"<html><body>" + b"<div>" * 50_000 + b"<p>deep</p>"
    assert "no words" in refusal(deep, ".html")
    nested = b"<w:sdt><w:sdtContent>" * 5_000 + b"</w:sdtContent></w:sdt>" * 5_000
    bad = changed_part(DOCX, "word/document.xml", lambda xml: xml.replace(b"<w:sectPr", nested + b"<w:sectPr"))
    assert refusal(bad, ".docx")


def test_deep_markdown_ends_in_words() -> None:
    assert read_bytes(b"> " * 3_000 + b"deep\n\nafter " + b"[" * 3_000, ".md").text


def test_a_locked_presentation_is_refused() -> None:
    locked = bytearray(slides(lambda presentation: None))
    at = 0
    while (at := locked.find(b"PK\x01\x02", at)) >= 0:
        locked[at + 8] |= 1
        at += 4
    assert "password" in refusal(bytes(locked), ".pptx")


def test_empty_missing_and_huge_files_are_refused_without_reading_them(tmp_path: Path) -> None:
    empty, huge = tmp_path / "empty.pdf", tmp_path / "huge.pdf"
    empty.touch()
    huge.touch()
    os.truncate(huge, 500_000_000)
    with pytest.raises(Unreadable, match="empty"):
        read_file(empty)
    with pytest.raises(Unreadable, match=r"500 MB, and 200 MB is the most.*Save it in parts"):
        read_file(huge)
    with pytest.raises(Unreadable, match="1 MB"):
        read_file(huge, Limits(most_bytes=1_000_000))
    with pytest.raises(Unreadable, match="could not be opened"):
        read_file(tmp_path / "missing.pdf")
    with pytest.raises(Unreadable, match="not a file"):
        read_file(tmp_path)


def test_a_fifo_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    with pytest.raises(Unreadable, match="not a file"):
        read_file(pipe)
