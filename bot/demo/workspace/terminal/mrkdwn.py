"""Slack's mrkdwn as rich text for a terminal: emphasis, links, mentions, dates and escapes."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from rich.text import Text

from bot.demo.workspace.state import State

_TOKEN = re.compile(r"<([^<>\n]+)>")
_MARKS = re.compile(
    r"```(?P<pre>.+?)```|`(?P<code>[^`\n]+)`"
    r"|(?<![\w*])\*(?P<bold>\S(?:[^*\n]*\S)?)\*(?![\w*])"
    r"|(?<![\w_])_(?P<italic>\S(?:[^_\n]*\S)?)_(?![\w_])"
    r"|(?<![\w~])~(?P<strike>\S(?:[^~\n]*\S)?)~(?![\w~])",
    re.S,
)
_STYLES = {"pre": "cyan", "code": "cyan", "bold": "bold", "italic": "italic", "strike": "strike"}
_EMOJI = {
    "thumbsup": "👍", "thumbsdown": "👎", "+1": "👍", "-1": "👎", "white_check_mark": "✅", "warning": "⚠",
    "lock": "🔒", "bar_chart": "📊", "calendar": "📅", "bell": "🔔", "memo": "📝", "pushpin": "📌", "wave": "👋",
    "heavy_check_mark": "✔", "x": "✖", "large_green_circle": "🟢", "large_yellow_circle": "🟡", "red_circle": "🔴",
    "page_facing_up": "📄", "mag": "🔍", "eyes": "👀", "information_source": "ℹ", "rotating_light": "🚨",
    "question": "❓",
}  # fmt: skip


def to_text(source: str, state: State, zone: str = "Europe/London") -> Text:
    """What a person would read where an app wrote this mrkdwn; dates are in `zone`."""
    shown = Text()
    for index, line in enumerate(_tokens(source, state, zone).split("\n")):
        if index:
            shown.append("\n")
        if line.startswith("&gt;"):
            shown.append("▎ ", "dim")
            line = line.removeprefix("&gt;").lstrip()
        _append(shown, line)
    return shown


def to_plain(source: str, state: State, zone: str = "Europe/London") -> str:
    """The same without emphasis."""
    return to_text(source, state, zone).plain


def _append(shown: Text, line: str, style: str = "") -> None:
    at = 0
    for found in _MARKS.finditer(line):
        shown.append(unescaped(line[at : found.start()]), style or None)
        kind = found.lastgroup or ""
        shown.append(unescaped(found.group(kind)), f"{style} {_STYLES[kind]}".strip())
        at = found.end()
    shown.append(unescaped(line[at:]), style or None)


def unescaped(text: str) -> str:
    """Text without Slack's three escapes, its emoji names as emoji."""
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return re.sub(r":([a-z0-9_+-]+):", lambda found: _EMOJI.get(found.group(1), found.group()), text)


def _tokens(source: str, state: State, zone: str) -> str:
    return _TOKEN.sub(lambda found: _escape(_token(found.group(1), state, zone)), source)


def _escape(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;")


def _token(token: str, state: State, zone: str) -> str:
    body, _, label = token.partition("|")
    if body.startswith("@"):
        user = state.users.get(body[1:])
        return f"@{user.real_name if user else body[1:]}"
    if body.startswith("#"):
        channel = state.channels.get(body[1:])
        return f"#{channel.name if channel else label or body[1:]}"
    if body.startswith("!date^"):
        return date_words(body, label, zone)
    if body.startswith("!"):
        return f"@{label.lstrip('@') or body[1:]}"
    return f"{label} ({body})" if label and label != body else body


def date_words(body: str, fallback: str, zone: str) -> str:
    """A moment as `!date^TS^FORMAT` asks for it, in a zone; the fallback where that is none."""
    _, at, form, *_ = [*body.split("^"), ""]
    try:
        when = datetime.fromtimestamp(int(at), UTC).astimezone(ZoneInfo(zone))
    except (ValueError, OverflowError):
        return fallback
    day, time = f"{when.day} {when:%B %Y}", f"{when:%H:%M}"
    words = {"date_num": f"{when:%Y-%m-%d}", "time": time, "time_secs": f"{when:%H:%M:%S}", "ago": day}
    return re.sub(r"{(\w+)}", lambda found: words.get(found.group(1), day), form) or fallback
