"""Says how far what was found answers the question: answered, closest, or not found."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from knowledge.passages import Outcome
from knowledge.quoting import Scored
from knowledge.search import Results


def signals(results: Results, ranked: Sequence[Scored]) -> dict[str, float]:
    """What is known about the fit of the best passages to the question."""
    best = ranked[0]
    weights = np.array([each.weight for each in results.question.concepts], np.float32) * results.idf
    total = max(float(weights.sum()), 1e-6)
    coverage = float(best.hit.held @ weights) / total if len(weights) else 0.0
    rarest = int(np.argmax(weights)) if len(weights) else -1
    order_dense = sorted(ranked, key=lambda each: -each.hit.cosine)
    return {
        "cosine": max(each.hit.cosine for each in ranked),
        "best_cosine": best.hit.cosine,
        "sentence_cosine": float(best.cosines[best.best]),
        "lexical": best.hit.lexical,
        "coverage": coverage,
        "sentence_overlap": float(best.overlaps[best.best]),
        "rarest": float(best.hit.held[rarest]) if rarest >= 0 else 0.0,
        "gap": best.hit.score - (ranked[1].hit.score if len(ranked) > 1 else 0.0),
        "agree": float(order_dense[0] is best),
        "wanted": float(best.wanted[best.best]),
        "named": results.scope.named,
    }


def judge(results: Results, ranked: Sequence[Scored]) -> Outcome:
    """The outcome for these ranked hits."""
    if not ranked or not results.question.concepts:
        return Outcome.NOT_FOUND
    known = signals(results, ranked)
    score = known["cosine"] + known["coverage"] + 0.5 * known["sentence_overlap"]
    return Outcome.ANSWERED if score > 1.4 else Outcome.CLOSEST if score > 1.0 else Outcome.NOT_FOUND
