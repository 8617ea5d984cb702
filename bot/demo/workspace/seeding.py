"""Filling a workspace from a trust file: its people as accounts, its schools, groups and meetings as channels."""

from __future__ import annotations

import re

from bot.config.trust import Group, Person, Trust
from bot.demo.workspace.workspace import Workspace

EVERYONE = "general"


def seed(workspace: Workspace, trust: Trust) -> None:
    """Give every person of the trust an account, and put them in the channels that are theirs.

    Everybody is in #general; a school's people are in its public channel; a group or committee has a private one.
    The ids follow from the trust file, so that a workspace seeded again is the same one.
    """
    for person in trust.people:
        workspace.add_user(
            person.id, person.name, email=person.email, tz=trust.time_zone, id=person.slack or _id("U", person.id)
        )
    for name, (members, private) in _channels(trust).items():
        workspace.add_channel(name, [each.id for each in members], private=private, key=_id("C", name))


def _channels(trust: Trust) -> dict[str, tuple[list[Person], bool]]:
    """Channel name -> who is in it, and whether it is private; where two claim a name, the group has it."""
    schools = {school.id: [each for each in trust.people if school.id in each.schools] for school in trust.schools}
    groups = {group.id: [each for each in trust.people if _belongs(each, group)] for group in trust.groups}
    found: dict[str, tuple[list[Person], bool]] = {EVERYONE: (list(trust.people), False)}
    found |= {group.id: (groups[group.id], True) for group in trust.groups}
    for school in trust.schools:
        found.setdefault(school.id, (schools[school.id], False))
        if school.channel:
            found.setdefault(school.channel.lstrip("#"), (schools[school.id], False))
    for series in trust.meetings:
        if series.channel:
            members = groups.get(series.group or "") or schools.get(series.school or "") or []
            found.setdefault(series.channel.lstrip("#"), (members, True))
    return found


def _belongs(person: Person, group: Group) -> bool:
    return person.id in group.people or any(role in group.roles for role in person.roles)


def _id(prefix: str, name: str) -> str:
    """An id of Slack's shape; the 0 keeps apart what only hyphens told apart."""
    return f"{prefix}0{re.sub('[^A-Z0-9]', '0', name.upper())}"
