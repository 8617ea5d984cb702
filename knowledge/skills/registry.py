"""The ways of answering that a conversation has besides finding a passage, in the order in which they are tried."""

from __future__ import annotations

from knowledge.answer.retrieve import Search
from knowledge.skills.catalogue import Holdings
from knowledge.skills.document_facts import Asides
from knowledge.skills.explain import Plainly
from knowledge.skills.lens import Lens
from knowledge.skills.meeting_actions import Minuted
from knowledge.skills.schools.compare import Compare
from knowledge.skills.summarise import Summing
from knowledge.skills.turn import Way
from knowledge.skills.versions.changed import Changed


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
