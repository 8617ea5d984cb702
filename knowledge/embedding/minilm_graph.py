"""The ONNX graph of MiniLM in int8, made from its safetensors weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import onnx

OPSET = 18
LAYERS, HEADS, WIDTH, EPSILON = 6, 12, 384, 1e-12
# Seven bits: processors without VNNI add two products of eight bits in sixteen, and would overflow.
WEIGHT_STEPS = 63
WORD_STEPS = 127

Array = NDArray[Any]


def int8_graph(weights: bytes) -> bytes:
    """The serialised model for the content of a safetensors file.

    It turns `ids` and `mask` (batch, length; int64) into `tokens` (batch, length, width; float32). The scale of a
    product's inputs comes from the whole batch: only a text that runs alone has vectors that depend on nothing else.
    """
    from onnx import TensorProto, helper
    from safetensors.numpy import load

    build = _Builder(load(weights))
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
    model = helper.make_model(graph, opset_imports=opsets, ir_version=9, producer_name="trustbot")
    serialised: bytes = model.SerializeToString()
    return serialised


class _Builder:
    """Collects the nodes and constants of one graph."""

    def __init__(self, tensors: Mapping[str, Array]) -> None:
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
        """One matrix product for all of these layers side by side, in int8 with a scale a channel, and their bias."""
        weight = np.concatenate([self.tensors[f"{name}.weight"] for name in names]).T
        scale = np.maximum(np.abs(weight).max(axis=0), 1e-12) / WEIGHT_STEPS
        inputs = [
            source,
            self.constant(f"{output}.weight", np.rint(weight / scale).astype(np.int8)),
            self.constant(f"{output}.scale", scale.astype(np.float32)),
            "",
            self.constant(f"{output}.bias", np.concatenate([self.tensors[f"{name}.bias"] for name in names])),
        ]
        return self.node("DynamicQuantizeMatMul", inputs, output, "com.microsoft")

    def normalised(self, source: str, name: str, output: str) -> str:
        weight = self.constant(f"{output}.weight", self.tensors[f"{name}.weight"])
        bias = self.constant(f"{output}.bias", self.tensors[f"{name}.bias"])
        return self.node("LayerNormalization", [source, weight, bias], output, axis=-1, epsilon=EPSILON)


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
    build.constant("first", np.array([0], np.int64))
    length = build.node("Shape", ["ids"], "length", start=1, end=2)
    place = build.node("Slice", ["places", "first", length, "first"], "place")
    return build.normalised(build.node("Add", [scaled, place], "embedded"), "embeddings.LayerNorm", "hidden")


def _layer(build: _Builder, name: str, hidden: str, key_mask: str) -> str:
    """One transformer layer: attention and feed-forward, each added to its input and normalised."""
    from onnx import helper

    projections = [f"{name}.attention.self.{each}" for each in ("query", "key", "value")]
    joined = build.linear(hidden, projections, f"{name}.joined")
    parts = [f"{name}.{each}" for each in ("query", "key", "value")]
    build.nodes.append(helper.make_node("Split", [joined], parts, name=f"{name}.split", axis=-1, num_outputs=3))
    attended = build.node(
        "MultiHeadAttention", [*parts, "", key_mask], f"{name}.attended", "com.microsoft", num_heads=HEADS
    )
    projected = build.linear(attended, [f"{name}.attention.output.dense"], f"{name}.projected")
    middle = build.node("Add", [projected, hidden], f"{name}.after_attention")
    middle = build.normalised(middle, f"{name}.attention.output.LayerNorm", f"{name}.middle")
    widened = build.linear(middle, [f"{name}.intermediate.dense"], f"{name}.wide")
    active = build.node("Gelu", [widened], f"{name}.active", "com.microsoft")
    narrowed = build.linear(active, [f"{name}.output.dense"], f"{name}.narrow")
    end = build.node("Add", [narrowed, middle], f"{name}.after_feed_forward")
    return build.normalised(end, f"{name}.output.LayerNorm", f"{name}.end")
