"""What schools say of the standard agenda items, sentence by sentence: from their returns, else from their notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.digest.content.matching import is_offer
from bot.digest.model import Material, Source
from bot.meetings.model import Meeting, Return
from bot.meetings.records.weekly import Notes
from knowledge.passages import Audience
from knowledge.safety.check import AtRisk
from knowledge.safety.patterns import child_at_risk
from knowledge.text.sentences import sentence_spans

WELL, HARD, ASK = "well", "hard", "ask"
RETURN, NOTES = "return", "notes"


@dataclass(frozen=True, slots=True)
class Voice:
    """A sentence of a school on one agenda item: what went well, what is hard, what it asks."""

    school: str
    item: str
    kind: str
    source: Source

    @property
    def text(self) -> str:
        """Its words."""
        return self.source.text

    @property
    def offers(self) -> bool:
        """Whether it offers something to other schools."""
        return self.kind != HARD and is_offer(self.text)


def of_week(material: Material, schools: Iterable[str], at_risk: AtRisk = child_at_risk) -> tuple[Voice, ...]:
    """What schools said in the week. Notes speak where no return followed the same meeting."""
    wanted = set(schools)
    returned = {each.meeting.id for each in material.returns}
    found = [said for each in material.returns if each.school in wanted for said in _of_return(each, at_risk)]
    for notes in material.notes:
        if notes.meeting.id not in returned and notes.meeting.body.school in wanted:
            found.extend(_of_notes(notes, at_risk))
    return tuple(found)


def before(material: Material, schools: Iterable[str], at_risk: AtRisk = child_at_risk) -> tuple[Voice, ...]:
    """What schools said in their last return before the week."""
    wanted = set(schools)
    return tuple(said for each in material.before if each.school in wanted for said in _of_return(each, at_risk))


def _of_return(sent: Return, at_risk: AtRisk) -> Iterator[Voice]:
    for told in sent.items:
        for kind, text in ((WELL, told.went_well), (HARD, told.hard), (ASK, told.ask)):
            ref = f"{RETURN}:{sent.meeting.id}:{told.id}:{kind}"
            label = f"return after {sent.meeting.title}"
            yield from _sentences(ref, label, sent.school, told.id, kind, [text], sent.audience, at_risk)


def _of_notes(notes: Notes, at_risk: AtRisk) -> Iterator[Voice]:
    meeting: Meeting = notes.meeting
    for item in notes.items:
        if item.id is None:
            continue
        for kind, texts in ((WELL, item.went_well), (HARD, item.hard), (ASK, item.asks)):
            ref = f"{NOTES}:{meeting.id}:{item.id}:{kind}"
            label = f"notes of {meeting.title}"
            yield from _sentences(
                ref, label, meeting.body.school or "", item.id, kind, texts, meeting.audience, at_risk
            )


def _sentences(
    ref: str,
    label: str,
    school: str,
    item: str,
    kind: str,
    texts: Iterable[str],
    audience: Audience,
    at_risk: AtRisk,
) -> Iterator[Voice]:
    """One Voice a sentence, under refs of their own. What tells of a child at risk is repeated nowhere."""
    number = 0
    for text in texts:
        for start, end in sentence_spans(text):
            words = " ".join(text[start:end].split())
            if not at_risk(words):
                yield Voice(school, item, kind, Source(f"{ref}:{number}", label, words, audience, school))
            number += 1
