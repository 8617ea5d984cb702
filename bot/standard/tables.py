"""The table of standard answers."""

from __future__ import annotations

import datetime

from sqlalchemy import Date, DateTime, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.runtime.db import Base


class StandardRow(Base):
    """An approved answer; `value` is the Standard as JSON, `revision` grows with every edit."""

    __tablename__ = "standard_answers"

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    audience: Mapped[str] = mapped_column(Text)
    review: Mapped[datetime.date] = mapped_column(Date, index=True)
    retired: Mapped[datetime.datetime | None] = mapped_column(DateTime(timezone=True))
    revision: Mapped[int] = mapped_column(Integer)
    value: Mapped[str] = mapped_column(Text)
