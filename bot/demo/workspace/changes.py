"""What can happen in the workspace: each change alters the state and tells the app the events that follow from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.demo.workspace.manifest import Manifest
from bot.demo.workspace.state import BOT, BOT_USER, SLACKBOT, Channel, Json, Message, State
from bot.demo.workspace.wire import events


class Changes:
    """The verbs of the workspace; `tell` receives every event that the app is subscribed to and may know of."""

    def __init__(self, state: State, manifest: Manifest, tell: Callable[[Json], None]) -> None:
        self.state = state
        self.manifest = manifest
        self.tell = tell

    def emit(self, subscription: str, event: Json, channel: Channel | None = None) -> None:
        """Send an event, if the app subscribes to it and is in the conversation."""
        known = channel is None or BOT_USER in channel.members
        private = channel is not None and channel.kind != "channel"
        if known and self.manifest.receives(subscription, private=private):
            self.tell(events.envelope(self.state, event))

    def post(self, channel: Channel, user: str, text: str, **fields: Any) -> Message:
        """A new message, seen by all in the conversation."""
        state = self.state
        with state.changed:
            message = state.put(
                Message(channel.id, state.ts(), user, text, bot_id=BOT if user == BOT_USER else None, **fields)
            )
            if user == BOT_USER:
                state.statuses.pop((channel.id, message.root), None)
            self.emit(events.SUBSCRIPTION[channel.kind], events.message_event(state, message, channel), channel)
            if f"<@{BOT_USER}" in text and user != BOT_USER and channel.kind != "im":
                self._mention(message, channel)
            state.changed.notify_all()
            return message

    def _mention(self, message: Message, channel: Channel) -> None:
        if BOT_USER in channel.members:
            self.emit("app_mention", events.mention_event(self.state, message), channel)
        else:
            self.whisper(
                channel, SLACKBOT, message.user,
                f"You mentioned <@{BOT_USER}>, who is not in this channel. Invite them, and ask again.",
            )  # fmt: skip

    def post_due(self) -> None:
        """Post the scheduled messages whose time has come."""
        state = self.state
        with state.changed:
            due = [key for key, each in state.scheduled.items() if each["post_at"] <= state.clock()]
            for key in due:
                fields = state.scheduled.pop(key)
                channel = state.channels[fields.pop("channel")]
                fields.pop("post_at")
                self.post(channel, BOT_USER, fields.pop("text"), **fields)

    def whisper(self, channel: Channel, user: str, seen_by: str, text: str, **fields: Any) -> Message:
        """A new ephemeral message, seen by one person and kept in no history."""
        state = self.state
        with state.changed:
            message = Message(
                channel.id, state.ts(), user, text, bot_id=BOT if user == BOT_USER else None, seen_by=seen_by, **fields
            )
            state.ephemerals.append(message)
            state.changed.notify_all()
            return message

    def edit(self, message: Message, **fields: Any) -> Message:
        """A changed message."""
        state = self.state
        with state.changed:
            channel = state.channels[message.channel]
            after = state.change(message, **fields)
            event = events.changed_event(state, message, after, channel)
            self.emit(events.SUBSCRIPTION[channel.kind], event, channel)
            # Slack tells of a mention again when its message is edited, under the same ts.
            if f"<@{BOT_USER}" in after.text and after.user != BOT_USER and channel.kind != "im":
                self.emit("app_mention", events.mention_event(state, after), channel)
            state.changed.notify_all()
            return after

    def erase(self, message: Message) -> None:
        """A deleted message."""
        state = self.state
        with state.changed:
            channel = state.channels[message.channel]
            del state.messages[message.channel][message.ts]
            event = events.changed_event(state, message, None, channel)
            self.emit(events.SUBSCRIPTION[channel.kind], event, channel)
            state.changed.notify_all()

    def join(self, channel: Channel, user: str, by: str | None = None) -> None:
        """A new member of a conversation."""
        with self.state.changed:
            if user in channel.members:
                return
            channel.members.add(user)
            event = events.membership_event(self.state, "member_joined_channel", user, channel, by)
            self.emit("member_joined_channel", event, channel)
            self.state.changed.notify_all()

    def leave(self, channel: Channel, user: str, by: str | None = None) -> None:
        """A member gone; when it is the app itself it hears channel_left or group_left instead."""
        state = self.state
        with state.changed:
            if user not in channel.members:
                return
            channel.members.discard(user)
            if user == BOT_USER:
                kind = "channel_left" if channel.kind == "channel" else "group_left"
                event = {"type": kind, "channel": channel.id, "actor_id": by or user, "event_ts": state.ts()}
                self.emit(kind, event)
            event = events.membership_event(state, "member_left_channel", user, channel)
            self.emit("member_left_channel", event, channel)
            state.changed.notify_all()

    def rename(self, channel: Channel, name: str) -> None:
        """A conversation with another name; its id stays."""
        with self.state.changed:
            channel.name = name
            kind = "channel_rename" if channel.kind == "channel" else "group_rename"
            told = {"id": channel.id, "name": name, "created": channel.created}
            self.emit(kind, {"type": kind, "channel": told, "event_ts": self.state.ts()}, channel)
            self.state.changed.notify_all()

    def react(self, message: Message, user: str, name: str) -> Message:
        """A reaction added to a message."""
        state = self.state
        with state.changed:
            after = state.change(message, reactions=(*message.reactions, (name, user)))
            event = {
                "type": "reaction_added",
                "user": user,
                "reaction": name,
                "item_user": message.user,
                "item": {"type": "message", "channel": message.channel, "ts": message.ts},
                "event_ts": state.ts(),
            }
            self.emit("reaction_added", event, state.channels[message.channel])
            state.changed.notify_all()
            return after

    def share(self, channel: Channel, user: str, files: Sequence[str], comment: str, thread: str | None) -> Message:
        """Files shown in a conversation by a message."""
        state = self.state
        with state.changed:
            for file in files:
                state.files[file].channels.add(channel.id)
            message = self.post(
                channel, user, comment, files=tuple(files), thread_ts=thread,
                subtype=None if user == BOT_USER else "file_share",
            )  # fmt: skip
            for file in files:
                event = {
                    "type": "file_shared",
                    "file_id": file,
                    "user_id": user,
                    "file": {"id": file},
                    "channel_id": channel.id,
                    "event_ts": state.ts(),
                }
                self.emit("file_shared", event, channel)
            return message
