"""Recognise from names and first words what kind of document it is, whose, and of which committee."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from knowledge.passages import Kind

_WORDS: dict[Kind, str] = {
    Kind.MINUTES: r"minutes|mins|(?<!guidance )(?<!explanatory )(?<!briefing )(?<!teaching )notes",
    Kind.AGENDA: r"agendas?",
    Kind.FORM: r"forms?|templates?|pro ?formas?|questionnaires?|checklists?|application",
    Kind.CALENDAR: r"calendars?|term dates|holiday dates|inset days|timetables?|diary|year planner|dates",
    Kind.NOTICE: r"notices?",
    Kind.REPORT: r"reports?|newsletters?|bulletins?|briefings?|evaluation|sef|dashboards?|accounts|registers?|letters?",
    Kind.PLAN: r"plans?|strateg(?:y|ies)|sdp|sip|roadmap",
    Kind.POLICY: (
        r"polic(?:y|ies)|procedures?|scheme of delegation|scheme|terms of reference|code of conduct|codes?|charters?"
        r"|protocols?|statements?|articles of association|agreements?|regulations"
    ),
    Kind.GUIDANCE: r"guidance|guides?|handbooks?|toolkits?|guidelines|manuals?|advice|training|slides|faqs?",
    Kind.PRINCIPLE: r"principles|values",
}
_ANY = re.compile("|".join(rf"\b(?P<{kind.value}>{words})\b" for kind, words in _WORDS.items()))
# In "minutes of the policy committee" and "report on the action plan" the head comes before the preposition.
_AFTER = re.compile(r"\b(?:on|for|of|to|in|about|from|by|with)\b|:|\(| - | – ")
_OF_MEETINGS = (
    r"\bapologies\b", r"\b(?:in attendance|attendance|present)\b", r"\bclerk", r"\bchair", r"\bquora(?:te|cy)\b",
    r"matters arising", r"declarations? of (?:pecuniary |business )?interest", r"\bminutes of the\b",
    r"meeting (?:closed|opened|ended|started)", r"signed as a true", r"by whom", r"action points?\b",
)  # fmt: skip


def kind_in(name: str) -> Kind | None:
    """The kind that a title or a file name says, by the head of the phrase: a complaints policy form is a form."""
    text = plain(name)
    spoken = _AFTER.search(text.replace("scheme of", "scheme_of").replace("terms of", "terms_of"))
    for part in (text[: spoken.start()] if spoken else text, text):
        kinds = [Kind(match.lastgroup or "") for match in _ANY.finditer(part)]
        if kinds:
            return kinds[-1]
    return None


def kind_of_text(text: str) -> Kind | None:
    """Minutes, when the first pages have several of the marks of a meeting."""
    lower = text.lower()
    return Kind.MINUTES if sum(bool(re.search(mark, lower)) for mark in _OF_MEETINGS) >= 4 else None


def plain(text: str) -> str:
    """Lower-case words parted by single spaces: how names are compared."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower().replace("&", " and ")
    return " ".join(re.sub(r"[_\-–—/.,;|+'’]+", " ", text).split())


def named(names: Mapping[str, Sequence[str]], texts: Iterable[str]) -> str | None:
    """The one id that the first text with any name in it speaks of; None when it speaks of several or none does.

    A longer name hides a shorter one within it. Names of up to four letters must stand in the text as written.
    """
    ways = [(way, key) for key, all_ways in names.items() for way in all_ways if way.strip()]
    ways.sort(key=lambda pair: -len(pair[0]))
    for text in texts:
        spoken = f" {plain(text)} "
        found = set()
        for way, key in ways:
            words = f" {plain(way)} "
            if len(way) <= 4 and not re.search(rf"(?<!\w){re.escape(way)}(?!\w)", text.replace("_", " ")):
                continue
            if words in spoken:
                found.add(key)
                spoken = spoken.replace(words, " | ")
        if found:
            return found.pop() if len(found) == 1 else None
    return None


_BODIES = (
    (r"\bfgb\b|\bfull (?:governing (?:board|body)|governors)\b", "Full Governing Body"),
    (r"\blgb\b|\blocal governing (?:board|body)\b|\blocal governors\b", "Local Governing Body"),
    (r"\btrust board\b|\bboard of (?:trustees|directors)\b|\btrustees(?: board)? meeting\b", "Trust Board"),
    (r"\bslt\b|\bsenior leadership team\b", "Senior Leadership Team"),
    (r"\bexecutive (?:team|leadership team|group)\b|\bexec\b", "Executive Team"),
)
_WORD = r"(?:[A-Z][a-z][\w'’-]*|(?!OF\b|AND\b|THE\b)[A-Z]{2,4})"
_COMMITTEE = re.compile(
    rf"\b((?:{_WORD},?[ ](?:(?:and|&|of)[ ])?){{1,5}})(?:Sub-?)?Committee\b"
    r"|\b((?:[A-Z]{3,}[ ](?:(?:AND|&)[ ])?){1,4})COMMITTEE\b"
)


def body_in(texts: Sequence[str]) -> str | None:
    """The committee or board that the first text with any in it names, in one spelling whatever the text's.

    "Board of Governors" by itself stands at the head of every committee's minutes, so it counts only last.
    """
    for text in texts:
        if committee := _COMMITTEE.search(re.sub(r"\b(?:COMMITTEE|Committee)\s*[;:|]\s*", "\n", text)):
            words = re.sub(r"^(?:(?:The|Minutes|Meeting|Date) )+", "", (committee[1] or committee[2].title()).strip())
            return f"{words.replace('&', 'and')} Committee"[:60]
        spoken = plain(text)
        if places := [(match.start(), body) for form, body in _BODIES if (match := re.search(form, spoken))]:
            return min(places)[1]
    generic = re.compile(r"\bfull board\b|\bgoverning (?:board|body)\b|\bboard of governors\b")
    return "Full Governing Body" if any(generic.search(plain(text)) for text in texts) else None


_SCHOOL = re.compile(
    r"\b((?:(?:St|Saint|The|Our|Lady|of|and|&)\.?[ ]|[A-Z][\w'’-]+[ ]){1,6})(?:School|Academy|College|Nursery)\b"
)
_ORDINARY = frozenset(
    re.findall(
        r"\w+",
        """the our this a of and in after before breakfast primary community infant infants junior juniors secondary
        high nursery church england catholic rc ce cofe c e voluntary aided controlled va vc special academy school
        college first middle upper lower grammar free preparatory sixth form whole every each all multi trust example
        name new foundation state""",
    )
)


def unlisted_school(texts: Iterable[str]) -> str:
    """What tells a school apart that the trust file does not list ("decoy" of Decoy Community Primary), or nothing.

    Only lines that begin with its name count. Only for keeping the policies of two schools apart, never shown.
    """
    found: set[str] = set()
    for text in texts:
        found.add(_school_at_start(text)[0])
    found.discard("")
    return found.pop() if len(found) == 1 else ""


def without_school(title: str) -> str:
    """A title without the name of a school at its start, if there are other words."""
    name, end = _school_at_start(title)
    return title[end:] if name and re.search(r"\w{3}", title[end:]) else title


def _school_at_start(text: str) -> tuple[str, int]:
    """What tells the school apart whose name begins this line, and where the name ends."""
    match = _SCHOOL.match(text.title() if text.isupper() else text)
    if not match or match[1].rstrip().lower().endswith((" of", " the", " for")):
        return "", 0
    return " ".join(word for word in plain(match[1]).split() if word not in _ORDINARY), match.end()


def heads(lines: Sequence[str]) -> list[str]:
    """The first lines that are no sentences: where a document says whose it is."""
    return [line for line in lines[:12] if len(line) <= 90 and not line.rstrip().endswith((".", ";", ","))][:8]
