"""The default encoder gives the vectors of its reference, and keeps the encoder's contract."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from knowledge.embedding import encoder as embed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from knowledge.embedding.encoder import Encoder, SentenceTransformerEncoder

TEXTS = (
    "Lettings policy — Charges\nThe hall is let at £24 an hour; community groups pay half.",
    "Children may not bring mobile phones into lessons. Staff lock them away until the end of the day.",
    "The governing board agreed the budget for the coming year and noted a deficit of 1.2 per cent.",
    "Name | Role | Term ends\nA. Person | Parent governor | 31 August 2027",
    "Homework in Year 6 is thirty minutes each evening, and reading on top of that.",
    "A parent who is not content with the headteacher's reply may write to the chair of governors within ten days.",
    "The fire assembly point is the far side of the playground, beside the gate.",
    "All staff read Part One of the statutory guidance every September and sign to say so.",
    "Trustees delegate appointments below headteacher to the local committee.",
    "School closes for half-term on Friday and opens again on the Monday of the week after next.",
    "Visitors sign in at reception, wear a badge and are never left alone with pupils.",
    "Pupils with an education, health and care plan have it reviewed at least once a year.",
    "Le café de l'école — naïve, coöperative, 学校, школа 🎒",
    "x",
    "word " * 700,
)
QUESTIONS = (
    "How much does it cost to hire the hall?",
    "Can pupils have phones in class?",
    "What is the deficit?",
    "Who is the parent governor?",
    "how long is year 6 homework",
    "What if I disagree with the head's answer to my complaint?",
    "Where do we go if there is a fire?",
    "Who appoints teachers?",
    "When is half term?",
    "What must a visitor do on arrival?",
)


@pytest.fixture(scope="session")
def reference() -> SentenceTransformerEncoder:
    """The same weights as sentence-transformers runs them; five seconds to import."""
    return embed.SentenceTransformerEncoder(str(embed.weights_folder()))


def _cosines(one: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
    return np.asarray((one * other).sum(axis=1))


def test_vectors_agree_with_the_reference(encoder: Encoder, reference: Encoder) -> None:
    texts = [*TEXTS, *QUESTIONS]
    cosines = _cosines(encoder.encode(texts), reference.encode(texts))
    assert cosines.mean() >= 0.99
    assert cosines.min() >= 0.97


def test_ranks_agree_with_the_reference(encoder: Encoder, reference: Encoder) -> None:
    ours = encoder.encode(QUESTIONS) @ encoder.encode(TEXTS).T
    theirs = reference.encode(QUESTIONS) @ reference.encode(TEXTS).T
    assert (ours.argmax(axis=1) == theirs.argmax(axis=1)).mean() >= 0.9
    order = [np.corrcoef(a.argsort().argsort(), b.argsort().argsort())[0, 1] for a, b in zip(ours, theirs, strict=True)]
    assert np.mean(order) >= 0.95


def test_span_vectors_agree_with_the_reference(encoder: Encoder, reference: Encoder) -> None:
    text = TEXTS[1]
    spans = [[(0, 50), (51, len(text))]]
    ours, theirs = encoder.encode_spans([text], spans)[1][0], reference.encode_spans([text], spans)[1][0]
    assert ours.shape == theirs.shape == (2, encoder.dimension)
    assert (_cosines(ours / 127.0, theirs / 127.0) >= 0.97).all()


def test_vectors_are_rows_of_unit_length(encoder: Encoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("name", ["encoder", "reference"])
def test_no_text_at_all_and_empty_texts(name: str, request: pytest.FixtureRequest) -> None:
    encoder: Encoder = request.getfixturevalue(name)
    assert encoder.encode([]).shape == (0, encoder.dimension)
    vectors, rows = encoder.encode_spans([], [])
    assert vectors.shape == (0, encoder.dimension)
    assert rows == []
    vectors, rows = encoder.encode_spans(["", " \n "], [[], [(0, 3)]])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert [row.shape for row in rows] == [(0, encoder.dimension), (1, encoder.dimension)]


def test_a_text_has_the_same_vectors_in_any_company(encoder: Encoder) -> None:
    spans = [[(0, len(text) // 2), (len(text) // 2, len(text))] for text in TEXTS]
    vectors, rows = encoder.encode_spans(TEXTS, spans)
    for text, own, vector, row in zip(TEXTS, spans, vectors, rows, strict=True):
        alone_vector, (alone_row,) = encoder.encode_spans([text], [own])
        assert (alone_vector[0] == vector).all()
        assert (alone_row == row).all()
        assert (encoder.encode([text])[0] == vector).all()


def test_the_order_of_texts_is_the_order_of_rows(encoder: Encoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert ((vectors @ encoder.encode(TEXTS[::-1]).T).argmax(axis=1) == np.arange(len(TEXTS))[::-1]).all()


def test_words_beyond_the_models_length_are_not_read(encoder: Encoder) -> None:
    long = "word " * 254
    assert _cosines(encoder.encode([long + "apple"]), encoder.encode([long + "zebra"]))[0] >= 0.9999
    assert _cosines(encoder.encode(["word apple"]), encoder.encode(["word zebra"]))[0] < 0.9


def test_capitals_do_not_matter(encoder: Encoder) -> None:
    assert _cosines(encoder.encode(["Lettings POLICY"]), encoder.encode(["lettings policy"]))[0] >= 0.9999


def test_encode_spans_gives_the_vectors_of_encode(encoder: Encoder) -> None:
    vectors, rows = encoder.encode_spans(TEXTS, [[(0, len(text))] for text in TEXTS])
    assert (vectors == encoder.encode(TEXTS)).all()
    assert [row.shape for row in rows] == [(1, encoder.dimension)] * len(TEXTS)
    assert {row.dtype for row in rows} == {np.dtype(np.int8)}


def test_each_sentence_is_nearest_to_its_own_words(encoder: Encoder) -> None:
    sentences = ("Staff lock phones away.", "The fire bell rings twice.", "Lunch is served at noon — à la carte. 🎒")
    text = "\n".join(sentences)
    spans = [(text.index(each), text.index(each) + len(each)) for each in sentences]
    rows = encoder.encode_spans([text], [spans])[1][0] / 127.0
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=0.03)
    assert ((rows @ encoder.encode(sentences).T).argmax(axis=1) == np.arange(len(sentences))).all()


@pytest.mark.parametrize("name", ["encoder", "reference"])
def test_a_span_that_the_model_does_not_reach_has_the_texts_vector(name: str, request: pytest.FixtureRequest) -> None:
    encoder: Encoder = request.getfixturevalue(name)
    text = "word " * 700
    vectors, (rows,) = encoder.encode_spans([text], [[(0, 100), (3000, 3400), (10, 10)]])
    whole = np.rint(vectors[0] * 127)
    assert (rows[1] == whole).all()
    assert (rows[2] == whole).all()
    assert (rows[0] != whole).any()


def test_several_threads_at_once_get_their_own_vectors(encoder: Encoder) -> None:
    wanted = np.vstack([encoder.encode([text]) for text in TEXTS])

    with ThreadPoolExecutor(6) as pool:
        found = np.vstack(list(pool.map(lambda text: encoder.encode([text]), TEXTS * 4)))
    assert (found == np.vstack([wanted] * 4)).all()


def test_names_tell_weights_and_precision_apart(encoder: Encoder, reference: Encoder) -> None:
    assert encoder.name != reference.name
    assert "int8" in encoder.name


def test_another_model_is_loaded_by_its_folder(reference: Encoder, tmp_path: Path) -> None:
    other = embed.load(str(embed.weights_folder()), tmp_path)
    assert other.name == reference.name
    assert list(tmp_path.iterdir()) == []


def test_a_model_without_token_vectors_encodes_each_span_by_itself(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(embed.weights_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    folder = tmp_path / "static"
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=32)]).save(str(folder))

    encoder = embed.load(str(folder), tmp_path)
    vectors, rows = encoder.encode_spans(["first half, second half", "x"], [[(0, 10), (12, 23)], []])
    assert encoder.dimension == 32
    assert np.allclose(vectors, encoder.encode(["first half, second half", "x"]), atol=1e-5)
    assert np.allclose(rows[0], encoder.encode(["first half", "second half"]) * 127, atol=0.51)
    assert rows[1].shape == (0, 32)


@pytest.mark.parametrize("model", ["./nowhere/at-all", "no-such-org/no-such-model"])
def test_a_model_that_is_not_there_is_refused_with_the_mend(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(embed.UnknownModel, match="TRUSTBOT_EMBEDDING_MODEL"):
        embed.load(model, tmp_path)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(embed.UnknownModel, match="TRUSTBOT_EMBEDDING_MODEL"):
        embed.load(str(tmp_path), tmp_path)


def _modules_after(statements: Sequence[str]) -> set[str]:
    code = "; ".join(["import sys", *statements, "print(*sys.modules)"])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_fast_path_imports_nothing_heavy(encoder: Encoder, request: pytest.FixtureRequest) -> None:
    cache = request.config.rootpath / ".pytest_cache" / "encoder"
    loaded = _modules_after(
        [
            "from pathlib import Path",
            "from knowledge.embedding import encoder as embed",
            f"embed.load(None, Path({str(cache)!r})).encode(['a question'])",
        ]
    )
    assert "onnxruntime" in loaded
    assert not loaded & {"torch", "transformers", "sentence_transformers", "onnx", "safetensors", embed.PACKAGE}


def test_importing_the_module_imports_no_runtime() -> None:
    assert not _modules_after(["import knowledge.embedding.encoder"]) & {"onnxruntime", "tokenizers", "torch", "onnx"}
