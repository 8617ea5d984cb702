"""The ways of answering that a conversation has besides finding a passage, in the order in which they are tried."""

from __future__ import annotations

from knowledge.conversation.lens import Lens
from knowledge.conversation.turn import Way
from knowledge.search import Search


def ways(search: Search) -> tuple[Way, ...]:
    """All of them, over one library."""
    return (Lens(search),)
