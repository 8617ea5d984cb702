"""A document's own address is kept only where the trust file lists its host; the document is read all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.sync.reconcile import Progress
from knowledge.library.library import Library
from knowledge.passages import OPERATOR
from tests.ingest.conftest import Level, write

OURS, THEIRS = "https://fernhill.example/lettings.pdf", "https://evil.ly/pay"
HOSTS = ("fernhill.example",)


def urls(library: Library) -> dict[str, str | None]:
    return {document.file_name: document.url for document in library.documents(OPERATOR)}


@pytest.fixture
def papers(shelf: Path) -> Path:
    """One address of ours and one of theirs, in front matter and in sidecars."""
    (shelf / "ours.md").write_text(f"---\nurl: {OURS}\n---\n\nHirers pay.\n")
    (shelf / "theirs.md").write_text(f"---\nurl: {THEIRS}\n---\n\nHirers pay.\n")
    write(shelf, beside="Hirers pay.", beside_theirs="Hirers pay.")
    (shelf / "beside.md.yaml").write_text(f"url: {OURS}\n")
    (shelf / "beside_theirs.md.yaml").write_text(f"url: {THEIRS}\n")
    return shelf


def test_an_address_of_a_host_that_is_not_listed_is_left_out_with_a_note(
    library: Library, papers: Path, level: Level
) -> None:
    summary = level(hosts=HOSTS)
    assert summary.whole
    assert urls(library) == {"ours.md": OURS, "theirs.md": None, "beside.md": OURS, "beside_theirs.md": None}
    assert summary.unlinked == (("beside_theirs.md", THEIRS), ("theirs.md", THEIRS))


def test_by_default_no_address_is_shown(library: Library, papers: Path, level: Level) -> None:
    assert len(level().unlinked) == 4
    assert set(urls(library).values()) == {None}


def test_a_host_that_is_listed_no_more_is_left_out_before_anything_is_read_and_comes_back(
    library: Library, papers: Path, level: Level
) -> None:
    level(hosts=HOSTS)
    states: list[set[str | None]] = []

    def tell(_: Progress) -> None:
        states.append(set(urls(library).values()))

    level(hosts=("other.example",), progress=tell)
    assert states
    assert set().union(*states) == {None}
    level(hosts=HOSTS)
    assert urls(library)["ours.md"] == OURS
