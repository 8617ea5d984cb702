"""What is done through the page, without a browser: the doors, what they answer, and what a window is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as open_socket

from bot.demo.workspace.page.typed import completions, with_mentions
from bot.demo.workspace.state import BOT_USER
from tests.demo.page.conftest import Site, app_of
from tests.demo.workspace.conftest import Connect

Json = dict[str, Any]


@contextmanager
def window(site: Site, who: str, place: str = "messages", thread: str = "") -> Iterator[ClientConnection]:
    """An open window's socket."""
    port = httpx.URL(site.url).port
    address = f"{site.url.replace('http', 'ws')}/as/{who}/{place}/live?thread={thread}"
    headers = {"cookie": f"workspace-{port}={site.page.guard.key}"}
    with open_socket(address, origin=site.url, additional_headers=headers) as opened:  # type: ignore[arg-type]
        yield opened


def until(opened: ClientConnection, region: str, words: str) -> str:
    """The HTML of a region once it says these words."""
    while True:
        news = json.loads(opened.recv(15))
        html = "".join(news.get(region, {}).get("html", {}).values())
        if words in html:
            return html


def form(**more: Any) -> Json:
    def words(text: str) -> Json:
        return {"type": "plain_text", "text": text}

    element = {"type": "plain_text_input", "action_id": "text", "min_length": 3}
    button = {"type": "button", "action_id": "again", "text": words("Again")}
    return {
        "type": "modal", "callback_id": "form", "title": words("Form"), "submit": words("Send"),
        "blocks": [{"type": "input", "block_id": "what", "label": words("What?"), "element": element},
                   {"type": "actions", "block_id": "row", "elements": [button]}],
        **more,
    }  # fmt: skip


@pytest.fixture
def app(site: Site, connect: Connect) -> App:
    """An app that opens a form on `/trust`, refuses "bad" in it, and tells what it holds when its button is pressed."""
    app = app_of(site.workspace)
    seen: list[Json] = []
    app.seen = seen  # type: ignore[attr-defined]

    @app.command("/trust")
    def command(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=form())

    @app.view("form")
    def sent(ack: Ack, body: Json) -> None:
        value = body["view"]["state"]["values"]["what"]["text"]["value"]
        if value == "bad":
            ack(response_action="errors", errors={"what": "Not that."})
        else:
            ack()
            seen.append({"sent": value})

    @app.action("again")
    def again(ack: Ack, body: Json) -> None:
        ack()
        seen.append(body["view"]["state"]["values"])

    app.event("app_home_opened")(lambda ack: ack())
    app.event("message")(lambda ack: ack())
    connect(site.workspace, app)
    return app


def test_a_window_is_sent_what_comes_and_only_what_changes(site: Site) -> None:
    ann, bob = site.workspace.as_user("ann"), site.workspace.as_user("bob")
    general = site.workspace.state.channel("general").id
    bob.say("general", "first")
    with window(site, "ann", general) as opened:
        until(opened, "talk", "first")
        bob.say("general", "second")
        assert "first" not in until(opened, "talk", "second")
        ann.say("heads", "elsewhere")
        bob.say("general", "third")
        until(opened, "talk", "third")


def test_unread_marks_come_and_go(site: Site) -> None:
    general = site.workspace.state.channel("general").id
    with window(site, "ann") as opened:
        site.workspace.as_user("bob").say("general", "news")
        assert "1<span" in until(opened, "side", 'class="count"')
    with window(site, "ann", general) as opened:
        until(opened, "talk", "news")
    with window(site, "ann") as opened:
        assert 'class="count"' not in until(opened, "side", "general")


def test_names_that_are_typed_become_mentions(site: Site) -> None:
    state = site.workspace.state
    ann, general = state.user("ann").id, state.channel("general").id
    typed = "@Ann Archer and @bob, ask @trustbot in #general, not x@ann.example or #generally"
    assert with_mentions(typed, state) == (
        f"<@{ann}> and <@{state.user('bob').id}>, ask <@{BOT_USER}> in <#{general}>, not x@ann.example or #generally"
    )


def test_the_box_completes_people_channels_and_words_of_commands(site: Site) -> None:
    state = site.workspace.state
    offered = completions(state, site.workspace.manifest, state.channel("heads"))
    assert [each["put"] for each in offered if each["put"].startswith("/")] == [
        "/trust ask",
        "/trust notes",
        "/trust help",
    ]
    assert {"put": "@Bob Brown", "means": "not in this channel"} in offered
    assert {"put": "#general", "means": ""} in offered
    assert all(each["put"] != "#heads" for each in offered)


def test_a_form_is_filled_in_refused_and_sent(site: Site, app: App) -> None:
    client, seen = site.client(), app.seen  # type: ignore[attr-defined]
    place = site.workspace.state.channel("general").id
    assert client.post("/as/ann/do/say", json={"place": place, "text": "/trust form"}).json() == {"ok": True}
    view = site.workspace.wait_for(lambda: site.workspace.modal("ann"))
    assert view
    with window(site, "ann") as opened:
        until(opened, "modal", "What?")
    with window(site, "bob") as opened:
        assert "What?" not in str(opened.recv(10))

    def submit(words: str | None, who: str = "ann") -> Json:
        return dict(client.post(f"/as/{who}/do/submit", json={"view": view["id"], "values": {"what": words}}).json())

    assert submit("no way", "bob")["words"] == "That is no longer on the screen"
    assert submit(None)["errors"] == {"what": "Please complete this required field."}
    assert submit("ab")["errors"] == {"what": "Please enter at least 3 characters."}
    assert submit("bad")["errors"] == {"what": "Not that."}
    pressed = {"target": f"v:{view['id']}", "action": "again", "block": "row", "values": {"what": "half typed"}}
    assert client.post("/as/ann/do/press", json=pressed).json() == {"ok": True}
    assert submit("good") == {"ok": True}
    site.workspace.wait_for(lambda: len(seen) == 2)
    assert seen[0]["what"]["text"]["value"] == "half typed"
    assert seen[1] == {"sent": "good"}
    assert site.workspace.modal("ann") is None


def test_what_only_one_person_sees_is_in_their_window_alone(site: Site) -> None:
    site.workspace.site.changes.whisper(
        site.workspace.state.channel("general"), BOT_USER, site.workspace.state.user("ann").id, "for Ann's eyes"
    )
    general = site.workspace.state.channel("general").id
    with window(site, "ann", general) as opened:
        assert "Only visible to you" in until(opened, "talk", "for Ann&#39;s eyes")
    with window(site, "bob", general) as opened:
        assert "eyes" not in until(opened, "side", "general")


def test_a_status_and_a_stream_are_shown_while_they_run(site: Site) -> None:
    asked = site.workspace.as_user("ann").dm("a question")
    client = WebClient(site.workspace.bot_token, base_url=site.workspace.api_url)
    with window(site, "ann") as opened:
        client.assistant_threads_setStatus(channel_id=asked.channel, thread_ts=asked.ts, status="is looking…")
        until(opened, "status", "Trustbot is looking…")
        started = client.chat_startStream(channel=asked.channel, thread_ts=asked.ts, markdown_text="One **bold**")
        html = until(opened, "talk", "<strong>bold</strong>")
        assert "streaming" in html
        client.chat_appendStream(channel=asked.channel, ts=started["ts"], markdown_text=" word and *more*")
        until(opened, "talk", "<em>more</em>")
        client.chat_stopStream(channel=asked.channel, ts=started["ts"])
        assert "streaming" not in until(opened, "talk", "<em>more</em>")


def test_a_file_is_uploaded_and_a_public_channel_joined(site: Site) -> None:
    client, open_channel = site.client(), site.workspace.state.channel("open")
    place = {"place": open_channel.id, "name": "../plan <b>.md", "comment": "see @Bob Brown"}
    assert not client.post("/as/ann/do/upload", params=place, content=b"# Plan").json()["ok"]
    assert client.post("/as/ann/do/join", json={"channel": open_channel.id}).json() == {"ok": True}
    assert client.post("/as/ann/do/upload", params=place, content=b"# Plan").json() == {"ok": True}
    (message,) = site.workspace.messages("open")
    assert site.workspace.state.files[message.files[0]].name == "plan <b>.md"
    assert message.text == f"see <@{site.workspace.state.user('bob').id}>"
    with window(site, "bob", open_channel.id) as opened:
        assert "plan &lt;b&gt;.md" in until(opened, "talk", "plan")
    assert not client.post("/as/ann/do/upload", params=place, content=b"").json()["ok"]


def test_one_deletes_ones_own_messages_and_no_others(site: Site) -> None:
    said = site.workspace.as_user("ann").say("general", "oops")
    target = {"target": f"m:{said.channel}:{said.ts}"}
    assert not site.client().post("/as/bob/do/delete", json=target).json()["ok"]
    assert site.client().post("/as/ann/do/delete", json=target).json() == {"ok": True}
    assert site.workspace.messages("general") == []


def test_the_clock_is_moved_and_what_arrives_is_told(site: Site) -> None:
    client = site.client()
    machine = site.page.machine
    assert machine is not None
    machine.strike = lambda: site.workspace.site.changes.post(
        site.workspace.as_user("bob").direct, BOT_USER, "Due today"
    )
    with window(site, "ann") as opened:
        assert "10:05" in until(opened, "clock", "Next school morning")
        assert client.post("/clock/morning").json() == {"ok": True}
        html = until(opened, "news", "Bob Brown")
        assert "Monday 30 November 2026, 07:45" in html
        assert "/as/bob/messages" in html
    assert client.post("/clock/yesterday").json() == {"ok": False, "words": "The clock cannot be moved there"}
    (due,) = site.workspace.direct("bob")
    assert machine.now().timestamp() - float(due.ts) < 60


def test_the_tour_acts_through_the_doors_and_says_where_to_look(site: Site) -> None:
    client = site.client()
    assert client.post("/tour/0/0").json() == {"ok": True, "go": "/as/ann/messages"}
    assert [each.text for each in site.workspace.direct("ann")] == ["When does term end?"]
    assert client.post("/tour/1/0").json() == {"ok": True, "go": "/as/bob/home"}
    assert not client.post("/tour/7/0").json()["ok"]


def test_slash_commands_do_not_run_in_threads(site: Site) -> None:
    asked = {"place": "messages", "text": "/trust help", "thread": "1.0"}
    told = site.client().post("/as/ann/do/say", json=asked).json()
    assert told["words"].startswith("Slash commands do not work in threads")
