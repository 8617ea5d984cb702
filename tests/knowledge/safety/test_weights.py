"""The weights are read whole or not at all."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from knowledge.embedding.onnx_model import EDITION
from knowledge.safety import weights
from knowledge.safety.weights import HERE, SEAL, WEIGHTS, WeightsDamaged


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (WEIGHTS, SEAL):
        shutil.copy(HERE / name, tmp_path / name)
    return tmp_path


def test_the_shipped_weights_fit_the_shipped_encoder() -> None:
    assert weights.load().encoder == f"all-MiniLM-L6-v2/int8/{EDITION}"
    assert (HERE / WEIGHTS).stat().st_size < 40_000


def test_what_is_saved_is_loaded_and_saved_again_to_the_same_bytes(tmp_path: Path) -> None:
    known = weights.load()
    weights.save(known, tmp_path / "once")
    again = weights.load(tmp_path / "once")
    assert np.array_equal(again.vector, known.vector)
    assert np.allclose(again.columns, known.columns, atol=float(np.abs(known.columns).max()) / 200)
    weights.save(again, tmp_path / "twice")
    assert (tmp_path / "once" / WEIGHTS).read_bytes() == (tmp_path / "twice" / WEIGHTS).read_bytes()


def test_one_changed_byte_is_noticed(folder: Path) -> None:
    content = bytearray((folder / WEIGHTS).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / WEIGHTS).write_bytes(content)
    with pytest.raises(WeightsDamaged):
        weights.load(folder)


@pytest.mark.parametrize("name", [WEIGHTS, SEAL])
def test_a_missing_file_is_noticed(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(WeightsDamaged):
        weights.load(folder)


def test_a_seal_of_another_kind_is_noticed(folder: Path) -> None:
    (folder / SEAL).write_text(json.dumps({"sha256": "0"}))
    with pytest.raises(WeightsDamaged):
        weights.load(folder)
