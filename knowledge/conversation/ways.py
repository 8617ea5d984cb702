"""The ways of answering that a conversation has besides finding a passage, in the order in which they are tried."""

from __future__ import annotations

from knowledge.conversation.asides import Asides
from knowledge.conversation.changed import Changed
from knowledge.conversation.compare import Compare
from knowledge.conversation.holdings import Holdings
from knowledge.conversation.lens import Lens
from knowledge.conversation.minuted import Minuted
from knowledge.conversation.plainly import Plainly
from knowledge.conversation.summing import Summing
from knowledge.conversation.turn import Way
from knowledge.search import Search


def ways(search: Search) -> tuple[Way, ...]:
    """All of them, over one library."""
    return (
        Lens(search),
        Asides(search),
        Compare(search),
        Holdings(search),
        Changed(search),
        Minuted(search),
        Plainly(search),
        Summing(search),
    )
