"""Questions that ask records and documents together, and the one answer in two parts that they get."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.answer.citing import written
from knowledge.passages import Answer, Citation, Outcome, Part
from knowledge.pipeline import CLOSEST
from knowledge.safety.check import AtRisk
from knowledge.safety.patterns import child_at_risk

RECORDS, DOCUMENTS = "From the records", "From the documents"
JUDGE = "Here is the one beside the other. Whether they agree is for you to judge."
NOTHING = "The records hold nothing of it, as far as you can see them."
_PAPER = r"(?:polic(?:y|ies)|procedures?|handbook|guidance|documents?|regulations|scheme\s+of\s+delegation)"
_OF = r"(?:the|our|that|its|trust'?s|school'?s)"
_PAPERS = rf"(?:(?:{_OF}\s+)+)?(?:[\w'-]+\s+){{0,3}}?{_PAPER}"
_BOOKS = r"(?:minutes|records|meetings?|decisions|actions|notes)"
_SAYS = r"(?:say|says|tell\s+us|have\s+to\s+say)"
_ON = r"(?:about|on|regarding|of)"
_BACK = r"(?:it|that|this|them|those|these)"
_FITS = r"(?:(?:in\s+line|in\s+keeping|consistent|compatible)\s+with|(?:allowed|permitted|covered)\s+(?:by|under))"
# What was agreed, and what the policy says.
_AND = re.compile(
    rf"(?P<records>.+?),?\s+and\s+(?:what\s+(?:do|does)\s+(?P<paper>{_PAPERS})\s+{_SAYS}"
    rf"(?:\s+{_ON}\s+(?P<topic>.+?))?|what\s+(?:is|are)\s+(?P<paper2>{_PAPERS})(?:\s+{_ON}\s+(?P<topic2>.+?))?"
    rf"|(?:do|does)\s+(?P<paper3>{_PAPERS})\s+(?:allow|permit|cover|forbid)\s+{_BACK}"
    rf"|(?:is|are)\s+{_BACK}\s+{_FITS}\s+(?P<paper4>{_PAPERS}))",
    re.IGNORECASE,
)
_AGREED = re.compile(
    r"what\s+(?:did|have|had|has|was|were)\s+.*?\b(?:agreed?|decided?|resolved?|approved?)\b.*?"
    r"\b(?:about|on|regarding|concerning|over)\s+(?P<topic>.+)",
    re.IGNORECASE,
)
# Is what we do in line with the policy?
_IN_LINE = re.compile(
    r"(?:is|are|was|were|does|do)\s+(?:our|the|this|that|these|those|what\s+we\s+(?:agreed|decided)\s+(?:about|on))\s+"
    r"(?P<topic>[\w' -]{2,60}?)\s*(?:\b(?:actions?(?:\s+points?)?|decisions?|agreement)\s+(?:(?:about|on)\s+"
    r"(?P<later>[\w' -]{2,60}?)\s+)?)?"
    rf"(?:{_FITS}|(?:fit|agree|square|comply)(?:\s+in)?\s+with|fit|follow)\s+(?P<paper>{_PAPERS})",
    re.IGNORECASE,
)
_IS_RECORD = re.compile(r"\b(?:actions?|decisions?|agreement|agreed|decided)\b", re.IGNORECASE)
# What do the minutes and the policy say?
_BOTH = re.compile(
    rf"what\s+(?:do|does|did)\s+(?:{_OF}\s+)?(?:{_BOOKS}\s+and\s+(?P<paper>{_PAPERS})|(?P<paper2>{_PAPERS})\s+and\s+"
    rf"(?:{_OF}\s+)?{_BOOKS})\s+(?:both\s+)?{_SAYS}\s+{_ON}\s+(?P<topic>.+)",
    re.IGNORECASE,
)
# Does the collaboration pass the five tests?
_FIVE = re.compile(r"(?:does|did|do|would|will|how)\b.*\bcollaborations?\b.*\bfive\s+tests\b.{0,20}", re.IGNORECASE)
_THIS = re.compile(r"\b(?:this|that|the|it)\s+collaboration\b", re.IGNORECASE)
_NAMED = re.compile(
    r"\b(?:is|of|on|the|our)\s+(?:the\s+)?(?P<name>[\w'&-]+(?:\s+[\w'&-]+){0,4}?)\s+collaboration\b", re.IGNORECASE
)
_POINTING = re.compile(r"^(?:(?:our|the|this|that|these|those|a|an)\s+)+", re.IGNORECASE)
_GENERAL = re.compile(rf"(?:(?:{_OF}|policy|policies|documents?)\s*)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TwoPartQuestion:
    """A question to both: `records` is asked of the records, or else they are asked for a `topic`; `documents` is
    asked of the documents. `always`: the documents are asked even where the records answer the question by itself.
    Of a child at risk the documents alone are asked, which say first whom to speak to. `lead` is said before both."""

    documents: str
    records: str = ""
    topic: str = ""
    always: bool = False
    lead: str = ""

    def worry(self, at_risk: AtRisk) -> str:
        """What of it is about a child at risk: beside the word "policy" that reads like paperwork, by itself it does
        not. Empty where nothing is."""
        if not (self.records or self.topic):
            return self.documents
        return next((part for part in (self.records, self.topic) if part and at_risk(part)), "")


def read_two_part_question(question: str, earlier: Sequence[str] = ()) -> TwoPartQuestion | None:
    """What a question asks of records and documents together; None where it asks one of them.
    `earlier` are the questions of the thread before it, for "this collaboration"."""
    found = _read(question, earlier)
    # Beside the word "policy" it reads like paperwork; by itself it does not, and is answered as what it is.
    worry = next((each for each in (found.records, found.topic) if child_at_risk(each)), "") if found else ""
    return TwoPartQuestion(worry) if worry else found


def _read(question: str, earlier: Sequence[str]) -> TwoPartQuestion | None:
    text = " ".join(re.sub(r"[‘’]", "'", question).split()).strip(" ?!.")
    if _FIVE.fullmatch(text):
        return TwoPartQuestion(question, records=_this(text, earlier), always=True)
    if match := _BOTH.fullmatch(text):
        return TwoPartQuestion(_asked(match["paper"] or match["paper2"], match["topic"]), topic=_topic(match["topic"]))
    if (match := _IN_LINE.fullmatch(text)) and _IS_RECORD.search(text[: match.start("paper")]):
        topic = _topic(match["later"] or match["topic"])
        return TwoPartQuestion(_asked(match["paper"], topic), topic=topic, lead=JUDGE) if topic else None
    if (match := _AND.fullmatch(text)) and (agreed := _AGREED.fullmatch(match["records"])):
        said = match["topic"] or match["topic2"]
        paper = next(each for n in ("", "2", "3", "4") if (each := match[f"paper{n}"]))
        topic = agreed["topic"] if said is None or re.fullmatch(_BACK, said, re.IGNORECASE) else said
        lead = JUDGE if match["paper3"] or match["paper4"] else ""
        return TwoPartQuestion(_asked(paper, topic), records=f"{match['records']}?", lead=lead)
    return None


def _this(text: str, earlier: Sequence[str]) -> str:
    """The question with the collaboration that was spoken of last for "this collaboration"."""
    before = next((match for each in reversed(earlier) if (match := _NAMED.search(each))), None)
    return _THIS.sub(lambda _: f"the {before['name']} collaboration", text) if before else text


def merge_answers(told: Answer | None, found: Answer, lead: str = "") -> Answer:
    """The answer in two parts: what the records say, and what the documents say, each with what it does not hold;
    `lead` comes before both.

    A signpost stays alone. It is found where either part is; else it ends as the documents' answer does.
    """
    if found.outcome is Outcome.SIGNPOST:
        return found
    known = told.citations if told else ()
    recorded = told is not None and told.outcome is not Outcome.NOT_FOUND
    found = _without(found, known) if recorded else found
    said = told.text if told else NOTHING
    outcome = Outcome.ANSWERED if recorded else found.outcome
    first = (Part("", lead),) if lead else ()
    parts = (*first, Part(RECORDS, said), *_of_documents(found, len(known), outcome))
    text = "\n\n".join((*((lead,) if lead else ()), RECORDS, said, DOCUMENTS, found.text))
    return Answer(outcome, text, (*known, *found.citations), parts=parts)


def _of_documents(found: Answer, start: int, outcome: Outcome) -> list[Part]:
    """The parts of the documents' answer, with citations numbered from `start`. What the `outcome` of the whole says
    already is not said again."""
    if found.parts:
        moved = [replace(part, citations=tuple(start + number for number in part.citations)) for part in found.parts]
        first = moved[0]
        return [Part(DOCUMENTS), *moved] if first.heading else [replace(first, heading=DOCUMENTS), *moved[1:]]
    if found.outcome is Outcome.NOT_FOUND:
        return [] if outcome is Outcome.NOT_FOUND else [Part(DOCUMENTS, found.text)]
    said = CLOSEST if found.outcome is Outcome.CLOSEST and outcome is not Outcome.CLOSEST else ""
    return [Part(DOCUMENTS, said, tuple(range(start, start + len(found.citations))))]


def _without(found: Answer, known: Sequence[Citation]) -> Answer:
    """The documents' answer without the papers that the records quote already, where others are left."""
    ids = {each.document.id for each in known}
    rest = tuple(citation for citation in found.citations if citation.document.id not in ids)
    if found.parts or not rest or len(rest) == len(found.citations):
        return found
    lead = f"{CLOSEST}\n\n" if found.outcome is Outcome.CLOSEST else ""
    return Answer(found.outcome, f"{lead}{written(rest)}", rest)


def _asked(paper: str, topic: str) -> str:
    """The question to the documents: of the paper that was named, if more than "the policy" was."""
    named = "the policy" if _GENERAL.fullmatch(paper) else paper.strip()
    of = "" if re.match(rf"{_OF}\b", named, re.IGNORECASE) else "the "
    return f"What does {of}{named} say about {topic.strip()}?"


def _topic(said: str) -> str:
    """A topic without the words that only point."""
    words = _POINTING.sub("", said.strip())
    words = re.sub(
        r"^(?:actions?(?:\s+points?)?|decisions?|agreement)\s+(?:on|about)\s+", "", words, flags=re.IGNORECASE
    )
    return re.sub(r"\s*\b(?:actions?(?:\s+points?)?|decisions?|agreement)$", "", words, flags=re.IGNORECASE).strip()
