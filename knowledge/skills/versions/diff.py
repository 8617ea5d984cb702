"""Tells two versions of a document apart: which sentences say something else now, which are new and which are gone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from knowledge.passages import Citation, Document, Passage
from knowledge.skills.documents.boilerplate import is_boilerplate, leans, stands_aside
from knowledge.text.figures import Figure, figures, without
from knowledge.text.sentences import sentence_spans
from knowledge.text.terms import terms

ALIKE = 0.5
SURELY = 0.55
NEW_BELOW = 0.42
LEANING = 0.3
FAR = 0.15
SAME_MEANING = 0.9
LEAST_TERMS = 3
LEAST_WORDS = 4
POINTS_BACK = 0.8
_CELLS = " | "
_NUMBERING = re.compile(r"^\(?\d+(?:\.\d+)*[.)]?\s+")
_DUTY = re.compile(
    r"\b(?:must|shall|should|may|can|will|would|cannot|not|no|never|only|nobody|none|every|all|half|quarter|fifths?|"
    r"thirds?|whole|free|daily|weekly|monthly|termly|yearly|annually|half-termly)\b",
    re.IGNORECASE,
)
_ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_ORDINAL = re.compile(
    rf"\b({'|'.join(_ORDINALS)}) (?:(?:school|working) )?(?:day|week|month|year|time)\b", re.IGNORECASE
)
_ROLE = re.compile(
    r"\b(?:headteachers?|heads? of \w+|chief executive|chief finance officer|director of \w+|governing body|governors?|"
    r"trustees?|trust board|committee|dsl|sendco|senco|site manager|business manager|office|champions?|officers?|"
    r"deput(?:y|ies)|tutors?|class teachers?|senior leadership|parents?|carers?)\b",
    re.IGNORECASE,
)

Contents = Sequence[tuple[Passage, NDArray[np.int8] | None]]


@dataclass(frozen=True, slots=True)
class VersionSentence:
    """One sentence of a version: its place, its unit vector, and its terms without figures."""

    document: Document
    passage: Passage
    start: int
    end: int
    line: int
    vector: NDArray[np.float32]
    bag: frozenset[int]

    @property
    def text(self) -> str:
        return self.passage.text[self.start : self.end]

    @property
    def bare(self) -> str:
        """Its words without the number of its clause."""
        return _NUMBERING.sub("", " ".join(self.text.split()))

    @property
    def row(self) -> bool:
        return _CELLS in self.text

    def cite(self) -> Citation:
        """It as a citation, with the header of the table that it is a row of."""
        heading = self.passage.heading
        if self.row:
            lines = self.passage.text.split("\n")
            top = self.line
            while top > 0 and _CELLS in lines[top - 1]:
                top -= 1
            header = self.passage.header if self.passage.header and top == 0 else lines[top].strip()
            heading = (*heading, header) if header != self.text else heading
        return Citation(self.text, self.passage.id, self.document, heading, self.passage.page)


@dataclass(frozen=True, slots=True)
class Change:
    """Two sentences on the same matter that say different things: `was` and `now` are the figures that differ."""

    old: VersionSentence
    new: VersionSentence
    likeness: float
    was: tuple[str, ...] = ()
    now: tuple[str, ...] = ()

    @property
    def of_figures(self) -> bool:
        return bool(self.was or self.now)


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs, weightiest first; `same` and `reworded` count the sentences that say the same."""

    changed: tuple[Change, ...] = ()
    new: tuple[VersionSentence, ...] = ()
    gone: tuple[VersionSentence, ...] = ()
    same: int = 0
    reworded: int = 0


def differences(old: Document, before: Contents, new: Document, after: Contents) -> Differences:
    """Compare an earlier version with a later one."""
    first, second = sentences(old, before), sentences(new, after)
    if not first or not second:
        return Differences(new=tuple(second), gone=tuple(first))
    likeness = _likeness(first, second)
    pairs = [(m, n) for m, n in _paired(likeness) if _surely(first[m], second[n], float(likeness[m, n]))]
    partner = dict(pairs)
    back = {n: m for m, n in pairs}
    near_old, near_new = likeness.max(axis=1), likeness.max(axis=0)
    extended_old, alone_old = _leaning(first, partner, second, likeness)
    extended_new, alone_new = _leaning(second, back, first, likeness.T)
    changed: list[Change] = []
    same = reworded = 0
    for m, n in pairs:
        one, other = extended_old.get(m, first[m]), extended_new.get(n, second[n])
        if one.bare.casefold() == other.bare.casefold():
            same += 1
        elif change := _change(one, other, float(likeness[m, n])):
            changed.append(change)
        else:
            reworded += 1
    changed.sort(key=_weight, reverse=True)
    fresh = [second[n] for n in alone_new if near_new[n] < NEW_BELOW or near_new[n] >= ALIKE]
    gone = [first[m] for m in alone_old if near_old[m] < NEW_BELOW or near_old[m] >= ALIKE]
    fresh.sort(key=_says, reverse=True)
    gone.sort(key=_says, reverse=True)
    return Differences(tuple(changed), tuple(fresh), tuple(gone), same, reworded)


def sentences(document: Document, contents: Contents) -> list[VersionSentence]:
    """The sentences of a version that can be compared, in order."""
    found: list[VersionSentence] = []
    for passage, rows in contents:
        if rows is None or any(stands_aside(each) for each in passage.heading[-1:]):
            continue
        header = passage.text.split("\n", 1)[0]
        for (start, end), row in zip(sentence_spans(passage.text), rows, strict=False):
            text = passage.text[start:end]
            bag = frozenset(terms(without(_NUMBERING.sub("", text))))
            is_row = _CELLS in text
            if len(bag) < (1 if is_row or figures(text) else LEAST_TERMS) or len(text.split()) < LEAST_WORDS - is_row:
                continue
            if is_boilerplate(text) or (is_row and (text == header or not re.search(r"\d", text))):
                continue
            vector = row.astype(np.float32)
            vector /= max(float(np.linalg.norm(vector)), 1e-6)
            found.append(
                VersionSentence(document, passage, start, end, passage.text.count("\n", 0, start), vector, bag)
            )
    return found


def _likeness(first: Sequence[VersionSentence], second: Sequence[VersionSentence]) -> NDArray[np.float32]:
    """How far each two are on the same matter, by meaning and by words, -0.5 to 1: (len(first), len(second))."""
    near = np.dot(np.stack([each.vector for each in first]), np.stack([each.vector for each in second]).T)
    shared = np.zeros_like(near)
    for m, one in enumerate(first):
        for n, other in enumerate(second):
            if one.row != other.row:
                near[m, n] *= 0.6
            elif one.row and _label(one) == _label(other):
                shared[m, n] = 1.0
                continue
            if near[m, n] < FAR:
                continue
            common = len(one.bag & other.bag)
            if common:
                # The shorter one's share counts too: a sentence that was only added to is still the same one.
                least = common / min(len(one.bag), len(other.bag))
                shared[m, n] = 0.6 * common / len(one.bag | other.bag) + 0.4 * least
    # What points back goes with the sentence before it rather than with another of its own.
    back = [np.array([POINTS_BACK if leans(each.bare) else 1.0 for each in side]) for side in (first, second)]
    return np.asarray((0.5 * near + 0.5 * shared) * np.outer(*back), np.float32)


def _label(row: VersionSentence) -> str:
    return _NUMBERING.sub("", row.text.split(_CELLS, 1)[0].strip().casefold())


def _paired(likeness: NDArray[np.float32]) -> list[tuple[int, int]]:
    """The best partner for each, nobody twice, surest first."""
    order = np.dstack(np.unravel_index(np.argsort(-likeness, axis=None), likeness.shape))[0]
    pairs: list[tuple[int, int]] = []
    used: tuple[set[int], set[int]] = (set(), set())
    for m, n in order.tolist():
        if likeness[m, n] < ALIKE:
            break
        if m not in used[0] and n not in used[1]:
            pairs.append((m, n))
            used[0].add(m)
            used[1].add(n)
    return pairs


def _leaning(
    own: Sequence[VersionSentence],
    partner: dict[int, int],
    others: Sequence[VersionSentence],
    likeness: NDArray[np.float32],
) -> tuple[dict[int, VersionSentence], list[int]]:
    """The paired sentences with what follows them in their clause and leans on them; and those that stay alone."""
    extended: dict[int, VersionSentence] = {}
    alone: list[int] = []
    lead: int | None = None
    for n, each in enumerate(own):
        if n in partner:
            lead = n
            continue
        follows = (
            lead is not None
            and own[lead].passage.id == each.passage.id
            and own[lead].line == each.line
            and not each.row
            and (leans(each.bare) or likeness[n, partner[lead]] >= LEANING)
        )
        if follows and lead is not None:
            before = extended.get(lead, own[lead])
            extended[lead] = replace(before, end=each.end)
        else:
            alone.append(n)
    return extended, alone


def _change(old: VersionSentence, new: VersionSentence, likeness: float) -> Change | None:
    """What two sentences on the same matter say differently; None where it is only said in other words."""
    one, other = _figures(old), _figures(new)
    was, now = _left(one, other), _left(other, one)
    if was or now:
        return Change(old, new, likeness, was, now)
    cosine = float(np.dot(old.vector, new.vector))
    duties = Counter(each.casefold() for each in _DUTY.findall(old.bare)) != Counter(
        each.casefold() for each in _DUTY.findall(new.bare)
    )
    roles = {each.casefold() for each in _ROLE.findall(old.bare)} != {
        each.casefold() for each in _ROLE.findall(new.bare)
    }
    if cosine >= SAME_MEANING and not duties and not roles:
        return None
    return Change(old, new, likeness) if (duties or roles or old.bag ^ new.bag) else None


def _surely(old: VersionSentence, new: VersionSentence, likeness: float) -> bool:
    """Whether two sentences are on the same matter: a figure that was exchanged for another speaks for it."""
    if likeness >= SURELY:
        return True
    measures = {figure.measure for figure in _figures(old)} & {each.measure for each in _figures(new)}
    return bool(measures)


def _figures(said: VersionSentence) -> list[Figure]:
    """The figures of a sentence, with the days that are counted ("the third day")."""
    days = (
        Figure("which day", float(_ORDINALS.index(match[1].casefold())), match.group())
        for match in _ORDINAL.finditer(said.bare)
    )
    return [*figures(said.bare), *days]


def _left(own: Sequence[Figure], others: Sequence[Figure]) -> tuple[str, ...]:
    """The figures that the other sentence does not have, as written."""
    known = {(other.measure, other.value, other.what) for other in others}
    return tuple(
        dict.fromkeys(each.written.rstrip(",.") for each in own if (each.measure, each.value, each.what) not in known)
    )


def _weight(change: Change) -> tuple[float, float]:
    """Figures of one measure that were exchanged come first, then duties and who bears them."""
    kind = 2.0 if change.was and change.now else 1.0 if change.of_figures else 0.5
    if not change.of_figures and (_DUTY.search(change.old.bare) or _DUTY.search(change.new.bare)):
        kind = 0.8
    return kind, change.likeness


def _says(said: VersionSentence) -> float:
    return len(figures(said.text)) + 0.7 * len(_DUTY.findall(said.text)) - (1.0 if leans(said.bare) else 0.0)
