"""The table of reminders: what was planned for a person on a day, and whether it is known to stand in Slack."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Boolean, Date, DateTime, ForeignKeyConstraint, String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.meetings.reminders.planning import Kind, Reminder
from bot.runtime.db import Base

# East of the trust's zone it may be tomorrow.
ELSEWHERE = timedelta(days=1)


class ReminderRow(Base):
    """The one message of a day to a person; `sent` once it is known to stand in Slack."""

    __tablename__ = "reminders"

    person: Mapped[str] = mapped_column(String(60), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    planned: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    after_holiday: Mapped[bool] = mapped_column(Boolean)
    sent: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), index=True)


class ReminderLineRow(Base):
    """One line of a reminder: an action's id, or a body and a day, and why it stands there."""

    __tablename__ = "reminder_lines"
    __table_args__ = (
        ForeignKeyConstraint(["person", "day"], ["reminders.person", "reminders.day"], ondelete="CASCADE"),
    )

    person: Mapped[str] = mapped_column(String(60), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    subject: Mapped[str] = mapped_column(String(120), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)


@dataclass(frozen=True, slots=True)
class Begun:
    """A reminder that was planned and is not known to stand in Slack: its lines as (kind, subject)."""

    person: str
    day: date
    planned: datetime
    after_holiday: bool
    lines: frozenset[tuple[Kind, str]]

    @property
    def key(self) -> str:
        """What it is posted under."""
        return Reminder(self.person, self.day, ()).key


def begin(session: Session, reminder: Reminder, now: datetime) -> None:
    """Record that this is about to be posted; IntegrityError where this person's message of the day is begun."""
    row = ReminderRow(person=reminder.person, day=reminder.day, planned=now.astimezone(UTC), sent=None)
    row.after_holiday = reminder.after_holiday
    session.add(row)
    session.flush()
    for line in reminder.lines:
        session.add(
            ReminderLineRow(person=reminder.person, day=reminder.day, subject=line.subject, kind=line.kind.value)
        )


def finish(session: Session, person: str, day: date, sent: datetime) -> None:
    """Record that it stands in Slack since then, by Slack's clock; `sent` is in the person's zone. One that was planned
    for another day by a clock that was wrong counts for the day on which it was sent."""
    row = session.get(ReminderRow, (person, day))
    if row is None:
        return
    if sent.date() != day:
        query = select(ReminderLineRow).where(ReminderLineRow.person == person, ReminderLineRow.day == day)
        lines = [(line.subject, line.kind) for line in session.scalars(query)]
        planned, after_holiday = row.planned, row.after_holiday
        session.expunge(row)
        forget(session, person, day)
        if session.get(ReminderRow, (person, sent.date())):
            return
        day = sent.date()
        session.add(ReminderRow(person=person, day=day, planned=planned, after_holiday=after_holiday, sent=None))
        session.flush()
        for subject, kind in lines:
            session.add(ReminderLineRow(person=person, day=day, subject=subject, kind=kind))
        session.flush()
    there = ReminderRow.person == person, ReminderRow.day == day
    session.execute(update(ReminderRow).where(*there).values(sent=sent.astimezone(UTC)))


def recover(session: Session, person: str, day: date, sent: datetime, lines: Iterable[tuple[str, str]]) -> bool:
    """Record a reminder that stands in Slack, its lines as (kind, subject); False where it is known."""
    if session.get(ReminderRow, (person, day)):
        return False
    at = sent.astimezone(UTC)
    session.add(ReminderRow(person=person, day=day, planned=at, after_holiday=False, sent=at))
    session.flush()
    for kind, subject in dict.fromkeys(lines):
        session.add(ReminderLineRow(person=person, day=day, subject=subject, kind=kind))
    return True


def forget(session: Session, person: str, day: date) -> None:
    """Take back a reminder that never reached Slack."""
    for table in (ReminderLineRow, ReminderRow):
        session.execute(delete(table).where(table.person == person, table.day == day))


def begun(session: Session) -> list[Begun]:
    """The reminders that are not known to stand in Slack, oldest first."""
    found = []
    for row in session.scalars(select(ReminderRow).where(ReminderRow.sent.is_(None)).order_by(ReminderRow.planned)):
        lines = session.execute(
            select(ReminderLineRow.kind, ReminderLineRow.subject).where(
                ReminderLineRow.person == row.person, ReminderLineRow.day == row.day
            )
        )
        planned = row.planned if row.planned.tzinfo else row.planned.replace(tzinfo=UTC)
        said = frozenset((Kind(kind), subject) for kind, subject in lines)
        found.append(Begun(row.person, row.day, planned, row.after_holiday, said))
    return found


def last_notified(session: Session, subjects: Iterable[str], today: date) -> dict[tuple[str, Kind, str], date]:
    """The last day on which each person was told of each of these subjects, by kind. Days to come do not count."""
    query = (
        select(ReminderLineRow.person, ReminderLineRow.kind, ReminderLineRow.subject, func.max(ReminderLineRow.day))
        .join(
            ReminderRow,
            (ReminderRow.person == ReminderLineRow.person) & (ReminderRow.day == ReminderLineRow.day),
        )
        .where(
            ReminderRow.sent.is_not(None),
            ReminderLineRow.subject.in_(set(subjects)),
            ReminderLineRow.day <= today + ELSEWHERE,
        )
        .group_by(ReminderLineRow.person, ReminderLineRow.kind, ReminderLineRow.subject)
    )
    return {(person, Kind(kind), subject): day for person, kind, subject, day in session.execute(query)}


def served(session: Session, today: date) -> dict[str, date]:
    """The last day on which each person was sent a reminder, or one was begun. Days to come do not count."""
    last = func.max(ReminderRow.day)
    there = ReminderRow.day <= today + ELSEWHERE
    query = select(ReminderRow.person, last).where(there).group_by(ReminderRow.person).order_by(last)
    return {person: day for person, day in session.execute(query)}  # noqa: C416
