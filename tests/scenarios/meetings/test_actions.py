"""What owners do about their actions, wherever these are shown; every press asks again who may."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import text

from bot.demo.workspace.state import Message
from tests.meetings.conftest import FIRST
from tests.scenarios.conftest import said
from tests.scenarios.meetings.office import LONDON, Staffroom

TASK = "Ring the families of the absent pupils"


def states(staffroom: Staffroom) -> dict[str, str]:
    """How every action stands, by its task."""
    with staffroom.engine.connect() as connection:
        rows = connection.execute(text("SELECT task, state FROM actions"))
        return {row.task: row.state for row in rows}


def press(staffroom: Staffroom, person: str, message: Message, action: str, value: str | None = None) -> None:
    assert staffroom.workspace.as_user(person).click(message, action, value).ok
    staffroom.rest()


@pytest.fixture
def told(staffroom: Staffroom) -> Message:
    """The message to Hal, who has one action."""
    staffroom.confirmed()
    return staffroom.told("hal", "Actions for you")


def test_done_is_done_in_place_and_twice_is_once(staffroom: Staffroom, told: Message) -> None:
    press(staffroom, "hal", told, "meetings.done")
    press(staffroom, "hal", told, "meetings.done")
    assert states(staffroom)[TASK] == "done"
    now = staffroom.told("hal", "Hal Bryce says that it is done.")
    assert f"~{TASK}~" in said(now)
    assert len(staffroom.direct("hal")) == 1
    with staffroom.engine.connect() as connection:
        query = "SELECT count(*) FROM action_changes WHERE what = 'done'"
        assert connection.execute(text(query)).scalar_one() == 1
    press(staffroom, "hal", now, "meetings.reopen")
    assert states(staffroom)[TASK] == "open"
    assert f"*{TASK}*" in said(staffroom.told("hal", "Hal Bryce opened it again."))


@pytest.mark.parametrize(
    ("choice", "day"), [("Tomorrow", "3 November"), ("Friday", "6 November"), ("Next meeting", "9 November")]
)
def test_snoozed_in_place(staffroom: Staffroom, told: Message, choice: str, day: str) -> None:
    press(staffroom, "hal", told, "meetings.snooze", choice)
    staffroom.told("hal", f"snoozed it until {day} 2026")


def test_passed_on_in_place_and_the_new_owner_is_told(staffroom: Staffroom, told: Message) -> None:
    press(staffroom, "hal", told, "meetings.reassign")
    form = staffroom.modal("hal", "Who takes this over?")
    assert staffroom.workspace.as_user("hal").submit(form, {"owners": ["eve"]}).ok
    staffroom.rest()
    staffroom.told("hal", "passed it on to Eve Stone")
    given = staffroom.told("eve", "Hal Bryce has passed this on to you.")
    press(staffroom, "eve", given, "meetings.done")
    assert states(staffroom)[TASK] == "done"


def test_who_passed_it_on_can_change_it_no_more(staffroom: Staffroom) -> None:
    staffroom.confirmed()
    message = staffroom.told("eve", "Actions for you")
    press(staffroom, "eve", message, "meetings.reassign")
    form = staffroom.modal("eve", "Who takes this over?")
    assert staffroom.workspace.as_user("eve").submit(form, {"owners": ["hal"]}).ok
    staffroom.rest()
    staffroom.workspace.as_user("eve").click(message, "meetings.done")
    modal = staffroom.modal("eve", "Trustbot")
    assert "not open to you" in said(modal)
    assert "done" not in states(staffroom).values()


def test_not_mine_goes_to_the_chair(staffroom: Staffroom, told: Message) -> None:
    press(staffroom, "hal", told, "meetings.not_mine")
    form = staffroom.modal("hal", "Not yours?")
    assert staffroom.workspace.as_user("hal").submit(form, {"note": "The <office> does that"}).ok
    staffroom.rest()
    chair = staffroom.told("ann", "so nobody has it now")
    assert "The &lt;office&gt; does that" in said(chair)
    press(staffroom, "ann", chair, "meetings.reassign")
    form = staffroom.modal("ann", "Who takes this over?")
    assert staffroom.workspace.as_user("ann").submit(form, {"owners": ["eve"]}).ok
    staffroom.rest()
    staffroom.told("eve", "Ann Birch has passed this on to you.")


def test_an_action_that_others_share_stays_theirs(staffroom: Staffroom) -> None:
    staffroom.confirmed(FIRST.replace("| HB |", "| HB/ES |"))
    press(staffroom, "hal", staffroom.told("hal", "Actions for you"), "meetings.not_mine")
    assert staffroom.workspace.as_user("hal").submit(staffroom.modal("hal", "Not yours?")).ok
    staffroom.rest()
    assert not any("nobody has it now" in said(each) for each in staffroom.direct("ann"))
    assert states(staffroom)[TASK] == "open"


def test_a_list_with_its_menus_shows_what_its_reader_may_see(staffroom: Staffroom, told: Message) -> None:
    hal = staffroom.workspace.as_user("hal")
    assert hal.command("/trust", "actions").ok
    mine = staffroom.modal("hal", "Actions")
    assert "Open · my actions*: 1" in said(mine)
    hal.click(mine, "meetings.filter.whose", "Everybody's")
    everybody = staffroom.modal("hal", "Actions", lambda view: "Visit Riverside" in said(view))
    hal.click(everybody, "meetings.done", action_of(everybody, TASK))
    fewer = staffroom.modal("hal", "Actions", lambda view: TASK not in said(view))
    hal.click(fewer, "meetings.filter.which", "Done")
    staffroom.modal("hal", "Actions", lambda view: TASK in said(view))
    rex = staffroom.workspace.as_user("rex")
    assert rex.command("/trust", "actions all Oakfield").ok
    assert "There are none that you may see." in said(staffroom.modal("rex", "Actions"))


def test_words_after_the_command_choose(staffroom: Staffroom, told: Message) -> None:
    staffroom.clock.now = datetime(2026, 11, 9, 18, 0, tzinfo=LONDON)
    ann = staffroom.workspace.as_user("ann")
    assert ann.command("/trust", "actions overdue at Oakfield").ok
    overdue = staffroom.modal("ann", "Actions")
    assert TASK in said(overdue)
    assert "*overdue*" in said(overdue)
    assert "Visit Riverside" not in said(overdue)


def test_home_shows_my_actions_and_follows_what_is_pressed_there(staffroom: Staffroom, told: Message) -> None:
    hal = staffroom.workspace.as_user("hal")
    hal.open_app("home")
    home = staffroom.workspace.wait_for(lambda: staffroom.workspace.home("hal"), what="App Home")
    assert TASK in said(home)
    assert hal.click(home, "meetings.done").ok

    def without() -> bool:
        shown = staffroom.workspace.home("hal")
        return shown is not None and "Nothing is open for you." in said(shown)

    staffroom.workspace.wait_for(without, what="App Home without the action")
    after = staffroom.workspace.home("hal")
    assert after
    hal.click(after, "meetings.list")
    staffroom.modal("hal", "Actions")


def test_an_owner_who_has_left_is_named_to_the_chair_and_not_told(staffroom: Staffroom) -> None:
    staffroom.workspace.change_user("eve", deleted=True)
    try:
        staffroom.confirmed()
        settled = staffroom.told("ann", "Not told")
        assert "Eve Stone" in said(settled)
        assert "Site manager" in said(settled)
    finally:
        staffroom.workspace.change_user("eve", deleted=False)


def test_any_message_becomes_an_action(staffroom: Staffroom) -> None:
    message = staffroom.workspace.as_user("hal").say("oakfield-slt", "Somebody should <order> chairs & desks")
    ann = staffroom.workspace.as_user("ann")
    assert ann.message_shortcut("meetings.make", message).ok
    form = staffroom.modal("ann", "Make this an action")
    wrong = ann.submit(form, {"owners": ["hal"], "due_words": "31 September"})
    assert "task" in wrong.errors or "due_words" in wrong.errors
    assert ann.submit(form, {"owners": ["hal"], "due_words": "Friday week"}).ok
    staffroom.rest()
    given = staffroom.told("hal", "Ann Birch has made this an action for you.")
    assert "Somebody should &lt;order&gt; chairs &amp; desks" in said(given)
    assert "by 13 November 2026" in said(given)
    press(staffroom, "hal", given, "meetings.done")
    assert "done" in states(staffroom).values()


def test_nobody_gives_actions_to_others_who_does_not_lead(staffroom: Staffroom) -> None:
    message = staffroom.workspace.as_user("hal").say("general", "Order chairs")
    eve = staffroom.workspace.as_user("eve")
    eve.message_shortcut("meetings.make", message)
    form = staffroom.modal("eve", "Make this an action")
    assert "for yourself" in eve.submit(form, {"owners": ["rex"]}).errors["task"]
    assert eve.submit(form, {"owners": []}).ok
    staffroom.rest()
    assert states(staffroom) == {"Order chairs": "open"}
    assert staffroom.direct("rex") == []


def test_a_reminder_carries_the_same_buttons(staffroom: Staffroom, told: Message) -> None:
    staffroom.clock.now = datetime(2026, 11, 4, 9, 0, tzinfo=LONDON)
    staffroom.tick()
    reminder = staffroom.told("hal", "Due soon")
    assert TASK in said(reminder)
    press(staffroom, "hal", reminder, "meetings.done")
    staffroom.told("hal", "Hal Bryce says that it is done.")
    assert states(staffroom)[TASK] == "done"


def action_of(view: dict[str, object], task: str) -> str:
    """The id of the action with this task."""
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    found = next(each for each in blocks if str(each.get("block_id", "")).startswith("meetings.action:")
                 and task in each["text"]["text"])  # fmt: skip
    return str(found["block_id"]).removeprefix("meetings.action:")
