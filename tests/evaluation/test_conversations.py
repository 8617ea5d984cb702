"""Follow-ups do as well as the same questions asked whole, within five points, and show nobody what he may not read."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from knowledge.embedding.encoder import Encoder
from tests.evaluation import conversations
from tests.evaluation.__main__ import TODAY
from tests.evaluation.build import build


def test_there_are_sixty_conversations_and_each_has_its_own_name() -> None:
    turns = conversations.load()
    assert len({each.id for each in turns}) == len(turns) >= 60
    assert all(each.context for each in turns)


@pytest.mark.slow
def test_follow_ups_lose_at_most_five_points(tmp_path: Path, encoder: Encoder) -> None:
    built = build(tmp_path, encoder, TODAY)
    pairs = conversations.measure(built.answerer, built.reader, time.perf_counter)
    assert conversations.share(pairs, 0) >= conversations.share(pairs, 1) - 0.05
    facts = [sum(pair[side].facts for pair in pairs) / len(pairs) for side in (0, 1)]
    assert facts[0] >= facts[1] - 0.05
    assert not any(turn.leak or twin.leak for turn, twin in pairs)
