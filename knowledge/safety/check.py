"""The question that is asked before any other: are these words about a child at risk?"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from enum import IntEnum
from pathlib import Path
from typing import Protocol

import numpy as np

from knowledge.embedding import encoder as embed
from knowledge.embedding.encoder import Encoder, Vectors
from knowledge.safety import weights as trained
from knowledge.safety.features import columns, pieces
from knowledge.safety.patterns import child_at_risk
from knowledge.safety.weights import Weights

KEPT = 256
# A clause without what stands around it is a little less certain than a text that was written as one. In logits.
OUT_OF_CONTEXT = 1.0

AtRisk = Callable[[str], bool]
"""Whether words are about a child at risk."""


class Risk(IntEnum):
    """How likely words are about a child at risk."""

    NONE = 0
    POSSIBLE = 1
    LIKELY = 2


class SafetyCheck:
    """Patterns, and beside them the trained model; either is enough. Safe to use from several threads.

    `encoder` must be the one that the weights were trained on: `load` sees to that.
    """

    def __init__(self, encoder: Encoder, weights: Weights) -> None:
        if encoder.name != weights.encoder:
            raise ValueError(f"trained on {weights.encoder}, not on {encoder.name}")
        self._encoder = encoder
        self._weights = weights
        self._lock = threading.Lock()
        self._known: OrderedDict[str, float] = OrderedDict()

    def judge(self, text: str) -> Risk:
        """How likely this text, or a clause of it, is about a child at risk or an adult who may harm one."""
        if child_at_risk(text):
            return Risk.LIKELY
        probability = self.probability(text)
        if probability >= self._weights.likely:
            return Risk.LIKELY
        return Risk.POSSIBLE if probability >= self._weights.possible else Risk.NONE

    def at_risk(self, text: str) -> bool:
        """Whether whoever wrote this should be told whom to speak to."""
        return self.judge(text) is Risk.LIKELY

    def probability(self, text: str) -> float:
        """What the model alone makes of this text, from 0 to 1."""
        if not text.strip():
            return 0.0
        with self._lock:
            if text in self._known:
                self._known.move_to_end(text)
                return self._known[text]
        found = probability(self._weights, score(self._weights, self._encoder, text))
        with self._lock:
            # One question is asked about at several doors, so the last ones are remembered.
            self._known[text] = found
            if len(self._known) > KEPT:
                self._known.popitem(last=False)
        return found


class Encodes(Protocol):
    """What turns texts into vectors."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text."""
        ...


def score(weights: Weights, encoder: Encodes, text: str) -> float:
    """The logit of a text: its own, or that of the clause that says most."""
    whole, *parts = _scores(weights, encoder, [text, *pieces(text)])
    return max([whole, *(part - OUT_OF_CONTEXT for part in parts)])


def probability(weights: Weights, logit: float) -> float:
    """The share of texts with this score that are about a child at risk."""
    return float(1.0 / (1.0 + np.exp(-(weights.slope * logit + weights.offset))))


def _scores(weights: Weights, encoder: Encodes, texts: list[str]) -> list[float]:
    logits = encoder.encode(texts) @ weights.vector + weights.bias
    return [
        float(logit) + sum(value * float(weights.columns[column]) for column, value in columns(text).items())
        for logit, text in zip(logits, texts, strict=True)
    ]


def load(encoder: Encoder, cache: Path) -> SafetyCheck:
    """The check on this encoder, or where that is another model on the default one, which `cache` keeps prepared.

    WeightsDamaged or embed.UnknownModel where this installation is not whole: nothing is answered without the check.
    """
    weights = trained.load()
    return SafetyCheck(encoder if encoder.name == weights.encoder else embed.load(None, cache), weights)
