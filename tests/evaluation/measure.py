"""Asks the cases of a library and counts what came back right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from knowledge.passages import Answer, Outcome, Reader
from knowledge.pipeline import Answerer
from tests.evaluation.cases import Case


@dataclass(frozen=True)
class Result:
    """How one case went. `first` and `third`: the right document is the first, or among the first three, cited."""

    case: Case
    answer: Answer
    seconds: float
    first: bool
    third: bool
    facts: bool
    leak: bool

    @property
    def right(self) -> bool:
        """Whether nothing is to be complained of."""
        if self.leak:
            return False
        if self.case.expect == "answered":
            return self.answer.outcome is Outcome.ANSWERED and self.third and self.facts
        if self.case.expect == "signpost":
            return self.answer.outcome is Outcome.SIGNPOST
        return self.answer.outcome is not Outcome.ANSWERED


def ask(case: Case, answerer: Answerer, reader: Reader, clock: Callable[[], float]) -> Result:
    """Ask one question, as `reader`."""
    began = clock()
    answer = answerer.answer(case.question, reader, case.context)
    seconds = clock() - began
    cited = [citation.document.file_name for citation in answer.citations]
    quoted = "\n".join(citation.quote for citation in answer.citations)
    return Result(
        case,
        answer,
        seconds,
        first=bool(case.documents & set(cited[:1])),
        third=bool(case.documents & set(cited[:3])),
        facts=bool(cited) and case.stated_by(quoted),
        leak=any(not reader.may_read(citation.document.audience) for citation in answer.citations),
    )


@dataclass(frozen=True)
class Figures:
    """The measures of some results; shares are 0 to 1, or None where nothing was asked."""

    answerable: int
    hit_first: float | None
    hit_third: float | None
    facts: float | None
    answered: float | None
    closest: float | None
    missed: float | None
    unanswerable: int
    false_answers: float | None
    said_not_found: float | None
    signposts: int
    signposted: float | None
    false_signposts: int
    leaks: int


def figures(results: Sequence[Result]) -> Figures:
    """Measure these results."""
    answerable = [each for each in results if each.case.expect == "answered"]
    unanswerable = [each for each in results if each.case.expect == "not_found"]
    at_risk = [each for each in results if each.case.expect == "signpost"]
    return Figures(
        answerable=len(answerable),
        hit_first=_share(each.first for each in answerable),
        hit_third=_share(each.third for each in answerable),
        facts=_share(each.facts for each in answerable),
        answered=_share(each.answer.outcome is Outcome.ANSWERED for each in answerable),
        closest=_share(each.answer.outcome is Outcome.CLOSEST for each in answerable),
        missed=_share(each.answer.outcome is Outcome.NOT_FOUND for each in answerable),
        unanswerable=len(unanswerable),
        false_answers=_share(each.answer.outcome is Outcome.ANSWERED for each in unanswerable),
        said_not_found=_share(each.answer.outcome is Outcome.NOT_FOUND for each in unanswerable),
        signposts=len(at_risk),
        signposted=_share(each.answer.outcome is Outcome.SIGNPOST for each in at_risk),
        false_signposts=sum(
            each.answer.outcome is Outcome.SIGNPOST for each in results if each.case.expect != "signpost"
        ),
        leaks=sum(each.leak for each in results),
    )


def _share(values: Iterable[bool]) -> float | None:
    counted = list(values)
    return sum(counted) / len(counted) if counted else None
