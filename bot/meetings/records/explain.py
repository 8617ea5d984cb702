"""A decision explained in the words of its notes: what, why, what changes, by when, whom to ask; gaps are named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.meetings.actions.carry import when
from bot.meetings.model import Action, Decision
from ingest.minutes.layout.lines import Line
from ingest.readers.reading import Reading
from knowledge.text.dates import find
from knowledge.text.sentences import sentence_spans
from knowledge.text.terms import terms

_WHY = re.compile(
    r"\b(?:because|since|so\s+that|so\s+as\s+to|in\s+order\s+to|due\s+to|as\s+a\s+result|owing\s+to|the\s+reason|to\s+(?:ensure"
    r"|allow|help|reduce|improve|support|avoid|protect|make\s+sure)|this\s+(?:will|would)\s+(?:help|mean|allow|save)|which\s+(?:will|would)"
    r"|in\s+response\s+to|following\s+(?:concerns|feedback|complaints)|rationale|benefits?)\b",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"\b(?:will|must|should|need\s+to|is\s+to|are\s+to|no\s+longer|instead|moves?\s+to|goes\s+to|starts?|ends?|stops?|closes?|opens?"
    r"|replaces?|from\s+(?:\d|january|february|march|april|may|june|july|august|september|october|november|december|monday|next))\b",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"\b(?:by|from|until|before|after|on|at)\s+(?:the\s+)?(?:end|start|half[\s-]?term|next|monday|tuesday|wednesday|thursday|friday|easter|christmas"
    r"|january|february|march|april|may|june|july|august|september|october|november|december|autumn|spring|summer)\b"
    r"|\bfor\s+\w+\s+(?:days|weeks|months|terms)\b|\b(?:this|next)\s+(?:week|term|half[\s-]?term|year)\b",
    re.IGNORECASE,
)
MOST = 2
# Longer than any paragraph of notes; what goes on beyond that would hold the patterns that look for reasons.
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the notes as they stand there; `written` are words of whoever confirmed, which the notes do not have."""

    text: str
    page: int | None = None
    written: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """A draft for whoever tells others of a decision. All quotes are verbatim; an empty part is a gap to fill.

    `ask` are names: the owners of what follows from it, else the chair or the clerk. `around` is what the notes say
    beside it where they give no reason: whoever edits the draft may find it there.
    """

    decision: Decision
    what: Quote
    why: tuple[Quote, ...]
    changes: tuple[Quote, ...]
    by_when: tuple[Quote, ...]
    days: tuple[str, ...]
    ask: tuple[str, ...]
    around: tuple[Quote, ...] = ()

    @property
    def gaps(self) -> tuple[str, ...]:
        """What the notes leave open."""
        parts = (
            (self.why, "The notes do not say why."),
            (self.changes, "The notes do not say what changes for you."),
            (self.by_when or self.days, "The notes do not say by when."),
            (self.ask, "The notes do not name anybody to ask."),
        )
        return tuple(gap for said, gap in parts if not said)

    def markdown(self) -> str:
        """The draft as text, with the gaps in it."""
        no_reason = "The notes do not say why."
        if self.around:
            no_reason += f" Beside it they say: {' '.join(map(_quoted, self.around))}"
        whom = f"Ask {_joined(self.ask)}." if self.ask else ""
        parts = (
            ("What was decided", [_quoted(self.what)]),
            ("Why", [_quoted(each) for each in self.why] or [no_reason]),
            (
                "What changes for you",
                [_quoted(each) for each in self.changes] or ["The notes do not say what changes for you."],
            ),
            ("By when", [*map(_quoted, self.by_when), *self.days] or ["The notes do not say by when."]),
            ("Whom to ask", [whom or "The notes do not name anybody to ask."]),
        )
        said = "\n\n".join(f"**{heading}**\n" + "\n".join(texts) for heading, texts in parts)
        return f"{said}\n\nFrom the notes: {self.decision.meeting.title}. This is a draft: read it before you send it."


def explain(
    decision: Decision, reading: Reading | None, lines: Sequence[Line], actions: Sequence[Action]
) -> Explanation:
    """Explain a decision from the notes that it stands in and their `lines`; `actions` are those of its meeting that
    the reader sees."""
    sentences = _around(decision, lines)
    what = _what(decision, reading)
    rest = [each for each in sentences if each.text not in what.text]
    every = [what, *rest]
    why = [each for each in every if _WHY.search(each.text)][:MOST]
    changes = [each for each in every if _CHANGES.search(each.text) and each not in why][:MOST]
    dated = [each for each in every if find(each.text) or _WHEN.search(each.text)][:MOST]
    used = {each.text for each in (*why, *changes, *dated)}
    around = () if why else tuple(each for each in rest if each.text not in used)[:MOST]
    follows = [each for each in actions if _follows(each, decision)]
    days = tuple(
        f"{each.task.rstrip('.')}: {when(each.due)}." for each in follows if each.due.date or each.due.state == "asap"
    )
    owners = dict.fromkeys(owner.name for each in follows for owner in each.owners)
    leaders = [each.name for each in (decision.meeting.chair, decision.meeting.clerk) if each]
    return Explanation(
        decision, what, tuple(why), tuple(changes), tuple(dated), days, tuple(owners or leaders[:1]), around
    )


def _what(decision: Decision, reading: Reading | None) -> Quote:
    """The decision in the notes' own words; one that the chair worded anew is quoted by its line."""
    if reading and any(decision.text in block.text for block in reading.blocks):
        return Quote(decision.text, decision.page)
    if decision.quote:
        return Quote(decision.quote, decision.page)
    return Quote(decision.text, written=True)


def _around(decision: Decision, lines: Sequence[Line]) -> list[Quote]:
    """The sentences of the agenda item that the decision stands under, in order."""
    if not decision.quote:
        return []
    own = next((line for line in lines if line.quote == decision.quote), None)
    if own is None:
        return []
    told = [line for line in lines if line is own or _same_item(line, own)]
    return [
        Quote(sentence, line.page)
        for line in told
        if line.kind != "heading" and not line.header
        for start, end in sentence_spans(line.text[:LONGEST])
        if len((sentence := line.text[start:end]).split()) > 3
    ]


def _same_item(line: Line, own: Line) -> bool:
    return (
        bool(own.heading) and line.section == own.section and (line.heading, line.number) == (own.heading, own.number)
    )


def _follows(action: Action, decision: Decision) -> bool:
    """Whether an action carries out a decision: it stands on the same line, or shares its item and its words."""
    if action.part_b is not decision.part_b:
        return False
    if action.quote and action.quote == decision.quote:
        return True
    same = bool(decision.heading) and action.heading == decision.heading
    shared = set(terms(action.task)) & set(terms(decision.text))
    return len(shared) >= (1 if same else 3)


def _quoted(quote: Quote) -> str:
    if quote.written:
        return quote.text
    return f"“{quote.text}”" + (f" (page {quote.page})" if quote.page else "")


def _joined(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
