"""Holds what a model claims to the words that it quotes: what says more than its quote gives way to the quote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.lexical import terms, words
from knowledge.passages import Document, Passage
from knowledge.sentences import sentence_spans
from knowledge.written.draft import RawClaim
from knowledge.written.plain import plain, span_of

LONGEST_CLAIM, LONGEST_ASK, MOST_SENTENCES = 400, 200, 8
LEAST_QUOTE = 2
SUPPORTED = 0.5

# What could become a link, a mention, a picture or a command where it is shown; no claim needs any of it.
_MARKUP = re.compile(
    r"[<>\[\]{}`|\\]|\b[a-z][a-z+.-]+:\S|www\.|//|&(?:lt|gt|amp|#)|@\w|(?<!\w)[#/!]\w|"
    r"\b[\w-]+\.(?:com|org|net|uk|io|example|info|co|dev|app|xyz|ru|cn|biz|me|link|site|online)\b|:[a-z_]{2,}:",
    re.IGNORECASE,
)
_TO_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_NUMBERS = {name: str(number) for number, name in enumerate(_TO_TWENTY.split(" "))} | {
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "sixty": "60",
    "ninety": "90",
    "hundred": "100",
}
# Said of nothing in particular: "one of them", "no one".
_LOOSE = frozenset({"zero", "one"})
_DAYS_AND_MONTHS = (
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday"
)
_MONTHS = frozenset(_DAYS_AND_MONTHS.split(" "))
_NOT = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|cannot|without|unless|except|excluding|only|"
    r"prohibited|forbidden|banned|refused?|unable|\w+n't)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?:what|which|who|whose|when|where|how|is|are|was|were|do|does|did|has|have|will|can)\b[^.?!:]*\?\Z",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<![.!?:;•\n] )(?<!^)\b[A-Z][\w'’-]*")


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


def check(claim: RawClaim, sources: Sequence[Source], question: str) -> Checked | None:
    """Hold a claim to its quote; None where the quote is not in its passage, or what would be shown could become
    markup.

    The quote is widened to whole sentences: what stands around a few words can turn their meaning.
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
    if len(said) <= LONGEST_CLAIM and all(
        says_no_more(said[slice(*each)], quote, above, question) for each in sentence_spans(said)
    ):
        return Checked(said, number, *span, own=True)
    own = plain(quote).text
    return None if unsafe(own) else Checked(own, number, *span, own=False)


def unsafe(text: str) -> bool:
    """Whether a text holds what some screen could show as a link, a mention, a picture or a command."""
    return bool(_MARKUP.search(text))


def question_back(ask: str, sources: Sequence[Source], question: str) -> str:
    """The question back as it may be shown, or nothing where it is none, denies, or brings in figures or names."""
    said = plain(ask).text
    if not _ASKS.match(said) or len(said) > LONGEST_ASK or _NOT.search(said) or unsafe(said):
        return ""
    given = " ".join(f"{each.document.title} {each.passage.text}" for each in sources)
    known = f"{given} {question}"
    return said if figures(said) <= figures(known) and _names(said) <= set(words(known)) else ""


def says_no_more(said: str, quote: str, above: str, question: str) -> bool:
    """Whether a sentence keeps to its quote: its figures and names are there, or in what stands `above` the quote
    (title and headings); it denies where the quote denies; and half of its terms are there or in the question.

    What only the question says is not known: asked whether it is £50, a model likes to say that it is.
    """
    placed = f"{quote} {above}"
    if not figures(said) <= figures(placed) or not _names(said) <= set(words(placed)):
        return False
    if bool(_NOT.search(said)) != bool(_NOT.search(quote)):
        return False
    own = set(terms(said))
    supported = len(own & set(terms(f"{placed} {question}"))) >= SUPPORTED * len(own)
    return bool(own & set(terms(quote))) and supported


def figures(text: str) -> set[str]:
    """The numbers of a text, in words or digits, with its months and days of the week."""
    found: set[str] = set()
    for word in words(text):
        if word[0].isdigit():
            found.update(re.findall(r"\d+(?:[.,]\d+)*", word))
        elif word in _MONTHS or (word in _NUMBERS and word not in _LOOSE):
            found.add(_NUMBERS.get(word, word))
        elif ending := re.match(r"(\d+)", word):
            found.add(ending[1])
    return found


def _names(text: str) -> set[str]:
    """The capitalised words of a text that do not begin a sentence."""
    return {each for name in _NAME.findall(text) for each in words(name)}


def _whole(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The sentences that a span touches, from the first one's beginning to the last one's end."""
    touched = [each for each in sentence_spans(text) if each[0] < end and start < each[1]]
    if not touched or len(touched) > MOST_SENTENCES:
        return None
    return touched[0][0], touched[-1][1]
