"""How well minutes are read, in figures: minutes that we write ourselves, in many layouts and formats, with gold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.config.trust import load as load_trust
from bot.demo.sample import TRUST_FILE
from bot.meetings.notes.proposals import propose_file
from ingest.readers.read import read_file
from tests.evaluation.minutes.__main__ import measure, report
from tests.evaluation.minutes.cases import HELD_OUT, Format, files, load
from tests.evaluation.minutes.measure import compare, figures, quotes


@pytest.mark.parametrize(
    "kind", ["md", pytest.param("docx", marks=pytest.mark.slow), pytest.param("pdf", marks=pytest.mark.slow)]
)
def test_actions_owners_and_dates_are_read_in_every_layout(kind: Format, tmp_path: Path) -> None:
    trust = load_trust(TRUST_FILE)
    results = []
    for case in load():
        one = case.model_copy(update={"formats": (kind,)})
        known_trust = trust if case.trust else None
        results += [compare(case, path.name, propose_file(path, known_trust).proposal) for path in files(one, tmp_path)]
    known = figures(results)
    assert len({each.case.id for each in results}) >= 6
    assert min(known.f1, known.owners, known.dues, known.meetings, known.done) >= 0.95, report(results, True)
    assert known.words >= 0.9, report(results, True)
    assert abs(known.decisions - known.decisions_gold) <= 0.05 * known.decisions_gold


def test_a_task_that_is_narration_shows_in_the_figures(tmp_path: Path) -> None:
    case = next(each for each in load() if each.id == "narration")
    proposal = propose_file(next(files(case, tmp_path)), load_trust(TRUST_FILE)).proposal
    told = replace(proposal, actions=tuple(replace(each, task=f"{each.quote} Thanks.") for each in proposal.actions))
    assert figures([compare(case, "right", proposal)]).words == 1.0
    assert figures([compare(case, "narrated", told)]).words < 0.5


def test_layouts_that_are_held_out_are_measured_apart(tmp_path: Path) -> None:
    assert {each.id for each in load(HELD_OUT)}.isdisjoint({each.id for each in load()})
    results = measure(HELD_OUT)
    assert "parish" in report(results, True)
    assert figures(results).f1 >= 0.8, report(results, True)


def test_every_quote_is_a_line_of_the_file(tmp_path: Path) -> None:
    trust = load_trust(TRUST_FILE)
    for case in load():
        path = next(files(case, tmp_path))
        lines = {block.text for block in read_file(path).blocks}
        proposal = propose_file(path, trust).proposal
        assert proposal.actions
        assert set(quotes(proposal)) <= lines


def test_a_wrong_proposal_shows_in_the_figures(tmp_path: Path) -> None:
    case = next(each for each in load() if each.id == "bullets")
    wrong = case.model_copy(update={"actions": case.actions[1:]})
    proposal = propose_file(next(files(case, tmp_path)), load_trust(TRUST_FILE)).proposal
    assert figures([compare(case, "right", proposal)]).f1 == 1.0
    assert figures([compare(wrong, "one too many", proposal)]).precision < 1.0


def test_an_empty_folder_gives_no_figures(tmp_path: Path) -> None:
    assert measure(tmp_path) == []
