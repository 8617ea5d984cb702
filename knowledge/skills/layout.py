"""Lays an answer out in parts: the same words as text, and as parts for whoever draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.answer.citing import written
from knowledge.passages import Answer, Citation, Outcome, Part


@dataclass(frozen=True, slots=True)
class Section:
    """A part with its quotes themselves. `behind` are quotes that it rests on and does not show: they stand among the
    sources."""

    heading: str
    said: str = ""
    citations: tuple[Citation, ...] = ()
    behind: tuple[Citation, ...] = ()


def layout(outcome: Outcome, lead: str, pieces: Sequence[Section]) -> Answer:
    """The answer of these pieces, after a line that leads in; the numbers of its citations run through all of them."""
    first = [Section("", lead)] if lead else []
    parts: list[Part] = []
    citations: list[Citation] = []
    texts: list[str] = []
    for each in [*first, *pieces]:
        numbers = tuple(range(len(citations), len(citations) + len(each.citations)))
        citations += each.citations + each.behind
        parts.append(Part(each.heading, each.said, numbers))
        lines = [each.heading, each.said, written(each.citations)]
        texts.append("\n".join(line for line in lines if line))
    return Answer(outcome, "\n\n".join(texts), tuple(citations), parts=tuple(parts))
