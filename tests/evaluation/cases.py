"""The questions of an evaluation, read strictly, and what a right answer to each must state."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

Expected = Literal["answered", "not_found", "signpost"]
Group = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1)]


class Case(BaseModel):
    """One question and what is right: the documents (by file name) and the facts that their quotes must state.

    Every group of `facts` must be met; within a group any one string will do. `person` is who asks (an id of the
    trust file), or nobody: the operator. `context` holds the earlier questions of the same thread.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(min_length=1)]
    question: Annotated[str, Field(min_length=5)]
    expect: Expected
    set: str = ""
    person: str | None = Field(default=None, alias="as")
    context: tuple[str, ...] = ()
    documents: frozenset[str] = frozenset()
    facts: tuple[Group, ...] = ()
    tags: frozenset[str] = frozenset()

    @model_validator(mode="after")
    def _documents_where_answered(self) -> Self:
        if (self.expect == "answered") != bool(self.documents) or (self.facts and not self.documents):
            raise ValueError("documents (and facts) are for the questions that are answered, and only for them")
        return self

    def stated_by(self, text: str) -> bool:
        """Whether this text states all the facts; a number does not count as part of a longer one."""
        folded = plain(text)
        return all(any(_pattern(fact).search(folded) for fact in group) for group in self.facts)


def plain(text: str) -> str:
    """A text for comparing: one case, one kind of space, hyphen and apostrophe, no marks of emphasis."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = re.sub(r"[\u2010-\u2015]", "-", folded).replace("\u2019", "'").replace("\u2018", "'")
    return " ".join(folded.replace("**", "").split())


@cache
def _pattern(fact: str) -> re.Pattern[str]:
    # OCR loses spaces, so they are optional.
    words = r"\s*".join(re.escape(word) for word in plain(fact).split())
    before = r"(?<!\d)(?<!\d[.,])" if fact[0].isdigit() else ""
    after = r"(?!\d)(?![.,]\d)" if fact[-1].isdigit() else ""
    return re.compile(before + words + after)


def load(path: Path, only: Sequence[str] = ()) -> list[Case]:
    """The cases of a file, of these sets only (of all, if none is named); a ValueError names what is wrong."""
    cases = TypeAdapter(list[Case]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    ids = [case.id for case in cases]
    if twice := sorted({each for each in ids if ids.count(each) > 1}):
        raise ValueError(f"two questions share the id {twice[0]}")
    return [case for case in cases if not only or case.set in only]
