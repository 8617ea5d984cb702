"""A refused file is not read again while it and its reader stay the same."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.metadata.describe import FolderRule
from ingest.sync import plan
from ingest.sync.reconcile import Progress, Summary
from ingest.sync.scan import Root
from knowledge.library.library import Library
from knowledge.passages import EVERYONE, OPERATOR, Audience, Names
from tests.ingest.conftest import Level, write

BOARD = Audience(frozenset({"board"}))
BAD = b"%PDF-1.7\n" + b"no more of it " * 40


def read_of(level: Level, *roots: Root, **options: object) -> tuple[Summary, set[str]]:
    """What a sync did, and the names of the files that it read."""
    read: set[str] = set()

    def tell(progress: Progress) -> None:
        read.add(progress.name)

    return level(*roots, progress=tell, **options), read


def bad(shelf: Path, count: int = 3) -> None:
    for number in range(count):
        (shelf / f"bad-{number}.pdf").write_bytes(BAD + str(number).encode())


def test_refused_files_are_told_again_and_not_read_again(library: Library, shelf: Path, level: Level) -> None:
    write(shelf, good="Words.")
    bad(shelf)
    first, read = read_of(level)
    assert read == {"good.md", "bad-0.pdf", "bad-1.pdf", "bad-2.pdf"}
    again, read = read_of(level)
    assert read == set()
    assert again.refused == first.refused
    assert len(first.refused) == 3
    assert again.unchanged == 1


def test_a_touched_one_is_known_by_its_bytes(library: Library, shelf: Path, level: Level) -> None:
    bad(shelf, 1)
    first = level()
    os.utime(shelf / "bad-0.pdf", (1_700_000_000, 1_700_000_000))
    touched, _ = read_of(level)
    assert touched.refused == first.refused
    assert next(iter(library.log.refused().values())).modified == 1_700_000_000
    assert read_of(level)[1] == set()


def test_a_mended_one_goes_in_and_is_forgotten(library: Library, shelf: Path, level: Level) -> None:
    path = shelf / "rules.md"
    path.write_bytes(b"\x00\x01\x02" * 50)
    assert level().refused
    path.write_text("Walk in the corridor.")
    assert level().whole
    assert [document.file_name for document in library.documents(OPERATOR)] == ["rules.md"]
    assert library.log.refused() == {}


def test_a_removed_one_is_forgotten(library: Library, shelf: Path, level: Level) -> None:
    bad(shelf, 2)
    level()
    (shelf / "bad-0.pdf").unlink()
    level()
    assert [Path(file.source).name for file in library.log.refused().values()] == ["bad-1.pdf"]


def test_a_new_version_of_trustbot_tries_again(
    library: Library, shelf: Path, level: Level, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad(shelf, 1)
    level()
    assert read_of(level)[1] == set()
    for file in library.log.refused().values():
        library.log.refuse(replace(file, reader="an earlier one"))
    assert read_of(level)[1] == {"bad-0.pdf"}
    assert {file.reader for file in library.log.refused().values()} == {plan.reader()}


def test_a_new_rule_or_a_new_sidecar_has_it_read_again(library: Library, shelf: Path, level: Level) -> None:
    (shelf / "trip.md").write_text("---\nschool: thornbury\n---\n\nWe go out.\n")
    names = Names("Trust", {"oak": ("Oakfield",)})
    assert "thornbury" in level(names=names).refused[0].reason
    assert read_of(level, names=names)[1] == set()
    summary, read = read_of(level, names=Names("Trust", {"thornbury": ("Thornbury",)}))
    assert (read, summary.whole) == ({"trip.md"}, True)
    (shelf / "trip.md.yaml").write_text("kind: polisy\n")
    assert "polisy" in level().refused[0].reason
    assert read_of(level)[1] == set()
    (shelf / "trip.md.yaml").write_text("kind: policy\n")
    assert level(names=Names("Trust", {"thornbury": ("Thornbury",)})).whole


def test_one_that_is_named_itself_is_tried_again(library: Library, shelf: Path, level: Level) -> None:
    bad(shelf, 1)
    level()
    assert read_of(level, Root(shelf, FolderRule(EVERYONE)))[1] == set()
    assert read_of(level, Root(shelf / "bad-0.pdf", FolderRule(EVERYONE)))[1] == {"bad-0.pdf"}


def test_one_that_could_not_be_opened_is_tried_again(library: Library, shelf: Path, level: Level) -> None:
    write(shelf, rules="Walk in the corridor.")
    (shelf / "rules.md").chmod(0)
    if os.access(shelf / "rules.md", os.R_OK):
        pytest.skip("the superuser may read everything")
    assert level().refused
    (shelf / "rules.md").chmod(0o600)
    assert level().whole


def test_the_last_good_version_goes_on_answering_and_is_closed_with_its_folder(
    library: Library, shelf: Path, level: Level
) -> None:
    write(shelf, rules="Walk in the corridor.")
    level()
    (shelf / "rules.md").write_bytes(b"\x00\x01\x02" * 50)
    for _ in range(2):
        assert "The last version that could be read goes on answering." in level().refused[0].reason
        assert len(library.documents(OPERATOR)) == 1
    level(Root(shelf, FolderRule(BOARD)))
    assert library.documents(OPERATOR) == ()


def test_a_file_that_only_grew_too_large_for_hashing_is_not_opened(shelf: Path, level: Level) -> None:
    with (shelf / "huge.pdf").open("wb") as huge:
        huge.write(b"%PDF-1.7\n")
        huge.truncate(500_000_000)
    assert "500 MB" in level().refused[0].reason
    assert read_of(level)[1] == set()
