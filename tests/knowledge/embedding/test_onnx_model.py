"""The int8 model is built once from the right weights, whole, whatever happened to the file before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.embedding import encoder as embed
from knowledge.embedding.onnx_model import UnknownModel, int8_file

FOLDER = embed.weights_folder()


def _built(cache: Path) -> Path:
    return int8_file(FOLDER, cache)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The model as a first run builds it."""
    return _built(tmp_path_factory.mktemp("encoder")).read_bytes()


def _damage_model(target: Path) -> None:
    target.write_bytes(target.read_bytes()[:1000])


def _flip_a_byte(target: Path) -> None:
    content = bytearray(target.read_bytes())
    content[len(content) // 2] ^= 0xFF
    target.write_bytes(content)


def _damage_seal(target: Path) -> None:
    target.with_suffix(".json").write_text("{")


def _remove_seal(target: Path) -> None:
    target.with_suffix(".json").unlink()


def _remove_model(target: Path) -> None:
    target.unlink()


@pytest.mark.parametrize("damage", [_damage_model, _flip_a_byte, _damage_seal, _remove_seal, _remove_model])
def test_a_damaged_cache_is_built_again(damage: object, built: bytes, tmp_path: Path) -> None:
    target = _built(tmp_path)
    assert callable(damage)
    damage(target)
    assert _built(tmp_path) == target
    assert target.read_bytes() == built


def test_it_is_built_only_once(tmp_path: Path) -> None:
    target = _built(tmp_path)
    before = target.stat()
    _built(tmp_path)
    assert target.stat().st_ino == before.st_ino
    assert target.stat().st_mtime_ns == before.st_mtime_ns


def test_other_weights_are_refused_and_leave_nothing(tmp_path: Path) -> None:
    content = bytearray((FOLDER / "model.safetensors").read_bytes())
    content[-1] ^= 1
    (tmp_path / "model.safetensors").write_bytes(content)
    with pytest.raises(UnknownModel, match="Install it again"):
        int8_file(tmp_path, tmp_path / "cache")
    assert not list((tmp_path / "cache").glob("*.onnx"))


def test_missing_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownModel, match="Install it again"):
        int8_file(tmp_path / "nowhere", tmp_path / "cache")


def test_two_processes_that_build_at_once_both_end_with_the_model(built: bytes, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from knowledge.embedding import encoder as embed; "
        "print(embed.load(None, Path(sys.argv[1])).encode(['a question']).shape)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "cache")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.communicate() for process in running] == [("(1, 384)\n", "")] * 2
    assert _built(tmp_path / "cache").read_bytes() == built
    assert not list((tmp_path / "cache").glob(".*"))
