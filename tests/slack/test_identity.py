"""An account is taken for a person only where nothing is left open; and the workspace is read once for all who wait."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot.config import trust as trust_file
from bot.config.trust import Trust
from bot.demo.workspace import Workspace
from bot.demo.workspace.state import TEAM
from bot.errors import Refusal
from bot.slack.messages.outbox import reading_client
from bot.slack.people.people import People
from knowledge.passages import Audience, Reader

EXEC = Audience(frozenset({"exec"}))
TRUST = Trust.model_validate(
    {
        "name": "Alder Trust",
        "schools": [{"id": "fernhill", "name": "Fernhill Primary School", "phase": "primary"}],
        "people": [
            {"id": "eve", "name": "Eve Ellis", "email": "eve@alder.example"},
            {"id": "sol", "name": "Sol Stone", "email": "sol@alder.example", "slack": "U00SOL"},
        ],
        "groups": [{"id": "exec", "name": "Executive team", "people": ["eve", "sol"]}],
    }
)
NOBODY, MEMBER = Reader.of(()), Reader.of({"everyone"})
OTHER = "T0THEIRS"


class Clock:
    """Seconds that pass when told, or when somebody waits."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds

    def wait(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with Workspace.start(rates=None) as workspace:
        yield workspace


@pytest.fixture
def people(workspace: Workspace, clock: Clock) -> People:
    client = WebClient(workspace.bot_token, base_url=workspace.api_url)
    return People(client, TRUST, clock, pause=clock.wait)


def calls(workspace: Workspace, method: str) -> int:
    return sum(1 for call in workspace.calls if call.method == method)


def test_a_slack_id_excludes_other_accounts_with_that_address(people: People, workspace: Workspace) -> None:
    impostor = workspace.add_user("sol2", email="sol@alder.example")
    assert people.reader(impostor.id) == MEMBER
    assert people.account(TRUST.people[1]) is None
    workspace.arrive("sol", id="U00SOL", email="sol@alder.example")
    people.forget_person("U00SOL")
    assert people.reader("U00SOL").may_read(EXEC)
    assert people.reader(impostor.id) == MEMBER
    assert people.account(TRUST.people[1]) == "U00SOL"


def test_an_address_that_was_never_confirmed_is_nobodys(people: People, workspace: Workspace) -> None:
    eve = workspace.add_user("eve", email="eve@alder.example", confirmed=False)
    assert people.reader(eve.id) == MEMBER
    assert people.account(TRUST.people[0]) is None
    assert [conflict.kind for conflict in people.conflicts()] == ["unconfirmed"]


def test_two_accounts_with_one_address_are_both_refused(people: People, workspace: Workspace) -> None:
    first = workspace.add_user("eve", "Eve Ellis", email="eve@alder.example")
    second = workspace.add_user("eve2", "E Ellis", email="Eve@Alder.example", is_restricted=True)
    assert people.reader(first.id) == MEMBER
    assert people.reader(second.id) == NOBODY
    assert people.account(TRUST.people[0]) is None
    assert people.accounts(TRUST.people) == {}
    (conflict,) = people.conflicts()
    assert "Eve Ellis" in conflict.seen
    assert first.id not in conflict.seen + conflict.mend


def test_a_second_account_that_comes_later_ends_the_first_ones_access(people: People, workspace: Workspace) -> None:
    eve = workspace.add_user("eve", email="eve@alder.example")
    assert people.reader(eve.id).may_read(EXEC)
    second = workspace.add_user("eve2", email="eve@alder.example")
    people.person_heard({"id": second.id})
    assert people.reader(eve.id) == MEMBER


def test_an_unconfirmed_account_takes_nothing_from_the_confirmed_one(people: People, workspace: Workspace) -> None:
    eve = workspace.add_user("eve", email="eve@alder.example")
    fake = workspace.add_user("eve2", email="eve@alder.example", confirmed=False)
    assert people.reader(eve.id).may_read(EXEC)
    assert people.reader(fake.id) == MEMBER
    assert [conflict.kind for conflict in people.conflicts()] == ["unconfirmed"]


@pytest.mark.parametrize(
    ("own", "marks", "reads"),
    [
        (None, {"team": None}, NOBODY),
        (None, {"team": OTHER}, NOBODY),
        (None, {"stranger": True}, NOBODY),
        ("E0OURS", {"team": None}, NOBODY),
        ("E0OURS", {"team": OTHER, "enterprise": {"enterprise_id": "E0OURS", "teams": [OTHER]}}, NOBODY),
        ("E0OURS", {"team": OTHER, "enterprise": {"enterprise_id": "E0THEIRS", "teams": [TEAM]}}, NOBODY),
        ("E0OURS", {"enterprise": {"enterprise_id": "E0THEIRS", "teams": [TEAM]}}, NOBODY),
        (None, {"enterprise": {"enterprise_id": "E0THEIRS", "teams": [TEAM]}}, NOBODY),
        ("E0OURS", {"team": OTHER, "enterprise": {"enterprise_id": "E0OURS", "teams": [OTHER, TEAM]}}, None),
        ("E0OURS", {"team": None, "enterprise": {"enterprise_id": "E0OURS", "teams": [TEAM]}}, None),
        ("E0OURS", {}, None),
    ],
)
def test_only_whom_slack_calls_ours_is_one_of_us(
    people: People, workspace: Workspace, own: str | None, marks: dict[str, object], reads: Reader | None
) -> None:
    workspace.state.enterprise = own
    eve = workspace.add_user("eve", email="eve@alder.example", **marks)
    found = people.reader(eve.id)
    assert found == reads if reads is not None else found.may_read(EXEC)


def test_two_people_of_one_address_are_refused_whatever_their_names(tmp_path: Path) -> None:
    file = tmp_path / "trust.yaml"
    file.write_text(
        "name: Alder\nschools: [{id: fern, name: Fern, phase: primary}]\npeople:\n"
        "  - {id: eve, name: Eve Ellis, email: eve@alder.example}\n"
        "  - {id: eve-head, name: Eve Ellis, email: Eve@alder.example, roles: [executive]}\n"
    )
    with pytest.raises(Refusal, match=r"line 5.*Eve Ellis above"):
        trust_file.load(file)


def test_two_people_of_one_address_are_nobody_even_unchecked(workspace: Workspace, clock: Clock) -> None:
    twice = [{"id": name, "name": "Eve Ellis", "email": "eve@alder.example"} for name in ("eve", "eve-head")]
    trust = Trust.model_validate({**TRUST.model_dump(), "people": twice, "groups": []})
    eve = workspace.add_user("eve", email="eve@alder.example")
    people = People(WebClient(workspace.bot_token, base_url=workspace.api_url), trust, clock)
    assert people.member(eve.id).person is None


def test_all_who_wait_share_one_reading_of_the_workspace(workspace: Workspace, clock: Clock) -> None:
    users = [workspace.add_user(f"teacher{n}").id for n in range(450)]
    channel = workspace.add_channel("everybody", users).id
    people = People(reading_client(workspace.bot_token, workspace.api_url), TRUST, clock)
    with workspace.silent(), ThreadPoolExecutor(10) as pool:
        started = threading.Barrier(11)

        def ask(user: str) -> int:
            started.wait()
            people.reader(user)
            return len(people.channel(channel).members)

        found = [pool.submit(ask, user) for user in users[:10]]
        started.wait()
        workspace.server.answering.set()
        assert [each.result() for each in found] == [450] * 10
    assert calls(workspace, "users.list") == 3
    assert calls(workspace, "users.info") == 0
    assert calls(workspace, "conversations.members") == 1


def test_reading_a_large_workspace_keeps_to_slacks_rate(clock: Clock) -> None:
    with Workspace.start(clock=clock) as workspace:
        for n in range(5_000):
            workspace.add_user(f"teacher{n}")
        people = People(WebClient(workspace.bot_token, base_url=workspace.api_url), TRUST, clock, pause=clock.wait)
        assert people.reader(workspace.state.user("teacher4999").id) == MEMBER
        assert calls(workspace, "users.list") == 26
        assert not [call for call in workspace.calls if call.error]


def test_a_change_of_one_person_costs_one_call(people: People, workspace: Workspace) -> None:
    users = [workspace.add_user(f"teacher{n}").id for n in range(300)]
    channels = [workspace.add_channel(f"room{n}", users).id for n in range(3)]
    for channel in channels:
        people.channel(channel)
    before = len(workspace.calls)
    changed = workspace.change_user(users[0], is_ultra_restricted=True)
    people.person_heard({"id": changed.id})
    for channel in channels:
        assert not people.channel(channel).members[0].full or not people.member(changed.id).full
    assert [call.method for call in workspace.calls[before:]] == ["users.info"]
    assert not people.member(changed.id).full


def test_a_new_status_costs_nothing(people: People, workspace: Workspace) -> None:
    eve = workspace.add_user("eve", "Eve", email="eve@alder.example")
    people.reader(eve.id)
    before = len(workspace.calls)
    people.person_heard(
        {"id": eve.id, "team_id": TEAM, "is_email_confirmed": True,
         "profile": {"real_name": "Eve", "email": "eve@alder.example", "status_text": "at lunch"}}
    )  # fmt: skip
    assert people.reader(eve.id).may_read(EXEC)
    assert len(workspace.calls) == before


def test_an_event_that_comes_late_is_not_believed(people: People, workspace: Workspace) -> None:
    eve = workspace.add_user("eve", email="eve@alder.example", is_ultra_restricted=True)
    people.reader(eve.id)
    people.person_heard({"id": eve.id, "team_id": TEAM, "profile": {"email": "eve@alder.example"}})
    assert not people.member(eve.id).full


def test_who_joins_counts_without_a_call_and_who_leaves_is_asked_for(people: People, workspace: Workspace) -> None:
    eve = workspace.add_user("eve", email="eve@alder.example")
    nat = workspace.add_user("nat")
    channel = workspace.add_channel("execs", ["eve"], private=True)
    assert people.channel(channel.id).reader.may_read(EXEC)
    people.reader(nat.id)
    before = len(workspace.calls)
    workspace.as_user("eve").invite("execs", "nat")
    people.joined(channel.id, nat.id)
    assert not people.channel(channel.id).reader.may_read(EXEC)
    assert len(workspace.calls) == before
    # An event that Slack sends late: he left, and is back.
    people.forget_channel(channel.id)
    assert not people.channel(channel.id).reader.may_read(EXEC)
    workspace.as_user("eve").remove("execs", "nat")
    people.forget_channel(channel.id)
    assert people.channel(channel.id).reader.may_read(EXEC)
    assert eve.id in {member.id for member in people.channel(channel.id).members}


def test_somebody_whose_account_is_closed_keeps_no_channel_closed(people: People, workspace: Workspace) -> None:
    workspace.add_user("eve", email="eve@alder.example")
    nat = workspace.add_user("nat")
    channel = workspace.add_channel("execs", ["eve", "nat"], private=True)
    assert not people.channel(channel.id).reader.may_read(EXEC)
    workspace.change_user("nat", deleted=True)
    people.person_heard({"id": nat.id, "deleted": True})
    assert people.channel(channel.id).reader.may_read(EXEC)
    assert people.reader(nat.id) == NOBODY


def test_many_strangers_read_nothing_and_are_not_asked_for_one_by_one(people: People, workspace: Workspace) -> None:
    workspace.add_user("eve", email="eve@alder.example")
    channel = workspace.add_channel("shared", ["eve"], private=True)
    channel.members |= {f"U9STRANGER{n}" for n in range(40)}
    assert people.channel(channel.id).reader == Reader.joint([NOBODY, people.reader(workspace.state.user("eve").id)])
    assert calls(workspace, "users.info") == 0


def test_what_is_old_is_read_anew_for_one_and_for_many(people: People, workspace: Workspace, clock: Clock) -> None:
    users = [workspace.add_user(f"teacher{n}").id for n in range(30)]
    channel = workspace.add_channel("staff", users, private=True).id
    people.channel(channel)
    for user in users:
        workspace.change_user(user, is_ultra_restricted=True)
    clock.seconds = 119
    assert people.member(users[0]).full
    clock.seconds = 120
    assert not people.member(users[0]).full
    clock.seconds = 600
    assert not any(member.full for member in people.channel(channel).members)
    assert calls(workspace, "users.info") == 1
    assert calls(workspace, "users.list") == 2
