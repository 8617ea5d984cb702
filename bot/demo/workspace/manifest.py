"""What the app asked Slack for when it was installed: scopes, event subscriptions, commands and shortcuts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

EVENT_SCOPES: dict[str, str] = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "channel_left": "channels:read",
    "group_left": "groups:read",
    "reaction_added": "reactions:read",
    "file_shared": "files:read",
    "user_change": "users:read",
    "team_join": "users:read",
    "channel_rename": "channels:read",
    "group_rename": "groups:read",
}
"""The scope that an event needs besides its subscription; events that are not here need none."""

ALL_SCOPES = frozenset(
    [
        "app_mentions:read", "assistant:write", "channels:history", "channels:join", "channels:manage", "channels:read",
        "chat:write", "chat:write.public", "commands", "dnd:read", "files:read", "files:write", "groups:history",
        "groups:read", "groups:write", "im:history", "im:read", "im:write", "mpim:history", "mpim:read", "mpim:write",
        "reactions:read", "reactions:write", "usergroups:read", "users:read", "users:read.email",
    ]
)  # fmt: skip
ALL_EVENTS = frozenset(
    [
        "app_home_opened", "app_mention", "app_uninstalled", "channel_left", "channel_rename", "file_shared",
        "group_left", "group_rename",
        "member_joined_channel", "member_left_channel", "message.channels", "message.groups", "message.im",
        "message.mpim", "reaction_added", "team_join", "tokens_revoked", "user_change",
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Manifest:
    """An app's manifest, as far as the workspace acts on it; `commands` and `shortcuts` are None for any."""

    name: str = "Trustbot"
    scopes: frozenset[str] = ALL_SCOPES
    events: frozenset[str] = ALL_EVENTS
    commands: frozenset[str] | None = None
    shortcuts: frozenset[str] | None = None
    agent_view: bool = True
    messages_tab: bool = True
    home_tab: bool = True
    on_messages: Mapping[str, str] = field(default_factory=dict)
    """The shortcuts in a message's menu: callback_id -> name."""
    anywhere: Mapping[str, str] = field(default_factory=dict)
    """The shortcuts that need no message: callback_id -> name."""
    hints: Mapping[str, str] = field(default_factory=dict)
    """Slash command -> how it is used."""

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Manifest:
        """The manifest in Slack's own JSON form."""
        features = manifest.get("features", {})
        settings = manifest.get("settings", {})
        tabs = features.get("app_home", {})
        shortcuts = features.get("shortcuts", ())
        return cls(
            name=features.get("bot_user", {}).get("display_name")
            or manifest.get("display_information", {}).get("name", "Trustbot"),
            scopes=frozenset(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ())),
            events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
            commands=frozenset(each["command"] for each in features.get("slash_commands", ())),
            shortcuts=frozenset(each["callback_id"] for each in shortcuts),
            agent_view="agent_view" in features,
            messages_tab=tabs.get("messages_tab_enabled", True) and not tabs.get("messages_tab_read_only_enabled"),
            home_tab=tabs.get("home_tab_enabled", True),
            on_messages=_named(shortcuts, "message"),
            anywhere=_named(shortcuts, "global"),
            hints={each["command"]: each.get("usage_hint", "") for each in features.get("slash_commands", ())},
        )

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """The manifest in this JSON file."""
        return cls.of(json.loads(path.read_text(encoding="utf-8")))

    def receives(self, subscription: str, *, private: bool = False) -> bool:
        """Whether an event of this kind reaches the app: subscribed to, and allowed by the scope for its channel."""
        needed = EVENT_SCOPES.get(subscription)
        if private and needed == "channels:read":
            needed = "groups:read"
        return subscription in self.events and (needed is None or needed in self.scopes)


def _named(shortcuts: Iterable[Mapping[str, str]], kind: str) -> dict[str, str]:
    """The shortcuts of a kind: callback_id -> name."""
    return {each["callback_id"]: each.get("name", each["callback_id"]) for each in shortcuts if each["type"] == kind}
