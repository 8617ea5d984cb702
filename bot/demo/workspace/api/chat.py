"""Web API: posting, changing, scheduling and deleting messages."""

from __future__ import annotations

from typing import Any

from bot.demo.workspace.api.methods import Arguments, Site, SlackError, invalid, method
from bot.demo.workspace.block_rules.tables import faults_in_blocks, faults_in_view, too_long_together
from bot.demo.workspace.state import BOT_USER, TEAM, Channel, Json, Message
from bot.demo.workspace.wire.events import message_json

LONGEST_TEXT, LONGEST_UPDATE, MOST_ATTACHMENTS = 40_000, 4_000, 100
DAYS_AHEAD, SCHEDULED_A_WINDOW, WINDOW = 120, 30, 300


def content(site: Site, given: Arguments, longest: int = LONGEST_TEXT) -> dict[str, Any]:
    """The checked text, blocks, attachments and metadata of a call, as fields of a Message."""
    text, blocks, attachments = given.text("text"), given.parsed("blocks"), given.parsed("attachments")
    if "markdown_text" in given:
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        text, longest = given.text("markdown_text"), 12_000
    if len(text) > longest:
        raise SlackError("msg_too_long")
    if blocks is not None:
        check_blocks(blocks)
    if attachments:
        _check_attachments(attachments)
    if not (text.strip() or blocks or attachments):
        raise SlackError("no_text")
    return {
        "text": text,
        "blocks": with_ids(site, blocks or ()),
        "attachments": tuple(attachments or ()),
        "metadata": check_metadata(given.parsed("metadata")),
        "markdown": "markdown_text" in given,
    }


def _check_attachments(attachments: Any) -> None:
    if not isinstance(attachments, list) or not all(isinstance(each, dict) for each in attachments):
        raise SlackError("invalid_attachments")
    if len(attachments) > MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    for index, attachment in enumerate(attachments):
        faults = faults_in_blocks(attachment.get("blocks", []), "message", f"/attachments/{index}/blocks")
        if faults:
            raise invalid("invalid_attachments", faults)


def check_blocks(blocks: Any) -> None:
    """Refuse blocks that Slack would refuse in a message."""
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    if faults := faults_in_blocks(blocks, "message"):
        raise invalid("invalid_blocks", faults)
    if too_long_together(blocks):
        raise SlackError("msg_blocks_too_long")


def check_metadata(metadata: Any) -> Json | None:
    """Refuse metadata without an event type or a flat payload."""
    if not metadata:
        return None
    whole = isinstance(metadata, dict) and isinstance(metadata.get("event_type"), str)
    if not whole or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    return {"event_type": metadata["event_type"], "event_payload": metadata["event_payload"]}


def with_ids(site: Site, blocks: Any) -> tuple[Json, ...]:
    """The blocks with the block_ids and action_ids that Slack makes up where the app gave none."""

    def complete(block: Json) -> Json:
        whole = {**block, "block_id": block.get("block_id") or site.state.number("b")}
        for key in ("accessory", "element"):
            if key in block:
                whole[key] = _with_action_id(site, block[key])
        if block["type"] in ("actions", "context_actions"):
            whole["elements"] = [_with_action_id(site, each) for each in block["elements"]]
        return whole

    return tuple(complete(block) for block in blocks)


def _with_action_id(site: Site, element: Json) -> Json:
    return element if element["type"] == "image" else {"action_id": site.state.number("a"), **element}


def place(site: Site, given: Arguments) -> Channel:
    """Where a message goes: a conversation, a channel's name, or a user, who gets it in the app's Messages tab."""
    key = given.text("channel")
    if key in site.state.users:
        return site.state.direct(BOT_USER, key)
    if key.startswith("#"):
        key = next((each.id for each in site.state.channels.values() if each.name == key[1:]), key)
    open_to_all = key in site.state.channels and "chat:write.public" in site.manifest.scopes
    channel = site.channel(key, member=not open_to_all)
    if channel.archived:
        raise SlackError("is_archived")
    return channel


def thread_of(site: Site, channel: Channel, given: Arguments) -> str | None:
    """The root of the thread that the call names, which must exist."""
    ts = given.text("thread_ts")
    if not ts:
        return None
    message = site.state.messages.get(channel.id, {}).get(ts)
    if message is None and not site.state.thread(channel.id, ts):
        raise SlackError("thread_not_found")
    return message.root if message else ts


@method("chat.postMessage", "chat:write", needs=["channel"], per_minute=60, per_channel=True)
def post_message(site: Site, given: Arguments) -> Json:
    channel = place(site, given)
    fields = content(site, given)
    thread = thread_of(site, channel, given)
    broadcast = thread is not None and given.flag("reply_broadcast")
    message = site.changes.post(
        channel, BOT_USER, thread_ts=thread, broadcast=broadcast, subtype="thread_broadcast" if broadcast else None,
        unfurl=given.flag("unfurl_links", True), **fields,
    )  # fmt: skip
    return {"channel": channel.id, "ts": message.ts, "message": message_json(site.state, message, metadata=True)}


@method("chat.postEphemeral", "chat:write", needs=["channel", "user"], per_minute=100)
def post_ephemeral(site: Site, given: Arguments) -> Json:
    channel = place(site, given)
    if given.text("user") not in channel.members:
        raise SlackError("user_not_in_channel")
    fields = content(site, given)
    fields.pop("metadata")
    message = site.changes.whisper(
        channel, BOT_USER, given.text("user"), thread_ts=thread_of(site, channel, given), **fields
    )
    return {"message_ts": message.ts}


def _own(site: Site, given: Arguments, refusal: str) -> Message:
    message = site.message(site.channel(given.text("channel")), given.text("ts"))
    if message.user != BOT_USER:
        raise SlackError(refusal)
    return message


@method("chat.update", "chat:write", needs=["channel", "ts"])
def update(site: Site, given: Arguments) -> Json:
    message = _own(site, given, "cant_update_message")
    if stream_runs(site, message):
        raise SlackError("streaming_state_conflict")
    fields = content(site, given, LONGEST_UPDATE)
    # What the call leaves out stays as it was; an empty value takes it away.
    named = {"markdown_text": "text"}
    changed = {named.get(name, name) for name in given} & {"text", "blocks", "attachments", "metadata"}
    kept = {name: fields[name] for name in changed} | {"markdown": fields["markdown"] or message.markdown}
    after = site.changes.edit(site.state.messages[message.channel][message.ts], edited=site.state.ts(), **kept)
    return {
        "channel": after.channel,
        "ts": after.ts,
        "text": after.text,
        "message": message_json(site.state, after, metadata=True),
    }


def stream_runs(site: Site, message: Message) -> bool:
    """Whether the message is a stream that Slack has not ended; one that ran too long is ended here."""
    started = site.state.streams.get((message.channel, message.ts))
    if started is None:
        return False
    if site.state.clock() - started <= site.stream_lasts:
        return True
    del site.state.streams[(message.channel, message.ts)]
    site.state.change(message, streaming=False)
    return False


@method("chat.delete", "chat:write", needs=["channel", "ts"])
def delete(site: Site, given: Arguments) -> Json:
    message = _own(site, given, "cant_delete_message")
    site.changes.erase(message)
    return {"channel": message.channel, "ts": message.ts}


@method("chat.getPermalink", needs=["channel", "message_ts"], per_minute=600)
def permalink(site: Site, given: Arguments) -> Json:
    channel = site.channel(given.text("channel"), member=False)
    message = site.message(channel, given.text("message_ts"))
    link = f"{site.state.base_url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


@method("chat.scheduleMessage", "chat:write", needs=["channel", "post_at"])
def schedule(site: Site, given: Arguments) -> Json:
    channel = place(site, given)
    fields = content(site, given)
    at, now = given.number("post_at", 0), site.state.clock()
    if fields["metadata"] is not None:
        raise SlackError("metadata_must_be_sent_from_app", detail="a scheduled message with metadata is never posted")
    if at <= now:
        raise SlackError("time_in_past")
    if at > now + DAYS_AHEAD * 86_400:
        raise SlackError("time_too_far")
    near = [
        each
        for each in site.state.scheduled.values()
        if each["channel"] == channel.id and abs(each["post_at"] - at) < WINDOW
    ]
    if len(near) >= SCHEDULED_A_WINDOW:
        raise SlackError("restricted_too_many")
    key = site.state.number("Q")
    site.state.scheduled[key] = {"channel": channel.id, "post_at": at, "thread_ts": given.get("thread_ts"), **fields}
    return {"channel": channel.id, "scheduled_message_id": key, "post_at": at, "message": {"text": fields["text"]}}


@method("chat.deleteScheduledMessage", "chat:write", needs=["channel", "scheduled_message_id"])
def unschedule(site: Site, given: Arguments) -> Json:
    if site.state.scheduled.pop(given.text("scheduled_message_id"), None) is None:
        raise SlackError("invalid_scheduled_message_id")
    return {}


@method("chat.scheduledMessages.list", per_minute=50)
def scheduled(site: Site, given: Arguments) -> Json:
    found = [
        {"id": key, "channel_id": each["channel"], "post_at": each["post_at"], "text": each["text"]}
        for key, each in site.state.scheduled.items()
        if given.text("channel", each["channel"]) == each["channel"]
    ]
    return {"scheduled_messages": found, "response_metadata": {"next_cursor": ""}}


@method("blocks.validate")
def validate(site: Site, given: Arguments) -> Json:
    if (view := given.parsed("view")) is not None:
        faults = faults_in_view(view)
    else:
        message = given.parsed("message") or {}
        faults = faults_in_blocks(given.parsed("blocks") or message.get("blocks"), "message")
    if faults:
        raise invalid("invalid_blocks", faults)
    return {"team_id": TEAM}
