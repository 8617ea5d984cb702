"""Streams grow, end, and end by themselves; statuses and prompts come and go."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.models.messages.chunk import MarkdownTextChunk, TaskUpdateChunk

from bot.demo.workspace import Manifest, Workspace
from bot.demo.workspace.state import TEAM
from tests.demo.workspace.conftest import Start, client_of


def test_a_stream_grows_and_shows_its_tasks(client: WebClient, workspace: Workspace) -> None:
    question = workspace.as_user("ann").dm("When does term end?")
    stream = client.chat_stream(channel=question.channel, thread_ts=question.ts, buffer_size=1)
    stream.append(markdown_text="Term ")
    [running] = workspace.replies(question)
    assert (running.text, running.streaming) == ("Term ", True)
    stream.append(chunks=[TaskUpdateChunk(id="1", title="Looking", status="in_progress")])
    stream.append(chunks=[TaskUpdateChunk(id="1", title="Looked", status="complete"), MarkdownTextChunk(text="ends")])
    with pytest.raises(SlackApiError, match="streaming_state_conflict"):
        client.chat_update(channel=question.channel, ts=stream.ts, text="x")
    stream.stop(markdown_text=" in July.", blocks=[{"type": "divider"}])
    [done] = workspace.replies(question)
    assert (done.text, done.streaming) == ("Term ends in July.", False)
    assert [each["type"] for each in done.blocks] == ["task_card", "divider"]
    assert (done.blocks[0]["title"], done.blocks[0]["status"]) == ("Looked", "complete")
    with pytest.raises(SlackApiError, match="message_not_in_streaming_state"):
        client.chat_appendStream(channel=question.channel, ts=done.ts, markdown_text="x")


def test_a_stream_ends_after_five_minutes_and_can_then_be_updated(start: Start) -> None:
    now = [1_800_000_000.0]
    workspace = start(rates=None, clock=lambda: now[0])
    client = client_of(workspace)
    question = workspace.as_user("ann").dm("A long one")
    stream = client.chat_stream(channel=question.channel, thread_ts=question.ts, buffer_size=1)
    stream.append(markdown_text="It begins")
    now[0] += 301
    with pytest.raises(SlackApiError, match="message_not_in_streaming_state"):
        stream.append(markdown_text=" and goes on")
    client.chat_update(channel=question.channel, ts=stream.ts, text="It began, and ended.")
    assert [(each.text, each.streaming) for each in workspace.replies(question)] == [("It began, and ended.", False)]


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({}, "missing_recipient_team_id"),
        ({"recipient_team_id": TEAM}, "missing_recipient_user_id"),
        ({"recipient_team_id": "T0OTHER", "recipient_user_id": "U1"}, "team_not_found"),
        ({"recipient_team_id": TEAM, "recipient_user_id": "U0NOBODY"}, "user_not_found"),
    ],
)
def test_a_stream_in_a_channel_names_for_whom_it_is(
    client: WebClient, workspace: Workspace, more: dict[str, str], error: str
) -> None:
    question = workspace.as_user("ann").mention("general", "hello")
    with pytest.raises(SlackApiError, match=error):
        client.chat_startStream(channel=question.channel, thread_ts=question.ts, **more)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"markdown_text": "x" * 12_001}, "msg_too_long"),
        ({"chunks": [{"type": "telepathy"}]}, "invalid_chunks"),
        ({"chunks": [{"type": "task_update", "id": "1", "title": "x", "status": "lost"}]}, "invalid_chunks"),
        ({"chunks": [{"type": "blocks", "blocks": [{"type": "alert"}]}]}, "invalid_blocks"),
    ],
)
def test_a_stream_refuses_what_slack_does(
    client: WebClient, workspace: Workspace, given: dict[str, Any], error: str
) -> None:
    question = workspace.as_user("ann").dm("hello")
    with pytest.raises(SlackApiError, match=error):
        client.chat_startStream(channel=question.channel, thread_ts=question.ts, **given)
    assert workspace.replies(question) == []


def test_a_status_lasts_two_minutes_or_until_the_answer(start: Start) -> None:
    now = [1_800_000_000.0]
    workspace = start(rates=None, clock=lambda: now[0])
    client, question = client_of(workspace), workspace.as_user("ann").dm("hello")
    where = {"channel_id": question.channel, "thread_ts": question.ts}
    client.assistant_threads_setStatus(**where, status="is reading…")
    assert workspace.status(question) == "is reading…"
    now[0] += 121
    assert workspace.status(question) == ""
    client.assistant_threads_setStatus(**where, status="is reading again…")
    client.chat_postMessage(channel=question.channel, thread_ts=question.ts, text="Done")
    assert workspace.status(question) == ""
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        client.assistant_threads_setStatus(**where, status="x", loading_messages=["x"] * 11)
    with pytest.raises(SlackApiError, match="invalid_thread_ts"):
        client.assistant_threads_setStatus(channel_id=question.channel, thread_ts="1.000001", status="x")


@pytest.mark.parametrize(("agent_view", "shown"), [(True, 0), (False, 1)])
def test_prompts_for_a_thread_are_lost_silently_under_agent_view(start: Start, agent_view: bool, shown: int) -> None:
    workspace = start(manifest=Manifest(agent_view=agent_view), rates=None)
    client, question = client_of(workspace), workspace.as_user("ann").dm("hello")
    prompts = [{"title": "Term dates", "message": "When does term end?"}]
    where = {"channel_id": question.channel, "thread_ts": question.ts}
    assert client.assistant_threads_setSuggestedPrompts(**where, prompts=prompts)["ok"]
    assert len(workspace.prompts("ann")) == shown
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        client.assistant_threads_setSuggestedPrompts(**where, prompts=prompts * 5)
