"""Minutes that lie in a folder never give their Part B to the folder's audience."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ingest.metadata.describe import FolderRule
from ingest.minutes.part_b import part
from ingest.readers.read import read_file
from ingest.readers.reading import Reading
from ingest.sync.reconcile import Summary, sync
from ingest.sync.scan import Root
from ingest.sync.writer import Writer
from knowledge.library.library import Library
from knowledge.passages import EVERYONE, OPERATOR, Audience, Document, Kind, Reader
from tests.knowledge.books import Lottery

MINUTES = """\
# Oakfield LGB: minutes of the meeting on 15 October 2026

## 6. Policies

The lettings policy was approved.

## STAFFING MATTERS (PART B)

A settlement of £9,000 for the caretaker.
"""
STAFF, KEEPER = Reader.of({"everyone", "staff"}), Reader.of({"everyone", "person:kay"})


class Kay:
    """The Part B is Kay's; `keys` are opened."""

    def __init__(self, readers: str = "person:kay") -> None:
        self.keys: dict[datetime.date, set[str]] = {}
        self.who = readers

    def readers(self, document: Document, reading: Reading) -> Audience:
        return Audience(frozenset({self.who}))

    def opened(self, day: datetime.date | None) -> Collection[str]:
        return self.keys.get(day, set()) if day else ()

    def version(self, audience: Audience) -> str:
        return self.who


def level(library: Library, shelf: Path, part_b: Kay | None, kind: Kind | None = Kind.MINUTES) -> Summary:
    return sync(library, [Root(shelf, FolderRule(EVERYONE, kind))], part_b=part_b)


def words(library: Library, reader: Reader) -> str:
    texts = []
    for document in library.documents(reader):
        passages = library.contents(reader, document.id).values()
        texts += [document.title, *(passage.text for passage, _ in passages)]
        texts += [" ".join(passage.heading) for passage, _ in passages]
    return "\n".join(texts)


@pytest.fixture
def books(engine: Engine) -> Library:
    return Library(engine, Lottery())


def test_a_closed_section_is_a_document_of_its_own_and_hints_at_nothing(books: Library, shelf: Path) -> None:
    (shelf / "lgb-minutes-2026-10-15.md").write_text(MINUTES, "utf-8")
    summary = level(books, shelf, Kay())
    assert (len(summary.added), summary.whole) == (1, True)
    told = words(books, STAFF)
    assert "lettings policy" in told
    assert not any(secret in told for secret in ("£9,000", "caretaker", "PART B", "STAFFING", "Part B"))
    assert "£9,000" in words(books, KEEPER)
    before = books.generation()
    assert level(books, shelf, Kay()).unchanged == 1
    assert books.generation() == before


def test_without_a_trust_file_it_is_the_operators_alone(books: Library, shelf: Path) -> None:
    (shelf / "lgb-minutes-2026-10-15.md").write_text(MINUTES, "utf-8")
    level(books, shelf, None)
    assert "£9,000" not in words(books, Reader.of({"everyone", "staff", "person:kay"}))
    assert "£9,000" in words(books, OPERATOR)


def test_its_readers_change_with_the_trust_and_what_is_opened_joins_the_rest(books: Library, shelf: Path) -> None:
    (shelf / "lgb-minutes-2026-10-15.md").write_text(MINUTES, "utf-8")
    level(books, shelf, Kay())
    assert len(level(books, shelf, Kay("person:lou")).changed) == 1
    assert "£9,000" not in words(books, KEEPER)
    lou = Kay("person:lou")
    (section,) = part(read_file(shelf / "lgb-minutes-2026-10-15.md")).sections
    lou.keys[datetime.date(2026, 10, 15)] = {section.key}
    assert len(level(books, shelf, lou).changed) == 1
    assert "£9,000" in words(books, STAFF)
    assert len(books.documents(OPERATOR)) == 1
    assert level(books, shelf, lou).unchanged == 1


def test_a_part_b_that_is_gone_from_its_file_or_with_it_is_gone(books: Library, shelf: Path) -> None:
    file = shelf / "lgb-minutes-2026-10-15.md"
    file.write_text(MINUTES, "utf-8")
    (shelf / "slt-minutes-2026-10-16.md").write_text("# SLT minutes 16 October 2026\n\nThe rota.\n", "utf-8")
    level(books, shelf, Kay())
    file.write_text(MINUTES.partition("## STAFFING")[0], "utf-8")
    level(books, shelf, Kay())
    assert "£9,000" not in words(books, OPERATOR)
    file.write_text(MINUTES, "utf-8")
    level(books, shelf, Kay())
    file.unlink()
    assert level(books, shelf, Kay()).removed == (str(file),)
    assert [each.file_name for each in books.documents(OPERATOR)] == ["slt-minutes-2026-10-16.md"]


def test_minutes_that_were_whole_in_the_library_are_closed_before_the_open_part_stands_alone(
    books: Library, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shelf / "lgb-minutes-2026-10-15.md").write_text(MINUTES, "utf-8")
    level(books, shelf, Kay(), Kind.POLICY)
    assert "£9,000" in words(books, STAFF)

    class Killed(Exception):
        """The process ends here."""

    def killed(self: object, *rest: object) -> None:
        raise Killed

    monkeypatch.setattr(Writer, "_done", killed)
    with pytest.raises(Killed):
        level(books, shelf, Kay())
    monkeypatch.undo()
    level(books, shelf, Kay())
    assert "£9,000" not in words(books, STAFF)
    assert "£9,000" in words(books, KEEPER)


def test_a_file_that_is_confidential_whole_has_the_part_b_s_readers(books: Library, shelf: Path) -> None:
    (shelf / "Part B minutes 2026-10-15.md").write_text("# LGB, 15 October 2026\n\nThe caretaker leaves.\n", "utf-8")
    level(books, shelf, Kay())
    assert words(books, STAFF) == ""
    assert "caretaker" in words(books, KEEPER)


def test_a_policy_with_a_part_b_is_no_minutes(books: Library, shelf: Path) -> None:
    (shelf / "pay-policy.md").write_text("# Pay policy\n\n## Part B: allowances\n\nTwo allowances.\n", "utf-8")
    level(books, shelf, Kay(), Kind.POLICY)
    assert "Two allowances." in words(books, STAFF)
