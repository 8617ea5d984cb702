"""Messages that appear while they are written, each once: a stream that breaks is ended as a message all the same."""

from __future__ import annotations

import logging
import re
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from http.client import HTTPException
from threading import Lock
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy import Engine, Float, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.runtime.db import Base
from bot.runtime.slot import event_at
from bot.slack import block_kit as kit
from bot.slack.messages.outbox import POST_EVENT, Outbox, may_have_gone_through

# Slack allows 20 starts and stops and 100 appends a minute to a workspace; another process may stream too.
STARTS, APPENDS, MINUTE = 15, 80, 60.0
HASTE = 5
ENDED = frozenset({"message_not_in_streaming_state"})
STILL = "streaming_state_conflict"
TRIES, PAUSE = 3, 1.0
_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!~|])")
FAILURES = (SlackClientError, OSError, HTTPException)

log = logging.getLogger(__name__)


class StreamRow(Base):
    """A message that began to be streamed and was not finished yet; `ts` is missing while Slack has not said it."""

    __tablename__ = "streams"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    channel: Mapped[str] = mapped_column(String(40))
    thread: Mapped[str] = mapped_column(String(40))
    began: Mapped[float] = mapped_column(Float(53))
    ts: Mapped[str | None] = mapped_column(String(40))


class Pace:
    """At most so many calls in any minute."""

    def __init__(self, most: int, clock: Callable[[], float]) -> None:
        self._most = most
        self._clock = clock
        self._times: deque[float] = deque()
        self._lock = Lock()

    def allows(self) -> bool:
        """Whether there is room for one more now; it is counted then."""
        with self._lock:
            now = self._clock()
            while self._times and self._times[0] <= now - MINUTE:
                self._times.popleft()
            if len(self._times) >= self._most:
                return False
            self._times.append(now)
            return True


class Streams:
    """Begins messages that are shown while they are written."""

    def __init__(
        self,
        engine: Engine,
        outbox: Outbox,
        token: str,
        base_url: str,
        now: Callable[[], datetime],
        clock: Callable[[], float],
    ) -> None:
        self.engine = engine
        self.outbox = outbox
        # What a stream shows meanwhile is a courtesy: nothing of it is waited for or tried again.
        self.hasty = WebClient(token, base_url=base_url, timeout=HASTE, retry_handlers=[])
        self.now = now
        self.starts, self.appends = Pace(STARTS, clock), Pace(APPENDS, clock)

    def moment(self) -> float:
        """From when on what is streamed now can stand in Slack, in Unix seconds."""
        return (event_at() or self.now()).timestamp()

    def begin(self, key: str, channel: str, thread: str) -> Stream:
        """A message under this key in this thread. Nothing is sent before there is something to say."""
        with Session(self.engine, expire_on_commit=False) as session:
            row = session.get(StreamRow, key)
        if row is None and self.outbox.may_stand():
            # Another process may have begun it, of which these records know nothing: it is looked for at the end.
            row = StreamRow(key=key, channel=channel, thread=thread, began=self.moment(), ts=None)
        return Stream(self, key, channel, thread, row)


class Stream:
    """One message that is shown while it is written. Used by one thread."""

    def __init__(self, streams: Streams, key: str, channel: str, thread: str, left: StreamRow | None) -> None:
        self._streams = streams
        self._key, self._channel, self._thread = key, channel, thread
        # What a process that died left in Slack is only finished, not gone on with.
        self._row = left
        self._live = left is None
        self._said: list[str] = []
        self._waiting = ""

    def say(self, line: str) -> None:
        """Show one more line, if Slack takes it now. Never fails; what is not shown here comes with the end."""
        if not self._live:
            return
        self._said.append(line)
        self._waiting += f"{markdown(line)}\n\n"
        try:
            if self._row is None:
                self._live = self._start()
            elif self._streams.appends.allows():
                self._streams.hasty.chat_appendStream(
                    channel=self._channel, ts=str(self._row.ts), markdown_text=self._waiting
                )
                self._waiting = ""
        except FAILURES as error:
            log.info("a stream broke: %s", type(error).__name__)
            self._live = False

    def finish(
        self, text: str, blocks: Sequence[dict[str, Any]], lines: Sequence[str], ending: Sequence[dict[str, Any]]
    ) -> str:
        """Leave the whole message in Slack, once, and return its ts. `lines` are what should have been said; where
        that is what was said, only the `ending` is added, else the message is changed to `blocks`."""
        ts = self._ts()
        if ts is None:
            found = self._streams.outbox.post(self._key, self._channel, text, blocks, self._thread)
        else:
            if not (self._live and list(lines) == self._said and self._stop(ts, ending)):
                self._change(ts, text, blocks)
            self._streams.outbox.adopt(self._key, self._channel, self._thread, ts)
            found = ts
        if self._row is not None:
            self._forget()
        return found

    def _start(self) -> bool:
        if not self._streams.starts.allows():
            return False
        self._row = StreamRow(
            key=self._key, channel=self._channel, thread=self._thread,
            began=self._streams.moment(), ts=None,
        )  # fmt: skip
        with Session(self._streams.engine, expire_on_commit=False) as session, session.begin():
            session.add(self._row)
        try:
            answer = self._streams.hasty.chat_startStream(
                channel=self._channel, thread_ts=self._thread, markdown_text=self._waiting
            )
        except FAILURES as error:
            if isinstance(error, SlackApiError) and not may_have_gone_through(error):
                self._forget()
                return False
            raise
        self._waiting = ""
        self._row.ts = str(answer["ts"])
        with Session(self._streams.engine) as session, session.begin():
            session.execute(update(StreamRow).where(StreamRow.key == self._key).values(ts=self._row.ts))
        return True

    def _ts(self) -> str | None:
        """Where the stream stands in Slack, if it does: what was begun in doubt is looked for."""
        if self._row is None or self._row.ts:
            return self._row.ts if self._row else None
        # Its end may have been reached before the process died.
        if posted := self._streams.outbox.posted(self._key):
            return posted
        with Session(self._streams.engine) as session:
            others = set(session.scalars(select(StreamRow.ts).where(StreamRow.key != self._key)))
        found = self._streams.outbox.unkeyed(self._channel, self._thread, self._row.began)
        return next((each for each in found if each not in others and not self._streams.outbox.stands(each)), None)

    def _stop(self, ts: str, ending: Sequence[dict[str, Any]]) -> bool:
        """End the stream with these blocks; False where Slack did not, or did not say so."""
        try:
            self._streams.hasty.chat_stopStream(
                channel=self._channel, ts=ts, markdown_text=self._waiting or None, blocks=list(ending),
                metadata=self._metadata(),
            )  # fmt: skip
        except FAILURES as error:
            log.info("a stream did not end by itself: %s", type(error).__name__)
            return False
        return True

    def _change(self, ts: str, text: str, blocks: Sequence[dict[str, Any]]) -> None:
        """Change the message to these blocks, its stream ended first."""
        for left in reversed(range(TRIES)):
            try:
                self._streams.hasty.chat_stopStream(channel=self._channel, ts=ts)
            except FAILURES as error:
                if not (isinstance(error, SlackApiError) and error.response.get("error") in ENDED):
                    log.info("a stream did not end: %s", type(error).__name__)
            try:
                self._streams.outbox.change(self._channel, ts, text, blocks, self._metadata())
                return
            except SlackApiError as error:
                if error.response.get("error") != STILL or not left:
                    raise
                time.sleep(PAUSE)

    def _metadata(self) -> dict[str, Any]:
        return {"event_type": POST_EVENT, "event_payload": {"key": self._key}}

    def _forget(self) -> None:
        with Session(self._streams.engine) as session, session.begin():
            session.execute(delete(StreamRow).where(StreamRow.key == self._key))
        self._row = None


def markdown(text: str) -> str:
    """Words that are not ours as Markdown that shows them as they stand."""
    return _MARKS.sub(r"\\\1", kit.escape(text))
