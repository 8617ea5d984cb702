"""Follow-ups in a thread, each beside the same question asked whole: how much is lost by not saying it all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from knowledge.passages import Reader
from knowledge.pipeline import Answerer
from tests.evaluation.cases import Case
from tests.evaluation.measure import Result, ask, figures

FILE = Path(__file__).with_name("conversations.yaml")
Pair = tuple[Result, Result]


class Turn(Case):
    """A follow-up with the question that says the whole."""

    whole: str

    def twin(self) -> Case:
        """The whole question, asked in no thread."""
        return self.model_copy(update={"question": self.whole, "context": ()})


def load(path: Path = FILE) -> list[Turn]:
    """The conversations of a file."""
    return TypeAdapter(list[Turn]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))


def measure(answerer: Answerer, reader: Callable[[str | None], Reader], clock: Callable[[], float]) -> list[Pair]:
    """Each follow-up and its twin, asked."""
    return [
        (ask(turn, answerer, reader(turn.person), clock), ask(turn.twin(), answerer, reader(turn.person), clock))
        for turn in load()
    ]


def report(pairs: Sequence[Pair], failures: bool = False) -> str:
    """The figures side by side, in percent."""
    sides = [figures([pair[n] for pair in pairs]) for n in (0, 1)]
    lines = [f"{len(pairs)} follow-ups in a thread       {'in turn':>9} {'whole':>9}"]
    for name in ("hit_first", "hit_third", "facts", "answered", "missed", "false_answers"):
        values = [getattr(side, name) for side in sides]
        lines.append(f"  {name.replace('_', ' '):<32} " + " ".join(f"{100 * (each or 0):>8.1f}%" for each in values))
    lines.append(f"  {'all is right':<32} " + " ".join(f"{100 * share(pairs, n):>8.1f}%" for n in (0, 1)))
    lines.append(f"  leaks                            {sides[0].leaks:>9} {sides[1].leaks:>9}")
    if failures:
        lines += [
            f"{turn.case.id}: {turn.case.question} ({turn.answer.outcome.value}"
            f"{'' if turn.facts else ', facts not quoted'}; whole: {twin.answer.outcome.value})"
            for turn, twin in pairs
            if (twin.right and not turn.right) or (twin.facts and not turn.facts)
        ]
    return "\n".join(lines)


def share(pairs: Sequence[Pair], side: int) -> float:
    """The share, 0 to 1, of those that are right in all: the follow-ups (0) or their twins (1)."""
    return sum(pair[side].right for pair in pairs) / len(pairs)
