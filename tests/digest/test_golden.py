"""The digests of the sample trust's autumn term are those that were read by eye; `python -m tests.digest.golden`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from knowledge.embedding.encoder import Encoder
from tests.digest.golden import GOLDEN, texts

SCHOOLS = ("Oakfield", "Riverside", "Hazel Lane", "Westbrook", "Fernside")
TWO_MINUTES = 460


@pytest.mark.slow
def test_they_are_as_they_were_read(encoder: Encoder, tmp_path: Path) -> None:
    made = texts(encoder, tmp_path)
    assert set(made) == {path.stem for path in GOLDEN.glob("*.txt")}
    for channel, text in made.items():
        assert text == (GOLDEN / f"{channel}.txt").read_text(encoding="utf-8"), channel
    for channel in ("executive", "heads"):
        weeks = made[channel].split("== #")[1:]
        assert len(weeks) == 15
        for week in weeks:
            overview = re.sub(r"\s+", " ", week.split("In the thread:")[0])
            assert all(school in overview for school in SCHOOLS), week
            assert len(overview.split()) <= TWO_MINUTES, week
