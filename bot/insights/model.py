"""What leaders may learn from use: figures, clusters of questions that several people asked, documents to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from knowledge.library.contradictions import Disagreement
from knowledge.passages import Document, Outcome, Status
from knowledge.text.terms import terms, words

ALIKE = 0.62
LEAST_PEOPLE, OUTSIDE = 3, 2
UNANSWERED = (Outcome.NOT_FOUND, Outcome.CLOSEST)


@dataclass(frozen=True, slots=True)
class Question:
    """One asked question, whoever's: `asker` only counts people and is shown nowhere. `outcome` is the asker's best.
    `circles` are the groups and schools of all who could see the answer; None where it came from documents that the
    reader of the insights may read."""

    text: str
    asker: str
    outcome: Outcome
    circles: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """Questions that mean much the same, which at least three people asked: in a wording that three of them used, else
    by the words that three of them share. No wording is one person's own."""

    wording: str
    questions: int
    people: int
    unanswered: int

    @property
    def mostly_unanswered(self) -> bool:
        """Whether most of them ended without an answer."""
        return 2 * self.unanswered > self.questions


@dataclass(frozen=True, slots=True)
class Unhelpful:
    """An answer that was marked unhelpful: what was missing, and which documents it quoted. It is shown where these are
    open to the reader of the insights, and of an answer that quoted none where all could see it who are in no circle
    that the reader is not in."""

    missing: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stale:
    """A document to look at, and why."""

    document: Document
    why: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts over some days; `helpful` and `unhelpful` are marks; seconds run from hearing a question to its answer."""

    days: int
    questions: int
    people: int | None
    outcomes: dict[str, int]
    helpful: int
    unhelpful: int
    median_seconds: float | None
    slow_seconds: float | None

    def as_json(self) -> dict[str, object]:
        """The published shape."""
        return {
            "days": self.days,
            "questions": self.questions,
            "people": self.people,
            "outcomes": self.outcomes,
            "helpful": self.helpful,
            "unhelpful": self.unhelpful,
            "seconds": {"median": self.median_seconds, "p95": self.slow_seconds},
        }


@dataclass(frozen=True, slots=True)
class Insights:
    """All that there is to learn from these days, for one reader."""

    days: int
    figures: Figures
    asked: tuple[Cluster, ...]
    unanswered: tuple[Cluster, ...]
    unhelpful: tuple[Unhelpful, ...]
    stale: tuple[Stale, ...]
    disagreements: tuple[Disagreement, ...]

    def as_json(self) -> dict[str, object]:
        """The published shape."""

        def shown(cluster: Cluster) -> dict[str, object]:
            return {"wording": cluster.wording, "questions": cluster.questions, "people": cluster.people,
                    "unanswered": cluster.unanswered}  # fmt: skip

        return {
            "figures": self.figures.as_json(),
            "asked": [shown(each) for each in self.asked],
            "unanswered": [shown(each) for each in self.unanswered],
            "unhelpful": [{"missing": each.missing, "documents": list(each.documents)} for each in self.unhelpful],
            "stale": [
                {"document": each.document.file_name, "title": each.document.title, "why": each.why}
                for each in self.stale
            ],
            "disagreements": [
                {
                    "figures": [each.figure.written, each.against.written],
                    "documents": [each.one.document.file_name, each.other.document.file_name],
                    "sentences": [each.one.text, each.other.text],
                    "cosine": round(each.cosine, 3),
                }
                for each in self.disagreements
            ],
        }


def clusters(
    questions: Sequence[Question], vectors: NDArray[np.float32], circles: frozenset[str] | None = None
) -> list[Cluster]:
    """Groups of questions that mean much the same, the most asked first; those of fewer than three people are left
    out. Each question joins the nearest group whose centre is near enough, the most central questions first. Left out
    too is what was asked within a circle that the reader of the insights, who is in these `circles` (None: in all), is
    not in."""
    if not questions:
        return []
    near = vectors @ vectors.T
    order = np.argsort(-(near >= ALIKE).sum(axis=1), kind="stable")
    free = set(range(len(questions)))
    found: list[Cluster] = []
    for centre in order:
        if int(centre) not in free:
            continue
        members = [each for each in free if near[centre, each] >= ALIKE]
        free.difference_update(members)
        members = _outside_closed_circles(questions, members, circles)
        people = {questions[each].asker for each in members}
        if len(people) >= LEAST_PEOPLE:
            within = near[np.ix_(members, members)].sum(axis=1)
            central = questions[members[int(np.argmax(within))]].text
            wording = nobodys_words([questions[each] for each in members], central)
            lost = sum(questions[each].outcome in UNANSWERED for each in members)
            if wording:
                found.append(Cluster(wording, len(members), len(people), lost))
    return sorted(found, key=lambda each: (-each.people, -each.questions, each.wording))


def _outside_closed_circles(
    questions: Sequence[Question], members: list[int], circles: frozenset[str] | None
) -> list[int]:
    """These questions without those of a circle, a school or a group, that the reader is not in, unless at least two
    people outside it asked the same."""
    kept = list(members)
    own = {at: questions[at].circles or frozenset[str]() for at in members}
    closed = frozenset[str]().union(*own.values()) - circles if circles is not None else frozenset[str]()
    for circle in sorted(closed):
        if len({questions[at].asker for at in members if circle not in own[at]}) < OUTSIDE:
            kept = [at for at in kept if circle not in own[at]]
    return kept


def nobodys_words(questions: Sequence[Question], central: str) -> str:
    """A wording that at least three people used, the most used first; else the words of the most central question that
    at least three people used; empty where there are none."""
    same: dict[str, set[str]] = {}
    first: dict[str, str] = {}
    using: dict[int, set[str]] = {}
    for question in questions:
        key = " ".join(words(question.text))
        same.setdefault(key, set()).add(question.asker)
        first.setdefault(key, question.text)
        for stem in terms(question.text):
            using.setdefault(stem, set()).add(question.asker)
    key = max(same, key=lambda each: (len(same[each]), each))
    if len(same[key]) >= LEAST_PEOPLE:
        return first[key]
    shared = {stem for stem, people in using.items() if len(people) >= LEAST_PEOPLE}
    said = [word for word in words(central) if (own := terms(word)) and shared.issuperset(own)]
    return f"about {', '.join(dict.fromkeys(said))}" if said else ""


OLD_QUOTED = "a later version is in force, yet answers quoted this one"
DRAFT_QUOTED = "it is a draft and not approved, yet answers quoted it"


def stale(documents: Sequence[Document], quoted: frozenset[str], today: date) -> list[Stale]:
    """Documents to look at: review passed, quoted though superseded, without any date."""
    found = []
    for document in documents:
        if document.in_force and document.review and document.review < today:
            days = f"{document.review.day} {document.review:%B %Y}"
            found.append((0, document.review, Stale(document, f"its review was due on {days}")))
        elif not document.in_force and document.id in quoted:
            why = DRAFT_QUOTED if document.status is Status.DRAFT else OLD_QUOTED
            found.append((1, document.date or date.min, Stale(document, why)))
        elif document.date is None and document.version is None:
            found.append((2, date.min, Stale(document, "it has no date and no version")))
    return [each for _, _, each in sorted(found, key=lambda each: (each[0], each[1], each[2].document.title))]
