"""The workspace keeps Slack's rates, and fails as it is told to."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)  # fmt: skip

from bot.demo.workspace import Workspace
from bot.demo.workspace.faults import Rates
from tests.demo.workspace.conftest import Start, client_of


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("method", "channel", "per_minute", "burst"),
    [
        ("users.list", "", 20, 20),
        ("chat.update", "", 50, 50),
        ("views.open", "", 100, 100),
        ("chat.postMessage", "C1", 60, 3),
    ],
)
def test_a_method_is_let_through_at_its_rate_and_then_no_more(
    method: str, channel: str, per_minute: int, burst: int
) -> None:
    clock = Clock()
    rates = Rates(clock, 1.0)
    assert [rates.wait(method, channel, per_minute) for _ in range(burst)] == [0] * burst
    seconds = rates.wait(method, channel, per_minute)
    assert seconds > 0
    clock.now += seconds
    assert rates.wait(method, channel, per_minute) == 0
    assert rates.wait(method, channel, per_minute) > 0
    assert rates.wait(method, "C2", per_minute) == 0


def test_too_many_calls_are_answered_with_429_and_when_to_come_back(start: Start) -> None:
    clock = Clock()
    workspace = start(clock=clock)
    client = client_of(workspace)
    for _ in range(20):
        client.users_list()
    with pytest.raises(SlackApiError) as refused:
        client.users_list()
    assert (refused.value.response.status_code, refused.value.response["error"]) == (429, "ratelimited")
    assert refused.value.response.headers["retry-after"] == "3"
    clock.now += 3
    assert client.users_list()["ok"]


def test_posting_is_limited_by_channel(start: Start) -> None:
    workspace = start(clock=Clock())
    client = client_of(workspace)
    general, heads = workspace.state.channel("general").id, workspace.state.channel("heads").id
    for each in range(3):
        client.chat_postMessage(channel=general, text=str(each))
    with pytest.raises(SlackApiError, match="ratelimited"):
        client.chat_postMessage(channel=general, text="one too many")
    assert client.chat_postMessage(channel=heads, text="elsewhere")["ok"]


def test_an_app_that_waits_as_it_is_told_gets_through(workspace: Workspace) -> None:
    client = client_of(workspace)
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=2))
    workspace.fail("chat.postMessage", times=2, status=429, retry_after=0)
    assert client.chat_postMessage(channel=workspace.state.channel("general").id, text="x")["ok"]
    assert [each.status for each in workspace.calls] == [429, 429, 200]


def test_a_call_fails_as_often_as_it_was_asked_to(workspace: Workspace, client: WebClient) -> None:
    workspace.fail("auth.test", times=2, error="fatal_error")
    for _ in range(2):
        with pytest.raises(SlackApiError, match="fatal_error"):
            client.auth_test()
    assert client.auth_test()["ok"]
    workspace.fail("*", status=503)
    with pytest.raises(SlackApiError) as refused:
        client.users_list()
    assert refused.value.response.status_code == 503


def test_a_server_error_is_retried_by_a_client_that_retries_them(workspace: Workspace) -> None:
    client = client_of(workspace)
    client.retry_handlers.append(ServerErrorRetryHandler(max_retry_count=1))
    workspace.fail("chat.postMessage", status=500)
    assert client.chat_postMessage(channel=workspace.state.channel("general").id, text="x")["ok"]
    assert len(workspace.messages("general")) == 1


@pytest.mark.parametrize(("side", "posted"), [("before", 1), ("after", 2)])
def test_a_dropped_connection_leaves_the_client_in_doubt(workspace: Workspace, side: str, posted: int) -> None:
    client = client_of(workspace)
    assert any(isinstance(each, ConnectionErrorRetryHandler) for each in client.retry_handlers)
    workspace.fail("chat.postMessage", drop="before" if side == "before" else "after")
    assert client.chat_postMessage(channel=workspace.state.channel("general").id, text="x")["ok"]
    assert len(workspace.messages("general")) == posted
    assert [each.error for each in workspace.calls] == ["dropped", None]


def test_a_call_can_be_slow(workspace: Workspace, client: WebClient) -> None:
    client.timeout = 0.1
    workspace.fail("chat.postMessage", seconds=1)
    with pytest.raises(TimeoutError):
        client.chat_postMessage(channel=workspace.state.channel("general").id, text="x")
    assert len(workspace.messages("general")) == 1
