"""The digest's tables and their queries: how channels are set, what was begun and posted."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass

from pydantic import TypeAdapter
from sqlalchemy import Boolean, DateTime, Index, String, Text, Time, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db import Base
from bot.digest.model import Digest
from bot.trust import WEEKDAYS, Weekday

DIGEST: TypeAdapter[Digest] = TypeAdapter(Digest)
UTC = datetime.UTC


class SettingsRow(Base):
    """What was changed about a channel's digest in Slack, and since when it is posted; null leaves the trust file's."""

    __tablename__ = "digest_settings"

    channel: Mapped[str] = mapped_column(String(80), primary_key=True)
    since: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True))
    paused: Mapped[bool] = mapped_column(Boolean)
    items: Mapped[str | None] = mapped_column(Text)
    day: Mapped[str | None] = mapped_column(String(10))
    at: Mapped[datetime.time | None] = mapped_column(Time)
    by: Mapped[str | None] = mapped_column(String(60))


class DigestRow(Base):
    """A digest that was begun; `posted` once all of it is in Slack. `value` is kept until then, and no longer."""

    __tablename__ = "digests"
    __table_args__ = (Index("ix_digests_channel_until", "channel", "until"),)

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    channel: Mapped[str] = mapped_column(String(80))
    until: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True))
    began: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True))
    posted: Mapped[datetime.datetime | None] = mapped_column(DateTime(timezone=True))
    value: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Changes:
    """What was changed about a channel's digest in Slack; None where the trust file's holds."""

    channel: str
    since: datetime.datetime
    paused: bool = False
    items: tuple[str, ...] | None = None
    day: Weekday | None = None
    at: datetime.time | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """A digest that was begun and is not known to be posted whole."""

    key: str
    channel: str
    began: datetime.datetime
    digest: Digest | None


def changes(session: Session, channel: str) -> Changes | None:
    """What was changed about this channel's digest."""
    row = session.get(SettingsRow, channel)
    if row is None:
        return None
    day = next((each for each in WEEKDAYS if each == row.day), None)
    items = tuple(json.loads(row.items)) if row.items is not None else None
    return Changes(row.channel, _aware(row.since), row.paused, items, day, row.at, row.by)


def put_changes(session: Session, changed: Changes) -> None:
    """Keep what was changed."""
    session.merge(
        SettingsRow(
            channel=changed.channel, since=changed.since.astimezone(UTC), paused=changed.paused,
            items=None if changed.items is None else json.dumps(changed.items), day=changed.day, at=changed.at,
            by=changed.by,
        )
    )  # fmt: skip


def last_until(session: Session, channel: str) -> datetime.datetime | None:
    """Up to when the last digest of this channel speaks; None where there is none yet."""
    query = select(DigestRow.until).where(DigestRow.channel == channel).order_by(DigestRow.until.desc()).limit(1)
    found = session.scalar(query)
    return _aware(found) if found else None


def is_begun(session: Session, key: str) -> bool:
    """Whether a digest was begun under this key, posted or not."""
    return session.get(DigestRow, key) is not None


def begin(session: Session, digest: Digest, now: datetime.datetime) -> None:
    """Keep that a digest is to be posted; IntegrityError where one was begun under its key."""
    session.add(
        DigestRow(
            key=digest.key, channel=digest.channel, until=digest.until.astimezone(UTC), began=now.astimezone(UTC),
            posted=None, value=DIGEST.dump_json(digest).decode(),
        )
    )  # fmt: skip
    session.flush()


def unfinished(session: Session) -> list[Begun]:
    """What was begun and is not known to be posted whole, oldest first."""
    rows = session.scalars(select(DigestRow).where(DigestRow.posted.is_(None)).order_by(DigestRow.began))
    return [
        Begun(row.key, row.channel, _aware(row.began), DIGEST.validate_json(row.value) if row.value else None)
        for row in rows
    ]


def finish(session: Session, key: str, now: datetime.datetime) -> None:
    """It is posted whole; its words are in Slack from now on."""
    row = session.get(DigestRow, key)
    if row is not None:
        row.posted, row.value = now.astimezone(UTC), None


def forget(session: Session, key: str) -> None:
    """It was not posted: it is planned anew."""
    session.execute(delete(DigestRow).where(DigestRow.key == key, DigestRow.posted.is_(None)))


def _aware(moment: datetime.datetime) -> datetime.datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
