"""Summaries of one document: how many of the facts that a good one must hold are quoted, beside two simple rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from knowledge.passages import OPERATOR, Document
from knowledge.skills.documents.boilerplate import is_boilerplate
from knowledge.skills.summarise import MOST_QUOTES, MOST_WORDS
from knowledge.text.sentences import sentence_spans
from tests.evaluation.build import Built
from tests.evaluation.cases import plain

FILE = Path(__file__).with_name("summaries.yaml")


class Wanted(BaseModel):
    """A document, how its summary is asked for, and what that must hold: ways to write each fact."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    document: str
    asked: str
    set: Literal["fit", "held"]
    facts: tuple[tuple[str, ...], ...]

    def share(self, quoted: str) -> float:
        """The share of the facts, 0 to 1, that a text holds."""
        text = plain(quoted)
        return sum(any(plain(way) in text for way in ways) for ways in self.facts) / len(self.facts)


@dataclass(frozen=True)
class Summary:
    """One summary: the share of facts in it, and in the first sentences of the document and of each section; and its
    size. `right`: it is of the document that was meant."""

    wanted: Wanted
    right: bool
    facts: float
    lead: float
    sections: float
    words: int
    quotes: int


def load(path: Path = FILE) -> list[Wanted]:
    """The cases of a file."""
    return TypeAdapter(list[Wanted]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))


def measure(built: Built) -> list[Summary]:
    """Each summary, asked as the operator."""
    return [_measured(built, each) for each in load()]


def _measured(built: Built, wanted: Wanted) -> Summary:
    answer = built.answerer.answer(wanted.asked, OPERATOR)
    quotes = [each.quote for each in answer.citations]
    document = next(each for each in built.library.documents(OPERATOR) if each.file_name == wanted.document)
    return Summary(
        wanted,
        {each.document.file_name for each in answer.citations} == {wanted.document},
        wanted.share("\n".join(quotes)),
        wanted.share("\n".join(_first(built, document, False))),
        wanted.share("\n".join(_first(built, document, True))),
        sum(len(each.split()) for each in quotes),
        len(quotes),
    )


def _first(built: Built, document: Document, by_section: bool) -> list[str]:
    """The first sentences of a document, or of each of its sections, within the same bounds, no boilerplate."""
    found: list[str] = []
    for passage, _ in built.library.contents(OPERATOR, document.id).values():
        texts = [passage.text[start:end] for start, end in sentence_spans(passage.text)]
        kept = [each for each in texts if len(each.split()) > 4 and not is_boilerplate(each)]
        for each in kept[:1] if by_section else kept:
            if len(found) < MOST_QUOTES and sum(len(one.split()) for one in [*found, each]) <= MOST_WORDS:
                found.append(each)
    return found


def report(results: Sequence[Summary], failures: bool = False) -> str:
    """The figures, in percent."""
    lines = [f"{len(results)} summaries{'':<20} {'ours':>8} {'first':>8} {'sections':>9}"]
    for name in ("fit", "held"):
        part = [each for each in results if each.wanted.set == name]
        shares: list[Callable[[Summary], float]] = [lambda s: s.facts, lambda s: s.lead, lambda s: s.sections]
        values = [100 * sum(map(share, part)) / len(part) for share in shares]
        lines.append(f"  facts, {name} ({len(part)}){'':<14} {values[0]:>7.1f}% {values[1]:>7.1f}% {values[2]:>8.1f}%")
    right = sum(each.right for each in results)
    lines.append(f"  right document {right} of {len(results)}; at most {max(each.words for each in results)} words")
    if failures:
        lines += [
            f"{each.wanted.document}: {100 * each.facts:.0f} % ({100 * each.lead:.0f}, {100 * each.sections:.0f}), "
            f"{each.quotes} quotes, {each.words} words{'' if each.right else ', WRONG DOCUMENT'}"
            for each in results
        ]
    return "\n".join(lines)
