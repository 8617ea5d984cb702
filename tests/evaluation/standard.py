"""How surely a standard answer is given to its own question and no other: `python -m tests.evaluation standard`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.standard import model
from knowledge.embedding.encoder import Encoder

PAIRS = Path(__file__).with_name("standard.txt")


@dataclass(frozen=True)
class Pair:
    """A standard answer's question, what somebody asks, whether it is the same, and whether it was given."""

    way: str
    asked: str
    same: bool
    given: bool


def measure(encoder: Encoder) -> list[Pair]:
    """All pairs of the file."""
    pairs = []
    for line in PAIRS.read_text("utf-8").splitlines():
        if line[:2] in ("! ", "= "):
            way, asked = (each.strip() for each in line[2:].split("|"))
            one, other = encoder.encode([way, asked])
            pairs.append(Pair(way, asked, line.startswith("!"), model.matches(asked, way, float(one @ other))))
    return pairs


def report(pairs: list[Pair], failures: bool = False) -> str:
    """The figures in words."""
    given = [each for each in pairs if each.given]
    right = sum(each.same for each in given)
    same = sum(each.same for each in pairs)
    lines = [
        f"{len(pairs)} questions to standard answers, {same} of them the same question",
        f"  given: precision {100 * right / (len(given) or 1):.1f} %, recall {100 * right / (same or 1):.1f} %",
    ]
    if failures:
        lines += [f"  {each.way} | {each.asked}" for each in pairs if each.given != each.same]
    return "\n".join(lines)
