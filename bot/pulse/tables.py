"""The tables of collaborations, panels, waves, who replied, sealed answers, and what was published."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.runtime.db import Base


class CollaborationRow(Base):
    """One collaboration of the register."""

    __tablename__ = "pulse_collaborations"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    schools: Mapped[list[str]] = mapped_column(JSON)
    outcome: Mapped[str] = mapped_column(Text)
    lead: Mapped[str] = mapped_column(String(60))
    start: Mapped[date] = mapped_column(Date)
    end: Mapped[date] = mapped_column(Date)
    partners: Mapped[list[str]] = mapped_column(JSON)
    checklist: Mapped[list[str]] = mapped_column(JSON)


class PlanRow(Base):
    """What somebody decided to ask, once or in each half of a term."""

    __tablename__ = "pulse_plans"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    collaboration: Mapped[str] = mapped_column(ForeignKey("pulse_collaborations.id"), index=True)
    asked: Mapped[list[str]] = mapped_column(JSON)
    first: Mapped[date] = mapped_column(Date)
    days: Mapped[int] = mapped_column(Integer)
    recurring: Mapped[bool] = mapped_column(Boolean)
    own: Mapped[list[str]] = mapped_column(JSON)
    channel: Mapped[str] = mapped_column(String(40))
    by: Mapped[str] = mapped_column(String(60))
    stopped: Mapped[bool] = mapped_column(Boolean)


class WaveRow(Base):
    """One wave: open, published, or shown where its results go."""

    __tablename__ = "pulse_waves"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    collaboration: Mapped[str] = mapped_column(ForeignKey("pulse_collaborations.id"), index=True)
    opens: Mapped[date] = mapped_column(Date)
    closes: Mapped[date] = mapped_column(Date)
    statements: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    plan: Mapped[str] = mapped_column(String(40), index=True)
    panel: Mapped[int] = mapped_column(Integer, server_default="0")


class PanelRow(Base):
    """A person of one of a collaboration's panels, the newest of which is the present one."""

    __tablename__ = "pulse_panels"

    collaboration: Mapped[str] = mapped_column(ForeignKey("pulse_collaborations.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    person: Mapped[str] = mapped_column(String(60), primary_key=True)
    year: Mapped[int] = mapped_column(Integer)
    slices: Mapped[list[str]] = mapped_column(JSON)


class SealRow(Base):
    """What a wave's answers are sealed with, and where in the safe its secrets lie, as long as there are answers.

    `turn` grows with everything that is written of the wave's answers, so that what was computed outside a transaction
    is written only if nothing came in between. `spent`: the answers are gone, and the secrets are to be destroyed.
    """

    __tablename__ = "pulse_seals"

    wave: Mapped[str] = mapped_column(ForeignKey("pulse_waves.id"), primary_key=True)
    public: Mapped[bytes] = mapped_column(LargeBinary)
    issuing: Mapped[bytes] = mapped_column(LargeBinary)
    opening: Mapped[str] = mapped_column(String(40))
    asking: Mapped[str | None] = mapped_column(String(40))
    turn: Mapped[int] = mapped_column(Integer)
    spent: Mapped[bool] = mapped_column(Boolean)


class WaitingRow(Base):
    """One answer that waits for its batch, sealed with its writer's name inside: the row itself names nobody."""

    __tablename__ = "pulse_waiting"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    wave: Mapped[str] = mapped_column(ForeignKey("pulse_waves.id"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class ParticipationRow(Base):
    """That a person was asked, and while the wave's answers are kept whether he replied; nothing of what or when."""

    __tablename__ = "pulse_participation"

    wave: Mapped[str] = mapped_column(ForeignKey("pulse_waves.id"), primary_key=True)
    person: Mapped[str] = mapped_column(String(60), primary_key=True)
    slices: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10))


class SealedAnswerRow(Base):
    """One sealed answer under a random key. On SQLite there is no rowid that would tell the order of writing."""

    __tablename__ = "pulse_answers"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    wave: Mapped[str] = mapped_column(ForeignKey("pulse_waves.id"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class SealedCommentRow(Base):
    """One sealed comment, empty or not, so that having none does not show; apart from the answers of its writer."""

    __tablename__ = "pulse_comments"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    wave: Mapped[str] = mapped_column(ForeignKey("pulse_waves.id"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class PublicationRow(Base):
    """What was published of a wave."""

    __tablename__ = "pulse_publications"

    wave: Mapped[str] = mapped_column(ForeignKey("pulse_waves.id"), primary_key=True)
    publication: Mapped[str] = mapped_column(Text)
