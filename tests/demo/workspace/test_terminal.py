"""The tour in the terminal: a trust becomes a workspace, people in it ask, and what they see is printed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from rich.console import Console
from slack_bolt import Ack, SetStatus
from slack_sdk import WebClient

from bot.config.trust import Trust
from bot.demo.workspace import Manifest, Workspace
from bot.demo.workspace.seeding import seed
from bot.demo.workspace.state import BOT_USER
from bot.demo.workspace.terminal.mrkdwn import to_plain, to_text
from bot.demo.workspace.terminal.render import Rendering
from bot.demo.workspace.terminal.tour import play_tour
from tests.demo.workspace.conftest import Connect, app_of

Json = dict[str, Any]

TRUST = Trust.model_validate(
    {
        "name": "Ashdown Trust",
        "schools": [{"id": "elm", "name": "Elm School", "phase": "primary", "channel": "#elm-team"}],
        "people": [
            {"id": "jo-day", "name": "Jo Day", "email": "jo@ashdown.example", "schools": ["elm"]},
            {"id": "al-ray", "name": "Al Ray", "email": "al@ashdown.example", "slack": "U0REAL", "roles": ["trustee"]},
        ],
        "groups": [{"id": "board", "name": "Board", "roles": ["trustee"]}],
        "meetings": [{"id": "board-meeting", "name": "Board meeting", "group": "board", "channel": "board-papers"}],
    }
)
FORM: Json = {
    "type": "modal",
    "callback_id": "missing",
    "title": {"type": "plain_text", "text": "Feedback"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "what",
            "label": {"type": "plain_text", "text": "What was missing?"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
    ],
}


def answer() -> list[Json]:
    """An answer with something to press."""
    text = {"type": "mrkdwn", "text": "*Term* ends on <https://x.example|21 July> &amp; not before"}
    button = {"type": "button", "action_id": "bad", "text": {"type": "plain_text", "text": "Bad"}}
    return [{"type": "section", "text": text}, {"type": "actions", "elements": [button]}]


@pytest.fixture
def trusty() -> Iterator[Workspace]:
    """A workspace seeded from the trust."""
    with Workspace.start(Manifest(commands=frozenset({"/trust"})), rates=None, retries=()) as workspace:
        seed(workspace, TRUST)
        yield workspace


@pytest.fixture
def answering(trusty: Workspace, connect: Connect) -> Workspace:
    """The same with an app that answers questions and takes feedback."""
    app = app_of(trusty)

    @app.event("app_mention")
    def mentioned(event: Json, say: Any) -> None:
        say(text="In public", thread_ts=event["ts"])

    @app.event("message")
    def asked(event: Json, say: Any, set_status: SetStatus) -> None:
        if event["channel_type"] == "im" and "bot_id" not in event:
            set_status("is reading…")
            say(text="Term ends", blocks=answer(), thread_ts=event["ts"])

    @app.command("/trust")
    def command(ack: Ack, command: Json) -> None:
        ack(f"Answering {command['text']}")

    @app.action("bad")
    def bad(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.view("missing")
    def missing(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        words = body["view"]["state"]["values"]["what"]["text"]["value"]
        client.chat_postMessage(channel=body["user"]["id"], text=f"Noted: {words}")

    app.event("app_home_opened")(lambda: None)
    connect(trusty, app)
    return trusty


def test_a_trust_becomes_accounts_and_channels(trusty: Workspace) -> None:
    jo, al = trusty.state.user("jo-day"), trusty.state.user("al@ashdown.example")
    assert (jo.id, al.id, jo.tz) == ("U0JO0DAY", "U0REAL", "Europe/London")
    members = {each.name: (each.kind, each.members - {BOT_USER}) for each in trusty.state.channels.values()}
    assert members == {
        "general": ("channel", {jo.id, al.id}),
        "elm": ("channel", {jo.id}),
        "elm-team": ("channel", {jo.id}),
        "board": ("group", {al.id}),
        "board-papers": ("group", {al.id}),
    }


def test_a_tour_prints_questions_and_answers_and_ends(answering: Workspace) -> None:
    printed = io.StringIO()
    script = [
        ("jo-day", "Messages", "When does term end?"),
        ("al-ray", "#board", "@trustbot and for us?"),
        ("al-ray", "#board", "/trust ask it again"),
    ]
    assert play_tour(answering, script, console=Console(file=printed, width=100))
    shown = printed.getvalue()
    for words in (
        "Jo Day · Messages", "When does term end?", "Term ends on 21 July (https://x.example) & not before", "[1] Bad",
        "Al Ray · #board", "In public", "only you see this", "Answering ask it again",
    ):  # fmt: skip
        assert words in shown
    assert answering.messages("board")[0].text == f"<@{BOT_USER}> and for us?"


def test_a_tour_says_when_no_answer_came(trusty: Workspace) -> None:
    printed = io.StringIO()
    console = Console(file=printed, width=100)
    assert not play_tour(trusty, [("jo-day", "Messages", "Anybody?")], console=console, timeout=0.2)
    assert "No answer came" in printed.getvalue()


def test_mrkdwn_reads_as_a_person_would_read_it(trusty: Workspace) -> None:
    general = trusty.state.channel("general").id
    source = (
        f"*Bold* _it_ ~no~ `code` <@U0REAL> in <#{general}|general> <!channel> a_b_c 2*3*4 &lt;tag&gt; "
        "<!date^1795341098^{date_short_pretty} {time}|then> <https://x.example>"
    )
    assert to_plain(source, trusty.state) == (
        "Bold it no code @Al Ray in #general @channel a_b_c 2*3*4 <tag> 22 November 2026 09:51 https://x.example"
    )
    assert [str(span.style) for span in to_text("*b* _i_", trusty.state).spans] == ["bold", "italic"]


def test_every_block_has_a_form_in_the_terminal(trusty: Workspace) -> None:
    plain = {"type": "plain_text", "text": "Words"}
    cell = {"type": "raw_text", "text": "95%"}
    blocks: list[Json] = [
        {"type": "header", "text": plain},
        {"type": "divider"},
        {"type": "markdown", "text": "**Strong**\n\n- item"},
        {"type": "context", "elements": [plain, {"type": "image", "alt_text": "A logo", "image_url": "x"}]},
        {"type": "table", "rows": [[cell, cell], [cell, {"type": "raw_number", "value": 7}]]},
        {"type": "image", "alt_text": "A chart", "image_url": "x"},
        {"type": "section", "fields": [plain], "accessory": {"type": "overflow", "action_id": "o", "options": [
            {"text": plain, "value": "1"}, {"text": plain, "value": "2"}]}},
        {"type": "rich_text", "elements": [{"type": "rich_text_list", "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "listed"}]}]},
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "quoted words"}]}]},
        {"type": "alert", "text": plain},
        {"type": "plan", "title": "Plan", "tasks": [
            {"type": "task_card", "title": "Look", "status": "in_progress"}]},
        {"type": "card", "title": plain, "actions": [{"type": "button", "action_id": "b", "text": plain}]},
        {"type": "context_actions", "elements": [{"type": "feedback_buttons", "action_id": "f",
            "positive_button": {"text": plain, "value": "up"},
            "negative_button": {"text": plain, "value": "down"}}]},
        {"type": "data_visualization", "title": "Attendance"},
        *FORM["blocks"],
    ]  # fmt: skip
    printed = io.StringIO()
    console = Console(file=printed, width=80)
    rendering = Rendering(trusty.state)
    for each in rendering.blocks(blocks, {}):
        console.print(each)
    shown = printed.getvalue()
    for words in (
        "Words", "Strong", "A logo", "[image: A chart]", "95%", "7", "• listed", "▎ quoted words", "! Words",
        "Look (in progress)", "[chart: Attendance]", "What was missing?", "[5] Words",
    ):  # fmt: skip
        assert words in shown
    assert [each.value for each in rendering.choices] == ["1", "2", None, "up", "down"]
