"""What a question means in its conversation: read once, and handed on to whoever may answer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.passages import Names
from knowledge.query.follow_up import rewritten
from knowledge.query.question import Question, read_question
from knowledge.query.shorthand import written_out


@dataclass(frozen=True, slots=True)
class Query:
    """One question, as it is understood after the questions of its thread.

    `typed` is what was typed, and `thread` the questions before it as they were typed, oldest first. `written` and
    `earlier` are the same without short forms. `text` is the whole question, as it would be asked alone, and `before`
    is the question before it, made whole (empty where there is none); `earlier_whole` holds all of them made whole.
    `context` holds those of them that it still needs. `question` is what the text names: concepts, schools, bodies,
    period, versions, kind of document and what sort of words would answer it.
    """

    typed: str
    thread: tuple[str, ...]
    written: str
    earlier: tuple[str, ...]
    text: str
    earlier_whole: tuple[str, ...]
    context: tuple[str, ...]
    question: Question

    @property
    def before(self) -> str:
        """The question before it, whole; empty where it is the first."""
        return self.earlier_whole[-1] if self.earlier_whole else ""


def parse(typed: str, thread: Sequence[str], names: Names, today: date) -> Query:
    """Read a question; `thread` holds the questions before it as they were typed, oldest first."""
    written, earlier = written_out(typed), tuple(map(written_out, thread))
    text, needed, whole = rewritten(written, earlier, names)
    context = whole if needed else ()
    return Query(
        typed, tuple(thread), written, earlier, text, whole, context, read_question(text, names, today, context)
    )
