"""Pages that are pictures: read where OCR is installed, refused with the mend where it is not."""

from __future__ import annotations

import sys

import pytest

from ingest.ocr import mended
from ingest.read import read_bytes
from ingest.reading import Unreadable
from tests.ingest.making import pdf, picture_pdf, say_lines


def test_a_picture_of_a_page_is_read_with_its_spaces_and_marked() -> None:
    pytest.importorskip("rapidocr_onnxruntime", reason="the extra `ocr` is not installed")
    reading = read_bytes(picture_pdf("The meeting closed at 1955 and all", "governors signed the minutes."), ".pdf")
    assert reading.ocr
    assert reading.text == "The meeting closed at 1955 and all governors signed the minutes."
    assert reading.blocks[0].page == 1


@pytest.mark.parametrize(
    ("seen", "meant"),
    [("costs f145 now", "costs £145 now"), ("to 7.o0 pm", "to 7.00 pm"), ("7 0ctober", "7 October"), ("f it", "f it")],
)
def test_letters_and_figures_that_ocr_confuses_are_told_apart(seen: str, meant: str) -> None:
    assert mended(seen) == meant


def test_without_ocr_a_pdf_of_pictures_is_refused_with_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr_onnxruntime", None)
    with pytest.raises(Unreadable, match=r"pictures.*pip install 'trustbot\[ocr\]'"):
        read_bytes(picture_pdf("The meeting closed."), ".pdf")


def test_the_unseen_words_over_a_scan_are_its_text() -> None:
    import io

    import pypdf
    from reportlab.pdfgen.canvas import Canvas

    def layer(canvas: Canvas) -> None:
        canvas.saveState()
        canvas._code.append("3 Tr")
        say_lines(canvas, 72, 100, ["The scanner's own words lie over its picture."])
        canvas.restoreState()

    page = pypdf.PdfWriter(clone_from=io.BytesIO(picture_pdf("The scanner's own words")))
    page.pages[0].merge_page(pypdf.PdfReader(io.BytesIO(pdf(layer))).pages[0])
    buffer = io.BytesIO()
    page.write(buffer)
    reading = read_bytes(buffer.getvalue(), ".pdf")
    assert reading.text == "The scanner's own words lie over its picture."
    assert reading.ocr
