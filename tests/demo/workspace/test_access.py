"""Who may do what: tokens, scopes, conversations that the app is not in, and what people see."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.demo.workspace import Manifest, Workspace
from bot.demo.workspace.controls import NotThere
from bot.demo.workspace.manifest import ALL_EVENTS
from bot.demo.workspace.state import BOT_USER
from tests.demo.workspace.conftest import Start, client_of


def test_a_call_needs_its_scope_and_is_told_which(start: Start) -> None:
    workspace = start(manifest=Manifest(scopes=frozenset({"chat:write"})), rates=None)
    with pytest.raises(SlackApiError) as refused:
        client_of(workspace).users_list()
    assert refused.value.response["error"] == "missing_scope"
    assert refused.value.response["needed"] == "users:read"
    assert refused.value.response["provided"] == "chat:write"


@pytest.mark.parametrize(
    ("method", "arguments", "needed"),
    [
        ("conversations.members", {"channel": "general"}, "channels:read"),
        ("conversations.members", {"channel": "heads"}, "groups:read"),
        ("conversations.history", {"channel": "general"}, "channels:history"),
        ("conversations.history", {"channel": "heads"}, "groups:history"),
        ("users.lookupByEmail", {"email": "ann@trust.example"}, "users:read.email"),
        ("dnd.info", {"user": "ann"}, "dnd:read"),
        ("conversations.list", {"types": "im"}, "im:read"),
    ],
)
def test_a_scope_less_is_refused_by_its_name(start: Start, method: str, arguments: dict[str, str], needed: str) -> None:
    workspace = start(manifest=Manifest(scopes=Manifest().scopes - {needed}), rates=None)
    ids = {"general": workspace.state.channel("general").id, "heads": workspace.state.channel("heads").id}
    with pytest.raises(SlackApiError) as refused:
        client_of(workspace).api_call(method, params={name: ids.get(value, value) for name, value in arguments.items()})
    assert (refused.value.response["error"], refused.value.response["needed"]) == ("missing_scope", needed)


def test_an_email_address_is_shown_only_with_its_scope(start: Start) -> None:
    for scopes, shown in [({"users:read"}, False), ({"users:read", "users:read.email"}, True)]:
        workspace = start(manifest=Manifest(scopes=frozenset(scopes)), rates=None)
        ann = client_of(workspace).users_info(user=workspace.state.user("ann").id)["user"]
        assert ("email" in ann["profile"]) == shown
        assert ann["tz"] == "Europe/London"


@pytest.mark.parametrize(
    ("token", "method", "error"),
    [
        ("", "auth.test", "not_authed"),
        ("xoxb-another", "auth.test", "invalid_auth"),
        (Workspace.app_token, "auth.test", "not_allowed_token_type"),
        (Workspace.bot_token, "apps.connections.open", "not_allowed_token_type"),
        (Workspace.bot_token, "chat.sendTelepathy", "unknown_method"),
        (Workspace.bot_token, "users.info", "invalid_arguments"),
    ],
)
def test_wrong_tokens_and_methods_are_refused(workspace: Workspace, token: str, method: str, error: str) -> None:
    with pytest.raises(SlackApiError, match=error):
        WebClient(token, base_url=workspace.api_url).api_call(method)


@pytest.mark.parametrize(
    ("channel", "error"), [("elsewhere", "not_in_channel"), ("secret", "channel_not_found"), ("", "channel_not_found")]
)
def test_the_app_posts_only_where_it_is_a_member(start: Start, channel: str, error: str) -> None:
    workspace = start(manifest=Manifest(scopes=Manifest().scopes - {"chat:write.public"}), rates=None)
    where = workspace.state.channel(channel).id if channel else "C0NOWHERE"
    client = client_of(workspace)
    for call in (
        lambda: client.chat_postMessage(channel=where, text="x"),
        lambda: client.conversations_history(channel=where),
        lambda: client.chat_postEphemeral(channel=where, user=workspace.state.user("bob").id, text="x"),
    ):
        with pytest.raises(SlackApiError, match=error):
            call()


def test_a_private_channel_without_the_app_does_not_exist_for_it(client: WebClient, workspace: Workspace) -> None:
    listed = client.conversations_list(types="public_channel,private_channel")["channels"]
    assert {each["name"] for each in listed} == {"general", "heads", "elsewhere"}
    secret = workspace.state.channel("secret").id
    for call in (client.conversations_info, client.conversations_members):
        with pytest.raises(SlackApiError, match="channel_not_found"):
            call(channel=secret)
    assert client.conversations_info(channel=workspace.state.channel("elsewhere").id)["channel"]["is_member"] is False


def test_members_come_in_pages(client: WebClient, workspace: Workspace) -> None:
    channel = workspace.state.channel("general")
    pages = [each["members"] for each in client.conversations_members(channel=channel.id, limit=1)]
    assert [len(each) for each in pages] == [1, 1, 1]
    assert {member for each in pages for member in each} == channel.members
    with pytest.raises(SlackApiError, match="invalid_cursor"):
        client.conversations_members(channel=channel.id, cursor="!")


def test_an_ephemeral_message_is_for_one_member_and_in_no_history(client: WebClient, workspace: Workspace) -> None:
    channel = workspace.state.channel("general").id
    client.chat_postEphemeral(channel=channel, user=workspace.state.user("ann").id, text="Only you")
    assert [each.text for each in workspace.ephemerals("ann")] == ["Only you"]
    assert workspace.ephemerals("bob") == []
    assert client.conversations_history(channel=channel)["messages"] == []
    with pytest.raises(SlackApiError, match="user_not_in_channel"):
        client.chat_postEphemeral(channel=channel, user=workspace.state.user("guy").id, text="x")


def test_only_its_own_messages_can_be_changed(client: WebClient, workspace: Workspace) -> None:
    message = workspace.as_user("ann").say("general", "Mine")
    with pytest.raises(SlackApiError, match="cant_update_message"):
        client.chat_update(channel=message.channel, ts=message.ts, text="Yours")
    with pytest.raises(SlackApiError, match="cant_delete_message"):
        client.chat_delete(channel=message.channel, ts=message.ts)
    own = client.chat_postMessage(channel=message.channel, text="Ours")
    client.chat_delete(channel=message.channel, ts=own["ts"])
    assert workspace.messages("general") == [message]


def test_people_act_only_on_what_is_on_their_screen(client: WebClient, workspace: Workspace) -> None:
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [{"type": "actions", "elements": [button]}]
    client.chat_postMessage(channel=workspace.state.channel("heads").id, text="x", blocks=blocks)
    [message] = workspace.messages("heads")
    bob, guy = workspace.as_user("bob"), workspace.as_user("guy")
    with pytest.raises(NotThere, match="does not see"):
        bob.click(message, "go")
    with pytest.raises(NotThere, match="only go"):
        workspace.as_user("ann").click(message, "gone")
    with pytest.raises(NotThere, match="not in #heads"):
        bob.say("heads", "hello")
    with pytest.raises(NotThere, match="private"):
        bob.join("heads")
    with pytest.raises(NotThere, match="does not see"):
        guy.message_shortcut("ask", bob.say("general", "hello"))


def test_leaving_and_joining_reach_the_app_and_take_effect_at_once(workspace: Workspace, client: WebClient) -> None:
    heads = workspace.state.channel("heads")
    told = workspace.delivery.told
    workspace.as_user("ann").invite("heads", "bob")
    workspace.as_user("ann").leave("heads")
    assert set(client.conversations_members(channel=heads.id)["members"]) == {workspace.state.user("bob").id, BOT_USER}
    assert [each["event"]["type"] for each in told] == ["member_joined_channel", "member_left_channel"]
    assert (told[1]["event"]["channel"], told[1]["event"]["channel_type"]) == (heads.id, "G")
    workspace.as_user("bob").remove("heads", BOT_USER)
    assert told[-1]["event"]["type"] == "group_left"
    with pytest.raises(SlackApiError, match="channel_not_found"):
        client.conversations_members(channel=heads.id)


def test_events_that_the_app_did_not_ask_for_or_may_not_have_are_not_sent(start: Start) -> None:
    scopes = frozenset({"channels:history", "channels:read", "im:history"})
    manifest = Manifest(scopes=scopes, events=ALL_EVENTS - {"message.im", "app_home_opened"})
    workspace = start(manifest=manifest, rates=None, retries=())
    ann = workspace.as_user("ann")
    ann.say("heads", "no scope for this")
    ann.dm("no subscription to this")
    ann.open_app("home")
    sent = ann.say("general", "this")
    ann.invite("heads", "bob")
    assert [each["event"]["ts"] for each in workspace.delivery.told] == [sent.ts]


def test_a_manifest_file_says_scopes_events_commands_and_shortcuts(tmp_path: Any) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(
        '{"display_information": {"name": "Helper"},'
        '"features": {"agent_view": {}, "slash_commands": [{"command": "/h"}],'
        '"shortcuts": [{"callback_id": "s", "type": "message"}]}, "oauth_config": {"scopes": {"bot": ["commands"]}},'
        '"settings": {"event_subscriptions": {"bot_events": ["app_mention"]}}}'
    )
    with Workspace.start(path) as workspace:
        person = workspace.add_user("ann")
        assert workspace.state.users[BOT_USER].real_name == "Helper"
        with pytest.raises(NotThere, match="/trust is not a valid command"):
            workspace.as_user(person.id).command("/trust")
        with pytest.raises(NotThere, match="no shortcut"):
            workspace.as_user(person.id).shortcut("t")
    assert not Manifest.read(path).receives("app_mention")


def test_a_revoked_token_is_told_and_works_no_more(client: WebClient, workspace: Workspace) -> None:
    workspace.revoke_token()
    with pytest.raises(SlackApiError, match="token_revoked"):
        client.auth_test()
    assert [each["event"]["type"] for each in workspace.delivery.told] == ["tokens_revoked"]


def test_tabs_that_the_manifest_turns_off_are_off(start: Start) -> None:
    tabs = {"messages_tab_read_only_enabled": True, "home_tab_enabled": False}
    workspace = start(manifest=Manifest.of({"features": {"app_home": tabs}}), rates=None)
    with pytest.raises(NotThere, match="turned off"):
        workspace.as_user("ann").dm("hello")
    with pytest.raises(SlackApiError, match="not_enabled"):
        client_of(workspace).views_publish(user_id=workspace.state.user("ann").id, view={"type": "home", "blocks": []})


def test_people_are_found_by_address_and_listed(client: WebClient, workspace: Workspace) -> None:
    ann = workspace.state.user("ann")
    assert client.users_lookupByEmail(email="ANN@trust.example")["user"]["id"] == ann.id
    with pytest.raises(SlackApiError, match="users_not_found"):
        client.users_lookupByEmail(email="nobody@trust.example")
    workspace.change_user("ann", deleted=True, dnd=True, away=True)
    with pytest.raises(SlackApiError, match="users_not_found"):
        client.users_lookupByEmail(email="ann@trust.example")
    with pytest.raises(NotThere, match="closed"):
        workspace.as_user("ann")
    assert {each["id"] for each in client.users_list()["members"]} == set(workspace.state.users)
    assert client.users_getPresence(user=ann.id)["presence"] == "away"
    assert client.dnd_info(user=ann.id)["dnd_enabled"] is True
    group = workspace.add_usergroup("dsls", "DSL network", ["ann", "bob"])
    assert client.usergroups_list(include_users=True)["usergroups"][0]["users"] == list(group.users)
    assert client.usergroups_users_list(usergroup=group.id)["users"] == list(group.users)
    assert workspace.delivery.told[-1]["event"]["type"] == "user_change"


def test_direct_conversations_open_for_those_who_are_there(client: WebClient, workspace: Workspace) -> None:
    ann, bob = workspace.state.user("ann").id, workspace.state.user("bob").id
    opened = client.conversations_open(users=ann)["channel"]["id"]
    assert opened == client.conversations_open(users=ann)["channel"]["id"] == workspace.as_user("ann").direct.id
    together = client.conversations_open(users=f"{ann},{bob}")["channel"]["id"]
    assert workspace.state.channels[together].kind == "mpim"
    client.chat_postMessage(channel=ann, text="To Ann's Messages tab")
    assert [each.text for each in workspace.direct("ann")] == ["To Ann's Messages tab"]
    with pytest.raises(SlackApiError, match="user_not_found"):
        client.conversations_open(users="U0NOBODY")


def test_the_app_makes_and_minds_channels(client: WebClient, workspace: Workspace) -> None:
    made = client.conversations_create(name="pulse", is_private=True)["channel"]["id"]
    bob = workspace.state.user("bob").id
    client.conversations_invite(channel=made, users=bob)
    client.conversations_setTopic(channel=made, topic="Wave 1")
    assert client.conversations_info(channel=made)["channel"]["topic"]["value"] == "Wave 1"
    client.conversations_kick(channel=made, user=bob)
    assert workspace.state.channels[made].members == {BOT_USER}
    client.conversations_join(channel=workspace.state.channel("elsewhere").id)
    assert BOT_USER in workspace.state.channel("elsewhere").members
    with pytest.raises(SlackApiError, match="name_taken"):
        client.conversations_create(name="pulse")
    private = client.users_conversations(types="private_channel")["channels"]
    assert {each["name"] for each in private} == {"heads", "pulse"}


def test_threads_are_read_in_order_and_by_time(client: WebClient, workspace: Workspace) -> None:
    ann = workspace.as_user("ann")
    root = ann.say("general", "Root")
    replies = [ann.say("general", f"Reply {each}", thread=root.ts) for each in range(3)]
    told = client.conversations_replies(channel=root.channel, ts=root.ts)["messages"]
    assert [each["ts"] for each in told] == [root.ts, *(each.ts for each in replies)]
    assert (told[0]["reply_count"], told[1]["parent_user_id"]) == (3, ann.user.id)
    late = client.conversations_replies(channel=root.channel, ts=root.ts, oldest=replies[0].ts)["messages"]
    assert [each["ts"] for each in late] == [root.ts, replies[1].ts, replies[2].ts]
    assert [each["ts"] for each in client.conversations_history(channel=root.channel)["messages"]] == [root.ts]
    link = client.chat_getPermalink(channel=root.channel, message_ts=replies[0].ts)["permalink"]
    assert link.endswith(f"/p{replies[0].ts.replace('.', '')}?thread_ts={root.ts}&cid={root.channel}")


def test_reactions_are_told_both_ways(client: WebClient, workspace: Workspace) -> None:
    message = workspace.as_user("ann").say("general", "Good news")
    workspace.as_user("bob").react(message, "tada")
    client.reactions_add(channel=message.channel, timestamp=message.ts, name="eyes")
    with pytest.raises(SlackApiError, match="already_reacted"):
        client.reactions_add(channel=message.channel, timestamp=message.ts, name="eyes")
    told = client.reactions_get(channel=message.channel, timestamp=message.ts)["message"]["reactions"]
    bob = workspace.state.user("bob").id
    assert {each["name"]: each["users"] for each in told} == {"tada": [bob], "eyes": [BOT_USER]}
    assert workspace.delivery.told[1]["event"]["type"] == "reaction_added"
    client.reactions_remove(channel=message.channel, timestamp=message.ts, name="eyes")
    with pytest.raises(SlackApiError, match="no_reaction"):
        client.reactions_remove(channel=message.channel, timestamp=message.ts, name="eyes")
