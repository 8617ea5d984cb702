"""Whatever the bytes are, reading ends in words or in a refusal."""

from __future__ import annotations

import io
import random
import zipfile
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers.read import read_bytes
from ingest.readers.reading import Reading, Unreadable
from ingest.readers.split import split
from tests.ingest.making import changed_part, grid, pdf, say, slides, word

HTML = b"""<!DOCTYPE html><html><head><title>A title</title></head><body><main><h1>One</h1><p>Two <b>three</b></p>
<table><tr><th colspan="2">A</th></tr><tr><td>1</td><td>2</td></tr></table>
<ol start="3"><li>x</li></ol></main></body></html>"""
MARKDOWN = b"""---
title: A
---
# One

- two
  1. three

| a | b |
|---|---|
| 1 | 2 |

```
code
```
> quoted
"""
TEXT = "ONE\n\n1. Two\n\nthree \u2013 four\nfive\n\nA\tB\n1\t2\n\nUnder\n=====\n".encode()


@cache
def sample(suffix: str) -> bytes:
    """A small file of each kind."""
    if suffix == ".pdf":

        def page(canvas: object) -> None:
            say(canvas, 72, 80, "A heading", 18, bold=True)  # type: ignore[arg-type]
            say(canvas, 72, 110, "Some words of text.")  # type: ignore[arg-type]
            grid(canvas, [72, 200, 330], [130, 160, 190], [["A", "B"], ["1", "2"]])  # type: ignore[arg-type]

        return pdf(page, page)
    if suffix == ".docx":

        def fill(document: object) -> None:
            document.add_heading("One", 1)  # type: ignore[attr-defined]
            document.add_paragraph("Two", style="List Number")  # type: ignore[attr-defined]
            document.add_table(2, 2).cell(0, 0).text = "Three"  # type: ignore[attr-defined]

        return word(fill)
    if suffix == ".pptx":

        def slide(presentation: object) -> None:
            new = presentation.slides.add_slide(presentation.slide_layouts[1])  # type: ignore[attr-defined]
            new.shapes.title.text = "One"
            new.placeholders[1].text = "Two"

        return slides(slide)
    return {".html": HTML, ".md": MARKDOWN, ".txt": TEXT}[suffix]


def mutated(data: bytes, seed: int) -> bytes:
    """The bytes with a few of them changed, cut out, doubled or moved."""
    choice = random.Random(seed)
    changed = bytearray(data)
    for _ in range(choice.choice([1, 1, 2, 5, 20])):
        at = choice.randrange(len(changed) + 1)
        length = choice.choice([1, 2, 8, 64, 400])
        match choice.randrange(5):
            case 0:
                changed[at : at + 1] = choice.randbytes(1)
            case 1:
                del changed[at : at + length]
            case 2:
                changed[at:at] = changed[at : at + length] * choice.choice([1, 2, 30])
            case 3:
                changed[at:at] = choice.randbytes(length)
            case _:
                changed[at:at] = choice.choice([b"<", b">", b"&", b"-1", b"9" * 11, b"\x00", b"\xff\xfe", b"</w:p>"])
    return bytes(changed)


def outcome(data: bytes, suffix: str) -> Reading | str:
    """What was read, or the sentence of the refusal."""
    try:
        return read_bytes(data, suffix)
    except Unreadable as refusal:
        return str(refusal)


def ends_well(data: bytes, suffix: str) -> None:
    reading = outcome(data, suffix)
    if isinstance(reading, str):
        assert reading.endswith(".")
        return
    for block in reading.blocks:
        assert block.text == " ".join(block.text.split())
        assert block.text
        assert (block.level > 0) == (block.kind == "heading")
        assert block.level <= 6
    assert all(piece.text in reading.text for piece in split(reading))


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".pptx", ".html", ".md", ".txt"])
def test_mutated_files_end_well(suffix: str) -> None:
    whole = sample(suffix)
    assert read_bytes(whole, suffix).blocks

    @settings(max_examples=80, deadline=None, derandomize=True, database=None)
    @given(st.integers(0, 2**32))
    def ends(seed: int) -> None:
        ends_well(mutated(whole, seed), suffix)

    ends()


@pytest.mark.parametrize("suffix", [".docx", ".pptx"])
def test_office_files_with_mutated_parts_end_well(suffix: str) -> None:
    whole = sample(suffix)
    with zipfile.ZipFile(io.BytesIO(whole)) as package:
        names = [name for name in package.namelist() if name.endswith((".xml", ".rels"))]

    @settings(max_examples=80, deadline=None, derandomize=True, database=None)
    @given(st.sampled_from(names), st.integers(0, 2**32))
    def ends(name: str, seed: int) -> None:
        ends_well(changed_part(whole, name, lambda data: mutated(data, seed)), suffix)

    ends()


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.binary(max_size=400), st.sampled_from([".pdf", ".docx", ".pptx", ".html", ".md", ".txt", ".exe", ""]))
def test_any_bytes_end_well(data: bytes, suffix: str) -> None:
    ends_well(data, suffix)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.text(max_size=300), st.sampled_from([".html", ".md", ".txt"]))
def test_any_text_ends_well(text: str, suffix: str) -> None:
    ends_well(text.encode("utf-8", "surrogatepass"), suffix)
