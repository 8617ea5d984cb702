"""A bot that cannot connect says why and what to do; one that can answers a burst at Slack's own pace."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from bot.demo.workspace.faults import Rates
from bot.errors import Refusal
from tests.scenarios import corpus
from tests.scenarios.conftest import Office, said


@pytest.mark.parametrize(
    ("differently", "words"),
    [
        ({"app_token": None}, "Set SLACK_BOT_TOKEN, and SLACK_APP_TOKEN"),
        ({"bot_token": "xoxb-of-somebody-else"}, "Slack refuses SLACK_BOT_TOKEN"),
        ({"app_token": "xapp-of-somebody-else"}, "Slack refuses SLACK_APP_TOKEN"),
    ],
)
def test_a_bot_without_a_way_into_slack_says_what_to_do(
    own_office: Office, differently: dict[str, str | None], words: str
) -> None:
    own_office.settings = replace(own_office.settings, **differently)  # type: ignore[arg-type]
    with pytest.raises(Refusal, match=words):
        own_office.open()


def test_a_bot_whose_slack_does_not_answer_says_so(own_office: Office) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}/api/"
        own_office.settings = replace(own_office.settings, slack_api_url=nobody)
        with pytest.raises(Refusal, match="Slack does not answer"):
            own_office.open()


def test_a_burst_is_answered_at_slacks_pace(own_office: Office) -> None:
    workspace = own_office.workspace
    workspace.api.rates = Rates(workspace.state.clock, 1.0)
    own_office.open()
    questions = [own_office.mention("bob", "staff", "When does the register close?") for _ in range(6)]
    for question in questions:
        workspace.wait_for(lambda asked=question: workspace.replies(asked), timeout=60, what="an answer")
    own_office.rest()
    assert all(corpus.REGISTER in said(reply) for each in questions for reply in workspace.replies(each))
    assert [len(workspace.replies(each)) for each in questions] == [1] * 6
    assert 429 in [call.status for call in workspace.calls if call.method == "chat.postMessage"]
