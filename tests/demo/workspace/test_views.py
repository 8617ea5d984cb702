"""Modals: opened in time, filled in, refused with errors, changed, stacked and closed."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.demo.workspace import Workspace
from bot.demo.workspace.controls import NotThere
from tests.demo.workspace.conftest import Connect, Start, app_of

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def options(*names: str) -> list[Json]:
    return [{"text": plain(name), "value": name.lower()} for name in names]


def field(name: str, element: Json, **more: Any) -> Json:
    return {"type": "input", "block_id": name, "label": plain(name), "element": element, **more}


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


def test_errors_keep_the_form_open_and_the_rest_moves_it_on(workspace: Workspace, app: App, connect: Connect) -> None:
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
