"""Messages as Slack passes them on, turned into the words that a person wrote."""

from __future__ import annotations

import re

MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
GROUP_MENTION = re.compile(r"<!(?:subteam\^[A-Z0-9]+|here|channel|everyone)(?:\|[^>]*)?>")
_LABELLED = re.compile(r"<(?:#[A-Z0-9]+|![^>|]*|[^>|]*)\|([^>]*)>")
_BARE = re.compile(r"<([^>|]*)>")
_COURTESIES = re.compile(
    r"^(?:(?:please|hi|hello|hey|can you|could you|would you|tell me|show me|show|list|give me|and|so|ok)\b[\s,]*)+"
)


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
