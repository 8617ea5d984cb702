"""Decisions: the sentences that say that something was agreed, resolved or approved."""

from __future__ import annotations

import re

from ingest.minutes.actions.owners import People
from ingest.minutes.actions.task import leads
from ingest.minutes.actions.wording import AGREED, DECISION, MIGHT_BE, NO_DECISION, ROUTINE
from ingest.minutes.layout.blanks import has_blank
from ingest.minutes.layout.lines import Line
from ingest.minutes.model import Decision
from knowledge.text.sentences import sentence_spans

_LISTED = re.compile(
    r"(?:key\s+|main\s+)?decisions?(?:\s+(?:made|taken|agreed|log))?|(?:what\s+)?we\s+agreed|resolutions?"
)
_PROPOSED = re.compile(r"to\s+(?:approve|agree|ratify|adopt|accept|endorse)\b", re.IGNORECASE)
_TURN = re.compile(r"[,;]\s+(?:(?:and|but|so)\s+)?|\s+(?:and|but|so)\s+")
_FEW_WORDS = 4
_OUTCOME = re.compile(
    r"(?:(?:this|it|that|these|all|both)\s+)?(?:(?:was|were)\s+)?(?:\w+ly\s+)?(?:agreed|approved|ratified|adopted|accepted"
    r"|resolved|confirmed)\b",
    re.IGNORECASE,
)
# "a. Uniform: approved. b. Lettings: deferred." in one line.
_LETTERS, _LETTER = re.compile(r"(?<=[.;])\s+(?=[a-z][.)]\s+[A-Z])"), re.compile(r"^[a-z][.)]\s+(?=[A-Z])")
_AGREED_TO = re.compile(r"^[A-Z][\w'’ ]{0,30}?\s(?:has\s+|have\s+)?agreed\s+to\s", re.IGNORECASE)


def decisions_of(lines: tuple[Line, ...], people: People) -> tuple[Decision, ...]:
    """The decisions of the minutes in order, each sentence once."""
    found: dict[str, Decision] = {}
    for line in lines:
        if line.section not in ("notes", "matters", "attendance") or line.kind == "heading" or line.header:
            continue
        if line.text.rstrip().endswith(":"):
            continue
        listed_in_line = [_LETTER.sub("", each) for each in _LETTERS.split(line.text)]
        sentences = [each[start:stop] for each in listed_in_line for start, stop in sentence_spans(each)]
        for at, sentence in enumerate(sentences):
            listed = bool(_LISTED.fullmatch(line.heading.casefold())) and not has_blank(sentence)
            if listed or _is_decision(sentence, people):
                text = sentence if len(sentence.split()) > _FEW_WORDS else _whole(sentences, at, line.heading)
                found.setdefault(text.casefold(), Decision(text, line.quote, line.page, line.number + line.sub))
    return tuple(found.values())


def _whole(sentences: list[str], at: int, heading: str) -> str:
    """A few words ("Agreed.") with what they are about: what was to be approved, the sentence before, the heading."""
    proposed = next((each for each in (sentences[0], heading) if _PROPOSED.match(each)), "") if at else ""
    if at and not _OUTCOME.match(sentences[at]):
        return sentences[at]
    before = proposed or (sentences[at - 1] if at else (f"{heading}:" if heading else ""))
    return f"{before} {sentences[at]}".strip()


def _is_decision(sentence: str, people: People) -> bool:
    if not DECISION.search(sentence) or NO_DECISION.search(sentence) or sentence.endswith("?"):
        return False
    clauses = [sentence, *(sentence[turn.end() :] for turn in _TURN.finditer(sentence))]
    strong = any(AGREED.match(clause) for clause in clauses)
    if ROUTINE.search(sentence) or has_blank(sentence) or (MIGHT_BE.search(sentence) and not strong):
        return False
    one = _AGREED_TO.match(sentence)
    who = re.split(r"\s+(?:has\s+|have\s+)?agreed\s+to\s", sentence)[0] if one else ""
    # "The Clerk agreed to write": an undertaking of one person, not a decision of the meeting.
    single = (
        one
        and people.is_owner(who)
        and not re.search(r"\b(?:governors|trustees|slt|board|committee|all|members)\b", who.casefold())
    )
    return not single and (bool(one) or strong or not leads(sentence, people))
