"""What is kept of things to be done about a digest, and what its buttons and its form carry along."""

from __future__ import annotations

from pydantic import Field

from bot.meetings.payloads import MeetingPayload
from bot.runtime.payload import Payload


class CommandPayload(MeetingPayload):
    """The words after `/trust digest`."""

    channel: str
    text: str
    response_url: str


class LinePayload(MeetingPayload):
    """The record behind a line of a digest, and the thread in which something is said about it."""

    channel: str
    thread: str
    ref: str


class PressPayload(LinePayload):
    """A press on a line of this digest."""

    digest: str


class AnswerPayload(LinePayload):
    """An answer to an ask."""

    text: str


class LineButton(Payload):
    """The records behind a line, and the digest that it is in; short names, as a button carries little."""

    digest: str = Field(default="", alias="d")
    refs: tuple[str, ...] = Field(alias="r", min_length=1)


class AnswerForm(Payload):
    """The ask that a form answers, and the thread that it was pressed in."""

    channel: str
    thread: str
    ref: str
