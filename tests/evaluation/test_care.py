"""Masking, contradictions and standard answers keep to their floors on our own cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.evaluation import disagree, personal, standard

if TYPE_CHECKING:
    from knowledge.embed import Encoder


def test_masking_keeps_to_its_floor() -> None:
    results = personal.measure()
    assert len(results) >= 240
    known = [each for each in results if not each.case.held]
    held = [each for each in results if each.case.held]
    precision, recall = personal.figures(known)
    assert precision >= 0.95
    assert recall >= 0.97
    precision, recall = personal.figures(held)
    assert precision >= 0.9
    assert recall >= 0.7


def test_contradictions_are_found_precisely(encoder: Encoder) -> None:
    pairs = disagree.measure(encoder)
    assert [each for each in pairs if each.found and not each.contradict] == []
    assert sum(each.found for each in pairs) >= 20


def test_a_standard_answer_goes_to_its_own_question_and_no_other(encoder: Encoder) -> None:
    pairs = standard.measure(encoder)
    assert [each for each in pairs if each.given and not each.same] == []
    assert sum(each.given for each in pairs) >= 18
