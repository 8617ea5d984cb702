"""What the administrators of the trust file are told of Trustbot's own troubles: each once, until it changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from http.client import HTTPException

from slack_sdk.errors import SlackClientError
from sqlalchemy import Boolean, Engine, Integer, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.config.trust import CurrentTrust
from bot.runtime.db import Base
from bot.runtime.failures import record_failure
from bot.slack import block_kit as kit
from bot.slack.messages.outbox import Outbox
from bot.slack.people.people import People
from bot.slack.slack_time import TOLD, SlackTime, apart

KNOWN_FOR = timedelta(days=7)


CLOCK = (
    "The clock of the machine that Trustbot runs on is {apart} Slack's. Trustbot goes by Slack's time meanwhile, so "
    "that nothing comes early, late or twice. Set the machine's clock, or let it be set over the network."
)


class NoticeRow(Base):
    """A trouble and the `state` that it is in, empty when all is well; `count` says how often it began, `told` whether
    the administrators know of this state."""

    __tablename__ = "notices"

    subject: Mapped[str] = mapped_column(String(120), primary_key=True)
    state: Mapped[str] = mapped_column(String(100))
    count: Mapped[int] = mapped_column(Integer)
    told: Mapped[bool] = mapped_column(Boolean)


class Notices:
    """Direct messages to whoever administers Trustbot. A trouble is told again when its state changes."""

    def __init__(
        self, engine: Engine, outbox: Outbox, people: People, trust: CurrentTrust, now: Callable[[], datetime]
    ) -> None:
        self._engine = engine
        self._outbox = outbox
        self._people = people
        self._trust = trust
        self._now = now

    def tell(self, subject: str, state: str, sentence: str) -> None:
        """Tell every administrator, unless they know that this subject is in this state."""
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            row = session.get(NoticeRow, subject) or NoticeRow(subject=subject, state="", count=0, told=False)
            if row.state != state:
                row.state, row.count, row.told = state, row.count + 1, False
            session.add(row)
        if row.told:
            return
        message = kit.fallback(sentence), [kit.section(kit.escape(sentence))]
        # After a backup was restored the row is of before: what was told lately is found in Slack.
        since = self._now() - KNOWN_FOR
        for person in self._trust.present.administrators:
            key = f"notice:{subject}:{state}:{row.count}:{person.id}"[:200]
            try:
                if account := self._people.account(person):
                    self._outbox.post(key, self._outbox.direct(account), *message, since=since)
            except (SlackClientError, OSError, HTTPException) as error:
                # Whatever the trouble keeps from being done, this must not.
                record_failure(error)
                return
        self._put_told(subject)

    def clear(self, subject: str) -> None:
        """All is well with this subject."""
        with Session(self._engine) as session, session.begin():
            row = session.get(NoticeRow, subject)
            if row is not None:
                row.state, row.told = "", False

    def _put_told(self, subject: str) -> None:
        with Session(self._engine) as session, session.begin():
            row = session.get(NoticeRow, subject)
            if row is not None:
                row.told = True


def tell_of_clock(time: SlackTime, notices: Notices) -> None:
    """Say it when our clock and Slack's differ."""
    ahead = time.ahead
    if abs(ahead) < TOLD:
        notices.clear("clock")
    else:
        notices.tell("clock", "ahead" if ahead > timedelta() else "behind", CLOCK.format(apart=apart(ahead)))
