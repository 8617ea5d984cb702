"""Payloads are read once into models; one that is malformed is refused without a word of it in the log."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from bot.runtime.payload import JobPayload, Malformed, job

SECRET = "a pupil called Xanthe Quill"


class Question(JobPayload):
    """A payload of these tests."""

    text: str
    number: int = 0


def test_what_we_do_not_read_is_passed_over() -> None:
    assert Question.read({"user": "U1", "text": SECRET, "of_a_later_version": 1}) == Question(user="U1", text=SECRET)
    assert Question.read_json('{"user": "U1", "text": "Why?", "number": "3"}').number == 3


@pytest.mark.parametrize("value", [None, {}, [], "x", {"user": "U1"}, {"user": 1, "text": SECRET, "number": SECRET}])
def test_a_malformed_payload_is_refused_and_its_words_are_not_logged(
    value: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), pytest.raises(Malformed) as refused:
        Question.read(value)
    assert Question.read_or_none(value) is None
    assert len(caplog.records) == 2
    assert "Question is refused" in caplog.text
    assert SECRET not in caplog.text
    assert SECRET not in str(refused.value)
    assert refused.value.__context__ is None
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"user": "U1"}'])
def test_text_that_holds_no_payload_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        Question.read_json(text)


def test_a_handler_is_given_the_model_and_is_not_called_with_less() -> None:
    seen: list[tuple[str, Question]] = []
    handle = job(Question, lambda event, payload: seen.append((event, payload)))
    handle("Ev1", {"user": "U1", "text": "Why?"})
    with pytest.raises(Malformed):
        handle("Ev2", {"user": "U1"})
    assert seen == [("Ev1", Question(user="U1", text="Why?"))]
