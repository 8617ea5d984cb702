"""Four times as much to read costs about four times as much, in calls and in letters that are looked through."""

from __future__ import annotations

import importlib
import pkgutil
import random
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import ingest
from ingest.metadata.describe import FolderRule, describe
from ingest.readers.read import read_bytes
from ingest.readers.split import split
from ingest.sync.masking import masked
from knowledge.masking.pupil_names import Masker
from knowledge.passages import EVERYONE, Names
from tests.ingest.making import changed_part, grid, pdf, say, say_lines, slides, word

HOUSE = Path(__file__).resolve().parents[3]
SMALL, TIMES, MOST = 300, 4, 5.0
WORDS = ["the", "policy", "of", "our", "school", "says", "that", "pupils", "walk", "quietly", "in", "blue", "jumpers"]
BY_FUNCTION = (
    "knowledge.text.dates",
    "knowledge.masking.pupil_names",
    "knowledge.masking.name_words",
    "knowledge.text.sentences",
)
METHODS = ("search", "match", "fullmatch", "findall", "finditer", "sub", "split")


class Work:
    """Counts the calls that Python makes and the letters that patterns are given."""

    def __init__(self) -> None:
        self.done = 0

    def called(self, _frame: object, event: str, _argument: object) -> None:
        self.done += event in ("call", "c_call")

    def counted(self, pattern: re.Pattern[str]) -> object:
        """The same pattern, which counts the letters that it may have to look through."""

        def by(method: str) -> Callable[..., Any]:
            def look(*arguments: Any, **named: Any) -> Any:
                text = arguments[1] if method == "sub" else arguments[0]
                begin = arguments[1] if method != "sub" and len(arguments) > 1 else 0
                self.done += max(0, len(text) - begin)
                return getattr(pattern, method)(*arguments, **named)

            return look

        return type("Counted", (), {method: staticmethod(by(method)) for method in METHODS} | {"pattern": pattern})()


@contextmanager
def counting() -> Iterator[Work]:
    """Count the work that is done within."""
    work = Work()
    before: list[tuple[object, str, object]] = []
    names = [f"ingest.{module.name}" for module in pkgutil.iter_modules(ingest.__path__)]
    for module in map(importlib.import_module, [*names, *BY_FUNCTION]):
        for name, value in list(vars(module).items()):
            several = isinstance(value, tuple) and value and all(isinstance(part, re.Pattern) for part in value)
            if several or isinstance(value, re.Pattern):
                before.append((module, name, value))
                setattr(module, name, tuple(map(work.counted, value)) if several else work.counted(value))
    sys.setprofile(work.called)
    try:
        yield work
    finally:
        sys.setprofile(None)
        for module, name, value in before:
            setattr(module, name, value)


def words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(count))


def lines(make: Callable[[random.Random, int], str], parted: str = "\n") -> Callable[[int], bytes]:
    def text(count: int) -> bytes:
        chance = random.Random(7)
        return parted.join(make(chance, at) for at in range(count)).encode()

    return text


def page(inner: Callable[[int], bytes]) -> Callable[[int], bytes]:
    return lambda count: b"<html><body>" + inner(count) + b"</body></html>"


def nested(count: int) -> bytes:
    deep = count // 30
    return b"".join(b"<ul><li>one " * 30 + b"</li></ul>" * 30 for _ in range(deep))


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def in_word(make: Callable[[int], str]) -> Callable[[int], bytes]:
    plain = word(lambda document: document.add_paragraph("First."))
    return lambda count: changed_part(
        plain, "word/document.xml", lambda xml: xml.replace(b"<w:sectPr", make(count).encode() + b"<w:sectPr")
    )


def rows_in_word(count: int) -> str:
    rows = (
        f"<w:tr><w:tc>{paragraph(f'Item {at}')}</w:tc><w:tc>{paragraph(str(at))}</w:tc></w:tr>" for at in range(count)
    )
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def pages(count: int) -> bytes:
    """Pages with the same running heads, and a table that goes on over all of them."""

    def one(canvas: Any) -> None:
        say(canvas, 72, 30, "Our school's policy of 2024")
        say_lines(canvas, 72, 80, [words(random.Random(at), 12) for at in range(12)])
        grid(canvas, [72, 200, 500], [600, 630, 660], [["one", "two"], ["", "and goes on"]])
        say(canvas, 300, 815, "Page 3 of 9")

    return pdf(*[one] * (count // 30))


def show(count: int) -> bytes:
    def fill(presentation: Any) -> None:
        for at in range(count // 30):
            slide = presentation.slides.add_slide(presentation.slide_layouts[1])
            slide.shapes.title.text = f"Part {at}"
            slide.placeholders[1].text = "\n".join(f"Point {number}" for number in range(6))

    return slides(fill)


def pupil(_: random.Random, at: int) -> str:
    return f"Jack Smith{chr(97 + at % 26)}{chr(97 + at // 26 % 26)} in Year 4 has a child protection plan."


KINDS: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "short lines": (".txt", lines(lambda chance, at: words(chance, 4).capitalize())),
    "lines that go on": (".txt", lines(lambda chance, at: words(chance, 14))),
    "labels and values": (".txt", lines(lambda chance, at: f"Key {at}: value {at}")),
    "dates": (".txt", lines(lambda chance, at: f"Review date: {at % 28 + 1} May 20{at % 20 + 10}")),
    "broken words": (".txt", lines(lambda chance, at: f"{words(chance, 12)} corri-")),
    "one huge line": (".txt", lines(lambda chance, at: f"{words(chance, 8)}.", " ")),
    "one huge word": (".txt", lambda count: b"x" * 20 * count),
    "paragraphs": (".txt", lines(lambda chance, at: f"{words(chance, 14)}.", "\n\n")),
    "headings": (".txt", lines(lambda chance, at: words(chance, 3).upper(), "\n\n")),
    "underlined": (".txt", lines(lambda chance, at: f"{words(chance, 3)}\n----")),
    "items": (".txt", lines(lambda chance, at: f"- {words(chance, 5)}")),
    "cells": (".txt", lines(lambda chance, at: f"{words(chance, 2)}\t{at}\t{words(chance, 2)}")),
    "contents": (".txt", lines(lambda chance, at: f"{words(chance, 3)} ........ {at % 90}\n\nWords {at}.")),
    "names of pupils": (".txt", lambda count: lines(pupil, "\n\n")(count // 3)),
    "a huge heading": (".md", lambda count: b"# " + b"word " * count + b"\n\n" + b"One line.\n\n" * count),
    "sections": (".md", lines(lambda chance, at: f"{'#' * (at % 6 + 1)} {words(chance, 3)}\n\n{words(chance, 9)}.",
                              "\n\n")),
    "quotes": (".md", lines(lambda chance, at: ">" * (at % 50) + words(chance, 5))),
    "rows": (".md", lambda count: b"|a|b|\n|-|-|\n" + lines(lambda chance, at: f"|{words(chance, 2)}|{at}|")(count)),
    "a huge header row": (".md", lambda count: b"|" + b"word " * count + b"|b|\n|-|-|\n" + b"|one|two|\n" * count),
    "spans": (".html", page(lines(lambda chance, at: f"<span>{words(chance, 3)}</span>"))),
    "numbered items": (".html", page(lines(lambda chance, at: f"<ol></ol><li>{words(chance, 3)}</li>"))),
    "a numbered list": (".html", lambda count: page(lines(lambda chance, at: f"<li>{words(chance, 3)}</li>"))(count)
                        .replace(b"<body>", b"<body><ol>")),
    "deep lists": (".html", page(nested)),
    "a wide row over narrow ones": (".html", page(lambda count: b"<table><tr>" + b"<td>one</td>" * count + b"</tr>"
                                                  + b"<tr><td>one</td></tr>" * count + b"</table>")),
    "Word": (".docx", in_word(lambda count: "".join(paragraph(f"and so on {at}") for at in range(count)))),
    "Word's rows": (".docx", in_word(rows_in_word)),
    "pages": (".pdf", pages),
    "slides": (".pptx", show),
}  # fmt: skip


def work_of(data: bytes, suffix: str) -> int:
    """The work of bringing a file as far as the encoder."""
    with counting() as work:
        reading = read_bytes(data, suffix)
        document = describe(Path("/x/paper.md"), reading, FolderRule(EVERYONE), Names(), Path("/x"))
        pieces = split(reading)
        masked(document, pieces, Masker())
    assert pieces
    # What is stored and searched must not be the square of the file either.
    return work.done + sum(len(piece.text) + sum(map(len, piece.heading)) + len(piece.header) for piece in pieces)


@pytest.mark.parametrize("kind", KINDS)
def test_four_times_as_much_costs_about_four_times_as_much(kind: str) -> None:
    suffix, make = KINDS[kind]
    work_of(make(30), suffix)
    once, more = (work_of(make(count), suffix) for count in (SMALL, TIMES * SMALL))
    assert more / once < MOST


# Patterns that go back over what they have tried do so unseen by Python; the system tells of it, which ends a process
# after so many seconds of the processor, whoever else may be busy. All of this takes three; any one of them took more.
SECONDS = 30
STUBBORN = """
import sys
sys.path.insert(0, sys.argv[1])
from ingest.readers.read import read_bytes
from ingest.readers.split import split
for text in (
    "a " + "." * 40_000 + " b", "a " + ". " * 40_000 + "b", "a " + "_" * 40_000 + "b", "x" * 60_000 + " words",
    "1" * 60_000 + " words", "a" + " " * 60_000 + "b", "\\n".join(f"Key {at}: value {at}" for at in range(12_500)),
    "a " + "-" * 40_000 + "b", "(" * 40_000 + "a", "a" + "/" * 40_000 + "b", "\\n".join("=" * 20_000 + "x" * 2),
    "a " + "… " * 40_000 + "b", "20" * 30_000, "1 May " * 10_000,
):
    for suffix in (".txt", ".md"):
        split(read_bytes(text.encode(), suffix))
"""


def test_no_text_makes_a_pattern_go_back_over_it_again_and_again() -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))

    done = subprocess.run([sys.executable, "-c", STUBBORN, str(HOUSE)], preexec_fn=limit, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()[-500:]
