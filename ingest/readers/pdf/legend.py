"""Put into words what a page says by colour: the cells of a calendar, by the legend that explains their shading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.readers.clean import tidy
from ingest.readers.pdf.tables import Colour, Grid

_NEAR = 12
_LONGEST_LABEL = 6
_LONGEST_DAY = 9


def said_by_colour(tables: Sequence[Grid]) -> dict[int, str]:
    """For the number of each table of a page that a legend on it explains, one line: `May: Bank Holiday: M 1, M 29`."""
    legend = dict(entry for table in tables for entry in _legend(table))
    if not legend:
        return {}
    explained = [table for table in tables if not list(_legend(table))]
    meanings = _meanings(legend, {colour for table in explained for _, _, colour in _shaded(table)})
    lines: dict[int, str] = {}
    for number, table in enumerate(tables):
        days: dict[str, list[str]] = {}
        for row, text, colour in _shaded(table) if table in explained else ():
            if label := meanings.get(colour):
                days.setdefault(label, []).append(f"{row} {text}".strip())
        if days:
            said = "; ".join(f"{label}: {', '.join(sorted(of, key=_figure))}" for label, of in days.items())
            lines[number] = tidy(_caption(table) + said)
    return lines


def _figure(text: str) -> int:
    figures = re.sub(r"\D", "", text)
    return int(figures) if 0 < len(figures) < 9 else 0


def _legend(table: Grid) -> Iterator[tuple[Colour, str]]:
    """A shaded cell without words beside one that has words and no shade: its colour and what it means."""
    for texts, shades in zip(_texts(table), table.shades, strict=True):
        filled = [text for text in texts if text]
        coloured = [shade for text, shade in zip(texts, shades, strict=True) if shade and not text]
        if len(filled) == len(coloured) == 1 and len(filled[0].split()) <= _LONGEST_LABEL and not filled[0].isdigit():
            yield coloured[0], filled[0]


def _shaded(table: Grid) -> Iterator[tuple[str, str, Colour]]:
    """Each shaded cell with words: the words that begin its row, its own, its colour."""
    for texts, shades in zip(_texts(table), table.shades, strict=True):
        begins = texts[0] if not shades[0] and len(texts[0]) <= _LONGEST_DAY else ""
        for text, shade in zip(texts[1:], shades[1:], strict=True):
            if text and shade:
                yield begins, text, shade


def _meanings(legend: dict[Colour, str], used: set[Colour]) -> dict[Colour, str]:
    """What each colour in use means; a legend in another tint is told by being the only one that is left over."""
    meanings: dict[Colour, str] = {}
    for colour in used:
        for known, label in legend.items():
            if all(abs(a - b) <= _NEAR for a, b in zip(colour, known, strict=True)):
                meanings[colour] = label
    unknown = [colour for colour in used if colour not in meanings]
    unused = [label for label in legend.values() if label not in meanings.values()]
    if len(unknown) == len(unused) == 1:
        meanings[unknown[0]] = unused[0]
    return meanings


def _texts(table: Grid) -> list[list[str]]:
    return [[" ".join(paragraph.text for paragraph in cell) for cell in row] for row in table.rows]


def _caption(table: Grid) -> str:
    filled = [text for text in _texts(table)[0] if text]
    return f"{filled[0]}: " if len(filled) == 1 else ""
