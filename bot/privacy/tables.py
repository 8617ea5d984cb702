"""The tables of the privacy room."""

from __future__ import annotations

import datetime

from sqlalchemy import BigInteger, DateTime, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.runtime.db import Base


class AuditRow(Base):
    """Who was shown which documents, when and where; `person` is a Slack id, `documents` JSON of [id, title]."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True), index=True)
    person: Mapped[str] = mapped_column(String(60), index=True)
    what: Mapped[str] = mapped_column(String(20))
    place: Mapped[str] = mapped_column(String(40))
    documents: Mapped[str] = mapped_column(Text)


class HoldRow(Base):
    """Something that is not purged while `lifted` is empty: all of a `person`, of a `kind`, or with these `words`."""

    __tablename__ = "holds"

    id: Mapped[str] = mapped_column(String(12), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    placed: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True))
    lifted: Mapped[datetime.datetime | None] = mapped_column(DateTime(timezone=True))


class PurgeRow(Base):
    """A purge that was done: the library's generation then, and JSON of how many records of each kind went."""

    __tablename__ = "purges"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True))
    generation: Mapped[int] = mapped_column(BigInteger)
    removed: Mapped[str] = mapped_column(Text)
