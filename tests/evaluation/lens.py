"""How well the ten principles are found for a topic, beside plain cosine order: `python -m tests.evaluation lens`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from knowledge.embedding.encoder import Encoder
from knowledge.school.framework import load
from knowledge.skills.lens import FLOOR, Fit

CASES = Path(__file__).with_name("lens.yaml")


@dataclass(frozen=True)
class Looked:
    """A topic, the principles that a leader would accept (none: none speaks to it), and what was found: the order of
    our scores and of plain cosines, and which are shown."""

    held: bool
    topic: str
    accepted: frozenset[int]
    order: tuple[int, ...]
    plain: tuple[int, ...]
    shown: tuple[int, ...]


def measure(encoder: Encoder) -> list[Looked]:
    """All topics of the file. Plain cosines are those of the topic with a principle's whole text."""
    framework = load()
    fit = Fit(framework, encoder)
    whole = encoder.encode(
        [
            f"Principle {each.number}: {each.name}. {each.summary} {' '.join(each.duties)}"
            for each in framework.principles
        ]
    )
    found = []
    for case in yaml.safe_load(CASES.read_text("utf-8")):
        topic = case["topic"]
        plain = whole @ encoder.encode([topic])[0]
        found.append(
            Looked(
                case["set"] == "held", topic, frozenset(case["principles"]), _order(fit.scores(topic)), _order(plain),
                fit.best(topic),
            )
        )  # fmt: skip
    return found


def share(looked: list[Looked], order: Callable[[Looked], tuple[int, ...]], first: int) -> float:
    """The share, 0 to 1, of topics to which a principle speaks of which one accepted is among the first so many."""
    some = [each for each in looked if each.accepted]
    return sum(bool(each.accepted & set(order(each)[:first])) for each in some) / (len(some) or 1)


def report(looked: list[Looked], failures: bool = False) -> str:
    """The figures in words."""
    lines = [f"{len(looked)} topics looked at through the ten principles (floor {FLOOR})"]
    for name, held in (("fit", False), ("held", True)):
        part = [each for each in looked if each.held is held]
        ours = [100 * share(part, lambda each: each.order, first) for first in (1, 3)]
        plain = [100 * share(part, lambda each: each.plain, first) for first in (1, 3)]
        none = [each for each in part if not each.accepted]
        some = [each for each in part if each.accepted]
        lines += [
            f"  {name}: right first {ours[0]:.0f} %, among three {ours[1]:.0f} %; "
            f"by plain cosine {plain[0]:.0f} %, {plain[1]:.0f} %",
            f"    none shown where none speaks: {sum(not each.shown for each in none)} of {len(none)}; "
            f"none shown where one does: {sum(not each.shown for each in some)} of {len(some)}; "
            f"one accepted among those shown: {sum(bool(each.accepted & set(each.shown)) for each in some)}",
        ]
    if failures:
        lines += [
            f"  {each.topic}: shown {each.shown}, accepted {sorted(each.accepted)}"
            for each in looked
            if bool(each.accepted) != bool(each.shown) or not (set(each.shown[:1]) <= each.accepted)
        ]
    return "\n".join(lines)


def _order(scores: np.ndarray) -> tuple[int, ...]:
    return tuple(int(each) + 1 for each in np.argsort(-scores, kind="stable"))
