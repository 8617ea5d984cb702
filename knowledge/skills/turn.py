"""What every way of answering in a conversation is handed, and what it hands back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from knowledge.llm.checking import Source
from knowledge.passages import Answer, Reader


@dataclass(frozen=True, slots=True)
class Turn:
    """One question in its conversation.

    `question` is whole, as it would be asked alone; `typed` is what was typed. `context` holds the earlier questions,
    oldest first, that it still needs. `cited` holds the ids of the documents that the answer before it quoted, best
    first; they may have gone, or be closed to this reader. `before` is the question before it, whole; empty where it
    is the first. `earlier` holds all questions before it as they were typed, needed or not.
    """

    question: str
    typed: str
    context: tuple[str, ...]
    cited: tuple[str, ...]
    reader: Reader
    before: str = ""
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SkillAnswer:
    """An answer in the documents' own words, and the passages that a model may write it from: none, where the answer
    stays as it is.

    `prompt` names the text that tells the model how to write; `beside` is what stays beside its words.
    """

    answer: Answer
    sources: tuple[Source, ...] = ()
    prompt: str = "answer"
    beside: str = ""


class Skill(Protocol):
    """Answers questions of one sort."""

    def reply(self, turn: Turn) -> SkillAnswer | None:
        """The answer, or None where the question is not of this sort, and is answered as any other is."""
        ...
