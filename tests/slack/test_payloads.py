"""What Slack sends is read with what it leaves out and what it sends as null."""

from __future__ import annotations

from typing import Any

import pytest

from bot.runtime.payload import Malformed, Payload
from bot.slack.forms import chosen_conversations, picked, picked_day, ticked, typed
from bot.slack.payloads import (
    ChannelEvent,
    FileEvent,
    Interaction,
    MessageEvent,
    PersonEvent,
    Press,
    Shortcut,
    SlashCommand,
    View,
)

USER = {"id": "U1", "username": "eve", "team_id": "T1"}
SENT: list[tuple[type[Payload], dict[str, Any]]] = [
    (SlashCommand, {"user_id": "U1", "channel_id": "C1", "trigger_id": "1.1"}),
    (Interaction, {"user": USER, "trigger_id": "1.1"}),
    (Press, {"action_id": "ask.sources"}),
    (View, {"id": "V1"}),
    (Shortcut, {"user": USER, "trigger_id": "1.1", "channel": {"id": "C1"}, "message": {"ts": "1.1"}}),
    (MessageEvent, {"channel": "C1", "ts": "1.1"}),
    (FileEvent, {"channel_id": "C1", "file_id": "F1"}),
    (ChannelEvent, {"type": "channel_left", "channel": "C1"}),
    (PersonEvent, {"user": USER}),
]


@pytest.mark.parametrize(("model", "payload"), SENT)
def test_the_least_that_slack_sends_is_read_and_nothing_less(model: type[Payload], payload: dict[str, Any]) -> None:
    assert model.read({**payload, "new_in_slack": {}})
    for name in payload:
        for value in (None, "", 7, [], {}):
            with pytest.raises(Malformed):
                model.read({**payload, name: value})
        with pytest.raises(Malformed):
            model.read({key: value for key, value in payload.items() if key != name})


def test_what_slack_sends_as_null_is_as_if_it_were_not_there() -> None:
    empty = {"text": None, "thread_ts": None, "files": None, "bot_id": None, "edited": None, "subtype": None}
    least = {"channel": "C1", "ts": "1.1"}
    assert MessageEvent.read({**least, **empty}) == MessageEvent.read(least)
    assert View.read({"id": "V1", "private_metadata": None, "state": None}) == View(id="V1")


def test_a_changed_message_is_read_with_what_it_was() -> None:
    event = MessageEvent.read({
        "channel": "C1", "ts": "2.1", "subtype": "message_changed", "channel_type": "im",
        "message": {"ts": "1.1", "user": "U1", "text": "Now", "edited": {"user": "U1", "ts": "2.1"}},
        "previous_message": {"ts": "1.1", "user": "U1", "text": "Before"},
    })  # fmt: skip
    assert event.message
    assert event.previous_message
    assert event.message.edited
    assert (event.message.text, event.message.edited.ts, event.previous_message.text) == ("Now", "2.1", "Before")


def test_the_fields_of_a_form_are_read_whichever_they_are() -> None:
    values = {
        "text": {"value": " Some words "}, "empty": {"value": None}, "day": {"selected_date": "2026-11-30"},
        "one": {"selected_option": {"value": "a", "text": {"type": "plain_text", "text": "A"}}},
        "many": {"selected_options": [{"value": "a"}, {"value": "b"}]}, "where": {"selected_conversation": "C1"},
        "wheres": {"selected_conversations": ["C1", "C2"]}, "none": {"selected_option": None, "selected_date": None},
    }  # fmt: skip
    view = View.read({"id": "V1", "state": {"values": {name: {name: value} for name, value in values.items()}}})
    assert [typed(view, name) for name in ("text", "empty", "missing")] == ["Some words", "", ""]
    assert [picked(view, name) for name in ("one", "day", "none", "missing")] == ["a", "2026-11-30", "", ""]
    assert [ticked(view, name) for name in ("many", "none", "missing")] == [["a", "b"], [], []]
    assert [chosen_conversations(view, name) for name in ("where", "wheres", "none")] == [["C1"], ["C1", "C2"], []]
    assert str(picked_day(view, "day")) == "2026-11-30"
    assert picked_day(view, "none") is None


def test_a_press_outside_a_modal_has_no_view_and_a_button_no_choice() -> None:
    with pytest.raises(Malformed):
        _ = Interaction.read({"user": USER, "trigger_id": "1.1"}).modal
    with pytest.raises(Malformed):
        _ = Press.read({"action_id": "ask.sources"}).chosen
