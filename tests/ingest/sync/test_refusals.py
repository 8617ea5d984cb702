"""Bad files: each is refused by name with its reason, and the rest goes in."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from ingest.isolated.reader import ReaderProcess
from ingest.metadata.describe import FolderRule
from ingest.readers.reading import Unreadable
from ingest.sync.scan import Root
from knowledge.library.library import Library
from knowledge.passages import EVERYONE, OPERATOR, Audience, Reader
from tests.ingest.conftest import Level, write

BOARD = Audience(frozenset({"board"}))
GOOD = "Walk in the corridor."


def zip_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"0" * 300_000_000)


def encrypted_pdf(path: Path) -> None:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(path)


def hostile(folder: Path, outside: Path) -> dict[str, str]:
    """Fill the folder with bad files; returns the name of each with words of the reason."""
    (folder / "empty.pdf").touch()
    (folder / "corrupt.pdf").write_bytes(b"%PDF-1.7\n" + os.urandom(5000))
    encrypted_pdf(folder / "locked.pdf")
    (folder / "picture.docx").write_bytes(b"\x89PNG\r\n\x1a\n" + os.urandom(500))
    (folder / "sheet.xlsx").write_bytes(b"PK\x03\x04" + os.urandom(500))
    zip_bomb(folder / "bomb.docx")
    with (folder / "huge.pdf").open("wb") as huge:
        huge.write(b"%PDF-1.7\n")
        huge.truncate(500_000_000)
    (folder / "passwd.txt").symlink_to(outside)
    (folder / "nowhere.txt").symlink_to(outside.with_name("missing"))
    (folder / "bell\x07 and\nline.txt").write_text("Words.")
    (folder / "turned\u202ecod.txt").write_text("Words.")
    (folder / "bad.md.yaml").write_text("kind: polisy\n")
    (folder / "bad.md").write_text("Words.")
    os.mkfifo(folder / "pipe.txt")
    return {
        "empty.pdf": "empty",
        "corrupt.pdf": "damaged",
        "locked.pdf": "password",
        "picture.docx": "",
        "sheet.xlsx": "",
        "bomb.docx": "unpacks",
        "huge.pdf": "500 MB",
        "passwd.txt": "outside this folder",
        "nowhere.txt": "leads nowhere",
        r"bell\x07 and\nline.txt": "cannot be seen",
        r"turned\u202ecod.txt": "cannot be seen",
        "bad.md": "bad.md.yaml, line 1, kind: 'polisy' is no kind of document",
        "pipe.txt": "no file",
    }


def test_each_bad_file_is_refused_by_name_and_the_rest_goes_in(
    library: Library, tmp_path: Path, shelf: Path, level: Level
) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("Not for this library.")
    reasons = hostile(shelf, outside)
    write(shelf, good=GOOD)
    summary = level()
    assert {each.name for each in summary.refused} == set(reasons)
    for each in summary.refused:
        assert reasons[each.name] in each.reason, each
        assert each.reason.endswith(".")
    assert not summary.whole
    assert [each.file_name for each in library.documents(OPERATOR)] == ["good.md"]
    again = level()
    assert (again.unchanged, len(again.refused)) == (1, len(reasons))


def test_what_programs_leave_behind_is_passed_over_in_silence(library: Library, shelf: Path, level: Level) -> None:
    for name in (".DS_Store", "Thumbs.db", "~$report.docx", ".hidden.md", "a.tmp", "a.pdf.crdownload", "good.md.yaml"):
        (shelf / name).write_text("# nothing\n")
    write(shelf, good=GOOD, **{".git__notes": "Words."})
    (shelf / "__MACOSX").mkdir()
    (shelf / "__MACOSX" / "good.md").write_text("Words.")
    (shelf / "same.md").symlink_to(shelf / "good.md")
    assert level().whole
    assert [each.file_name for each in library.documents(OPERATOR)] == ["good.md"]


def test_a_file_and_a_folder_that_may_not_be_read_are_refused_and_stay(
    library: Library, shelf: Path, level: Level
) -> None:
    write(shelf, one="Words.", closed__two="Words.")
    level()
    (shelf / "one.md").write_text("Other words.")
    (shelf / "one.md").chmod(0)
    if os.access(shelf / "one.md", os.R_OK):
        pytest.skip("the superuser may read everything")
    (shelf / "closed").chmod(0)
    try:
        summary = level()
    finally:
        (shelf / "closed").chmod(0o700)
    assert {each.name for each in summary.refused} == {"one.md", "closed"}
    assert len(library.documents(OPERATOR)) == 2


def test_a_file_that_turns_bad_answers_by_its_last_good_version_until_it_is_mended(
    library: Library, shelf: Path, level: Level
) -> None:
    write(shelf, rules=GOOD)
    level()
    (shelf / "rules.md").write_bytes(b"")
    summary = level()
    assert "The last version that could be read goes on answering." in summary.refused[0].reason
    assert summary.removed == ()
    assert len(library.documents(OPERATOR)) == 1
    write(shelf, rules="Run in the corridor.")
    assert level().whole


def test_a_file_that_turns_bad_in_a_folder_that_fewer_may_read_goes_out(
    library: Library, shelf: Path, level: Level
) -> None:
    write(shelf, rules=GOOD)
    level()
    (shelf / "rules.md").write_bytes(b"")
    summary = level(Root(shelf, FolderRule(BOARD)))
    assert "It does not answer until that is mended." in summary.refused[0].reason
    assert library.documents(OPERATOR) == ()


def test_a_mistake_in_the_sidecar_takes_the_document_out_until_it_is_mended(
    library: Library, shelf: Path, level: Level
) -> None:
    write(shelf, rules=GOOD)
    level()
    sidecar = shelf / "rules.md.yaml"
    sidecar.write_text("audience: board\nstaus: draft\n")
    summary = level()
    assert "rules.md.yaml, line 2, staus" in summary.refused[0].reason
    assert len(summary.removed) == 1
    assert library.documents(OPERATOR) == ()
    sidecar.write_text("audience: board\nstatus: draft\n")
    assert level().whole
    assert library.documents(Reader.of({"everyone"})) == ()
    assert len(library.documents(Reader.of({"board"}))) == 1


def test_a_link_to_the_library_itself_is_no_way_out_of_it(library: Library, shelf: Path, level: Level) -> None:
    write(shelf, open__one="Words.", closed__two="Words.")
    (shelf / "open" / "link").symlink_to(shelf / "closed", target_is_directory=True)
    (shelf / "open" / "round").symlink_to(shelf / "open", target_is_directory=True)
    summary = level(Root(shelf / "open", FolderRule(EVERYONE)))
    assert [each.name for each in summary.refused] == ["link"]
    assert [each.file_name for each in library.documents(OPERATOR)] == ["one.md"]


def test_a_path_where_nothing_is_is_refused(tmp_path: Path, level: Level) -> None:
    summary = level(Root(tmp_path / "nowhere.pdf", FolderRule(EVERYONE)))
    assert [each.name for each in summary.refused] == ["nowhere.pdf"]


def test_a_file_that_hangs_its_reader_is_stopped_and_the_next_one_is_read(shelf: Path) -> None:
    write(shelf, one=GOOD, long="Words go on. " * 400_000)
    with ReaderProcess(seconds=-60.0) as aside, pytest.raises(Unreadable, match="took too long"):
        aside.load(shelf / "long.md", 0)
    with ReaderProcess() as aside:
        first = aside.load(shelf / "one.md", 100)
        assert first
        assert [piece.text for piece in first.pieces] == [GOOD]
        assert aside.load(shelf / "one.md", 100, first.digest[:32]) is None
        assert aside._process
        aside._process.kill()
        aside._process.wait()
        assert aside.load(shelf / "one.md", 100) == first
