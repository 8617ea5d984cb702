"""What the buttons and forms of the pulse carry along."""

from __future__ import annotations

from bot.runtime.payload import Payload


class Invitation(Payload):
    """The key with which somebody answers a wave."""

    wave: str
    token: str
