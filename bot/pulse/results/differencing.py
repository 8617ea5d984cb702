"""Finds out whether groups of people, added and subtracted in any way, single out too few of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

# A Mersenne prime. Determinants of 0/1 matrices stay below it up to rank 50, so that ranks modulo it are exact there.
PRIME = 2**127 - 1
Atom = tuple[int, ...]
"""In which of the published groups a person is: one 0 or 1 per group."""


def singles_out(groups: Sequence[Collection[str]], threshold: int) -> bool:
    """Whether some combination of the groups' totals is a total over at least one and fewer than `threshold` people.

    A group is the set of people whose answers were counted. Whoever is in several groups, of one wave or of several,
    counts as the same unknown: the worst case, in which nobody changed an answer. Exact, not a search that may miss.
    """
    different = {frozenset(group) for group in groups}
    atoms = Counter(tuple(int(person in group) for group in different) for person in set[str]().union(*different))
    weights = {atom: count for atom, count in atoms.items() if any(atom)}
    if not weights:
        return False
    rank = len(_basis(weights, len(different)))
    return _drops(weights, rank, threshold - 1)


def _drops(weights: dict[Atom, int], rank: int, budget: int) -> bool:
    """Whether leaving out some people, `budget` at most, lowers the rank.

    It does exactly where a combination of the groups vanishes on everybody else. Whoever lowers the rank must leave out
    somebody of every basis; so only those of one basis need be tried, and they are chosen from the largest atoms.
    """
    basis = _basis(weights, rank)
    if len(basis) < rank:
        return True
    return any(
        _drops({other: weight for other, weight in weights.items() if other != atom}, rank, budget - weights[atom])
        for atom in basis
        if weights[atom] <= budget
    )


def _basis(weights: dict[Atom, int], rank: int) -> list[Atom]:
    """Atoms that are linearly independent and span all, the largest first; no more than `rank`."""
    basis: list[Atom] = []
    reduced: list[tuple[int, list[int]]] = []
    for atom in sorted(weights, key=lambda each: (-weights[each], each)):
        row = list(atom)
        for pivot, other in reduced:
            if row[pivot]:
                factor = row[pivot]
                row = [(value - factor * against) % PRIME for value, against in zip(row, other, strict=True)]
        pivot = next((column for column, value in enumerate(row) if value), -1)
        if pivot >= 0:
            inverse = pow(row[pivot], -1, PRIME)
            reduced.append((pivot, [value * inverse % PRIME for value in row]))
            basis.append(atom)
        if len(basis) == rank:
            break
    return basis
