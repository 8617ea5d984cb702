"""Makes comments fit to be published: names masked, and nothing that reads like a safeguarding disclosure."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence

from bot.pulse.model import COMMENT_LENGTH
from knowledge.safety.patterns import child_at_risk

MASK = "[name]"
_REACHABLE = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>|\S+@\S+\.\w+|(?<!\w)@\w[\w.-]*")
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Sir|Dame|Rev|Revd|Prof)\b\.?\s+(?:[A-Z][\w'’-]*\s*){1,2}")
_SHORTEST = 2


def masked(comment: str, names: Iterable[str]) -> str:
    """The comment with people's names, titles with names, mentions and addresses masked.

    Each of `names` is masked whole and in its parts, whatever the case, unless a part in small letters is an ordinary
    word of the comment ("mark", "will"). Nicknames and misspellings are not found.
    """
    comment = _REACHABLE.sub(MASK, " ".join(comment.split())[:COMMENT_LENGTH])
    comment = _TITLED.sub(f"{MASK} ", comment)
    parts = {part for name in names for part in re.split(r"[\s-]+", name.strip()) if len(part) >= _SHORTEST}
    if parts:
        ways = {way for part in parts for way in (part, part.capitalize(), part.upper())}
        ways |= {part.casefold() for part in parts if part.casefold() not in _WORDS}
        either = "|".join(re.escape(way) for way in sorted(ways, key=lambda way: (-len(way), way)))
        comment = re.sub(rf"(?<!\w)(?:{either})(?!\w)", MASK, comment)
    return re.sub(rf"{re.escape(MASK)}(?:[\s-]+{re.escape(MASK)})+", MASK, comment).strip()


def publishable(comments: Iterable[str], names: Sequence[str], dice: random.Random) -> tuple[str, ...]:
    """The comments that may be published, masked and shuffled."""
    kept = [masked(each, names) for each in comments if each.strip() and not child_at_risk(each)]
    dice.shuffle(kept)
    return tuple(kept)


_WORDS = frozenset(
    re.findall(
        r"\w+",
        "will mark may april june august grace hope faith joy rose ivy lily jack bill bob rob sue pat penny "
        "dawn heather hazel holly iris jasmine ruby pearl amber summer autumn rich frank ernest art gene ray "
        "max miles chase drew grant wade lance guy jean gill sandy young long short head best good small "
        "large white black brown green grey day knight king bishop price page field fields wood woods hill "
        "bridge ford marsh moss banks bell cook baker ",
    )
)
