"""Whom to speak to about a child at risk: the safeguarding leads of the trust file, with their telephone numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from bot.config.trust import Person, Trust
from knowledge.query import naming

LEAD, DEPUTY = "dsl", "deputy-dsl"
MOST = 8
IF_ABOUT = "If this is about a child who may be at risk, do not wait. {lead}"

Leads = Callable[[str, str | None], str]
"""Whom to speak to, for a question and whoever asks it (None: others see the answer too); empty where the trust file
names nobody."""


def no_leads(question: str, asker: str | None) -> str:
    """Nobody is named."""
    return ""


def lead_line(trust: Trust, question: str, asker: Person | None) -> str:
    """The line that names the leads of the school that the question names, else of the asker's own schools, else of
    every school; where these have none, those of the trust. Empty where the file names nobody."""
    named = naming.schools(question, trust.names)
    own = asker.schools if asker else ()
    wanted = [school.id for school in trust.schools if school.id in named]
    wanted = wanted or [school.id for school in trust.schools if school.id in own]
    if len(wanted) == 1 and (line := _of_one(trust, wanted[0], asker)):
        return line
    listed = [school for school in wanted or trust.names.schools if _of(trust, school, LEAD)]
    if len(wanted) != 1 and 0 < len(listed) <= MOST:
        return f"Speak now to the designated safeguarding lead. {' · '.join(_in_list(trust, listed))}."
    central = _others(_of(trust, None, LEAD), asker)
    return f"Speak now to {_several(central)}, designated safeguarding lead of the trust." if central else ""


def schools_without(trust: Trust) -> list[str]:
    """The names of the schools for which the trust file names no lead."""
    return [school.name for school in trust.schools if not _of(trust, school.id, LEAD)]


def without_number(trust: Trust) -> list[str]:
    """The names of leads and deputies who have no telephone number in the trust file."""
    return [person.name for person in trust.people if {LEAD, DEPUTY} & set(person.roles) and not person.phone]


def _of(trust: Trust, school: str | None, role: str) -> list[Person]:
    """Who holds this role at a school, or for the trust as a whole."""
    holders = [person for person in trust.people if role in person.roles]
    return [person for person in holders if (school in person.schools if school else not person.schools)]


def _others(people: Iterable[Person], asker: Person | None) -> list[Person]:
    return [person for person in people if asker is None or person.id != asker.id]


def _of_one(trust: Trust, school: str, asker: Person | None) -> str:
    """The line for one school; empty where nobody there is lead or deputy, or nobody but the asker."""
    leads, deputies = _of(trust, school, LEAD), _of(trust, school, DEPUTY)
    name, beside = _short(trust, school), _others([*leads, *deputies], asker)
    if asker is not None and asker.id in {person.id for person in leads}:
        beside = beside or _others(_of(trust, None, LEAD), asker)
        talk = f" To talk it over: {_several(beside)}." if beside else ""
        return f"You are a designated safeguarding lead at {name}, so this is yours to act on now.{talk}"
    if not beside:
        return ""
    first, *others = beside
    office = "designated safeguarding lead" if LEAD in first.roles else "deputy designated safeguarding lead"
    said = f"Speak now to {first.name}, {office} at {name}{f': {first.phone}' if first.phone else ''}."
    return f"{said} {'Deputy' if len(others) == 1 else 'Deputies'}: {_several(others)}." if others else said


def _in_list(trust: Trust, schools: Iterable[str]) -> Iterator[str]:
    for school in schools:
        yield f"{_short(trust, school)}: {_several(_of(trust, school, LEAD)[:1])}"


def _short(trust: Trust, school: str) -> str:
    """The name that people use: the first of a school's other names, where it has any."""
    name, *also = trust.names.schools[school]
    return also[0] if also else name


def _several(people: Sequence[Person]) -> str:
    return "; ".join(f"{person.name}, {person.phone}" if person.phone else person.name for person in people)
