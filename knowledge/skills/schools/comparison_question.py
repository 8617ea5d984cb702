"""Reads a question that goes through the schools one by one: which schools, in which documents, about what."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from knowledge.passages import Kind, Names
from knowledge.query import naming
from knowledge.text.terms import terms

_PHASES = ("primary", "junior", "infant", "first", "middle", "secondary", "special", "nursery", "all-through")
_SCHOOLS = (
    r"(?:of\s+)?(?:(?:our|the|all|each|every|these|different|trust['’]s|of|its)\s+)*"
    rf"(?:(?P<phase>{'|'.join(_PHASES)})\s+)?(?:schools?|academ(?:y|ies))"
)
_DOCUMENTS = (
    r"(?:polic(?:y|ies)|procedures?|handbooks?|plans?|minutes|meetings?|reports?|documents?|notices?|calendars?"
    r"|guides?)"
)
_KINDS = {
    r"polic(?:y|ies)|procedures?": Kind.POLICY,
    r"minutes|meetings?": Kind.MINUTES,
    r"reports?": Kind.REPORT,
    r"plans?": Kind.PLAN,
    r"notices?": Kind.NOTICE,
    r"calendars?": Kind.CALENDAR,
}
_SAYS = (
    r"(?:mention|mentions|mentioned|mentioning|say something about|says something about|talk about|talks about|"
    r"refer to|refers to|cover|covers|include|includes|contain|contains|discuss|discusses|discussed|"
    r"deal with|deals with|speak of|speaks of|set out|sets out|allow|allows|ban|bans|"
    r"forbid|forbids|permit|permits|require|requires)"
)
# "Which school is …" asks for one by name as often as not; what a school has, does or lets, several may.
_DOES = (
    rf"(?:{_SAYS}|has|have|had|offer|offers|use|uses|let|lets|run|runs|charge|charges|teach|teaches|give|gives|"
    r"provide|provides|publish|publishes|agreed|agree|raised|raise|set|sets|start|starts|finish|finishes|open|opens|"
    r"do(?=\s+not|n['’]t)|does(?=\s+not|n['’]t))"
)
_ANY_SCHOOL = r"(?:all|every|each|any) (?:of )?(?:our |the )?schools?"
_IN_THEM = rf"\s+in (?:its|their|the) (?P<docs>(?:[\w-]+\s+){{0,3}}{_DOCUMENTS})"
_LEAD = re.compile(r"^(?:(?:and|so|ok|okay|please|can you|could you|tell me|show me|list)\b[,.!]?\s+)+", re.IGNORECASE)
_WHICH = (
    rf"(?:which|what) {_SCHOOLS}['’]s? (?P<docs>(?:[\w-]+\s+){{0,3}}{_DOCUMENTS})\s+{_DOES}\s+(?P<topic>.+)",
    rf"(?:which|what) {_SCHOOLS}\s+{_DOES}\s+(?P<topic>.+?){_IN_THEM}",
    rf"(?:which|what) {_SCHOOLS}\s+{_DOES}\s+(?P<topic>.+)",
    rf"how many {_SCHOOLS}\s+{_DOES}\s+(?P<topic>.+)",
    rf"(?:do|does) {_ANY_SCHOOL}['’]?s? (?P<docs>(?:[\w-]+\s+){{0,3}}{_DOCUMENTS})\s+{_DOES}\s+(?P<topic>.+)",
    rf"(?:do|does) {_ANY_SCHOOL}\s+{_DOES}\s+(?P<topic>.+)",
)
_LACKING = re.compile(
    rf"(?P<schools>(?:which|what) {_SCHOOLS})\s+(?:(?:do|does)(?:n['’]t|\s+not)(?:\s+yet)?\s+(?P<verb>{_DOES})"
    r"|(?:have|has)(?:\s+no|(?:n['’]t|\s+not)(?:\s+yet)?\s+got)|lacks?|(?:are|is)\s+(?:without|missing))\s+(?P<rest>.+)",
    re.IGNORECASE,
)
_DIFFER = (
    rf"how (?:do|does) {_SCHOOLS}['’]? ?(?:differ|vary|compare)(?:\s+(?:on|in|over|about|for|by|with))?"
    r"\s+(?P<topic>.+)",
    rf"how (?:do|does) {_SCHOOLS}['’] (?P<topic>.+?) (?:differ|vary|compare)",
    rf"how (?:do|does) (?P<topic>.+?) (?:differ|vary|compare) (?:between|across|among|from school to school|at) ?"
    rf"(?:{_SCHOOLS})?",
    rf"(?:compare|contrast) (?P<topic>.+?) (?:across|between|at|in|of|for|among) {_SCHOOLS}",
    rf"(?:compare|contrast) {_SCHOOLS}['’]?(?:\s+(?:on|for|by|over|about))?\s+(?P<topic>.+)",
    r"what (?:do|does) (?:each|every|all|the different|all (?:of )?(?:our|the)|our) schools? (?:say|do|have|charge|"
    r"offer|require|allow)(?:\s+(?:about|on|for|with))?\s+(?P<topic>.+)",
    rf"what (?:do|does) (?:each|every|our|the different|all (?:of )?(?:our|the)) schools?['’]?s? "
    rf"(?P<docs>(?:[\w-]+\s+){{0,3}}{_DOCUMENTS}) says? (?:about|on)\s+(?P<topic>.+)",
    r"(?P<topic>how (?:many|much|long|often) .+?) (?:do|does) (?:each|every|our) (?:of (?:our|the) )?schools? "
    r"(?:have|need|charge|give|allow|offer|employ|get|hold|run)",
    r"(?P<topic>.+?),? (?:school by school|at (?:each|every) (?:of (?:our|the) )?schools?|in (?:each|every) (?:of "
    r"(?:our|the) )?schools?|across (?:all )?(?:our|the) schools|at all (?:of )?(?:our|the) schools)",
    r"(?:is|are) (?P<topic>.+?) the same (?:at|in|across) (?:all|every|each)(?: of)?(?: our| the)? schools?",
)
_FORMS = tuple(
    (re.compile(form, re.IGNORECASE), which) for forms, which in ((_WHICH, True), (_DIFFER, False)) for form in forms
)
_COMPARING = re.compile(
    r"\b(?:compare[ds]?|contrast|versus|vs\.?|differ(?:ence|ences|ent|s)?|the same|both)\b", re.IGNORECASE
)
_COMPARED = re.compile(
    r"^(?:what(?:['’]s| is| are)|how (?:do|does)|is|are|compare|contrast)\b|\b(?:the )?differ(?:ence|ences|ent|s)?\b|"
    r"\b(?:between|compared?|contrast|versus|vs|the same|both|with|and|to|have|say|do)\b\.?",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"^(?:on|about|for|over|in|of|at|by|the|their|its|a|an|any|say|says)\s+|\s+(?:for|at|in|on|of)$", re.IGNORECASE
)
_OWN_DOCUMENT = re.compile(rf"((?:[\w-]+\s+){{1,4}}(?!minutes|meetings?){_DOCUMENTS})", re.IGNORECASE)
_MANY = 2


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is to be gone through: the schools' ids in the trust's order; the topic; the words, and the kind, of the
    documents that are meant, if any. With no topic it is asked who has such a document at all. `which`: it is asked
    which of the schools, not what each says; `lacking`: which of them have none."""

    schools: tuple[str, ...]
    topic: str
    documents: str = ""
    kind: Kind | None = None
    which: bool = False
    lacking: bool = False


def comparison(question: str, names: Names) -> Comparison | None:
    """What the question compares schools in; None where it does not."""
    if len(names.schools) < _MANY:
        return None
    text = _LEAD.sub("", " ".join(question.split())).rstrip(" ?.!")
    if match := _LACKING.fullmatch(text):
        having = comparison(f"{match['schools']} {match['verb'] or 'have'} {match['rest']}", names)
        return replace(having, lacking=True) if having else None
    named = naming.schools(text, names)
    if len(named) >= _MANY and _COMPARING.search(text):
        left = text
        for said in sorted(named.values(), key=len, reverse=True):
            left = re.sub(rf"{re.escape(said)}(?:['’]s?)?", " ", left)
        return _made((each for each in names.schools if each in named), _COMPARED.sub(" ", left), None, which=False)
    if named:
        return None
    for form, which in _FORMS:
        if match := form.fullmatch(text):
            found = match.groupdict()
            phase = found.get("phase")
            own = (each for each in names.schools if not phase or names.phases.get(each) == phase.casefold())
            return _made(own, found["topic"], found.get("docs"), which=which)
    return None


def _made(schools: Iterable[str], topic: str, documents: str | None, *, which: bool) -> Comparison | None:
    """The comparison, unless its topic says nothing that could be looked for."""
    about = " ".join(topic.split())
    while (shorter := _ENDS.sub("", about).strip(" ,;:-?")) != about:
        about = shorter
    kind = None
    if not documents and (match := _OWN_DOCUMENT.fullmatch(about)):
        documents, about = match[1], ""
    if documents:
        kind = next((each for words, each in _KINDS.items() if re.search(rf"\b(?:{words})\b", documents, re.I)), None)
        documents = re.sub(rf"\b(?:{'|'.join(_KINDS)}|documents?)\b", "", documents, flags=re.IGNORECASE).strip()
    if not terms(about) and not terms(documents or ""):
        return None
    return Comparison(tuple(schools), about, documents or "", kind, which)
