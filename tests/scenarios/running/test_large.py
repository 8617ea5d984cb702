"""A large trust on a busy morning: two thousand accounts, and ten people who ask as soon as the bot has started."""

from __future__ import annotations

import pytest

from bot.demo.workspace.faults import Rates
from tests.scenarios import corpus
from tests.scenarios.conftest import Office, said

ASKERS, ACCOUNTS = 10, 2_000


@pytest.mark.slow
@pytest.mark.parametrize("rooms", [1, ASKERS])
def test_ten_who_ask_at_once_of_two_thousand_are_all_answered_where_they_asked(own_office: Office, rooms: int) -> None:
    office, workspace = own_office, own_office.workspace
    workspace.api.rates = Rates(workspace.state.clock, 1.0)
    users = [workspace.add_user(f"t{n}", f"Teacher {n}", email=f"t{n}@alder.example").name for n in range(ACCOUNTS)]
    channels = [workspace.add_channel(f"everybody-{n}", users) for n in range(rooms)]
    office.open()
    asked = [office.mention(users[n], channels[n % rooms], "When does the register close?") for n in range(ASKERS)]
    for question in asked:
        workspace.wait_for(lambda message=question: workspace.replies(message), timeout=120, what="an answer in public")
    office.rest()
    assert all(corpus.REGISTER in said(reply) for question in asked for reply in workspace.replies(question))
    assert [len(workspace.replies(question)) for question in asked] == [1] * ASKERS
    assert [message for user in users[:ASKERS] for message in workspace.ephemerals(user)] == []
    calls = [call for call in workspace.calls if call.method == "users.list"]
    assert len(calls) == -(-len(workspace.state.users) // 200)
    assert [call.error for call in calls] == [None] * len(calls)
    assert sum(call.method == "users.info" for call in workspace.calls) == 0
