"""Every limit of Slack's is refused one step beyond it, in words that name it, and let through at it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.demo.workspace import Workspace
from bot.demo.workspace.block_rules.check import Surface
from bot.demo.workspace.block_rules.tables import BLOCKS, faults_in_blocks, faults_in_view
from tests.demo.workspace.conftest import Start, client_of

Block = dict[str, Any]
KINDS = st.sampled_from([*BLOCKS, "mrkdwn", "plain_text", "button", "static_select"])
KEYS = st.sampled_from(["type", "text", "elements", "fields", "block_id", "options", "rows", "chart", "accessory"])


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def button(number: int = 0, **more: Any) -> Block:
    return {"type": "button", "text": plain("Go"), "action_id": f"go{number}", **more}


def option(number: int = 0) -> Block:
    return {"text": plain(f"Option {number}"), "value": str(number)}


def section(text: str = "Hello", **more: Any) -> Block:
    return {"type": "section", "text": mrkdwn(text), **more}


def actions(*elements: Block) -> list[Block]:
    return [{"type": "actions", "elements": list(elements)}]


def select(count: int, **more: Any) -> list[Block]:
    return actions({"type": "static_select", "options": [option(each) for each in range(count)], **more})


def overflow(count: int) -> list[Block]:
    return actions({"type": "overflow", "options": [option(each) for each in range(count)]})


def context(count: int) -> list[Block]:
    return [{"type": "context", "elements": [mrkdwn("x")] * count}]


def icons(count: int) -> list[Block]:
    icon = {"type": "icon_button", "icon": "trash", "text": plain("Bin")}
    return [{"type": "context_actions", "elements": [{**icon, "action_id": str(each)} for each in range(count)]}]


def table(rows: int, columns: int) -> Block:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * columns for _ in range(rows)]}


def chart(title: str = "Attendance", series: int = 1) -> Block:
    data = [{"label": "Autumn", "value": 95}]
    lines = [{"name": f"School {each}", "data": data} for each in range(series)]
    return {"type": "data_visualization", "title": title, "chart": {"type": "line", "series": lines}}


def field(**more: Any) -> Block:
    element = {"type": "plain_text_input", **more}
    return {"type": "input", "label": plain("What was missing?"), "element": element}


AT_AND_BEYOND: list[tuple[str, list[Block], list[Block], str]] = [
    ("blocks", [section()] * 50, [section()] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    ("section text", [section("x" * 3000)], [section("x" * 3001)], "less than 3001 characters"),
    ("fields", [{"type": "section", "fields": [mrkdwn("x")] * 10}], [{"type": "section", "fields": [mrkdwn("x")] * 11}],
     "no more than 10 items"),
    ("header", [{"type": "header", "text": plain("x" * 150)}], [{"type": "header", "text": plain("x" * 151)}], "151"),
    ("actions", actions(*map(button, range(25))), actions(*map(button, range(26))), "no more than 25 items"),
    ("context", context(10), context(11), "no more than 10 items"),
    ("context actions", icons(5), icons(6), "no more than 5 items"),
    ("markdown", [{"type": "markdown", "text": "x" * 12_000}], [{"type": "markdown", "text": "x" * 12_001}], "12001"),
    ("options", select(100), select(101), "no more than 100 items"),
    ("overflow", overflow(5), overflow(6), "no more than 5 items"),
    ("button text", actions(button(text=plain("x" * 75))), actions(button(text=plain("x" * 76))), "less than 76"),
    ("button value", actions(button(value="x" * 2000)), actions(button(value="x" * 2001)), "less than 2001"),
    ("action_id", actions({**button(), "action_id": "x" * 255}), actions({**button(), "action_id": "x" * 256}), "256"),
    ("block_id", [section(block_id="x" * 255)], [section(block_id="x" * 256)], "less than 256"),
    ("placeholder", select(1, placeholder=plain("x" * 150)), select(1, placeholder=plain("x" * 151)), "less than 151"),
    ("table rows", [table(100, 2)], [table(101, 2)], "no more than 100 items"),
    ("table columns", [table(2, 20)], [table(2, 21)], "no more than 20 items"),
    ("tables", [table(1, 1)], [table(1, 1), table(1, 1)], "no more than 1 table"),
    ("chart title", [chart("x" * 50)], [chart("x" * 51)], "less than 51"),
    ("charts", [chart()] * 2, [chart()] * 3, "no more than 2 data_visualization"),
    ("series", [chart(series=6)], [chart(series=7)], "no more than 6 items"),
]  # fmt: skip


@pytest.fixture(scope="module")
def shared() -> Iterator[Workspace]:
    """One workspace for the cases that leave nothing behind but messages."""
    with Workspace.start(rates=None) as workspace:
        workspace.add_channel("general")
        yield workspace


@pytest.mark.parametrize(
    ("at", "beyond", "words"), [each[1:] for each in AT_AND_BEYOND], ids=[each[0] for each in AT_AND_BEYOND]
)
def test_a_message_goes_up_to_the_limit_and_no_further(
    shared: Workspace, at: list[Block], beyond: list[Block], words: str
) -> None:
    client, channel = client_of(shared), shared.state.channel("general").id
    assert client.chat_postMessage(channel=channel, text="hello", blocks=at)["ok"]
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel=channel, text="hello", blocks=beyond)
    assert refused.value.response["error"] == "invalid_blocks"
    assert words in str(refused.value.response["errors"])


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        ([{"type": "sektion"}], "unsupported type: sektion"),
        ([section(colour="red")], "invalid additional property: colour"),
        ([{"type": "section"}], "missing required field"),
        ([{"type": "table", "caption": "Terms", "rows": [[{"type": "raw_text", "text": "x"}]]}], "property: caption"),
        ([{"type": "image", "image_url": "https://x.example/a.png"}], "missing required field: alt_text"),
        ([section(block_id="a"), section(block_id="a")], "block_id already exists: a"),
        (actions(button(1), button(1)), "action_id already exists: go1"),
        ([section(accessory={"type": "plain_text_input"})], "unsupported type: plain_text_input"),
        ([{"type": "alert", "text": plain("Mind")}], "unsupported type in a message: alert"),
        ([section("")], "must be more than 0 characters"),
        ([{"type": "header", "text": mrkdwn("*x*")}], "unsupported type: mrkdwn"),
        ([{"type": "markdown", "text": "x" * 8000}, {"type": "markdown", "text": "y" * 4001}], "markdown together"),
        ([None], "unsupported type: None"),
        (select(2, initial_option=option(2)), "initial option must be one of the options"),
        (actions(button(url="policy.pdf")), "must be a valid URL"),
        (actions(), "no fewer than 1 items"),
    ],
)
def test_blocks_that_slack_does_not_know_are_refused(blocks: list[Block], words: str) -> None:
    assert words in str(faults_in_blocks(blocks, "message"))


@pytest.mark.parametrize("kind", ["markdown", "plan", "task_card", "context_actions"])
@pytest.mark.parametrize("surface", ["modal", "home"])
def test_blocks_of_messages_are_refused_in_views(kind: str, surface: Surface) -> None:
    assert any(f"unsupported type in a {surface}" in fault for fault in BLOCKS[kind].check({"type": kind}, "", surface))


def modal(**more: Any) -> Block:
    return {"type": "modal", "title": plain("Feedback"), "submit": plain("Send"), "blocks": [field()], **more}


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (modal(title=plain("x" * 25)), "less than 25"),
        (modal(submit=plain("x" * 25)), "less than 25"),
        (modal(close=plain("x" * 25)), "less than 25"),
        (modal(private_metadata="x" * 3001), "less than 3001"),
        (modal(callback_id="x" * 256), "less than 256"),
        (modal(blocks=[section()] * 101), "no more than 100 items"),
        (modal(colour="red"), "invalid additional property: colour"),
        ({**modal(), "submit": None}, "must not be null"),
        ({name: value for name, value in modal().items() if name != "submit"}, "missing required field: submit"),
        ({name: value for name, value in modal().items() if name != "title"}, "missing required field: title"),
        ({"type": "home", "title": plain("Home"), "blocks": []}, "invalid additional property: title"),
        ({"type": "home", "blocks": [section()] * 101}, "no more than 100 items"),
        (modal(blocks=[None]), "unsupported type: None"),
    ],
)
def test_views_beyond_a_limit_are_refused(view: Block, words: str) -> None:
    assert words in str(faults_in_view(view))


def test_a_view_at_every_limit_is_taken() -> None:
    whole = modal(
        title=plain("x" * 24), submit=plain("x" * 24), close=plain("x" * 24), private_metadata="x" * 3000,
        blocks=[*[section()] * 98, field(placeholder=plain("x" * 150)), {"type": "alert", "text": plain("Mind")}],
    )  # fmt: skip
    assert faults_in_view(whole) == []


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": " "}, "no_text"),
        ({"text": "x", "attachments": [{"text": "x"}] * 101}, "too_many_attachments"),
        ({"text": "x", "blocks": [section("x" * 2700)] * 5}, "msg_blocks_too_long"),
        ({"text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        ({"text": "x", "blocks": "{"}, "invalid_blocks_format"),
        ({"text": "x", "blocks": {"type": "divider"}}, "invalid_blocks_format"),
        ({"text": "x", "attachments": ["x"]}, "invalid_attachments"),
        ({"text": "x", "attachments": [{"blocks": [{"type": "sektion"}]}]}, "invalid_attachments"),
    ],
)
def test_messages_beyond_a_limit_are_refused(shared: Workspace, arguments: dict[str, Any], error: str) -> None:
    before = shared.messages("general")
    call = {"channel": shared.state.channel("general").id, **arguments}
    with pytest.raises(SlackApiError) as refused:
        client_of(shared).api_call("chat.postMessage", json=call)
    assert refused.value.response["error"] == error
    assert shared.messages("general") == before
    assert shared.calls[-1].error == error


def test_an_update_has_a_shorter_limit_and_keeps_what_it_does_not_name(client: WebClient, workspace: Workspace) -> None:
    channel = workspace.state.channel("general").id
    metadata = {"event_type": "answer", "event_payload": {"key": "k1"}}
    posted = client.chat_postMessage(channel=channel, text="First", blocks=[section()], metadata=metadata)
    with pytest.raises(SlackApiError, match="msg_too_long"):
        client.chat_update(channel=channel, ts=posted["ts"], text="x" * 4001)
    client.chat_update(channel=channel, ts=posted["ts"], text="Second")
    [message] = workspace.messages("general")
    assert (message.text, len(message.blocks), message.metadata) == ("Second", 1, metadata)
    client.chat_update(channel=channel, ts=posted["ts"], text="Third", blocks=[])
    assert workspace.messages("general")[0].blocks == ()
    told = client.conversations_history(channel=channel, include_all_metadata=True)["messages"]
    assert told[0]["metadata"] == metadata
    assert "metadata" not in client.conversations_history(channel=channel)["messages"][0]


def test_a_scheduled_message_takes_no_metadata_and_120_days_at_most(client: WebClient, workspace: Workspace) -> None:
    channel, now = workspace.state.channel("general").id, int(workspace.state.clock())
    for more, error in [
        ({"post_at": now + 60, "metadata": {"event_type": "x", "event_payload": {}}}, "metadata_must_be_sent_from_app"),
        ({"post_at": now + 121 * 86_400}, "time_too_far"),
        ({"post_at": now - 1}, "time_in_past"),
    ]:
        with pytest.raises(SlackApiError, match=error):
            client.chat_scheduleMessage(channel=channel, text="x", **more)
    for _ in range(30):
        client.chat_scheduleMessage(channel=channel, text="x", post_at=now + 600)
    with pytest.raises(SlackApiError, match="restricted_too_many"):
        client.chat_scheduleMessage(channel=channel, text="x", post_at=now + 610)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.builds(lambda kind, rest: {**rest, "type": kind}, KINDS, st.dictionaries(KEYS, inner, max_size=6))
    ),
    max_leaves=20,
)


@given(JSON)
@settings(max_examples=300, deadline=None)
def test_whatever_is_sent_as_blocks_is_judged_and_never_breaks_the_judge(value: Any) -> None:
    for surface in ("message", "modal", "home"):
        assert all(fault.startswith("[ERROR] ") for fault in faults_in_blocks(value, surface))
    assert faults_in_view(value)


def test_a_scheduled_message_is_posted_when_its_time_comes(start: Start) -> None:
    now = [1_800_000_000.0]
    workspace = start(rates=None, clock=lambda: now[0])
    client, channel = client_of(workspace), workspace.state.channel("general").id
    later = client.chat_scheduleMessage(channel=channel, text="Later", post_at=int(now[0]) + 60)
    never = client.chat_scheduleMessage(channel=channel, text="Never", post_at=int(now[0]) + 60)
    client.chat_deleteScheduledMessage(channel=channel, scheduled_message_id=never["scheduled_message_id"])
    [listed] = client.chat_scheduledMessages_list()["scheduled_messages"]
    assert listed["id"] == later["scheduled_message_id"]
    assert workspace.messages("general") == []
    now[0] += 61
    [message] = workspace.wait_for(lambda: workspace.messages("general"))
    assert message.text == "Later"


def test_blocks_validate_says_the_same_without_posting(client: WebClient) -> None:
    assert client.blocks_validate(blocks=[section()])["ok"]
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        client.blocks_validate(view=modal(colour="red"))
