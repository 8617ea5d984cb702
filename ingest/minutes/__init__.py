"""Minutes read as a proposal: meeting, actions, decisions, agenda items and matters arising."""

from ingest.minutes.layout.pack import meetings_in
from ingest.minutes.model import (
    About,
    Action,
    ActionDetector,
    Attendee,
    Colleague,
    Decision,
    Item,
    KnownNames,
    Matter,
    Meeting,
    Owner,
    Proposal,
    Span,
)
from ingest.minutes.propose import propose

__all__ = [
    "About",
    "Action",
    "ActionDetector",
    "Attendee",
    "Colleague",
    "Decision",
    "Item",
    "KnownNames",
    "Matter",
    "Meeting",
    "Owner",
    "Proposal",
    "Span",
    "meetings_in",
    "propose",
]  # fmt: skip
