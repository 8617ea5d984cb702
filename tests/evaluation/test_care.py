"""Masking, contradictions, standard answers and the lens keep to their floors on our own cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.evaluation import disagree, lens, personal, standard

if TYPE_CHECKING:
    from knowledge.embedding.encoder import Encoder


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


def test_principles_are_found_better_than_by_plain_cosine(encoder: Encoder) -> None:
    looked = lens.measure(encoder)
    for held, first, three in ((False, 0.8, 0.9), (True, 0.55, 0.85)):
        part = [each for each in looked if each.held is held]
        assert len([each for each in part if each.accepted]) >= 15
        assert lens.share(part, lambda each: each.order, 1) >= first
        assert lens.share(part, lambda each: each.order, 3) >= three
        for count in (1, 3):
            plain = lens.share(part, lambda each: each.plain, count)
            assert lens.share(part, lambda each: each.order, count) > plain
    none = [each for each in looked if not each.accepted]
    assert sum(not each.shown for each in none) >= 0.9 * len(none)
