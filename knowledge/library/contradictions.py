"""Finds documents in force that contradict each other in a figure: two sentences that say the same but for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from knowledge.library.library import Library
from knowledge.passages import Document, Kind, Passage, Reader, Status
from knowledge.text.figures import Figure, figures, without
from knowledge.text.sentences import sentence_spans
from knowledge.text.terms import terms

NEAR = 0.78
SHARED = 0.5
LEAST_TERMS = 3
BLOCK = 512
TELLS = frozenset({Kind.POLICY, Kind.GUIDANCE, Kind.PLAN, Kind.OTHER, Kind.NOTICE})
"""Minutes and reports tell what was, a form and a calendar hold nothing else than figures."""


_OF_ITSELF = re.compile(
    r"\b(?:approved,? (?:by|on|in)|adopted|ratified|(?:is|was|be) reviewed|next review|review date|issued|"
    r"takes? effect|in force|version|"
    r"replaces|supersedes)\b|\bboard \|",
    re.IGNORECASE,
)
"""What a document says of its own making differs from document to document."""


_FORMS = {
    "kept": "keep", "given": "give", "paid": "pay", "held": "hold", "sent": "send", "taken": "take", "made": "make",
    "met": "meet",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FigureSentence:
    """A sentence with figures, and where it stands."""

    document: Document
    passage: Passage
    text: str
    figures: tuple[Figure, ...]
    terms: frozenset[int]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two sentences of different documents that differ in one figure; `cosine` says how near they are otherwise."""

    one: FigureSentence
    other: FigureSentence
    figure: Figure
    against: Figure
    cosine: float


def disagreements(library: Library, reader: Reader, most: int = 50) -> list[Disagreement]:
    """The likeliest contradictions among the documents in force that this reader may read, surest first, each pair of
    documents once a measure. Versions of one document, and different schools' own documents, may differ."""
    said: list[FigureSentence] = []
    rows: list[np.ndarray] = []
    for document in library.documents(reader):
        if document.kind in TELLS and document.in_force and document.status is Status.APPROVED:
            for each, row in _sentences(library, reader, document):
                said.append(each)
                rows.append(row)
    if len(said) < 2:
        return []
    matrix = np.stack(rows).astype(np.float32)
    matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-6)
    found: list[Disagreement] = []
    for start in range(0, len(said), BLOCK):
        near = matrix[start : start + BLOCK] @ matrix.T
        for one, other in zip(*np.nonzero(near >= NEAR), strict=True):
            if start + one < other and (two := _compared(said[start + one], said[other], float(near[one, other]))):
                found.append(two)
    found.sort(key=lambda each: (-each.cosine, each.one.passage.id, each.other.passage.id))
    best: dict[tuple[str, str, str], Disagreement] = {}
    for pair in found:
        first, second = sorted((pair.one.document.id, pair.other.document.id))
        best.setdefault((first, second, pair.figure.measure), pair)
    return list(best.values())[:most]


def _sentences(library: Library, reader: Reader, document: Document) -> Iterator[tuple[FigureSentence, np.ndarray]]:
    for passage, rows in library.contents(reader, document.id).values():
        if rows is None:
            continue
        for (start, end), row in zip(sentence_spans(passage.text), rows, strict=False):
            text = passage.text[start:end]
            found = figures(text)
            if found and not _OF_ITSELF.search(text):
                about = frozenset(terms(_plain(without(text))))
                if len(about) >= LEAST_TERMS:
                    yield FigureSentence(document, passage, text, tuple(found), about), row


def _compared(one: FigureSentence, other: FigureSentence, cosine: float) -> Disagreement | None:
    a, b = one.document, other.document
    if a.id == b.id or a.family == b.family or (a.school and b.school and a.school != b.school):
        return None
    # A word of its own on either side tells two cases apart: primary from secondary, stage 1 from stage 2.
    if not (one.terms <= other.terms or other.terms <= one.terms):
        return None
    if len(one.terms & other.terms) / len(one.terms | other.terms) < SHARED:
        return None
    for mine in one.figures:
        theirs = [figure for figure in other.figures if figure.measure == mine.measure]
        alike = [each for each in one.figures if each.measure == mine.measure]
        if len(theirs) == 1 and len(alike) == 1 and mine.value != theirs[0].value:
            return Disagreement(one, other, mine, theirs[0], cosine)
    return None


def _plain(sentence: str) -> str:
    return " ".join(_FORMS.get(word.casefold(), word) for word in sentence.split())
