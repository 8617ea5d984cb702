"""The tour of the sample trust: what a leader sees of Trustbot in five minutes, step by step."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from bot.demo.pulse import pulse_step
from bot.demo.workspace.page.time_machine import TimeMachine
from bot.demo.workspace.page.tour import Act, Step, commands, says, sends
from bot.demo.workspace.workspace import Workspace

NOTES = """\
# Oakfield SLT: notes of the meeting on {met}

Present: Claire Dunmore (CD, chair), Hannah Birtle (HB), Imran Yusuf (IY). Apologies: none.

## Attendance

Attendance last week was 94.1 %. Twelve pupils are below 90 %.

**Action:** HB to ring the families of the twelve pupils below 90 % by {soon}.

## Lunchtime

The second sitting for Year 5 has halved the incidents. It was agreed that Year 5 keeps the second sitting until Easter.

**Action:** CD to tell parents of the new lunch times by {later}.

## SEND

**Action:** IY to send the two EHCP applications again by {later}.
"""
HEAD, DEPUTY, TEACHER = "claire-dunmore", "hannah-birtle", "ella-knox"
EXECUTIVE, CHAIR = "helen-marchbank", "alan-prewett"
SECRET = "What did the governors of Quillbrook ask?"  # noqa: S105


def notes(workspace: Workspace) -> bytes:
    """Notes of a meeting on the last Monday, whose actions are due within a week or two."""
    today = datetime.fromtimestamp(workspace.state.clock(), UTC).date()
    met = today - timedelta(days=today.weekday())
    days = {"met": met, "soon": met + timedelta(days=9), "later": met + timedelta(days=11)}
    return NOTES.format(**{name: _spoken(day) for name, day in days.items()}).encode()


def _spoken(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


_ALONE = (
    Step(
        "Ask a question",
        "You are Claire Dunmore, head of Oakfield Primary School. Ask in private. Trustbot answers in the words of "
        "your trust's own documents, and says where each quote stands. Then press Show sources.",
        (
            says(HEAD, "What insurance must hirers of the school hall have?", label="Ask what hirers must insure"),
            says(HEAD, "What was the hirer's insurance in 2023?", label="Ask what it was in 2023"),
        ),
    ),
    Step(
        "Ask what you may not see",
        "The trustees' confidential minutes are open to trustees. Ella Knox, a Year 4 teacher, asks about something "
        "in them, and then Alan Prewett, the chair of trustees, asks the same.",
        (
            says(TEACHER, SECRET, label="Ask as a teacher"),
            says(CHAIR, SECRET, label="Ask as the chair of trustees"),
        ),
    ),
    Step(
        "Drop in the minutes of a meeting",
        "Claire sends the notes of a leadership meeting. Trustbot proposes actions and decisions, each with its line. "
        "Press Review under oakfield-slt-notes.md, then Confirm: nobody is told before. Then see what Hannah was told.",
        (
            sends(HEAD, "oakfield-slt-notes.md", notes, label="Send the notes"),
            Act("See it as Hannah Birtle", DEPUTY),
        ),
    ),
)
_HOME = Step(
    "See your Home",
    "What waits for you is in one place, in Trustbot's Home tab: your actions, to be done, put off or passed on, "
    "and what you asked.",
    (Act("Open Claire's Home", HEAD, "home"), Act("Open Hannah's Home", DEPUTY, "home")),
)


def steps(machine: TimeMachine) -> tuple[Step, ...]:
    """The tour; `machine` moves the clock in it."""

    def to_monday(workspace: Workspace) -> None:
        machine.move("monday")

    digest = Step(
        "Move to Monday and read the digest",
        "First Claire sends her school's two-minute return, which the notes have filled in: put it right, and press "
        "Send. On Monday morning the executive reads what needs a decision, what is due, and who asks for what.",
        (
            commands(HEAD, "/trust return", label="Open Oakfield's return"),
            Act("Go to Monday morning", EXECUTIVE, "#executive", to_monday),
        ),
    )
    return (*_ALONE, pulse_step(machine), digest, _HOME)
