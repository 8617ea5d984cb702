"""Modals and Homes: opened in time, filled in, refused with errors, stacked, published and pressed."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.workspace import Workspace
from bot.workspace.controls import NotThere
from tests.workspace.conftest import Connect, Start, app_of

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def options(*names: str) -> list[Json]:
    return [{"text": plain(name), "value": name.lower()} for name in names]


def field(id: str, element: Json, **more: Any) -> Json:  # noqa: A002
    return {"type": "input", "block_id": id, "label": plain(id), "element": element, **more}


SCORES = options("Low", "High")
FORM: Json = {
    "type": "modal",
    "callback_id": "survey",
    "title": plain("Survey"),
    "submit": plain("Send"),
    "private_metadata": "wave 1",
    "blocks": [
        field("why", {"type": "plain_text_input", "action_id": "text", "max_length": 20}),
        field("score", {"type": "static_select", "action_id": "pick", "options": SCORES}, optional=True),
        field("who", {"type": "users_select", "action_id": "user"}, optional=True),
        field("tests", {"type": "checkboxes", "action_id": "boxes", "options": options("A", "B")}, optional=True),
        field("day", {"type": "datepicker", "action_id": "date", "initial_date": "2026-11-27"}, optional=True),
    ],
}


def opener(app: App, seen: list[Json], view: Json = FORM) -> None:
    """Lets /trust open the form, and keeps what is submitted."""

    @app.command("/trust")
    def show(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.view("survey")
    def take(ack: Ack, body: Json) -> None:
        why = body["view"]["state"]["values"].get("why", {}).get("text", {}).get("value")
        seen.append(body)
        match why:
            case "bad":
                ack(response_action="errors", errors={"why": "Say more."})
            case "wrong":
                ack(response_action="errors", errors={"nowhere": "Lost."})
            case "update":
                ack(response_action="update", view={**FORM, "title": plain("Updated")})
            case "push":
                ack(response_action="push", view={**FORM, "title": plain("Pushed")})
            case "clear":
                ack(response_action="clear")
            case "broken":
                ack(response_action="update", view={**FORM, "title": plain("x" * 25)})
            case _:
                ack()


def opened(workspace: Workspace) -> Json:
    """The form on Ann's screen."""
    workspace.as_user("ann").command("/trust")
    return workspace.wait_for(lambda: workspace.modal("ann"), what="the modal")


def test_a_form_comes_back_with_what_was_filled_in(workspace: Workspace, app: App, connect: Connect) -> None:
    seen: list[Json] = []
    opener(app, seen)
    connect(workspace, app)
    ann, bob = workspace.as_user("ann"), workspace.state.user("bob").id
    outcome = ann.submit(opened(workspace), {"why": "Because", "score": "high", "who": bob, "tests": ["a", "b"]})
    assert outcome.ok
    assert workspace.modal("ann") is None
    view = seen[0]["view"]
    values = view["state"]["values"]
    assert values["why"]["text"] == {"type": "plain_text_input", "value": "Because"}
    assert values["score"]["pick"]["selected_option"]["value"] == "high"
    assert values["who"]["user"]["selected_user"] == bob
    assert [each["value"] for each in values["tests"]["boxes"]["selected_options"]] == ["a", "b"]
    assert values["day"]["date"]["selected_date"] == "2026-11-27"
    assert (view["private_metadata"], seen[0]["user"]["id"]) == ("wave 1", ann.user.id)


def test_slack_itself_keeps_an_incomplete_form_back(workspace: Workspace, app: App, connect: Connect) -> None:
    seen: list[Json] = []
    opener(app, seen)
    connect(workspace, app)
    ann, view = workspace.as_user("ann"), opened(workspace)
    assert set(ann.submit(view).errors) == {"why"}
    assert "at most 20" in ann.submit(view, {"why": "x" * 21}).errors["why"]
    with pytest.raises(NotThere, match="no field 'when'"):
        ann.submit(view, {"when": "now"})
    with pytest.raises(NotThere, match="no option"):
        ann.submit(view, {"why": "x", "score": "middling"})
    assert seen == []


def test_errors_keep_the_form_open_and_the_rest_moves_it_on(
    workspace: Workspace, app: App, connect: Connect
) -> None:
    opener(app, [])
    connect(workspace, app)
    ann, view = workspace.as_user("ann"), opened(workspace)
    assert ann.submit(view, {"why": "bad"}).errors == {"why": "Say more."}
    assert "input blocks" in ann.submit(view, {"why": "wrong"}).reason
    assert "invalid_arguments" in ann.submit(view, {"why": "broken"}).reason
    assert workspace.modal("ann") == view
    assert ann.submit(view, {"why": "update"}).ok
    updated = workspace.modal("ann")
    assert updated is not None
    assert (updated["id"], updated["title"]["text"]) == (view["id"], "Updated")
    assert ann.submit(updated, {"why": "push"}).ok
    pushed = workspace.modal("ann")
    assert pushed is not None
    assert (pushed["previous_view_id"], pushed["root_view_id"]) == (view["id"], view["id"])
    with pytest.raises(NotThere, match="not on top"):
        ann.submit(updated, {"why": "under another"})
    assert ann.submit(pushed, {"why": "clear"}).ok
    assert workspace.modal("ann") is None


def test_a_modal_is_changed_only_from_what_it_is(workspace: Workspace, app: App, connect: Connect) -> None:
    client = app.client
    opener(app, [])
    connect(workspace, app)
    view = opened(workspace)
    client.views_update(view_id=view["id"], hash=view["hash"], view={**FORM, "title": plain("Once")})
    with pytest.raises(SlackApiError, match="hash_conflict"):
        client.views_update(view_id=view["id"], hash=view["hash"], view={**FORM, "title": plain("Twice")})
    with pytest.raises(SlackApiError, match="not_found"):
        client.views_update(view_id="V0NONE", view=FORM)
    now = workspace.modal("ann")
    assert now is not None
    assert now["title"]["text"] == "Once"


def test_a_trigger_works_once_and_for_three_seconds(start: Start, connect: Connect) -> None:
    now = [1_800_000_000.0]
    workspace = start(rates=None, clock=lambda: now[0])
    app, triggers = app_of(workspace), []

    @app.shortcut("ask")
    def keep(ack: Ack, body: Json) -> None:
        ack()
        triggers.append(body["trigger_id"])

    connect(workspace, app)
    ann = workspace.as_user("ann")
    ann.shortcut("ask")
    ann.shortcut("ask")
    app.client.views_open(trigger_id=triggers[0], view=FORM)
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        app.client.views_open(trigger_id=triggers[0], view=FORM)
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        app.client.views_open(trigger_id="1.2", view=FORM)
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        app.client.views_open(trigger_id=triggers[1], view={**FORM, "blocks": []} | {"title": plain("x" * 25)})
    now[0] += 3.1
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        app.client.views_open(trigger_id=triggers[1], view=FORM)


def test_what_was_picked_in_a_message_comes_with_the_button(
    workspace: Workspace, app: App, connect: Connect
) -> None:
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


def test_three_views_are_the_highest_stack(workspace: Workspace, app: App, connect: Connect) -> None:
    refused: list[str] = []
    more = {"type": "button", "action_id": "more", "text": plain("More")}
    view = {**FORM, "blocks": [{"type": "actions", "elements": [more]}]}
    opener(app, [], view)

    @app.action("more")
    def push(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        try:
            client.views_push(trigger_id=body["trigger_id"], view=view)
        except SlackApiError as error:
            refused.append(error.response["error"])

    connect(workspace, app)
    opened(workspace)
    stack = workspace.state.modals[workspace.state.user("ann").id]
    for height in (2, 3):
        workspace.as_user("ann").click(stack[-1], "more")
        workspace.wait_for(lambda height=height: len(stack) == height)
    workspace.as_user("ann").click(stack[-1], "more")
    workspace.wait_for(lambda: refused)
    assert refused == ["push_limit_reached"]


def test_closing_is_told_where_it_was_asked_for(workspace: Workspace, app: App, connect: Connect) -> None:
    closed: list[Json] = []
    opener(app, [], {**FORM, "notify_on_close": True})

    @app.view_closed("survey")
    def note(ack: Ack, body: Json) -> None:
        ack()
        closed.append(body)

    connect(workspace, app)
    assert workspace.as_user("ann").close(opened(workspace)).ok
    assert [each["type"] for each in closed] == ["view_closed"]
    assert workspace.modal("ann") is None


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
