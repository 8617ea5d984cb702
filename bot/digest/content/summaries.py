"""Lets the trust's language model shorten what schools said: sentences that are each bound to one source."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.digest.content.bound import Sentence
from bot.digest.content.words import Point, Summarise
from knowledge.llm.checking import Source
from knowledge.llm.writer import Writer
from knowledge.passages import EVERYONE, Document, Kind, Passage


def summarised_by(writer: Writer, mask: Callable[[str], str]) -> Summarise:
    """A summary by this writer of words in which `mask` has hidden pupils' names. What the model does not say, or says
    beyond its source, stays in the school's own words."""

    def summarise(points: Sequence[Point]) -> list[Sentence]:
        drafted = writer.summarise([_source(point, number, mask) for number, point in enumerate(points)], len(points))
        return [
            Sentence(claim.text, (drafted.citations[claim.citation].passage_id,)) for claim in drafted.written.claims
        ]

    return summarise


def _source(point: Point, number: int, mask: Callable[[str], str]) -> Source:
    ref, label = point.source.ref, point.source.label
    # The model is shown the label and the words; nothing else of a document is known or needed.
    document = Document(ref, ref, label, label, Kind.MINUTES, EVERYONE, ref)
    return Source(Passage(ref, ref, number, mask(point.source.text)), document)
