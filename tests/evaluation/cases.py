"""The evaluation questions on the sample trust, read strictly, and how a quote is held against what it must say."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

QUESTIONS = Path(__file__).parent / "questions.yaml"


class Case(BaseModel):
    """One question: who asks (None is the operator), how it should end, and what a right quote says.

    Every group of `facts` must be found in the quotes; any one string of a group will do. `documents` are the file
    names of which any may be cited.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z]+-\d+$")]
    set: Literal["fit", "held"]
    question: Annotated[str, Field(min_length=5)]
    asker: str | None = Field(default=None, alias="as")
    expect: Literal["answered", "not_found", "signpost"]
    documents: tuple[str, ...] = ()
    facts: tuple[Annotated[tuple[str, ...], Field(min_length=1)], ...] = ()
    tags: tuple[str, ...]

    @model_validator(mode="after")
    def _answer_has_facts(self) -> Self:
        answered = self.expect == "answered"
        if answered != bool(self.documents) or answered != bool(self.facts):
            raise ValueError("documents and facts are for the questions that are answered, and only for them")
        return self

    def facts_in(self, text: str) -> int:
        """How many of the groups of facts this text states."""
        plain = normalised(text)
        return sum(any(_pattern(fact).search(plain) for fact in group) for group in self.facts)

    def stated_by(self, text: str) -> bool:
        """Whether this text states all the facts."""
        return self.facts_in(text) == len(self.facts)


def normalised(text: str) -> str:
    """The text without case, typographic variants, marks of emphasis and runs of white space."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("–", "-").replace("**", "")
    return re.sub(r"\s+", " ", plain)


@cache
def _pattern(fact: str) -> re.Pattern[str]:
    # OCR loses spaces, so they are optional; a number must not be a part of a longer number.
    words = r"\s*".join(re.escape(word) for word in normalised(fact).split())
    before = r"(?<!\d)(?<!\d[.,])" if fact[0].isdigit() else ""
    after = r"(?!\d)(?![.,]\d)" if fact[-1].isdigit() else ""
    return re.compile(before + words + after)


def load(path: Path = QUESTIONS) -> tuple[Case, ...]:
    """All questions in order; a ValueError names what is wrong."""
    cases = TypeAdapter(tuple[Case, ...]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    ids = [case.id for case in cases]
    if twice := sorted({each for each in ids if ids.count(each) > 1}):
        raise ValueError(f"two questions share the id {twice[0]}")
    return cases
