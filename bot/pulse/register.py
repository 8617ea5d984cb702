"""Queries over the register of collaborations, and over what was decided to ask about them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.pulse.model import Collaboration, Plan
from bot.pulse.tables import CollaborationRow, PlanRow


def put_collaboration(session: Session, collaboration: Collaboration) -> None:
    """Put a collaboration in the register, or what is changed of it."""
    row = session.get(CollaborationRow, collaboration.id)
    if row is None:
        row = CollaborationRow(id=collaboration.id)
        session.add(row)
    row.name, row.outcome, row.lead = collaboration.name, collaboration.outcome, collaboration.lead
    row.schools, row.partners = list(collaboration.schools), list(collaboration.partners)
    row.start, row.end = collaboration.start, collaboration.end
    row.checklist = list(collaboration.checklist)


def collaborations(session: Session) -> list[Collaboration]:
    """The register, by name."""
    rows = session.scalars(select(CollaborationRow).order_by(CollaborationRow.name, CollaborationRow.id))
    return [_collaboration(row) for row in rows]


def collaboration(session: Session, ident: str) -> Collaboration | None:
    """The collaboration with this id."""
    row = session.get(CollaborationRow, ident)
    return _collaboration(row) if row else None


def put_plan(session: Session, plan: Plan) -> None:
    """Keep a plan; one that is there already is left as it is."""
    if session.get(PlanRow, plan.id) is None:
        session.add(
            PlanRow(
                id=plan.id,
                collaboration=plan.collaboration,
                asked=list(plan.asked),
                first=plan.first,
                days=plan.days,
                recurring=plan.recurring,
                own=list(plan.own),
                channel=plan.channel,
                by=plan.by,
                stopped=plan.stopped,
            )
        )


def plans(session: Session, *, going_on: bool = False) -> list[Plan]:
    """All plans in the order of their first day, or those that were not stopped."""
    query = select(PlanRow).order_by(PlanRow.first, PlanRow.id)
    if going_on:
        query = query.where(PlanRow.stopped.is_(False))
    return [_plan(row) for row in session.scalars(query)]


def plan(session: Session, ident: str) -> Plan | None:
    """The plan with this id."""
    row = session.get(PlanRow, ident)
    return _plan(row) if row else None


def stop_plan(session: Session, ident: str) -> None:
    """Open no more waves of this plan."""
    row = session.get(PlanRow, ident)
    if row:
        row.stopped = True


def _collaboration(row: CollaborationRow) -> Collaboration:
    return Collaboration(
        row.id, row.name, tuple(row.schools), row.outcome, row.lead, row.start, row.end, tuple(row.partners),
        tuple(row.checklist),
    )  # fmt: skip


def _plan(row: PlanRow) -> Plan:
    return Plan(
        row.id, row.collaboration, tuple(row.asked), row.first, row.days, row.recurring, tuple(row.own), row.channel,
        row.by, row.stopped,
    )  # fmt: skip
