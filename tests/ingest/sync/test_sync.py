"""Bringing the library level with its folders."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from filelock import FileLock
from sqlalchemy import Engine

from ingest.metadata.describe import FolderRule
from ingest.sync.reconcile import Busy, Progress, sync
from ingest.sync.scan import Root, within
from knowledge.library.library import Library
from knowledge.passages import EVERYONE, OPERATOR, Audience, Document, Kind, Names, Reader, Status
from tests.ingest.conftest import Level, snapshot, write
from tests.knowledge.books import Lottery

BOARD = Audience(frozenset({"board"}))


def names_of(library: Library) -> set[str]:
    return {document.file_name for document in library.documents(OPERATOR)}


def text_of(library: Library, file_name: str) -> str:
    entry = next(each for each in library.entries().values() if each.document.file_name == file_name)
    digest = entry.document.digest[:8]
    ids = [f"{entry.document.id}-{digest}-{at}" for at in range(entry.passages)]
    return "\n".join(passage.text for passage in library.passages(OPERATOR, ids).values())


def document_of(library: Library, file_name: str) -> Document:
    return next(each for each in library.documents(OPERATOR) if each.file_name == file_name)


def test_a_folder_goes_in_whole_and_a_second_sync_changes_nothing(library: Library, shelf: Path, level: Level) -> None:
    write(shelf, uniform="Blazers are blue.", trips__residential="We go to the hills.")
    first = level()
    assert [Path(each).name for each in first.added] == ["residential.md", "uniform.md"]
    assert first.whole
    assert (first.passages, names_of(library)) == (2, {"uniform.md", "residential.md"})
    before = library.generation()
    second = level()
    assert (second.unchanged, second.added, second.changed, second.removed) == (2, (), (), ())
    assert library.generation() == before


def test_either_database_ends_level(engine: Engine, shelf: Path) -> None:
    library, roots = Library(engine, Lottery()), [Root(shelf, FolderRule(EVERYONE))]
    write(shelf, one="The old words.", two="Other words.")
    assert len(sync(library, roots).added) == 2
    write(shelf, one="The new words of this year.")
    (shelf / "two.md").unlink()
    summary = sync(library, roots)
    assert (len(summary.changed), len(summary.removed)) == (1, 1)
    assert text_of(library, "one.md") == "The new words of this year."
    os.utime(shelf / "one.md", (1_700_000_000.123, 1_700_000_000.123))
    assert [sync(library, roots).unchanged for _ in range(2)] == [1, 1]
    assert next(iter(library.entries().values())).modified == (shelf / "one.md").stat().st_mtime


def test_a_changed_file_is_replaced_whole_and_a_removed_one_disappears(
    library: Library, shelf: Path, level: Level
) -> None:
    write(shelf, one="The old words.", two="Other words.", three="More words.")
    level()
    write(shelf, one="The new words of this year.")
    (shelf / "two.md").unlink()
    (shelf / "three.md").rename(shelf / "four.md")
    summary = level()
    assert [Path(each).name for each in summary.changed] == ["one.md"]
    assert {Path(each).name for each in summary.removed} == {"two.md", "three.md"}
    assert names_of(library) == {"one.md", "four.md"}
    assert text_of(library, "one.md") == "The new words of this year."


def test_a_touched_file_costs_a_hash_and_is_known_again_by_its_time(
    library: Library, shelf: Path, level: Level
) -> None:
    write(shelf, one="The same words.")
    level()
    entry = next(iter(library.entries().values()))
    os.utime(shelf / "one.md", (1_700_000_000, 1_700_000_000))
    assert level().unchanged == 1
    after = next(iter(library.entries().values()))
    assert (after.generation, after.modified) == (entry.generation, 1_700_000_000)
    generation = library.generation()
    level()
    assert library.generation() == generation


def test_the_same_words_in_two_places_are_two_documents(library: Library, shelf: Path, level: Level) -> None:
    write(shelf, a__rules="The same words.", b__rules="The same words.")
    level()
    assert len(library.documents(OPERATOR)) == 2


def test_taking_the_latest_version_away_puts_the_one_before_in_force(
    library: Library, shelf: Path, level: Level
) -> None:
    for year in (2019, 2022):
        (shelf / f"uniform-policy-{year}.md").write_text(f"# Uniform policy\n\nAdopted: May {year}\n\nWear blue.\n")
    level()
    assert {each.date: each.in_force for each in library.documents(OPERATOR)} == {
        date(2019, 5, 1): False,
        date(2022, 5, 1): True,
    }
    (shelf / "uniform-policy-2022.md").unlink()
    level()
    assert [each.in_force for each in library.documents(OPERATOR)] == [True]


def test_a_changed_sidecar_changes_the_document_and_not_its_vectors(
    library: Library, sqlite_engine: Engine, shelf: Path, level: Level
) -> None:
    write(shelf, rules="Walk in the corridor.")
    level()
    vectors = [row[-3:] for row in snapshot(sqlite_engine)[1]]
    (shelf / "rules.md.yaml").write_text("kind: policy\ndate: 5/4/2021\n", "utf-8")
    assert len(level().changed) == 1
    document = document_of(library, "rules.md")
    assert (document.kind, document.date) == (Kind.POLICY, date(2021, 4, 5))
    assert [row[-3:] for row in snapshot(sqlite_engine)[1]] == vectors
    (shelf / "rules.md.yaml").unlink()
    level()
    assert document_of(library, "rules.md").kind is Kind.OTHER


def test_a_new_rule_for_the_folder_reaches_what_lies_in_it(library: Library, shelf: Path, level: Level) -> None:
    write(shelf, rules="Walk in the corridor.")
    level()
    everyone = Reader.of({"everyone"})
    assert library.documents(everyone)
    level(Root(shelf, FolderRule(BOARD, status=Status.DRAFT)))
    assert library.documents(everyone) == ()
    assert document_of(library, "rules.md").status is Status.DRAFT


def test_other_names_of_schools_are_read_anew(library: Library, shelf: Path, level: Level) -> None:
    (shelf / "trips.md").write_text("# Thornbury Primary School\n\nTrips policy\n\nWe go out.\n")
    level()
    assert document_of(library, "trips.md").school is None
    level(names=Names("Trust", {"thorn": ("Thornbury Primary School",)}))
    assert document_of(library, "trips.md").school == "thorn"


def test_another_encoder_embeds_all_again(library: Library, sqlite_engine: Engine, shelf: Path, level: Level) -> None:
    write(shelf, rules="Walk in the corridor.")
    level()
    other = Library(sqlite_engine, Lottery("other", 16))
    summary = sync(other, [Root(shelf, FolderRule(EVERYONE))])
    assert len(summary.changed) == 1
    assert {entry.encoder for entry in other.entries().values()} == {"other"}


# --- what seems to be gone ---


def test_an_empty_folder_deletes_nothing_unless_that_is_meant(library: Library, shelf: Path, level: Level) -> None:
    write(shelf, one="Some words.", two="Other words.")
    level()
    for path in shelf.iterdir():
        path.unlink()
    summary = level()
    assert not summary.whole
    assert summary.withheld == (
        f"{shelf} is empty: 2 documents stay in the library. If that is meant, sync again with --allow-empty.",
    )
    assert len(library.documents(OPERATOR)) == 2
    assert len(level(allow_empty=True).removed) == 2
    assert level().whole


def test_a_folder_that_is_not_there_deletes_nothing_unless_that_is_meant(
    library: Library, shelf: Path, level: Level
) -> None:
    write(shelf, one="Some words.")
    level()
    shelf.rename(shelf.with_name("away"))
    summary = level()
    assert (len(summary.withheld), len(library.documents(OPERATOR))) == (1, 1)
    assert summary.refused[0].reason == f"There is nothing at {shelf}, or it cannot be reached."
    shelf.with_name("away").rename(shelf)
    assert level().unchanged == 1
    shelf.rename(shelf.with_name("away"))
    summary = level(allow_empty=True)
    assert summary.whole
    assert len(summary.removed) == 1


def test_when_most_files_vanish_at_once_they_stay_and_new_ones_go_in(
    library: Library, shelf: Path, level: Level
) -> None:
    write(shelf, **{f"paper{at}": f"Words of paper {at}." for at in range(12)})
    level()
    for at in range(9):
        (shelf / f"paper{at}.md").unlink()
    write(shelf, fresh="New words.")
    summary = level()
    assert "has only 4 of 12 files left: 9 documents stay" in summary.withheld[0]
    assert len(summary.added) == 1
    assert len(library.documents(OPERATOR)) == 13


def test_moving_everything_into_other_folders_is_no_vanishing(library: Library, shelf: Path, level: Level) -> None:
    write(shelf, **{f"paper{at}": f"Words of paper {at}." for at in range(12)})
    level()
    (shelf / "new").mkdir()
    for path in list(shelf.glob("*.md")):
        path.rename(shelf / "new" / path.name)
    assert level().whole
    assert len(library.documents(OPERATOR)) == 12


def test_a_drive_that_is_not_mounted_leaves_an_empty_folder_and_deletes_nothing(
    library: Library, shelf: Path, level: Level
) -> None:
    write(shelf, **{f"paper{at}": "Words." for at in range(9)}, **{f"drive__paper{at}": "Words." for at in range(5)})
    level()
    for path in (shelf / "drive").iterdir():
        path.unlink()
    assert "drive is empty: 5 documents stay" in level().withheld[0]
    assert len(library.documents(OPERATOR)) == 14


def test_only_what_was_named_is_touched(library: Library, tmp_path: Path, shelf: Path, level: Level) -> None:
    write(shelf, one="Some words.", two="Other words.")
    level()
    write(tmp_path / "desk", letter="Dear all.")
    (shelf / "two.md").unlink()
    level(Root(tmp_path / "desk", FolderRule(EVERYONE)))
    assert names_of(library) == {"one.md", "two.md", "letter.md"}
    level(Root(tmp_path / "desk" / "letter.md", FolderRule(EVERYONE)))
    assert names_of(library) == {"one.md", "two.md", "letter.md"}


def test_a_folder_that_left_the_trust_file_goes_out_and_what_was_added_by_hand_stays(
    library: Library, tmp_path: Path, shelf: Path, level: Level
) -> None:
    write(shelf, policies__one="Some words.", slt__two="Other words.")
    write(tmp_path / "desk", letter="Dear all.")
    policies, slt = (Root(shelf / each, FolderRule(EVERYONE)) for each in ("policies", "slt"))
    level(policies, slt, reconcile=True)
    level(Root(tmp_path / "desk", FolderRule(EVERYONE)))
    level(policies)
    assert names_of(library) == {"one.md", "two.md", "letter.md"}
    level(policies, reconcile=True)
    assert names_of(library) == {"one.md", "letter.md"}
    level(policies, reconcile=True)
    assert names_of(library) == {"one.md", "letter.md"}


# --- whose rule holds ---


def test_a_file_belongs_to_the_deepest_folder_that_has_a_rule(library: Library, shelf: Path, level: Level) -> None:
    write(shelf, open="For all.", closed__secret="For the board.")
    level(Root(shelf, FolderRule(EVERYONE)), Root(shelf / "closed", FolderRule(BOARD)))
    assert {each.file_name for each in library.documents(Reader.of({"everyone"}))} == {"open.md"}
    assert document_of(library, "secret.md").audience == BOARD


def test_a_path_named_by_hand_keeps_the_trusts_rules_within_it(library: Library, shelf: Path, level: Level) -> None:
    write(shelf, open="For all.", closed__deep__secret="For the board.")
    trust = [Root(shelf / "closed", FolderRule(BOARD))]
    for named in (shelf, shelf / "closed" / "deep", shelf / "closed" / "deep" / "secret.md"):
        level(*within([named], trust, FolderRule(EVERYONE)))
        assert document_of(library, "secret.md").audience == BOARD
    assert len(library.documents(OPERATOR)) == 2


# --- one at a time, and how far it is ---


def test_a_second_sync_of_the_same_home_is_refused_in_a_sentence(home: Path, level: Level) -> None:
    with FileLock(home / "sync.lock"), pytest.raises(Busy, match=r"Another sync of this library is running\."):
        level()
    assert level().whole


def test_progress_tells_files_bytes_rate_and_time_left(shelf: Path, level: Level) -> None:
    write(shelf, **{f"paper{at}": "Words. " * 50 for at in range(5)})
    seen: list[Progress] = []
    ticks = iter(range(1000))
    level(progress=seen.append, clock=lambda: float(next(ticks)))
    assert [each.left for each in seen if not each.bytes] == [None] * 5
    assert seen[-1].left == 0
    assert seen[-1].rate > 0
    assert (seen[-1].files, seen[-1].bytes) == (seen[-1].files_total, seen[-1].bytes_total) == (5, seen[0].bytes_total)
    assert [each.files for each in seen] == sorted(each.files for each in seen)


def test_files_of_the_same_size_and_time_are_not_opened(library: Library, shelf: Path, level: Level) -> None:
    write(shelf, **{f"paper{at}": f"Words of paper {at}." for at in range(40)})
    level()
    for path in shelf.iterdir():
        state = path.stat()
        path.write_bytes(b"x" * state.st_size)
        os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert level().unchanged == 40
    assert text_of(library, "paper0.md") == "Words of paper 0."
