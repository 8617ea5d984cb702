"""Whether a text names exactly this person, and not somebody whose name only contains theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.config.trust import Person
from knowledge.masking.name_words import first_names

_TITLE = re.compile(r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Rev|Revd|Cllr|Sir|Dame)")
_AHEAD = re.compile(r"(?P<begins>(?:^|[\n.:;!?|(“\"•–—])\s*)?(?<![\w'’-])(?P<word>[A-Z][\w'’-]*)\s+$")
_BEHIND = re.compile(r"[-‐‑]\w|['’](?!s\b)\w|[ \t]+[A-Z][a-z]")
_NEAR = 60


class Naming:
    """Finds a person's full name as whole words that no longer name contains. Who shares a name is found by nobody:
    a text cannot say which of them it means."""

    def __init__(self, person: Person, people: Iterable[Person] = ()) -> None:
        own = _plain(person.name)
        others = {_plain(other.name) for other in people if other.id != person.id}
        # One word alone may be anybody's first name, or no name at all.
        self._form = _form(own) if " " in own and own not in others else None
        self._longer = [_form(name) for name in others if own in name and own != name]

    def names(self, text: str) -> bool:
        """Whether the text names this person."""
        if self._form is None:
            return False
        for longer in self._longer:
            text = longer.sub("|", text)
        return any(not _goes_on(text, match.start(), match.end()) for match in self._form.finditer(text))


def _form(name: str) -> re.Pattern[str]:
    whole = r"\s+".join(map(re.escape, name.split()))
    return re.compile(rf"(?<![\w'’‐‑-]){whole}(?!\w)", re.IGNORECASE)


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether the name may be a part of a longer one: another name stands right before or after it."""
    if _BEHIND.match(text, end):
        return True
    before = _AHEAD.search(text[max(0, start - _NEAR) : start])
    if before is None or _TITLE.fullmatch(before["word"]):
        return False
    # "Ask Sam Ray": the first word of a sentence has a capital though it is no name.
    return before["begins"] is None or before["word"].title() in first_names()


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
