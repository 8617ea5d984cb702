"""Acknowledgements that come in time: what Slack waits for is answered whatever the listener is still doing."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from threading import Event, Lock
from typing import Any

from slack_bolt import Ack, App, Args
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.runtime.failures import record_failure
from bot.slack import block_kit as kit
from bot.slack.block_kit import Block
from bot.slack.modals import GONE, TITLE, loading
from bot.slack.payloads import Interaction, Press, Shortcut, SlashCommand, View

# Slack waits three seconds. What a listener answers within one goes with the acknowledgement.
ACK_SECONDS = 1.0
DONE = "Done. You can close this."
NOT_DONE = "That did not work. Trustbot wrote to you why, in its Messages tab."
INITIAL = {
    "value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
}

Listener = Callable[..., Any]
Failed = Callable[[Exception, Mapping[str, Any], WebClient], None]
Raw = Mapping[str, Any]
# What Slack sent, as listeners are given it under Bolt's own names.
TYPED = {
    "command": SlashCommand.read,
    "body": Interaction.read,
    "action": Press.read,
    "view": View.read,
    "shortcut": Shortcut.read,
}


class AcknowledgingApp(App):
    """Bolt's app, whose listeners to commands, buttons, forms and shortcuts run in threads of their own.

    They are given what Slack sent as the models of `bot.slack.payloads`; what is none of these is refused in words.
    A listener that has not acknowledged after `ack_seconds` is acknowledged for. What it says later comes to the
    person all the same: a command's words at its response address, a form's answer in the form's place.
    """

    def __init__(self, *, workers: ThreadPoolExecutor, ack_seconds: float = ACK_SECONDS, **settings: Any) -> None:
        self._workers = workers
        self._ack_seconds = ack_seconds
        self._failed: Failed = lambda error, body, client: None
        self.heard: list[tuple[str, Any]] = []
        super().__init__(**settings)

    def on_failure(self, failed: Failed) -> None:
        """Name who tells the person that a listener failed, of any kind."""
        self._failed = failed
        self.error(failed)

    def command(self, command: Any, *rest: Any, **more: Any) -> Callable[..., Any]:
        """Bolt's `command`, acknowledged in time."""
        return self._in_time("command", command, super().command(command, *rest, **more))

    def action(self, constraints: Any, *rest: Any, **more: Any) -> Callable[..., Any]:
        """Bolt's `action`, acknowledged in time."""
        return self._in_time("action", constraints, super().action(constraints, *rest, **more))

    def view(self, constraints: Any, *rest: Any, **more: Any) -> Callable[..., Any]:
        """Bolt's `view`, acknowledged in time."""
        return self._in_time("view", constraints, super().view(constraints, *rest, **more))

    def shortcut(self, constraints: Any, *rest: Any, **more: Any) -> Callable[..., Any]:
        """Bolt's `shortcut`, acknowledged in time."""
        return self._in_time("shortcut", constraints, super().shortcut(constraints, *rest, **more))

    def _in_time(self, kind: str, which: Any, register: Callable[..., Any]) -> Callable[..., Any]:
        def enter(listener: Listener) -> Listener:
            self.heard.append((kind, which))
            register(self._acknowledged(listener))
            return listener

        return enter

    def _acknowledged(self, listener: Listener) -> Callable[[Args], None]:
        names = tuple(inspect.signature(listener).parameters)

        def hear(args: Args) -> None:
            reply = Reply(args)

            def work() -> None:
                try:
                    listener(**{name: reply if name == "ack" else _argument(args, name) for name in names})
                except Exception as error:
                    reply.give_up()
                    self._failed(error, args.body, args.client)
                finally:
                    reply.end()

            self._workers.submit(work)
            reply.wait(self._ack_seconds)

        return hear


class Reply:
    """What a listener calls in Bolt's place of `ack`: in time it is the acknowledgement, later it is sent apart."""

    def __init__(self, args: Args) -> None:
        self._ack: Ack = args.ack
        self._args = args
        form = args.body.get("view") if args.body.get("type") == "view_submission" else None
        # As it came, since it is shown again as it came.
        self._form: Raw | None = form if form and View.read_or_none(form) else None
        self._lock = Lock()
        self._given = Event()
        self._owed = False

    def __call__(self, text: str = "", blocks: Any = None, **more: Any) -> None:
        said = {**({"text": text} if text else {}), **({"blocks": blocks} if blocks else {}), **more}
        with self._lock:
            if not self._given.is_set():
                self._ack(**said)
                self._given.set()
                return
            owed, self._owed = self._owed, False
        if self._form is not None:
            if owed:
                self._in_its_place(_later(self._form, said))
        elif "text" in said or "blocks" in said:
            self._args.respond(**{"response_type": "ephemeral", **said})

    def wait(self, seconds: float) -> None:
        """Wait for the listener so long, then acknowledge for it: a form is shown to be under way."""
        if self._given.wait(seconds):
            return
        with self._lock:
            if self._given.is_set():
                return
            if self._form is None:
                self._ack()
            else:
                self._ack(response_action="update", view=loading(_title(self._form)))
                self._owed = True
            self._given.set()

    def give_up(self) -> None:
        """The listener failed, and the person is told so in another place; what they wrote in a form stays in it."""
        if self._form is not None:
            self(response_action="update", view=refilled(self._form, [NOT_DONE]))

    def end(self) -> None:
        """The listener is done: whatever it left unsaid is said."""
        with self._lock:
            owed = self._owed or not self._given.is_set()
        if owed:
            self()

    def _in_its_place(self, view: Block) -> None:
        try:
            self._args.client.views_update(view_id=self._form["id"] if self._form else "", view=view)
        except SlackApiError as error:
            if error.response.get("error") not in GONE:
                record_failure(error)
        except (SlackClientError, OSError, HTTPException) as error:
            record_failure(error)


def _argument(args: Args, name: str) -> Any:
    """What a listener is given under this name."""
    given = getattr(args, name)
    return TYPED[name](given) if name in TYPED else given


def _later(form: Raw, said: Raw) -> Block:
    """What a form shows, once it is known, that was acknowledged before."""
    if said.get("response_action") == "errors":
        return refilled(form, list(said["errors"].values()))
    if said.get("response_action") == "update":
        view: Block = said["view"]
        return view
    return kit.modal(_title(form), [kit.section(DONE)])


def refilled(form: Raw, faults: list[str]) -> Block:
    """A form as it was sent, with what was written in it, and above it what is wrong."""
    values = (form.get("state") or {}).get("values") or {}
    warning = [kit.section(kit.escape(fault)) for fault in dict.fromkeys(faults)]
    kept = ("type", "title", "submit", "close", "callback_id", "private_metadata")
    return {
        **{name: form[name] for name in kept if form.get(name)},
        "blocks": [*warning, *(_with_values(block, values) for block in form.get("blocks") or ())],
    }


def _title(form: Raw) -> str:
    return str((form.get("title") or {}).get("text") or TITLE)


def _with_values(block: Block, values: Mapping[str, Mapping[str, Raw]]) -> Block:
    if block["type"] != "input" or "element" not in block:
        return block
    element = {name: value for name, value in block["element"].items() if not name.startswith("initial_")}
    held = values.get(block.get("block_id", ""), {}).get(element.get("action_id", ""), {})
    element |= {name: held[key] for key, name in INITIAL.items() if held.get(key)}
    return {**block, "element": element}
