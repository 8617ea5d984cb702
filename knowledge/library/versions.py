"""Which versions of a document are in force: the rule, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from itertools import groupby

from knowledge.passages import EVERYONE_PRINCIPAL, Audience, Document, Kind, Status

STANDING_ALONE = frozenset({Kind.MINUTES, Kind.AGENDA, Kind.REPORT})
"""Kinds that no later document replaces: each answers for its own day."""

_NUMBER = re.compile(r"\b(?:v|version|issue|revision|rev)?\s*(\d+(?:\.\d+)*)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def in_force(documents: Iterable[Document], today: date | None = None) -> dict[str, bool]:
    """Document id -> whether it answers by default, for all documents of the families given.

    A draft or a superseded document never does. An approved one does unless another approved one of its family is
    later (by date; by version number where dates are equal or missing) and may be read by everybody who may read
    the earlier: what a reader cannot see must not change his answers. Where no order can be told, both stand. With
    `today`, a version that takes effect later does not yet replace anything, and does not stand itself.
    """
    by_family = sorted(documents, key=lambda document: document.family)
    result: dict[str, bool] = {}
    for _, members in groupby(by_family, key=lambda document: document.family):
        result |= _of_family(list(members), today)
    return result


def covers(audience: Audience, other: Audience) -> bool:
    """Whether everybody who may read by `other` may read by `audience`."""
    return EVERYONE_PRINCIPAL in audience.principals or other.principals <= audience.principals


def number(version: str | None) -> tuple[int, ...] | None:
    """The version's number for comparing ("v2.1" -> (2, 1)), or None when it is a date or words."""
    if not version or _YEAR.search(version):
        return None
    match = _NUMBER.fullmatch(version.strip())
    return tuple(int(part) for part in match[1].split(".")) if match else None


def _of_family(members: list[Document], today: date | None) -> dict[str, bool]:
    result = {each.id: each.kind in STANDING_ALONE for each in members}
    approved = [each for each in members if each.kind not in STANDING_ALONE and each.status is Status.APPROVED]
    begun = [each for each in approved if today is None or each.date is None or each.date <= today]
    for each in begun:
        result[each.id] = not any(_replaces(other, each, today) for other in begun)
    for each in approved:
        # Next year's dates are asked for as soon as they are out; until then this year's stand beside them.
        if each.kind is Kind.CALENDAR and each not in begun:
            result[each.id] = True
    return result


def _replaces(later: Document, earlier: Document, today: date | None) -> bool:
    if later.kind is Kind.CALENDAR and today is None:
        return False
    if not covers(later.audience, earlier.audience):
        return False
    if later.date and earlier.date and later.date != earlier.date:
        return later.date > earlier.date
    one, other = number(later.version), number(earlier.version)
    if bool(later.date) == bool(earlier.date):
        return one is not None and other is not None and one > other
    return False
