"""Chooses what to quote of the passages that a search found: whole sentences, with the neighbours that they need."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from knowledge.lexical import terms
from knowledge.passages import Citation
from knowledge.postings import Floats
from knowledge.question import Question
from knowledge.search import WAY_COVERS, Hit, Results
from knowledge.sentences import sentence_spans
from knowledge.wanted import Want, answers

OVERLAP = 0.5
TITLE_SAYS = 0.9
HEADING_SAYS = 0.7
WANTED = {
    Want.MONEY: 0.2,
    Want.NUMBER: 0.12,
    Want.DURATION: 0.12,
    Want.DATE: 0.12,
    Want.TIME: 0.2,
    Want.PERSON: 0.08,
    Want.PLACE: 0.02,
}
MOST_WORDS = 110
GOOD_WORDS = 60
AFTER = 0.1
LIST_ROOM = 1.4
NEIGHBOUR = 0.75


@dataclass(frozen=True, slots=True)
class Parsed:
    """A passage's text cut up: sentence spans, each one's terms, its number of words, and the line that it is in."""

    spans: tuple[tuple[int, int], ...]
    terms: tuple[frozenset[int], ...]
    words: tuple[int, ...]
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """A hit with its sentences: `scores` and `overlaps` have a value a sentence; `best` is the best one's number."""

    hit: Hit
    parsed: Parsed
    scores: Floats
    cosines: Floats
    overlaps: Floats
    wanted: NDArray[np.bool_]

    @property
    def best(self) -> int:
        return int(np.argmax(self.scores))

    @property
    def key(self) -> float:
        """What orders passages: the search's score and the best sentence's."""
        return self.hit.score + self.best_score

    @property
    def best_score(self) -> float:
        return float(self.scores.max()) if len(self.scores) else 0.0


@lru_cache(maxsize=4096)
def parsed(text: str) -> Parsed:
    """Cut a passage's text up."""
    spans = tuple(sentence_spans(text))
    return Parsed(
        spans,
        tuple(frozenset(terms(text[start:end])) for start, end in spans),
        tuple(len(text[start:end].split()) for start, end in spans),
        tuple(text.count("\n", 0, start) for start, _ in spans),
    )


def scored(results: Results, hit: Hit, vectors: NDArray[np.int8] | None) -> Scored:
    """Score the sentences of a hit; without vectors (another encoder's) the passage's cosine stands for all."""
    cut = parsed(hit.passage.text)
    count = len(cut.spans)
    if vectors is not None and len(vectors) == count and count:
        rows = vectors.astype(np.float32)
        cosines = (rows @ results.vector) / np.maximum(np.linalg.norm(rows, axis=1), 1e-6)
    else:
        cosines = np.full(count, hit.cosine, np.float32)
    overlaps = _overlaps(results, hit, cut)
    question = results.question
    text = hit.passage.text
    wanted = np.array([question.want is None or answers(question.want, text[a:b]) for a, b in cut.spans], np.bool_)
    return Scored(
        hit,
        cut,
        cosines + OVERLAP * overlaps + (WANTED[question.want] * wanted if question.want else 0),
        cosines,
        overlaps,
        wanted,
    )


def _overlaps(results: Results, hit: Hit, cut: Parsed) -> Floats:
    """How much of the question each sentence says, 0 to 1; what title and headings say need not be said again."""
    concepts = results.question.concepts
    weights = np.array([each.weight for each in concepts], np.float32) * results.idf
    held = np.zeros((len(cut.spans), len(concepts)), np.float32)
    title, heading = _spoken(hit.document.title), _spoken(" ".join(hit.passage.heading))
    for column, concept in enumerate(concepts):
        ways = ((concept.term,), *concept.ways)
        worth = (1.0, *(WAY_COVERS for _ in concept.ways))
        given = max(TITLE_SAYS * _says(title, ways, worth), HEADING_SAYS * _says(heading, ways, worth))
        for row, bag in enumerate(cut.terms):
            held[row, column] = max(given, _says(bag, ways, worth))
    return np.asarray(held @ weights / max(float(weights.sum()), 1e-6), np.float32)


def _says(bag: frozenset[int], ways: Sequence[tuple[int, ...]], worth: Sequence[float]) -> float:
    return next((value for way, value in zip(ways, worth, strict=True) if bag.issuperset(way)), 0.0)


@lru_cache(maxsize=4096)
def _spoken(text: str) -> frozenset[int]:
    return frozenset(terms(text))


_LEANS = re.compile(
    r"(?:it|its|they|their|them|these|those|this|that|such|he|she|his|her|however|therefore|in addition|also|instead|"
    r"otherwise|if so|if not|then|as a result|for example|or|and|but)\b",
    re.IGNORECASE,
)


def window(each: Scored, good: int = GOOD_WORDS, most: int = MOST_WORDS) -> tuple[int, int]:
    """The run of sentences to quote around the best one: first and last number, both included.

    It has at least `good` words where the passage goes on, and at most `most`, but for a sentence that is longer or a
    list whose end is near.
    """
    text, cut = each.hit.passage.text, each.parsed
    first = last = each.best
    first = _lead_in(text, cut, first)
    if _size(cut, first, last) > most:
        first = last
    while (
        first > 0
        and cut.lines[first - 1] == cut.lines[first]
        and _LEANS.match(text[cut.spans[first][0] :])
        and _size(cut, first - 1, last) <= most
    ):
        first -= 1
    threshold = NEIGHBOUR * each.best_score
    while True:
        size = _size(cut, first, last)
        options = []
        if last + 1 < len(cut.spans):
            listed = _goes_on(text, cut, last)
            room = most * LIST_ROOM if listed else most
            if size + cut.words[last + 1] <= room:
                options.append((float(each.scores[last + 1]) + AFTER + listed, last + 1))
        if first > 0 and size + cut.words[first - 1] <= most:
            options.append((float(each.scores[first - 1]), first - 1))
        if not options:
            break
        score, chosen = max(options)
        if score < threshold and size >= good:
            break
        first, last = min(first, chosen), max(last, chosen)
    return first, last


def _size(cut: Parsed, first: int, last: int) -> int:
    return sum(cut.words[first : last + 1])


def _lead_in(text: str, cut: Parsed, number: int) -> int:
    """Where the list that a sentence stands in begins, or the sentence itself."""
    for before in range(number - 1, max(-1, number - 12), -1):
        ending = text[cut.spans[before][0] : cut.spans[before][1]].rstrip()
        if ending.endswith((":", ":-", "–", "-")):
            return before
        if cut.words[before] > 30 or (ending.endswith((".", "!", "?")) and cut.lines[before] == cut.lines[number]):
            return number
    return number


_ITEM = re.compile(r"(?:[•▪●◦○‣*\-–]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s")


def _goes_on(text: str, cut: Parsed, number: int) -> bool:
    """Whether a list goes on after this sentence."""
    if number + 1 >= len(cut.spans) or cut.lines[number + 1] == cut.lines[number]:
        return False
    here, after = (text[slice(*cut.spans[each])] for each in (number, number + 1))
    return here.endswith(":") or bool(_ITEM.match(after) and (_ITEM.match(here) or here.endswith((";", ","))))


def cite(each: Scored, first: int, last: int) -> Citation:
    """The citation of a run of sentences; its quote is a verbatim stretch of the passage."""
    passage = each.hit.passage
    quote = passage.text[each.parsed.spans[first][0] : each.parsed.spans[last][1]]
    if quote not in passage.text or not quote:
        raise AssertionError("a quote must stand in its passage")
    return Citation(quote, passage.id, each.hit.document, passage.heading, passage.page)


def wants_met(question: Question, quotes: Sequence[str]) -> bool:
    """Whether any of the quotes holds the sort of words that the question wants."""
    return question.want is None or any(answers(question.want, quote) for quote in quotes)
