"""Tell whether a question is about records of meetings, and read what it asks for; anything else is left to search."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.wording import asked_plainly
from ingest.recognise import plain
from knowledge.passages import Names

Wanted = Literal["actions", "decisions"]
Which = Literal["open", "overdue", "done", "all"]

_ACTION = r"(?:actions?(?:\s+points?)?|tasks?|to[\s-]?dos?)"
_OVERDUE = r"(?:overdue|late|past\s+(?:its|their)\s+(?:due\s+)?dates?)"
_OPEN = (
    r"(?:open|outstanding|still\s+(?:open|outstanding|to\s+do|to\s+be\s+done)|not\s+(?:yet\s+)?done|left\s+to\s+do|due)"
)
_DONE = r"(?:done|completed?|closed|finished)"
_LEAD = (
    r"(?:(?:what|which|how\s+many|all|any|the|our|my|are\s+there\s+any|is\s+there|do\s+we\s+have|of\s+(?:the|our|my)"
    r"|what\s+are|what\s+is|what's|whats)\s+)*"
)
_REST = r"(?P<rest>(?:\s+.*)?)"
_FORMS: tuple[tuple[str, Which], ...] = (
    (rf"{_LEAD}(?:{_ACTION}\s+)?(?:is|are)\s+{_OVERDUE}{_REST}", "overdue"),
    (rf"{_LEAD}{_OVERDUE}(?:\s+{_ACTION})?{_REST}", "overdue"),
    (rf"{_LEAD}{_ACTION}\s+{_OVERDUE}{_REST}", "overdue"),
    (rf"(?:is|are)\s+(?:there\s+)?(?:any|the|my)\s+{_ACTION}\s+{_OVERDUE}{_REST}", "overdue"),
    (rf"do\s+i\s+have\s+(?:any|an)\s+{_OVERDUE}\s+{_ACTION}{_REST}", "overdue"),
    (rf"{_LEAD}(?:still\s+)?outstanding{_REST}", "open"),
    (rf"{_LEAD}{_ACTION}\s+(?:is|are)\s+(?:still\s+)?{_OPEN}{_REST}", "open"),
    (rf"{_LEAD}{_OPEN}\s+{_ACTION}{_REST}", "open"),
    (rf"{_LEAD}{_ACTION}\s+(?:is|are|were|was|have\s+been)\s+{_DONE}{_REST}", "done"),
    (rf"{_LEAD}{_DONE}\s+{_ACTION}{_REST}", "done"),
    (rf"{_LEAD}my\s+{_ACTION}{_REST}", "open"),
    (rf"(?:what|which)\s+(?:are|is)\s+(?:all\s+)?(?:the\s+)?{_ACTION}\s+(?P<rest>(?:for|at|of|from|by)\s+.*)", "open"),
    (rf"(?:what|which)\s+{_ACTION}\s+(?:do|does|have|has)\s+(?P<rest>.+)", "open"),
)
_MINE = re.compile(
    r"what\s+(?:do\s+i\s+(?:have|need)\s+to\s+do|have\s+i\s+(?:got\s+)?to\s+do|is\s+assigned\s+to\s+me"
    r"|am\s+i\s+down\s+to\s+do|did\s+i\s+(?:agree|promise|say\s+i\s+would)(?:\s+to)?(?:\s+do)?"
    r"|have\s+i\s+(?:agreed|promised)(?:\s+to)?(?:\s+do)?)"
)
_AGREE = r"(?:agreed?|decided?|resolved?|approved?)"
_MADE = r"(?:was|were|has\s+been|have\s+been)"
_AGREED = re.compile(
    rf"(?:what\s+(?:did|have|had|has)\s+(?:we|they|(?:the\s+)?(?P<who>[\w' ]{{2,60}}?))\s+{_AGREE}"
    rf"|what\s+{_MADE}\s+{_AGREE}"
    r"|(?:what|which)\s+decisions?\s+did\s+(?:we|(?:the\s+)?(?P<who2>[\w' ]{2,60}?))\s+(?:make|take)"
    rf"|(?:what|which)\s+decisions?\s+{_MADE}\s+(?:made|taken)"
    r"|(?:what\s+(?:are|were)\s+)?(?:the\s+|our\s+)?decisions)(?P<rest>(?:\s+.*)?)"
)
_ABOUT = re.compile(r"\b(?:about|on|regarding|concerning|over|with\s+regard\s+to|for)\s+(?P<topic>.+)$")
_FILLER = frozenset(
    [
        *"at in by from of for the a an on to our my all and across this last latest recent meeting meetings".split(),  # noqa: SIM905
        *"school schools now today currently please right so far yet still do does have has open".split(),  # noqa: SIM905
        *"outstanding there me mine i assigned s any".split(),  # noqa: SIM905
    ]
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a question about records asks for. `person` is an id, `me` the asker. `topic` are the words that a decision
    or an action must be about; `last` says that the last meeting is meant."""

    wanted: Wanted
    which: Which = "open"
    school: str | None = None
    body: str | None = None
    person: str | None = None
    me: bool = False
    topic: str = ""
    last: bool = False


def read(question: str, names: Names, people: Mapping[str, str]) -> Wish | None:
    """What a question asks of the records; None where it is not surely about them. `people` are names by id."""
    text = asked_plainly(question)
    if _MINE.fullmatch(text):
        return Wish("actions", me=True)
    if match := _AGREED.fullmatch(text):
        who = match["who"] or match["who2"] or ""
        return _decisions(f"{who} ".strip(), match["rest"].strip(), names)
    for form, which in _FORMS:
        if match := re.fullmatch(form, text):
            return _actions(text, match["rest"].strip(), which, names, people)
    return None


def _actions(text: str, rest: str, which: Which, names: Names, people: Mapping[str, str]) -> Wish | None:
    me = bool(re.search(r"\b(?:my|me|mine|i)\b", text))
    left, body = taken(rest, names.bodies)
    left, school = taken(left, names.schools)
    left, person = taken(left, _ways(people))
    last = bool(re.search(r"\b(?:last|latest|recent)\b.*\bmeeting\b", rest))
    unread = [word for word in plain(left).split() if word not in _FILLER]
    if unread and not (me and unread == ["i"]):
        return None
    return Wish("actions", which, school, body, person, me and person is None, last=last)


def _decisions(who: str, rest: str, names: Names) -> Wish | None:
    last = bool(re.search(r"\b(?:last|latest|previous|recent)\b", rest))
    about = _ABOUT.search(rest)
    before = rest[: about.start()] if about else rest
    topic = about["topic"] if about else ""
    left, body = taken(f"{who} {before}", names.bodies)
    left, school = taken(left, names.schools)
    topic, later_body = taken(topic, names.bodies)
    topic, later_school = taken(topic, names.schools)
    if [word for word in plain(left).split() if word not in _FILLER | {"governors", "board", "slt"}]:
        return None
    topic = " ".join(word for word in plain(topic).split() if word not in _FILLER)
    if not topic and not (school or body or later_school or later_body or last):
        return None
    return Wish("decisions", "all", school or later_school, body or later_body, topic=topic, last=last)


def taken(text: str, names: Mapping[str, tuple[str, ...]]) -> tuple[str, str | None]:
    """The text without the first name in it, and whose it is; longer names first. A name of two ids counts for none."""
    spoken = f" {plain(text)} "
    ways = sorted(((plain(way), key) for key, all_ways in names.items() for way in all_ways), key=lambda e: -len(e[0]))
    for way, key in ways:
        for form in (way, f"{way} s"):
            if way and f" {form} " in spoken:
                keys = {other for known, other in ways if known == way}
                return spoken.replace(f" {form} ", " ", 1), key if len(keys) == 1 else None
    return text, None


def _ways(people: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """Full names, and first names that only one person has."""
    first: dict[str, list[str]] = {}
    for key, name in people.items():
        first.setdefault(name.split()[0], []).append(key)
    return {
        key: (name, *([name.split()[0]] if len(first[name.split()[0]]) == 1 else [])) for key, name in people.items()
    }
