"""A reminder as a message: one to a person, what presses most first."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from bot.meetings.actions import blocks as blocks_actions
from bot.meetings.actions.blocks import IN_MESSAGE
from bot.meetings.model import Action, named, ordinal, spoken
from bot.meetings.notes.blocks import BRING
from bot.meetings.records.blocks import RETURN
from bot.meetings.reminders.planning import Kind, Reminder, ReminderLine
from bot.slack import block_kit as kit
from bot.slack.block_kit import Block

TITLES = {
    Kind.OVERDUE: "Overdue",
    Kind.TODAY: "Due today",
    Kind.SOON: "Due soon",
    Kind.AGAIN: "You asked to be reminded",
    Kind.ASKED: "The meeting will ask",
    Kind.MISSED: "Open after two meetings",
    Kind.RETURN: "Two-minute returns",
    Kind.NOTES: "Notes that are not in yet",
}


def reminder(reminder: Reminder) -> tuple[str, list[Block]]:
    """The text and the blocks of a reminder: what can be done about each thing stands under it."""
    lead = lead_of(reminder)
    parts = [kit.section(kit.escape(lead))]
    room = IN_MESSAGE
    for kind, lines in groupby(reminder.lines, key=lambda line: line.kind):
        listed = list(lines)
        parts.append(kit.section(f"*{TITLES[kind]}*"))
        for line in listed[:room]:
            parts += _pressable(line, reminder.day)
        if hidden := listed[room:]:
            said = "\n".join(f"• {kit.escape(kit.shorten(line_of(line, reminder.day), 200))}" for line in hidden[:10])
            more = "" if len(hidden) <= 10 else f"\n• and {len(hidden) - 10} more: `/trust actions` shows them all"
            parts.append(kit.section(said + more))
        room -= min(room, len(listed))
    return kit.fallback(" ".join([lead, *(line_of(line, reminder.day) for line in reminder.lines)])), kit.fit(parts)


def _pressable(line: ReminderLine, today: date) -> list[Block]:
    if line.action is not None:
        return blocks_actions.action_blocks(line.action, today, note_of(line))
    said = kit.section(kit.escape(line_of(line, today)))
    gathering = line.gathering
    if gathering and gathering.meeting and line.kind is Kind.RETURN:
        return [said, kit.actions(kit.button("Open the return", RETURN, gathering.meeting.id, "primary"))]
    if gathering and line.kind is Kind.NOTES:
        return [said, kit.actions(kit.button("Bring in the notes", BRING, gathering.body.key))]
    return [said]


def note_of(line: ReminderLine) -> str:
    """Why a line comes to this person, where it is not plain from its heading."""
    if line.stand_in:
        return "Trustbot reaches none of its owners, so this comes to you."
    if line.kind is Kind.ASKED and line.gathering:
        return f"To be asked at the meeting on {spoken(line.gathering.day)}."
    return ""


def lead_of(reminder: Reminder) -> str:
    """How a reminder begins."""
    count = len(reminder.lines)
    things = "one thing" if count == 1 else f"{count} things"
    if reminder.after_holiday:
        return f"Welcome back. After the holiday, {things} for you."
    return f"A reminder of {things} for you."


def line_of(line: ReminderLine, today: date) -> str:
    """One line in words."""
    if line.gathering and line.action is None:
        what = "the two-minute return is open" if line.kind is Kind.RETURN else "its notes are not in yet"
        return f"{line.gathering.body.name}, {spoken(line.gathering.day)}: {what}."
    if line.action is None:
        return ""
    parts = [line.action.task.rstrip("."), when(line, line.action, today)]
    if line.kind is Kind.MISSED or line.stand_in:
        parts.append(", ".join(named(owner) for owner in line.action.owners) or "nobody named")
    return " · ".join(filter(None, parts))


def when(line: ReminderLine, action: Action, today: date) -> str:
    """What is to be known of its day."""
    age = f"{ordinal(action.meetings)} meeting" if action.meetings > 1 else ""
    if action.due.date is None:
        said = {"asap": "as soon as possible", "ongoing": "ongoing"}.get(action.due.state, "no date")
        if line.gathering:
            said = f"{said}, asked on {spoken(line.gathering.day)}"
    elif action.due.date == today:
        said = "today"
    else:
        said = f"{'was due' if action.due.date < today else 'due'} {action.due.date:%A} {spoken(action.due.date)}"
    return f"{said} ({age})" if age else said
