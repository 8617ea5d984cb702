"""What Trustbot says of itself holds on a fresh install."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine

from bot.demo.workspace.block_rules.tables import faults_in_blocks
from bot.home import blocks
from ingest.sync.framework import put_framework
from knowledge.answer.retrieve import Search
from knowledge.library.library import Library
from knowledge.passages import Names, Outcome, Reader
from knowledge.pipeline import Answerer

if TYPE_CHECKING:
    from knowledge.embedding.encoder import Encoder


@pytest.fixture
def answerer(sqlite_engine: Engine, encoder: Encoder) -> Answerer:
    library = Library(sqlite_engine, encoder)
    put_framework(library)
    return Answerer(Search(library, encoder, Names(), lambda: date(2026, 11, 22)))


def test_every_suggested_question_is_answered(answerer: Answerer) -> None:
    everyone = Reader.of({"everyone"})
    outcomes = {question: answerer.answer(question, everyone).outcome for _, question in blocks.PROMPTS}
    assert outcomes == dict.fromkeys(outcomes, Outcome.ANSWERED)
    assert 1 <= len(blocks.PROMPTS) <= 4


def test_help_names_every_way_to_ask() -> None:
    text, message = blocks.guidance()
    assert faults_in_blocks(message, "message") == []
    assert text
    for way in ("Messages tab", "/trust ask", "@Trustbot", "Ask Trustbot about this"):
        assert way in str(message)


def test_help_says_when_a_model_writes_and_where_to_read_what_it_is_sent() -> None:
    _, message = blocks.guidance("ollama:llama")
    said = str(message)
    assert "written by the language model ollama:llama" in said
    assert "Nothing leaves the trust's own machine" not in said
    assert "Nothing leaves the trust's own machine" in str(blocks.guidance()[1])
