"""What the benchmarks measure is real: synthetic libraries answer, and generated files go in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from knowledge.passages import OPERATOR, Outcome
from knowledge.text.sentences import sentence_spans
from tests.benchmarks import files
from tests.benchmarks.answering import READER
from tests.benchmarks.house import house
from tests.benchmarks.ingesting import passages
from tests.benchmarks.report import at_least, under
from tests.benchmarks.synthetic import fill

if TYPE_CHECKING:
    from knowledge.embedding.encoder import Encoder


@pytest.mark.slow
def test_a_synthetic_library_is_whole_and_answers(home: Path, encoder: Encoder) -> None:
    with house(home, encoder) as built:
        fill(built.engine, encoder, 130)
        built.level()
        status = built.library.status()
        assert (status.documents, status.passages, status.stale) == (4, 130, 0)
        found = built.library.passages(OPERATOR, list(passages(built)))
        vectors = built.library.sentence_vectors(OPERATOR, list(found))
        assert {key: len(rows) for key, rows in vectors.items()} == {
            key: len(sentence_spans(passage.text)) for key, passage in found.items()
        }
        asked = [" ".join(passage.text.split("\n")[-1].split()[:14]) for passage in list(found.values())[:20]]
        outcomes = [built.answerer.answer(question, READER).outcome for question in asked]
        assert outcomes.count(Outcome.NOT_FOUND) < 5


@pytest.mark.slow
def test_generated_files_go_in_whole(home: Path, tmp_path: Path, encoder: Encoder) -> None:
    made = files.pdfs(tmp_path, 2)
    with house(home, encoder) as built:
        summary = built.sync(made)
        built.level()
        assert len(summary.added) == 2
        assert summary.refused == ()
        assert {document.pages for document in built.library.documents(OPERATOR)} <= {4, 5, 6, 7}


def test_a_figure_says_whether_its_aim_is_met() -> None:
    assert at_least("x", 3, 3.0, "").met
    assert not at_least("x", 3, 2.99, "").met
    assert under("x", 2, 1.99, "").met
    assert not under("x", 2, 2.0, "").met
