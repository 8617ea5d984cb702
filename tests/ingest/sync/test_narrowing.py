"""What fewer may read is taken from the others before anything is read, whatever lies beside it."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock

from ingest.metadata.describe import FolderRule
from ingest.sync.reconcile import Busy, Progress
from ingest.sync.scan import Root
from knowledge.library.library import Library
from knowledge.passages import EVERYONE, OPERATOR, Audience, Reader
from tests.ingest.conftest import Level, write

BOARD = Audience(frozenset({"board"}))
STAFF, BOARDS = Reader.of({"everyone"}), Reader.of({"board"})


def seen(library: Library, reader: Reader) -> set[str]:
    return {document.file_name for document in library.documents(reader)}


def slow(folder: Path) -> None:
    """A file of many passages that comes first by its name."""
    (folder / "a-slow.md").write_text("Words go on and on.\n\n" * 3_000, "utf-8")


def narrowing_is_in_force_at_the_first_word(
    library: Library, level: Level, shelf: Path, narrow: FolderRule | None = None
) -> None:
    """Of each file that is read, what those saw who may read nothing of it any more when its reading was told of."""
    states: list[tuple[str, set[str], set[str]]] = []

    def tell(progress: Progress) -> None:
        states.append((progress.name, seen(library, STAFF), seen(library, BOARDS)))

    slow(shelf)
    level(Root(shelf, narrow or FolderRule(EVERYONE)), progress=tell)
    assert states, "nothing was read"
    assert [name for name, staff, _ in states if "secret.md" in staff] == []


def test_a_folder_that_fewer_may_read_is_closed_before_a_slow_file_is_read(
    library: Library, shelf: Path, level: Level
) -> None:
    write(shelf, secret="For the board alone.")
    level()
    assert seen(library, STAFF) == {"secret.md"}
    narrowing_is_in_force_at_the_first_word(library, level, shelf, FolderRule(BOARD))
    assert "secret.md" in seen(library, BOARDS)


def test_a_sidecar_that_fewer_may_read_by_closes_before_a_slow_file_is_read(
    library: Library, shelf: Path, level: Level
) -> None:
    write(shelf, secret="For the board alone.")
    level()
    (shelf / "secret.md.yaml").write_text("audience: board\n")
    narrowing_is_in_force_at_the_first_word(library, level, shelf)
    assert seen(library, BOARDS) == {"secret.md"}


def test_a_removed_file_is_out_before_a_slow_file_is_read(library: Library, shelf: Path, level: Level) -> None:
    write(shelf, secret="For the board alone.", other="Words.")
    level()
    (shelf / "secret.md").unlink()
    narrowing_is_in_force_at_the_first_word(library, level, shelf)


def test_front_matter_that_narrows_is_in_force_before_what_is_new_is_read(
    library: Library, shelf: Path, level: Level
) -> None:
    write(shelf, secret="For the board alone.")
    level()
    (shelf / "secret.md").write_text("---\naudience: board\n---\n\nFor the board alone.\n")
    states: list[set[str]] = []
    slow(shelf)
    level(progress=lambda told: states.append(seen(library, STAFF)) if told.name == "a-slow.md" else None)
    assert states
    assert "secret.md" not in states[0]


def test_nobody_may_read_what_neither_rule_opens_to_them(library: Library, shelf: Path, level: Level) -> None:
    write(shelf, secret="For some.")
    level(Root(shelf, FolderRule(Audience(frozenset({"board", "heads"})))))
    states: list[tuple[bool, bool, bool]] = []

    def tell(_: Progress) -> None:
        states.append(tuple(bool(seen(library, Reader.of({who}))) for who in ("board", "heads", "clerks")))  # type: ignore[arg-type]

    level(Root(shelf, FolderRule(Audience(frozenset({"heads", "clerks"})))), progress=tell)
    assert states[0] == (False, True, False)
    assert [bool(seen(library, Reader.of({who}))) for who in ("board", "heads", "clerks")] == [False, True, True]
    states.clear()
    level(Root(shelf, FolderRule(BOARD)), progress=tell)
    assert states[0] == (False, False, False)
    assert seen(library, BOARDS) == {"secret.md"}


def test_a_narrowing_that_is_taken_back_before_it_was_read_is_opened_again(
    library: Library, shelf: Path, level: Level
) -> None:
    write(shelf, secret="For all after all.")
    level()
    document = library.documents(OPERATOR)[0]
    library.restrict({document.id: BOARD})
    assert seen(library, STAFF) == set()
    assert level().changed
    assert seen(library, STAFF) == {"secret.md"}


def test_a_sidecar_that_narrows_while_files_are_read_is_in_force_before_the_next_one(
    library: Library, shelf: Path, level: Level
) -> None:
    write(shelf, secret="For the board alone.")
    level()
    write(shelf, one="Words.", two="More words.", zoo="Yet more words.")
    ticks = iter(range(0, 1_000_000, 1_000))
    states: list[tuple[str, set[str]]] = []

    def tell(progress: Progress) -> None:
        states.append((progress.name, seen(library, STAFF)))
        (shelf / "secret.md.yaml").write_text("audience: board\n")

    level(progress=tell, clock=lambda: float(next(ticks)))
    assert [("secret.md" in staff) for _, staff in states] == [True] + [False] * (len(states) - 1)
    assert len(states) > 2
    assert level().whole
    assert "secret.md" in seen(library, BOARDS)


def test_a_narrowing_does_not_wait_for_another_sync_that_reads(
    library: Library, shelf: Path, home: Path, level: Level
) -> None:
    write(shelf, secret="For the board alone.")
    level()
    with FileLock(home / "sync.lock"):
        try:
            level(Root(shelf, FolderRule(BOARD)))
        except Busy:
            pass
        else:
            raise AssertionError("another sync was running")
    assert seen(library, STAFF) == set()
    assert seen(library, BOARDS) == {"secret.md"}
