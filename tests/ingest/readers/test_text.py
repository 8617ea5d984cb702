"""Markdown, plain text and web pages: what a person would see, in order."""

from __future__ import annotations

import pytest

from ingest.readers.clean import tidy
from ingest.readers.read import read_bytes
from ingest.readers.reading import Block, Unreadable

MARKDOWN = """---
Title: Behaviour Policy
status: draft
review: 2027-09-01
schools: [Ashdown, Birchwood]
---
<!-- a note to ourselves -->
# Behaviour

Our **three** rules
are [here](https://example.org) `always`.

1. Be kind
2. Be safe
   - on stairs

| Sanction | Who |
|----------|-----|
| Warning  | Any teacher |

```
code line one
code line two
```
"""


def test_markdown_with_front_matter() -> None:
    reading = read_bytes(MARKDOWN.encode(), ".md")
    assert reading.blocks == (
        Block("Behaviour", "heading", 1),
        Block("Our three rules are here always."),
        Block("1. Be kind", "item"),
        Block("2. Be safe", "item"),
        Block("• on stairs", "item"),
        Block("Sanction | Who", "row", header=True),
        Block("Warning | Any teacher", "row"),
        Block("code line one"),
        Block("code line two"),
    )
    assert reading.title == "Behaviour Policy"
    assert reading.properties == {
        "title": "Behaviour Policy",
        "status": "draft",
        "review": "2027-09-01",
        "schools": "Ashdown, Birchwood",
    }
    assert (reading.unit, reading.pages) == (None, None)


@pytest.mark.parametrize("front", ["---\n: [open\n---\n", "---\na: &a [x]\nb: [*a, *a]\n---\n", "---\n- list\n---\n"])
def test_a_front_matter_that_makes_no_sense_is_only_text(front: str) -> None:
    assert read_bytes(f"{front}\n# Aims\n".encode(), ".md").properties == {}


TEXT = """SCHEME OF DELEGATION

1. Purpose

The board keeps this scheme under review and sends it to all
academies each September.

Who decides
===========

- the board
- the head,
  with the chair

Role\tLimit
Head\t£10,000
"""


def test_plain_text_has_headings_joined_lines_items_and_rows() -> None:
    assert read_bytes(TEXT.encode(), ".txt").blocks == (
        Block("SCHEME OF DELEGATION", "heading", 1),
        Block("1. Purpose", "heading", 2),
        Block("The board keeps this scheme under review and sends it to all academies each September."),
        Block("Who decides", "heading", 1),
        Block("• the board", "item"),
        Block("• the head, with the chair", "item"),
        Block("Role | Limit", "row", header=True),
        Block("Head | £10,000", "row"),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_text_in_any_usual_encoding(encoding: str) -> None:
    text = "The school’s café costs £2 – ask Zoë. " * 4
    assert read_bytes(text.encode(encoding), ".txt").text == text.strip()


def test_a_web_page_is_its_own_words_without_its_furniture() -> None:
    page = """<!DOCTYPE html><html><head><title>Admissions | Ashdown School</title><style>p{}</style>
    <meta name="author" content="A. Clerk"></head><body><header>Ashdown School</header><nav>Home</nav>
    <div class="cookie-banner">We use cookies</div>
    <main><h1>Admissions</h1><p>Apply by <b>31</b>&nbsp;October.<br>Late forms wait.</p>
    <p style="display: none">hidden</p><p hidden>hidden</p><p style="color:#fff">white</p>
    <ol start="3"><li>Visit<ul><li>on a Friday</li></ul></li><li>Apply</li></ol>
    <table><tr><th>Year</th><th>Places</th></tr><tr><td>7</td><td>180</td></tr></table>
    <script>steal()</script></main><footer>Made by us</footer></body></html>"""
    reading = read_bytes(page.encode(), ".html")
    assert reading.blocks == (
        Block("Admissions", "heading", 1),
        Block("Apply by 31 October. Late forms wait."),
        Block("3. Visit", "item"),
        Block("• on a Friday", "item"),
        Block("4. Apply", "item"),
        Block("Year | Places", "row", header=True),
        Block("7 | 180", "row"),
    )
    assert reading.title == "Admissions"
    assert reading.properties["author"] == "A. Clerk"


def test_html_is_read_as_html_whatever_its_name() -> None:
    assert read_bytes(b"<html><body><p>Hello</p></body></html>", ".txt").text == "Hello"


@pytest.mark.parametrize(
    ("spoiled", "mended"),
    [
        ("of\ufb01ce \ufb02oor", "office floor"),
        ("co\u00adopted", "coopted"),
        ("zero\u200bwidth \ufefftext", "zerowidth text"),
        ("\u202eright to left\u202c", "right to left"),
        ("bell\x07 and\x00 null", "bell and null"),
        ("\U000e0041tags\U000e0042", "tags"),
        ("m² and ½ stay", "m² and ½ stay"),
        ("ｆｕｌｌ width", "full width"),
        ("non\u2011breaking\u00a0space", "non-breaking space"),
        ("two\nlines\u2028three", "two lines three"),
        ("e\u0301cole", "école"),
    ],
)
def test_words_are_mended(spoiled: str, mended: str) -> None:
    assert tidy(spoiled) == mended


@pytest.mark.parametrize("suffix", [".md", ".txt", ".html"])
def test_text_without_words_is_refused(suffix: str) -> None:
    with pytest.raises(Unreadable, match="no words"):
        read_bytes(b" \n\t\n", suffix)


NOTES = """\
SLT notes

1. Safeguarding
HB to update the safeguarding poster by 31 October
IY to send the list to staff asap
We spoke of the gate, which sticks when it rains, and it
was agreed that the site manager oils it every Monday in
the winter.
Action: CD to ring the council about the lamp by Friday
Action: HB to book the hall
"""


def test_lines_of_notes_that_stand_by_themselves_stay_apart() -> None:
    """Pasted notes have no blank lines between actions: two actions in one would lose an owner."""
    texts = [block.text for block in read_bytes(NOTES.encode(), ".txt").blocks]
    assert "HB to update the safeguarding poster by 31 October" in texts
    assert "IY to send the list to staff asap" in texts
    assert any(text.startswith("We spoke of the gate") and text.endswith("in the winter.") for text in texts)
    assert texts[-2:] == ["Action: CD to ring the council about the lamp by Friday", "Action: HB to book the hall"]


def test_labelled_lines_of_markdown_stay_apart() -> None:
    text = "# SLT\n\nThe gate sticks when\nit rains.\nAction: CD to ring the council\n**Action:** HB to book the hall\n"
    texts = [block.text for block in read_bytes(text.encode(), ".md").blocks]
    assert texts == [
        "SLT",
        "The gate sticks when it rains.",
        "Action: CD to ring the council",
        "Action: HB to book the hall",
    ]
