"""Who there is to be: the people of a trust in groups, with what they do."""

from __future__ import annotations

from dataclasses import dataclass

from bot.config.trust import Person, Trust

BOARD, CENTRE, REST = "Trustees and governors", "The central team", "Everybody"


@dataclass(frozen=True, slots=True)
class Part:
    """One person that one can be: the handle in the workspace, the name, and the job."""

    handle: str
    name: str
    job: str


Cast = list[tuple[str, list[Part]]]


def cast(trust: Trust) -> Cast:
    """The central team, each school's people, then trustees and governors; empty groups are left out."""
    centre = [each for each in trust.people if not each.schools and not _governs(each)]
    groups = [(CENTRE if trust.schools else REST, centre)]
    groups += [(school.name, [each for each in trust.people if each.schools[:1] == (school.id,)])
               for school in trust.schools]  # fmt: skip
    groups.append((BOARD, [each for each in trust.people if not each.schools and _governs(each)]))
    return [(name, [_part(each) for each in people]) for name, people in groups if people]


def _governs(person: Person) -> bool:
    return any(role in ("trustee", "governor") for role in person.roles)


def _part(person: Person) -> Part:
    job = person.title or ", ".join(role.replace("-", " ") for role in person.roles)
    return Part(person.id, person.name, job)
