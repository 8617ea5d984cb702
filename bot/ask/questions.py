"""Questions from the command line: one, or a batch of them, as the operator or as a person of the trust file."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.ask.answer_router import AnswerRouter
from bot.ask.answer_steps import Tried
from bot.config.trust import CurrentTrust
from bot.errors import Refusal
from bot.trust.live import steady
from knowledge.answer.retrieve import Hit, Search
from knowledge.masking.pupil_names import Masker
from knowledge.passages import OPERATOR, Answer, Citation, Reader

Progress = Callable[[Sequence[Any]], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer, the seconds that it took, in how many places the question seemed to name a pupil, and the steps that
    were tried for the answer."""

    answer: Answer
    seconds: float
    masked: int = 0
    steps: tuple[Tried, ...] = ()

    def as_json(self, *, explain: bool = False) -> dict[str, object]:
        """The published shape of an answer; with `explain`, with the steps that were tried."""
        return {
            "outcome": self.answer.outcome.value,
            "answer": self.answer.text,
            "citations": [_citation(each) for each in self.answer.citations],
            "seconds": round(self.seconds, 4),
            **({"masked": self.masked} if self.masked else {}),
            **({"steps": [step.as_json() for step in self.steps]} if explain else {}),
        }


def _citation(citation: Citation) -> dict[str, object]:
    document = citation.document
    return {
        "document": document.file_name,
        "title": document.title,
        "version": document.version,
        "page": citation.page,
        "heading": " › ".join(citation.heading),
        "quote": citation.quote,
    }


class _Line(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    id: str | int
    question: str
    person: str | None = Field(default=None, alias="as")


class Questions:
    """Questions asked outside Slack, by the operator or as a person of the trust file, whose id there tells the router
    who asks."""

    def __init__(self, router: AnswerRouter, search: Search, trust: CurrentTrust | None) -> None:
        self._router = router
        self._search = search
        self._trust = trust
        self._masker = Masker((lambda: trust.latest.staff) if trust else ())

    def reader(self, person: str | None) -> Reader:
        """The operator's reader, or that of a person of the trust file; a Refusal where there is no such person."""
        if person is None:
            return OPERATOR
        if self._trust is None:
            raise Refusal(f"Asking as {person!r} needs a trust file that says who that is. See the README.")
        trust = self._trust.present
        found = trust.person(person)
        if found is None:
            raise Refusal(
                f"The trust file knows nobody called {person!r}. Give an id, an e-mail address or a full name."
            )
        return trust.reader(found)

    def ask(self, question: str, person: str | None = None) -> Asked:
        """Answer one question, from what is recorded and from the documents, as Slack would."""
        with steady(self._trust):
            reader = self.reader(person)
            asker = self._trust.present.person(person) if self._trust and person else None
            started = time.perf_counter()
            question, masked = self._masker.question(question)
            explained = self._router.explain(question, reader, asker.id if asker else None)
        return Asked(explained.answer, time.perf_counter() - started, masked, explained.steps)

    def search(self, words: str, person: str | None = None, count: int = 10) -> tuple[Hit, ...]:
        """The passages that come nearest, best first."""
        return self._search.search(self._masker.question(words)[0], self.reader(person), count).hits

    def ask_batch(self, source: Path, target: Path, progress: Progress) -> int:
        """Answer the lines of `source` in order into `target`; returns how many.

        A Refusal names the line that cannot be read before anything is answered or written.
        """
        lines = list(_lines(source))
        for number, line in lines:
            try:
                self.reader(line.person)
            except Refusal as refusal:
                raise Refusal(f"{source}, line {number}: {refusal}") from refusal
        beside = target.with_name(f".{target.name}.part")
        try:
            with beside.open("w", encoding="utf-8") as out:
                for _, line in progress(lines):
                    asked = self.ask(line.question, line.person)
                    out.write(json.dumps({"id": line.id, **asked.as_json()}, ensure_ascii=False) + "\n")
            beside.replace(target)
        except OSError as error:
            raise Refusal(f"{target} cannot be written ({error.strerror}). Choose another place with --out.") from error
        return len(lines)


def _lines(source: Path) -> Iterator[tuple[int, _Line]]:
    try:
        text = source.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise Refusal(f"There is no file {source}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"{source} cannot be read as UTF-8 text.") from error
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                yield number, _Line.model_validate_json(line)
            except ValidationError as error:
                raise Refusal(
                    f'{source}, line {number}: not of the form {{"id": …, "question": "…", "as": "…"}} (`as` may be '
                    "left out). Mend the line."
                ) from error
