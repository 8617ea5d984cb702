"""The ways of answering that a conversation has besides finding a passage, in the order in which they are tried."""

from __future__ import annotations

from knowledge.answer.retrieve import Search
from knowledge.skills.catalogue import DocumentCatalogue
from knowledge.skills.document_facts import DocumentFacts
from knowledge.skills.explain import Explain
from knowledge.skills.lens import Lens
from knowledge.skills.meeting_actions import MeetingActions
from knowledge.skills.schools.compare import Compare
from knowledge.skills.summarise import Summarise
from knowledge.skills.turn import Skill
from knowledge.skills.versions.changed import VersionChanges


def skills(search: Search) -> tuple[Skill, ...]:
    """All of them, over one library."""
    return (
        Lens(search),
        DocumentFacts(search),
        Compare(search),
        DocumentCatalogue(search),
        VersionChanges(search),
        MeetingActions(search),
        Explain(search),
        Summarise(search),
    )
