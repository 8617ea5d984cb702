"""Makes a follow-up a whole question: what it names takes the place of its like in the question before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.passages import Names
from knowledge.query import naming
from knowledge.query.question import ASIDES, MOST_CHARACTERS
from knowledge.text.terms import terms, words

_LEAD = re.compile(
    r"^(?:(?:and|but|so|or|then|also|ok|okay|sorry|no|actually|oh|thanks|thank you)\b[,.!]?\s+)*"
    r"(?:(?:what|how) about\s+|what if it (?:is|was)\s+|(?:sorry,?\s+)?i (?:meant|mean)\s+(?:to say\s+)?"
    r"|same (?:question )?(?=for|at|in)|(?:is it|is that|was it) the same\s+)?",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"(?:(?:in|for|since|during|under)\s+)?(?:the\s+)?(?P<year>(?:19|20)\d\d(?:\s?[-/–]\s?(?:20)?\d\d)?)"
    r"(?:\s+(?:policy|one|version|minutes))?",
    re.IGNORECASE,
)
_VERSION = re.compile(
    r"(?:(?:what does|in|under|with|by)\s+)?(?:the\s+)?(?P<which>old|older|previous|earlier|former|last|draft)"
    r"(?:\s+(?:one|policy|version|document))?(?:\s+say)?",
    re.IGNORECASE,
)
_WHO = (
    r"staff|teachers?|teaching assistants?|tas?|pupils?|students?|children|parents?|carers?|governors?|trustees?|"
    r"volunteers?|visitors?|contractors?|heads?|headteachers?|leaders?|employees?|workers?|groups?|charit(?:y|ies)|"
    r"clubs?|agency|supply|year \d+|key stage \d|sixth form|reception|primary|secondary|special|infants?|juniors?"
)
_GROUP = re.compile(
    rf"(?:(?:for|with|by|of|to|if)\s+)?(?P<group>(?:the |a |an )?(?:[\w’'-]+\s+){{0,2}}(?:{_WHO})"
    r"(?:\s+(?:schools?|pupils?|staff|ones?))?)",
    re.IGNORECASE,
)
_FOR_GROUP = re.compile(rf"\b(for|by|to)\s+(?:the |a |an )?(?:[\w’'-]+\s+){{0,1}}(?:{_WHO})\b", re.IGNORECASE)
_ASKING = re.compile(
    r"(?:by |until |from )?(?:what|which|who|whom|whose|when|where|why|how)"
    r"(?:\s+(?:long|much|many|often|soon|far|quickly|time|day|page))?"
    r"(?:\s+(?:is|are|was|were|does|do|did|can|may|must|should|has|have|to|of))?"
    r"(?:\s+(?:it|they|that|this|those|these|he|she))?(?:\s+(?:for|on|by|at|so|cost|be|take|last))?",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?:it|they|them|that(?! (?:a|the|are|is)\b)|those|these|that one|this one"
    r"|this(?! (?:year|term|week|month|school|morning|afternoon)\b))\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:please\s+)?(?:by\s+)?(?:(?:what|which|who|when|where|why|how)(?:\s+(?:long|much|many|often|soon|far|time))?\s+)?"
    r"(?:(?:is|are|was|were|does|do|did|can|may|must|should|has|have|will|would)\s+)?"
    r"(?:there\s+)?(?:(?:a|an|the|i|we|you|it)\s+)?(?:have to\s+)?",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:after|before|about|like|of|on|for) (?:that|this|it|them|those)\s*[?.!]*$", re.IGNORECASE
)
_NOW = re.compile(r"(?:now|today|currently|nowadays|at present|(?:the )?current (?:one|policy|version))", re.IGNORECASE)
_EVERY_SCHOOL = re.compile(
    r"(?:(?:at|in|for)\s+)?(?:(?:all|each|every one)(?:\s+of)?\s+)?(?:the|our|all|each|every)?\s*"
    r"(?:others|other schools?|schools?|rest of the schools)",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:in|under|from|since|during|for)\s+(?:the\s+)?(?:(?:19|20)\d\d(?:\s?[-/–]\s?(?:20)?\d\d)?|old|older|previous|"
    r"earlier|former|draft)\b(?:\s+(?:policy|version|one))?",
    re.IGNORECASE,
)
# Each is a row of things of one sort: one of them takes the place of another.
_SORTS = tuple(
    re.compile(rf"\b(?:{each})\b", re.IGNORECASE)
    for each in (
        r"year \d+|reception|nursery|key stage \d|sixth form",
        r"primary|secondary|special|mainstream|infant|junior",
        r"(?:a |an |the )?(?:businesses|business|charity|charities|community groups?|companies|company|private hirer)",
        r"(?:a |an |the )?(?:(?:full-time|part-time|supply|agency|support|teaching) (?:staff|teachers?|workers?)"
        r"|teaching assistants?|teachers?|headteachers?|governors?|trustees?|pupils?|students?|volunteers?)",
    )
)
_OWN_ANTECEDENT = 3


def rewrite_follow_up(question: str, context: Sequence[str], names: Names) -> tuple[str, tuple[str, ...]]:
    """The question as it would be asked alone, and the earlier questions that it still needs."""
    made, needed, earlier = rewritten(question, context, names)
    return made, earlier if needed else ()


def rewritten(question: str, context: Sequence[str], names: Names) -> tuple[str, bool, tuple[str, ...]]:
    """The question as it would be asked alone, whether it still needs the earlier ones, and those, each made whole.

    `context` holds the earlier questions of the thread, oldest first; each may be a follow-up itself. Where no rule
    says what a follow-up replaces, it is left as it is, and needs them.
    """
    earlier: list[str] = []
    for question_before in context:
        earlier.append(_one(question_before, earlier, names)[0])
    made, needed = _one(question, earlier, names)
    return made, needed, tuple(earlier)


def _one(question: str, earlier: Sequence[str], names: Names) -> tuple[str, bool]:
    """The question, made whole where a rule fits, and whether it still leans on what was asked before."""
    text = " ".join(question.split())[:MOST_CHARACTERS]
    before = next((each for each in reversed(earlier) if len(terms(each)) > 1), "")
    if not before:
        return text, bool(earlier)
    lead = _LEAD.match(text)
    rest = text[lead.end() :] if lead else text
    rest = rest.strip(" ?.!,")
    led = len(rest) < len(text.strip(" ?.!,"))
    if made := _replaced(rest, before, names):
        return made, False
    if _ASKING.fullmatch(rest):
        return f"{rest[:1].upper()}{rest[1:]}: {topic_of(before)}?", False
    if _PRONOUN.search(rest) and len(terms(_PRONOUN.sub(" ", rest))) < _OWN_ANTECEDENT:
        return f"{text.rstrip(' ?.!')}: {topic_of(before)}?", False
    said = [word for word in words(rest) if terms(word)]
    if said and all(word in ASIDES for word in said):
        return f"{text.rstrip(' ?.!')}: {topic_of(before)}?", False
    if not led and len(terms(rest)) >= _OWN_ANTECEDENT and not _POINTS_BACK.search(rest):
        return text, False
    return text, True


def _replaced(rest: str, before: str, names: Names) -> str | None:
    """The question before with the one thing that the follow-up names in its place; None where it names more."""
    schools = naming.schools(rest, names)
    if schools and not terms(_without(rest, list(schools.values()))):
        said = " and ".join(dict.fromkeys(schools.values()))
        return _with_school(before, said, names)
    if _EVERY_SCHOOL.fullmatch(rest):
        return f"{' '.join(_at(before, names).split()).rstrip(' ?.!')} at each school?"
    if _NOW.fullmatch(rest):
        return f"{' '.join(_PAST.sub(' ', before).split()).rstrip(' ?.!')} now?"
    if made := _of_one_sort(rest, before):
        return made
    if match := _YEAR.fullmatch(rest):
        return _put(before, re.compile(r"\b(?:19|20)\d\d(?:\s?[-/–]\s?(?:20)?\d\d)?\b"), match["year"], "in")
    if match := _VERSION.fullmatch(rest):
        which = "draft" if match["which"].casefold() == "draft" else "previous"
        return f"{before.rstrip(' ?.!')} in the {which} policy?"
    if match := _GROUP.fullmatch(rest):
        return _put(before, _FOR_GROUP, f"for {match['group']}", "")
    return None


def _of_one_sort(rest: str, before: str) -> str | None:
    """The question before with what it names of a sort (a year group, a phase, a hirer, a role) changed to another."""
    said = re.sub(r"^(?:for|with|in|of|to|at|by)\s+", "", rest, flags=re.IGNORECASE)
    said = re.sub(r"(?<=\w)\s+(?:schools?|ones?)$", "", said, flags=re.IGNORECASE)
    for sort in _SORTS:
        if sort.fullmatch(said) and len({each.casefold() for each in sort.findall(before)}) == 1:
            return sort.sub(lambda _: said, before)
    return None


def _with_school(before: str, said: str, names: Names) -> str:
    held = list(naming.schools(before, names).values())
    if not held:
        return f"{before.rstrip(' ?.!')} at {said}?"
    made = before
    for n, each in enumerate(held):
        made = made.replace(each, said if n == 0 else "")
    return " ".join(made.split())


def _at(before: str, names: Names) -> str:
    """The question without the schools that it names."""
    for school in naming.schools(before, names).values():
        before = re.sub(rf"\s*\b(?:at|in|for|of|from)?\s*{re.escape(school)}(?:['’]s)?", " ", before)
    return before


def _put(before: str, place: re.Pattern[str], said: str, joined_by: str) -> str:
    """`before` with what stands in that place changed to `said`, or with it at the end."""
    if place.search(before):
        return place.sub(lambda _: said, before, count=1)
    return f"{before.rstrip(' ?.!')} {joined_by} {said}".replace("  ", " ") + "?"


def _without(text: str, parts: Sequence[str]) -> str:
    for part in parts:
        text = text.replace(part, " ")
    return re.sub(r"\b(?:at|in|for|of|from|school|the)\b", " ", text, flags=re.IGNORECASE)


def topic_of(before: str) -> str:
    """What a question is about, without its asking words."""
    return _OPENING.sub("", before.split(": ", 1)[-1]).strip(" ?.!") or before.strip(" ?.!")
