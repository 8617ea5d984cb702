"""Rosters and responses that the pulse's tests share."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date

from bot.pulse.model import STATEMENTS, Choice, Collaboration, Member, Response, Wave

COLLABORATION = Collaboration(
    "reading",
    "Reading across the hub",
    ("oak", "elm"),
    "More read well at eleven",
    "kd",
    date(2026, 9, 1),
    date(2027, 7, 20),
)


def a_wave(roster: Sequence[Member], name: str = "w1") -> Wave:
    return Wave(name, COLLABORATION.id, date(2026, 11, 9), date(2026, 11, 17), tuple(roster), STATEMENTS)


def roster(count: int, slices: Sequence[str] = ("hub:north", "hub:south")) -> list[Member]:
    return [Member(f"p{number:03}", frozenset({slices[number % len(slices)]})) for number in range(count)]


def same(slices: frozenset[str], choice: int, statements: int = len(STATEMENTS)) -> Response:
    return Response(slices, (Choice(choice),) * statements)


def drawn(dice: random.Random) -> tuple[Choice, ...]:
    return tuple(dice.choice(tuple(Choice)) for _ in STATEMENTS)
