"""What is a question, and who may see which answer."""

from __future__ import annotations

import pytest

from bot.ask import model
from knowledge.passages import EVERYONE, Answer, Audience, Citation, Document, Kind, Outcome, Reader

EXEC = Audience(frozenset({"exec"}))
OWN, ALL = Reader.of({"everyone", "exec"}), Reader.of({"everyone"})


def cited(*audiences: Audience, outcome: Outcome = Outcome.ANSWERED) -> Answer:
    """An answer that quotes a document of each of these audiences."""
    documents = [
        Document(f"d{n}", f"d{n}.md", f"d{n}.md", f"Document {n}", Kind.POLICY, audience, f"d{n}")
        for n, audience in enumerate(audiences)
    ]
    quotes = tuple(Citation("Words.", f"{each.id}:0", each, (), None) for each in documents)
    return Answer(outcome, "Words.", quotes)


@pytest.mark.parametrize(
    ("written", "question"),
    [
        ("<@U0BOT> When is it due?", "When is it due?"),
        ("<@U0BOT|trustbot>  When\nis it due? ", "When is it due?"),
        ("<@U0BOT>", ""),
        ("<@U0BOT> what did <@U0EVE> say in <#C0HEADS|heads>?", "what did say in heads?"),
        ("R&amp;D &lt;now&gt;?", "R&D <now>?"),
        (
            "see <https://trust.example/a|the page> and <https://trust.example>",
            "see the page and https://trust.example",
        ),
        ("<!channel> <!subteam^S1|@heads> who leads?", "who leads?"),
    ],
)
def test_a_question_is_the_words_of_the_person(written: str, question: str) -> None:
    assert model.question_in(written, "U0BOT") == question


def test_a_long_question_is_cut() -> None:
    assert len(model.question_in("why? " * 2000)) == model.QUESTION_LENGTH


def test_who_is_addressed() -> None:
    assert model.addresses_another("<@U0EVE> what do you think?", "U0BOT")
    assert model.addresses_another("<!here> anybody?", "U0BOT")
    assert not model.addresses_another("<@U0BOT> what about this?", "U0BOT")
    assert not model.addresses_another("And if they pay late?", "U0BOT")


@pytest.mark.parametrize(
    "words", ["And if they pay late?", "what about primaries", "and who decides", "Show the table"]
)
def test_what_asks(words: str) -> None:
    assert model.asks(words)


@pytest.mark.parametrize("words", ["Thanks!", "That settles it.", "I shall tell them on Monday", ""])
def test_what_does_not_ask(words: str) -> None:
    assert not model.asks(words)


def test_a_better_outcome_is_fuller() -> None:
    assert model.fuller(cited(EXEC), Answer(Outcome.NOT_FOUND, "Nothing."), ALL)
    assert model.fuller(cited(EXEC), cited(EVERYONE, outcome=Outcome.CLOSEST), ALL)


def test_the_same_outcome_is_fuller_when_the_best_document_is_closed_to_others() -> None:
    assert model.fuller(cited(EXEC, EVERYONE), cited(EVERYONE), ALL)
    assert not model.fuller(cited(EVERYONE, EXEC), cited(EVERYONE), ALL)
    assert not model.fuller(cited(EVERYONE), cited(EVERYONE), ALL)


def test_a_worse_outcome_is_never_fuller() -> None:
    assert not model.fuller(cited(EXEC, outcome=Outcome.CLOSEST), cited(EVERYONE), ALL)


def test_who_may_read_an_answer() -> None:
    assert model.readable(cited(EVERYONE, EXEC), OWN)
    assert not model.readable(cited(EVERYONE, EXEC), ALL)
    assert not model.readable(cited(EVERYONE, EXEC), Reader.joint([OWN, ALL]))


def test_the_same_event_and_reader_make_the_same_answer() -> None:
    assert model.answer_id("Ev1", Reader.of({"a", "b"})) == model.answer_id("Ev1", Reader.of({"b", "a"}))
    assert len({model.answer_id(event, reader) for event in ("Ev1", "Ev2") for reader in (OWN, ALL)}) == 4


@pytest.mark.parametrize(
    "words", ["thanks", "Thank you!", "ok, great, thanks", "Perfect. Thank you very much", "cheers"]
)
def test_thanks_are_thanks(words: str) -> None:
    assert model.thanks(words)


@pytest.mark.parametrize("words", ["Hello", "hi there", "good morning!", "Hey Trustbot"])
def test_a_greeting_is_one(words: str) -> None:
    assert model.greets(words)


@pytest.mark.parametrize(
    "words",
    ["Hello, when is half term?", "ok so who decides?", "Is there a thank you letter?", "Great Yarmouth trip", ""],
)
def test_a_question_is_neither(words: str) -> None:
    assert not model.greets(words)
    assert not model.thanks(words)
