"""What somebody types in the message box: names become mentions, and completions say what could come next."""

from __future__ import annotations

import re
from typing import Any

from bot.demo.workspace.manifest import Manifest
from bot.demo.workspace.state import BOT_USER, Channel, State, User


def with_mentions(text: str, state: State) -> str:
    """The text with every `@name` and `#channel` of the workspace as Slack's own mention."""
    names = {f"@{name}".casefold(): f"<@{user.id}>" for user in state.users.values() for name in _names(user)}
    names |= {f"#{each.name}".casefold(): f"<#{each.id}>" for each in state.channels.values()
              if each.kind in ("channel", "group")}  # fmt: skip
    longest_first = sorted(names, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])", re.IGNORECASE)
    return pattern.sub(lambda found: names.get(found.group().casefold(), found.group()), text)


def _names(user: User) -> tuple[str, ...]:
    return (user.real_name, user.name)


def completions(state: State, manifest: Manifest, channel: Channel) -> list[dict[str, Any]]:
    """All that the message box of a conversation can complete: what is put in, and what it stands for."""
    found = [{"put": f"@{state.users[BOT_USER].real_name}", "means": "the app"}]
    people = [each for each in state.users.values() if not each.is_bot and not each.deleted and each.email]
    inside = sorted(people, key=lambda each: (each.id not in channel.members, each.real_name))
    found += [
        {"put": f"@{each.real_name}", "means": "" if each.id in channel.members else "not in this channel"}
        for each in inside
    ]
    found += [{"put": f"#{each.name}", "means": ""} for each in state.channels.values() if each.kind == "channel"]
    for command, hint in manifest.hints.items():
        for use in filter(None, (each.strip() for each in hint.split("|"))):
            word, _, rest = use.partition(" ")
            found.append({"put": f"{command} {word}", "means": rest.strip("[]")})
    return found
