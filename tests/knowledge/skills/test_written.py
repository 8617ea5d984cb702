"""Summaries and explanations that a model writes: what an answer says of itself stays with the model's words."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence

import pytest

from knowledge.answer.retrieve import Search
from knowledge.llm.providers import connect
from knowledge.llm.writer import Writer
from knowledge.passages import Answer, Outcome
from knowledge.pipeline import CLOSEST, DEFINED, Answerer, following, lines, proofs
from tests.knowledge.skills import papers
from tests.model_server.server import ModelServer, Reply, serving

SUMMARY = "Summarise the lettings policy"
CHANGES = "What has changed in the lettings policy?"
PLAIN = "Explain when the LADO is contacted for a new teaching assistant"
SAID = {
    SUMMARY: (
        "Smoking and vaping are not allowed on the site.",
        "Smoking and vaping are not allowed anywhere on the site.",
    ),
    PLAIN: (
        "The LADO is contacted within one working day.",
        "The local authority designated officer (LADO) is contacted within one working day.",
    ),
}


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with serving() as server:
        yield server


class Asked:
    """Questions to a library with a model, and what was heard while it wrote."""

    def __init__(self, search: Search, server: ModelServer) -> None:
        model = connect("ollama:test", server.base("ollama"), 20, time.monotonic)
        self.answerer = Answerer(search, Writer(model, lambda: True, lambda *_: None))
        self.server = server
        self.heard: list[str] = []

    def writes(self, question: str, claims: Sequence[tuple[str, str]]) -> Answer:
        def script(asked: object) -> Reply:
            sources = getattr(asked, "words", "").split(" begins]")
            found = [
                {"text": words, "quote": quote, "passage": number}
                for words, quote in claims
                for number, source in enumerate(sources[1:], start=1)
                if quote in source
            ]
            return Reply(json.dumps({"kind": "answer", "claims": found, "ask": ""}))

        self.server.script = script
        return self.answerer.answer(question, papers.STAFF, heard=self.heard.append)

    def fails(self, question: str) -> Answer:
        self.server.script = lambda _: Reply(fault=503)
        return self.answerer.answer(question, papers.STAFF, heard=self.heard.append)


@pytest.fixture
def asked(search: Search, server: ModelServer) -> Asked:
    return Asked(search, server)


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        (SUMMARY, ["Lettings Policy: 10 March 2026, 6 pages, due for review by 31 March 2028."]),
        (PLAIN, ["The words are explained first", "The words\nlocal authority designated officer"]),
    ],
)
def test_what_an_answer_says_of_itself_stays_with_a_models_words(asked: Asked, question: str, kept: list[str]) -> None:
    words, quote = SAID[question]
    answer = asked.writes(question, [SAID[question]])
    for each in (words.rstrip("."), quote, *kept):
        assert each in answer.text
    # What is said first is heard first, so that a stream need not be written anew.
    assert asked.heard == lines(answer)
    assert answer.text.index(kept[0]) < answer.text.index(words.rstrip("."))
    assert quote in proofs(answer)[0].quote
    assert len(proofs(answer)) == 1
    assert "own words, " not in answer.text
    for part in answer.parts:
        assert all(number < len(answer.citations) for number in part.citations)


def test_versions_beside_each_other_are_not_a_models_to_put(asked: Asked) -> None:
    asked.server.asked.clear()
    quoted = asked.answerer.answer(CHANGES, papers.STAFF, quoted=True)
    claims = [("A deposit of £50 is taken.", "A deposit of £50 is taken for a single event.")]
    assert asked.writes(CHANGES, claims) == quoted
    assert asked.server.asked == []


def test_the_quotes_that_bear_out_the_words_stay_behind_a_models_own(asked: Asked) -> None:
    question = "Explain when staff report a concern to the DSL for a new teaching assistant"
    answer = asked.writes(
        question, [("Staff report it at once.", "Staff report a concern to the DSL in person at once.")]
    )
    assert len(set(answer.citations)) == len(answer.citations)
    for part in following(answer):
        assert part.heading == DEFINED
        assert all(answer.citations[number].quote in answer.text for number in part.citations)


@pytest.mark.parametrize("question", [SUMMARY, PLAIN])
def test_where_a_model_fails_the_answer_is_whole(asked: Asked, question: str) -> None:
    quoted = asked.answerer.answer(question, papers.STAFF, quoted=True)
    answer = asked.fails(question)
    assert (answer.parts, answer.citations, answer.outcome) == (quoted.parts, quoted.citations, quoted.outcome)
    assert answer.text.endswith(quoted.text)
    assert "The language model failed." in answer.text


def test_a_document_that_was_named_is_summed_up_whatever_a_model_makes_of_it(asked: Asked) -> None:
    answer = asked.writes(SUMMARY, [])
    assert answer.outcome is Outcome.ANSWERED
    assert CLOSEST not in answer.text
