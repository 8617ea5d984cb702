"""Minutes read as a proposal: meeting, actions, decisions, agenda items and matters arising, without a model."""

from ingest.minutes.model import (
    About,
    Action,
    Attendee,
    Colleague,
    Decision,
    Item,
    Known,
    Matter,
    Meeting,
    Owner,
    Proposal,
    Span,
)
from ingest.minutes.propose import propose

__all__ = [
    "About", "Action", "Attendee", "Colleague", "Decision", "Item", "Known", "Matter", "Meeting", "Owner", "Proposal",
    "Span", "propose",
]  # fmt: skip
