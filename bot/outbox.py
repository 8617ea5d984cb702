"""Messages to Slack that appear once, whatever breaks on the way."""

from __future__ import annotations

import logging
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from http.client import HTTPException
from threading import Lock
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError, SlackRequestError
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)
from slack_sdk.webhook import WebhookClient
from sqlalchemy import Engine, Float, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db import Base

RATE_RETRIES = 8
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
CLOCK_SKEW = 600.0
HASTE = 3
LOCKS = 256
POST_EVENT = "trustbot_post"
VANISHED = frozenset({"message_not_found", "channel_not_found", "cant_update_message"})
SLACK_BROKE = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", "ratelimited"})

log = logging.getLogger(__name__)


class PostRow(Base):
    """A message that was begun (`began`, Unix seconds) and, where `ts` is there, is known to stand in Slack."""

    __tablename__ = "posts"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    channel: Mapped[str] = mapped_column(String(40))
    thread: Mapped[str | None] = mapped_column(String(40))
    began: Mapped[float] = mapped_column(Float(53))
    ts: Mapped[str | None] = mapped_column(String(40))


class ResponseRefused(Exception):
    """The address that came with a command answered with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def reading_client(token: str, base_url: str) -> WebClient:
    """A client that tries again when Slack is busy, broken or away: for calls that may safely run twice."""
    return WebClient(
        token,
        base_url=base_url,
        retry_handlers=[
            RateLimitErrorRetryHandler(max_retry_count=RATE_RETRIES),
            ServerErrorRetryHandler(max_retry_count=3),
            ConnectionErrorRetryHandler(max_retry_count=3),
        ],
    )


def posting_client(token: str, base_url: str) -> WebClient:
    """A client that tries again only when Slack refused for its rate: what may have been posted is looked up first."""
    return WebClient(
        token, base_url=base_url, retry_handlers=[RateLimitErrorRetryHandler(max_retry_count=RATE_RETRIES)]
    )


class Outbox:
    """Messages that appear once: each has a key, and after a doubtful attempt the key is looked for in Slack first."""

    def __init__(
        self,
        engine: Engine,
        reading: WebClient,
        posting: WebClient,
        now: Callable[[], datetime],
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._engine = engine
        self._reading = reading
        self._posting = posting
        self._now = now
        self._pauses = pauses
        # Two jobs that post under one key at the same moment would each miss what the other is sending.
        self._locks = [Lock() for _ in range(LOCKS)]
        self._hasty = WebClient(posting.token, base_url=posting.base_url, timeout=HASTE, retry_handlers=[])

    def post(
        self, key: str, channel: str, text: str, blocks: Sequence[dict[str, Any]] = (), thread: str | None = None
    ) -> str:
        """Post this message, or find that it was posted; returns its ts."""

        def send() -> str:
            answer = self._posting.chat_postMessage(
                channel=channel,
                text=text,
                blocks=list(blocks) or None,
                thread_ts=thread,
                unfurl_links=False,
                unfurl_media=False,
                metadata={"event_type": POST_EVENT, "event_payload": {"key": key}},
            )
            return str(answer["ts"])

        return self._once(key, channel, thread, send, self._find)

    def posted(self, key: str) -> str | None:
        """The ts of the message that an earlier post with this key left in Slack; nothing is posted."""
        with Session(self._engine) as session:
            row = session.get(PostRow, key)
        if row is None or row.ts:
            return row.ts if row else None
        ts = self._find(row)
        if ts:
            self._record(key, ts)
        return ts

    def adopt(self, key: str, channel: str, thread: str | None, ts: str) -> None:
        """Take a message that came to stand in Slack in another way as the one that is posted under this key."""
        self._begin(key, channel, thread)
        self._record(key, ts)

    def unkeyed(self, channel: str, thread: str, began: float) -> list[str]:
        """The ts of the bot's messages without a key in a thread, since this time."""
        row = PostRow(key="", channel=channel, thread=thread, began=began, ts=None)
        own = (each for each in self._messages(row) if each.get("bot_id") and not each.get("metadata"))
        return [str(each["ts"]) for each in own if float(each["ts"]) >= began - CLOCK_SKEW]

    def stands(self, ts: str) -> bool:
        """Whether a message with this ts is known under some key."""
        with Session(self._engine) as session:
            return session.scalar(select(PostRow.key).where(PostRow.ts == ts).limit(1)) is not None

    def change(
        self, channel: str, ts: str, text: str, blocks: Sequence[dict[str, Any]], metadata: dict[str, Any]
    ) -> None:
        """Change one of the bot's messages; one that is gone stays gone. Safe to repeat."""
        try:
            self._reading.chat_update(channel=channel, ts=ts, text=text, blocks=list(blocks), metadata=metadata)
        except SlackApiError as error:
            if error.response.get("error") not in VANISHED:
                raise

    def update(self, key: str, text: str, blocks: Sequence[dict[str, Any]] = ()) -> bool:
        """Change the message that was posted under this key; False where there is none. Safe to repeat."""
        with Session(self._engine) as session:
            row = session.get(PostRow, key)
        if row is None or not row.ts:
            return False
        try:
            self._reading.chat_update(channel=row.channel, ts=row.ts, text=text, blocks=list(blocks))
        except SlackApiError as error:
            if error.response.get("error") in VANISHED:
                return False
            raise
        return True

    def done(self, prefix: str) -> frozenset[str]:
        """The keys that begin so and under which a message is known to stand in Slack."""
        with Session(self._engine) as session:
            query = select(PostRow.key).where(PostRow.key.startswith(prefix, autoescape=True), PostRow.ts.is_not(None))
            return frozenset(session.scalars(query))

    def forget(self, prefix: str) -> None:
        """Keep no record of the messages whose keys begin so; they stay in Slack."""
        with Session(self._engine) as session, session.begin():
            session.execute(delete(PostRow).where(PostRow.key.startswith(prefix, autoescape=True)))

    def permalink(self, key: str) -> str | None:
        """The address of the message that was posted under this key; None where there is none."""
        with Session(self._engine) as session:
            row = session.get(PostRow, key)
        if row is None or not row.ts:
            return None
        try:
            return str(self._reading.chat_getPermalink(channel=row.channel, message_ts=row.ts)["permalink"])
        except SlackApiError as error:
            if error.response.get("error") in VANISHED:
                return None
            raise

    def upload(
        self, key: str, channel: str, name: str, content: bytes, title: str, thread: str | None = None, alt: str = ""
    ) -> str:
        """Share this file, or find that it was shared; returns its id. `alt` says what a picture shows."""

        def send() -> str:
            try:
                answer = self._posting.files_upload_v2(
                    channel=channel, filename=name, content=content, title=title, thread_ts=thread,
                    alt_txt=alt or None,
                )  # fmt: skip
            except SlackRequestError as error:
                raise ConnectionError("the upload broke off") from error
            return str(answer["file"]["id"])

        return self._once(key, channel, thread, send, lambda row: self._find_file(row, name))

    def post_privately(
        self,
        key: str,
        channel: str,
        user: str,
        text: str,
        blocks: Sequence[dict[str, Any]] = (),
        thread: str | None = None,
    ) -> str:
        """Show this to one person in a channel. Slack keeps no record of it, so a doubtful attempt is repeated."""

        def send() -> str:
            answer = self._posting.chat_postEphemeral(
                channel=channel, user=user, text=text, blocks=list(blocks) or None, thread_ts=thread
            )
            return str(answer["message_ts"])

        return self._once(key, channel, thread, send, lambda row: None)

    def respond(self, key: str, url: str, text: str, blocks: Sequence[dict[str, Any]] = ()) -> None:
        """Answer a command to its sender alone, at the address that came with it. A doubtful attempt is repeated."""

        def send() -> str:
            client = WebhookClient(url, retry_handlers=list(self._posting.retry_handlers))
            answer = client.send(text=text, blocks=list(blocks) or None, response_type="ephemeral")
            if answer.status_code != 200:
                raise ResponseRefused(answer.status_code)
            return "response"

        self._once(key, "response", None, send, lambda row: None)

    def working(self, channel: str, thread: str, status: str) -> None:
        """Show a status in a thread, or clear it with an empty one. It is a courtesy: a failure changes nothing."""
        try:
            self._hasty.assistant_threads_setStatus(channel_id=channel, thread_ts=thread, status=status)
        except (SlackClientError, OSError, HTTPException) as error:
            log.info("no status was shown: %s", type(error).__name__)

    def direct(self, user: str) -> str:
        """The id of the direct conversation with this user."""
        return str(self._reading.conversations_open(users=user)["channel"]["id"])

    def _once(
        self,
        key: str,
        channel: str,
        thread: str | None,
        send: Callable[[], str],
        find: Callable[[PostRow], str | None],
    ) -> str:
        with self._locks[zlib.crc32(key.encode()) % LOCKS]:
            row, doubtful = self._begin(key, channel, thread)
            if row.ts:
                return row.ts
            for pause in (*self._pauses, None):
                try:
                    ts = (find(row) if doubtful else None) or send()
                    break
                except (SlackApiError, ResponseRefused, OSError, HTTPException) as error:
                    if pause is None or not may_have_gone_through(error):
                        raise
                    doubtful = True
                    log.warning("a post is tried again in %s s: %s", pause, type(error).__name__)
                time.sleep(pause)
            self._record(key, ts)
            return ts

    def _record(self, key: str, ts: str) -> None:
        with Session(self._engine) as session, session.begin():
            session.execute(update(PostRow).where(PostRow.key == key).values(ts=ts))

    def _begin(self, key: str, channel: str, thread: str | None) -> tuple[PostRow, bool]:
        """The row of this post, and whether an earlier attempt may have gone through."""
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            row = session.get(PostRow, key)
            if row is not None:
                return row, True
            row = PostRow(key=key, channel=channel, thread=thread, began=self._now().timestamp(), ts=None)
            session.add(row)
            return row, False

    def _find(self, row: PostRow) -> str | None:
        """The ts of the message that carries this key, if it stands in the conversation."""
        for message in self._messages(row):
            metadata = message.get("metadata") or {}
            if (metadata.get("event_payload") or {}).get("key") == row.key:
                return str(message["ts"])
        return None

    def _find_file(self, row: PostRow, name: str) -> str | None:
        """The id of a file of this name that the bot shared there since the post was begun."""
        for message in self._messages(row):
            for file in message.get("files") or () if message.get("bot_id") else ():
                if file.get("name") == name:
                    return str(file["id"])
        return None

    def _messages(self, row: PostRow) -> Iterator[dict[str, Any]]:
        """The messages among which a doubtful post is, if it went through."""
        since = f"{row.began - CLOCK_SKEW:.6f}"
        cursor = ""
        while True:
            arguments: dict[str, Any] = {"channel": row.channel, "limit": 100, "include_all_metadata": True}
            arguments |= {"cursor": cursor} if cursor else {}
            if row.thread:
                page = self._reading.conversations_replies(ts=row.thread, **arguments)
            else:
                page = self._reading.conversations_history(oldest=since, **arguments)
            yield from page["messages"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return


def may_have_gone_through(error: Exception) -> bool:
    """Whether the call may have gone through, or may go through later: Slack broke or the line did."""
    if isinstance(error, ResponseRefused):
        return error.status >= 500
    if not isinstance(error, SlackApiError):
        return True
    return error.response.status_code >= 500 or error.response.get("error") in SLACK_BROKE
