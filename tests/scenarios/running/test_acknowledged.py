"""Whatever is pressed, typed or sent is acknowledged while Slack answers nothing, and what follows comes later."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot import app
from bot.demo.workspace import Workspace
from bot.demo.workspace.block_rules.tables import faults_in_view
from bot.demo.workspace.state import Json
from bot.demo.workspace.wire.events import interaction
from bot.slack.acknowledging import refilled
from bot.slack.trustbot import Trustbot
from tests.at_work import make_way
from tests.scenarios import corpus
from tests.scenarios.conftest import Office, said, wait_until

QUESTION = "When are hirers of the sports hall invoiced?"
# What a button carries, in the shape that its listener reads.
JSON_VALUE = json.dumps({"wave": "w", "token": "t", "r": ["action:1"], "d": "d1", "body": "slt", "day": ""})
HELD = json.dumps({"draft": "d", "page": 0, "view": "V1", "item": "i", "action": "a", "kind": "home", "quote": "q",
                   "meeting": "m", "extra": [], "channel": "C1", "thread": "1.1", "ref": "action:1"})  # fmt: skip
PLAIN_VALUES = {"ask.passage": "a:0", "ask.feedback": "up:a", "meetings.page.before": "0", "meetings.page.next": "0"}


@pytest.fixture
def listening(own_office: Office) -> Iterator[tuple[Office, Trustbot]]:
    """A bot that asks Slack again for whoever presses, so that nothing is known beforehand."""
    office = own_office
    make_way(office)
    office.workspace.delivery.ack_within = 20.0
    office.workspace.delivery.retries = ()
    with app.indexed(office.settings) as (known, _):
        bot = app.slack_bot(
            office.settings, known.engine, known.answerer, known.library, known.trust, known.now,
            membership_seconds=0.0, ticking=False, ack_seconds=0.3,
        )  # fmt: skip
        bot.start()
        wait_until(lambda: office.workspace.sockets == 1, "the connection")
        yield office, bot
        bot.stop()


def action(workspace: Workspace, user: str, action_id: str) -> Json:
    """A button or menu that was pressed in a modal."""
    value = PLAIN_VALUES.get(action_id, JSON_VALUE if re.search(r"digest|pulse\.answer|post", action_id) else "x")
    pressed = {"type": "button", "action_id": action_id, "block_id": "b", "value": value, "action_ts": "1.1",
               "selected_option": {"value": value}}  # fmt: skip
    view = {"id": "V1", "type": "modal", "private_metadata": HELD, "hash": "h", "blocks": [], "state": {"values": {}}}
    return interaction(
        workspace.state, "block_actions", user, trigger_id=f"1.{action_id}", actions=[pressed], view=view,
        container={"type": "view", "view_id": "V1", "channel_id": "C1", "message_ts": "1.1"},
        response_url=f"{workspace.url}/response/none",
    )  # fmt: skip


def submission(workspace: Workspace, user: str, callback: str) -> Json:
    """A form that was sent."""
    view = {
        "id": f"V{callback}", "type": "modal", "callback_id": callback, "private_metadata": HELD, "hash": "h",
        "title": {"type": "plain_text", "text": "A form"}, "blocks": [], "state": {"values": _Anything()},
    }  # fmt: skip
    return interaction(
        workspace.state, "view_submission", user, trigger_id=f"1.{callback}", view=view, response_urls=[]
    )


class _Anything(dict[str, Any]):
    """The fields of a form that every form finds its own in."""

    def __init__(self) -> None:
        field = {"value": "Some words", "selected_date": None, "selected_options": []}
        names = ("question", "missing", "name", "outcome", "task", "decided", "text", "note", "answer")
        super().__init__({name: {name: field} for name in names})


def shortcut(workspace: Workspace, user: str, callback: str) -> Json:
    """A shortcut on a message."""
    message = {"ts": "1.1", "text": QUESTION, "blocks": [{"elements": [{"positive_button": {"value": "up:a"}}]}]}
    return interaction(
        workspace.state, "message_action", user, callback_id=callback, trigger_id=f"1.{callback}", message_ts="1.1",
        message=message, channel={"id": workspace.state.channel("staff").id, "name": "staff"},
    )  # fmt: skip


@pytest.mark.slow
def test_every_listener_is_acknowledged_before_slack_has_answered_anything(
    listening: tuple[Office, Trustbot],
) -> None:
    office, bot = listening
    workspace, user = office.workspace, office.workspace.state.user("eve").id
    office.ask_alone("eve", QUESTION)
    heard = [(kind, which) for kind, which in bot.app.heard if isinstance(which, str)]
    assert {kind for kind, _ in heard} == {"command", "action", "view", "shortcut"}
    make = {"action": action, "view": submission, "shortcut": shortcut}
    silent = []
    with workspace.silent():
        for kind, which in heard:
            if kind == "command":
                continue
            ack = workspace.delivery.ask("interactive", make[kind](workspace, user, which))
            if not ack.ok:
                silent.append((kind, which, ack.reason))
        for word in ("", "help", "frobnicate", f"ask {QUESTION}", QUESTION, *sorted(bot.words)):
            outcome = workspace.as_user("eve").command("/trust", word, "staff")
            if not outcome.ok:
                silent.append(("command", word, outcome.reason))
    assert silent == []


def test_a_form_that_takes_long_is_shown_to_be_under_way_and_then_says_what_came_of_it(
    listening: tuple[Office, Trustbot],
) -> None:
    office, _ = listening
    workspace = office.workspace
    eve = workspace.as_user("eve")
    assert eve.command("/trust", "collaborations").ok
    modal = office.modal("eve", "Collaborations")
    assert eve.click(modal, "pulse.open").ok
    form = office.modal("eve", "Open a collaboration")
    values = {
        "name": "Phonics", "schools": ["fernhill"], "outcome": "More read", "lead": "eve", "start": "2026-09-07",
        "end": "2026-09-01", "purpose": "p", "process": "p", "product": "p", "people": "p", "place": "p",
    }  # fmt: skip
    fields = {block["block_id"] for block in form["blocks"] if block["type"] == "input"}
    with workspace.silent():
        assert eve.submit(form, {name: value for name, value in values.items() if name in fields}).ok
        assert "One moment" in said(workspace.modal("eve") or {})
    again = workspace.wait_for(
        lambda: view if (view := workspace.modal("eve")) and "One moment" not in said(view) else None
    )
    # The end lies before the start: that is said, and nothing that was written is lost.
    assert again["callback_id"] == form["callback_id"]
    assert "Phonics" in json.dumps(again["blocks"])
    assert again["blocks"][0]["type"] == "section"


def test_a_modal_that_takes_long_opens_in_time_and_is_filled_after(listening: tuple[Office, Trustbot]) -> None:
    office, _ = listening
    workspace = office.workspace
    reply = office.ask_alone("bob", QUESTION)
    bob = workspace.as_user("bob")
    workspace.fail("users.info", seconds=4.0)
    assert bob.click(reply, "ask.sources").ok
    loading = workspace.wait_for(lambda: workspace.modal("bob"))
    assert "One moment" in said(loading)
    assert corpus.LETTINGS in said(office.modal("bob", "Sources"))


def test_a_late_acknowledgement_would_run_a_command_twice(listening: tuple[Office, Trustbot]) -> None:
    office, _ = listening
    workspace = office.workspace
    workspace.delivery.ack_within = 3.0
    seen = len(workspace.ephemerals("bob"))
    with workspace.silent():
        assert workspace.as_user("bob").command("/trust", "agenda", "staff").ok
    office.rest()
    attempts = [attempt for attempt in workspace.attempts if attempt.kind == "slash_commands"]
    assert [attempt.ok for attempt in attempts] == [True]
    workspace.wait_for(lambda: workspace.modal("bob") or len(workspace.ephemerals("bob")) > seen)


def test_a_form_is_filled_again_as_it_was_sent() -> None:
    inputs: list[tuple[Json, Json]] = [
        ({"type": "plain_text_input", "initial_value": "old"}, {"value": "new words"}),
        ({"type": "datepicker"}, {"selected_date": "2026-11-30"}),
        ({"type": "multi_conversations_select"}, {"selected_conversations": ["C1"]}),
        ({"type": "plain_text_input", "initial_value": "taken away"}, {"value": None}),
    ]
    blocks = [
        {"type": "input", "block_id": f"f{n}", "label": {"type": "plain_text", "text": "A"},
         "element": {**element, "action_id": f"f{n}"}}
        for n, (element, _) in enumerate(inputs)
    ]  # fmt: skip
    form = {
        "type": "modal", "title": {"type": "plain_text", "text": "A form"}, "callback_id": "form", "id": "V1",
        "submit": {"type": "plain_text", "text": "Send"}, "private_metadata": "kept", "blocks": blocks,
        "state": {"values": {f"f{n}": {f"f{n}": held} for n, (_, held) in enumerate(inputs)}},
    }  # fmt: skip
    again = refilled(form, ["Choose *another* day."])
    assert faults_in_view(again) == []
    elements = [block["element"] for block in again["blocks"] if block["type"] == "input"]
    assert [elements[0]["initial_value"], elements[1]["initial_date"]] == ["new words", "2026-11-30"]
    assert elements[2]["initial_conversations"] == ["C1"]
    assert "initial_value" not in elements[3]
    assert again["private_metadata"] == "kept"
