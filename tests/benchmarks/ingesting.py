"""How fast files go in: against the bare encoder, against the usual chain, and when nothing has changed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from knowledge.embed import Encoder, weights_folder
from knowledge.passages import OPERATOR
from knowledge.prepared import embedded_text
from tests.benchmarks.files import notes
from tests.benchmarks.house import House, house
from tests.benchmarks.report import Measured, at_least, seconds, under


def ingest(folder: Path, encoder: Encoder, files: Sequence[Path]) -> Iterator[Measured]:
    """Read, split, encode, store and index these files, against encoding the same passages and nothing else."""
    with house(folder / "ingest", encoder) as ours:
        begun = time.perf_counter()
        summary = ours.sync(list(files))
        ours.level()
        whole = time.perf_counter() - begun
        texts = passages(ours)
    bare = seconds(lambda: encoder.encode(texts))
    absolute = f"{len(texts) / whole:.0f} of {len(texts) / bare:.0f} passages/s; {len(texts)} from {len(files)} files"
    yield at_least("ingest : bare encoder", 0.9, bare / whole, absolute)
    words = sum(len(text.split()) for text in texts)
    chain, chunks = usual_chain(folder / "chain", [path for path in files if path.suffix == ".pdf"])
    share = sum(path.suffix == ".pdf" for path in files) / len(files)
    absolute = (
        f"{len(files) / whole:.1f} : {len(files) * share / chain:.1f} files/s; {words / whole:.0f} words/s; "
        f"the chain made {chunks} chunks"
    )
    yield at_least("ingest : usual chain", 3, chain / (whole * share), absolute)
    if summary.refused:
        raise ValueError(f"not all files went in: {summary.refused}")


def passages(ours: House) -> list[str]:
    """Every passage of a library as it was encoded."""
    documents = {document.id: document for document in ours.library.documents(OPERATOR)}
    ids = [each for change in ours.library.changes({}).put for each, _, _ in change.terms]
    found = ours.library.passages(OPERATOR, ids).values()
    return [embedded_text(documents[passage.document_id], passage) for passage in found]


def usual_chain(folder: Path, files: Sequence[Path]) -> tuple[float, int]:
    """Seconds and chunks of LangChain's PDF loader, recursive splitter, HuggingFace embeddings and Chroma."""
    from langchain_chroma import Chroma
    from langchain_community.document_loaders import PyPDFLoader
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    embeddings = HuggingFaceEmbeddings(model_name=str(weights_folder()))
    embeddings.embed_query("warm")
    begun = time.perf_counter()
    pages = [page for file in files for page in PyPDFLoader(str(file)).load()]
    chunks = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_documents(pages)
    Chroma.from_documents(chunks, embeddings, persist_directory=str(folder))
    return time.perf_counter() - begun, len(chunks)


def unchanged(folder: Path, encoder: Encoder, count: int) -> Iterator[Measured]:
    """Sync a library of `count` files again when none of them has changed."""
    notes(folder / "notes", count)
    with house(folder / "unchanged", encoder) as ours:
        first = seconds(lambda: ours.sync([folder / "notes"]))
        ours.level()
        again = min(seconds(lambda: ours.sync([folder / "notes"])) for _ in range(3))
    yield under(f"re-sync of {count} unchanged files", 1, again, f"first sync {first:.1f} s", " s")
