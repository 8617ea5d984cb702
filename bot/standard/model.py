"""What a standard answer is, and when a question asks for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from knowledge.passages import Answer, Audience, Citation, Outcome, Reader
from knowledge.text.terms import terms, words

CLOSE = 0.80
VERY_CLOSE = 0.95
SHARED = 0.6
_NOT_CONTENT_WORDS = (
    "a an the of for to in on at by with and or is are was be been do does did can could may must shall should "
    "will would how what when where who whom whose which why many much often long there any we i our you your us "
    "my me they it its he she school schools trust please tell get have has had"
)
_NOT_CONTENT = frozenset(_NOT_CONTENT_WORDS.split())
_NEGATION = re.compile(r"\b(?:not|no|never|without|except|unless|cannot|n't)\b|n't\b", re.IGNORECASE)
_SOUGHT = re.compile(r"\b(?:who|when|where|why)", re.IGNORECASE)
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+\b")
_FIGURE = re.compile(r"\b\d[\d.,:/]*\b|£\d[\d.,]*")


@dataclass(frozen=True, slots=True)
class Standard:
    """An approved answer: what it answers (and other ways to ask), its words, where they come from, who may read it,
    who answers for it, who approved it when, and when it is looked at again. People are ids of the trust file."""

    id: str
    question: str
    text: str
    citations: tuple[Citation, ...]
    audience: Audience
    owner: str
    approved_by: str
    approved: date
    review: date
    also: tuple[str, ...] = ()
    retired: date | None = None
    revision: int = 1
    names: dict[str, str] = field(default_factory=dict)

    @property
    def phrasings(self) -> tuple[str, ...]:
        """Every way to ask for it."""
        return (self.question, *self.also)

    def open_to(self, reader: Reader) -> bool:
        """Whether this reader may be given it: its audience, and every document that it rests on."""
        return reader.may_read(self.audience) and all(
            reader.may_read(citation.document.audience) for citation in self.citations
        )

    def label(self) -> str:
        """Who approved it, and until when that holds."""
        name = self.names.get(self.approved_by, self.approved_by)
        return f"Approved by {name} on {_day(self.approved)}, review by {_day(self.review)}."

    def answer(self, today: date) -> Answer:
        """The answer that is given."""
        late = " The review is overdue." if today > self.review else ""
        return Answer(
            Outcome.ANSWERED, f"{self.text}\n\n{self.label()}{late}", self.citations, told=True, approved=True
        )


def content(question: str) -> frozenset[int]:
    """The words that a question is about, as stems."""
    return frozenset(term for term in terms(question) if term not in _NOT_CONTENT_STEMS)


def matches(asked: str, way: str, cosine: float) -> bool:
    """Whether a question asks what a standard answer's question asks.

    They must mean much the same by the encoder, share most of their words, ask for the same thing (who, when, where,
    why), name the same figures and be both or neither in the negative; a word of its own on either side tells two
    questions apart. A near miss goes to the documents: that costs less than an approved answer to something else.
    """
    if cosine < CLOSE or bool(_NEGATION.search(asked)) != bool(_NEGATION.search(way)):
        return False
    if set(_FIGURE.findall(asked)) != set(_FIGURE.findall(way)) or _sought(asked) != _sought(way):
        return False
    if _names(asked) - _said(way) or _names(way) - _said(asked):
        return False
    mine, theirs = content(asked), content(way)
    if not mine or not theirs:
        return False
    if not (mine <= theirs or theirs <= mine):
        return cosine >= VERY_CLOSE and len(mine & theirs) / len(mine | theirs) >= SHARED / 2
    return len(mine & theirs) / len(mine | theirs) >= SHARED


def _names(question: str) -> frozenset[str]:
    """The words that are written as names, in small letters."""
    return frozenset(each.casefold() for each in _NAME.findall(question))


def _said(question: str) -> frozenset[str]:
    return frozenset(words(question))


def _sought(question: str) -> str:
    found = _SOUGHT.search(question)
    return found.group()[:3].casefold() if found else ""


def best(
    asked: str, vector: NDArray[np.float32], ways: list[tuple[str, NDArray[np.float32], Standard]]
) -> Standard | None:
    """The standard answer that this question asks for; the nearest of several."""
    near = [(float(vector @ other), way, standard) for way, other, standard in ways]
    found = [(cosine, standard) for cosine, way, standard in near if matches(asked, way, cosine)]
    return max(found, key=lambda each: each[0])[1] if found else None


def retired(standard: Standard, today: date) -> Standard:
    """The same, given to nobody any more."""
    return replace(standard, retired=today, revision=standard.revision + 1)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


_NOT_CONTENT_STEMS = frozenset(stem for word in _NOT_CONTENT for stem in terms(word))
