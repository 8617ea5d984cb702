"""Answers to interactions: what comes back with an acknowledgement, or later through a response_url."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.demo.workspace.api.chat import content
from bot.demo.workspace.api.methods import Arguments, ResponseUrl, Site, SlackError
from bot.demo.workspace.state import BOT_USER, Json, Message

LASTS, TIMES = 1800.0, 5


def open_response_url(site: Site, user: str, channel: str, original: str | None) -> str:
    """A fresh response_url for one interaction; `original` is the ts of the message it came from."""
    key = site.state.number("r")
    site.response_urls[key] = ResponseUrl(user, channel, original, site.state.clock() + LASTS, TIMES)
    return f"{site.state.base_url}/response/{key}"


def use_response_url(site: Site, key: str, body: Json) -> Json:
    """Post, replace or delete as the app asks through a response_url; a SlackError says why not."""
    target = site.response_urls.get(key)
    if target is None or site.state.clock() > target.until:
        raise SlackError("expired_url")
    if target.left == 0:
        raise SlackError("used_url")
    target.left -= 1
    respond(site, target, Arguments(body))
    return {}


def respond(site: Site, target: ResponseUrl, given: Arguments) -> None:
    """Show what the app answers: to the person alone unless it says `in_channel`."""
    original = _original(site, target)
    if given.flag("delete_original"):
        if original is not None:
            _remove(site, original)
        return
    fields = content(site, given)
    if original is not None and given.flag("replace_original"):
        _replace(site, original, fields)
        return
    channel = site.state.channels[target.channel]
    thread = given.text("thread_ts") or None
    if given.text("response_type", "ephemeral") == "in_channel":
        site.changes.post(channel, BOT_USER, thread_ts=thread, **fields)
    else:
        fields.pop("metadata")
        site.changes.whisper(channel, BOT_USER, target.user, thread_ts=thread, **fields)


def _original(site: Site, target: ResponseUrl) -> Message | None:
    if target.original is None:
        return None
    for message in site.state.ephemerals:
        if message.ts == target.original:
            return message
    return site.state.messages.get(target.channel, {}).get(target.original)


def _remove(site: Site, original: Message) -> None:
    with site.state.changed:
        if original.seen_by:
            site.state.ephemerals.remove(original)
            site.state.changed.notify_all()
        else:
            site.changes.erase(original)


def _replace(site: Site, original: Message, fields: dict[str, Any]) -> None:
    with site.state.changed:
        if original.seen_by:
            fields.pop("metadata")
            at = site.state.ephemerals.index(original)
            site.state.ephemerals[at] = replace(original, edited=site.state.ts(), **fields)
            site.state.changed.notify_all()
        else:
            site.changes.edit(original, edited=site.state.ts(), **fields)
