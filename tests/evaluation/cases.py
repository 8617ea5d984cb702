"""The questions of an evaluation, as their file gives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import yaml

Expected = Literal["answered", "not_found", "signpost"]


@dataclass(frozen=True)
class Case:
    """One question and what is right: the documents (by file name) and the facts that their quotes must hold.

    Every group of `facts` must be met; within a group any one string will do. `person` is who asks (an id of the
    trust file), or nobody: the operator.
    """

    id: str
    question: str
    expect: Expected
    set: str = ""
    person: str | None = None
    context: tuple[str, ...] = ()
    documents: frozenset[str] = frozenset()
    facts: tuple[tuple[str, ...], ...] = ()
    tags: frozenset[str] = field(default_factory=frozenset)


def load(path: Path, only: Sequence[str] = ()) -> list[Case]:
    """The cases of a file, of these sets only (of all, if none is named)."""
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    cases = [
        Case(
            id=str(row["id"]),
            question=row["question"],
            expect=row["expect"],
            set=row.get("set", ""),
            person=row.get("as"),
            context=tuple(row.get("context", ())),
            documents=frozenset(row.get("documents", ())),
            facts=tuple(tuple(group) for group in row.get("facts", ())),
            tags=frozenset(row.get("tags", ())),
        )
        for row in rows
    ]
    return [case for case in cases if not only or case.set in only]
