"""The skills: what a question can ask for besides a passage, in the order in which they are tried."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Named:
    """A skill with its name; `asks` says what a question of its sort asks, as the end of "It asks …"."""

    name: str
    asks: str
    skill: Skill


def skills(search: Search) -> tuple[Named, ...]:
    """All of them, over one library."""
    return (
        Named("principles", "to look at something through the principles or the five tests", Lens(search)),
        Named("document facts", "for a fact about a document, such as its review date", DocumentFacts(search)),
        Named("comparison", "to compare schools", Compare(search)),
        Named("catalogue", "which documents there are", DocumentCatalogue(search)),
        Named("changes", "what changed between versions of a document", VersionChanges(search)),
        Named("actions in minutes", "for the actions in the minutes of a meeting", MeetingActions(search)),
        Named("explanation", "to explain a word or a text", Explain(search)),
        Named("summary", "to sum up a document", Summarise(search)),
    )
