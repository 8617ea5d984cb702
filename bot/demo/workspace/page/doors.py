"""What a person does in the page: each door takes the script's words, acts as that person, and says how it went."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from bot.demo.workspace.controls import NotThere
from bot.demo.workspace.page.typed import with_mentions
from bot.demo.workspace.person import Outcome, Person
from bot.demo.workspace.state import BOT_USER, Channel, File, Json, Message
from bot.demo.workspace.workspace import Workspace

LARGEST = 50_000_000
NO_ANSWER = "The app did not answer in time. Try again."

DoorReply = dict[str, Any]


class Doors:
    """The doors of one workspace. Each takes who acts, the body of the request, and what its address says more."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def say(self, person: Person, body: bytes, more: Mapping[str, str]) -> DoorReply:
        """Write a message, or run a slash command."""
        asked = _json(body)
        text, thread = str(asked.get("text", "")).strip(), str(asked.get("thread") or "") or None
        channel = self._place(person, str(asked.get("place", "")))
        if not text:
            return {"ok": False, "words": "Write something first."}
        if text.startswith("/"):
            if thread:
                raise NotThere("slash commands do not work in threads: use the box below the conversation")
            word, _, rest = text.partition(" ")
            return _told(person.command(word, with_mentions(rest, self.workspace.state), channel))
        said = person.say(channel, with_mentions(text, self.workspace.state), thread)
        asks_in_public = channel.kind != "im" and not thread and f"<@{BOT_USER}>" in said.text
        return {"ok": True, **({"thread": said.ts} if asks_in_public else {})}

    def press(self, person: Person, body: bytes, more: Mapping[str, str]) -> DoorReply:
        """Press a button, or pick something that the app is told of at once."""
        asked = _json(body)
        target = self._target(person, str(asked.get("target", "")))
        if not isinstance(target, Message) and asked.get("values"):
            person.fill_in(target, asked["values"])
        return _told(person.click(target, str(asked["action"]), asked.get("value"), str(asked.get("block", ""))))

    def submit(self, person: Person, body: bytes, more: Mapping[str, str]) -> DoorReply:
        """Send the modal that is on top."""
        asked = _json(body)
        return _told(person.submit(self._target(person, f"v:{asked.get('view')}"), asked.get("values") or {}))  # type: ignore[arg-type]

    def close(self, person: Person, body: bytes, more: Mapping[str, str]) -> DoorReply:
        """Close the modal that is on top."""
        view = self._target(person, f"v:{_json(body).get('view')}")
        outcome = person.close(view)  # type: ignore[arg-type]
        with self.workspace.state.changed:
            self.workspace.state.changed.notify_all()
        return _told(outcome)

    def shortcut(self, person: Person, body: bytes, more: Mapping[str, str]) -> DoorReply:
        """Run a shortcut, on a message where one is named."""
        asked = _json(body)
        callback = str(asked.get("shortcut", ""))
        if not asked.get("target"):
            return _told(person.shortcut(callback))
        message = self._target(person, str(asked["target"]))
        if not isinstance(message, Message):
            raise NotThere("that shortcut is for messages")
        return _told(person.message_shortcut(callback, message))

    def delete(self, person: Person, body: bytes, more: Mapping[str, str]) -> DoorReply:
        """Delete one's own message."""
        message = self._target(person, str(_json(body).get("target", "")))
        if not isinstance(message, Message) or message.user != person.user.id:
            raise NotThere("only your own messages can be deleted")
        person.delete(message)
        return {"ok": True}

    def join(self, person: Person, body: bytes, more: Mapping[str, str]) -> DoorReply:
        """Join a public channel."""
        person.join(str(_json(body).get("channel", "")))
        return {"ok": True}

    def upload(self, person: Person, body: bytes, more: Mapping[str, str]) -> DoorReply:
        """Share the file that the body is."""
        channel = self._place(person, more.get("place", ""))
        name = _named(body, more)
        comment = with_mentions(more.get("comment", ""), self.workspace.state)
        person.upload(channel, name, body, comment, more.get("thread") or None)
        return {"ok": True}

    def keep(self, person: Person, body: bytes, more: Mapping[str, str]) -> DoorReply:
        """Keep the file that the body is for a form's field."""
        state, name = self.workspace.state, _named(body, more)
        file = File(state.number("F"), name, person.user.id, len(body), int(state.clock()), name, body, True)
        state.files[file.id] = file
        return {"ok": True, "id": file.id}

    def _place(self, person: Person, place: str) -> Channel:
        if place in ("messages", "home"):
            return person.direct
        channel = self.workspace.state.channels.get(place)
        if channel is None or person.user.id not in channel.members:
            raise NotThere("you are not in that channel")
        return channel

    def _target(self, person: Person, target: str) -> Message | Json:
        """A message as `m:CHANNEL:TS`, one that only this person sees as `e:…`, or a view on the screen as `v:ID`."""
        state, user = self.workspace.state, person.user.id
        kind, _, rest = target.partition(":")
        with state.changed:
            if kind == "v":
                shown = [*state.modals.get(user, ())[-1:], *([state.homes[user]] if user in state.homes else [])]
                found: Message | Json | None = next((each for each in shown if each["id"] == rest), None)
            elif kind == "e":
                mine = (ephemeral for ephemeral in state.ephemerals if ephemeral.seen_by == user)
                found = next((each for each in mine if f"{each.channel}:{each.ts}" == rest), None)
            else:
                channel, _, ts = rest.partition(":")
                visible = channel in state.channels and state.may_see(user, state.channels[channel])
                found = state.messages.get(channel, {}).get(ts) if visible else None
        if found is None:
            raise NotThere("that is no longer on the screen")
        return found


Door = Callable[[Doors, Person, bytes, Mapping[str, str]], DoorReply]
DOORS: dict[str, Door] = {
    each.__name__: each
    for each in (Doors.say, Doors.press, Doors.submit, Doors.close, Doors.shortcut, Doors.delete, Doors.join,
                 Doors.upload, Doors.keep)
}  # fmt: skip


def _json(body: bytes) -> Json:
    asked = json.loads(body)
    if not isinstance(asked, dict):
        raise ValueError("no JSON object")
    return asked


def _named(body: bytes, more: Mapping[str, str]) -> str:
    if not body:
        raise NotThere("that file is empty")
    if len(body) > LARGEST:
        raise NotThere(f"that file is larger than {LARGEST // 1_000_000} MB")
    return more.get("name", "").replace("\\", "/").rpartition("/")[2] or "file"


def _told(outcome: Outcome) -> DoorReply:
    if outcome.ok:
        return {"ok": True}
    if outcome.errors:
        return {"ok": False, "errors": {key: str(words) for key, words in outcome.errors.items()}}
    return {"ok": False, "words": NO_ANSWER}
