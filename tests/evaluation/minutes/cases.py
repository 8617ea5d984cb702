"""The minutes to read, with what is right to propose from them, and the files that are made of them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from bot.demo.sample.make import pdf, word

FOLDER = Path(__file__).parent
HELD_OUT = FOLDER / "held_out"
Format = Literal["md", "docx", "pdf", "txt"]


class Gold(BaseModel):
    """One action that should be proposed. `state` is dated where a date is given; a dated one without is asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    task: str
    owners: tuple[str, ...]
    date: datetime.date | None = None
    state: Literal["dated", "asap", "ongoing", "none"] | None = None
    done: bool = False

    @property
    def due_state(self) -> str:
        """The state of its due date."""
        return self.state or ("dated" if self.date else "none")


class Case(BaseModel):
    """Minutes in Markdown, with their gold. `decisions` is how many there are, or what each of them says.

    The approval of earlier minutes counts as a decision; that apologies were accepted does not, nor what was referred.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    about: str
    source: str
    date: datetime.date
    actions: tuple[Gold, ...]
    decisions: int | tuple[str, ...]
    chair: str | None = None
    clerk: str | None = None
    trust: bool = True
    formats: tuple[Format, ...] = Field(default=("md", "docx", "pdf"))

    @property
    def decisions_gold(self) -> int:
        """How many decisions there are."""
        return self.decisions if isinstance(self.decisions, int) else len(self.decisions)


def load(folder: Path = FOLDER) -> list[Case]:
    """The cases of a folder, in order of their names."""
    return [
        Case.model_validate({"id": path.stem, **yaml.safe_load(path.read_text(encoding="utf-8"))})
        for path in sorted(folder.glob("*.yaml"))
    ]


def files(case: Case, folder: Path) -> Iterator[Path]:
    """Write the minutes in each of their formats."""
    for kind in case.formats:
        path = folder / f"{case.id}.{kind}"
        if kind in ("md", "txt"):
            text = case.source if kind == "md" else re.sub(r"\*\*|^#+ ", "", case.source, flags=re.MULTILINE)
            path.write_text(text, encoding="utf-8")
        else:
            path.write_bytes(word(case.source) if kind == "docx" else pdf(case.source))
        yield path
