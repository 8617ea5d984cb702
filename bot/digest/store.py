"""The digest's tables and their queries: how channels are set, what was begun and posted."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass

from pydantic import TypeAdapter
from sqlalchemy import Boolean, DateTime, Index, String, Text, Time, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.config.trust import WEEKDAYS, Weekday
from bot.digest.model import Digest, key_of
from bot.runtime.db import Base

DIGEST: TypeAdapter[Digest] = TypeAdapter(Digest)
UTC = datetime.UTC
SOON = datetime.timedelta(hours=1)
RECENT = 60


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
    """A digest that was begun; `posted`, by Slack's clock, once all of it is there. `value` is kept until then, and no
    longer."""

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


def rename(session: Session, before: str, channel: str) -> None:
    """Let what was changed and posted under one name of a channel count for another."""
    session.execute(update(SettingsRow).where(SettingsRow.channel == before).values(channel=channel))
    for row in session.scalars(select(DigestRow).where(DigestRow.channel == before)).all():
        row.channel = channel
        if row.posted:
            row.key = key_of(channel, row.key.rpartition(":")[2])


def last_until(session: Session, channel: str, now: datetime.datetime) -> datetime.datetime | None:
    """Up to when the last digest of this channel speaks; None where there is none yet. One that speaks of what was to
    come when it was posted, by a clock that was ahead, counts for nothing."""
    query = select(DigestRow.until, DigestRow.posted).where(DigestRow.channel == channel)
    for until, posted in session.execute(query.order_by(DigestRow.until.desc()).limit(RECENT)):
        if _aware(until) <= (_aware(posted) if posted else now) + SOON:
            return _aware(until)
    return None


def is_begun(session: Session, key: str, week_began: datetime.datetime) -> bool:
    """Whether a digest was begun under this key, posted or not. One that stood in Slack before its week began was not
    this one."""
    row = session.get(DigestRow, key)
    return row is not None and not (row.posted and _aware(row.posted) < week_began - SOON)


def begin(session: Session, digest: Digest, week_began: datetime.datetime, now: datetime.datetime) -> None:
    """Keep that a digest is to be posted; IntegrityError where one was begun under its key."""
    if not is_begun(session, digest.key, week_began):
        session.execute(delete(DigestRow).where(DigestRow.key == digest.key))
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


def finish(session: Session, key: str, posted: datetime.datetime) -> None:
    """It is posted whole; its words are in Slack since then, by Slack's clock."""
    row = session.get(DigestRow, key)
    if row is not None:
        row.posted, row.value = posted.astimezone(UTC), None


def forget(session: Session, key: str) -> None:
    """It was not posted: it is planned anew."""
    session.execute(delete(DigestRow).where(DigestRow.key == key, DigestRow.posted.is_(None)))


def _aware(moment: datetime.datetime) -> datetime.datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
