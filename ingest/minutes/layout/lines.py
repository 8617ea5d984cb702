"""The lines of minutes with what each stands under: section, agenda item, table, and what the margin says beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from ingest.minutes.layout.columns import Column, column_of, columns_of
from ingest.minutes.layout.sections import (
    CLOSING,
    MATTERS,
    NUMBER,
    SEATED,
    SIGNED,
    TOP,
    Section,
    section_named,
    stands_as_heading,
)
from ingest.readers.reading import Block, Reading

_LABEL = re.compile(r"^(?:[•▪●○◦\-–*✓]\s+|\(?(?P<label>[a-z]|[ivx]{1,4}|\d{1,2})[.)]\s*)")
# A line in bold that says an action stands for no heading: "Action HT: figures for the autumn".
_ACTION_LINE = re.compile(r"action(?:\s+point)?\s*(?:\d+\s*)?(?:[A-Z][^:]{0,40})?[:–-]\s*\S", re.IGNORECASE)
_TOPICAL = re.compile(r"\b(?:agenda\s+item|topic|subject|heading|area|section|priority)\b", re.IGNORECASE)
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One block of a file of minutes.

    `text` is what it says without list label and margin, `margin` what stands beside it in an action column, `quote`
    the whole line as read. `number` and `sub` are those of its agenda item ("54", "b").
    """

    text: str
    quote: str
    page: int | None
    kind: Literal["heading", "paragraph", "item", "row"]
    section: Section
    heading: str = ""
    number: str = ""
    sub: str = ""
    margin: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    header: bool = False

    def cell(self, column: Column) -> str:
        """What the row says in a column, empty where it has none."""
        return next((cell for cell, each in zip(self.cells, self.columns, strict=False) if each == column), "")


def lines_of(reading: Reading) -> tuple[Line, ...]:
    """The lines of minutes in order."""
    lines = tuple(_joined(_Walk().over(reading.blocks)))
    if any(line.section not in ("front", "attendance") for line in lines):
        return lines
    return tuple(replace(line, section="notes") if line.section == "front" else line for line in lines)


def _joined(lines: Iterator[Line]) -> Iterator[Line]:
    """Lines with their paragraphs whole again that a page or a change of type broke within a sentence."""
    last: Line | None = None
    for line in lines:
        if last and _runs_on(last, line):
            last = replace(last, text=f"{last.text} {line.text}", margin=(*last.margin, *line.margin))
            continue
        if last:
            yield last
        last = line
    if last:
        yield last


def _runs_on(last: Line, line: Line) -> bool:
    texts = last.kind in ("paragraph", "item") and line.kind == "paragraph" and not last.margin
    open_ended = bool(last.text) and last.text[-1] not in ".!?:;" and len(last.text.split()) > 4
    within = line.text[:1].islower() or last.text.count("(") > last.text.count(")")
    return texts and open_ended and within and last.section == line.section


class _Walk:
    """Where in the minutes a reader is, block by block."""

    def __init__(self) -> None:
        self.section: Section = "front"
        self.heading = ""
        self.number = ""
        self.sub = ""
        self.columns: tuple[Column, ...] = ()
        self.previous = ""
        self.untitled = False
        self.told = False
        self.seated = False
        self.stack: dict[Column, str] = {}
        self.stacked: Block | None = None
        self.plain = False
        self.topical = False

    def over(self, blocks: tuple[Block, ...]) -> Iterator[Line]:
        self.plain = sum(block.kind == "heading" for block in blocks[3:]) < 3
        for block in blocks:
            if self._stacks(block):
                continue
            yield from self._unstacked()
            if block.kind == "row":
                line = self._row(block)
            else:
                self.columns = () if self.previous == "row" else self.columns
                headed = (block.kind == "heading" and not _ACTION_LINE.match(block.text)) or (
                    self.section != "agenda" and stands_as_heading(block, self.plain)
                )
                line = self._heading(block) if headed else self._text(block)
            self.previous = block.kind
            self.told = self.told or (block.kind == "paragraph" and len(block.text.split()) > 6)
            if line.text or line.margin or line.cells:
                yield line
        yield from self._unstacked()

    def _stacks(self, block: Block) -> bool:
        """Take a row whose first cell names the second one: "Action | …" above "Lead | …" and "By | …"."""
        cells = [cell.strip() for cell in block.text.split(" | ")] if block.kind == "row" else []
        if len(cells) != _PAIR or column_of(cells[1]) != "other":
            return False
        column = column_of(cells[0], loose=False)
        if column == "task" and "task" not in self.stack:
            self.stack, self.stacked = {"task": cells[1]}, block
            return True
        if column in ("owner", "due", "status") and self.stack and column not in self.stack:
            self.stack[column] = cells[1]
            return True
        return False

    def _unstacked(self) -> Iterator[Line]:
        if self.stack and self.stacked:
            line = self._line(self.stacked, self.stacked.text, cells=tuple(self.stack.values()))
            yield replace(line, columns=tuple(self.stack), section="notes" if line.section == "front" else line.section)
        self.stack, self.stacked = {}, None

    def _heading(self, block: Block) -> Line:
        seated = self.seated
        self._leave_front(block.text)
        parts = block.text.split(" | ")
        number = NUMBER.match(parts[0])
        words = parts[0][number.end() :].strip() if number else parts[0].strip()
        self.section = self._section(words, block, bool(number))
        if self.section == "attendance" and seated:
            # Those present were named above: this is the agenda's item on pupils' attendance.
            self.section = "notes"
        if self.section == "notes" or number:
            self.number = number["number"] if number else ""
            self.untitled = not words
            self.heading = words or self.heading
        self.sub = (number["sub"] or "") if number else ""
        return self._line(replace(block, kind="heading"), words, margin=tuple(parts[1:]))

    def _section(self, words: str, block: Block, numbered: bool = False) -> Section:
        said = re.sub(r"^(?:part\s+\w+\s*)?[\W\d]*|[\s:.]*$", "", words.casefold())
        if self.section == "after" or (SIGNED.match(said) and self.section not in ("front", "attendance")):
            return "after"
        if section := section_named(said):
            return section
        told = self.told or numbered or (self.section == "front" and self.seated and not TOP.match(block.text))
        return "front" if self.section == "front" and not told else "notes"

    def _text(self, block: Block) -> Line:
        if SIGNED.match(block.text) and self.section in ("notes", "next", "actions"):
            self.section = "after"
        first, *margin = block.text.split(" | ")
        if first.casefold().strip(" :") in ("agenda", "actions", "action points", "action"):
            self.section = self._section(first, block)
            return self._line(block, "")
        if CLOSING.match(first) and self.section in ("actions", "next"):
            self.section = "notes"
        if self.untitled:
            self.heading = re.sub(r"^item\s*:\s*", "", re.split(r"(?<=[a-z])[.:]\s", first)[0], flags=re.IGNORECASE)[
                :80
            ]
            self.untitled = False
        self._leave_front(first)
        if numbered := re.match(r"(\d{1,3})((?:\.\d{1,2}){1,2})\s+(?=[A-Z“\"])", first):
            self.number, self.sub = numbered[1], numbered[2]
            first = first[numbered.end() :]
        label = _LABEL.match(first)
        text = first
        if label:
            text = first[label.end() :]
            if label["label"] and block.kind == "item" and self.section != "actions":
                self.sub = (
                    label["label"] if label["label"].isalpha() else self.sub.rstrip("0123456789") + label["label"]
                )
        elif block.kind == "paragraph" and self.section == "agenda" and len(first.split()) > 25:
            self.section = "notes"
        return self._line(block, text.strip(), margin=tuple(part.strip() for part in margin))

    def _leave_front(self, text: str) -> None:
        """Notes begin with the first line after the list of those present, in a file without headings."""
        if TOP.match(text):
            self.seated = self.seated or bool(SEATED.match(text))
        elif self.section == "front" and self.plain and self.seated:
            self.section = "notes"

    def _row(self, block: Block) -> Line:
        cells = tuple(cell.strip() for cell in re.split(r"\s*\|(?:\s+|$)", block.text))
        columns = columns_of(cells)
        telling = sum(column != "other" for column in columns)
        named = {"owner", "due", "task", "notes", "name"}.intersection(columns)
        if len(cells) > 1 and named and (block.header or telling >= 2) and telling * 2 >= len(cells) and _short(cells):
            self.columns = columns
            self.topical = bool(_TOPICAL.search(cells[0]))
            if {"task", "notes"} & set(columns) and self.section not in ("matters", "after", "next"):
                acts = "task" in columns and "notes" not in columns
                self.section = "actions" if acts and self.section != "matters" else "notes"
            return self._line(block, block.text, cells=cells, header=True)
        if self.columns and len(cells) < len(self.columns):
            cells = _aligned(cells, self.columns, self.topical)
        line = self._line(block, block.text, cells=cells)
        if "notes" in self.columns:
            return self._noted(line)
        return line

    def _noted(self, line: Line) -> Line:
        """A row of a table of notes: its first cell is the heading, its last ones the margin."""
        head = line.cell("number")
        number = NUMBER.match(head)
        if head:
            self.number = number["number"] if number else ""
            self.sub = (number["sub"] or "") if number else ""
            self.heading = (head[number.end() :] if number else head).strip() or self.heading
            self.section = "matters" if MATTERS.fullmatch(self.heading.casefold()) else "notes"
        margin = tuple(
            cell if column != "due" else f"By when: {cell}"
            for cell, column in zip(line.cells, line.columns, strict=False)
            if column in ("owner", "due", "task") and cell
        )
        return self._line(Block(line.quote, "row", page=line.page), line.cell("notes"), margin=margin, cells=line.cells)

    def _line(
        self,
        block: Block,
        text: str,
        margin: tuple[str, ...] = (),
        cells: tuple[str, ...] = (),
        header: bool = False,
    ) -> Line:
        return Line(
            text, block.text, block.page, block.kind, self.section, self.heading, self.number, self.sub, margin, cells,
            self.columns if cells else (), header,
        )  # fmt: skip


def _short(cells: tuple[str, ...]) -> bool:
    return all(len(cell.split()) <= 7 for cell in cells)


def _aligned(cells: tuple[str, ...], columns: tuple[Column, ...], topical: bool) -> tuple[str, ...]:
    """A row whose empty ends the reader left out, under its columns: what is no number does not stand under one, unless
    the column holds the `topical` words of an agenda."""
    missing = len(columns) - len(cells)
    if (
        columns[0] == "number"
        and not topical
        and "notes" not in columns
        and not NUMBER.match(cells[0])
        and len(cells[0].split()) > 2
    ):
        cells = ("", *cells)
        missing -= 1
    return cells + ("",) * missing
