"""What is computed once for each passage and stored beside it: its vector, its sentences' vectors, its terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from knowledge.embedding.encoder import Encoder
from knowledge.passages import Document, Passage
from knowledge.text.sentences import sentence_spans
from knowledge.text.terms import pack_terms

BATCH_PASSAGES = 64


@dataclass(frozen=True, slots=True)
class Filed:
    """A document on its way into the library; `size` in bytes and `modified` in seconds since 1970 are its file's."""

    document: Document
    passages: Sequence[Passage]
    size: int | None = None
    modified: float | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """The stored forms of one passage's vector (float32), its sentences' vectors (int8 rows) and its terms."""

    vector: bytes
    sentences: bytes
    terms: bytes


def prefix(title: str, heading: Sequence[str], header: str) -> str:
    """What stands before a passage's own words where it is embedded and matched: title, heading path, header row."""
    first = f"{title} — {' > '.join(heading)}" if heading else title
    return f"{first}\n{header}\n" if header else f"{first}\n"


def embedded_text(document: Document, passage: Passage) -> str:
    """A passage as it is embedded and matched."""
    return prefix(document.title, passage.heading, passage.header) + passage.text


def batches(
    encoder: Encoder, documents: Iterable[tuple[Filed, Mapping[str, Prepared]]]
) -> Iterator[tuple[Filed, list[Prepared]]]:
    """Each document with its passages' stored forms, in order, encoded some 64 passages at a time.

    While one batch is encoded the one before is handed on and the next is asked for, so the encoder need not wait.
    """
    with ThreadPoolExecutor(1, "encoding") as worker:
        encoding: Future[list[tuple[Filed, list[Prepared]]]] | None = None
        for waiting in _batched(documents):
            following = worker.submit(_encoded, encoder, waiting)
            if encoding:
                yield from encoding.result()
            encoding = following
        if encoding:
            yield from encoding.result()


def _batched(
    documents: Iterable[tuple[Filed, Mapping[str, Prepared]]],
) -> Iterator[list[tuple[Filed, Mapping[str, Prepared]]]]:
    waiting: list[tuple[Filed, Mapping[str, Prepared]]] = []
    size = 0
    for filed, stored in documents:
        waiting.append((filed, stored))
        size += len(filed.passages)
        if size >= BATCH_PASSAGES:
            yield waiting
            waiting, size = [], 0
    if waiting:
        yield waiting


def _encoded(
    encoder: Encoder, waiting: Sequence[tuple[Filed, Mapping[str, Prepared]]]
) -> list[tuple[Filed, list[Prepared]]]:
    texts: list[str] = []
    spans: list[list[tuple[int, int]]] = []
    for filed, stored in waiting:
        for passage in filed.passages:
            text = embedded_text(filed.document, passage)
            if text not in stored:
                offset = len(text) - len(passage.text)
                texts.append(text)
                spans.append([(start + offset, end + offset) for start, end in sentence_spans(passage.text)])
    vectors, sentences = encoder.encode_spans(texts, spans)
    fresh = iter(
        Prepared(vector.astype("<f4").tobytes(), rows.tobytes(), pack_terms(text))
        for text, vector, rows in zip(texts, vectors, sentences, strict=True)
    )
    result = []
    for filed, stored in waiting:
        keys = (embedded_text(filed.document, passage) for passage in filed.passages)
        result.append((filed, [stored[key] if key in stored else next(fresh) for key in keys]))
    return result
