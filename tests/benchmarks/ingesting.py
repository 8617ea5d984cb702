"""How fast files go in: against the bare encoder, against the usual chain, and when nothing has changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from knowledge.embedding.encoder import Encoder, weights_folder
from knowledge.library.prepared import embedded_text
from knowledge.passages import OPERATOR
from tests.benchmarks.files import notes
from tests.benchmarks.house import House, house
from tests.benchmarks.report import Measured, at_least, seconds, under


def ingest(folder: Path, encoder: Encoder, files: Sequence[Path], rounds: int = 2) -> Iterator[Measured]:
    """Read, split, encode, store and index these files, against encoding alone and against the usual chain.

    The files go in by `rounds` parts and the three ways take turns, so that all see the same machine.
    """
    chain = UsualChain(folder / "chain")
    ours_seconds = bare_seconds = chain_seconds = ours_on_pdfs = 0.0
    texts: dict[str, str] = {}
    with house(folder / "ingest", encoder) as ours:
        for part in (files[start::rounds] for start in range(rounds)):
            for share in ([path for path in part if path.suffix == ".pdf"], [p for p in part if p.suffix != ".pdf"]):
                if not share:
                    continue
                taken = seconds(partial(_in, ours, share))
                ours_seconds += taken
                if share[0].suffix == ".pdf":
                    ours_on_pdfs += taken
                    chain_seconds += seconds(partial(chain.take, share))
            fresh = {key: text for key, text in passages(ours).items() if key not in texts}
            bare_seconds += seconds(partial(encoder.encode, list(fresh.values())))
            texts |= fresh
    pdfs = sum(path.suffix == ".pdf" for path in files)
    absolute = f"{len(texts) / ours_seconds:.0f} : {len(texts) / bare_seconds:.0f} passages/s, {len(files)} files"
    yield at_least("ingest : bare encoder", 0.9, bare_seconds / ours_seconds, absolute)
    absolute = f"{pdfs / ours_on_pdfs:.1f} : {pdfs / chain_seconds:.1f} files/s; the chain made {chain.chunks} chunks"
    yield at_least("ingest : usual chain", 3, chain_seconds / ours_on_pdfs, absolute)


def _in(ours: House, files: Sequence[Path]) -> None:
    summary = ours.sync(list(files))
    if summary.refused:
        raise ValueError(f"not all files went in: {summary.refused}")
    ours.level()


def passages(ours: House) -> dict[str, str]:
    """Every passage of a library as it was encoded, by id."""
    documents = {document.id: document for document in ours.library.documents(OPERATOR)}
    ids = [each for change in ours.library.changes({}).put for each, _, _ in change.terms]
    found = ours.library.passages(OPERATOR, ids).values()
    return {passage.id: embedded_text(documents[passage.document_id], passage) for passage in found}


class UsualChain:
    """LangChain's PDF loader, recursive splitter, HuggingFace embeddings and Chroma, on the same weights."""

    def __init__(self, folder: Path) -> None:
        from langchain_huggingface import HuggingFaceEmbeddings

        self._folder = folder
        self._embeddings = HuggingFaceEmbeddings(model_name=str(weights_folder()))
        self._embeddings.embed_query("warm")
        self.chunks = 0

    def take(self, files: Sequence[Path]) -> None:
        """Bring these PDFs into the chain's own Chroma."""
        from langchain_chroma import Chroma
        from langchain_community.document_loaders import PyPDFLoader
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        pages = [page for file in files for page in PyPDFLoader(str(file)).load()]
        chunks = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_documents(pages)
        Chroma.from_documents(chunks, self._embeddings, persist_directory=str(self._folder))
        self.chunks += len(chunks)


def unchanged(folder: Path, encoder: Encoder, count: int) -> Iterator[Measured]:
    """Sync a library of `count` files again when none of them has changed."""
    notes(folder / "notes", count)
    with house(folder / "unchanged", encoder) as ours:
        first = seconds(lambda: ours.sync([folder / "notes"]))
        ours.level()
        again = min(seconds(lambda: ours.sync([folder / "notes"])) for _ in range(3))
    yield under(f"re-sync of {count} unchanged files", 1, again, f"first sync {first:.1f} s", " s")
