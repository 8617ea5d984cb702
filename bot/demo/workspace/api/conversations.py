"""Web API: conversations, their members and their messages."""

from __future__ import annotations

import re
from typing import Any

from bot.demo.workspace.api.methods import Arguments, Site, SlackError, method, page
from bot.demo.workspace.state import BOT_USER, Channel, Json, Kind, Message
from bot.demo.workspace.wire.events import message_json

READ = {"channel": "channels:read", "group": "groups:read", "im": "im:read", "mpim": "mpim:read"}
HISTORY = {"channel": "channels:history", "group": "groups:history", "im": "im:history", "mpim": "mpim:history"}
ANY_READ, ANY_HISTORY = tuple(READ.values()), tuple(HISTORY.values())
TYPES: dict[str, Kind] = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


def channel_json(site: Site, channel: Channel) -> Json:
    """A conversation as conversations.info shows it to the app."""
    if channel.kind == "im":
        other = next((user for user in sorted(channel.members) if user != BOT_USER), BOT_USER)
        return {"id": channel.id, "created": channel.created, "is_im": True, "user": other, "is_open": True}
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_im": False,
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "channel",
        "is_archived": channel.archived,
        "is_general": False,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "is_member": BOT_USER in channel.members,
        "created": channel.created,
        "creator": channel.creator,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "num_members": len(channel.members),
    }


def _chosen(site: Site, given: Arguments) -> list[Channel]:
    kinds: set[Kind] = set()
    for name in given.text("types", "public_channel").split(","):
        if name.strip() not in TYPES:
            raise SlackError("invalid_types")
        kind = TYPES[name.strip()]
        site.need(READ[kind])
        kinds.add(kind)
    return [each for each in site.state.channels.values() if each.kind in kinds]


@method("conversations.list", *ANY_READ, per_minute=20)
def list_all(site: Site, given: Arguments) -> Json:
    seen = [each for each in _chosen(site, given) if each.kind == "channel" or BOT_USER in each.members]
    found, more = page([channel_json(site, each) for each in seen], given)
    return {"channels": found, **more}


@method("users.conversations", *ANY_READ)
def of_user(site: Site, given: Arguments) -> Json:
    user = given.text("user", BOT_USER)
    site.user(user)
    seen = [
        each
        for each in _chosen(site, given)
        if user in each.members
        and (each.kind == "channel" or BOT_USER in each.members)
        and not (each.archived and given.flag("exclude_archived"))
    ]
    found, more = page([channel_json(site, each) for each in seen], given)
    return {"channels": found, **more}


@method("conversations.info", *ANY_READ, needs=["channel"])
def info(site: Site, given: Arguments) -> Json:
    channel = site.channel(given.text("channel"), member=False)
    site.need(READ[channel.kind])
    return {"channel": channel_json(site, channel)}


@method("conversations.members", *ANY_READ, needs=["channel"], per_minute=100)
def members(site: Site, given: Arguments) -> Json:
    channel = site.channel(given.text("channel"), member=False)
    site.need(READ[channel.kind])
    found, more = page(sorted(channel.members), given)
    return {"members": found, **more}


def _between(messages: list[Message], given: Arguments) -> list[Message]:
    oldest, latest = given.text("oldest", "0"), given.text("latest", "9999999999.999999")
    inclusive = given.flag("inclusive")
    return [each for each in messages if oldest < each.ts < latest or (inclusive and each.ts in (oldest, latest))]


@method("conversations.history", *ANY_HISTORY, needs=["channel"])
def history(site: Site, given: Arguments) -> Json:
    channel = site.channel(given.text("channel"))
    site.need(HISTORY[channel.kind])
    top = [each for each in site.state.messages.get(channel.id, {}).values() if not each.thread_ts or each.broadcast]
    return _told(site, sorted(_between(top, given), key=lambda each: each.ts, reverse=True), given)


@method("conversations.replies", *ANY_HISTORY, needs=["channel", "ts"])
def replies(site: Site, given: Arguments) -> Json:
    channel = site.channel(given.text("channel"))
    site.need(HISTORY[channel.kind])
    asked = site.state.messages.get(channel.id, {}).get(given.text("ts"))
    thread = site.state.thread(channel.id, asked.root if asked else given.text("ts"))
    if not thread:
        raise SlackError("thread_not_found")
    first = [each for each in thread if each.ts == each.root]
    rest = sorted((each for each in thread if each.ts != each.root), key=lambda each: each.ts)
    return _told(site, first + _between(rest, given), given)


def _told(site: Site, messages: list[Message], given: Arguments) -> Json:
    metadata = given.flag("include_all_metadata") or given.flag("include_message_metadata")
    found, more = page([message_json(site.state, each, metadata) for each in messages], given, most=999)
    has_more = bool(more["response_metadata"]["next_cursor"])
    return {"messages": found, "has_more": has_more, "pin_count": 0, **(more if has_more else {})}


@method("conversations.open", "im:write", "mpim:write")
def open_direct(site: Site, given: Arguments) -> Json:
    if "channel" in given:
        channel = site.channel(given.text("channel"))
    else:
        users = [each.strip() for each in given.text("users").split(",") if each.strip()]
        if not 0 < len(users) <= 8:
            raise SlackError("not_enough_users" if not users else "too_many_users")
        for user in users:
            if site.user(user).deleted:
                raise SlackError("user_disabled")
        site.need("im:write" if len(users) == 1 else "mpim:write")
        channel = site.state.direct(BOT_USER, *users)
    told: Json = channel_json(site, channel) if given.flag("return_im") else {"id": channel.id}
    return {"channel": told, "no_op": False, "already_open": False}


@method("conversations.join", "channels:join", needs=["channel"])
def join(site: Site, given: Arguments) -> Json:
    channel = site.channel(given.text("channel"), member=False)
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    site.changes.join(channel, BOT_USER)
    return {"channel": channel_json(site, channel)}


@method("conversations.create", "channels:manage", "groups:write", needs=["name"], per_minute=20)
def create(site: Site, given: Arguments) -> Json:
    name, private = given.text("name"), given.flag("is_private")
    site.need("groups:write" if private else "channels:manage")
    if not re.fullmatch(r"[a-z0-9_-]{1,80}", name):
        raise SlackError("invalid_name_specials" if len(name) <= 80 else "invalid_name_maxlength")
    if any(each.name == name for each in site.state.channels.values()):
        raise SlackError("name_taken")
    kind: Kind = "group" if private else "channel"
    channel = Channel(site.state.number("C"), name, kind, {BOT_USER}, BOT_USER, int(site.state.clock()))
    site.state.channels[channel.id] = channel
    return {"channel": channel_json(site, channel)}


def _managed(site: Site, given: Arguments) -> Channel:
    channel = site.channel(given.text("channel"))
    if channel.kind not in ("channel", "group"):
        raise SlackError("method_not_supported_for_channel_type")
    site.need("channels:manage" if channel.kind == "channel" else "groups:write")
    return channel


@method("conversations.invite", "channels:manage", "groups:write", needs=["channel", "users"])
def invite(site: Site, given: Arguments) -> Json:
    channel = _managed(site, given)
    for user in given.text("users").split(","):
        if site.user(user).id in channel.members:
            raise SlackError("cant_invite_self" if user == BOT_USER else "already_in_channel")
        site.changes.join(channel, user, BOT_USER)
    return {"channel": channel_json(site, channel)}


@method("conversations.kick", "channels:manage", "groups:write", needs=["channel", "user"])
def kick(site: Site, given: Arguments) -> Json:
    channel = _managed(site, given)
    user = site.user(given.text("user")).id
    if user == BOT_USER:
        raise SlackError("cant_kick_self")
    if user not in channel.members:
        raise SlackError("not_in_channel")
    site.changes.leave(channel, user, BOT_USER)
    return {}


@method("conversations.leave", "channels:manage", "groups:write", needs=["channel"])
def leave(site: Site, given: Arguments) -> Json:
    site.changes.leave(_managed(site, given), BOT_USER)
    return {}


@method("conversations.setTopic", "channels:manage", "groups:write", needs=["channel", "topic"], per_minute=20)
def set_topic(site: Site, given: Arguments) -> Json:
    channel = _managed(site, given)
    if len(given.text("topic")) > 250:
        raise SlackError("too_long")
    channel.topic = given.text("topic")
    told: dict[str, Any] = channel_json(site, channel)
    return {"channel": told}
