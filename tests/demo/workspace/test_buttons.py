"""What is pressed and picked in messages and Homes comes with where it was, and is answered in its place."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.demo.workspace import Workspace
from bot.demo.workspace.controls import NotThere
from tests.demo.workspace.conftest import Connect
from tests.demo.workspace.test_views import SCORES, Json, field, plain


def test_what_was_picked_in_a_message_comes_with_the_button(workspace: Workspace, app: App, connect: Connect) -> None:
    pressed: list[Json] = []
    score = {"type": "radio_buttons", "action_id": "score", "options": SCORES, "initial_option": SCORES[0]}
    send = {"type": "button", "action_id": "send", "text": plain("Send")}
    when = field("when", {"type": "datepicker", "action_id": "date"})
    blocks = [{"type": "actions", "block_id": "test", "elements": [score, send]}, when]

    @app.action("score")
    @app.action("send")
    def keep(ack: Ack, body: Json) -> None:
        ack()
        pressed.append(body["state"]["values"]["test"]["score"]["selected_option"]["value"])

    connect(workspace, app)
    app.client.chat_postMessage(channel=workspace.state.channel("general").id, text="How are we?", blocks=blocks)
    [message] = workspace.messages("general")
    workspace.as_user("ann").click(message, "score", "high")
    workspace.as_user("ann").click(message, "send")
    workspace.as_user("bob").click(message, "send")
    assert pressed == ["high", "high", "low"]
    with pytest.raises(NotThere, match="with its form"):
        workspace.as_user("ann").click(message, "date", "2026-11-27")


def test_a_home_is_published_seen_and_pressed(workspace: Workspace, app: App, connect: Connect) -> None:
    pressed: list[Json] = []
    button = {"type": "button", "action_id": "mine", "text": plain("My actions"), "value": "7"}
    home = {"type": "home", "blocks": [{"type": "actions", "block_id": "top", "elements": [button]}]}

    @app.event("app_home_opened")
    def publish(event: Json, client: WebClient) -> None:
        if event["tab"] == "home":
            client.views_publish(user_id=event["user"], view=home)
        else:
            prompts = [{"title": "Term dates", "message": "When does term end?"}]
            client.assistant_threads_setSuggestedPrompts(channel_id=event["channel"], prompts=prompts)

    @app.action("mine")
    def press(ack: Ack, body: Json) -> None:
        ack()
        pressed.append(body)

    connect(workspace, app)
    ann = workspace.as_user("ann")
    ann.open_app("messages")
    ann.open_app("home")
    view = workspace.wait_for(lambda: workspace.home("ann"))
    assert workspace.home("bob") is None
    assert ann.click(view, "mine").ok
    assert pressed[0]["container"] == {"type": "view", "view_id": view["id"]}
    assert (pressed[0]["actions"][0]["value"], pressed[0]["actions"][0]["block_id"]) == ("7", "top")
    assert [each["title"] for each in workspace.prompts("ann")] == ["Term dates"]
    with pytest.raises(SlackApiError, match="hash_conflict"):
        app.client.views_publish(user_id=ann.user.id, view=home, hash="old")


def test_buttons_carry_their_message_and_answer_in_its_place(workspace: Workspace, app: App, connect: Connect) -> None:
    pressed: list[Json] = []
    feedback = {
        "type": "feedback_buttons",
        "action_id": "feedback",
        "positive_button": {"text": plain("Good"), "value": "good"},
        "negative_button": {"text": plain("Bad"), "value": "bad"},
    }
    share = {"type": "button", "action_id": "share", "text": plain("Share"), "value": "k1"}
    blocks = [
        {"type": "actions", "elements": [share]},
        {"type": "context_actions", "elements": [feedback]},
    ]

    @app.action("share")
    def replace(ack: Ack, body: Json, respond: Any) -> None:
        ack()
        pressed.append(body)
        respond(text="Shared.", replace_original=True)

    @app.action("feedback")
    def take(ack: Ack, body: Json, respond: Any) -> None:
        ack()
        pressed.append(body)
        respond(delete_original=True)

    connect(workspace, app)
    general, ann = workspace.state.channel("general").id, workspace.as_user("ann")
    app.client.chat_postEphemeral(channel=general, user=ann.user.id, text="Private", blocks=blocks)
    posted = app.client.chat_postMessage(channel=general, text="Public", blocks=blocks)
    [private], [public] = workspace.ephemerals("ann"), workspace.messages("general")
    ann.click(private, "share")
    workspace.wait_for(lambda: workspace.ephemerals("ann")[0].text == "Shared.")
    assert pressed[0]["container"]["is_ephemeral"] is True
    assert "message" not in pressed[0]
    with pytest.raises(NotThere):
        workspace.as_user("bob").click(private, "share")
    ann.click(public, "feedback", "bad")
    workspace.wait_for(lambda: not workspace.messages("general"))
    assert pressed[1]["message"]["ts"] == posted["ts"]
    assert (pressed[1]["actions"][0]["type"], pressed[1]["actions"][0]["value"]) == ("feedback_buttons", "bad")
