"""What the form of a standard answer carries along."""

from __future__ import annotations

from bot.runtime.payload import Payload


class StandardForm(Payload):
    """The answer that a standard answer is made of, or the standard answer that is changed and its revision."""

    answer: str | None = None
    id: str | None = None
    revision: int | None = None
