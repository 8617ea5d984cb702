"""Part notes into what all readers of a meeting may see and its confidential Part B."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.reading import Block, Reading

_PART_B = re.compile(
    r"^[\W\d]*(?:item\s+\d+\W*)?(?:part\s+(?:b|ii|two)\b|confidential\b|closed\s+(?:session|part)\b"
    r"|reserved\s+(?:business|items?)\b)",
    re.IGNORECASE,
)
_TITLED = re.compile(r"\bpart\s+b\b|\(confidential\)|\bconfidential\s+minutes\b", re.IGNORECASE)
_PART_A = re.compile(r"^[\W\d]*(?:part\s+(?:a|i|one)\b|(?:end\s+of|return\s+to)\s+)", re.IGNORECASE)
_NOTHING = re.compile(
    r"(?:^|[\s:|–-])(?:none|nil|n/?a|nothing(?:\s+\w+){0,3}|(?:there\s+(?:was|were)\s+)?no\s+(?:\w+\s+){0,3}"
    r"(?:items?|business|matters?))[\W]*$",
    re.IGNORECASE,
)
_SHORT = 90


def parted(reading: Reading) -> tuple[Reading, Reading]:
    """The open part and the confidential one. Notes that call themselves Part B at the top are confidential whole.

    A Part B goes on to the end, to a Part A, or to the item with the next number: what may be confidential is.
    """
    if any(_titled(block) for block in reading.blocks[:3]):
        return replace(reading, blocks=()), reading
    open_blocks: list[Block] = []
    closed: list[Block] = []
    within = False
    after: int | None = None
    for at, block in enumerate(reading.blocks):
        if within and (_ends(block, after) or (_NOTHING.search(block.text) and closed and _begins(closed[-1]))):
            within = False
        elif not within and _begins(block):
            within, after = True, _number(block)
        row = block.kind == "row" and _PART_B.match(block.text) and not _NOTHING.search(block.text.rstrip(" |-"))
        (closed if within or row else open_blocks).append(reading.blocks[at])
    return replace(reading, blocks=tuple(open_blocks)), replace(reading, blocks=tuple(closed))


def _begins(block: Block) -> bool:
    return _heads(block) and bool(_PART_B.match(block.text)) and not _NOTHING.search(block.text)


def _ends(block: Block, after: int | None) -> bool:
    return _heads(block) and (bool(_PART_A.match(block.text)) or (after is not None and _number(block) == after + 1))


def _number(block: Block) -> int | None:
    match = re.match(r"(?:item\s+)?(\d{1,3})\b", block.text, re.IGNORECASE)
    return int(match[1]) if match else None


def _heads(block: Block) -> bool:
    short = len(block.text) < _SHORT and not block.text.rstrip().endswith((".", ";", ","))
    return block.kind == "heading" or (block.kind != "row" and short)


def _titled(block: Block) -> bool:
    return block.kind != "row" and len(block.text) < 2 * _SHORT and bool(_TITLED.search(block.text))
