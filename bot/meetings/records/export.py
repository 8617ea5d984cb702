"""Actions, decisions and returns as programs and spreadsheets take them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date

from bot.meetings.model import Action, Decision, Meeting, named

COLUMNS = (
    "Action", "Owners", "Due", "Due as written", "State", "Overdue", "Meetings", "Raised", "Body", "School", "Meeting",
    "Reason", "Quote", "Page",
)  # fmt: skip


def action_json(action: Action, meeting: Meeting | None, today: date) -> dict[str, object]:
    """The published shape of an action; `age` counts the meetings that it has stood on."""
    due = action.due
    return {
        "id": action.id,
        "task": action.task,
        "owners": [{"name": owner.name, "person": owner.person} for owner in action.owners],
        "due": {
            "date": due.date.isoformat() if due.date else None,
            "phrase": due.phrase,
            "rule": due.rule,
            "state": due.state,
            "certain": due.certain,
        },
        "state": action.state.value,
        "overdue": action.overdue(today),
        "age": action.meetings,
        "raised": action.raised.isoformat(),
        "snoozed_until": action.snoozed_until.isoformat() if action.snoozed_until else None,
        "reason": action.reason or None,
        "body": action.body.name,
        "school": action.body.school,
        "meeting": _meeting(meeting),
        "quote": action.quote,
        "page": action.page,
        "part_b": action.part_b,
    }


def decision_json(decision: Decision) -> dict[str, object]:
    """The published shape of a decision."""
    return {
        "id": decision.id,
        "text": decision.text,
        "benefit": decision.benefit or None,
        "item": decision.heading or decision.item or None,
        "body": decision.meeting.body.name,
        "school": decision.meeting.body.school,
        "meeting": _meeting(decision.meeting),
        "quote": decision.quote,
        "page": decision.page,
        "part_b": decision.part_b,
    }


def _meeting(meeting: Meeting | None) -> dict[str, object] | None:
    if meeting is None:
        return None
    return {"id": meeting.id, "title": meeting.title, "date": meeting.date.isoformat()}


def actions_csv(actions: Iterable[Action], meetings: Mapping[str, Meeting], today: date) -> str:
    """Actions as a table for a spreadsheet; no cell of it is taken for a formula."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(COLUMNS)
    for each in actions:
        meeting = meetings.get(each.meeting or "")
        table.writerow(
            _cell(part)
            for part in (
                each.task, "; ".join(named(owner) for owner in each.owners), each.due.date or "", each.due.phrase,
                each.state.value, "yes" if each.overdue(today) else "", each.meetings, each.raised, each.body.name,
                each.body.school or "", meeting.title if meeting else "", each.reason, each.quote, each.page or "",
            )
        )  # fmt: skip
    return written.getvalue()


def _cell(value: object) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
