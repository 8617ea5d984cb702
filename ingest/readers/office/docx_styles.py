"""What a Word document's styles and numbering say of a paragraph: heading level, weight, size, the list's mark."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True, slots=True)
class Look:
    """How text of a style looks. `size` in half points; `outline` is 0 to 8 for headings; `number` is (list, level)."""

    name: str = ""
    bold: bool = False
    size: int | None = None
    hidden: bool = False
    outline: int | None = None
    number: tuple[str, int] | None = None


def value(element: Any, tag: str) -> str | None:
    """The `w:val` of a child, if it has that child."""
    child = element.find(W + tag) if element is not None else None
    return child.get(W + "val") if child is not None else None


def switch(properties: Any, tag: str) -> bool | None:
    """An on-off property of a run: None where it says nothing."""
    child = properties.find(W + tag) if properties is not None else None
    if child is None:
        return None
    return child.get(W + "val", "1") not in ("0", "false", "off", "none")


class Styles:
    """The styles of one document, looked up by id, with what they inherit."""

    def __init__(self, root: Any) -> None:
        self._elements: dict[str, Any] = {}
        self._looks: dict[str | None, Look] = {}
        self._default: str | None = None
        self.size = 22
        if root is None:
            return
        for style in root.iter(W + "style"):
            self._elements[style.get(W + "styleId", "")] = style
            if style.get(W + "type") == "paragraph" and style.get(W + "default") in ("1", "true"):
                self._default = style.get(W + "styleId")
        defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        self.size = whole(value(defaults, "sz")) or 20

    def look(self, style_id: str | None) -> Look:
        """The look of a style; that of the default style where the id is None or unknown."""
        key = style_id if style_id in self._elements else self._default
        if key not in self._looks:
            self._looks[key] = self._resolve(key, 0)
        return self._looks[key]

    def _resolve(self, style_id: str | None, depth: int) -> Look:
        style = self._elements.get(style_id or "")
        if style is None or depth > 20:
            return Look(size=self.size)
        based_on = value(style, "basedOn")
        above = self._resolve(based_on, depth + 1) if based_on else Look(size=self.size)
        run, paragraph = style.find(W + "rPr"), style.find(W + "pPr")
        bold, hidden = switch(run, "b"), switch(run, "vanish")
        outline = whole(value(paragraph, "outlineLvl"))
        return Look(
            name=(value(style, "name") or "").lower(),
            bold=above.bold if bold is None else bold,
            size=whole(value(run, "sz")) or above.size,
            hidden=above.hidden if hidden is None else hidden,
            outline=above.outline if outline is None else outline,
            number=number_of(paragraph) or above.number,
        )


def whole(text: str | None) -> int | None:
    """A whole number, or None."""
    try:
        return int(float(text)) if text is not None else None
    except (ValueError, OverflowError):
        return None


def number_of(paragraph: Any) -> tuple[str, int] | None:
    """The list and level of paragraph properties that have them; list `0` means none."""
    numbering = paragraph.find(W + "numPr") if paragraph is not None else None
    if numbering is None:
        return None
    return value(numbering, "numId") or "0", min(max(whole(value(numbering, "ilvl")) or 0, 0), 8)


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    text: str
    start: int


class Numbering:
    """The lists of one document: gives each list paragraph the mark that Word shows before it."""

    def __init__(self, root: Any) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        if root is None:
            return
        for abstract in root.iter(W + "abstractNum"):
            levels = {whole(level.get(W + "ilvl")) or 0: _level(level) for level in abstract.iter(W + "lvl")}
            self._levels[abstract.get(W + "abstractNumId", "")] = levels
        for number in root.iter(W + "num"):
            self._abstract[number.get(W + "numId", "")] = value(number, "abstractNumId") or ""

    def mark(self, number: tuple[str, int]) -> str | None:
        """The next mark of this list at this level: `•`, `3.`, `(b)`, `2.1`; None where there is no such list."""
        list_id, depth = number
        abstract = self._abstract.get(list_id)
        if abstract is None:
            return None
        levels = self._levels.get(abstract, {})
        level = levels.get(depth, _Level("bullet", "", 1))
        if level.form in ("bullet", "none"):
            return "•" if level.form == "bullet" else ""
        counts = self._counts[abstract]
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [known for known in counts if known > depth]:
            del counts[deeper]

        def shown(match: re.Match[str]) -> str:
            which = int(match.group(1)) - 1
            of = levels.get(which, level)
            return _numeral(counts.get(which, of.start), of.form)

        return re.sub(r"%(\d)", shown, level.text).strip()


def _level(element: Any) -> _Level:
    start = whole(value(element, "start"))
    form = value(element, "numFmt") or "decimal"
    return _Level(form, value(element, "lvlText") or "", 1 if start is None else start)


def _numeral(count: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter") and count > 0:
        letters = chr(97 + (count - 1) % 26) * min(1 + (count - 1) // 26, 9)
        return letters.upper() if form == "upperLetter" else letters
    if form in ("lowerRoman", "upperRoman") and 0 < count < 4000:
        return _roman(count).upper() if form == "upperRoman" else _roman(count)
    return f"{count:02d}" if form == "decimalZero" else str(count)


def _roman(count: int) -> str:
    marks = zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    )
    text = ""
    for size, mark in marks:
        text += mark * (count // size)
        count %= size
    return text
