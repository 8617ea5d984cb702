"""Tell whether a question is about schools' two-minute returns, and read what it asks for; all else is left alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.meetings.records.questions import taken
from bot.slack.mrkdwn import asked_plainly
from ingest.metadata.recognise import plain
from knowledge.passages import Names

Sort = Literal["well", "hard", "ask", "all", "reported", "unreported"]
Week = Literal["", "this", "last"]

_SOMEONE = r"(?P<who>[\w'. ]{2,60}?)"
_REST = r"(?P<rest>(?:\s+.*)?)"
_HARD = r"(?:hard|difficult|tough|challenging|hardest|most\s+difficult)"
_HELP = r"(?:help|support|advice)"
_RETURN = r"(?:(?:a|the|its|their|any|this\s+week's|last\s+week's)\s+)?(?:two[\s-]minute\s+)?returns?"
_SCHOOLS = r"(?:which\s+schools?|which\s+of\s+(?:our|the)\s+schools)"
_FORMS: tuple[tuple[str, Sort], ...] = (
    (rf"what\s+(?:did|does|do|has|have|is|are)\s+{_SOMEONE}\s+(?:find|found|finding)\s+{_HARD}{_REST}", "hard"),
    (rf"what\s+(?:did|does|do|is|are|has|have)\s+{_SOMEONE}\s+(?:struggle|struggling|struggled)\s+with{_REST}", "hard"),
    (rf"what\s+(?:is|was|has\s+been)\s+{_HARD}(?P<rest>\s+(?:for|at|in|this|last|on)\s+.*)", "hard"),
    (rf"what\s+(?:went|has\s+gone|have\s+gone|is\s+going|goes)\s+well{_REST}", "well"),
    (
        rf"{_SCHOOLS}\s+(?:is|are)\s+(?:struggling|finding\s+it\s+{_HARD})(?P<rest>\s+(?:with|this|last|on)\s+.*)",
        "hard",
    ),
    (rf"what\s+(?:did|does|has)\s+{_SOMEONE}\s+(?:say|said|report(?:ed)?)\s+in\s+{_RETURN}{_REST}", "all"),
    (rf"what\s+(?:is|was|does)\s+(?:said\s+)?in\s+(?P<who>[\w'. ]{{2,60}}?)(?:'s)?\s+return{_REST}", "all"),
    (rf"what\s+(?:{_HELP}\s+)?(?:did|has|does|is)\s+{_SOMEONE}\s+(?:ask|asked|asking)\s+(?:us\s+)?for{_REST}", "ask"),
    (
        rf"(?:who|{_SCHOOLS})\s+(?:has\s+|have\s+|is\s+|are\s+)?"
        rf"(?:ask(?:s|ed|ing)?)\s+for\s+(?:any\s+|some\s+)?{_HELP}{_REST}",
        "ask",
    ),
    (rf"what\s+(?:does|do|did)\s+{_SOMEONE}\s+(?:need|want)\s+{_HELP}\s+with{_REST}", "ask"),
    (rf"which\s+(?:of\s+(?:our|the)\s+)?schools?\s+(?:wants?|needs?)\s+{_HELP}{_REST}", "ask"),
    (
        rf"(?:who|{_SCHOOLS})\s+"
        rf"(?:(?:has|have)\s*(?:not|n't)(?:\s+yet)?|still\s+(?:has|have)\s+to|(?:has|have)\s+(?:still\s+|yet\s+)to|did\s*(?:not|n't))\s+"
        rf"(?:report(?:ed)?(?:\s+back)?|sen[dt]\s+(?:in\s+|us\s+)?{_RETURN}){_REST}",
        "unreported",
    ),
    (rf"(?:whose|which(?:\s+schools?')?)\s+{_RETURN}\s+(?:is|are)\s+(?:still\s+)?(?:missing|outstanding|late){_REST}",
     "unreported"),
    (
        rf"(?:are|is)\s+(?:there\s+)?(?:any\s+|all\s+)?returns?\s+(?:still\s+)?(?:missing|outstanding){_REST}",
        "unreported",
    ),
    (rf"(?:has|did)\s+{_SOMEONE}\s+(?:report(?:ed)?|sen[dt]\s+(?:in\s+|us\s+)?{_RETURN}){_REST}", "reported"),
    (
        rf"(?:who|{_SCHOOLS})\s+(?:has|have)\s+"
        rf"(?:already\s+)?(?:reported|sent\s+(?:in\s+|us\s+)?{_RETURN}){_REST}",
        "reported",
    ),
)  # fmt: skip
_COMPILED = tuple((re.compile(form), sort) for form, sort in _FORMS)
_WHEN = re.compile(r"\b(?P<week>this|last)\s+week\b|\bsince\s+monday\b")
_ABOUT = re.compile(r"\b(?:about|on|with|regarding|concerning|over|around|for)\s+(?P<topic>[^?]{2,80})$")
_EVERY_SCHOOL = frozenset("we they our the schools school all each every any of us".split())  # noqa: SIM905
_FILLER = frozenset(
    [
        *"at in for by from of the a our this week yet so far now today".split(),  # noqa: SIM905
        *"school schools s across trust whole".split(),  # noqa: SIM905
    ]
)


@dataclass(frozen=True, slots=True)
class ReturnsQuery:
    """What a question asks of the returns; an empty `week` is none in particular, `school` None every school."""

    sort: Sort
    school: str | None = None
    topic: str = ""
    week: Week = ""


def read_returns_query(question: str, names: Names, items: Mapping[str, str]) -> ReturnsQuery | None:
    """What a question asks of the returns; None where it is not surely about them. `items` are the standard agenda's
    names by id."""
    text = asked_plainly(question)
    for form, sort in _COMPILED:
        if match := form.fullmatch(text):
            found = match.groupdict()
            everyone = bool(re.match(rf"(?:who|{_SCHOOLS})\b", text))
            return _query(sort, found.get("who"), found["rest"], names, items, everyone=everyone)
    return None


def _query(
    sort: Sort, who: str | None, rest: str, names: Names, items: Mapping[str, str], *, everyone: bool
) -> ReturnsQuery | None:
    when = _WHEN.search(rest)
    week: Week = "" if when is None else "last" if when["week"] == "last" else "this"
    rest = _WHEN.sub(" ", rest)
    school = None
    if who is not None:
        left, school = taken(who, names.schools)
        if _unread(left, _EVERY_SCHOOL):
            return None
    if school is None:
        rest, school = taken(rest, names.schools)
    about = _ABOUT.search(rest.strip())
    topic = " ".join(word for word in plain(about["topic"]).split() if word not in _FILLER) if about else ""
    if _unread(rest.strip()[: about.start()] if about else rest, _EVERY_SCHOOL) or len(topic.split()) > 5:
        return None
    if sort in ("reported", "unreported"):
        named = who is None or school is not None
        return ReturnsQuery(sort, school, "", week or "this") if named and not topic else None
    standard = any(topic and set(topic.split()) <= set(plain(name).split()) for name in items.values())
    sure = school or (week and sort != "all") or standard or (sort == "ask" and everyone)
    return ReturnsQuery(sort, school, topic, week) if sure else None


def _unread(words: str, known: frozenset[str]) -> bool:
    """Whether there are words that mean something else."""
    return any(word not in _FILLER | known for word in plain(words).split())
