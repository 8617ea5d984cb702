"""Writes an answer with a model: passages in, claims out, each held to its quote before anybody sees it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from knowledge.llm.checking import Checked, Source, check, question_back
from knowledge.llm.draft import Arriving, RawClaim
from knowledge.llm.marking import message, new_mark
from knowledge.llm.model import Model, ModelFailure, Trouble, Use
from knowledge.passages import Citation, Claim, Writing, Written
from prompts import Prompt, load

MOST_CLAIMS = 6
PASSAGES = 8
OWN_WORDS = "These are the documents' own words."
NOTES = {
    Trouble.SLOW: f"The language model took too long. {OWN_WORDS}",
    Trouble.BUSY: f"The language model is busy. {OWN_WORDS}",
    Trouble.AWAY: f"The language model cannot be reached. {OWN_WORDS}",
    Trouble.CLOSED: f"The language model cannot be used until whoever runs Trustbot mends its setting. {OWN_WORDS}",
    Trouble.BROKEN: f"The language model failed. {OWN_WORDS}",
    Trouble.RESTING: f"The language model has failed several times and is left alone for a minute. {OWN_WORDS}",
}
UNHELD = f"What the language model wrote could not be held to the documents. {OWN_WORDS}"
SPENT = f"This month's budget for the language model is used up. {OWN_WORDS}"
CUT = "The language model broke off, so something may be missing here."

Heard = Callable[[str], None]
Allowed = Callable[[], bool]
Noted = Callable[[str, Prompt, Use, str], None]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a model wrote, checked: the written part and the quotes that its claims rest on, in their order.

    `denies`: the model says that no passage answers.
    """

    written: Written
    citations: tuple[Citation, ...] = ()
    denies: bool = False


@dataclass
class _Held:
    """Claims that hold so far, with their citations."""

    claims: list[Claim] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    dropped: int = 0


class Writer:
    """Writes with one model. `allowed` says whether it may be asked now (the budget); `noted` is told of every call:
    model, prompt, what was used, how it ended. Neither is told any words."""

    def __init__(self, model: Model, allowed: Allowed, noted: Noted) -> None:
        self._model = model
        self._allowed = allowed
        self._noted = noted

    def write(
        self,
        question: str,
        sources: Sequence[Source],
        context: Sequence[str] = (),
        heard: Heard | None = None,
        prompt: str = "answer",
    ) -> Drafted:
        """Write an answer from these passages; `heard` is told each claim as soon as it is checked. Never fails:
        where nothing comes or nothing holds, the note says so."""
        return self._run(load(prompt), {}, question, sources, context, heard)

    def summarise(self, sources: Sequence[Source], most: int = MOST_CLAIMS) -> Drafted:
        """Sentences that shorten these passages, each bound to its quote and checked like an answer's claims."""
        asked = "Shorten the sources."
        return self._run(load("summary"), {"most": most}, asked, sources, (), None)

    def actions(self, sources: Sequence[Source]) -> Drafted:
        """The lines among these in which somebody is given something to do, each quoted."""
        asked = "Which sources give somebody a task?"
        return self._run(load("actions"), {"most": len(sources)}, asked, sources, (), None)

    def _run(
        self,
        prompt: Prompt,
        values: dict[str, object],
        question: str,
        sources: Sequence[Source],
        context: Sequence[str],
        heard: Heard | None,
    ) -> Drafted:
        if not sources:
            return Drafted(Written())
        if not self._allowed():
            return Drafted(Written(note=SPENT))
        mark = new_mark([question, *context, *(each.passage.text for each in sources)])
        use, arriving, held = Use(), Arriving(), _Held()
        system = prompt.filled(mark=mark, **values)
        words = message(mark, question, sources, context)
        trouble: Trouble | None = None
        most = int(str(values.get("most", MOST_CLAIMS)))
        # What the question says may be said; what was asked before in the thread as well.
        known = " ".join((question, *context))
        try:
            for claim in self._claims(system, words, use, arriving):
                if len(held.claims) >= most:
                    break
                _hold(held, check(claim, sources), sources, heard)
        except ModelFailure as failure:
            trouble = failure.trouble
        return self._ended(prompt, use, arriving, held, trouble, sources, known)

    def _claims(self, system: str, words: str, use: Use, arriving: Arriving) -> Iterator[RawClaim]:
        for piece in self._model.ask(system, words, use):
            yield from arriving.feed(piece)
            if arriving.full:
                return
        yield from arriving.rest()

    def _ended(
        self,
        prompt: Prompt,
        use: Use,
        arriving: Arriving,
        held: _Held,
        trouble: Trouble | None,
        sources: Sequence[Source],
        known: str,
    ) -> Drafted:
        asked = trouble is not Trouble.RESTING
        denies = trouble is None and arriving.says_nothing
        ended = "written" if held.claims else "denied" if denies else trouble.value if trouble else "unheld"
        if asked:
            self._noted(self._model.name, prompt, use, ended)
        passages = tuple(each.passage.id for each in sources)
        seconds = round(use.seconds, 3)
        name, counted = self._model.name, (use.tokens_in, use.tokens_out)
        by = Writing(name, prompt.name, prompt.version, passages, *counted, seconds) if asked else None
        if not held.claims:
            note = "" if denies else NOTES[trouble] if trouble else UNHELD
            return Drafted(Written(note=note, by=by), denies=denies)
        ask = question_back(arriving.ask, sources, known)
        options = arriving.options and len(held.claims) > 1
        written = Written(tuple(held.claims), options, ask if options else "", CUT if trouble else "", by)
        return Drafted(written, tuple(held.citations))


def line(claim: Claim) -> str:
    """A claim as it is shown, with the number of its quote; in quotation marks where it is quoted word for word."""
    return f"{claim.text if claim.reworded else f'“{claim.text}”'} [{claim.citation + 1}]"


def how_written(claims: Sequence[Claim], model: str) -> str:
    """What was done to make these claims, in sentences for whoever reads them."""
    reworded = sum(claim.reworded for claim in claims)
    if not reworded:
        return f"The language model {model} chose these sentences. Each is quoted word for word."
    rest = "" if reworded == len(claims) else " Lines in quotation marks are quoted word for word."
    return (
        f"Reworded by the language model {model} from the quote with the same number: it may leave words out and put "
        f"none in.{rest}"
    )


def _hold(held: _Held, checked: Checked | None, sources: Sequence[Source], heard: Heard | None) -> None:
    if checked is None:
        held.dropped += 1
        return
    source = sources[checked.source]
    passage = source.passage
    header = (passage.header,) if passage.header else ()
    quote = passage.text[checked.start : checked.end]
    citation = Citation(quote, passage.id, source.document, (*passage.heading, *header), passage.page)
    if any(checked.text == each.text for each in held.claims):
        return
    if citation not in held.citations:
        held.citations.append(citation)
    held.claims.append(Claim(checked.text, held.citations.index(citation), checked.own))
    if heard:
        heard(line(held.claims[-1]))
