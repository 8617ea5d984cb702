"""What Slack sends in a form that we cannot read is refused in words and logged; nobody is shown what broke."""

from __future__ import annotations

from typing import Any

import pytest

from bot.demo.workspace.wire.events import envelope, interaction
from bot.runtime.payload import MALFORMED
from tests.scenarios.conftest import Office, said, wait_until

SECRET = "the case of Xanthe Quill"
BUTTON = {"type": "button", "action_id": "pulse.answer", "block_id": "b", "action_ts": "1.1"}
FORM = {"type": "modal", "callback_id": "meetings.reassign.view", "title": {"type": "plain_text", "text": "A form"}}


@pytest.mark.parametrize("value", ["", SECRET, "{}", '{"wave": 7, "token": null}'])
def test_a_button_that_carries_something_else_is_refused_in_a_modal(office: Office, value: str) -> None:
    workspace = office.workspace
    eve = workspace.as_user("eve")
    container = {"type": "message", "channel_id": "C1", "message_ts": "1.1"}
    payload = interaction(
        workspace.state, "block_actions", eve.user.id, trigger_id=eve._trigger(), container=container,
        actions=[{**BUTTON, "value": value}],
    )  # fmt: skip
    before = office.log.tell()
    assert workspace.delivery.ask("interactive", payload).ok
    shown = workspace.wait_for(lambda: workspace.modal("eve"))
    assert MALFORMED in said(shown)
    logged = office.log.getvalue()[before:]
    assert "Invitation is refused" in logged
    assert SECRET not in logged
    workspace.as_user("eve").close(shown)


@pytest.mark.parametrize("view", [
    {**FORM, "private_metadata": "{}", "blocks": [], "state": {"values": {}}},
    {**FORM, "private_metadata": SECRET, "blocks": [], "state": {"values": {}}},
    {**FORM, "private_metadata": "{}"},
    {**FORM, "blocks": [{}], "state": {"values": {SECRET: []}}},
    {**FORM, "id": "", "state": []},
])  # fmt: skip
def test_a_form_that_is_none_is_acknowledged_and_refused(office: Office, view: dict[str, Any]) -> None:
    workspace = office.workspace
    payload = interaction(
        workspace.state, "view_submission", workspace.state.user("eve").id, trigger_id="1.1", view={"id": "V1", **view}
    )
    before = office.log.tell()
    assert workspace.delivery.ask("interactive", payload).ok
    wait_until(lambda: "is refused" in office.log.getvalue()[before:], "the refusal in the log")
    logged = office.log.getvalue()[before:]
    assert "KeyError" not in logged
    assert "failure TB-" not in logged


@pytest.mark.parametrize("event", [
    {"type": "message", "channel_type": "im"},
    {"type": "message", "channel_type": "im", "channel": "C1", "ts": 7, "user": "U1", "text": SECRET},
    {"type": "app_mention", "channel": "C1", "user": "U1", "text": SECRET},
    {"type": "file_shared", "user_id": "U1"},
    {"type": "member_left_channel"},
    {"type": "user_change", "user": {"name": SECRET}},
    {"type": "app_home_opened", "tab": "home"},
])  # fmt: skip
def test_an_event_that_is_none_is_acknowledged_and_comes_to_nothing(office: Office, event: dict[str, Any]) -> None:
    before, attempts = office.log.tell(), len(office.workspace.attempts)
    office.workspace.delivery.tell(envelope(office.workspace.state, {**event, "event_ts": "1.1"}))
    office.rest()
    (attempt,) = office.workspace.attempts[attempts:]
    assert attempt.ok
    wait_until(lambda: "is refused" in office.log.getvalue()[before:], "the refusal in the log")
    logged = office.log.getvalue()[before:]
    assert SECRET not in logged
    assert "failure TB-" not in logged
