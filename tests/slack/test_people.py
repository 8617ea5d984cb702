"""Who reads what follows from Slack and the trust file together, and what is not known is not shown."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest
from slack_sdk import WebClient

from bot.config.trust import Trust
from bot.demo.workspace import Workspace
from bot.slack.people.people import MembershipUnknown, People
from knowledge.passages import EVERYONE, Audience, Reader

EXEC = Audience(frozenset({"exec"}))
TRUST = Trust.model_validate(
    {
        "name": "Alder Trust",
        "schools": [{"id": "fernhill", "name": "Fernhill Primary School", "phase": "primary"}],
        "people": [
            {"id": "eve", "name": "Eve Ellis", "email": "eve@alder.example"},
            {"id": "sol", "name": "Sol Stone", "slack": "U00SOL", "schools": ["fernhill"]},
            {"id": "gus", "name": "Gus Guest", "email": "gus@alder.example"},
        ],
        "groups": [{"id": "exec", "name": "Executive team", "people": ["eve", "gus"]}],
    }
)


class Clock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with Workspace.start(rates=None) as workspace:
        workspace.add_user("eve", email="Eve@Alder.Example")
        workspace.add_user("sol", id="U00SOL")
        workspace.add_user("nat", email="nat@alder.example")
        workspace.add_user("gus", email="gus@alder.example", is_restricted=True)
        workspace.add_user("una", email="una@alder.example", is_ultra_restricted=True)
        workspace.add_user("dan", email="eve@alder.example", deleted=True)
        workspace.add_user("robot", is_bot=True)
        yield workspace


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def people(workspace: Workspace, clock: Clock) -> People:
    return People(WebClient(workspace.bot_token, base_url=workspace.api_url), TRUST, clock)


def reader(people: People, workspace: Workspace, name: str) -> Reader:
    return people.reader(workspace.state.user(name).id)


def private(workspace: Workspace, *members: str) -> str:
    name = f"room-{len(workspace.state.channels)}"
    return workspace.add_channel(name, members, private=True).id


def calls(workspace: Workspace, method: str) -> int:
    return sum(1 for call in workspace.calls if call.method == method)


def test_people_are_found_by_address_and_by_slack_id(people: People, workspace: Workspace) -> None:
    assert reader(people, workspace, "eve") == Reader.of({"everyone", "person:eve", "exec"})
    assert reader(people, workspace, "sol") == Reader.of({"everyone", "person:sol", "fernhill"})


def test_a_full_member_whom_the_trust_file_does_not_name_reads_what_is_for_everyone(
    people: People, workspace: Workspace
) -> None:
    assert reader(people, workspace, "nat") == Reader.of({"everyone"})


def test_a_guest_does_not_read_what_is_for_everyone(people: People, workspace: Workspace) -> None:
    assert not reader(people, workspace, "una").may_read(EVERYONE)
    assert reader(people, workspace, "gus") == Reader.of({"person:gus", "exec"})


def test_somebody_who_has_left_reads_nothing(people: People, workspace: Workspace) -> None:
    assert reader(people, workspace, "dan") == Reader.of(())


def test_without_a_trust_file_members_read_what_is_for_everyone(workspace: Workspace, clock: Clock) -> None:
    alone = People(WebClient(workspace.bot_token, base_url=workspace.api_url), None, clock)
    assert reader(alone, workspace, "eve") == Reader.of({"everyone"})
    assert reader(alone, workspace, "gus") == Reader.of(())


def test_a_channel_reads_what_all_of_its_people_read(people: People, workspace: Workspace) -> None:
    assert people.channel(private(workspace, "eve")).reader.may_read(EXEC)
    both = people.channel(private(workspace, "eve", "nat"))
    assert not both.reader.may_read(EXEC)
    assert both.reader.may_read(EVERYONE)
    assert both.without_access([EXEC]) == 1
    assert not people.channel(private(workspace, "eve", "una")).reader.may_read(EVERYONE)


def test_bots_do_not_count(people: People, workspace: Workspace) -> None:
    channel = people.channel(private(workspace, "eve", "robot"))
    assert [member.person.id for member in channel.members if member.person] == ["eve"]
    assert channel.reader.may_read(EXEC)


def test_a_channel_of_nobody_reads_nothing(people: People, workspace: Workspace) -> None:
    assert not people.channel(private(workspace)).reader.may_read(EVERYONE)


def test_everybody_can_look_into_a_public_channel(people: People, workspace: Workspace) -> None:
    channel = workspace.add_channel("open", ["eve"])
    found = people.channel(channel.id)
    assert found.public
    assert found.reader.may_read(EVERYONE)
    assert not found.reader.may_read(EXEC)


def test_all_pages_of_a_large_channel_count(people: People, workspace: Workspace) -> None:
    names = [f"teacher{n}" for n in range(450)]
    for name in names:
        workspace.add_user(name)
    workspace.add_user("una2", is_ultra_restricted=True)
    channel = people.channel(private(workspace, "eve", *names, "una2"))
    assert len(channel.members) == 452
    assert not channel.reader.may_read(EVERYONE)
    assert calls(workspace, "users.info") == 0
    assert calls(workspace, "users.list") == 3


def test_membership_is_kept_for_two_minutes_at_most(people: People, workspace: Workspace, clock: Clock) -> None:
    channel = private(workspace, "eve")
    for _ in range(3):
        people.channel(channel)
    assert calls(workspace, "conversations.members") == 1
    clock.seconds = 120
    people.channel(channel)
    assert calls(workspace, "conversations.members") == 2


def test_a_change_of_membership_counts_at_once(people: People, workspace: Workspace) -> None:
    channel = private(workspace, "eve")
    assert people.channel(channel).reader.may_read(EXEC)
    workspace.as_user("eve").invite(workspace.state.channels[channel].name, "nat")
    people.forget_channel(channel)
    assert not people.channel(channel).reader.may_read(EXEC)


def test_a_change_of_a_person_counts_at_once_and_in_all_channels(people: People, workspace: Workspace) -> None:
    channel = private(workspace, "eve")
    assert people.channel(channel).reader.may_read(EVERYONE)
    eve = workspace.state.user("eve")
    workspace.state.users[eve.id] = type(eve)(eve.id, "eve", "Eve", is_ultra_restricted=True)
    people.forget_person(eve.id)
    assert not people.channel(channel).reader.may_read(EVERYONE)


@pytest.mark.parametrize("method", ["conversations.members", "conversations.info", "users.list"])
def test_what_slack_does_not_say_is_not_guessed(people: People, workspace: Workspace, method: str) -> None:
    channel = private(workspace, "eve")
    workspace.fail(method, error="fatal_error")
    with pytest.raises(MembershipUnknown):
        people.channel(channel)
    assert people.channel(channel).reader.may_read(EXEC)


class Elsewhere(BaseHTTPRequestHandler):
    """A Slack that knows one person, of another organisation, with the address of one of ours."""

    user: ClassVar[dict[str, Any]] = {}

    def do_POST(self) -> None:
        answer = {"ok": True, "team_id": "T0OURS", "user": self.user}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize("mark", [{"team_id": "T0THEIRS"}, {"team_id": "T0OURS", "is_stranger": True}])
def test_another_organisation_cannot_vouch_for_our_addresses(clock: Clock, mark: dict[str, Any]) -> None:
    Elsewhere.user = {"id": "U9", "profile": {"email": "eve@alder.example"}, **mark}
    with HTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        people = People(WebClient("xoxb-1", base_url=f"http://127.0.0.1:{server.server_port}/api/"), TRUST, clock)
        assert people.reader("U9") == Reader.of(())
        server.shutdown()
