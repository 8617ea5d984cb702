"""Whom a collaboration's pulses ask: a panel, frozen for the school year, so that no two figures differ by a few."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.pulse.model import PANEL_LEAST, THRESHOLD, Member, frozen
from bot.pulse.results.differencing import singles_out

YEAR_BEGINS = 9
Mix = frozenset[str]


@dataclass(frozen=True, slots=True)
class Panel:
    """The people whom a collaboration's waves count, by the autumn in which their school year began. Whoever leaves
    stays in it without being asked."""

    year: int
    members: tuple[Member, ...]

    @property
    def people(self) -> frozenset[str]:
        """Who is in it."""
        return frozenset(member.person for member in self.members)

    @property
    def mixes(self) -> frozenset[Mix]:
        """The cells that its slices are made of."""
        return frozenset(member.slices for member in self.members)


def school_year(day: date) -> int:
    """The autumn in which the school year of this day began."""
    return day.year if day.month >= YEAR_BEGINS else day.year - 1


def seated(before: Sequence[Panel], wanted: Iterable[Member], day: date) -> Panel:
    """The panel on this day, when these people are wanted in it; `before` are all those that there were, the last one
    last.

    People come in when there are five of them, and nobody goes out, so that the figures of two panels differ by five or
    more. Only a small panel, which is all one cell, is drawn anew at the beginning of a school year, if no sum or
    difference over all panels that there were is then over one to four people.
    """
    chosen = {member.person: member for member in wanted}
    year = school_year(day)
    if not before:
        return Panel(year, frozen(chosen.values(), PANEL_LEAST))
    last = before[-1]
    new = [member for person, member in chosen.items() if person not in last.people]
    small = len(last.mixes) == 1
    if len(new) >= THRESHOLD:
        cohort = frozen((_in_known_cells(member, last) for member in new), THRESHOLD)
        grown = Panel(year, _in_order((*last.members, *cohort)))
        if not small or _safe(before, grown):
            return grown
    if small and year != last.year and chosen.keys() != last.people and len(chosen) >= PANEL_LEAST:
        drawn = Panel(year, _in_order(Member(person, frozenset()) for person in chosen))
        if _safe(before, drawn):
            return drawn
    return replace(last, year=year)


def _in_known_cells(member: Member, panel: Panel) -> Member:
    """Somebody who joins, with slices only where a cell of the panel has the same ones."""
    return member if member.slices in panel.mixes else Member(member.person, frozenset())


def _safe(before: Sequence[Panel], after: Panel) -> bool:
    """Exact, and quick because panels are few and small: it is asked once, as a wave opens, and never at a close."""
    return not singles_out([panel.people for panel in (*before, after)], THRESHOLD)


def _in_order(members: Iterable[Member]) -> tuple[Member, ...]:
    return tuple(sorted(members, key=lambda member: member.person))
