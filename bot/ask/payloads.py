"""What is kept of a question until it is answered, and what the ask feature's forms carry along."""

from __future__ import annotations

from bot.runtime.payload import JobPayload, Payload


class QuestionPayload(JobPayload):
    """A question; `masked` counts the likely pupils' names that were taken out of it."""

    channel: str
    text: str
    masked: int = 0


class MessagePayload(QuestionPayload):
    """A question in a message of ts `ts`, under which `thread` it is answered; `edited` is the ts of its last edit."""

    ts: str
    thread: str
    edited: str = ""


class CommandPayload(QuestionPayload):
    """A question of `/trust ask`."""

    response_url: str


class AboutPayload(QuestionPayload):
    """A question about a message in `thread`, asked in the form `view`."""

    thread: str
    view: str


class SharePayload(JobPayload):
    """An answer to be shown to its channel, as was decided in the form `view`."""

    answer: str
    view: str


class AboutForm(Payload):
    """The message that the form of the shortcut is about."""

    channel: str
    thread: str
