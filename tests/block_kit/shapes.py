"""What the bot sent to a local workspace, as shapes: the payloads without their words, each once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.demo.workspace import Manifest, Workspace

MANIFEST = Path(__file__).parents[2] / "manifest.json"
TELLING = ("type", "style", "level", "align", "status", "name", "trigger_actions_on", "include")
"""Fields whose strings are Slack's own words; those of all others are anybody's."""
VIEW = ("type", "title", "blocks", "close", "submit", "private_metadata", "callback_id", "clear_on_close",
        "notify_on_close", "external_id", "submit_disabled")  # fmt: skip
REFUSED = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "view_too_large"})
Json = dict[str, Any]


def shape(value: Any, field: str = "") -> Any:
    """The value with every free word as `x`, and lists without items of the same shape."""
    if isinstance(value, dict):
        return {key: shape(each, key) for key, each in sorted(value.items()) if each is not None}
    if isinstance(value, list | tuple):
        found = [shape(each, field) for each in value]
        return [each for at, each in enumerate(found) if each not in found[:at]]
    if isinstance(value, str) and field not in TELLING:
        return "https://x.example" if field.endswith("url") else "x"
    return value


def sent(workspace: Workspace) -> Iterator[tuple[str, str]]:
    """(kind, shape as JSON) of all that the bot sent, where this workspace runs its manifest."""
    if workspace.manifest != Manifest.read(MANIFEST):
        return
    with workspace.state.changed:
        for call in workspace.calls:
            for name, kind in (("blocks", "blocks"), ("view", "view")):
                if held := call.arguments.get(name):
                    payload = json.loads(held) if isinstance(held, str) else held
                    yield from _each(kind, payload) if call.error is None else ()
        messages = [each for place in workspace.state.messages.values() for each in place.values()]
        for message in (*messages, *workspace.state.ephemerals):
            if message.bot_id:
                yield from _each("blocks", list(message.blocks))
        for view in workspace.state.views.values():
            yield from _each("view", {key: view[key] for key in VIEW if view.get(key) not in (None, "", False)})


def _each(kind: str, payload: Any) -> Iterator[tuple[str, str]]:
    if kind == "view":
        # The type of a view's blocks takes any block at all: they are held against that of the blocks.
        yield from (("block", json.dumps(shape(each))) for each in payload["blocks"])
        yield str(payload["type"]), json.dumps(shape({**payload, "blocks": []}))
    else:
        yield from (("block", json.dumps(shape(each))) for each in payload)


def refused(workspace: Workspace) -> Iterator[str]:
    """What Slack would have refused of what the bot sent: too long, too many, not there."""
    if workspace.manifest != Manifest.read(MANIFEST):
        return
    for call in list(workspace.calls):
        if call.error in REFUSED:
            yield f"{call.method}: {call.error}"
