"""Messages as Slack passes them on, turned into the words that a person wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
GROUP_MENTION = re.compile(r"<!(?:subteam\^[A-Z0-9]+|here|channel|everyone)(?:\|[^>]*)?>")
SILENT = frozenset({"actions", "button", "context_actions", "feedback_buttons", "input", "overflow"})
_LABELLED = re.compile(r"<(?:#[A-Z0-9]+|![^>|]*|[^>|]*)\|([^>]*)>")
_BARE = re.compile(r"<([^>|]*)>")
_COURTESIES = re.compile(
    r"^(?:(?:please|hi|hello|hey|can you|could you|would you|tell me|show me|show|list|give me|and|so|ok)\b[\s,]*)+"
)


def words_of(message: Mapping[str, Any]) -> str:
    """What a message says: its text, or that of its blocks where it has none of its own."""
    if text := (message.get("text") or "").strip():
        return str(text)
    parts = list(_said(message.get("blocks") or ()))
    for attachment in message.get("attachments") or ():
        parts += [str(attachment[key]) for key in ("pretext", "title", "text", "fallback") if attachment.get(key)][:2]
        parts += _said(attachment.get("blocks") or ())
    return " ".join(" ".join(parts).split())


def _said(value: Any) -> Iterator[str]:
    """The words of blocks, in order; what is pressed or chosen says nothing."""
    if isinstance(value, Mapping):
        if value.get("type") in SILENT:
            return
        if value.get("type") == "user" and value.get("user_id"):
            yield f"<@{value['user_id']}>"
        text = value.get("text")
        if isinstance(text, str):
            yield text
        elif value.get("type") == "link":
            yield str(value.get("url") or "")
        for key in ("text", "fields", "elements", "rows"):
            if isinstance(value.get(key), Mapping | list):
                yield from _said(value[key])
    elif isinstance(value, list):
        for item in value:
            yield from _said(item)


def written(text: str, bot: str | None = None) -> str:
    """The words that a person wrote: without the bot's mention, references as their names, blanks as one."""
    text = MENTION.sub(lambda found: "" if found[1] == bot else " ", text)
    text = GROUP_MENTION.sub(" ", text)
    text = _BARE.sub(r"\1", _LABELLED.sub(r"\1", text))
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return " ".join(text.split())


def asked_plainly(question: str) -> str:
    """A question in lower case and straight apostrophes, without courtesies and its question mark."""
    text = re.sub(r"[‘’]", "'", question).casefold().strip().strip("?!. ")
    return _COURTESIES.sub("", " ".join(text.split())).strip()
