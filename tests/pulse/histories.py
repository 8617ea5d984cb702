"""Years of a collaboration's pulses, drawn by chance: who is asked, who answers, what is published, and of whom."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.pulse.model import THRESHOLD, Choice, Member, Response, Statement, Wave
from bot.pulse.panel import Panel, seated
from bot.pulse.results.publish import WHOLE, Publication, Returns, Rules, publish
from tests.pulse.conftest import COLLABORATION

ONE = (Statement("own-1", None, "One statement."),)
SEPTEMBER = date(2026, 9, 14)
HALF_TERMS = 6
MIXES = [frozenset(mix) for mix in itertools.product(("phase:a", "phase:b"), ("hub:n", "hub:s", "hub:w"))]
Group = frozenset[str]


@dataclass
class History:
    """What came of a collaboration's waves: `guarded` are the groups behind the figures by the panel's rule, those who
    have left among them; `known` those of which everybody could tell who answered; `shown` whether each wave had
    figures; `asked` whom each asked; `published` what was."""

    guarded: list[Group] = field(default_factory=list)
    known: list[Group] = field(default_factory=list)
    shown: list[bool] = field(default_factory=list)
    asked: list[Group] = field(default_factory=list)
    published: list[Publication] = field(default_factory=list)


def history(
    dice: random.Random,
    size: int,
    response: float,
    turnover: float,
    waves: int,
    rules: Rules | None = None,
    mixes: int = 1,
    guard: bool = True,
) -> History:
    """The waves of a collaboration of so many people, one in each half of a term. Between two, each person leaves at
    the rate of `turnover`, and another takes his place. Everybody says the same in every wave: the case in which one
    wave gives away most about another. Without `guard` whoever is there is asked, as if there were no panel.
    """
    ways = dice.sample(MIXES, mixes)
    number = itertools.count()

    def somebody() -> Member:
        return Member(f"p{next(number):04}", dice.choice(ways))

    there = [somebody() for _ in range(size)]
    said: dict[str, Choice] = {}
    panels: list[Panel] = []
    pooled: list[tuple[str, Response]] = []
    found = History()
    for count in range(waves):
        if count:
            there = [member if dice.random() >= turnover else somebody() for member in there]
        year, half = divmod(count, HALF_TERMS)
        day = SEPTEMBER + timedelta(days=365 * year + 55 * half)
        panel = seated(panels if guard else [], there, day)
        if not panels or panels[-1].members != panel.members:
            panels.append(panel)
        panels[-1] = panel
        present = {member.person for member in there}
        roster = tuple(member for member in panel.members if member.person in present)
        for member in roster:
            said.setdefault(member.person, Choice(dice.randrange(6)))
        answered = [member for member in roster if dice.random() < response]
        came = [(member.person, Response(member.slices, (said[member.person],))) for member in answered]
        found.asked.append(frozenset(member.person for member in roster))
        if len(roster) < THRESHOLD:
            found.shown.append(False)
            continue
        one_less = guard and len(answered) == len(roster) and any(group != found.asked[-1] for group in found.known)
        wave = Wave(f"w{count}", COLLABORATION.id, day, day, roster, ONE, "", len(panel.members))
        every = [*pooled, *came]
        returns = Returns(tuple(each for _, each in every), len({person for person, _ in every}))
        published = publish(wave, returns, (), dice, rules or Rules(), one_less=one_less and not pooled)
        found.published.append(published)
        found.shown.append(published.whole is not None)
        if published.whole is None:
            pooled = every
            continue
        if not pooled and published.count == len(roster):
            found.known.append(found.asked[-1])
        pooled = []
        for cell in published.cells:
            if cell.figures:
                inside = (member.person for member in panel.members if cell.name in (WHOLE, *member.slices))
                found.guarded.append(frozenset(inside))
    return found
