"""Chooses what to quote of the passages that a search found: whole sentences, with the neighbours that they need."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from knowledge.answer.retrieve import WAY_COVERS, Hit, Results
from knowledge.index.postings import Floats
from knowledge.passages import Citation
from knowledge.query.answer_type import AnswerType, answers, asks_for_a_name, names_somebody
from knowledge.query.question import Concept, Question
from knowledge.text.sentences import sentence_spans
from knowledge.text.terms import terms
from knowledge.text.year_groups import years_named

OVERLAP = 0.5
SENTENCE = 2.5
TITLE_SAYS = 0.9
HEADING_SAYS = 0.7
HEADER_SAYS = 0.7
WANTED = {
    AnswerType.MONEY: 0.3,
    AnswerType.NUMBER: 0.18,
    AnswerType.DURATION: 0.18,
    AnswerType.DATE: 0.18,
    AnswerType.TIME: 0.3,
    AnswerType.PERSON: 0.12,
    AnswerType.PLACE: 0.03,
    AnswerType.CONTACT: 0.3,
}
NAMED = 0.45
CLASS = 0.15
LABEL = 0.2
MOST_WORDS = 110
GOOD_WORDS = 60
TABLE_ROOM = 45
AFTER = 0.1
LIST_ROOM = 1.4
NEIGHBOUR = 0.75


@dataclass(frozen=True, slots=True)
class Parsed:
    """A passage's text cut up: sentence spans, each one's terms, its number of words, and the line that it is in."""

    spans: tuple[tuple[int, int], ...]
    terms: tuple[frozenset[int], ...]
    all_terms: frozenset[int]
    words: tuple[int, ...]
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """A hit with its sentences; `scores` and `cosines` have a value a sentence."""

    hit: Hit
    parsed: Parsed
    scores: Floats
    cosines: Floats

    @property
    def best(self) -> int:
        return int(np.argmax(self.scores))

    @property
    def key(self) -> float:
        """What orders passages: the search's score and the best sentence's."""
        return self.hit.score + SENTENCE * self.best_score

    @property
    def best_score(self) -> float:
        return float(self.scores.max()) if len(self.scores) else 0.0


@lru_cache(maxsize=4096)
def parsed(text: str) -> Parsed:
    """Cut a passage's text up."""
    spans = tuple(sentence_spans(text))
    bags = tuple(frozenset(terms(text[start:end])) for start, end in spans)
    return Parsed(
        spans,
        bags,
        frozenset().union(*bags),
        tuple(len(text[start:end].split()) for start, end in spans),
        tuple(text.count("\n", 0, start) for start, _ in spans),
    )


@lru_cache(maxsize=4096)
def _wanted(want: AnswerType, text: str) -> tuple[bool, ...]:
    """Which sentences of a passage's text hold words of the wanted sort."""
    return tuple(answers(want, text[start:end]) for start, end in parsed(text).spans)


def scored(results: Results, hit: Hit) -> Scored:
    """Score the sentences of a hit; without vectors (another encoder's) the passage's cosine stands for all."""
    cut = parsed(hit.passage.text)
    if hit.sentences is not None and len(hit.sentences) == len(cut.spans):
        cosines = _cosines(hit.sentences, results.vector)
    else:
        cosines = np.full(len(cut.spans), hit.cosine, np.float32)
    scores = cosines + OVERLAP * _overlaps(results, hit, cut)
    scores = scores - LABEL * np.array(_labels(hit.passage.text), np.float32)
    want = results.question.answer_type
    if want is not None:
        scores = scores + WANTED[want] * np.array(_wanted(want, hit.passage.text), np.float32)
    if asks_for_a_name(results.question.text):
        said = results.question.own_words
        texts = (hit.passage.text[start:end] for start, end in cut.spans)
        scores = scores + NAMED * np.array([names_somebody(text, said) for text in texts], np.float32)
    if asked := years_named(results.question.text):
        scores = scores + CLASS * np.array([_of_class(asked, year) for year in _years(hit.passage.text)], np.float32)
    return Scored(hit, cut, scores, cosines)


# An agenda's item with its number, the key to a list of who was there, and what there was none of.
_LABEL = re.compile(
    r"(?:[A-Z]{1,5} ?)?\d{1,3}[a-z]?/\d{2,4}\b[^.?!|]{0,90}"
    r"|(?:[A-Z] ?[-–=] ?[A-Z][a-z]+(?: [a-z]+)?[\s,;]*){2,}"
    r"|[A-Z][\w ]{2,40}: (?:[Nn]one|[Nn]il|[Nn]/[Aa])\.?"
)


@lru_cache(maxsize=4096)
def _labels(text: str) -> tuple[bool, ...]:
    """Which sentences of a passage's text only name what comes later, or say that there was none."""
    return tuple(_LABEL.fullmatch(text[start:end]) is not None for start, end in parsed(text).spans)


@lru_cache(maxsize=4096)
def _years(text: str) -> tuple[frozenset[int], ...]:
    """The year groups that each sentence of a passage's text names."""
    return tuple(years_named(text[start:end]) for start, end in parsed(text).spans)


def _of_class(asked: frozenset[int], named: frozenset[int]) -> int:
    """1 for a sentence on a year group that is asked about, -1 for one on others alone."""
    return 0 if not named else 1 if asked & named else -1


def _cosines(rows: NDArray[np.int8], vector: Floats) -> Floats:
    """The cosine of each stored row with a unit vector."""
    vectors = rows.astype(np.float32)
    # Not `@`: that warns of invalid values which small arrays do not hold.
    return np.asarray(np.dot(vectors, vector) / np.maximum(np.linalg.norm(vectors, axis=1), 1e-6), np.float32)


def coverage(question: Question, bag: frozenset[int]) -> Floats:
    """How well some terms cover each concept of a question: 1 for the word itself, less for another way, else 0."""
    return np.array([_covered(concept, bag) for concept in question.concepts], np.float32)


def _covered(concept: Concept, bag: frozenset[int]) -> float:
    if concept.term in bag:
        return 1.0
    return WAY_COVERS if any(bag.issuperset(way) for way in concept.ways) else 0.0


def _overlaps(results: Results, hit: Hit, cut: Parsed) -> Floats:
    """How much of the question each sentence says, 0 to 1; what title and headings say need not be said again."""
    question = results.question
    weights = np.array([each.weight for each in question.concepts], np.float32) * results.idf
    title = TITLE_SAYS * coverage(question, spoken(hit.document.title))
    heading = HEADING_SAYS * coverage(question, spoken(" ".join(hit.passage.heading)))
    given = np.maximum(title, heading)
    held = np.tile(given, (len(cut.spans), 1))
    for number, header in enumerate(_headers(hit.passage.text, hit.passage.header)):
        if header:
            held[number] = np.maximum(held[number], HEADER_SAYS * coverage(question, header))
    for column, concept in enumerate(question.concepts):
        # Most concepts are in no sentence: one look at the whole passage spares a look at each.
        if given[column] < 1 and _covered(concept, cut.all_terms):
            held[:, column] = np.maximum(held[:, column], [_covered(concept, bag) for bag in cut.terms])
    return np.asarray(np.dot(held, weights) / max(float(weights.sum()), 1e-6), np.float32)


@lru_cache(maxsize=4096)
def _headers(text: str, header: str) -> tuple[frozenset[int], ...]:
    """For each sentence of a passage's text the terms of the header row that it stands under, if it is a table's row.
    `header` is that of the table that the passage goes on with."""
    cut = parsed(text)
    if _CELLS not in text:
        return ()
    found = []
    for number in range(len(cut.spans)):
        top = _table_top(text, cut, number)
        is_row = _is_row(text, cut, number)
        if is_row and header and cut.lines[number if top is None else top] == 0:
            found.append(spoken(header))
        else:
            found.append(cut.terms[top] if is_row and top is not None else frozenset())
    return tuple(found)


@lru_cache(maxsize=4096)
def spoken(text: str) -> frozenset[int]:
    """The terms of a short text."""
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
    tabled = _is_row(text, cut, each.best)
    while True:
        size = _size(cut, first, last)
        options = []
        if last + 1 < len(cut.spans):
            listed = _goes_on(text, cut, last)
            room = most * LIST_ROOM if listed else most
            if size + cut.words[last + 1] <= room:
                options.append((float(each.scores[last + 1]) + AFTER + listed, last + 1))
        # A table that ends above a paragraph is another matter.
        if first > 0 and (tabled or not _is_row(text, cut, first - 1)) and size + cut.words[first - 1] <= most:
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


_CELLS = " | "


def _is_row(text: str, cut: Parsed, number: int) -> bool:
    """Whether a sentence is in a row of a table."""
    start, end = cut.spans[number]
    line_end = text.find("\n", end)
    return _CELLS in text[text.rfind("\n", 0, start) + 1 : len(text) if line_end < 0 else line_end]


def _table_top(text: str, cut: Parsed, number: int) -> int | None:
    """The first row of the table that a sentence is a row of, if it is one further down."""
    lines = text.split("\n")
    line = cut.lines[number]
    if _CELLS not in lines[line]:
        return None
    while line > 0 and _CELLS in lines[line - 1]:
        line -= 1
    return None if line == cut.lines[number] else cut.lines.index(line)


def _headed(each: Scored, first: int) -> tuple[int, tuple[str, ...]]:
    """Where a quote of table rows begins so that its columns are named, and the header row where it stands too far off.

    A row that names its own columns ("Lead: …") needs none.
    """
    passage, cut = each.hit.passage, each.parsed
    start, end = cut.spans[first]
    row = passage.text[start:end]
    if _CELLS not in row or ": " in row:
        return first, ()
    top = _table_top(passage.text, cut, first)
    if passage.header and cut.lines[first if top is None else top] == 0:
        return first, (passage.header,)
    if top is None:
        return first, ()
    if _size(cut, top, first - 1) <= TABLE_ROOM:
        return top, ()
    return first, (passage.text.split("\n")[cut.lines[top]].strip(),)


def cite(each: Scored, first: int, last: int) -> Citation:
    """The citation of a run of sentences; its quote is a verbatim stretch of the passage.

    The header row of a table's rows is in the quote, or else the last of its headings.
    """
    passage = each.hit.passage
    first, header = _headed(each, first)
    quote = passage.text[each.parsed.spans[first][0] : each.parsed.spans[last][1]]
    if quote not in passage.text or not quote:
        raise AssertionError("a quote must stand in its passage")
    return Citation(quote, passage.id, each.hit.document, (*passage.heading, *header), passage.page)
