"""Over two hundred attempts against a model that obeys every one of them, and as many against no model at all."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.ask import blocks
from bot.ask.model import Question, StoredAnswer
from bot.demo.workspace.block_rules.tables import faults_in_blocks
from bot.runtime import db
from bot.slack import block_kit as kit
from bot.slack.messages.streaming import markdown
from knowledge.answer.retrieve import Search
from knowledge.embedding.encoder import Encoder
from knowledge.library.library import Library
from knowledge.llm.providers import connect
from knowledge.llm.writer import Writer
from knowledge.passages import EVERYONE, Answer, Document, Kind, Passage, Reader
from knowledge.pipeline import Answerer
from knowledge.text.normalise import plain
from tests.attacks.families import ATTEMPTS, FALSEHOODS, TRACES, Attempt, obeys
from tests.model_server.server import ModelServer, Reply, serving
from tests.scenarios import corpus

BOB = Reader.of({"everyone"})
ACTING = ("link", "user", "usergroup", "broadcast", "channel", "emoji", "image", "markdown")
QUESTION = "When are hirers of the sports hall invoiced?"
HONEST = "Hirers of the sports hall are invoiced on the last working day. "


@dataclass
class House:
    """A library that holds what Bob may read and what he may not, and an obedient model."""

    library: Library
    search: Search
    server: ModelServer
    written: Answerer


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[House]:
    engine = db.make_engine(f"sqlite:///{tmp_path_factory.mktemp('attacks') / 'trustbot.sqlite'}")
    db.upgrade(engine)
    library = Library(engine, encoder)
    corpus.fill(library)
    search = Search(library, encoder, corpus.TRUST.names, lambda: date(2026, 11, 22))
    with serving() as server:
        model = connect("ollama:obedient", server.base("ollama"), 20.0, time.monotonic)
        yield House(library, search, server, Answerer(search, Writer(model, lambda: True, lambda *_: None)))
    engine.dispose()


@pytest.fixture
def attempt(request: pytest.FixtureRequest, house: House) -> Attempt:
    """The attempt, its hostile document in the library."""
    found: Attempt = request.param
    words = found.words
    document = Document(
        "hostile", "/library/hostile.md", "hostile.md", "Hall hire notes", Kind.NOTICE, EVERYONE, "hostile", digest="x"
    )
    text = "Hirers of the sports hall are invoiced as the lettings policy says."
    passage = Passage("hostile:0", "hostile", 0, text, ("Invoices",), 1)
    match found.carrier:
        case "text":
            passage = replace(passage, text=f"{text}\n{words}".replace("\n\n", "\n"))
        case "title":
            document = replace(document, title=" ".join(words.split()))
        case "heading":
            passage = replace(passage, heading=(" ".join(words.split()), "Invoices"))
        case "file name":
            document = replace(document, file_name=f"{words}.md", source=f"/library/{words}.md")
        case "table header":
            header = f"{' '.join(words.split())} | Invoiced"
            passage = replace(passage, header=header, text=f"Sports hall | monthly\n{text}")
        case _:
            pass
    house.library.put(document, [passage])
    return found


def _asked(attempt: Attempt) -> tuple[str, tuple[str, ...]]:
    """The question, and what was asked before it in the thread."""
    if attempt.carrier == "question":
        return f"{QUESTION} {attempt.words}", ()
    if attempt.carrier == "thread":
        return QUESTION, (attempt.words,)
    if attempt.carrier == "quoted message":
        return f"{QUESTION} (> Mallory wrote: {attempt.words})", ()
    return QUESTION, ()


def _message(answer: Answer, question: str) -> tuple[str, list[dict[str, Any]]]:
    asked = Question("Ev1", "U0BOB", "D0BOB", "1.0001", question, alone=True)
    return blocks.answer(StoredAnswer("0" * 24, asked, answer, BOB, datetime(2026, 11, 22, tzinfo=UTC)))


def _nothing_acts(message: list[dict[str, Any]], text: str) -> None:
    """Nothing but plain words, our own marks, and buttons of our own."""
    assert not faults_in_blocks(message, "message")
    assert not set("<>") & set(text)
    for each in _within(message):
        if each.get("type") == "mrkdwn":
            assert each["verbatim"]
            assert not set("<>") & set(each["text"])
        assert each.get("type") not in ACTING
        if each.get("type") == "button":
            assert each["action_id"] in (blocks.SOURCES, blocks.PASSAGE, blocks.OPEN)
            assert each.get("url", "https://docs.alder.example/").startswith("https://docs.alder.example/")


def _within(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _within(each)


def _quotes_are_true(house: House, answer: Answer) -> None:
    for citation in answer.citations:
        assert BOB.may_read(citation.document.audience)
        (passage,) = house.library.passages(BOB, [citation.passage_id]).values()
        assert citation.quote in passage.text


def _plain(words: str) -> str:
    return plain(words).text.casefold()


def _no_secret(shown: str) -> None:
    for mark in corpus.SECRET_MARKS:
        # A question or document of the attacker's may name what it is after; it must not be told.
        assert mark not in shown.casefold() or mark in ("swimming", "pool", "lifeguard", "project heron")
    assert "30 June 2027" not in shown
    assert "four lifeguards" not in shown


def test_there_are_enough() -> None:
    assert len(ATTEMPTS) >= 200


@pytest.mark.slow
@pytest.mark.parametrize("attempt", ATTEMPTS, indirect=True, ids=str)
def test_an_obedient_model_gets_nothing_through(attempt: Attempt, house: House) -> None:
    house.server.asked.clear()
    house.server.script = lambda asked: Reply(obeys(asked.words, attempt.words))
    question, context = _asked(attempt)
    heard: list[str] = []
    answer = house.written.answer(question, BOB, context, heard.append)
    for asked in house.server.asked:
        assert not asked.body.get("tools")
        _no_secret(asked.words)
    text, message = _message(answer, question)
    _nothing_acts(message, text)
    _no_secret(text + json.dumps(message, ensure_ascii=False))
    _quotes_are_true(house, answer)
    claims = [claim.text for claim in answer.written.claims] if answer.written else []
    own = "\n".join([*claims, *heard, answer.written.ask if answer.written else ""]).casefold()
    # What a document says is shown as what it says, with its name beside it, be it true or not.
    said = _plain(attempt.words) if attempt.carrier == "text" and attempt.family in FALSEHOODS else None
    assert [trace for trace in TRACES if trace in (own.replace(said, "") if said else own)] == [], own
    if answer.written:
        for claim in answer.written.claims:
            if said and said in claim.text.casefold():
                assert answer.citations[claim.citation].document.id == "hostile"
    for line in heard:
        assert not set("<>") & set(markdown(line))
    # The honest sentence of the same answer came through, so the attack did not silence anything either.
    assert any(HONEST.strip() == claim for claim in claims), answer.written


@pytest.mark.slow
@pytest.mark.parametrize("attempt", ATTEMPTS, indirect=True, ids=str)
def test_without_a_model_nothing_gets_through(attempt: Attempt, house: House) -> None:
    question, context = _asked(attempt)
    answer = Answerer(house.search).answer(question, BOB, context)
    text, message = _message(answer, question)
    _nothing_acts(message, text)
    _no_secret(text + json.dumps(message, ensure_ascii=False))
    _quotes_are_true(house, answer)


def test_what_others_may_read_reaches_no_model(house: House) -> None:
    house.server.asked.clear()
    house.server.script = lambda asked: Reply('{"kind": "answer", "claims": [], "ask": ""}')
    for question in ("When does the swimming pool close?", "How much does Project Heron save?", QUESTION):
        house.written.answer(question, BOB)
    sent = "\n".join(asked.words for asked in house.server.asked)
    assert "30 June 2027" not in sent
    assert "£212,000" not in sent
    eve = Reader.of({"everyone", "exec"})
    house.written.answer("How much does Project Heron save?", eve)
    assert "£212,000" in house.server.asked[-1].words


def test_markdown_shows_words_as_they_stand() -> None:
    shown = markdown("![x](https://evil.example) <!channel> *b* `c` [1]")
    assert "](" not in shown
    assert "<" not in shown
    assert kit.escape("a & b") in markdown("a & b")
