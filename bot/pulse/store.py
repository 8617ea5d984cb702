"""Keeps panels, waves, who was asked, and what was published."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from itertools import groupby

from pydantic import TypeAdapter
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.pulse.model import Member, Statement, Wave
from bot.pulse.panel import Panel, school_year
from bot.pulse.results.publish import Publication
from bot.pulse.tables import PanelRow, ParticipationRow, PublicationRow, SealRow, WaveRow

OPEN, CLOSING, PUBLISHED, SHOWN, LOST = "open", "closing", "published", "shown", "lost"
ASKED, ANSWERED = "asked", "answered"
STATEMENTS: TypeAdapter[tuple[Statement, ...]] = TypeAdapter(tuple[Statement, ...])
PUBLICATION: TypeAdapter[Publication] = TypeAdapter(Publication)


def panels(session: Session, collaboration: str) -> list[Panel]:
    """The collaboration's panels, the present one last; where it was asked before there were panels, those whom its
    waves asked."""
    rows = session.scalars(
        select(PanelRow).where(PanelRow.collaboration == collaboration).order_by(PanelRow.version, PanelRow.person)
    ).all()
    if not rows:
        query = select(WaveRow.id).where(WaveRow.collaboration == collaboration).order_by(WaveRow.opens, WaveRow.id)
        waves = filter(None, (find_wave(session, ident) for ident in session.scalars(query)))
        return [Panel(school_year(wave.opens), wave.roster) for wave in waves]
    found = []
    for _, version in groupby(rows, lambda row: row.version):
        members = list(version)
        found.append(Panel(members[0].year, tuple(Member(row.person, frozenset(row.slices)) for row in members)))
    return found


def put_panel(session: Session, collaboration: str, seated: Panel) -> None:
    """Keep a collaboration's panel beside those before, or that the last one goes on."""
    before = panels(session, collaboration)
    newest = session.scalar(select(func.max(PanelRow.version)).where(PanelRow.collaboration == collaboration))
    if newest is not None and before[-1].members == seated.members:
        going_on = update(PanelRow).where(PanelRow.collaboration == collaboration, PanelRow.version == newest)
        session.execute(going_on.values(year=seated.year))
        return
    # Of waves that an earlier version asked, the panels are kept from now on.
    added = [seated] if newest is not None else [*before, seated]
    for number, panel in enumerate(added, 0 if newest is None else newest + 1):
        session.add_all(
            PanelRow(
                collaboration=collaboration, version=number, person=member.person, year=panel.year,
                slices=sorted(member.slices),
            )
            for member in panel.members
        )  # fmt: skip


def put_wave(session: Session, wave: Wave) -> None:
    """Keep a wave that opens, with its roster."""
    session.add(
        WaveRow(
            id=wave.id,
            collaboration=wave.collaboration,
            opens=wave.opens,
            closes=wave.closes,
            statements=STATEMENTS.dump_json(wave.statements).decode(),
            state=OPEN,
            plan=wave.plan,
            panel=wave.panel,
        )
    )
    session.flush()
    session.add_all(
        ParticipationRow(wave=wave.id, person=member.person, slices=sorted(member.slices), state=ASKED)
        for member in wave.roster
    )


def find_wave(session: Session, wave_id: str) -> Wave | None:
    """The wave with this id, with its roster as it was frozen."""
    row = session.get(WaveRow, wave_id)
    if row is None:
        return None
    people = session.scalars(
        select(ParticipationRow).where(ParticipationRow.wave == wave_id).order_by(ParticipationRow.person)
    )
    roster = tuple(Member(person.person, frozenset(person.slices)) for person in people)
    asked = STATEMENTS.validate_json(row.statements)
    return Wave(row.id, row.collaboration, row.opens, row.closes, roster, asked, row.plan, row.panel)


def state(session: Session, wave_id: str) -> str | None:
    """What has become of a wave."""
    return session.scalar(select(WaveRow.state).where(WaveRow.id == wave_id))


def waves(session: Session, *states: str) -> list[str]:
    """The ids of the waves in these states, by the day on which they close."""
    query = select(WaveRow.id).where(WaveRow.state.in_(states)).order_by(WaveRow.closes, WaveRow.id)
    return list(session.scalars(query))


def opened_of(session: Session, plan: str) -> list[tuple[str, date]]:
    """The waves of a plan, each with the day on which it opened."""
    found = session.execute(select(WaveRow.id, WaveRow.opens).where(WaveRow.plan == plan))
    return [(row.id, row.opens) for row in found]


def of_collaboration(session: Session, collaboration: str) -> list[str]:
    """The published waves of a collaboration, the oldest first."""
    over = WaveRow.state.in_((PUBLISHED, SHOWN))
    query = select(WaveRow.id).where(WaveRow.collaboration == collaboration, over)
    return list(session.scalars(query.order_by(WaveRow.closes, WaveRow.id)))


def open_for(session: Session, person: str) -> list[str]:
    """The open waves that a person was asked in."""
    query = (
        select(WaveRow.id)
        .join(ParticipationRow, ParticipationRow.wave == WaveRow.id)
        .where(ParticipationRow.person == person, WaveRow.state == OPEN)
        .order_by(WaveRow.closes, WaveRow.id)
    )
    return list(session.scalars(query))


def asked(session: Session, wave_ids: Collection[str]) -> frozenset[str]:
    """The people on the rosters of these waves."""
    return frozenset(session.scalars(select(ParticipationRow.person).where(ParticipationRow.wave.in_(wave_ids))))


def answered(session: Session, wave_ids: Collection[str]) -> frozenset[str]:
    """Of whom a batch has recorded that they replied; of waves whose answers are gone, nobody."""
    query = select(ParticipationRow.person).where(
        ParticipationRow.wave.in_(wave_ids), ParticipationRow.state == ANSWERED
    )
    return frozenset(session.scalars(query))


def held(session: Session, collaboration: str | None = None) -> list[str]:
    """The waves that are over, of which nothing could be shown and whose answers wait for the next, oldest first."""
    query = (
        select(WaveRow.id)
        .join(SealRow, SealRow.wave == WaveRow.id)
        .where(WaveRow.state.in_((PUBLISHED, SHOWN)), SealRow.spent.is_(False))
        .order_by(WaveRow.closes, WaveRow.id)
    )
    if collaboration is not None:
        query = query.where(WaveRow.collaboration == collaboration)
    return list(session.scalars(query))


def begin_to_close(session: Session, wave_id: str) -> None:
    """Take no more answers: the wave is counted next."""
    session.execute(update(WaveRow).where(WaveRow.id == wave_id, WaveRow.state == OPEN).values(state=CLOSING))


def mark_shown(session: Session, wave_id: str) -> None:
    """Record that a wave's results stand where they go."""
    session.execute(update(WaveRow).where(WaveRow.id == wave_id, WaveRow.state == PUBLISHED).values(state=SHOWN))


def publication(session: Session, wave_id: str) -> Publication | None:
    """What was published of a wave."""
    row = session.get(PublicationRow, wave_id)
    return PUBLICATION.validate_json(row.publication) if row else None


def other_rosters_with(session: Session, wave: Wave, wording: str) -> list[frozenset[str]]:
    """Whom the waves of other collaborations asked in which this very statement, of the trust's own, was shown."""
    others = session.execute(
        select(WaveRow.id, WaveRow.statements).where(
            WaveRow.collaboration != wave.collaboration, WaveRow.state.in_((PUBLISHED, SHOWN))
        )
    ).all()
    found = []
    for ident, statements in others:
        own = [
            number
            for number, statement in enumerate(STATEMENTS.validate_json(statements))
            if statement.test is None and statement.wording.casefold() == wording.casefold()
        ]
        published = publication(session, ident) if own else None
        figures = published.whole.statements if published and published.whole else ()
        if any(figures[number] for number in own if number < len(figures)):
            found.append(asked(session, [ident]))
    return found
