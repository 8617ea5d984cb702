"""The figures count what they say, and the sample trust keeps to its floor."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from knowledge.embedding.encoder import Encoder
from knowledge.passages import EVERYONE, Answer, Citation, Document, Kind, Outcome
from tests.evaluation.__main__ import QUESTIONS, TODAY, main
from tests.evaluation.build import build
from tests.evaluation.cases import Case, load
from tests.evaluation.measure import Result, ask, figures

NOWHERE = Answer(Outcome.NOT_FOUND, "")


def _citing(outcome: Outcome, *files: str) -> Answer:
    documents = (Document(each, each, each, each, Kind.POLICY, EVERYONE, each) for each in files)
    return Answer(outcome, "", tuple(Citation("20 minutes", each.id, each, (), 1) for each in documents))


def _result(expect: str, answer: Answer, *, first: bool = False, third: bool = False, facts: bool = False) -> Result:
    documents = ["a.pdf"] if expect == "answered" else []
    case = Case.model_validate({"id": "x", "question": "How long?", "expect": expect, "documents": documents})
    return Result(case, answer, 0.0, first, third, facts, leak=False)


def test_figures_count_by_what_was_expected() -> None:
    answered = _citing(Outcome.ANSWERED, "a.pdf")
    found = figures(
        [
            _result("answered", answered, first=True, third=True, facts=True),
            _result("answered", _citing(Outcome.CLOSEST, "b.pdf", "a.pdf"), third=True),
            _result("answered", NOWHERE),
            _result("answered", answered, first=True, third=True, facts=True),
            _result("not_found", NOWHERE),
            _result("not_found", answered),
            _result("signpost", _citing(Outcome.SIGNPOST)),
            _result("signpost", NOWHERE),
        ]
    )
    assert (found.answerable, found.unanswerable, found.signposts) == (4, 2, 2)
    assert (found.hit_first, found.hit_third, found.facts) == (0.5, 0.75, 0.5)
    assert (found.answered, found.closest, found.missed) == (0.5, 0.25, 0.25)
    assert (found.false_answers, found.said_not_found, found.signposted) == (0.5, 0.5, 0.5)
    assert (found.false_signposts, found.leaks) == (0, 0)


def test_a_folder_and_questions_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "dogs.md").write_text("# Dogs policy\n\nOnly guide dogs may come on site. The clerk keeps the list.\n")
    cases = tmp_path / "cases.yaml"
    cases.write_text(
        "- {id: a, question: 'Which dogs may come?', expect: answered, documents: [dogs.md], facts: [[guide]]}"
    )
    assert main(["--cases", str(cases), "--library", str(folder), "--json"]) == 0
    assert '"hit_first": 1.0' in capsys.readouterr().out


@pytest.mark.slow
def test_the_sample_trust_keeps_to_its_floor(tmp_path: Path, encoder: Encoder) -> None:
    built = build(tmp_path, encoder, TODAY)
    results = [ask(case, built.answerer, built.reader(case.person), time.perf_counter) for case in load(QUESTIONS)]
    found = figures(results)
    assert found.leaks == 0
    assert found.signposted == 1.0
    assert (found.hit_third or 0) >= 0.85
    assert (found.facts or 0) >= 0.8
    assert (found.false_answers or 0) <= 0.15
