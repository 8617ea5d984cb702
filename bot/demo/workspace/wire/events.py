"""The payloads that Slack sends to an app, in Slack's own shapes."""

from __future__ import annotations

import re
import uuid
from typing import Any

from bot.demo.workspace.state import APP, BOT, BOT_USER, TEAM, Channel, Json, Message, State

SUBSCRIPTION = {"channel": "message.channels", "group": "message.groups", "im": "message.im", "mpim": "message.mpim"}
DOMAIN = "workspace"


def envelope(state: State, event: Json) -> Json:
    """An Events API callback around one event."""
    return {
        "token": "verification-token-of-old",
        "team_id": TEAM,
        "context_team_id": TEAM,
        "context_enterprise_id": None,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{state.ts().replace('.', '')}",
        "event_time": int(float(event["event_ts"])),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{uuid.uuid4().hex}",
    }


def message_json(state: State, message: Message, metadata: bool = False) -> Json:
    """A message as history and events show it."""
    told: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts, "team": TEAM}
    if message.subtype:
        told["subtype"] = message.subtype
    if message.bot_id:
        told |= {"bot_id": message.bot_id, "app_id": APP, "bot_profile": bot_profile(state)}
    else:
        told["client_msg_id"] = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{message.channel}/{message.ts}"))
    if message.blocks:
        told["blocks"] = list(message.blocks)
    if message.attachments:
        told["attachments"] = list(message.attachments)
    if message.files:
        told["files"] = [file_json(state, file) for file in message.files]
    if message.edited:
        told["edited"] = {"user": message.user, "ts": message.edited}
    if message.streaming:
        told["streaming_state"] = "in_progress"
    if message.metadata is not None and metadata:
        told["metadata"] = message.metadata
    told |= _reactions(message)
    return told | _thread(state, message)


def _reactions(message: Message) -> Json:
    names = dict.fromkeys(name for name, _ in message.reactions)
    found = [
        {"name": name, "users": users, "count": len(users)}
        for name in names
        for users in [[user for each, user in message.reactions if each == name]]
    ]
    return {"reactions": found} if found else {}


def _thread(state: State, message: Message) -> Json:
    if message.thread_ts:
        parent = state.messages.get(message.channel, {}).get(message.thread_ts)
        told: Json = {"thread_ts": message.thread_ts}
        return told | ({"parent_user_id": parent.user} if parent else {})
    replies = [each for each in state.thread(message.channel, message.ts) if each.ts != message.ts]
    if not replies or message.seen_by:
        return {}
    users = list(dict.fromkeys(each.user for each in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "reply_users": users,
        "latest_reply": replies[-1].ts,
        "is_locked": False,
        "subscribed": False,
    }


def bot_profile(state: State) -> Json:
    """Who the app is, beside each of its messages."""
    return {
        "id": BOT,
        "app_id": APP,
        "name": state.users[BOT_USER].real_name,
        "team_id": TEAM,
        "deleted": False,
        "updated": 0,
        "icons": {},
    }


def file_json(state: State, key: str) -> Json:
    """A file as files.info and messages show it."""
    file = state.files[key]
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title or file.name,
        **({"alt_txt": file.alt} if file.alt else {}),
        "user": file.user,
        "size": file.size,
        "created": file.created,
        "timestamp": file.created,
        "filetype": file.name.rpartition(".")[2].lower(),
        "mode": "hosted",
        "is_external": False,
        "url_private": f"{state.base_url}/files-pri/{TEAM}-{file.id}/{file.name}",
        "url_private_download": f"{state.base_url}/files-pri/{TEAM}-{file.id}/download/{file.name}",
        "channels": sorted(each for each in file.channels if each.startswith("C")),
        "groups": sorted(each for each in file.channels if each.startswith("G")),
        "ims": sorted(each for each in file.channels if each.startswith("D")),
    }


def message_event(state: State, message: Message, channel: Channel) -> Json:
    """A `message` event for a new message."""
    told = message_json(state, message, metadata=True)
    told.pop("reactions", None)
    return told | {"channel": channel.id, "event_ts": message.ts, "channel_type": channel.kind}


def mention_event(state: State, message: Message) -> Json:
    """An `app_mention` event for a message that names the app."""
    told = message_json(state, message) | {"type": "app_mention", "channel": message.channel, "event_ts": message.ts}
    told.pop("subtype", None)
    return told


def changed_event(state: State, before: Message, after: Message | None, channel: Channel) -> Json:
    """A `message` event of subtype message_changed, or message_deleted where nothing is left."""
    at = state.ts()
    told: Json = {
        "type": "message",
        "subtype": "message_changed" if after else "message_deleted",
        "previous_message": message_json(state, before),
        "channel": channel.id,
        "hidden": True,
        "ts": at,
        "event_ts": at,
        "channel_type": channel.kind,
    }
    return told | ({"message": message_json(state, after)} if after else {"deleted_ts": before.ts})


def membership_event(state: State, kind: str, user: str, channel: Channel, by: str | None = None) -> Json:
    """A member_joined_channel or member_left_channel event."""
    told: Json = {
        "type": kind,
        "user": user,
        "channel": channel.id,
        "channel_type": "C" if channel.kind == "channel" else "G",
        "team": TEAM,
        "event_ts": state.ts(),
    }
    return told | ({"inviter": by} if by and kind == "member_joined_channel" else {})


def user_json(state: State, key: str) -> Json:
    """A user as interactive payloads name them."""
    user = state.users[key]
    return {"id": user.id, "username": user.name, "name": user.name, "team_id": TEAM}


def interaction(state: State, kind: str, user: str, /, **more: Any) -> Json:
    """What every interactive payload begins with."""
    return {
        "type": kind,
        "team": {"id": TEAM, "domain": DOMAIN},
        "user": user_json(state, user),
        "api_app_id": APP,
        "token": "verification-token-of-old",
        "enterprise": None,
        "is_enterprise_install": False,
        **more,
    }


def channel_name(channel: Channel) -> str:
    """The name that interactive payloads and commands give to a conversation."""
    return {"im": "directmessage", "group": "privategroup", "mpim": channel.name}.get(channel.kind, channel.name)


_KEPT = re.compile(r"<(?:@[UW][A-Z0-9]+|#[CG][A-Z0-9]+)(?:\|[^>]*)?>")


def typed_text(text: str) -> str:
    """What a person typed as Slack passes it on: `& < >` escaped, mentions left alone."""
    parts, at = [], 0
    for kept in _KEPT.finditer(text):
        parts += [_escaped(text[at : kept.start()]), kept.group()]
        at = kept.end()
    return "".join([*parts, _escaped(text[at:])])


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed_blocks(text: str) -> tuple[Json, ...]:
    """The rich_text block that Slack adds to what a person typed."""
    pieces: list[Json] = []
    at = 0
    for found in _KEPT.finditer(text):
        if found.start() > at:
            pieces.append({"type": "text", "text": text[at : found.start()]})
        key = found.group().strip("<>@#").partition("|")[0]
        pieces.append(
            {"type": "channel", "channel_id": key} if found.group()[1] == "#" else {"type": "user", "user_id": key}
        )
        at = found.end()
    if at < len(text):
        pieces.append({"type": "text", "text": text[at:]})
    section = {"type": "rich_text_section", "elements": pieces}
    return ({"type": "rich_text", "block_id": uuid.uuid4().hex[:5], "elements": [section]},)
