"""Passages: every word once, in order, verbatim, in pieces that the encoder reads whole."""

from __future__ import annotations

import random
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers.reading import Block, Reading
from ingest.readers.split import MOST_WORDS, Chunk, count_tokens, split

WORDS = (
    *("the", "school", "policy", "governors", "pupils", "attendance", "safeguarding", "review", "parents", "trust"),
    *("on 3/2/2020", "£11,295.00", "well-being", "Year 7", "headteacher's", "(see 4.2)", "annually.", "agreed;"),
)


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    blocks: list[Block] = []
    choice = random.Random(draw(st.integers(0, 10**9)))
    for number in range(draw(st.integers(0, 40))):
        kind = choice.choices(["heading", "paragraph", "item", "row"], [2, 4, 3, 3])[0]
        longest = {"heading": 8, "paragraph": choice.choice([5, 40, 90, 700]), "item": 30, "row": 40}[kind]
        text = f"{number} " + " ".join(choice.choices(WORDS, k=choice.randint(1, longest)))
        if kind == "heading":
            blocks.append(Block(text, "heading", choice.randint(1, 4), page=number))
        elif kind == "row":
            first = not blocks or blocks[-1].kind != "row"
            blocks.append(Block(text, "row", page=number, header=first and choice.random() < 0.7))
        else:
            blocks.append(Block(text, "item" if kind == "item" else "paragraph", page=number))
    if draw(st.booleans()):
        blocks.append(Block("x" * draw(st.integers(1, 5000)), page=99))
    return Reading(tuple(blocks), title="A Policy of the Trust")


@settings(max_examples=120, deadline=None, derandomize=True)
@given(readings())
def test_every_piece_is_verbatim_and_together_they_hold_all_that_is_not_a_heading_once(reading: Reading) -> None:
    pieces = split(reading)
    assert all(piece.text and piece.text in reading.text for piece in pieces)
    body = "".join("".join(block.text.split()) for block in reading.blocks if block.kind != "heading")
    headings = [block.text for block in reading.blocks if block.kind == "heading"]
    lines = [line for piece in pieces for line in piece.text.split("\n") if line not in headings]
    assert "".join("".join(line.split()) for line in lines) == body


@settings(max_examples=120, deadline=None, derandomize=True)
@given(readings())
def test_no_piece_is_longer_than_the_encoder_reads(reading: Reading) -> None:
    for piece in split(reading):
        alone = "\n" not in piece.text
        assert len(piece.text.split()) <= MOST_WORDS
        assert count_tokens(piece.text) <= 210 or (alone and len(piece.text.split()) < 20)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(readings())
def test_no_heading_is_lost_and_each_stands_over_what_comes_under_it(reading: Reading) -> None:
    pieces = split(reading)
    said = {line for piece in pieces for line in (*piece.heading, *piece.text.split("\n"))}
    assert all(block.text in said for block in reading.blocks if block.kind == "heading")
    for piece in pieces:
        assert not set(piece.heading) & set(piece.text.split("\n"))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(readings())
def test_a_piece_that_goes_on_with_a_table_names_its_header(reading: Reading) -> None:
    for before, piece in pairwise(split(reading)):
        first = next((b for b in reading.blocks if b.text.startswith(piece.text.split("\n")[0][:20])), None)
        if first and first.kind == "row" and not first.header and piece.header:
            assert piece.header in reading.text
            assert piece.header not in piece.text.split("\n")
            assert before.text


def sentence(count: int, word: str = "word") -> str:
    return " ".join([word] * (count - 1)) + f" {word}."


def test_sections_are_passages_with_their_path_and_page() -> None:
    reading = Reading(
        (
            Block("Policy", "heading", 1, 1),
            Block("Aims", "heading", 2, 1),
            Block(sentence(100, "aim"), page=1),
            Block("Roles", "heading", 2, 2),
            Block(sentence(100, "role"), page=2),
        )
    )
    assert split(reading) == [
        Chunk(sentence(100, "aim"), ("Policy", "Aims"), 1),
        Chunk(sentence(100, "role"), ("Policy", "Roles"), 2),
    ]


def test_tiny_sections_under_one_parent_share_a_passage_that_names_them() -> None:
    blocks = [Block("Policy", "heading", 1), Block("Roles", "heading", 2)]
    for name in ("Head", "Clerk", "Chair"):
        blocks += [Block(name, "heading", 3), Block(f"The {name.lower()} signs it.")]
    blocks += [Block("Records", "heading", 2), Block(sentence(120))]
    assert split(Reading(tuple(blocks)))[0] == Chunk(
        "Head\nThe head signs it.\nClerk\nThe clerk signs it.\nChair\nThe chair signs it.", ("Policy", "Roles")
    )


def test_a_heading_with_nothing_under_it_is_kept_as_a_line() -> None:
    assert split(Reading((Block("Closed", "heading", 1),))) == [Chunk("Closed")]
    blocks = (Block("A", "heading", 1), Block(sentence(120)), Block("B", "heading", 1), Block("C", "heading", 1))
    assert "B" in "\n".join(piece.text for piece in split(Reading(blocks)))


def test_a_list_stays_with_the_sentence_that_leads_into_it() -> None:
    blocks = [Block(sentence(130)), Block("Pupils must bring:")]
    blocks += [Block(f"• {sentence(15, 'thing')}", "item") for _ in range(4)]
    pieces = split(Reading(tuple(blocks)))
    assert [piece.text.split("\n")[0] for piece in pieces] == [sentence(130), "Pupils must bring:"]


def test_a_long_table_is_cut_between_rows_and_names_its_header() -> None:
    rows = [Block("Year | Homework", "row", header=True)]
    rows += [Block(f"Year {year} | {sentence(30, 'reading')}", "row") for year in range(1, 12)]
    pieces = split(Reading(tuple(rows)))
    assert len(pieces) > 1
    assert pieces[0].text.startswith("Year | Homework\nYear 1 |")
    assert pieces[0].header == ""
    assert {piece.header for piece in pieces[1:]} == {"Year | Homework"}


def test_a_paragraph_that_is_too_long_is_cut_at_the_ends_of_sentences() -> None:
    text = " ".join(sentence(40, word) for word in ("a", "b", "c", "d", "e", "f", "g", "h"))
    pieces = split(Reading((Block(text),)))
    assert len(pieces) > 1
    assert all(piece.text.endswith(".") for piece in pieces)
    assert " ".join(piece.text for piece in pieces) == text


def test_nothing_gives_nothing() -> None:
    assert split(Reading(())) == []
