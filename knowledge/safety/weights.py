"""The weights of the safety model as they lie beside this file: read whole with the right hash, or not at all."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.safety.features import COLUMNS

HERE = Path(__file__).parent
WEIGHTS, SEAL = "weights.npz", "weights.json"


class WeightsDamaged(Exception):
    """The weights of the safety model are missing or are not those that were trained."""


@dataclass(frozen=True)
class Weights:
    """A logistic regression on the vector of the encoder called `encoder` (`vector`: one row) and on the hashed
    `columns`. A score is turned into a probability by `slope` and `offset`. From `likely` on a text is taken for one
    about a child at risk, from `possible` on it may be."""

    encoder: str
    vector: NDArray[np.float32]
    columns: NDArray[np.float32]
    bias: float
    slope: float
    offset: float
    likely: float
    possible: float


@dataclass(frozen=True)
class _Seal:
    sha256: str
    encoder: str
    bias: float
    slope: float
    offset: float
    likely: float
    possible: float


def load(folder: Path = HERE) -> Weights:
    """The weights in this folder; WeightsDamaged when they are not whole."""
    try:
        seal = _Seal(**json.loads((folder / SEAL).read_bytes()))
        content = (folder / WEIGHTS).read_bytes()
    except (OSError, ValueError, TypeError) as error:
        raise WeightsDamaged(str(folder)) from error
    if hashlib.sha256(content).hexdigest() != seal.sha256:
        raise WeightsDamaged(str(folder))
    with np.load(io.BytesIO(content), allow_pickle=False) as held:
        columns = held["columns"].astype(np.float32) * held["scale"]
        vector = held["vector"]
    if columns.shape != (COLUMNS,):
        raise WeightsDamaged(str(folder))
    return Weights(
        seal.encoder, vector, columns, seal.bias, seal.slope, seal.offset, seal.likely, seal.possible
    )  # fmt: skip


def save(weights: Weights, folder: Path) -> None:
    """Put these weights into the folder, the columns in int8: the same weights give the same bytes."""
    scale = np.float32(np.abs(weights.columns).max() / 127 or 1.0)
    held = io.BytesIO()
    np.savez_compressed(
        held,
        vector=weights.vector.astype(np.float32),
        columns=np.rint(weights.columns / scale).astype(np.int8),
        scale=scale,
    )
    content = held.getvalue()
    numbers = {name: value for name, value in asdict(weights).items() if name not in ("vector", "columns")}
    seal = _Seal(hashlib.sha256(content).hexdigest(), **numbers)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / WEIGHTS).write_bytes(content)
    (folder / SEAL).write_text(json.dumps(asdict(seal), indent=2) + "\n", encoding="utf-8")
