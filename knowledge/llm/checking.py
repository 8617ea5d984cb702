"""Holds what a model claims to the words that it quotes: what says more than its quote gives way to the quote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.llm.draft import RawClaim
from knowledge.llm.rewording import only_shortens
from knowledge.passages import Document, Passage
from knowledge.text.normalise import plain, span_of
from knowledge.text.sentences import sentence_spans
from knowledge.text.terms import STOP_WORDS, words

LONGEST_CLAIM, LONGEST_ASK, MOST_SENTENCES = 400, 200, 8
LEAST_QUOTE = 2

# What could become a link, a mention, a picture or a command where it is shown; no claim needs any of it. New endings
# of addresses are sold every month, so whatever is written like one is taken for one.
_MARKUP = re.compile(
    r"[<>\[\]{}`|\\]|\b[a-z][a-z+.-]+:\S|www\.|//|&(?:lt|gt|amp|#)|@\w|(?<!\w)[#/!]\w|"
    r"\w\.[^\W\d_]{2,}|\w\.[^\W\d_]+/|\b\d{1,3}(?:\.\d{1,3}){3}\b|:[a-z_]{2,}:|"
    r"\w\s*[(\[{]\s*(?:at|dot)\s*[)\]}]\s*\w|\w\s+(?:at\s+\w+\s+)?dot\s+\w",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?:what|which|who|whose|when|where|how|is|are|was|were|do|does|did|has|have|will|can)\b[^.?!:]*\?\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Source:
    """A passage that a model was given, with its document."""

    passage: Passage
    document: Document


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim that holds: its words (the model's, or the quote's own), its source's number from 0, its quote's span
    in the passage. `own`: the words are the model's."""

    text: str
    source: int
    start: int
    end: int
    own: bool


def check(claim: RawClaim, sources: Sequence[Source]) -> Checked | None:
    """Hold a claim to its quote: its own words stay where they only shorten the quote, else the quote is shown.

    None where the quote is not in its passage, or what would be shown could become markup. The quote is widened to
    whole sentences: what stands around a few words can turn their meaning.
    """
    number = claim.passage - 1
    if not 0 <= number < len(sources):
        return None
    passage = sources[number].passage
    span = span_of(claim.quote, passage.text)
    if span is None or len(words(claim.quote)) < LEAST_QUOTE:
        return None
    span = _whole(passage.text, *span)
    if span is None:
        return None
    quote = passage.text[slice(*span)]
    said = plain(claim.text).text
    if not said or unsafe(said) or unsafe(claim.text):
        return None
    above = " ".join((sources[number].document.title, *passage.heading, passage.header))
    quoted = [plain(quote[slice(*part)]).text for part in sentence_spans(quote)]
    if len(said) <= LONGEST_CLAIM and all(
        only_shortens(said[slice(*part)], quoted, above) for part in sentence_spans(said)
    ):
        return Checked(said, number, *span, own=True)
    own = plain(quote).text
    return None if unsafe(own) else Checked(own, number, *span, own=False)


def unsafe(text: str) -> bool:
    """Whether a text holds what some screen could show as a link, a mention, a picture or a command."""
    return bool(_MARKUP.search(text))


def question_back(ask: str, sources: Sequence[Source], question: str) -> str:
    """The question back as it may be shown, or nothing where it is none or brings in words that neither the sources
    nor the question have."""
    said = plain(ask).text
    if not _ASKS.match(said) or len(said) > LONGEST_ASK or unsafe(said):
        return ""
    given = " ".join(f"{source.document.title} {source.passage.text}" for source in sources)
    return said if set(words(said)) - STOP_WORDS <= set(words(f"{given} {question}")) else ""


def _whole(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The sentences that a span touches, from the first one's beginning to the last one's end."""
    touched = [each for each in sentence_spans(text) if each[0] < end and start < each[1]]
    if not touched or len(touched) > MOST_SENTENCES:
        return None
    return touched[0][0], touched[-1][1]
