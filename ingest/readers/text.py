"""Read plain text: paragraphs, items and rows by how lines stand, headings by underlines, capitals and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from statistics import quantiles

import yaml

from ingest.readers.clean import ITEM, item, join_lines, tidy, vocabulary
from ingest.readers.reading import Block, Reading, Unreadable
from ingest.readers.table import row_text

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_UNDERLINE = re.compile(r"^\s*(={3,}|-{3,}|~{3,}|\*{3,})\s*$")
_NUMBERED = re.compile(
    r"^((?:\d{1,2}(?:\.\d{1,2}){0,3})|[A-Z](?=\.))\.?\s+(?=[A-Z])|^(?:Section|Appendix|Annex|Part)\s+\w+"
)
_ENDS_OPEN = re.compile(r"[\w)’'\"”?]$")
_DATE = re.compile(r"\b\d{1,2}(?:st|nd|rd|th)?\s+\w+\s+\d{4}\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b|\d:\d\d")
EMPTY = "There are no words in this file. Check that it is the right file, then add it again."


def decode(data: bytes) -> str:
    """The text of a file in whatever encoding it has, lines ended by a line feed."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode(_encoding(data), errors="replace")
    return re.sub(r"\r\n?", "\n", text).replace("\x0c", "\n\n")


def _encoding(data: bytes) -> str:
    from charset_normalizer import from_bytes

    likely = ["cp1252", "utf_8", "utf_16_le", "utf_16_be", "mac_roman"]
    best = from_bytes(data[:100_000], cp_isolation=likely).best()
    return best.encoding if best else "cp1252"


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """The properties in a YAML front matter, keys in lower case, and the text after it."""
    match = _FRONT.match(text)
    if not match or len(match.group(1)) > 20_000 or ("&" in match.group(1) and "*" in match.group(1)):
        return {}, text
    try:
        loaded = yaml.safe_load(match.group(1))
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}, text
    if not isinstance(loaded, dict):
        return {}, text
    properties = {tidy(str(key)).lower(): _flat(value) for key, value in loaded.items() if value is not None}
    return properties, text[match.end() :]


def _flat(value: object) -> str:
    return tidy(", ".join(str(part) for part in value) if isinstance(value, list | tuple) else str(value))


LABELLED = re.compile(r"\s*(?:ACTIONS?|Actions?|DECISIONS?|Decisions?|AGREED|Agreed|RESOLVED|Resolved)\s*[:–-]\s")
"""How lines of notes begin that stand by themselves, whatever stood before."""


def read_text(data: bytes) -> Reading:
    """Plain text, with a front matter if it has one."""
    properties, text = front_matter(decode(data))
    lines = [line.rstrip() for line in text.expandtabs(1).split("\n")] if "\t" not in text else text.split("\n")
    blocks = tuple(_blocks(lines))
    if not blocks:
        raise Unreadable(EMPTY)
    heading = next((block.text for block in blocks if block.kind == "heading"), None)
    return Reading(blocks, title=properties.get("title") or heading, properties=properties)


def _blocks(lines: Sequence[str]) -> Iterator[Block]:
    words = vocabulary(lines)
    full = _full_width(lines)
    groups = list(_groups(lines))
    for at, whole in enumerate(groups):
        group = whole
        following = groups[at + 1] if at + 1 < len(groups) else []
        if heads := _head(group, first=at == 0):
            yield heads
            group = group[1:]
            following = group
        heading = None if heads else _heading(group, following, first=at == 0)
        if heading:
            yield heading
        elif rows := _rows(group):
            yield from rows
        else:
            for part in _paragraphs(group, full):
                if text := join_lines(part, words):
                    yield Block(item(text), "item") if ITEM.match(text) else Block(text)


def _full_width(lines: Sequence[str]) -> float:
    """The length of a line that goes on in the next one only because the page ended."""
    lengths = [len(line) for line in lines if line.strip()]
    return quantiles(lengths, n=10)[8] if len(lengths) > 1 else 0.0


def _groups(lines: Sequence[str]) -> Iterator[list[str]]:
    """Runs of lines with no empty line between them; an underlined line is a run with its underline."""
    group: list[str] = []
    for at, line in enumerate(lines):
        underlined = bool(group) and len(group) == 1 and _UNDERLINE.match(line)
        next_underline = at + 1 < len(lines) and _UNDERLINE.match(lines[at + 1]) and line.strip()
        if group and (not line.strip() or next_underline):
            yield group
            group = []
        if tidy(line):
            group.append(line)
        if underlined:
            yield group
            group = []
    if group:
        yield group


def _heading(group: Sequence[str], following: Sequence[str], *, first: bool) -> Block | None:
    text = tidy(group[0])
    if len(group) == 2 and (rule := _UNDERLINE.match(group[1])) and len(text) < 120:
        return Block(text, "heading", 1 if rule.group(1)[0] == "=" else 2)
    if len(group) > 1 or len(text) > 100 or len(text.split()) > 14 or not re.search(r"[^\W\d_]{2}", text):
        return None
    if _DATE.search(text) or "\t" in group[0] or text.startswith(("-", "•", "*", "(", "$")):
        return None
    if numbered := _NUMBERED.match(text):
        number = numbered.group(1) or ""
        listed = bool(following) and len(following) == 1 and bool(_NUMBERED.match(tidy(following[0])))
        if number and listed and not text.isupper() and "." not in number:
            return None
        return Block(text, "heading", 2 + number.count(".")) if _ENDS_OPEN.search(text) else None
    if not following or not text[0].isupper() or not _ENDS_OPEN.search(text):
        return None
    if first:
        return Block(text, "heading", 1)
    if text.isupper():
        return Block(text, "heading", 2)
    introduces = len(" ".join(following).split()) > 15 or ITEM.match(following[0])
    return Block(text, "heading", 2) if introduces and not text.endswith(('"', "”")) else None


def _head(group: Sequence[str], *, first: bool) -> Block | None:
    """The first line of a run as a heading: the document's own, or that of the list which follows it at once."""
    if len(group) < 2 or _UNDERLINE.match(group[1]) or "\t" in group[0]:
        return None
    text, listed = tidy(group[0]), bool(ITEM.match(group[1]))
    if ITEM.match(text) or not text[0].isupper() or not text[-1].isalnum() or re.match(r"[\w ]{1,20}:", text):
        return None
    if first and len(text.split()) <= 14 and (listed or not group[1].lstrip()[:1].islower()):
        return Block(text, "heading", 1)
    return Block(text, "heading", 2) if listed and len(text.split()) <= 8 else None


def _rows(group: Sequence[str]) -> list[Block]:
    """Lines of cells parted by tabs, all with as many."""
    tabs = {line.strip("\n ").count("\t") for line in group}
    if len(group) < 2 or len(tabs) != 1 or tabs == {0}:
        return []
    rows = [row_text([tidy(cell) for cell in line.split("\t")]) for line in group]
    return [Block(row, "row", header=at == 0) for at, row in enumerate(rows) if row]


def _paragraphs(group: Sequence[str], full: float) -> Iterator[list[str]]:
    """The lines of a run as paragraphs: a line goes on in the next where it is about as long as lines get, and where
    the next one's first word would not have fitted; never before a line that says it is an action or a decision."""
    part: list[str] = []
    for line in group:
        wraps = part and len(part[-1]) > 0.7 * full and full < 140
        if wraps and (LABELLED.match(line) or len(part[-1]) + len(line.split(maxsplit=1)[0]) < full):
            wraps = False
        if part and (ITEM.match(line) or not (wraps or (line[:1].isspace() and ITEM.match(part[0])))):
            yield part
            part = []
        part.append(line)
    if part:
        yield part
