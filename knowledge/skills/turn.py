"""What every skill is handed, and what it hands back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from knowledge.llm.checking import Source
from knowledge.passages import Answer, Reader
from knowledge.query.query import Query


@dataclass(frozen=True, slots=True)
class Turn:
    """One question for one reader. `cited` holds the ids of the documents that the answer before it quoted, best first;
    they may have gone, or be closed to this reader."""

    query: Query
    reader: Reader
    cited: tuple[str, ...] = ()


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
