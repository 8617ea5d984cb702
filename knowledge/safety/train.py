"""Trains the safety model: `python -m knowledge.safety.train [DATA_FOLDER]`, with the lines beside this file.

Below DATA_FOLDER are read `safety.jsonl` (`text`, and `label`: at_risk or not), `skills.jsonl` (`text`: ordinary
questions), `questions*.jsonl` (`question`: ordinary, unread) and `returns.jsonl` (what schools say of a week).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import encoder as embed
from knowledge.embedding.encoder import Encoder
from knowledge.safety import check
from knowledge.safety import weights as trained
from knowledge.safety.check import Encodes
from knowledge.safety.features import COLUMNS, columns
from knowledge.safety.patterns import child_at_risk
from knowledge.safety.weights import Weights
from knowledge.text.sentences import sentence_spans

LINES = trained.HERE / "lines"
UNFED = Path("build/safety")
AT_RISK, ORDINARY, UNREAD = "at_risk", "ordinary", "unread"
SEED = 10
FOLDS = 5
STRENGTH = 4.0  # C of the regression: of 1, 4 and 16 the best by cross-validation
# What nobody has read one by one is left out where a model of the other lines takes it for a child at risk.
DOUBTFUL = 0.5
# Shares of the ordinary questions that the two thresholds may take for a child at risk, patterns aside. Lines written
# to tempt the model are no measure of how often it would be wrong in a week, so the questions of all skills are.
DIVERTED, NOTICED = 0.0075, 0.025
QUESTIONS = "skills.jsonl"


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A sentence with what it is, and the file that it comes from."""

    text: str
    label: str
    source: str


@dataclass(frozen=True, slots=True)
class Report:
    """What cross-validation says, with patterns and model together: recall, and false alarms by file."""

    lines: int
    at_risk: int
    recall: float
    model_alone: float
    patterns_alone: float
    noticed: float
    false: dict[str, tuple[int, int, int]]

    def __str__(self) -> str:
        shares = [f"{self.lines} lines, {self.at_risk} of them at risk; each fifth judged by the others:"]
        shares.append(
            f"recall {self.recall:.3f} (model alone {self.model_alone:.3f}, patterns alone {self.patterns_alone:.3f}; "
            f"with the lower threshold {self.noticed:.3f})"
        )
        shares += [
            f"{source}: of {count} ordinary lines {likely} taken for a child at risk, {possible} more for possible"
            for source, (likely, possible, count) in sorted(self.false.items())
        ]
        return "\n".join(shares)


def lines_in(folder: Path) -> list[LabelledSentence]:
    """Every line of the files below this folder, the first of equal ones."""
    found: list[LabelledSentence] = []
    for path in sorted(folder.rglob("*.jsonl")):
        if path.name == "safety.jsonl":
            found += [
                LabelledSentence(row["text"], AT_RISK if row["label"] == AT_RISK else ORDINARY, path.name)
                for row in _rows(path)
            ]
        elif path.name == "skills.jsonl":
            found += [LabelledSentence(row["text"], ORDINARY, path.name) for row in _rows(path)]
        elif "questions" in path.name:
            found += [LabelledSentence(row["question"], UNREAD, path.name) for row in _rows(path) if "question" in row]
        elif path.name == "returns.jsonl":
            found += [LabelledSentence(text, UNREAD, path.name) for row in _rows(path) for text in _sentences(row)]
    return list({line.text: line for line in reversed(found)}.values())[::-1]


def own_lines() -> list[LabelledSentence]:
    """The lines that lie beside this file."""
    return [
        LabelledSentence(text, label, f"{label}.txt")
        for label in (AT_RISK, ORDINARY)
        for text in (LINES / f"{label}.txt").read_text(encoding="utf-8").splitlines()
        if text.strip()
    ]


def train(lines: Sequence[LabelledSentence], encoder: Encoder) -> tuple[Weights, Report]:
    """The weights of a model of these lines, its probabilities and thresholds set by cross-validation."""
    vectors = _Vectors(encoder)
    read = [line for line in lines if line.label != UNREAD]
    first = _fit(read, vectors, encoder.name)
    unread = [line for line in lines if line.label == UNREAD]
    kept = [*read, *(line for line in unread if _alone(first, vectors, line.text) < DOUBTFUL)]
    folds = list(_folds(kept))
    scores = np.zeros(len(kept))
    for own in folds:
        aside = set(own)
        model = _fit([line for number, line in enumerate(kept) if number not in aside], vectors, encoder.name)
        scores[own] = [check.score(model, vectors, kept[number].text) for number in own]
    risk = np.array([line.label == AT_RISK for line in kept])
    slope, offset = _calibrated(scores, risk)
    model = replace(_fit(kept, vectors, encoder.name), slope=slope, offset=offset)
    chances = np.array([check.probability(model, score) for score in scores])
    by_words = np.array([child_at_risk(line.text) for line in kept])
    asked = np.array([line.source == QUESTIONS and line.label == ORDINARY for line in kept])
    asked = asked if asked.any() else ~risk
    likely, possible = (round(float(np.quantile(chances[asked], 1 - share)), 4) for share in (DIVERTED, NOTICED))
    model = replace(model, likely=likely, possible=possible)
    return model, _report(kept, risk, chances, by_words, model)


class _Vectors:
    """The encoder, who encodes every text once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, NDArray[np.float32]] = {}

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        unknown = [text for text in dict.fromkeys(texts) if text not in self._known]
        if unknown:
            self._known.update(zip(unknown, self._encoder.encode(unknown), strict=True))
        return np.array([self._known[text] for text in texts], np.float32)


def _fit(lines: Sequence[LabelledSentence], vectors: Encodes, encoder: str) -> Weights:
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    texts = [line.text for line in lines]
    own = [columns(text) for text in texts]
    ends = np.cumsum([0, *(len(row) for row in own)])
    values = np.array([value for row in own for value in row.values()], np.float64)
    places = np.array([column for row in own for column in row], np.int64)
    hashed = csr_matrix((values, places, ends), shape=(len(lines), COLUMNS))
    seen = csr_matrix(hstack([csr_matrix(vectors.encode(texts).astype(np.float64)), hashed]))
    model = LogisticRegression(C=STRENGTH, max_iter=3000).fit(seen, [line.label == AT_RISK for line in lines])
    weights = model.coef_[0]
    dimension = seen.shape[1] - COLUMNS
    return Weights(
        encoder,
        weights[:dimension].astype(np.float32),
        weights[dimension:].astype(np.float32),
        float(model.intercept_[0]),
        slope=1.0,
        offset=0.0,
        likely=0.5,
        possible=0.5,
    )


def _alone(weights: Weights, vectors: Encodes, text: str) -> float:
    return check.probability(weights, check.score(weights, vectors, text))


def _folds(lines: Sequence[LabelledSentence]) -> Iterator[list[int]]:
    """The numbers of the lines in parts, those of either kind spread alike."""
    dice = random.Random(SEED)  # noqa: S311
    for_kind: dict[bool, list[int]] = {True: [], False: []}
    for number, line in enumerate(lines):
        for_kind[line.label == AT_RISK].append(number)
    parts: list[list[int]] = [[] for _ in range(FOLDS)]
    for numbers in for_kind.values():
        dice.shuffle(numbers)
        for place, number in enumerate(numbers):
            parts[place % FOLDS].append(number)
    yield from parts


def _calibrated(scores: NDArray[np.float64], risk: NDArray[np.bool_]) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=1e6).fit(scores.reshape(-1, 1), risk)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def _report(
    lines: Sequence[LabelledSentence],
    risk: NDArray[np.bool_],
    chances: NDArray[np.float64],
    by_words: NDArray[np.bool_],
    model: Weights,
) -> Report:
    flagged, noticed = chances >= model.likely, chances >= model.possible
    false: dict[str, tuple[int, int, int]] = {}
    for source in {line.source for line, own in zip(lines, risk, strict=True) if not own}:
        among = np.array([line.source == source for line in lines]) & ~risk
        likely = int((among & (flagged | by_words)).sum())
        possible = int((among & (noticed | by_words)).sum()) - likely
        false[source] = (likely, possible, int(among.sum()))
    return Report(
        len(lines),
        int(risk.sum()),
        float((flagged | by_words)[risk].mean()),
        float(flagged[risk].mean()),
        float(by_words[risk].mean()),
        float((noticed | by_words)[risk].mean()),
        false,
    )


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for row in path.read_text(encoding="utf-8").splitlines():
        if row.strip():
            yield json.loads(row)


def _sentences(row: dict[str, Any]) -> Iterator[str]:
    for item in row.get("items", {}).values():
        for text in filter(None, (item.get(kind) for kind in ("well", "hard", "ask"))):
            yield from (text[start:end] for start, end in sentence_spans(text))


def main(arguments: Sequence[str] | None = None, write: Callable[[str], object] = sys.stdout.write) -> None:
    """Train on a folder of data and put the weights beside this file; trained without one, they replace nothing."""
    parser = argparse.ArgumentParser(prog="python -m knowledge.safety.train", description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", metavar="DATA_FOLDER")
    parser.add_argument(
        "--out", type=Path, help=f"where the weights go: beside this file, or {UNFED} without a DATA_FOLDER"
    )
    parser.add_argument(
        "--cache", type=Path, default=Path(tempfile.gettempdir()) / "trustbot-encoder", help="the encoder's folder"
    )
    parser.add_argument("--bare", action="store_true", help="leave out the lines beside this file")
    options = parser.parse_args(arguments)
    data: Path | None = options.data
    out: Path = options.out or (trained.HERE if data else UNFED)
    lines = [*(() if options.bare else own_lines()), *(lines_in(data) if data else ())]
    weights, report = train(_once(lines), embed.load(None, options.cache))
    out.mkdir(parents=True, exist_ok=True)
    trained.save(weights, out)
    write(f"{report}\nWeights: {out}.\nThresholds: likely {weights.likely}, possible {weights.possible}.\n")


def _once(lines: Iterable[LabelledSentence]) -> list[LabelledSentence]:
    found: dict[str, LabelledSentence] = {}
    for line in lines:
        found.setdefault(line.text, line)
    return list(found.values())


if __name__ == "__main__":
    main()
