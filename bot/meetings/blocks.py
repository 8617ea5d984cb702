"""What all of the meetings room's messages and forms are made of: people, bodies, actions in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from bot.config.trust import Trust
from bot.meetings.bodies import Bodies
from bot.meetings.model import Action, State, ordinal, spoken
from bot.slack import block_kit as kit
from bot.slack.block_kit import Block
from bot.slack.forms import people_by_school
from ingest.minutes import Owner
from knowledge.school.due import Due

WRITTEN = "written:"
NOBODY = "nobody named yet"


def owners(each: Iterable[Owner]) -> str:
    """Owners in plain words."""
    return ", ".join(owner.name for owner in each) or NOBODY


def due(each: Due) -> str:
    """When something is due, in plain words."""
    if each.date:
        return f"by {spoken(each.date)}"
    words = {"asap": "as soon as possible", "ongoing": "ongoing"}.get(each.state, "no date")
    return f"{words} (“{each.phrase}”)" if each.phrase and each.state in ("none", "dated") else words


def standing(action: Action, today: date) -> str:
    """How an action stands, in plain words: owners, day, what is special about it."""
    parts = [owners(action.owners), due(action.due)]
    if action.overdue(today):
        parts.append("*overdue*")
    if action.meetings > 1:
        parts.append(f"{ordinal(action.meetings)} meeting")
    if action.snoozed_until and action.live and action.snoozed_until > today:
        parts.append(f"snoozed until {spoken(action.snoozed_until)}")
    if action.state in (State.DONE, State.DROPPED, State.DEFERRED):
        parts.append(action.state.value + (f": {kit.escape(action.reason)}" if action.reason else ""))
    return " · ".join([*map(kit.escape, parts[:2]), *parts[2:]])


def quoted(quote: str, page: int | None) -> Block:
    """The line of the notes that something stands in, as small print."""
    if not quote:
        return kit.context("Written in by hand: the notes do not say it.")
    where = f" · page {page}" if page is not None else ""
    return kit.context(f"“{kit.escape(kit.shorten(quote, 600))}”{where}")


def people_menu(action: str, trust: Trust, chosen: Sequence[Owner] = (), placeholder: str = "Choose people") -> Block:
    """A menu of the people of the trust by school, and of owners who stay as they are written."""
    groups: list[tuple[str, list[Block]]] = []
    if as_written := [owner for owner in chosen if not owner.person]:
        groups.append(("As written", [kit.option(owner.name, _written(owner.name)) for owner in as_written]))
    groups += people_by_school(trust)
    initial = [owner.person or _written(owner.name) for owner in chosen]
    return kit.select_in_groups(action, groups, placeholder, initial)


def person_menu(action: str, trust: Trust, chosen: str | None, placeholder: str) -> Block:
    """A menu of one person of the trust."""
    groups = people_by_school(trust)
    return kit.select_in_groups(action, groups, placeholder, [chosen] if chosen else [], several=False)


def named(values: Iterable[str]) -> list[str]:
    """The ids and names that a menu of people gives back."""
    return [value.removeprefix(WRITTEN) for value in values]


def body_field(label: str, menu: Block, hint: str = "") -> list[Block]:
    """A form's field for a menu of bodies; none where the trust file lists no body."""
    return [kit.field(label, menu, hint=hint)] if menu["options"] else []


def body_menu(action: str, bodies: Bodies, own: str | None, schools: Sequence[str] = ()) -> Block:
    """A menu of the bodies that meet: those of the person's own schools first."""
    listed = sorted(bodies.all(), key=lambda body: (body.key != own, body.school not in schools))
    return kit.select(action, [kit.option(body.name, body.key) for body in listed], "Choose the meeting", own or "")


def _written(name: str) -> str:
    return f"{WRITTEN}{name}"[: kit.OPTION_VALUE]


def turning(action: str, page: int, pages: int) -> list[Block]:
    """The buttons to other pages, where there are some."""
    moves = [kit.button("Page before", f"{action}.before", str(page - 1))] if page > 0 else []
    moves += [kit.button("Next page", f"{action}.next", str(page + 1))] if page < pages - 1 else []
    return [kit.context(f"Page {page + 1} of {pages}"), kit.actions(*moves)] if moves else []
