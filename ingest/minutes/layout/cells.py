"""Part the cells of a table that hold several actions: tasks, owners, due phrases and the numbers of agenda items."""

from __future__ import annotations

import re

from ingest.minutes.actions.owners import People
from ingest.minutes.actions.wording import is_verb
from knowledge.text.sentences import sentence_spans

_TWO = 2
_ONE_WORD_DUE = re.compile(
    r"asap|on-?going|immediately|now|termly|tbc|today|tomorrow|(?:mon|tues|wednes|thurs|fri)day"
    r"|\d{1,2}[./-]\d{1,2}(?:[./-]\d{2,4})?|\d{6}|\d{8}",
    re.IGNORECASE,
)
_LEADS_ON = frozenset(["the", "a", "an", "of", "to", "and", "for", "in", "on", "our", "new", "with"])


def tasks(text: str) -> list[str]:
    """The tasks that one cell holds: sentences that each begin with a verb, parted by a full stop or a lost line."""
    listed = [part.strip() for part in re.split(r";\s+|(?<=[a-z.])\s+[•▪●]\s+", text)]
    if len(listed) > 1 and all(len(part.split()) > 2 for part in listed):
        return listed
    words = text.split()
    cuts = [0]
    for at in range(3, len(words) - 2):
        before, word = words[at - 1], words[at]
        if (
            word[0].isupper()
            and word.isalpha()
            and not word.isupper()
            and is_verb(word)
            and before[-1] not in ",:;(/&-–"
            and before.casefold() not in _LEADS_ON
            and (before[-1] in ".!" or is_verb(words[cuts[-1]]))
        ):
            cuts.append(at)
    if len(cuts) == 1 or not is_verb(words[0]):
        return [text]
    return [" ".join(words[start:stop]) for start, stop in zip(cuts, [*cuts[1:], len(words)], strict=True)]


def in_two(text: str) -> list[str]:
    """A cell that certainly holds two tasks, parted at its one capital after a small letter; else whole."""
    cuts = [match.start() for match in re.finditer(r"(?<=[a-z]\s)[A-Z][a-z]+\s", text)]
    return [text[: cuts[0]].strip(), text[cuts[0] :].strip()] if len(cuts) == 1 else [text]


def repeated(when: str, count: int) -> list[str]:
    """The due phrases of as many tasks: one for all, or as many as there are."""
    listed = [part.strip() for part in when.split(";")]
    if count > 1 and len(listed) == count:
        return listed
    words = when.split()
    if count > 1 and words and len(words) % count == 0:
        size = len(words) // count
        parts = [" ".join(words[at : at + size]) for at in range(0, len(words), size)]
        # "13 November" is one date, not the dates of two tasks.
        if len(set(parts)) == 1 or all(_ONE_WORD_DUE.fullmatch(part) for part in parts):
            return parts
    return [when] * count


def groups(who: str, count: int, people: People) -> list[str]:
    """The owners of as many tasks: parted where nothing stands between two of them, else the same for all."""
    listed = [part.strip() for part in who.split(";")]
    if count == 1 or len(listed) == count:
        return listed if count > 1 else [who]
    words = who.split()
    if len(words) == _TWO and people.is_owner(who) and not all(people.is_sure(word) for word in words):
        return [who] * count
    for cut in range(1, len(words)):
        left, right = " ".join(words[:cut]), " ".join(words[cut:])
        whole = [all(people.is_owner(each) for each in re.split(r"\s*[/&,;]\s*", side)) for side in (left, right)]
        if count == 2 and all(whole):
            return [left, right]
    return [who] * count


def numbers_in(text: str) -> frozenset[str]:
    """The numbers of agenda items in a cell: "54a and 54c/2021" are 54a, 54c and, without their letters, 54."""
    # A narrow column breaks "12/2627" within its year.
    whole = re.sub(r"(/\d{1,3})\s(\d{1,2})\b", r"\1\2", text)
    bare = re.sub(r"(?<=[\da-z])/\d{2,4}\b", "", whole)
    found = {f"{number}{sub}" for number, sub in re.findall(r"(\d{1,3})\s?((?:\.\d{1,2})?[a-z]?\d?)\b", bare)}
    return frozenset(found | {re.match(r"\d+", each)[0] for each in found})  # type: ignore[index]


def sentences_of(text: str) -> list[str]:
    """The sentences of a text, without the space around them."""
    return [text[start:stop].strip() for start, stop in sentence_spans(text) if text[start:stop].strip()]
