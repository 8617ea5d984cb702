"""Recognise one action that stands in several places, and keep what each place says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.minutes.actions.found import Candidate
from ingest.minutes.actions.owners import People
from ingest.minutes.model import Found
from knowledge.text.terms import terms

_RANK: dict[Found, int] = {"table": 0, "margin": 1, "text": 2}


@dataclass(slots=True)
class Group:
    """The places in which one action stands, the fullest account first."""

    places: list[Candidate]

    @property
    def first(self) -> Candidate:
        """The account that is shown."""
        return self.places[0]

    @property
    def phrase(self) -> str:
        """The first due phrase that any place gives."""
        return next((place.phrase for place in self.places if place.phrase), "")


def grouped(candidates: Sequence[Candidate], people: People) -> list[Group]:
    """The actions of all places, each once, in the order of their fullest accounts."""
    groups: list[Group] = []
    for each in sorted(candidates, key=lambda candidate: _RANK[candidate.found]):
        scores = [max(_alike(place, each, people) for place in group.places) for group in groups]
        best = max(range(len(groups)), key=scores.__getitem__, default=None)
        if best is not None and scores[best] > 0:
            groups[best].places.append(each)
        else:
            groups.append(Group([each]))
    return groups


def _alike(one: Candidate, other: Candidate, people: People) -> float:
    """How alike two places are; 0 where they are two actions."""
    a, b = _words(one.task), _words(other.task)
    if not a or not b:
        return 0.0
    shared = len(a & b)
    share = shared / min(len(a), len(b))
    wide = max(_within(a, other), _within(b, one))
    same_owner = people.overlap(one.owners, other.owners)
    if (
        one.marked != other.marked
        and one.line.heading == other.line.heading
        and one.owners
        and other.owners
        and same_owner
    ):
        # Told in running text, and again in short after the word Action.
        return share + wide if shared and (share >= 0.3 or wide >= 0.5) else 0.0
    if one.found == other.found:
        few = 1 if one.found == "table" else 2
        return share if share > 0.85 and shared > few and same_owner else 0.0
    if not same_owner:
        return share if share >= 0.75 and shared > 2 and not (one.owners and other.owners) else 0.0
    if one.line is other.line:
        return 1 + share if share >= 0.3 or wide >= 0.5 else 0.0
    lettered, numbered = _common(one, other)
    need, need_wide = (0.2, 0.3) if lettered else (0.3, 0.45) if numbered else (0.5, 0.7)
    near = (share >= need and (shared > 1 or lettered or len(a) < 3)) or (wide >= need_wide and len(a | b) > 2)
    near = near or bool(numbered and (one.pointed or other.pointed) and (shared or wide))
    return share + wide / 2 + bool(numbered) / 2 + bool(lettered) if near else 0.0


def _common(one: Candidate, other: Candidate) -> tuple[bool, bool]:
    """Whether two places are of one lettered item (54a), and whether of one numbered item; 49a and 49d are neither."""
    letters = [{each for each in place.items if not each.isdigit()} for place in (one, other)]
    if all(letters):
        return bool(letters[0] & letters[1]), bool(letters[0] & letters[1])
    return False, bool(one.items & other.items)


def _within(words: frozenset[int], place: Candidate) -> float:
    """How much of an action's words stands in or around another place."""
    return len(words & _words(place.around)) / len(words) if place.around and len(words) > 1 else 0.0


@lru_cache(maxsize=8192)
def _words(text: str) -> frozenset[int]:
    """The terms of a text, each place of which is held against every other."""
    return frozenset(terms(text))
