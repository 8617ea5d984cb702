"""Builds the library that an evaluation asks: the sample trust's or any folder's, through the real ingest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.config.trust import Trust, load
from bot.runtime import db
from ingest.metadata.describe import FolderRule
from ingest.readers.markdown import read_markdown
from ingest.readers.split import split
from ingest.sync.reconcile import Summary, sync
from ingest.sync.scan import Root
from knowledge.answer.retrieve import Search
from knowledge.embedding.encoder import Encoder
from knowledge.library.library import Library
from knowledge.passages import EVERYONE, OPERATOR, Names, Passage, Reader
from knowledge.pipeline import Answerer
from knowledge.safety import check
from knowledge.school.framework.documents import documents
from tests.conftest import ENCODER_CACHE

SAMPLE = Path(__file__).resolve().parent.parent.parent / "bot" / "demo" / "sample" / "trust.yaml"


@dataclass(frozen=True)
class Built:
    """A library that is ready to be asked; `reader` turns a case's person into what he may read."""

    library: Library
    search: Search
    answerer: Answerer
    reader: Callable[[str | None], Reader]
    summary: Summary


def build(home: Path, encoder: Encoder, today: date, folder: Path | None = None) -> Built:
    """The sample trust with the framework, or one folder that everyone may read, in the empty folder `home`."""
    engine = db.make_engine(f"sqlite:///{home / 'trustbot.sqlite'}")
    db.upgrade(engine)
    library = Library(engine, encoder)
    trust = load(SAMPLE) if folder is None else None
    names = trust.names if trust else Names()
    roots = _of(trust) if trust else [Root(folder or Path(), FolderRule(EVERYONE))]
    summary = sync(library, roots, names=names)
    if trust:
        _put_framework(library)
    search = Search(library, encoder, names, lambda: today)

    def reader(person: str | None) -> Reader:
        if trust is None or person is None:
            return OPERATOR
        return trust.reader(trust.person(person))

    return Built(library, search, Answerer(search, None, check.load(encoder, ENCODER_CACHE)), reader, summary)


def _of(trust: Trust) -> list[Root]:
    return [
        Root(
            trust.folder / each.path,
            FolderRule(trust.audience("+".join(each.audience)), each.kind, each.school, each.status),
        )
        for each in trust.library
    ]


def _put_framework(library: Library) -> None:
    for document, text in documents():
        pieces = split(read_markdown(text.encode()))
        library.put(
            document,
            [
                Passage(f"{document.id}:{n}", document.id, n, piece.text, piece.heading, piece.page, piece.header)
                for n, piece in enumerate(pieces)
            ],
        )
