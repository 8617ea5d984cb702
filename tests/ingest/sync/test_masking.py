"""A document's pupils' names are masked before it goes in; the file on the disk is not touched."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, text

from ingest.metadata.describe import FolderRule
from ingest.sync.scan import Root
from knowledge.library.library import Library
from knowledge.passages import EVERYONE, OPERATOR
from tests.ingest.conftest import Level, write

WORDS = "Zara Quillfeather in Year 5 was suspended for two days. Her mother came in."


def kept(engine: Engine) -> str:
    with engine.connect() as connection:
        rows = [
            *connection.execute(text("SELECT * FROM documents")),
            *connection.execute(text("SELECT * FROM passages")),
        ]
    return str([tuple(row) for row in rows])


def test_names_are_masked_in_text_headings_and_title(
    sqlite_engine: Engine, library: Library, shelf: Path, level: Level
) -> None:
    path = shelf / "panel.md"
    path.write_text(f"# Exclusion of Zara Quillfeather\n\n## Case of Zara Quillfeather\n\n{WORDS}\n", "utf-8")
    summary = level()
    assert summary.masked == (("panel.md", 4),)
    assert "Quillfeather" not in kept(sqlite_engine)
    assert "Quillfeather" in path.read_text("utf-8")
    (document,) = library.documents(OPERATOR)
    assert document.title == "Exclusion of Pupil A"
    assert document.masked == 4
    (passage, _) = next(iter(library.contents(OPERATOR, document.id).values()))
    assert passage.text == "Pupil A in Year 5 was suspended for two days. Her mother came in."
    assert level().unchanged == 1


def test_a_folder_may_have_it_off_and_staff_are_known(sqlite_engine: Engine, shelf: Path, level: Level) -> None:
    write(shelf, panel=WORDS)
    assert level(Root(shelf, FolderRule(EVERYONE, mask=False))).masked == ()
    assert "Quillfeather" in kept(sqlite_engine)
    assert level().masked == (("panel.md", 1),), "switched on, it is read again"
    assert "Quillfeather" not in kept(sqlite_engine)
    assert level(staff=["Zara Quillfeather"]).masked == ()
    assert "Quillfeather" in kept(sqlite_engine)
