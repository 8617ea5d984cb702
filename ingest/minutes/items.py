"""What each agenda item says: which standard item it is, what went well, what is hard, what is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.minutes.layout.lines import Line
from ingest.minutes.model import Item, Span
from knowledge.text.sentences import sentence_spans
from knowledge.text.terms import terms

_ALSO: dict[str, str] = {
    "safeguarding": "child protection kcsie prevent",
    "attendance": "absence punctuality",
    "behaviour": "exclusion suspension conduct",
    "quality-of-education": "curriculum teaching learning standards outcomes assessment data reading maths english "
    "school improvement sip sdp performance",
    "send": "sen inclusion sendco senco ehcp",
    "disadvantaged": "pupil premium ppg",
    "staffing": "staff personnel wellbeing hr recruitment workforce workload",
    "cpd": "training inset professional development collaboration",
    "finance": "budget financial sfvs funding",
    "risk": "data protection gdpr emergency resilience",
    "estates": "premises buildings site health safety",
    "communications": "complaints parents website communication",
    "governance": "governors governing governor committees policies",
    "decisions": "",
}
_WELL = re.compile(
    r"\b(?:went\s+well|pleased|pleasing|delighted|improv(?:ed|ing)|improvement\s+in|good\s+progress"
    r"|success(?:ful(?:ly)?|es)?|prais\w+|congratulat\w+|thanked|commended"
    r"|positive(?:ly)?|strong(?:er)?|excellent|outstanding\s+(?:work|results|progress)|effective"
    r"|well\s+(?:attended|received)|encouraging|on\s+track|celebrat\w+|above\s+(?:national|target)|ris(?:en|ing)"
    r"|up\s+from"
    r"|works?\s+well|working\s+well|proud|no\s+gaps|admiration|benefit\w*|full\s+marks|achiev\w+|exceeded"
    r"|surplus|far\s+fewer)\b",
    re.IGNORECASE,
)
_HARD = re.compile(
    r"\b(?:concern(?:s|ed|ing)?|worr(?:y|ies|ied)|difficult\w*|challeng\w+|hard(?:er|est)?|pressures?|shortages?"
    r"|short\s+of|vacanc\w+|behind|below|f[ae]ll(?:en|ing)?|declin\w+|overspen[dt]\w*|deficit"
    r"|struggl\w+|unable|delay(?:s|ed)?|issues?|problems?|failed|fail(?:s|ing)|lost|lack(?:s|ing)?|insufficient"
    r"|rising\s+costs?|waiting\s+list|not\s+(?:engaging|enough|sufficient)|too\s+(?:little|few|many|often)"
    r"|absences|suspensions?|complain\w*|sick(?:ness)?|anxiety|risk\s+of|late\s+marks|missing|overdue|overran"
    r"|resigned)\b",
    re.IGNORECASE,
)
_ASK = re.compile(
    r"\b(?:asks?\s+(?:the\s+)?(?:trust|executive|board|central|for)\b|asked\s+(?:the\s+)?(?:trust|executive"
    r"|board)\b|(?:would|we['’]d)\s+(?:like|welcome|appreciate)|support\s+(?:is\s+)?(?:needed|requested"
    r"|from\s+the\s+trust)|requests?\s+(?:for|that|the|support|help)|requested\s+(?:that|support|help)"
    r"|needs?\s+(?:help|support|funding)|help\s+(?:is\s+)?(?:needed|with)|wants?\s+(?:a|the|help|support|an)"
    r"|please\s+(?:could|can|would)|asked\s+for\s+(?:help|support|a|an|the))\b",
    re.IGNORECASE,
)
_LABELS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("well", re.compile(r"^(?:what\s+(?:went|is\s+going)\s+well|went\s+well|success(?:es)?|strengths?"
                        r"|celebrations?|positives?|www)\s*[:–-]\s*", re.IGNORECASE)),
    ("hard", re.compile(r"^(?:what\s+is\s+hard|hard|challenges?|concerns?|difficult(?:y|ies)|issues?|ebi|risks?"
                        r"|barriers?)\s*[:–-]\s*", re.IGNORECASE)),
    ("asks", re.compile(r"^(?:(?:our\s+|what\s+we\s+)?asks?(?:\s+for)?|support\s+(?:needed|requested)|requests?"
                        r"|help\s+needed|decisions?\s+needed)\s*[:–-]\s*", re.IGNORECASE)),
)  # fmt: skip


def items_of(lines: tuple[Line, ...], agenda: Sequence[tuple[str, str]]) -> tuple[Item, ...]:
    """The agenda items in order, each with the sentences that tell of success, of difficulty, and of a wish."""
    order: list[tuple[str, str]] = []
    spans: dict[tuple[str, str], dict[str, list[Span]]] = {}
    pages: dict[tuple[str, str], int | None] = {}
    for line in lines:
        if line.section not in ("notes", "matters") or not line.heading or line.header:
            continue
        key = (line.number, line.heading)
        if key not in spans:
            order.append(key)
            spans[key] = {"well": [], "hard": [], "asks": []}
            pages[key] = line.page
        if line.kind != "heading":
            for kind, span in _told(line):
                spans[key][kind].append(span)
    return tuple(
        Item(
            standard(heading, agenda), heading, pages[number, heading],
            *(tuple(spans[number, heading][kind]) for kind in ("well", "hard", "asks")),
        )
        for number, heading in order
    )  # fmt: skip


def standard(heading: str, agenda: Sequence[tuple[str, str]]) -> str | None:
    """The standard agenda item that a heading means, or None."""
    said = set(terms(heading))
    best: tuple[float, str] | None = None
    for ident, name in agenda:
        own, also = set(terms(name)), set(terms(_ALSO.get(ident, "")))
        score = 2 * len(said & own) / max(len(own), 1) + len(said & own) + len(said & also) / 2
        if score > 0 and (best is None or score > best[0]):
            best = (score, ident)
    return best[1] if best else None


def _told(line: Line) -> list[tuple[str, Span]]:
    for kind, label in _LABELS:
        if match := label.match(line.text):
            rest = line.text[match.end() :].strip()
            return (
                [(kind, Span(rest, line.page))]
                if rest and not re.fullmatch(r"(?:none|nothing.*|nil)\.?", rest.casefold())
                else []
            )
    told = []
    for start, stop in sentence_spans(line.text):
        sentence = line.text[start:stop]
        if sentence.endswith("?") or len(sentence.split()) < 3:
            continue
        kind = "asks" if _ASK.search(sentence) else "hard" if _HARD.search(sentence) else "well"
        if kind != "well" or _WELL.search(sentence):
            told.append((kind, Span(sentence, line.page)))
    return told
