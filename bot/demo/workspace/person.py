"""What one person of the workspace does: write, press, fill in, upload, come and go."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.demo.workspace import controls
from bot.demo.workspace.api.methods import Arguments, ResponseUrl, Site, SlackError, Trigger
from bot.demo.workspace.api.views import checked, stored
from bot.demo.workspace.controls import NotThere
from bot.demo.workspace.state import APP, BOT_USER, SLACKBOT, TEAM, Channel, File, Json, Message, User
from bot.demo.workspace.wire import events, responses
from bot.demo.workspace.wire.delivery import Delivery


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the app took an interaction: `errors` are a form's, by block_id; `reason` says why it was not taken."""

    ok: bool
    errors: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A person at their screen."""

    user: User
    site: Site
    delivery: Delivery

    @property
    def direct(self) -> Channel:
        """Their Messages tab of the app."""
        return self.site.state.direct(BOT_USER, self.user.id)

    def _in(self, channel: str | Channel) -> Channel:
        found = channel if isinstance(channel, Channel) else self.site.state.channel(channel)
        if self.user.id not in found.members:
            raise NotThere(f"{self.user.real_name} is not in #{found.name}")
        return found

    def say(self, channel: str | Channel, text: str, thread: str | None = None) -> Message:
        """Write in a conversation, or under the message with the ts `thread`."""
        typed = events.typed_text(text)
        return self.site.changes.post(
            self._in(channel), self.user.id, typed, thread_ts=thread, blocks=events.typed_blocks(text)
        )

    def mention(self, channel: str | Channel, text: str, thread: str | None = None) -> Message:
        """Write in a conversation, with the app's name before the text."""
        return self.say(channel, f"<@{BOT_USER}> {text}", thread)

    def dm(self, text: str, thread: str | None = None) -> Message:
        """Write in the app's Messages tab."""
        if not self.site.manifest.messages_tab:
            raise NotThere("sending messages to this app has been turned off")
        return self.say(self.direct, text, thread)

    def edit(self, message: Message, text: str) -> Message:
        """Change one's own message."""
        return self.site.changes.edit(
            message, text=events.typed_text(text), blocks=events.typed_blocks(text), edited=self.site.state.ts()
        )

    def delete(self, message: Message) -> None:
        """Delete one's own message."""
        self.site.changes.erase(message)

    def react(self, message: Message, name: str) -> Message:
        """Add a reaction, without colons."""
        return self.site.changes.react(message, self.user.id, name)

    def join(self, channel: str) -> None:
        """Join a public channel."""
        found = self.site.state.channel(channel)
        if found.kind != "channel":
            raise NotThere(f"#{found.name} is private: somebody in it has to invite {self.user.real_name}")
        self.site.changes.join(found, self.user.id)

    def invite(self, channel: str, user: str) -> None:
        """Bring somebody, or the app, into a conversation that one is in."""
        self.site.changes.join(self._in(channel), self.site.state.user(user).id, self.user.id)

    def leave(self, channel: str) -> None:
        """Leave a conversation."""
        self.site.changes.leave(self._in(channel), self.user.id)

    def remove(self, channel: str, user: str) -> None:
        """Take somebody, or the app, out of a conversation."""
        self.site.changes.leave(self._in(channel), self.site.state.user(user).id, self.user.id)

    def upload(
        self, channel: str | Channel, name: str, content: bytes, comment: str = "", thread: str | None = None
    ) -> Message:
        """Share a file in a conversation."""
        state = self.site.state
        file = File(state.number("F"), name, self.user.id, len(content), int(state.clock()), name, content, True)
        state.files[file.id] = file
        return self.site.changes.share(self._in(channel), self.user.id, [file.id], events.typed_text(comment), thread)

    def open_app(self, tab: str = "messages") -> None:
        """Open the app's Messages or Home tab."""
        state = self.site.state
        with state.changed:
            channel = self.direct
            event: Json = {
                "type": "app_home_opened", "user": self.user.id, "channel": channel.id, "tab": tab,
                "event_ts": state.ts(),
            }  # fmt: skip
            if tab == "home" and self.user.id in state.homes:
                event["view"] = state.homes[self.user.id]
            self.site.changes.emit("app_home_opened", event)

    def command(self, command: str, text: str = "", channel: str | Channel | None = None) -> Outcome:
        """Run a slash command; where the app answers at once, that is shown."""
        where = self._in(channel) if channel is not None else self.direct
        known = self.site.manifest.commands
        if known is not None and command not in known:
            raise NotThere(f"{command} is not a valid command")
        url = responses.open_response_url(self.site, self.user.id, where.id, None)
        payload = {
            "token": "verification-token-of-old", "team_id": TEAM, "team_domain": events.DOMAIN,
            "channel_id": where.id, "channel_name": events.channel_name(where), "user_id": self.user.id,
            "user_name": self.user.name, "command": command, "text": events.typed_text(text), "api_app_id": APP,
            "is_enterprise_install": "false", "response_url": url, "trigger_id": self._trigger(),
        }  # fmt: skip
        ack = self.delivery.ask("slash_commands", payload)
        if not ack.ok:
            words = "operation_timeout" if ack.reason.endswith("timeout") else "dispatch_failed"
            return self._failed(command, where, words, ack.reason)
        if ack.payload:
            try:
                with self.site.state.changed:
                    target = ResponseUrl(self.user.id, where.id, None, 0)
                    responses.respond(self.site, target, Arguments(ack.payload))
            except SlackError as refused:
                return self._failed(command, where, refused.error, str(refused.more.get("errors", refused.error)))
        return Outcome(True)

    def _failed(self, command: str, where: Channel, error: str, reason: str) -> Outcome:
        words = f'{command} failed with the error "{error}".'
        self.site.changes.whisper(where, SLACKBOT, self.user.id, words)
        return Outcome(False, reason=reason)

    def _trigger(self) -> str:
        trigger = f"{self.site.state.ts()}.{uuid.uuid4().hex}"
        self.site.triggers[trigger] = Trigger(self.user.id, self.site.state.clock() + self.site.trigger_lasts)
        return trigger

    def shortcut(self, callback_id: str) -> Outcome:
        """Run a global shortcut."""
        self._known_shortcut(callback_id)
        state = self.site.state
        payload = events.interaction(
            state, "shortcut", self.user.id, callback_id=callback_id, trigger_id=self._trigger(), action_ts=state.ts()
        )
        ack = self.delivery.ask("interactive", payload)
        return Outcome(ack.ok, reason=ack.reason)

    def message_shortcut(self, callback_id: str, message: Message) -> Outcome:
        """Run a shortcut on a message."""
        self._known_shortcut(callback_id)
        state, channel = self.site.state, self._seen(message)
        payload = events.interaction(
            state, "message_action", self.user.id, callback_id=callback_id, trigger_id=self._trigger(),
            action_ts=state.ts(), message_ts=message.ts, message=events.message_json(state, message),
            channel={"id": channel.id, "name": events.channel_name(channel)},
            response_url=responses.open_response_url(self.site, self.user.id, channel.id, message.ts),
        )  # fmt: skip
        ack = self.delivery.ask("interactive", payload)
        return Outcome(ack.ok, reason=ack.reason)

    def _known_shortcut(self, callback_id: str) -> None:
        known = self.site.manifest.shortcuts
        if known is not None and callback_id not in known:
            raise NotThere(f"the app has no shortcut {callback_id!r}")

    def _seen(self, message: Message) -> Channel:
        channel = self.site.state.channels[message.channel]
        hidden = message.seen_by is not None and message.seen_by != self.user.id
        if hidden or not self.site.state.may_see(self.user.id, channel):
            raise NotThere(f"{self.user.real_name} does not see that message")
        return channel

    def click(self, target: Message | Json, action_id: str, value: Any = None, block_id: str = "") -> Outcome:
        """Press a button, pick an option or give feedback, in a message or a view as this person sees it.

        `block_id` says in which block, where several have such an element.
        """
        blocks = target.blocks if isinstance(target, Message) else target["blocks"]
        within = [each for each in blocks if each.get("block_id") == block_id] if block_id else blocks
        block, element = controls.find(within or blocks, action_id, value)
        if block["type"] == "input" and not block.get("dispatch_action"):
            raise NotThere(f"{action_id!r} is sent with its form, not by itself")
        where = self._of_message(target) if isinstance(target, Message) else self._of_view(target)
        action = controls.used(block, element, value, self.site.state.ts())
        held = where["state"] if isinstance(target, Message) else target["state"]
        held["values"] = controls.standing(blocks, held["values"])
        if element["type"] not in controls.STATELESS:
            held["values"][block["block_id"]][action_id] = controls.filled(element, value)
        payload = events.interaction(
            self.site.state, "block_actions", self.user.id, trigger_id=self._trigger(), actions=[action], **where
        )
        ack = self.delivery.ask("interactive", payload)
        return Outcome(ack.ok, reason=ack.reason)

    def _of_message(self, message: Message) -> Json:
        channel = self._seen(message)
        container = {
            "type": "message", "message_ts": message.ts, "channel_id": channel.id,
            "is_ephemeral": message.seen_by is not None,
        }  # fmt: skip
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        told: Json = {
            "container": container,
            "channel": {"id": channel.id, "name": events.channel_name(channel)},
            "state": self.site.drafts.setdefault((self.user.id, message.ts), {"values": {}}),
            "response_url": responses.open_response_url(self.site, self.user.id, channel.id, message.ts),
        }
        if message.seen_by is None:
            told["message"] = events.message_json(self.site.state, message)
        return told

    def _of_view(self, view: Json) -> Json:
        if self.site.state.views.get(view["id"], {}).get("hash") != view["hash"]:
            raise NotThere("that view is no longer on the screen")
        return {"container": {"type": "view", "view_id": view["id"]}, "view": view}

    def fill_in(self, view: Json, values: Mapping[str, Any]) -> None:
        """Type and pick in a view without sending it; what is used next tells the app of it."""
        view["state"]["values"], _ = controls.form_values(view, values)

    def submit(self, view: Json, values: Mapping[str, Any] | None = None) -> Outcome:
        """Fill in the modal on top and send it; a form with errors stays open."""
        stack = self.site.state.modals.get(self.user.id, [])
        if not stack or stack[-1]["id"] != view["id"]:
            raise NotThere("that view is not on top of this person's screen")
        state, missing = controls.form_values(stack[-1], values or {})
        stack[-1]["state"] = {"values": state}
        if missing:
            return Outcome(False, missing, "incomplete")
        payload = events.interaction(
            self.site.state, "view_submission", self.user.id, trigger_id=self._trigger(), view=stack[-1],
            response_urls=[],
        )  # fmt: skip
        ack = self.delivery.ask("interactive", payload)
        if not ack.ok:
            return Outcome(False, reason=ack.reason)
        with self.site.state.changed:
            outcome = self._follow(ack.payload or {}, stack, view["id"])
            self.site.state.changed.notify_all()
        return outcome

    def _follow(self, answer: Json, stack: list[Json], submitted: str) -> Outcome:
        action = answer.get("response_action")
        if action == "errors":
            inputs = {block["block_id"] for block in stack[-1]["blocks"] if block["type"] == "input"}
            if not answer.get("errors") or set(answer["errors"]) - inputs:
                return Outcome(False, reason="errors must name input blocks of the view")
            return Outcome(False, answer["errors"], "errors")
        try:
            if action == "update":
                view = checked(self.site, answer.get("view"))
                stack[-1] = stored(self.site, view, self.user.id, replacing=stack[-1])
            elif action == "push":
                view = checked(self.site, answer.get("view"))
                stack.append(stored(self.site, view, self.user.id, previous=stack[-1]))
            elif action == "clear" or stack[-1].get("clear_on_close"):
                stack.clear()
            elif stack[-1]["id"] == submitted:
                stack.pop()
        except SlackError as refused:
            return Outcome(False, reason=f"{refused.error}: {refused.more.get('errors', '')}")
        return Outcome(True)

    def close(self, view: Json) -> Outcome:
        """Close the modal on top without sending it."""
        stack = self.site.state.modals.get(self.user.id, [])
        if not stack or stack[-1]["id"] != view["id"]:
            raise NotThere("that view is not on top of this person's screen")
        closed = stack.pop()
        if not closed["notify_on_close"]:
            return Outcome(True)
        payload = events.interaction(self.site.state, "view_closed", self.user.id, view=closed, is_cleared=False)
        ack = self.delivery.ask("interactive", payload)
        return Outcome(ack.ok, reason=ack.reason)
