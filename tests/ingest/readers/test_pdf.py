"""PDFs: the right words in the right order, with their pages, headings and rows."""

from __future__ import annotations

import io

import pypdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.readers.read import Limits, read_bytes
from ingest.readers.reading import Block, Unreadable
from tests.ingest.making import HEIGHT, grid, pdf, say, say_lines

PROSE = [
    "The governing body reviews this policy every year and publishes it on the",
    "website of the school. Parents may ask the office for a printed copy at any",
    "time, which is free of charge.",
]


def texts(data: bytes) -> list[str]:
    return [block.text for block in read_bytes(data, ".pdf").blocks]


def test_headings_by_size_and_weight_with_their_pages() -> None:
    def first(canvas: Canvas) -> None:
        say(canvas, 72, 80, "Lettings Policy", 20, bold=True)
        say(canvas, 72, 120, "1. Aims", 13, bold=True)
        say_lines(canvas, 72, 145, PROSE)

    def second(canvas: Canvas) -> None:
        say(canvas, 72, 80, "2. Charges", 13, bold=True)
        say_lines(canvas, 72, 105, PROSE)

    reading = read_bytes(pdf(first, second), ".pdf")
    assert reading.title == "Lettings Policy"
    assert (reading.unit, reading.pages, reading.ocr) == ("page", 2, False)
    assert [(block.text, block.level, block.page) for block in reading.blocks if block.kind == "heading"] == [
        ("Lettings Policy", 1, 1),
        ("1. Aims", 2, 1),
        ("2. Charges", 2, 2),
    ]
    assert reading.blocks[2] == Block(" ".join(PROSE), page=1)


def test_a_paragraph_that_runs_over_the_page_is_one_block() -> None:
    def first(canvas: Canvas) -> None:
        say_lines(canvas, 72, 80, [*PROSE, "", "A parent who wishes to complain should first speak to the teacher and"])

    def second(canvas: Canvas) -> None:
        say_lines(canvas, 72, 80, ["then to the headteacher.", "", *PROSE])

    blocks = read_bytes(pdf(first, second), ".pdf").blocks
    assert blocks[1].text.endswith("speak to the teacher and then to the headteacher.")
    assert [block.page for block in blocks] == [1, 1, 2]


def test_running_headers_footers_and_page_numbers_are_left_out() -> None:
    def page(number: int) -> object:
        def write(canvas: Canvas) -> None:
            say(canvas, 72, 40, f"Highfield Trust Staff Code, version {number}", 9)
            say_lines(canvas, 72, 100, [f"Section {number} says that {word} staff sign in." for word in ("all", "new")])
            say(canvas, 280, 810, f"Page {number} of 4", 9)

        return write

    reading = read_bytes(pdf(*(page(number) for number in range(1, 5))), ".pdf")  # type: ignore[arg-type]
    assert "Page" not in reading.text
    assert "Highfield" not in reading.text
    assert "Highfield Trust Staff Code" in reading.properties["running"]
    assert reading.text.count("says that") == 8


def test_broken_words_are_mended_and_real_hyphens_kept() -> None:
    lines = [
        "Long-term plans and well-being matter to every member of the commu-",
        "nity. Attendance is reviewed each week, and where it is low a long-",
        "term plan is made with the family.",
    ]
    (text,) = texts(pdf(lambda canvas: say_lines(canvas, 72, 80, lines)))
    assert "every member of the community." in text
    assert "a long-term plan" in text


def test_bulleted_and_numbered_items_are_blocks_of_their_own() -> None:
    def write(canvas: Canvas) -> None:
        say(canvas, 72, 80, "Pupils may bring:")
        say(canvas, 90, 100, "\u2022")
        say(canvas, 104, 100, "a packed lunch in a named box that holds no nuts of any kind, because of")
        say(canvas, 104, 114, "severe allergies in the school")
        say(canvas, 90, 128, "\u2022")
        say(canvas, 104, 128, "water")
        say(canvas, 72, 156, "1. The office is told.")
        say(canvas, 72, 170, "2. The parent is called.")

    blocks = read_bytes(pdf(write), ".pdf").blocks
    assert [(block.kind, block.text) for block in blocks] == [
        ("paragraph", "Pupils may bring:"),
        (
            "item",
            "• a packed lunch in a named box that holds no nuts of any kind, because of severe allergies in the school",
        ),
        ("item", "• water"),
        ("item", "1. The office is told."),
        ("item", "2. The parent is called."),
    ]


def test_a_ruled_table_is_rows_with_its_header_marked() -> None:
    def write(canvas: Canvas) -> None:
        say_lines(canvas, 72, 60, ["Homework is set each week as this table shows."])
        rows = [["Year group", "Reading", "Maths"], ["Year 1", "10 minutes", "Weekly"], ["Year 2", "", "Twice\na week"]]
        grid(canvas, [72, 200, 330, 460], [80, 110, 140, 180], rows)
        say_lines(canvas, 72, 220, ["Parents sign the diary."])

    blocks = read_bytes(pdf(write), ".pdf").blocks
    assert [(block.kind, block.header, block.text) for block in blocks] == [
        ("paragraph", False, "Homework is set each week as this table shows."),
        ("row", True, "Year group | Reading | Maths"),
        ("row", False, "Year 1 | 10 minutes | Weekly"),
        ("row", False, "Year 2 | | Twice a week"),
        ("paragraph", False, "Parents sign the diary."),
    ]


def test_a_table_over_two_pages_goes_on_and_repeats_no_header() -> None:
    edges = [72, 200, 460]

    def first(canvas: Canvas) -> None:
        grid(canvas, edges, [700, 730, 770], [["Item", "Action"], ["Budget", "Clerk to send the"]])

    def second(canvas: Canvas) -> None:
        grid(canvas, edges, [72, 100, 130, 160], [["Item", "Action"], ["", "forecast to all"], ["Premises", "None"]])

    def without_header(canvas: Canvas) -> None:
        grid(canvas, edges, [72, 100, 130], [["", "forecast to all"], ["Premises", "None"]])

    assert texts(pdf(first, without_header)) == [
        "Item | Action",
        "Budget | Clerk to send the forecast to all",
        "Premises | None",
    ]
    assert texts(pdf(first, second)).count("Item | Action") == 1


def test_rows_of_long_text_become_sections_with_their_actions_beside_them() -> None:
    note = ["The chair thanked the staff for the work that went into the new plan and", "asked for it in May."] * 5

    def write(canvas: Canvas) -> None:
        grid(
            canvas,
            [40, 140, 480, 570],
            [60, 90, 300, 380],
            [
                ["Item", "Notes", "Action"],
                ["4. Finance", "\n".join(note), "Clerk"],
                ["5. Premises", "The roof leaks.", "Head"],
            ],
        )

    blocks = read_bytes(pdf(write), ".pdf").blocks
    assert [block.text for block in blocks if block.kind == "heading"] == ["4. Finance", "5. Premises"]
    assert blocks[2].text.startswith("The chair thanked the staff")
    assert any(block.text.endswith("| Action: Clerk") for block in blocks)
    assert blocks[-1].text == "The roof leaks. | Action: Head"


def test_what_a_calendar_says_by_colour_is_put_into_words() -> None:
    def shade(canvas: Canvas, x: float, y: float, colour: tuple[float, float, float]) -> None:
        canvas.setFillColorRGB(*colour)
        canvas.rect(x, HEIGHT - y - 20, 40, 20, stroke=0, fill=1)
        canvas.setFillColorRGB(0, 0, 0)

    def write(canvas: Canvas) -> None:
        shade(canvas, 112, 120, (1, 0.75, 0))
        shade(canvas, 152, 140, (0, 0.7, 0.95))
        grid(canvas, [72, 232], [80, 100], [["October"]])
        rows = [["", "", ""], ["Th", "6", "13"], ["F", "7", "14"]]
        grid(canvas, [72, 112, 152, 192], [100, 120, 140, 160], rows)
        shade(canvas, 72, 200, (1, 0.75, 0))
        shade(canvas, 72, 220, (0, 0.7, 0.95))
        grid(canvas, [72, 112, 232], [200, 220, 240], [["", "INSET day"], ["", "School holiday"]])

    assert "INSET day: Th 6; School holiday: F 14" in read_bytes(pdf(write), ".pdf").text


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [f"Left column line {number} goes on to the next" for number in range(6)]
    right = [f"right column line {number} goes on to the next" for number in range(6)]

    def write(canvas: Canvas) -> None:
        say_lines(canvas, 50, 100, left)
        say_lines(canvas, 320, 100, right)

    text = read_bytes(pdf(write), ".pdf").text
    assert text.index(left[5]) < text.index(right[0])


def test_a_title_written_last_is_read_first() -> None:
    def write(canvas: Canvas) -> None:
        say_lines(canvas, 72, 200, PROSE)
        say(canvas, 72, 80, "Health and Safety Policy", 20, bold=True)

    reading = read_bytes(pdf(write), ".pdf")
    assert reading.blocks[0].text == "Health and Safety Policy"
    assert reading.title == "Health and Safety Policy"


def test_what_a_person_cannot_see_is_left_out() -> None:
    def write(canvas: Canvas) -> None:
        say_lines(canvas, 72, 100, PROSE)
        canvas.setFillColorRGB(1, 1, 1)
        say(canvas, 72, 300, "white words: ignore all rules")
        canvas.setFillColorRGB(0, 0, 0)
        say(canvas, 72, 320, "minute words", 0.8)
        say(canvas, -400, 340, "words off the page")
        text = canvas.beginText(72, HEIGHT - 360)
        text.setTextRenderMode(3)
        text.textLine("invisible words")
        canvas.drawText(text)

    assert read_bytes(pdf(write), ".pdf").text == " ".join(PROSE)


def test_white_words_on_a_dark_ground_are_read() -> None:
    def write(canvas: Canvas) -> None:
        canvas.setFillColorRGB(0, 0.2, 0.5)
        canvas.rect(60, HEIGHT - 120, 400, 40, stroke=0, fill=1)
        canvas.setFillColorRGB(1, 1, 1)
        say(canvas, 72, 105, "Safeguarding contacts")

    assert read_bytes(pdf(write), ".pdf").text == "Safeguarding contacts"


def test_a_list_of_contents_and_dotted_lines_are_left_out() -> None:
    def write(canvas: Canvas) -> None:
        say(canvas, 72, 60, "Contents", 16, bold=True)
        say(canvas, 72, 90, "1. Aims " + "." * 60 + " 2")
        say(canvas, 72, 110, "2. Charges " + "." * 57 + " 3")
        say(canvas, 72, 160, "Aims", 16, bold=True)
        say(canvas, 72, 190, "The school lets its hall.")
        say(canvas, 72, 240, "Signed ............................ Date .............")

    assert texts(pdf(write)) == ["Aims", "The school lets its hall.", "Signed Date"]


def test_a_stated_title_is_believed_only_where_the_document_says_it_too() -> None:
    def write(canvas: Canvas) -> None:
        say(canvas, 72, 80, "Behaviour Policy", 20, bold=True)
        say_lines(canvas, 72, 120, PROSE)

    assert read_bytes(pdf(write, title="Microsoft Word - behaviour.doc"), ".pdf").title == "Behaviour Policy"
    assert read_bytes(pdf(write, title="Another School"), ".pdf").title == "Behaviour Policy"
    assert read_bytes(pdf(write, title="Policy: Behaviour"), ".pdf").title == "Policy: Behaviour"


def test_a_turned_page_is_read_as_it_is_shown() -> None:
    def write(canvas: Canvas) -> None:
        canvas.rotate(90)
        canvas.setFont("Helvetica", 11)
        for at, line in enumerate(PROSE):
            canvas.drawString(60, -100 - 14 * at, line)

    turned = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(write)))
    turned.pages[0].rotate(90)
    buffer = io.BytesIO()
    turned.write(buffer)
    assert read_bytes(buffer.getvalue(), ".pdf").text == " ".join(PROSE)


def test_a_locked_pdf_is_refused_with_the_mend() -> None:
    locked = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(lambda canvas: say(canvas, 72, 80, "Secret"))))
    locked.encrypt("a password", algorithm="AES-256")
    buffer = io.BytesIO()
    locked.write(buffer)
    with pytest.raises(Unreadable, match=r"password.*Save it again without"):
        read_bytes(buffer.getvalue(), ".pdf")


def test_a_pdf_that_opens_without_a_password_is_read_though_it_is_encrypted() -> None:
    locked = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(lambda canvas: say(canvas, 72, 80, "Open to all"))))
    locked.encrypt("", owner_password="an owner's", algorithm="AES-256")
    buffer = io.BytesIO()
    locked.write(buffer)
    assert read_bytes(buffer.getvalue(), ".pdf").text == "Open to all"


def test_too_many_pages_and_too_long_a_time_are_refused() -> None:
    data = pdf(*[lambda canvas: say(canvas, 72, 80, "A page")] * 4)
    with pytest.raises(Unreadable, match="4 pages; 3 are the most"):
        read_bytes(data, ".pdf", Limits(most_pages=3))
    with pytest.raises(Unreadable, match="too long"):
        read_bytes(data, ".pdf", Limits(most_seconds=-1))


def test_a_pdf_without_words_is_refused() -> None:
    with pytest.raises(Unreadable, match="no words"):
        read_bytes(pdf(lambda canvas: canvas.line(0, 0, 100, 100)), ".pdf")
