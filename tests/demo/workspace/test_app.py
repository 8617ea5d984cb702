"""An unmodified slack-bolt app lives in the workspace: mentions, direct messages, commands, shortcuts, streams."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt import Ack, App, SayStream, SetStatus
from slack_sdk import WebClient

from bot.demo.workspace import Workspace
from bot.demo.workspace.controls import NotThere
from bot.demo.workspace.state import BOT_USER
from tests.demo.workspace.conftest import Connect

Event = dict[str, Any]


def test_a_mention_reaches_the_app_as_mention_and_as_message(workspace: Workspace, app: App, connect: Connect) -> None:
    seen: list[Event] = []

    @app.event("app_mention")
    def answer(body: Event, client: WebClient) -> None:
        seen.append(body)
        event = body["event"]
        client.chat_postMessage(channel=event["channel"], thread_ts=event["ts"], text="Here.")

    @app.message("INSET")
    def hear(body: Event) -> None:
        seen.append(body)

    connect(workspace, app)
    question = workspace.as_user("ann").mention("general", "when is INSET & who <comes>?")
    assert [each.text for each in workspace.wait_for(lambda: workspace.replies(question))] == ["Here."]
    workspace.wait_for(lambda: len(seen) == 2)
    told = {body["event"]["type"]: body for body in seen}
    assert told["message"]["event"]["channel_type"] == "channel"
    assert told["app_mention"]["event"]["text"] == f"<@{BOT_USER}> when is INSET &amp; who &lt;comes&gt;?"
    assert told["app_mention"]["authorizations"][0]["user_id"] == BOT_USER
    assert told["app_mention"]["event_id"] != told["message"]["event_id"]


def test_a_mention_where_the_app_is_not_stays_between_slack_and_the_person(
    workspace: Workspace, app: App, connect: Connect
) -> None:
    connect(workspace, app)
    workspace.as_user("bob").mention("elsewhere", "hello?")
    assert "not in this channel" in workspace.ephemerals("bob")[0].text
    assert workspace.attempts == []


def test_a_direct_message_is_answered_by_a_stream_with_a_status(
    workspace: Workspace, app: App, connect: Connect
) -> None:
    statuses: list[str] = []

    @app.event("message")
    def answer(event: Event, set_status: SetStatus, say_stream: SayStream) -> None:
        if event["channel_type"] != "im":
            return
        set_status("is reading…", loading_messages=["Looking"])
        statuses.append(workspace.status(workspace.direct("ann")[0]))
        stream = say_stream(buffer_size=4)
        stream.append(markdown_text="**Term** ")
        stream.append(markdown_text="ends in July.")
        stream.stop(blocks=[{"type": "divider"}], metadata={"event_type": "answer", "event_payload": {"id": 1}})

    connect(workspace, app)
    question = workspace.as_user("ann").dm("When does term end?")
    [answered] = workspace.wait_for(lambda: [each for each in workspace.replies(question) if each.metadata])
    assert answered.text == "**Term** ends in July."
    assert answered.blocks[-1]["type"] == "divider"
    assert not answered.streaming
    assert statuses == ["is reading…"]
    assert workspace.status(question) == ""


def test_a_command_answers_its_sender_alone_and_later_through_its_response_url(
    workspace: Workspace, app: App, connect: Connect
) -> None:
    @app.command("/trust")
    def answer(ack: Ack, command: Event, respond: Any) -> None:
        ack(f"You asked {command['text']}")
        respond("Later.")
        respond("To all.", response_type="in_channel")

    connect(workspace, app)
    assert workspace.as_user("ann").command("/trust", "ask <this>", "general").ok
    workspace.wait_for(lambda: len(workspace.ephemerals("ann")) == 2)
    assert {each.text for each in workspace.ephemerals("ann")} == {"You asked ask &lt;this&gt;", "Later."}
    assert workspace.ephemerals("bob") == []
    [message] = workspace.wait_for(lambda: workspace.messages("general"))
    assert message.text == "To all."


def test_a_command_that_nobody_takes_fails_on_the_screen(workspace: Workspace) -> None:
    outcome = workspace.as_user("ann").command("/trust")
    assert not outcome.ok
    assert "dispatch_failed" in workspace.ephemerals("ann")[0].text


def test_an_answer_to_a_command_is_held_to_the_limits_too(workspace: Workspace, app: App, connect: Connect) -> None:
    @app.command("/trust")
    def answer(ack: Ack) -> None:
        ack(text="x", blocks=[{"type": "sektion"}])

    connect(workspace, app)
    outcome = workspace.as_user("ann").command("/trust")
    assert "unsupported type: sektion" in outcome.reason
    assert [each.text for each in workspace.ephemerals("ann")] == ['/trust failed with the error "invalid_blocks".']


def test_shortcuts_carry_the_message_they_were_used_on(workspace: Workspace, app: App, connect: Connect) -> None:
    taken: list[Event] = []

    @app.shortcut("ask")
    def take(ack: Ack, body: Event) -> None:
        ack()
        taken.append(body)

    connect(workspace, app)
    bob = workspace.as_user("bob")
    message = bob.say("general", "Who is the DSL?")
    assert bob.message_shortcut("ask", message).ok
    assert bob.shortcut("ask").ok
    assert [body["type"] for body in taken] == ["message_action", "shortcut"]
    assert taken[0]["message"]["text"] == "Who is the DSL?"
    assert taken[0]["channel"]["name"] == "general"
    with pytest.raises(NotThere):
        bob.message_shortcut("ask", workspace.as_user("ann").say("heads", "Only for heads"))
