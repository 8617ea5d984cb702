"""Answers a question that goes through the schools, school by school, those of which nothing is found included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import Enum
from itertools import islice

import numpy as np

from knowledge.answer.citing import BRIEF, rank
from knowledge.answer.confidence import CLOSEST_FROM, MUST_BE_SAID, probability, signals
from knowledge.answer.quoting import SENTENCE, Scored, cite, coverage, window
from knowledge.answer.retrieve import Results, Search
from knowledge.passages import Citation, Document, Kind, Names, Outcome, Status
from knowledge.query import naming
from knowledge.query.answer_type import answers
from knowledge.query.question import Concept
from knowledge.skills.documents.description import first_words
from knowledge.skills.layout import Section, layout
from knowledge.skills.schools.comparison_question import Comparison, comparison
from knowledge.skills.schools.side_by_side import set_side_by_side
from knowledge.skills.turn import SkillAnswer, Turn
from knowledge.text.terms import terms

OF_A_SCHOOL, OF_ALL = 8, 30
SHORT_TOPIC = 3
FIGURE = 0.1
COVERS = 0.75
NO_DOCUMENT = "No document found."
NOT_SAID = "Nothing found in {titles}."
WHOLE_TRUST = "For the whole trust"
NONE = "Found for none of {count} schools."
LACKING = "Nothing found, in what you can see, for {lacking} of {count} schools: {listed}."
FOUND = "Found for {having} of {count} schools{listed}."
TITLES = 3
ONE_BY_ONE = 12  # schools, each with a part of its own
APPLIES = frozenset({Kind.POLICY, Kind.GUIDANCE, Kind.PLAN, Kind.NOTICE, Kind.OTHER})
"""What the whole trust goes by; its minutes and reports tell what was."""


class Words(Enum):
    """Which words may say a topic's: its own, or other ways to say them, with or without one that stands for two (a
    pool is no swimming pool)."""

    OWN = "own"
    APART = "apart"
    ANY = "any"


class Compare:
    """Comparisons over the schools of a trust."""

    def __init__(self, search: Search) -> None:
        self._search = search

    @property
    def _names(self) -> Names:
        return self._search.names

    def reply(self, turn: Turn) -> SkillAnswer | None:
        """School by school in the trust's order; None where the question does not compare, or nothing that this reader
        may read is of the sort that it names, or speaks of it."""
        asked = comparison(turn.query.text, self._names)
        if asked is None:
            return None
        readable = [document for document in self._search.library.documents(turn.reader) if _stands(document)]
        meant = [each for each in readable if _is_meant(each, asked)]
        own = [[each for each in meant if each.school == school] for school in asked.schools]
        general = [each for each in meant if each.school is None]
        if asked.topic:
            found, for_all = self._said(asked, turn, own, general)
        else:
            found = [self._openings(turn, documents) for documents in own]
            for_all = self._openings(turn, general)
        if not any(found) and not for_all and not (meant and (asked.documents or asked.kind)):
            return None
        pieces = [
            Section(self._names.schools[school][0], "" if quotes else _missing(documents, asked), quotes)
            for school, quotes, documents in zip(asked.schools, found, own, strict=True)
        ]
        if len(pieces) > ONE_BY_ONE:
            pieces = _gathered(pieces)
        if for_all or (general and asked.documents):
            pieces.append(Section(WHOLE_TRUST, "" if for_all else _missing(general, asked), for_all))
        if both := self._both(asked, turn, own):
            lead, different = both
            return SkillAnswer(layout(Outcome.ANSWERED, lead, different or pieces))
        outcome = Outcome.ANSWERED if any(found) else Outcome.CLOSEST if for_all else Outcome.NOT_FOUND
        return SkillAnswer(layout(outcome, self._lead(asked, found), pieces))

    def _both(
        self, asked: Comparison, turn: Turn, own: Sequence[Sequence[Document]]
    ) -> tuple[str, list[Section]] | None:
        """The document of one school beside that of another, where the two are asked for and each has one."""
        if asked.topic or asked.which or len(own) != 2 or any(len(each) != 1 for each in own):
            return None
        one, other = (self._names.schools[school][0] for school in asked.schools)
        first, second = own[0][0], own[1][0]
        contents = (list(self._search.library.contents(turn.reader, each.id).values()) for each in (first, second))
        return set_side_by_side((one, other), (first, second), (next(contents), next(contents)))

    def _said(
        self, asked: Comparison, turn: Turn, own: Sequence[Sequence[Document]], general: Sequence[Document]
    ) -> tuple[list[tuple[Citation, ...]], tuple[Citation, ...]]:
        """What is said of the topic: for each school by its own documents and, by name, by the trust's; and for all."""
        groups = [[document.id for document in documents] for documents in own]
        of_schools = self._search.search_each(asked.topic, turn.reader, groups, OF_A_SCHOOL)
        of_trust = self._search.search_each(asked.topic, turn.reader, [[each.id for each in general]], OF_ALL)[0]
        words = Words.APART if asked.which else Words.ANY
        by_name = self._by_name(of_trust, words)
        found = []
        for school, results in zip(asked.schools, of_schools, strict=True):
            quotes = [*islice(_stretches(results, words), 1 if asked.which else 2), by_name.get(school)]
            found.append(tuple(quote for quote in quotes if quote is not None))
        stretches = _stretches(of_trust, Words.OWN)
        applying = (stretch for stretch in stretches if stretch.document.kind in APPLIES)
        first = next((each for each in applying if not naming.schools(each.quote, self._names)), None)
        return found, (first,) if first else ()

    def _by_name(self, results: Results, needs: Words) -> dict[str, Citation]:
        """For each school the sentence or table row that names it and speaks best of the topic."""
        best: dict[str, tuple[float, Citation]] = {}
        for each in rank(results):
            text = each.hit.passage.text
            for number, (start, end) in enumerate(each.parsed.spans):
                named = naming.schools(text[start:end], self._names)
                if not named or not _speaks(results, each, number, number, needs):
                    continue
                score = each.hit.score + SENTENCE * float(each.scores[number])
                for school in named:
                    if school not in best or score > best[school][0]:
                        best[school] = (score, _row(cite(each, number, number), text[start:end]))
        return {school: quote for school, (_, quote) in best.items()}

    def _openings(self, turn: Turn, documents: Sequence[Document]) -> tuple[Citation, ...]:
        """How each of these documents begins."""
        found = (first_words(document, turn.reader, self._search) for document in documents)
        return tuple(each for each in found if each is not None)

    def _lead(self, asked: Comparison, found: Sequence[tuple[Citation, ...]]) -> str:
        """How many schools something was found of, and which, in the trust's order."""
        if asked.lacking and not all(found):
            without = [
                self._names.schools[each][0] for each, quotes in zip(asked.schools, found, strict=True) if not quotes
            ]
            return LACKING.format(lacking=len(without), count=len(found), listed=", ".join(without))
        having = [self._names.schools[school][0] for school, quotes in zip(asked.schools, found, strict=True) if quotes]
        if not having:
            return NONE.format(count=len(asked.schools))
        listed = f": {', '.join(having)}" if asked.which else ""
        return FOUND.format(having=len(having), count=len(asked.schools), listed=listed)


def _gathered(pieces: Sequence[Section]) -> list[Section]:
    """The schools of which something is found one by one, and those of which nothing is in one line for each reason."""
    silent: dict[str, list[str]] = {}
    for piece in pieces:
        if piece.said:
            silent.setdefault(piece.said, []).append(piece.heading)
    lines = [Section(reason.rstrip("."), ", ".join(schools)) for reason, schools in silent.items()]
    return [*(each for each in pieces if not each.said), *lines]


def _stands(document: Document) -> bool:
    return document.in_force and document.status is Status.APPROVED


def _is_meant(document: Document, asked: Comparison) -> bool:
    """Whether a document is of the sort that the question names."""
    if asked.kind and document.kind is not asked.kind:
        return False
    return set(terms(asked.documents)) <= set(terms(document.title))


def _stretches(results: Results, needs: Words) -> Iterator[Citation]:
    """Quotes that speak of the topic and not only of something near it, best first."""
    want = results.question.answer_type
    for each in (_figured(results, each) for each in rank(results)):
        first, last = window(each, *BRIEF)
        if want in MUST_BE_SAID and not answers(want, _quoted(each, first, last)):
            continue
        if probability(signals(results, each)) >= CLOSEST_FROM and _speaks(results, each, first, last, needs):
            yield cite(each, first, last)


def _quoted(each: Scored, first: int, last: int) -> str:
    return each.hit.passage.text[each.parsed.spans[first][0] : each.parsed.spans[last][1]]


def _figured(results: Results, each: Scored) -> Scored:
    """Where a figure is asked for, with the sentences before the others that hold one: schools differ in their
    figures, and "regularly" compares with nothing."""
    if results.question.answer_type not in MUST_BE_SAID:
        return each
    text = each.hit.passage.text
    held = np.array([any(sign.isdigit() for sign in text[start:end]) for start, end in each.parsed.spans], np.float32)
    return replace(each, scores=each.scores + FIGURE * held)


def _speaks(results: Results, each: Scored, first: int, last: int, needs: Words) -> bool:
    """Whether these sentences with title and headings say the topic: every word of a short one."""
    passage, spans = each.hit.passage, each.parsed.spans
    said = passage.text[spans[first][0] : spans[last][1]]
    told = " ".join((said, each.hit.document.title, *passage.heading, passage.header))
    bag = frozenset(terms(told))
    main = [column for column, concept in enumerate(results.question.concepts) if concept.weight == 1]
    if len(main) == 1 and results.question.answer_type in MUST_BE_SAID:
        # With one word that counts ("how long should children read") the verb counts as well.
        main += [n for n, each in enumerate(results.question.concepts) if n not in main and each.word not in _HOW]
    if main and len(main) <= SHORT_TOPIC:
        held = [_evidence(results.question.concepts[column], bag) for column in main]
        if needs is Words.OWN:
            return all(results.question.concepts[column].term in bag for column in main)
        return all(held) and (needs is Words.ANY or len(frozenset().union(*held)) >= len(main))
    covered = coverage(results.question, bag)
    weights = results.idf * [concept.weight for concept in results.question.concepts]
    return float(covered @ weights) >= COVERS * float(weights.sum())


_HOW = frozenset({"long", "many", "much", "often", "soon", "far", "early", "late"})


def _evidence(concept: Concept, bag: frozenset[int]) -> frozenset[int]:
    """The terms that say a concept: its own where it is there, else another way to say it."""
    if concept.term in bag:
        return frozenset({concept.term})
    return next((frozenset(way) for way in concept.ways if bag.issuperset(way)), frozenset())


def _row(quote: Citation, row: str) -> Citation:
    """A table's row alone, with the table's header row beside its headings."""
    if " | " not in row or quote.quote == row:
        return quote
    return replace(quote, quote=row, heading=(*quote.heading, quote.quote.split("\n")[0]))


def _missing(documents: Sequence[Document], asked: Comparison) -> str:
    # Only where a sort of document was asked for is it worth saying that there is one which is silent.
    if not documents or not asked.topic or not (asked.documents or asked.kind):
        return NO_DOCUMENT
    titles = [document.title for document in documents]
    more = f" and {len(titles) - TITLES} more" if len(titles) > TITLES else ""
    return NOT_SAID.format(titles=", ".join(titles[:TITLES]) + more)
