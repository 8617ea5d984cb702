"""How actions and decisions look in a terminal: text for people, JSON and CSV for programs."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import date

from rich.markup import escape
from rich.padding import Padding

from bot.cli.rendering.results import dump, out
from bot.meetings.actions.carry import when
from bot.meetings.model import Action, Decision, Meeting, named, ordinal
from bot.meetings.records import export


def actions(
    found: Sequence[Action], meetings: Mapping[str, Meeting], today: date, *, as_json: bool, as_csv: bool
) -> None:
    """Print actions with owners, days, age and the meeting that they come from."""
    if as_csv:
        sys.stdout.write(export.actions_csv(found, meetings, today))
        return
    if as_json:
        dump([export.action_json(each, meetings.get(each.meeting or ""), today) for each in found])
        return
    if not found:
        out.print("No actions.")
    for number, each in enumerate(found, start=1):
        late = " [red]overdue[/]" if each.overdue(today) else ""
        state = f" [dim]{each.state.value}[/]" if not each.live else ""
        out.print(f"{number}. {escape(each.task)}{late}{state}")
        who = ", ".join(named(owner) for owner in each.owners) or "nobody named"
        age = f"{ordinal(each.meetings)} meeting" if each.meetings > 1 else ""
        meeting = meetings.get(each.meeting or "")
        parts = (who, when(each.due), age, meeting.title if meeting else each.body.name, each.reason)
        out.print(Padding(escape(" · ".join(part for part in parts if part)), (0, 0, 0, 3)))


def decisions(found: Sequence[Decision], as_json: bool) -> None:
    """Print decisions, each with its meeting."""
    if as_json:
        dump([export.decision_json(each) for each in found])
        return
    if not found:
        out.print("No decisions.")
    for each in found:
        place = f", page {each.page}" if each.page else ""
        out.print(f"- {escape(each.text)}")
        out.print(Padding(f"[dim]{escape(each.meeting.title + place)}[/]", (0, 0, 0, 2)))
