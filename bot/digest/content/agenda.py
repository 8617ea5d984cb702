"""The standard agenda items by exception: what changed, who struggles, who can help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.digest.content import matching, voices
from bot.digest.content.voices import Voice
from bot.digest.content.words import BRIEF, FULL, Point, Summarise, lines, span
from bot.digest.model import DigestLine

NEEDED = "decisions"
NAMED = 5
T = TypeVar("T")


class Standing:
    """How the schools stand on each item this week, beside their last returns before it."""

    def __init__(
        self,
        week: Sequence[Voice],
        before: Sequence[Voice],
        items: Sequence[tuple[str, str]],
        short: Callable[[str], str],
        turn: int = 0,
    ) -> None:
        self._week = week
        self._before = before
        self._items = [(ident, name) for ident, name in items if ident != NEEDED]
        self._short = short
        self._turn = turn

    def lines(
        self, encode: matching.Encode | None, summarise: Summarise | None, names: Sequence[str]
    ) -> tuple[list[DigestLine], list[DigestLine]]:
        """A line an item for the overview, and each school's own words for the thread."""
        brief: list[DigestLine] = []
        full: list[DigestLine] = []
        for item, name in self._items:
            hard = self._of(item, voices.HARD)
            eased = self._eased(item)
            if not hard and not eased:
                continue
            helpers = self._helpers(item, hard, encode)
            hard, helpers, eased = (in_turn(each, self._turn, NAMED) for each in (hard, helpers, eased))
            said = [f"{listed([self._called(each) for each in hard])} {_find(len(hard))} this hard"] if hard else []
            if helpers:
                said.append(f"{listed([self._short(helper.school) for helper in helpers])} may be able to help")
            if eased:
                said.append(f"{listed([self._short(each.school) for each in eased])} no longer {_name(len(eased))} it")
            sources = tuple(each.source for each in (*hard, *helpers, *eased))
            brief.append(DigestLine(f"{name}: {'; '.join(said)}{_as_put(hard, self._short)}", sources))
            points = [Point(f"{name}, {self._called(each)}", each.source) for each in self._all(item, voices.HARD)]
            full.extend(lines(points, summarise, names))
            for said_so, words in ((helpers, "may be able to help"), (eased, "no longer names it, and said before")):
                for each in said_so:
                    text = f"{name}, {self._short(each.school)} {words}: “{span(each.text, FULL)}”"
                    full.append(DigestLine(text, (each.source,)))
        return brief, full

    def _all(self, item: str, kind: str) -> list[Voice]:
        return [each for each in self._week if each.item == item and each.kind == kind]

    def _of(self, item: str, kind: str) -> list[Voice]:
        """The first sentence of each school, in the order of the trust file."""
        first: dict[str, Voice] = {}
        for each in self._all(item, kind):
            first.setdefault(each.school, each)
        return list(first.values())

    def _called(self, each: Voice) -> str:
        """A school, and whether what it says is new: it sent a return before, without this item."""
        earlier = [old for old in self._before if old.school == each.school]
        new = earlier and not any(old.item == each.item and old.kind == voices.HARD for old in earlier)
        return f"{self._short(each.school)} (new)" if new else self._short(each.school)

    def _eased(self, item: str) -> list[Voice]:
        """What schools found hard before, that reported again without it."""
        reported = {each.school for each in self._week if each.source.ref.startswith(voices.RETURN)}
        struggling = {each.school for each in self._all(item, voices.HARD)}
        first: dict[str, Voice] = {}
        for old in self._before:
            if old.item == item and old.kind == voices.HARD and old.school in reported - struggling:
                first.setdefault(old.school, old)
        return list(first.values())

    def _helpers(self, item: str, hard: Sequence[Voice], encode: matching.Encode | None) -> list[Voice]:
        """Other schools that say of just that, under the same item, that it goes well or that they can help."""
        good = [each for each in self._all(item, voices.WELL) if {h.school for h in hard} - {each.school}]
        if not hard or not good:
            return []
        alike = matching.Likeness([each.text for each in (*hard, *good)], encode)
        found: dict[str, Voice] = {}
        for at, each in enumerate(good):
            near = any(
                h.school != each.school and alike(number, len(hard) + at) for number, h in enumerate(hard)
            )  # fmt: skip
            if near:
                found.setdefault(each.school, each)
        return list(found.values())


def _as_put(hard: Sequence[Voice], short: Callable[[str], str]) -> str:
    """The first school's own words."""
    if not hard:
        return "."
    quoted = f"“{span(hard[0].text, BRIEF)}”"
    return f": {quoted}" if len(hard) == 1 else f". {short(hard[0].school)}: {quoted}"


def listed(names: Sequence[str]) -> str:
    """Names as a sentence lists them, A, B and C; of many the first few, and how many more."""
    shown = list(names) if len(names) <= NAMED + 1 else [*names[:NAMED], f"{len(names) - NAMED} more"]
    return ", ".join(shown[:-1]) + (" and " if len(shown) > 1 else "") + shown[-1] if shown else ""


def in_turn(found: Sequence[T], turn: int, most: int) -> list[T]:
    """All of them, beginning with others each week where not all are shown, so that nobody is always the first."""
    if len(found) <= most + 1:
        return list(found)
    start = turn * most % len(found)
    return [*found[start:], *found[:start]]


def _find(count: int) -> str:
    return "finds" if count == 1 else "find"


def _name(count: int) -> str:
    return "names" if count == 1 else "name"
