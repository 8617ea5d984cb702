"""Where a user's day is, and whether he wants to be left alone now, as Slack says."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

UNTOLD = frozenset({"missing_scope", "not_allowed_token_type", "unknown_method", "method_deprecated", "user_not_found"})


class Presence:
    """What Slack says of a user's time. Where the scope for it is not given, nothing is known."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def zone(self, user: str) -> ZoneInfo | None:
        """The time zone of this user's profile."""
        name = self._client.users_info(user=user)["user"].get("tz")
        try:
            return ZoneInfo(name) if name else None
        except (ZoneInfoNotFoundError, ValueError):
            return None

    def resting(self, user: str, now: datetime) -> bool:
        """Whether notifications of this user are paused."""
        try:
            said = self._client.dnd_info(user=user)
        except SlackApiError as error:
            if error.response.get("error") in UNTOLD:
                return False
            raise
        at = now.timestamp()
        snoozed = bool(said.get("snooze_enabled")) and at < float(said.get("snooze_endtime") or 0)
        start, end = float(said.get("next_dnd_start_ts") or 0), float(said.get("next_dnd_end_ts") or 0)
        return snoozed or (bool(said.get("dnd_enabled")) and start <= at < end)
