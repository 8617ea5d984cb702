"""Pages that are pictures: read where OCR is installed, refused with the mend where it is not."""

from __future__ import annotations

import io
import sys
from hashlib import sha256
from pathlib import Path

import pypdfium2
import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ingest.metadata.describe import document_id
from ingest.readers.read import read_bytes
from ingest.readers.reading import Unreadable
from ingest.readers.scans import scanned
from ingest.readers.scans.ocr import fixed, scale_of
from ingest.readers.scans.scanned import Scanned, Unfinished
from knowledge.library.library import Library
from knowledge.passages import OPERATOR
from tests.ingest.conftest import Level, write
from tests.ingest.making import HEIGHT, WIDTH, pdf, picture_pdf, say, say_lines


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
    assert fixed(seen) == meant


def test_without_ocr_a_pdf_of_pictures_is_refused_with_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr_onnxruntime", None)
    with pytest.raises(Unreadable, match=r"pictures.*pip install 'trustbot\[ocr\]'"):
        read_bytes(picture_pdf("The meeting closed."), ".pdf")


def test_the_unseen_words_over_a_scan_are_its_text() -> None:
    import pypdf

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


def scan_of(pages: int, *, words_on: int = 0) -> bytes:
    """A PDF whose pages are pictures, but for one of words."""
    pictures = []
    for number in range(1, pages + 1):
        drawn = pypdfium2.PdfDocument(
            pdf(lambda canvas, n=number: say(canvas, 72, 300, f"Hirers number {n} pay at once.", 24))
        )
        pictures.append(ImageReader(drawn[0].render(scale=1).to_pil()))

    def page(number: int) -> object:
        def fill(canvas: Canvas) -> None:
            if number == words_on:
                say_lines(canvas, 72, 100, ["This page has words of its own, and no picture."])
            else:
                canvas.drawImage(pictures[number - 1], 0, 0, WIDTH, HEIGHT)

        return fill

    return pdf(*(page(number) for number in range(1, pages + 1)), compress=1)  # type: ignore[arg-type]


def test_a_long_scan_is_read_some_pages_at_a_time_and_none_of_them_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("rapidocr_onnxruntime", reason="the extra `ocr` is not installed")
    monkeypatch.setattr("ingest.readers.pdf.reader.MOST_AT_ONCE", 1)
    data, pages, turns = scan_of(4, words_on=3), {}, []
    for _ in range(2):
        with pytest.raises(Unfinished) as caught:
            read_bytes(data, ".pdf", scanned=Scanned("", dict(pages), 4))
        turns.append(sorted(caught.value.scanned.pages))
        assert caught.value.scanned.total == 4
        pages |= caught.value.scanned.pages
    assert turns == [[1], [2]]
    reading = read_bytes(data, ".pdf", scanned=Scanned("", dict(pages), 4))
    assert reading.ocr
    assert [block.page for block in reading.blocks] == [1, 2, 3, 4]
    assert [str(at) in block.text for at, block in enumerate(reading.blocks, 1)] == [True, True, False, True]


def test_a_scan_that_somebody_sends_is_refused_where_it_has_more_pages_than_are_read_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("rapidocr_onnxruntime", reason="the extra `ocr` is not installed")
    monkeypatch.setattr("ingest.readers.pdf.reader.MOST_AT_ONCE", 1)
    with pytest.raises(Unreadable, match="Send the pages that matter"):
        read_bytes(scan_of(2), ".pdf")


def test_no_more_pictures_are_read_than_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("rapidocr_onnxruntime", reason="the extra `ocr` is not installed")
    monkeypatch.setattr("ingest.readers.pdf.reader.MOST_PICTURES", 2)
    with pytest.raises(Unreadable, match="Save it in parts"):
        read_bytes(scan_of(3), ".pdf")


@pytest.mark.parametrize("size", [(595, 842), (14_400, 14_400), (1, 100_000), (7_000, 200), (0, 5), (200_000, 200_000)])
def test_no_page_is_drawn_larger_than_a_large_scan(size: tuple[float, float]) -> None:
    scale = scale_of(*size)
    assert size[0] * size[1] * scale**2 <= 16_000_001
    assert max(size) * scale <= 8_001
    assert scale <= 150 / 72


def test_a_scan_goes_on_with_the_pages_that_are_kept_and_they_are_forgotten_with_it(
    library: Library, shelf: Path, level: Level, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("rapidocr_onnxruntime", reason="the extra `ocr` is not installed")
    data, path = scan_of(2), shelf / "scan.pdf"
    path.write_bytes(data)
    monkeypatch.setattr("ingest.readers.pdf.reader.MOST_AT_ONCE", 1)
    with pytest.raises(Unfinished) as caught:
        read_bytes(data, ".pdf", scanned=Scanned())
    words = {1: caught.value.scanned.pages[1].replace("Hirers", "Tenants")}
    assert words != caught.value.scanned.pages
    key = document_id(str(path))
    library.log.keep_pages(key, str(path), sha256(data).hexdigest(), words)
    assert level().whole
    assert [passage.text for passage, _ in library.contents(OPERATOR, key).values()] == [
        "Tenants number 1 pay at once.\nHirers number 2 pay at once."
    ]
    assert library.log.scanned() == {}
    library.log.keep_pages(key, str(path), "of other bytes", words)
    path.unlink()
    write(shelf, other="Words.")
    level()
    assert library.log.scanned() == {}


@pytest.mark.slow
@pytest.mark.timeout(1_200)
def test_a_scan_of_the_library_is_read_in_turns_and_nothing_waits_for_it(
    library: Library, shelf: Path, level: Level
) -> None:
    pytest.importorskip("rapidocr_onnxruntime", reason="the extra `ocr` is not installed")
    count = scanned.MOST_AT_ONCE + 1
    path = shelf / "a-scan.pdf"
    path.write_bytes(scan_of(count))
    write(shelf, other="Words that do not wait for the scan.")
    kept = 0
    while not (summary := level()).whole:
        assert [document.file_name for document in library.documents(OPERATOR)] == ["other.md"]
        pages = sorted(library.log.pages(document_id(str(path)))[1])
        assert pages == list(range(1, len(pages) + 1))
        assert kept < len(pages) < count
        kept = len(pages)
        assert f"{kept} of {count} pages" in summary.unfinished[0].reason
        assert summary.refused == ()
    assert kept
    assert [document.pages for document in library.documents(OPERATOR) if document.ocr] == [count]
    assert library.log.scanned() == {}
