"""Cut a reading into passages: whole blocks, 120 to 180 words where the document allows, within one section."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.readers.reading import Block, Reading

MOST_WORDS = 180
GOOD_WORDS = 120
FEW_WORDS = 10
MOST_TOKENS = 200
# What the encoder reads at once, less its two marks; the title and the heading path come out of it too.
ENCODER_TOKENS = 254
LEAST_TOKENS = 120
# A header row stands before every passage of its table, so a longer one would be most of what is kept and searched.
LONGEST_HEADER = 600


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage before it belongs to a document.

    `text` is whole lines of `Reading.text` that follow one another there, or part of one line where a single line is
    too long. `heading` is the path of headings that all of it stands under; those headings are not in the text, every
    other heading within it is a line of the text, and so is a heading that nothing stands under. `page` is that of
    its first block; `header` is the header row when the piece goes on with a table that began before it.
    """

    text: str
    heading: tuple[str, ...] = ()
    page: int | None = None
    header: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    """A block, or a part of one that is too long, with the headings that it stands under."""

    block: Block
    text: str
    path: tuple[Block, ...]
    words: int
    tokens: int
    header: str
    continues: bool = False


def split(reading: Reading) -> list[Chunk]:
    """The passages of a reading, in order: all blocks that are not headings, each once."""
    lines = _lines(reading)
    if not lines:
        return []
    top = _top_level(lines)
    title_tokens = count_tokens(reading.title or "")
    ends = _best_ends(lines, top, title_tokens)
    pieces, start = [], 0
    for end in ends:
        pieces.append(_piece(lines[start:end]))
        start = end
    return pieces


_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")


def count_tokens(text: str) -> int:
    """About how many word pieces the encoder makes of this text; rather too many than too few."""
    count = 0
    for token in _TOKEN.findall(text):
        size = len(token)
        if token.isdigit():
            count += 1 + (size > 2) * ((size - 1) // 2)
        elif size > 8:
            count += 1 + (size - 4) // 5 if size > 12 or not token.islower() else 1 + (size > 10)
        else:
            count += 1
    return count


def _lines(reading: Reading) -> list[_Line]:
    lines: list[_Line] = []
    path: list[Block] = []
    header = ""
    previous = ""
    for block in reading.blocks:
        if block.kind == "heading":
            path = [above for above in path if above.level < block.level]
            path.append(block)
        if block.kind != "row" or previous != "row":
            header = ""
        under = tuple(path)
        for number, part in enumerate(_parts(block)):
            lines.append(_Line(block, part, under, len(part.split()), count_tokens(part), header, number > 0))
        if block.header:
            header = block.text if len(block.text) <= LONGEST_HEADER else ""
        previous = block.kind
    return lines


_SENTENCE_END = re.compile(r"(?<=[.!?;:])[\"'”’)\]]?\s+(?=\S)|\s\|\s")


def _parts(block: Block) -> list[str]:
    """The block's text; where it alone is too long, cut at sentence ends into parts of like size."""
    text = block.text
    words, tokens = len(text.split()), count_tokens(text)
    if words <= MOST_WORDS and tokens <= MOST_TOKENS:
        return [text]
    pieces = max(-(-words // MOST_WORDS), -(-tokens // MOST_TOKENS))
    aim = -(-words // pieces)
    sentences = _cut(text, [match.end() for match in _SENTENCE_END.finditer(text)])
    stretches = [stretch for sentence in sentences for stretch in _by_words(sentence, aim)]
    parts: list[str] = []
    for stretch in stretches:
        together = parts[-1] + stretch if parts else stretch
        if parts and len(parts[-1].split()) < aim and _fits(together):
            parts[-1] = together
        else:
            parts.append(stretch)
    return [part.strip() for part in parts if part.strip()]


def _fits(text: str) -> bool:
    return len(text.split()) <= MOST_WORDS and count_tokens(text) <= MOST_TOKENS


def _cut(text: str, ends: Sequence[int]) -> list[str]:
    starts = [0, *ends]
    return [text[start:end] for start, end in zip(starts, [*ends, len(text)], strict=True) if text[start:end]]


def _by_words(sentence: str, most: int) -> list[str]:
    """A sentence that is itself too long, cut between words; one endless word is cut between letters."""
    if len(sentence.split()) <= most and count_tokens(sentence) <= MOST_TOKENS:
        return [sentence]
    parts = [""]
    words = tokens = 0
    for word in re.findall(r"\S{1,200}\s*", sentence):
        size = count_tokens(word)
        if parts[-1] and (words >= most or tokens + size > MOST_TOKENS):
            parts.append("")
            words = tokens = 0
        parts[-1] += word
        words, tokens = words + 1, tokens + size
    return parts


def _top_level(lines: Sequence[_Line]) -> int:
    """The level of the document's main sections: the highest that more than one heading has."""
    levels = Counter(line.block.level for line in lines if line.block.kind == "heading")
    return min((level for level, count in levels.items() if count > 1), default=min(levels, default=1))


def _break_cost(before: _Line, after: _Line | None) -> float:
    """What it costs to end a piece between these two lines."""
    if before.block.kind == "heading":
        return 3.0 if after is None or len(after.path) > len(before.path) or after.block.kind != "heading" else 0.3
    if after is None or after.block.kind == "heading":
        return 0.0
    if after.continues:
        return 0.1
    if after.block.kind == "item":
        return 0.3 if before.block.kind == "item" else 0.9
    if after.block.kind == "row":
        return 1.5 if before.block.header else 0.25
    return 0.15 if before.block.kind != "paragraph" or not before.text.endswith(":") else 0.9


def _size_cost(words: int) -> float:
    """What it costs that a piece is short; a few words alone say nothing to a search."""
    if words >= GOOD_WORDS:
        return 0.0
    return ((GOOD_WORDS - words) / GOOD_WORDS) ** 2 + (0.6 if words < FEW_WORDS else 0.0)


def _best_ends(lines: Sequence[_Line], top: int, title_tokens: int) -> list[int]:
    """Where pieces end, by the cheapest way through the document; each end counts the lines before it."""
    cheapest: list[float] = [0.0]
    begins: list[int] = [0]
    headings = {id(above): above for line in lines for above in line.path}
    above_tokens = {key: count_tokens(above.text) for key, above in headings.items()}
    for end in range(1, len(lines) + 1):
        break_cost = _break_cost(lines[end - 1], lines[end] if end < len(lines) else None)
        best, best_start = float("inf"), end - 1
        words = tokens = 0
        crossing = pending = 0.0
        prefix = title_tokens + sum(above_tokens[id(above)] for above in lines[end - 1].path)
        room = max(LEAST_TOKENS, min(MOST_TOKENS, ENCODER_TOKENS - prefix - count_tokens(lines[end - 1].header)))
        for start in range(end - 1, -1, -1):
            line = lines[start]
            words += line.words
            tokens += line.tokens
            joins_parts = start < end - 1 and lines[start + 1].continues
            if joins_parts or (start < end - 1 and (words > MOST_WORDS or tokens > room)):
                break
            if line.block.kind == "heading":
                pending += 1.2 if line.block.level <= top else 0.3
            else:
                crossing += pending
                pending = 0.0
            cost = cheapest[start] + _size_cost(words) + crossing + break_cost
            if cost < best:
                best, best_start = cost, start
        cheapest.append(best)
        begins.append(best_start)
    ends, at = [], len(lines)
    while at > 0:
        ends.append(at)
        at = begins[at]
    return ends[::-1]


def _piece(lines: Sequence[_Line]) -> Chunk:
    body = [line for line in lines if line.block.kind != "heading"]
    path = body[0].path if body else lines[0].path[:-1]
    for line in body:
        path = tuple(above for above in path if any(above is other for other in line.path))
    kept = list(lines)
    while body and any(kept[0].block is above for above in path):
        kept.pop(0)
    within = [line.block for line in kept]
    path = tuple(above for above in path if not any(above is block for block in within))
    first = kept[0]
    header = "" if first.block.header else first.header
    text = "\n".join(line.text for line in kept)
    return Chunk(text, tuple(above.text for above in path), first.block.page, header)
