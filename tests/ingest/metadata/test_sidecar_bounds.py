"""What is declared beside a document is bytes from outside as well: it is bounded before it is believed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.metadata.declared import Declared, from_sidecar, sidecar_of
from ingest.metadata.describe import FolderRule
from ingest.readers.reading import Unreadable
from ingest.sync.plan import SyncContext
from ingest.sync.scan import FoundFile, Root
from knowledge.passages import EVERYONE, Names
from tests.attacks import files


def declared(tmp_path: Path, text: str) -> str:
    """Why a sidecar of this text is refused."""
    path = tmp_path / "rules.md"
    sidecar_of(path).write_text(text, encoding="utf-8")
    with pytest.raises(Unreadable) as refused:
        from_sidecar(path, Names())
    return str(refused.value)


@pytest.mark.parametrize("key", Declared.model_fields)
def test_aliases_are_never_written_out(tmp_path: Path, key: str) -> None:
    """Written out, nine levels of nine would be 387 million values."""
    bomb = files.yaml_bomb(depth=9).replace("title:", "a:")
    assert f"{key}: write words" in declared(tmp_path, f"{bomb}{key}: *a9\n")
    assert "not valid YAML" in declared(tmp_path, f"{key}: &a [*a]\n")


def test_brackets_without_end_and_too_much_text_are_refused(tmp_path: Path) -> None:
    assert "not valid YAML" in declared(tmp_path, files.deep_yaml(9_000))
    assert "far too long" in declared(tmp_path, "title: " + "a" * 30_000)


@pytest.mark.parametrize("key", ["kind", "date", "status"])
def test_a_refusal_shows_no_more_of_a_value_than_a_reader_can_take_in(tmp_path: Path, key: str) -> None:
    reason = declared(tmp_path, f"{key}: " + "very long " * 1_500)
    assert len(reason) < 400
    assert "write" in reason


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders here")
def test_nobody_waits_for_a_pipe_that_lies_there(tmp_path: Path) -> None:
    path = tmp_path / "rules.md"
    path.write_text("Words.")
    os.mkfifo(sidecar_of(path))
    with pytest.raises(Unreadable, match="cannot be read"):
        from_sidecar(path, Names())
    found = FoundFile(path, Root(tmp_path, FolderRule(EVERYONE)), 6, 0.0, sidecar=True)
    assert len(SyncContext(Names(), None).of(found)) == 32
