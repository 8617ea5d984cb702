"""The follow-up in Slack: one message a person, once, in his hours."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.meetings.bodies import Bodies
from bot.meetings.model import Action, State
from bot.meetings.reminders import store as reminders
from bot.meetings.reminders.planning import Kind, Reminder, ReminderLine
from bot.meetings.reminders.recipients import Recipients
from bot.runtime.scheduler import alone
from knowledge.passages import Audience
from tests.meetings.following import HERE, TRUST, Desk, action, at, desk, follow_up, keep, meeting
from tests.meetings.followup_process import PAUSE, processes

MINUTE = timedelta(minutes=1)


@pytest.fixture
def office(sqlite_engine: Engine) -> Iterator[Desk]:
    with desk(sqlite_engine, at("2026-11-02")) as found:
        yield found


def begin(office: Desk, mine: Action, day: str, kind: Kind = Kind.TODAY) -> Reminder:
    """A reminder as a process leaves it that is killed before it posts."""
    lines = (ReminderLine(kind, mine.id, date.fromisoformat(day), mine),)
    planned = Reminder("hal", date.fromisoformat(day), lines)
    with Session(office.engine) as session, session.begin():
        reminders.begin(session, planned, at(day))
    return planned


def test_one_message_groups_what_is_due_with_what_can_be_done_about_it(office: Desk) -> None:
    keep(
        office.engine,
        meeting("2026-11-02"),
        action("fence", "hal", "2026-11-09", "2026-11-02"),
        action("letter", "hal", "2026-11-11", "2026-11-02"),
    )
    assert office.tick(at("2026-11-09", "07:44")) == 0
    office.tick(at("2026-11-09", "07:45"), at("2026-11-09", "07:46"), at("2026-11-09", "12:00"))
    (message,) = office.sent("hal")
    assert "Task fence" in message.text
    assert "Task letter" in message.text
    assert {"meetings.done", "meetings.snooze", "meetings.reassign", "meetings.not_mine"} <= {
        element.get("action_id") for block in message.blocks for element in block.get("elements", ())
    }


def test_a_message_with_far_too_much_still_fits(office: Desk) -> None:
    kept = [action(f"a{number:02}", "hal", "2026-11-12", "2026-11-02") for number in range(70)]
    keep(office.engine, meeting("2026-11-02"), *kept)
    office.tick(at("2026-11-12"), at("2026-11-13"))
    (message,) = office.sent("hal")
    assert "40 more: `/trust actions`" in json.dumps(message.blocks)


def test_a_week_off_is_made_good_by_one_message(office: Desk) -> None:
    days = range(16, 21)
    kept = [action(f"a{day}", "hal", f"2026-11-{day}", "2026-11-02") for day in days]
    keep(office.engine, meeting("2026-11-02"), *kept)
    office.tick(at("2026-11-13"))
    office.tick(at("2026-11-23", "09:00"), at("2026-11-23", "09:01"), at("2026-11-24", "09:00"))
    assert office.days("hal") == ["2026-11-13", "2026-11-23"]
    assert all(f"Task a{day}" in office.sent("hal")[-1].text for day in days)


def test_it_waits_while_notifications_are_paused_but_not_for_ever(office: Desk) -> None:
    keep(office.engine, meeting("2026-11-02"), action("fence", "hal", "2026-11-09", "2026-11-02"))
    office.workspace.change_user("hal", dnd=True)
    office.tick(at("2026-11-09", "08:00"), at("2026-11-09", "16:29"))
    assert office.sent("hal") == []
    office.tick(at("2026-11-09", "16:30"))
    assert office.days("hal") == ["2026-11-09"]


def test_it_comes_as_soon_as_notifications_are_on_again(office: Desk) -> None:
    keep(office.engine, meeting("2026-11-02"), action("fence", "hal", "2026-11-09", "2026-11-02"))
    office.workspace.change_user("hal", dnd=True)
    office.tick(at("2026-11-09", "08:00"))
    office.workspace.change_user("hal", dnd=False)
    assert office.tick(at("2026-11-09", "09:00")) > 0
    assert office.days("hal") == ["2026-11-09"]


def test_the_zone_of_the_profile_counts(office: Desk) -> None:
    keep(office.engine, meeting("2026-11-02"), action("fence", "hal", "2026-11-09", "2026-11-02"))
    office.workspace.change_user("hal", tz="America/New_York")
    office.tick(at("2026-11-09", "12:44"))
    assert office.sent("hal") == []
    office.tick(at("2026-11-09", "12:45"))
    assert len(office.sent("hal")) == 1


def test_slack_is_asked_once_an_hour_who_is_who(office: Desk) -> None:
    keep(office.engine, meeting("2026-11-02"), action("fence", "hal rex eli", "2026-11-12", "2026-11-02"))
    followed = office.follow_up()
    for _ in range(10):
        followed.tick()
        office.clock[0] += MINUTE
    asked = [call.arguments["email"] for call in office.workspace.calls if call.method == "users.lookupByEmail"]
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize("owners", ["eli", "Caretaker", ""])
def test_the_chair_stands_in_for_owners_who_cannot_be_reached(office: Desk, owners: str) -> None:
    keep(office.engine, meeting("2026-11-02"), action("fence", owners, "2026-11-12", "2026-11-02"))
    office.tick(at("2026-11-12"))
    said = json.dumps([message.blocks for message in office.sent("ann")])
    assert "Task fence" in said
    assert "reaches none of its owners" in said


def test_everybody_is_who_was_there(office: Desk) -> None:
    keep(office.engine, meeting("2026-11-02"), action("fence", "All", "2026-11-12", "2026-11-02"))
    office.tick(at("2026-11-12"))
    assert {person for person in HERE if any("Task fence" in each.text for each in office.sent(person))} == {
        "ann",
        "hal",
    }


def test_a_chair_who_may_not_read_an_action_is_not_told_of_it() -> None:
    closed = replace(action("fence", "Caretaker", "2026-11-05", "2026-11-02"), audience=Audience(frozenset({"rex"})))
    of = meeting("2026-11-02")
    recipients = Recipients(Bodies(TRUST), frozenset(HERE), {of.id: of})
    assert recipients.shares([closed], []) == {}


def test_the_chair_is_told_privately_after_two_missed_meetings(office: Desk) -> None:
    kept = [meeting(day) for day in ("2026-11-02", "2026-11-09", "2026-11-16")]
    keep(office.engine, *kept, action("fence", "sam", "2026-11-05", "2026-11-02"))
    office.tick(at("2026-11-16"), at("2026-11-17"), at("2026-11-18"))
    told = [each for each in office.sent("ann") if "Task fence" in each.text]
    assert len(told) == 1
    assert "Sam Vole" in told[0].text
    assert not any("Open after two meetings" in json.dumps(each.blocks) for each in office.sent("sam"))


def test_a_return_is_asked_of_the_school_on_the_next_school_day(office: Desk) -> None:
    keep(office.engine, meeting("2026-11-02"))
    office.tick(at("2026-11-02", "17:00"), at("2026-11-03"), at("2026-11-04"), at("2026-11-09"))
    (message,) = office.sent("ann")
    assert office.days("ann") == ["2026-11-03"]
    assert "two-minute return" in message.text


def test_notes_are_asked_for_where_a_body_has_brought_some_before(office: Desk) -> None:
    keep(office.engine, meeting("2026-11-02"))
    office.tick(*(at(f"2026-11-{day:02}") for day in range(3, 13)))
    assert office.days("ann") == ["2026-11-03", "2026-11-10"]
    assert "9 November 2026: its notes are not in yet" in office.sent("ann")[-1].text


def test_one_persons_failure_is_his_alone_and_made_good(office: Desk) -> None:
    keep(office.engine, meeting("2026-11-02"), action("fence", "hal sam", "2026-11-12", "2026-11-02"))
    office.clock[0] = at("2026-11-12")
    followed = office.follow_up()
    office.workspace.fail("conversations.open", times=2, error="user_disabled")
    followed.tick()
    office.clock[0] += MINUTE
    followed.tick()
    assert len(office.sent("ann")) + len(office.sent("hal")) + len(office.sent("sam")) == 1
    office.clock[0] += 11 * MINUTE
    followed.tick()
    assert len(office.sent("hal")) == len(office.sent("sam")) == 1


def test_while_slack_is_broken_nothing_is_lost(office: Desk) -> None:
    keep(office.engine, meeting("2026-11-02"), action("fence", "hal sam", "2026-11-12", "2026-11-02"))
    office.clock[0] = at("2026-11-12")
    followed = office.follow_up()
    office.workspace.fail("chat.postMessage", times=20, error="fatal_error")
    for _ in range(5):
        with suppress(SlackApiError):
            followed.tick()
        office.clock[0] += MINUTE
    assert office.sent("hal") == office.sent("sam") == []
    office.workspace.api.faults.clear()
    office.clock[0] += 10 * MINUTE
    followed.tick()
    followed.tick()
    assert len(office.sent("hal")) == len(office.sent("sam")) == 1


@pytest.mark.parametrize("drop", ["before", "after"])
def test_a_broken_line_doubles_and_loses_nothing(office: Desk, drop: str) -> None:
    keep(office.engine, meeting("2026-11-02"), action("fence", "hal", "2026-11-12", "2026-11-02"))
    office.workspace.fail("chat.postMessage", times=1, drop=drop)  # type: ignore[arg-type]
    office.tick(at("2026-11-12"), at("2026-11-12", "08:01"))
    assert len(office.sent("hal")) == 1


def test_what_was_planned_and_never_posted_is_posted(office: Desk) -> None:
    mine = action("fence", "hal", "2026-11-12", "2026-11-02")
    keep(office.engine, meeting("2026-11-02"), mine)
    begin(office, mine, "2026-11-12")
    office.tick(at("2026-11-12", "08:00"))
    assert office.sent("hal") == []
    office.tick(at("2026-11-12", "08:01"), at("2026-11-12", "08:02"))
    assert len(office.sent("hal")) == 1


def test_what_was_done_meanwhile_is_not_posted(office: Desk) -> None:
    mine = action("fence", "hal", "2026-11-12", "2026-11-02")
    keep(office.engine, meeting("2026-11-02"), mine)
    begin(office, mine, "2026-11-12")
    keep(office.engine, replace(mine, state=State.DONE))
    office.tick(at("2026-11-12", "08:01"), at("2026-11-12", "08:02"))
    assert office.sent("hal") == []


def test_what_was_planned_on_a_day_that_passed_is_planned_anew(office: Desk) -> None:
    mine = action("fence", "hal", "2026-11-12", "2026-11-02")
    keep(office.engine, meeting("2026-11-02"), mine)
    begin(office, mine, "2026-11-12")
    office.tick(at("2026-11-12", "18:00"), at("2026-11-13", "08:00"), at("2026-11-13", "08:01"))
    (message,) = office.sent("hal")
    assert "was due" in message.text


def test_what_was_posted_and_never_recorded_counts_as_said(office: Desk) -> None:
    mine = action("fence", "hal", "2026-11-12", "2026-11-02")
    keep(office.engine, meeting("2026-11-02"), mine)
    planned = begin(office, mine, "2026-11-12")
    office.clock[0] = at("2026-11-12")
    hal = office.workspace.state.user("hal").id
    outbox = office.follow_up()._outbox
    outbox.post(planned.key, outbox.direct(hal), "Task fence is due today.")
    office.tick(*(at(f"2026-11-{day}", clock) for day in range(13, 19) for clock in ("08:00", "08:01")))
    assert office.days("hal") == ["2026-11-12"]
    office.tick(at("2026-11-19"))
    assert office.days("hal") == ["2026-11-12", "2026-11-19"]


def test_a_machine_that_slept_in_the_middle_looks_again_first(office: Desk) -> None:
    keep(office.engine, meeting("2026-11-02"), action("fence", "hal", "2026-11-05", "2026-11-02"))
    evening, morning = at("2026-11-02", "17:00"), at("2026-11-03")
    looks = iter([evening, evening, evening])
    office.clock[0] = morning
    asleep = follow_up(
        office.engine, office.workspace.bot_token, office.workspace.api_url, lambda: next(looks, morning)
    )
    assert asleep.tick() == 0
    assert asleep.tick() == 2
    assert "two-minute return" in office.sent("ann")[0].text


def wait_for_the_clock(engine: Engine) -> None:
    """Wait for the tick that is under way: a process that found the clock held has nothing to do and says so."""
    while True:
        with alone(engine) as held:
            if held:
                return
        time.sleep(PAUSE)


def test_two_processes_send_once(engine: Engine, tmp_path: Path) -> None:
    with desk(engine, at("2026-11-02")) as office:
        keep(
            office.engine,
            meeting("2026-11-02"),
            *(action(f"a{day}", "hal sam ann rex", f"2026-11-{day:02}", "2026-11-02") for day in (5, 10, 12, 17)),
        )
        url = engine.url.render_as_string(hide_password=False)
        with processes(url, office.workspace, tmp_path, office.now()) as nursery:
            first, second = nursery.start(), nursery.start()
            for day in range(3, 20):
                office.clock[0] = at(f"2026-11-{day:02}")
                nursery.set(office.clock[0])
                for child in (first, second):
                    nursery.wait(child, office.clock[0])
                wait_for_the_clock(office.engine)
                if day == 12:
                    nursery.kill(first)
                    first = nursery.start()
            for person in HERE:
                days = office.days(person)
                assert len(days) == len(set(days))
            assert office.days("sam") == [f"2026-11-{day:02}" for day in (3, 5, 6, 10, 12, 13, 17)]
