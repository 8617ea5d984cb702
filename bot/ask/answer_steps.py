"""What the steps of an answer are made of: records that may answer, what a step says, and what was tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from bot.ask.merge_answers import TwoPartQuestion
from knowledge.llm.writer import Heard
from knowledge.passages import Answer, Outcome, Reader
from knowledge.query.query import Query
from knowledge.safety.check import Risk

Records = Callable[[str, Reader, str | None], Answer | None]
"""Answers words for a reader; the last is who asks, None where others see the answer too."""
Reply = Callable[[Reader, str | None], Answer | None]
NotYet = Callable[[], str | None]
Cited = Callable[[], tuple[str, ...]]


def no_records(question: str, reader: Reader, asker: str | None) -> Answer | None:
    """Nothing is recorded."""
    return None


def nothing_cited() -> tuple[str, ...]:
    """No answer came before."""
    return ()


def nothing_is_read() -> str | None:
    """No documents are being read in."""
    return None


Read = Callable[[str], Reply | None]
"""Takes the words of a question, and returns what replies to it; None where it is not about these records."""


@dataclass(frozen=True, slots=True)
class RecordSources:
    """The records that may answer, each as far as there is one. `about` says what they hold on a topic."""

    standard_answers: Read | None = None
    meetings: Read | None = None
    returns: Read | None = None
    pulses: Read | None = None
    about: Records = no_records


def answering(records: Records) -> Read:
    """What reads a question and answers it in one go."""
    return lambda words: lambda reader, asker: records(words, reader, asker)


class Confidence(StrEnum):
    """How sure an answer is."""

    SURE = "sure"
    CLOSEST = "closest"
    NOTHING = "nothing"


SURE_OF = {
    Outcome.ANSWERED: Confidence.SURE,
    Outcome.SIGNPOST: Confidence.SURE,
    Outcome.CLOSEST: Confidence.CLOSEST,
    Outcome.NOT_FOUND: Confidence.NOTHING,
}


class Result(StrEnum):
    """What came of a step."""

    ANSWERED = "answered"
    WENT_ON = "went on"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Tried:
    """A step that was tried, what came of it, and why, in a sentence."""

    step: str
    result: Result
    why: str
    confidence: Confidence | None = None

    def as_json(self) -> dict[str, str | None]:
        """The published shape of a step."""
        return {"step": self.step, "result": self.result, "confidence": self.confidence, "why": self.why}


@dataclass(frozen=True, slots=True)
class Explained:
    """An answer, and the steps that were tried for it, in order; the last one gave it."""

    answer: Answer
    steps: tuple[Tried, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a step has to say, and why; without an answer it passes. `within` are the steps that were tried for it."""

    answer: Answer | None
    why: str
    within: tuple[Tried, ...] = ()


@dataclass(frozen=True, slots=True)
class Asking:
    """A question on its way through the steps. `words` are those that records are asked; `told` is what they said where
    that is not enough by itself."""

    query: Query
    words: str
    reader: Reader
    asker: str | None
    risk: Risk
    double: TwoPartQuestion | None = None
    heard: Heard | None = None
    quoted: bool = False
    cited: Cited = nothing_cited
    told: Answer | None = None


class Kind(Enum):
    """What a step asks."""

    SAFETY = auto()
    RECORDS = auto()
    BOTH = auto()
    DOCUMENTS = auto()


@dataclass(frozen=True, slots=True)
class Step:
    """One of those who may answer."""

    name: str
    kind: Kind
    ask: Callable[[Asking], Found]
