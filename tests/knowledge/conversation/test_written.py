"""Summaries, explanations and comparisons that a model writes: what no model says stays with its words."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence

import pytest

from knowledge.answer import CLOSEST, Answerer, following, lines, proofs
from knowledge.passages import Answer, Outcome
from knowledge.search import Search
from knowledge.written.providers import connect
from knowledge.written.writer import Writer
from tests.knowledge.conversation import papers
from tests.model_server.server import ModelServer, Reply, serving

SUMMARY = "Summarise the lettings policy"
CHANGES = "What has changed in the lettings policy?"
PLAIN = "Explain when the LADO is contacted for a new teaching assistant"
SAID = {
    SUMMARY: (
        "Smoking and vaping are not allowed on the site.",
        "Smoking and vaping are not allowed anywhere on the site.",
    ),
    CHANGES: ("A deposit of £100 is taken.", "A deposit of £100 is taken for a single event."),
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
        (CHANGES, ["sentence by sentence", "Was £50, now £100", "Was 10 working days, now 15 working days", "Gone"]),
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


def test_each_quote_of_a_comparison_stays_under_its_own_heading(asked: Asked) -> None:
    quoted = asked.answerer.answer(CHANGES, papers.STAFF, quoted=True)
    answer = asked.writes(CHANGES, [SAID[CHANGES]])
    assert [(each.heading, [quoted.citations[n] for n in each.citations]) for each in following(quoted)] == [
        (each.heading, [answer.citations[n] for n in each.citations]) for each in following(answer)
    ]
    assert len(set(answer.citations)) == len(answer.citations)


@pytest.mark.parametrize("question", [SUMMARY, CHANGES, PLAIN])
def test_where_a_model_fails_the_answer_is_whole(asked: Asked, question: str) -> None:
    quoted = asked.answerer.answer(question, papers.STAFF, quoted=True)
    answer = asked.fails(question)
    assert (answer.parts, answer.citations, answer.outcome) == (quoted.parts, quoted.citations, quoted.outcome)
    assert answer.text.endswith(quoted.text)
    assert "The language model failed." in answer.text


@pytest.mark.parametrize("question", [SUMMARY, CHANGES])
def test_a_document_that_was_named_is_summed_up_whatever_a_model_makes_of_it(asked: Asked, question: str) -> None:
    answer = asked.writes(question, [])
    assert answer.outcome is Outcome.ANSWERED
    assert CLOSEST not in answer.text
