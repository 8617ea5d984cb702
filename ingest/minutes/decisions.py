"""Decisions: the sentences that say that something was agreed, resolved or approved."""

from __future__ import annotations

import re

from ingest.minutes.lines import Line
from ingest.minutes.model import Decision
from ingest.minutes.owners import People
from ingest.minutes.task import leads
from ingest.minutes.wording import DECISION, NO_DECISION
from knowledge.sentences import sentence_spans

_LISTED = re.compile(
    r"(?:key\s+|main\s+)?decisions?(?:\s+(?:made|taken|agreed|log))?|(?:what\s+)?we\s+agreed|resolutions?"
)
_AGREED_TO = re.compile(r"^[A-Z][\w'’ ]{0,30}?\s(?:has\s+|have\s+)?agreed\s+to\s", re.IGNORECASE)


def decisions_of(lines: tuple[Line, ...], people: People) -> tuple[Decision, ...]:
    """The decisions of the minutes in order, each sentence once."""
    found: dict[str, Decision] = {}
    for line in lines:
        if line.section not in ("notes", "matters", "attendance") or line.kind == "heading" or line.header:
            continue
        if line.text.rstrip().endswith(":"):
            continue
        sentences = [line.text[start:stop] for start, stop in sentence_spans(line.text)]
        for at, sentence in enumerate(sentences):
            if _is_decision(sentence, people) or (_LISTED.fullmatch(line.heading.casefold())):
                before = sentences[at - 1] if at else (f"{line.heading}:" if line.heading else "")
                text = sentence if len(sentence.split()) > 4 else f"{before} {sentence}".strip()
                found.setdefault(text.casefold(), Decision(text, line.quote, line.page, line.number + line.sub))
    return tuple(found.values())


def _is_decision(sentence: str, people: People) -> bool:
    if not DECISION.search(sentence) or NO_DECISION.search(sentence) or sentence.endswith("?"):
        return False
    one = _AGREED_TO.match(sentence)
    who = re.split(r"\s+(?:has\s+|have\s+)?agreed\s+to\s", sentence)[0] if one else ""
    # "The Clerk agreed to write": an undertaking of one person, not a decision of the meeting.
    single = (
        one
        and people.is_owner(who)
        and not re.search(r"\b(?:governors|trustees|slt|board|committee|all|members)\b", who.casefold())
    )
    return not single and (bool(one) or not leads(sentence, people))
