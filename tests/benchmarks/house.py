"""A library as the running bot has it: SQLite, embedded Chroma, and an Answerer over both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from bot.runtime import db
from ingest.metadata.describe import FolderRule
from ingest.sync.reconcile import Summary, sync
from ingest.sync.scan import Root
from knowledge.answer.retrieve import Search
from knowledge.embedding.encoder import Encoder
from knowledge.index.chroma import index as chroma_index
from knowledge.index.chroma.index import ChromaIndex
from knowledge.library.library import Library
from knowledge.passages import EVERYONE, Names
from knowledge.pipeline import Answerer

TODAY = date(2026, 11, 23)
PATIENCE_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class House:
    """One home with its library and what answers from it."""

    home: Path
    engine: Engine
    library: Library
    index: ChromaIndex
    answerer: Answerer

    def sync(self, paths: list[Path]) -> Summary:
        """Bring the library level with these files and folders."""
        return sync(self.library, [Root(path, FolderRule(EVERYONE)) for path in paths], home=self.home)

    def level(self) -> None:
        """Wait until Chroma holds all that the library holds."""
        if not self.index.wait(PATIENCE_SECONDS):
            raise TimeoutError(self.index.problem or "Chroma did not follow the library.")


@contextmanager
def house(home: Path, encoder: Encoder) -> Iterator[House]:
    """A house in the folder `home`."""
    home.mkdir(parents=True, exist_ok=True)
    engine = db.make_engine(f"sqlite:///{home / 'trustbot.sqlite'}")
    db.upgrade(engine)
    index = chroma_index.embedded(engine, encoder, home)
    library = Library(engine, encoder, index)
    search = Search(library, encoder, Names(), lambda: TODAY)
    index.start()
    try:
        yield House(home, engine, library, index, Answerer(search))
    finally:
        index.close()
        engine.dispose()
