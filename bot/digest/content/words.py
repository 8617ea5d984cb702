"""Chooses and shortens the lines of a digest: the schools' own words, or a summary of them that passed its check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.digest.content.bound import Sentence, faults
from bot.digest.model import DigestLine, Offer, Source
from knowledge.text.sentences import sentence_spans

BRIEF, FULL = 110, 260


@dataclass(frozen=True, slots=True)
class Point:
    """Something that is said: `lead` is ours (who, and what is new about it), the words are the source's."""

    lead: str
    source: Source
    offer: Offer = Offer.NOTHING
    also: tuple[Source, ...] = ()


Summarise = Callable[[Sequence[Point]], Sequence[Sentence]]


def verbatim(point: Point, limit: int = FULL) -> DigestLine:
    """A point in its source's own words."""
    return DigestLine(f"{point.lead}: “{span(point.source.text, limit)}”", (point.source, *point.also), point.offer)


def lines(
    points: Sequence[Point], summarise: Summarise | None = None, names: Iterable[str] = (), limit: int = FULL
) -> tuple[DigestLine, ...]:
    """The lines that say these points. A summary's sentence stands if it passes its check; whatever no such sentence
    covers is said in the school's own words. Either way a line begins with its point's lead."""
    if summarise is None or len(points) < 2:
        return tuple(verbatim(each, limit) for each in points)
    by_ref = {point.source.ref: point for point in points}
    known = tuple(names)
    kept: list[DigestLine] = []
    covered: set[str] = set()
    for sentence in summarise(points):
        if not faults(sentence, [each.source for each in points], known):
            covered.update(sentence.refs)
            held = [by_ref[ref] for ref in sentence.refs]
            sources = dict.fromkeys(source for each in held for source in (each.source, *each.also))
            offer = held[0].offer if len({each.offer for each in held}) == 1 else Offer.NOTHING
            # The sentence need not say whose it is and what it speaks of.
            lead = " and ".join(dict.fromkeys(each.lead for each in held))
            kept.append(DigestLine(f"{lead}: {' '.join(sentence.text.split())}", tuple(sources), offer))
    return (*kept, *(verbatim(each, limit) for each in points if each.source.ref not in covered))


def span(text: str, limit: int) -> str:
    """The first whole sentences of a text that fit; where none does, the first as far as it fits, to a word's end."""
    said = " ".join(text.split())
    if len(said) <= limit:
        return said
    spans = sentence_spans(said)
    end = max((end for _, end in spans if end <= limit), default=0)
    if end:
        return said[:end]
    cut = said[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:")
    return f"{cut}…"
