"""Rosters and responses that the pulse's tests share."""

from __future__ import annotations

import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.pulse import register
from bot.pulse.model import STATEMENTS, Choice, Collaboration, Member, Response, Wave
from bot.pulse.panel import Panel, school_year
from bot.pulse.sealed import answers
from bot.pulse.sealed.closing import Closing
from bot.pulse.sealed.sealing import OldKeys

COLLABORATION = Collaboration(
    "reading",
    "Reading across the hub",
    ("oak", "elm"),
    "More read well at eleven",
    "kd",
    date(2026, 9, 1),
    date(2027, 7, 20),
)


@dataclass
class Drawer:
    """A safe in memory, which no copy of the disk holds; the product's own lies in Slack (test_safe)."""

    held: dict[str, bytes] = field(default_factory=dict)

    def put(self, secret: bytes) -> str:
        reference = f"F{secrets.token_hex(5)}"
        self.held[reference] = secret
        return reference

    def get(self, reference: str) -> bytes | None:
        return self.held.get(reference)

    def destroy(self, reference: str) -> None:
        self.held.pop(reference, None)


@dataclass
class Polling:
    """Waves over a database, without Slack: asked, answered, written in batches as the clock does, counted."""

    engine: Engine
    home: Path
    drawer: Drawer = field(default_factory=Drawer)

    @property
    def closing(self) -> Closing:
        """As a process has it that has just been started: it remembers nothing."""
        return Closing(self.engine, OldKeys(self.home / "pulse"), self.drawer)

    def opened(self, members: Sequence[Member], name: str = "w1", all_asked: bool = True) -> dict[str, str]:
        """An open wave, and everybody's token as their invitations carry it."""
        with Session(self.engine) as session, session.begin():
            register.put_collaboration(session, COLLABORATION)
        wave = a_wave(members, name)
        self.closing.open(wave, Panel(school_year(wave.opens), wave.roster))
        tokens = {member.person: self.closing.token(name, member.person) for member in members}
        if all_asked:
            self.closing.everybody_was_asked(name)
        return tokens

    def says(self, person: str, token: str, choices: Sequence[Choice], comment: str = "", name: str = "w1") -> None:
        """Somebody sends the form, and the clock strikes."""
        answers.answer(self.engine, name, person, token, choices, comment)
        self.closing.batch(name)

    def closed(self, name: str = "w1") -> bool:
        """The wave is counted on its last day."""
        return self.closing.close(name, (), date(2026, 11, 17))


def a_wave(roster: Sequence[Member], name: str = "w1") -> Wave:
    return Wave(name, COLLABORATION.id, date(2026, 11, 9), date(2026, 11, 17), tuple(roster), STATEMENTS)


def roster(count: int, slices: Sequence[str] = ("hub:north", "hub:south")) -> list[Member]:
    return [Member(f"p{number:03}", frozenset({slices[number % len(slices)]})) for number in range(count)]


def same(slices: frozenset[str], choice: int, statements: int = len(STATEMENTS)) -> Response:
    return Response(slices, (Choice(choice),) * statements)


def drawn(dice: random.Random) -> tuple[Choice, ...]:
    return tuple(dice.choice(tuple(Choice)) for _ in STATEMENTS)
