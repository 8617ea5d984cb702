"""Where an answer comes from: of a child at risk whom to speak to, else what is recorded, the documents, or both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.ask import merge_answers as together
from bot.ask.safeguarding_leads import IF_ABOUT, Leads, no_leads
from knowledge.llm.writer import Heard
from knowledge.passages import Answer, Outcome, Part, Reader
from knowledge.pipeline import Answerer
from knowledge.safety.check import Risk
from knowledge.safety.patterns import SPEAK

Records = Callable[[str, Reader, str | None], Answer | None]
NotYet = Callable[[], str | None]
Cited = Callable[[], tuple[str, ...]]


def no_records(question: str, reader: Reader, asker: str | None) -> Answer | None:
    """Nothing is recorded. `asker` is the Slack user who asks, None where others see the answer too."""
    return None


def first_of(*sources: Records) -> Records:
    """The first of these that has an answer."""

    def answer(question: str, reader: Reader, asker: str | None) -> Answer | None:
        return next((found for source in sources if (found := source(question, reader, asker))), None)

    return answer


def masked_records(records: Records, discreet: Callable[[str], tuple[str, int]]) -> Records:
    """The same answers without likely pupils' names: what is answered is kept and may go to a model."""

    def answer(question: str, reader: Reader, asker: str | None) -> Answer | None:
        found = records(question, reader, asker)
        return replace(found, text=discreet(found.text)[0]) if found else None

    return answer


def nothing_cited() -> tuple[str, ...]:
    """No answer came before."""
    return ()


def nothing_is_read() -> str | None:
    """No documents are being read in."""
    return None


class Finding:
    """Answers from what a reader may read, kept nowhere. `records` answers those questions that are about what is
    recorded and not about documents, `about` says what the records hold on a topic, `leads` whom to speak to about a
    child at risk: that is asked before anything else. While documents are still being read in, `not_yet` says so in the
    place of a denial."""

    def __init__(
        self,
        answerer: Answerer,
        records: Records = no_records,
        about: Records = no_records,
        leads: Leads = no_leads,
        not_yet: NotYet = nothing_is_read,
    ) -> None:
        self._answerer = answerer
        self._not_yet = not_yet
        self._records = records
        self._about = about
        self._leads = leads

    def at_risk(self, words: str) -> bool:
        """Whether words are about a child at risk."""
        return self._answerer.at_risk(words)

    def find(
        self,
        question: str,
        reader: Reader,
        asker: str | None,
        earlier: Sequence[str] = (),
        heard: Heard | None = None,
        *,
        quoted: bool = False,
        cited: Cited = nothing_cited,
    ) -> Answer:
        """Answer a question; `earlier` are those of the thread before it, `cited` says what the last answer quoted.

        `heard` is told the sentences of an answer that a model writes; `quoted` leaves the model out. Of a child at
        risk nothing is asked but whom to speak to; where that is possible no model is asked, and it is said as well.
        """
        risk = self._answerer.risk(question, earlier)
        if risk is Risk.LIKELY:
            return self._signpost(question, reader, asker)
        quoted = quoted or risk is Risk.POSSIBLE
        found = self._find(question, reader, asker, earlier, heard, quoted=quoted, cited=cited)
        if risk is Risk.NONE or found.outcome is Outcome.SIGNPOST:
            return found
        note = IF_ABOUT.format(lead=self._leads(question, asker) or SPEAK)
        first, _, rest = found.text.partition("\n\n")
        return replace(found, text="\n\n".join(filter(None, (first, note, rest))), signpost=note)

    def _signpost(self, question: str, reader: Reader, asker: str | None) -> Answer:
        return self._answerer.signpost(question, reader, self._leads(question, asker))

    def _find(
        self,
        question: str,
        reader: Reader,
        asker: str | None,
        earlier: Sequence[str],
        heard: Heard | None,
        *,
        quoted: bool,
        cited: Cited,
    ) -> Answer:
        double = together.read_two_part_question(question, earlier)
        if double and (worry := double.worry(self._answerer.at_risk)):
            return self._signpost(worry, reader, asker)
        told = self._recorded(question, earlier, reader, asker)
        if told and told.outcome is not Outcome.NOT_FOUND and (told.approved or not (double and double.always)):
            return told
        if double:
            ask = self._records if double.records else self._about
            if both := ask(double.records or double.topic, reader, asker):
                found = self._documents(double.documents, reader, earlier, quoted=True)
                return together.merge_answers(both, found, double.lead)
        if told is None:
            return self._documents(question, reader, earlier, heard, quoted=quoted, cited=cited())
        # Quoted: what a model writes is streamed as it comes, and this begins with the records.
        found = self._documents(question, reader, earlier, quoted=True, cited=cited())
        return together.merge_answers(told, found)

    def _documents(
        self,
        question: str,
        reader: Reader,
        earlier: Sequence[str] = (),
        heard: Heard | None = None,
        *,
        quoted: bool = False,
        cited: tuple[str, ...] = (),
    ) -> Answer:
        found = self._answerer.answer(question, reader, earlier, heard, quoted=quoted, cited=cited)
        if found.outcome is not Outcome.NOT_FOUND and not found.parts:
            return found
        said = self._not_yet()
        if said is None:
            return found
        if found.outcome is Outcome.NOT_FOUND:
            return Answer(Outcome.NOT_FOUND, said, told=True)
        return replace(found, text=f"{found.text}\n\n{said}", parts=(*found.parts, Part("", said)))

    def _recorded(self, question: str, before: Sequence[str], reader: Reader, asker: str | None) -> Answer | None:
        """What the records say to a question as it was typed, else as the whole question that a follow-up stands
        for."""
        if found := self._records(question, reader, asker):
            return found
        meant = self._answerer.meant(question, before)
        return self._records(meant, reader, asker) if meant != question else None
