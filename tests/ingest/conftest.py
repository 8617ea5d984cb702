"""A folder of small documents and a library to bring level with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from ingest.metadata.describe import FolderRule
from ingest.sync.reconcile import Summary, sync
from ingest.sync.scan import Root
from knowledge.library.library import Library
from knowledge.library.tables import DocumentRow, PassageRow
from knowledge.passages import EVERYONE
from tests.knowledge.books import Lottery

Level = Callable[..., Summary]
Snapshot = tuple[list[tuple[object, ...]], list[tuple[object, ...]]]


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """An empty library folder."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    return folder.resolve()


@pytest.fixture
def library(sqlite_engine: Engine) -> Library:
    """A library whose vectors mean nothing, so that nothing here waits for an encoder."""
    return Library(sqlite_engine, Lottery())


@pytest.fixture
def level(library: Library, shelf: Path, home: Path) -> Level:
    """Bring the library level with the shelf, or with other roots."""

    def levelling(*roots: Root, **options: object) -> Summary:
        return sync(library, roots or [Root(shelf, FolderRule(EVERYONE))], home=home, **options)  # type: ignore[arg-type]

    return levelling


def write(folder: Path, **texts: str) -> None:
    """Write Markdown documents: name -> text, `__` in a name for a folder."""
    for name, text in texts.items():
        path = folder / f"{name.replace('__', '/')}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n\n{text}\n", "utf-8")


def snapshot(engine: Engine) -> Snapshot:
    """All that the library holds, but for how it came about: the rows of documents and passages."""
    passing = {"generation", "revised", "modified"}
    with engine.connect() as connection:
        columns = [column for column in DocumentRow.__table__.columns if column.name not in passing]
        documents = [tuple(row) for row in connection.execute(select(*columns).order_by(DocumentRow.id))]
        columns = list(PassageRow.__table__.columns)
        passages = [tuple(row) for row in connection.execute(select(*columns).order_by(PassageRow.id))]
    return documents, passages
