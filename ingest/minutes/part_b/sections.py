"""Parts a file of minutes into what its readers may see and its sections that are held closed, each to be opened."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from ingest.minutes.layout.sections import CLOSING
from ingest.minutes.part_b import lines
from ingest.minutes.part_b.recognise import opens, says_nothing
from ingest.readers.reading import Block, Reading

WHOLE = "All of these notes"


@dataclass(frozen=True, slots=True)
class ClosedSection:
    """A stretch that is held closed: `key` is the same for the same words, so that words that change close again.
    `heading` is what it stands under, `why` the words that close it; `blocks` are places in the reading."""

    key: str
    heading: str
    why: str
    blocks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Parted:
    """What is open of a file of minutes, what is closed, and the sections that the latter is made of."""

    open: Reading
    closed: Reading
    sections: tuple[ClosedSection, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing is open."""
        return not self.open.blocks


def part(reading: Reading, opened: Collection[str] = (), name: str = "", *, sure: bool = False) -> Parted:
    """Part a file of minutes. `opened` are the keys of sections that somebody who may has opened, `name` is that of the
    file. With `sure`, as for reports, only what exact words say is closed.

    A file is closed whole where its name, its running head or the lines at its top say so. A section goes on until
    something certainly ends it: the next item after a closed one, Part A, the return to open session. Where that is
    in doubt it stays closed, and each heading from there on is a section of its own.
    """
    begins = lines.surely_begins if sure else lines.begins
    sections = list(_sections(reading.blocks, begins))
    why = lines.closes_whole(reading, name, parted=bool(sections))
    if why:
        whole = _section(reading.blocks, range(len(reading.blocks)), why, WHOLE)
        if whole.key not in opened:
            return Parted(replace(reading, blocks=()), reading, (whole,))
    held = tuple(section for section in sections if section.key not in opened and section.why != why)
    hidden = {at for section in held for at in section.blocks}
    seen = [block for at, block in enumerate(reading.blocks) if at not in hidden]
    unseen = [block for at, block in enumerate(reading.blocks) if at in hidden]
    return Parted(replace(reading, blocks=tuple(seen)), replace(reading, blocks=tuple(unseen)), held)


def _sections(blocks: Sequence[Block], begins: Callable[[Block], bool]) -> Iterator[ClosedSection]:
    at = 0
    path: list[Block] = []
    while at < len(blocks):
        above = next((block for block in reversed(path) if _higher(blocks[at], block)), None)
        end = _end(blocks, at, above, begins)
        if end > at:
            yield from _split(blocks, at, end)
        for block in blocks[at : max(end, at + 1)]:
            if block.kind == "heading":
                path = [*(other for other in path if other.level < block.level), block]
        at = max(end, at + 1)


def _end(blocks: Sequence[Block], at: int, above: Block | None, begins: Callable[[Block], bool]) -> int:
    """Where a closed stretch that begins here, under the heading `above`, ends; `at` itself where none begins."""
    block = blocks[at]
    if block.kind == "row":
        return _row_end(blocks, at) if lines.row_begins(block) else at
    after = range(at + 1, len(blocks))
    if begins(block):
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        if following and says_nothing(following.text) and len(following.text) < lines.SHORT:
            return at
        if following and block.kind != "heading" and lines.follows(block, following):
            # An entry of a list of items: nothing stands under it.
            return at + 1
        ends = _container_ends if lines.is_container(block) else _item_ends if lines.is_sure(block) else _subject_ends
        return next((place for place in after if ends(block, above, blocks[place])), len(blocks))
    if lines.is_marked(block):
        return next((place for place in after if _next_heading(blocks[place])), len(blocks))
    if lines.moves(block):
        return next((place for place in after if _container_ends(block, above, blocks[place])), len(blocks))
    return at


def _row_end(blocks: Sequence[Block], at: int) -> int:
    """After a closed row: its rows of continuation, which have no number or title of their own. A row that says no
    more than "Part B" heads all that follows."""
    after = range(at + 1, len(blocks))
    if lines.is_container_row(blocks[at]):
        return next((place for place in after if lines.returns(blocks[place])), len(blocks))
    return next((place for place in after if not lines.continues(blocks[at], blocks[place])), len(blocks))


def _container_ends(first: Block, above: Block | None, block: Block) -> bool:
    """Whether "Part B" ends here: a return to the open part, the next meeting's date, or the item after the one that it
    stands under."""
    if lines.returns(block) or (lines.heads(block) and (opens(block.text) or CLOSING.match(lines.words(block)))):
        return True
    return above is not None and _higher(first, block) and lines.follows(above, block)


def _item_ends(first: Block, above: Block | None, block: Block) -> bool:
    """Whether one closed item ends here: by the same, by the next number, or by a heading that stands above it."""
    if _container_ends(first, above, block):
        return True
    return lines.heads(block) and (lines.follows(first, block) or _higher(first, block))


def _subject_ends(first: Block, above: Block | None, block: Block) -> bool:
    """Whether an item ends here of which only its subject says that it may be confidential: by the next heading."""
    below = first.kind == "heading" and block.kind == "heading" and block.level > first.level
    return (_next_heading(block) and not below) or _item_ends(first, above, block)


def _higher(block: Block, other: Block) -> bool:
    """Whether the other one is a heading of a higher rank."""
    return block.kind == other.kind == "heading" and other.level < block.level


def _next_heading(block: Block) -> bool:
    return block.kind == "heading" or (lines.heads(block) and lines.number(block) is not None)


def _split(blocks: Sequence[Block], at: int, end: int) -> Iterator[ClosedSection]:
    """A closed stretch by its headings of the same rank or a higher one: each can be opened apart."""
    first = blocks[at]
    starts = [at]
    for place in range(at + 1, end):
        block = blocks[place]
        below = first.kind == "heading" and block.kind == "heading" and block.level > first.level
        if _next_heading(block) and not below:
            starts.append(place)
    for start, stop in zip(starts, [*starts[1:], end], strict=True):
        yield _section(blocks, range(start, stop), first.text)


def _section(blocks: Sequence[Block], places: range, why: str, heading: str = "") -> ClosedSection:
    said = "\n".join(blocks[place].text for place in places)
    key = sha256(" ".join(said.split()).encode()).hexdigest()[:16]
    return ClosedSection(key, heading or blocks[places.start].text, why, tuple(places))
