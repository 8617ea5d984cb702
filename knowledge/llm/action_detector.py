"""Lets a language model point at the lines of minutes in which somebody is given something to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from knowledge.llm.checking import Source
from knowledge.llm.writer import Writer
from knowledge.passages import EVERYONE, Document, Kind, Passage

AT_ONCE, CALLS, KEPT = 40, 10, 50
ActionDetector = Callable[[tuple[str, ...]], frozenset[int]]
_MINUTES = Document("minutes", "minutes", "minutes", "Minutes", Kind.MINUTES, EVERYONE, "minutes")


def action_detector(writer: Writer, mask: Callable[[str], str]) -> ActionDetector:
    """Which of some lines, by position, hold an action as this writer's model sees it; none where it fails. `mask`
    hides pupils' names before the model reads a line. The same lines are asked about once."""
    known: dict[tuple[str, ...], frozenset[int]] = {}

    def point(lines: tuple[str, ...]) -> frozenset[int]:
        if lines not in known:
            if len(known) >= KEPT:
                known.clear()
            known[lines] = frozenset(_found(writer, [mask(line) for line in lines]))
        return known[lines]

    return point


def _found(writer: Writer, lines: Sequence[str]) -> set[int]:
    found: set[int] = set()
    for start in range(0, min(len(lines), AT_ONCE * CALLS), AT_ONCE):
        sources = [
            Source(Passage(str(start + number), _MINUTES.id, start + number, line), _MINUTES)
            for number, line in enumerate(lines[start : start + AT_ONCE])
        ]
        drafted = writer.actions(sources)
        if not drafted.citations and drafted.written.note:
            break
        found |= {int(citation.passage_id) for citation in drafted.citations}
    return found
