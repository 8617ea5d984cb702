"""The evaluation of written answers: what it reports is what happened."""

from __future__ import annotations

import pytest

from tests.evaluation.__main__ import QUESTIONS
from tests.evaluation.cases import load
from tests.evaluation.written import measure, report


@pytest.mark.slow
def test_every_quote_is_true_and_nothing_made_up_is_shown() -> None:
    cases = load(QUESTIONS)[::9]
    results, _ = measure(cases)
    asked = [each for each in results if each.asked]
    assert len(asked) >= 10
    assert sum(each.true for each in results) == sum(each.cited for each in results)
    assert not any(each.leak for each in results)
    assert "made-up claims shown                                      0 of" in report(results)
    assert any(each.answer.written and each.answer.written.claims for each in results)
