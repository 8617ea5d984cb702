"""Fits the coefficients of knowledge/answer/confidence.py: `python -m tests.evaluation.fit [FOLDER]`.

Fitted on the sample's `fit` questions alone: as they are, with the right documents taken away, and with the right
passages taken away. FOLDER may hold `govuk-questions.jsonl`, real people's questions to government, of which a
hundred and fifty are asked as well: nothing in the sample answers them.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.answer.citing import quotes, rank
from knowledge.answer.confidence import WEIGHTS, beside_the_point, signals
from knowledge.answer.retrieve import Hit
from knowledge.embedding.encoder import load as load_encoder
from tests.conftest import ENCODER_CACHE
from tests.evaluation.__main__ import QUESTIONS, TODAY
from tests.evaluation.build import Built, build
from tests.evaluation.cases import Case, load

AS_IS, NO_DOCUMENT, NO_PASSAGE, FOREIGN = 1.0, 0.2, 0.1, 0.1
RIDGE = 1.0
FALSE_ANSWERS = 0.08


@dataclass(frozen=True)
class Example:
    """One question with its signals; `right` says that the quotes state what was asked."""

    values: tuple[float, ...]
    right: bool
    weight: float
    beside: bool
    answerable: bool


def examples(built: Built, cases: Sequence[Case], names: Sequence[str]) -> Iterator[Example]:
    """Each case as it is and, where it has an answer, with that taken away."""
    for case in cases:
        if case.expect == "signpost":
            continue
        yield from _example(built, case, names, AS_IS, lambda _: False, case.expect == "answered")
        if case.expect == "answered":
            files, stated = case.documents, case.stated_by
            yield from _example(
                built, case, names, NO_DOCUMENT, lambda hit, f=files: hit.document.file_name in f, False
            )
            yield from _example(built, case, names, NO_PASSAGE, lambda hit, s=stated: s(hit.passage.text), False)


def _example(
    built: Built,
    case: Case,
    names: Sequence[str],
    weight: float,
    gone: Callable[[Hit], bool],
    answerable: bool,
) -> Iterator[Example]:
    reader = built.reader(case.person)
    found = built.search.search(case.question, reader, 40, case.context)
    results = replace(found, hits=tuple(hit for hit in found.hits if not gone(hit))[:8])
    ranked = rank(results)
    if not ranked or not results.question.concepts:
        return
    cited = quotes(ranked)
    known = signals(results, ranked[0])
    right = answerable and case.stated_by("\n".join(each.quote for each in cited))
    beside = beside_the_point(results, ranked[0], cited)
    yield Example(tuple(known[name] for name in names), right, weight, beside, answerable)


def foreign(folder: Path, count: int = 150) -> list[Case]:
    """Questions that nothing in the sample answers."""
    lines = (folder / "govuk-questions.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    random.Random(11).shuffle(rows)
    return [Case(id=row["id"], question=row["question"], expect="not_found") for row in rows[:count]]


def logistic(
    rows: NDArray[np.float64], right: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Bias, then a coefficient a column, by Newton's method; ridge on the standardised columns."""
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    design = np.column_stack([np.ones(len(rows)), (rows - mean) / scale])
    penalty = np.diag([0.0] + [RIDGE] * rows.shape[1])
    beta = np.zeros(design.shape[1])
    for _ in range(50):
        likely = 1 / (1 + np.exp(-design @ beta))
        gradient = design.T @ (weights * (right - likely)) - penalty @ beta
        curvature = (design * (weights * likely * (1 - likely))[:, None]).T @ design + penalty
        beta = beta + np.linalg.solve(curvature, gradient)
    raw = beta[1:] / scale
    return np.append(beta[0] - raw @ mean, raw)


def main(arguments: Sequence[str]) -> None:
    """Fit, and print what to write into knowledge/answer/confidence.py and how it does on questions not fitted."""
    names = list(WEIGHTS)
    with tempfile.TemporaryDirectory(prefix="trustbot-fit-") as home:
        built = build(Path(home), load_encoder(None, ENCODER_CACHE), TODAY)
        fitted = list(examples(built, load(QUESTIONS, ["fit"]), names))
        if arguments:
            asked = examples(built, foreign(Path(arguments[0])), names)
            fitted += [replace(each, weight=FOREIGN) for each in asked]
        held = list(examples(built, load(QUESTIONS, ["held"]), names))
    usable = [each for each in fitted if not each.beside]
    beta = logistic(
        np.array([each.values for each in usable]),
        np.array([each.right for each in usable], np.float64),
        np.array([each.weight for each in usable]),
    )
    print(f"BIAS = {beta[0]:.3f}")
    print("WEIGHTS =", {name: round(float(value), 3) for name, value in zip(names, beta[1:], strict=True)})
    for label, part in (("fit", fitted), ("held", held)):
        asked_as_is = [each for each in part if each.weight == AS_IS]
        likely = {id(each): 0.0 if each.beside else _likely(beta, each) for each in asked_as_is}
        false = sorted((likely[id(each)] for each in asked_as_is if not each.answerable), reverse=True)
        least = false[int(FALSE_ANSWERS * len(false))]
        answered = [likely[id(each)] > least for each in asked_as_is if each.answerable]
        print(f"{label}: answered {np.mean(answered):.3f} where {FALSE_ANSWERS:.0%} are false, from {least:.3f}")


def _likely(beta: NDArray[np.float64], example: Example) -> float:
    return float(1 / (1 + np.exp(-(beta[0] + beta[1:] @ np.array(example.values)))))


if __name__ == "__main__":
    main(sys.argv[1:])
