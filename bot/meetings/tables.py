"""The tables of the meetings room."""

from __future__ import annotations

import datetime

from sqlalchemy import Boolean, Date, DateTime, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.runtime.db import Base


class NotesRow(Base):
    """The words of notes as they came in, by their digest; `reading` is JSON."""

    __tablename__ = "meeting_notes"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    reading: Mapped[str] = mapped_column(Text)
    received: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True))


class DraftRow(Base):
    """A proposal being edited; `revision` grows with every edit. `meeting` is set once it is confirmed."""

    __tablename__ = "meeting_drafts"
    __table_args__ = (Index("ix_meeting_drafts_body_day", "body", "day"),)

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    body: Mapped[str | None] = mapped_column(Text)
    day: Mapped[datetime.date | None] = mapped_column(Date)
    meeting: Mapped[str | None] = mapped_column(String(24), index=True)
    revision: Mapped[int] = mapped_column(Integer)
    value: Mapped[str] = mapped_column(Text)
    created: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True))


class MeetingRow(Base):
    """A meeting whose notes were confirmed; `value` is the Meeting as JSON, `digest` names its latest notes and
    `items` what they say of the agenda."""

    __tablename__ = "meetings"
    __table_args__ = (Index("ix_meetings_body_day", "body", "day"),)

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    school: Mapped[str | None] = mapped_column(Text, index=True)
    day: Mapped[datetime.date] = mapped_column(Date)
    digest: Mapped[str] = mapped_column(String(64))
    value: Mapped[str] = mapped_column(Text)
    items: Mapped[str] = mapped_column(Text)
    confirmed: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True), index=True)


class ActionRow(Base):
    """A confirmed action; `about` is its body, `owners` and `due` are JSON, `audience` is without its owners. One made
    of a message has no meeting."""

    __tablename__ = "actions"

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    meeting: Mapped[str | None] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    first_meeting: Mapped[str | None] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    raised: Mapped[datetime.date] = mapped_column(Date)
    body: Mapped[str] = mapped_column(Text, index=True)
    school: Mapped[str | None] = mapped_column(Text, index=True)
    about: Mapped[str] = mapped_column(Text)
    task: Mapped[str] = mapped_column(Text)
    owners: Mapped[str] = mapped_column(Text)
    due: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), index=True)
    quote: Mapped[str] = mapped_column(Text)
    page: Mapped[int | None] = mapped_column(Integer)
    item: Mapped[str] = mapped_column(Text)
    heading: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(Text)
    part_b: Mapped[bool] = mapped_column(Boolean)
    snoozed_until: Mapped[datetime.date | None] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    created: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True), index=True)
    changed: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True))


class MentionRow(Base):
    """What the notes of one meeting said of an action, as it was confirmed; `value` is a DraftAction as JSON."""

    __tablename__ = "action_mentions"

    action: Mapped[str] = mapped_column(ForeignKey("actions.id", ondelete="CASCADE"), primary_key=True)
    meeting: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True, index=True)
    value: Mapped[str] = mapped_column(Text)


class ChangeRow(Base):
    """What happened to an action: when, by whom, what."""

    __tablename__ = "action_changes"
    __table_args__ = (Index("ix_action_changes_what_at", "what", "at"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    action: Mapped[str] = mapped_column(ForeignKey("actions.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True))
    by: Mapped[str] = mapped_column(String(60))
    what: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text)


class DecisionRow(Base):
    """A confirmed decision."""

    __tablename__ = "decisions"

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    meeting: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    ordinal: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    quote: Mapped[str] = mapped_column(Text)
    page: Mapped[int | None] = mapped_column(Integer)
    item: Mapped[str] = mapped_column(Text)
    heading: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(Text)
    part_b: Mapped[bool] = mapped_column(Boolean)
    benefit: Mapped[str] = mapped_column(Text)


class ReturnRow(Base):
    """A school's return after a meeting; `items` is JSON."""

    __tablename__ = "returns"

    meeting: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    school: Mapped[str] = mapped_column(Text, index=True)
    items: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(Text)
    sent: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True), index=True)
    sent_by: Mapped[str] = mapped_column(String(60))


class MatterRow(Base):
    """Something that leaders marked for the next agenda of a body; `ref` says what it was made of."""

    __tablename__ = "meeting_matters"

    body: Mapped[str] = mapped_column(Text, primary_key=True)
    ref: Mapped[str] = mapped_column(String(160), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(Text)
    raised: Mapped[datetime.date] = mapped_column(Date)
    by: Mapped[str] = mapped_column(String(60))
