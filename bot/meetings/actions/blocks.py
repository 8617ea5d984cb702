"""Actions as their owners see them: messages, lists and forms with what may be done about each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from bot.config.trust import Trust
from bot.meetings import blocks
from bot.meetings.model import Action, Meeting, State, spoken
from bot.meetings.payloads import ListChoice
from bot.slack import block_kit as kit
from bot.slack.block_kit import Block

DONE, SNOOZE, REASSIGN, NOT_MINE, REOPEN = (
    "meetings.done", "meetings.snooze", "meetings.reassign", "meetings.not_mine", "meetings.reopen",
)  # fmt: skip
REASSIGN_VIEW, NOT_MINE_VIEW, MAKE_VIEW, MAKE = (
    "meetings.reassign.view", "meetings.not_mine.view", "meetings.make.view", "meetings.make",
)  # fmt: skip
LIST_VIEW, FILTER, LIST_PAGE, LIST = "meetings.list.view", "meetings.filter", "meetings.list_page", "meetings.list"
UNTIL = (("Tomorrow", "tomorrow"), ("Friday", "friday"), ("Next meeting", "next meeting"))
OWNERS, NOTE, TASK, DUE_DAY, DUE_WORDS, BODY = "owners", "note", "task", "due_day", "due_words", "body"
SAID, ROW = "meetings.action:", "meetings.row:"
IN_MESSAGE, IN_LIST, ON_HOME = 20, 20, 10

Message = tuple[str, list[Block]]


def action_blocks(action: Action, today: date, note: str = "", *, place: bool = True) -> list[Block]:
    """One action and what may be done about it; `note` says what just became of it."""
    task = kit.escape(kit.shorten(action.task, 300))
    where = [kit.escape(place_of(action))] if place else []
    lead = f"*{task}*" if action.live else f"~{task}~"
    lines = [lead, " · ".join([blocks.standing(action, today), *where])]
    if note:
        lines.append(f"_{kit.escape(note)}_")
    said = {**kit.section("\n".join(lines)), "block_id": f"{SAID}{action.id}"}
    return [said, {**_row(action), "block_id": f"{ROW}{action.id}"}]


def _row(action: Action) -> Block:
    if not action.live:
        return kit.actions(kit.button("Open it again", REOPEN, action.id))
    snooze = kit.select(SNOOZE, [kit.option(name, f"{value}:{action.id}") for name, value in UNTIL], "Snooze")
    return kit.actions(
        kit.button("Done", DONE, action.id, "primary"),
        snooze,
        kit.button("Reassign", REASSIGN, action.id),
        kit.button("Not mine", NOT_MINE, action.id),
    )


def place_of(action: Action) -> str:
    """Where an action comes from."""
    if action.meeting is None:
        return f"from a message, {spoken(action.raised)}"
    return f"{action.body.name}, {spoken(action.raised)}"


def grouped(lead: str, groups: Sequence[tuple[str, Sequence[Action]]], today: date, end: str = "") -> Message:
    """One message with actions in named groups, as many as fit: what was agreed, or a reminder."""
    parts = [kit.section(kit.escape(lead))]
    room = IN_MESSAGE
    listed = [(title, actions) for title, actions in groups if actions]
    for title, actions in listed:
        if title and room:
            parts.append(kit.section(f"*{kit.escape(title)}*"))
        for action in actions[:room]:
            parts += action_blocks(action, today)
        room -= min(room, len(actions))
    hidden = sum(len(actions) for _, actions in listed) - (IN_MESSAGE - room)
    if hidden:
        parts.append(kit.context(f"And {hidden} more: `/trust actions` shows them all."))
    if end:
        parts.append(kit.context(kit.escape(end)))
    total = "; ".join(kit.shorten(action.task, 120) for _, actions in listed for action in actions[:5])
    return kit.fallback(f"{lead} {total}"), kit.fit(parts)


def notification(meeting: Meeting, actions: Sequence[Action], by: str, today: date, corrected: bool) -> Message:
    """The one message to an owner after confirming."""
    what = "Changed for you" if corrected else "Actions for you"
    lead = f"{what} from {meeting.title}. Confirmed by {by}."
    return grouped(lead, [("", actions)], today, "You may say here when something is done, or that it is not yours.")


def again(
    shown: Sequence[Block], find: Callable[[str], Action | None], today: date, notes: dict[str, str]
) -> list[Block]:
    """A message's blocks with its actions as they stand now; everything else stays as it is."""
    fresh: list[Block] = []
    for block in shown:
        ident = str(block.get("block_id", ""))
        if ident.startswith(ROW):
            continue
        if not ident.startswith(SAID):
            fresh.append(block)
            continue
        key = ident.removeprefix(SAID)
        action = find(key)
        if action is not None:
            fresh += action_blocks(action, today, notes.get(key, ""))
        else:
            words = kit.escape(notes.get(key) or "An action that is not open to you any more.")
            fresh.append({**kit.section(f"_{words}_"), "block_id": ident})
    return fresh


def passed_on(actions: Sequence[Action], by: str, today: date) -> Message:
    """Said to whoever is given an action by somebody."""
    return grouped(f"{by} has passed this on to you.", [("", actions)], today)


def made(actions: Sequence[Action], by: str, today: date) -> Message:
    """Said to the owner of an action that was made of a message."""
    return grouped(f"{by} has made this an action for you.", [("", actions)], today)


def yours_again(actions: Sequence[Action], by: str, note: str, today: date) -> Message:
    """Said to the chair when nobody is left who does something."""
    why = f" They say: {note}" if note else ""
    return grouped(f"{by} says that this is not theirs, so nobody has it now.{why}", [("", actions)], today)


def reassign_form(action: Action, trust: Trust, metadata: str) -> Block:
    """The modal that passes an action on."""
    return kit.modal(
        "Who takes this over?",
        [
            kit.section(f"*{kit.escape(kit.shorten(action.task, 300))}*"),
            kit.field("New owners", blocks.people_menu(OWNERS, trust), optional=False),
        ],
        callback=REASSIGN_VIEW, submit="Pass it on", close="Cancel", metadata=metadata,
    )  # fmt: skip


def not_mine_form(action: Action, metadata: str) -> Block:
    """The modal that says an action is somebody else's."""
    return kit.modal(
        "Not yours?",
        [
            kit.section(f"*{kit.escape(kit.shorten(action.task, 300))}*"),
            kit.field("Why, or whose it is", kit.line_input(NOTE, lines=True)),
            kit.context("If nobody else has it, the chair is told privately and passes it on."),
        ],
        callback=NOT_MINE_VIEW, submit="It is not mine", close="Cancel", metadata=metadata,
    )  # fmt: skip


def make_form(text: str, trust: Trust, bodies_menu: Block, metadata: str) -> Block:
    """The modal behind the shortcut “Make this an action”."""
    return kit.modal(
        "Make this an action",
        [
            kit.field("What is to be done", kit.line_input(TASK, text, lines=True), optional=False),
            kit.field("Who does it", blocks.people_menu(OWNERS, trust), hint="Leave it empty to take it on yourself."),
            kit.field("By which day", kit.date_picker(DUE_DAY)),
            kit.field("Or in words", kit.line_input(DUE_WORDS, placeholder="by half term, Friday week, asap")),
            *blocks.body_field("Meeting that follows it up", bodies_menu, "Leave it empty for an action of your own."),
        ],
        callback=MAKE_VIEW, submit="Make the action", close="Cancel", metadata=metadata,
    )  # fmt: skip


def section_home(actions: Sequence[Action], drafts: int, today: date) -> Iterator[Block]:
    """“My actions” on App Home."""
    yield kit.section("*My actions*", kit.button("Show all actions", LIST))
    if drafts:
        noun = "set of notes waits" if drafts == 1 else "sets of notes wait"
        yield kit.context(f"{drafts} {noun} for you to confirm: see the Messages tab.")
    for action in actions[:ON_HOME]:
        yield from action_blocks(action, today)
    if len(actions) > ON_HOME:
        yield kit.context(f"And {len(actions) - ON_HOME} more.")
    if not actions:
        yield kit.context("Nothing is open for you.")


def listing(actions: Sequence[Action], menus: Sequence[Block], chosen: ListChoice, today: date, title: str) -> Block:
    """The modal with a list of actions, and the menus that narrow it down."""
    pages = max(1, -(-len(actions) // IN_LIST))
    page = min(max(chosen.page, 0), pages - 1)
    parts: list[Block] = [kit.actions(*menus), kit.section(f"*{kit.escape(title)}*: {len(actions)}")]
    for action in actions[page * IN_LIST : (page + 1) * IN_LIST]:
        parts += action_blocks(action, today)
    if not actions:
        parts.append(kit.section("There are none that you may see."))
    parts += blocks.turning(LIST_PAGE, page, pages)
    metadata = chosen.model_copy(update={"page": page}).model_dump_json()
    return kit.modal("Actions", parts, callback=LIST_VIEW, metadata=metadata)


def became(action: Action, by: str, what: str) -> str:
    """What somebody just did about an action, in a sentence."""
    if what == "done":
        return f"{by} says that it is done."
    if what == "snooze" and action.snoozed_until:
        return f"{by} snoozed it until {spoken(action.snoozed_until)}."
    if what == "reassign":
        return f"{by} passed it on to {blocks.owners(action.owners)}."
    if what == "not mine":
        return f"{by} says that it is not theirs."
    return f"{by} opened it again." if what == "reopen" and action.state is not State.DONE else ""
