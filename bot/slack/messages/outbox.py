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

from bot.runtime.db import Base
from bot.runtime.slot import event_at
from bot.slack.slack_time import AGREES, slack_clock

RATE_RETRIES = 8
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
# What is looked for is looked for a little further back than it can be.
LOOK_BACK = 3600.0
JUST_NOW, FRESH = 10.0, 600.0
HASTE = 3
LOCKS = 256
POST_EVENT = "trustbot_post"
NO_THREAD = "thread_not_found"
VANISHED = frozenset({"message_not_found", "channel_not_found", "cant_update_message"})
SLACK_BROKE = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", "ratelimited"})

log = logging.getLogger(__name__)


class PostRow(Base):
    """A message that was begun and, where `ts` is there, is known to stand in Slack. It can stand there from `began`
    (Unix seconds) on: the moment that it is posted for, else that at which it was begun."""

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
    """Messages that appear once: each has a key, and the key is looked for in Slack first wherever somebody may have
    posted it: after a doubtful attempt, and where its moment (`since`, else that of the event that is handled) is from
    before this process began or some minutes past. For then another process may have done it, of which a database that
    was restored from a backup, or a new home, knows nothing. Slack keeps no record of what one person alone is shown
    in a channel or in answer to a command: such a message is repeated in doubt rather than lost."""

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
        self._started = now().timestamp()
        self._hasty = WebClient(posting.token, base_url=posting.base_url, timeout=HASTE, retry_handlers=[])

    def post(
        self,
        key: str,
        channel: str,
        text: str,
        blocks: Sequence[dict[str, Any]] = (),
        thread: str | None = None,
        *,
        since: datetime | None = None,
        renew: bool = False,
        about: str = "",
    ) -> str:
        """Post this message, or find that it was posted; returns its ts. It may stand in Slack `since` then, and what
        is said to stand there from before that is not this message. With `renew` one that is found in Slack without
        having been known is changed to these words and blocks. `about` goes along with the key, to be found again."""
        payload = {"key": key, "about": about} if about else {"key": key}
        metadata = {"event_type": POST_EVENT, "event_payload": payload}

        def send() -> str:
            answer = self._posting.chat_postMessage(
                channel=channel,
                text=text,
                blocks=list(blocks) or None,
                thread_ts=thread,
                unfurl_links=False,
                unfurl_media=False,
                metadata=metadata,
            )
            return str(answer["ts"])

        def find(row: PostRow) -> str | None:
            ts = self._find(row)
            if ts and renew:
                self.change(channel, ts, text, blocks, metadata)
            return ts

        return self._once(key, channel, thread, send, find, since)

    def posted(self, key: str, *, channel: str | None = None, since: datetime | None = None) -> str | None:
        """The ts of the message that an earlier post with this key left in Slack; nothing is posted. With a `channel`
        it is looked for `since` then even where no post is known."""
        with Session(self._engine) as session:
            row = session.get(PostRow, key)
        if row is not None and row.ts and _is_of(row.ts, since):
            return row.ts
        if row is not None and row.ts is None:
            ts = self._find(row)
        elif channel and since:
            ts = self._find(PostRow(key=key, channel=channel, thread=None, began=since.timestamp(), ts=None))
        else:
            return None
        if ts and row is None and channel:
            self.adopt(key, channel, None, ts)
        elif ts:
            self._record(key, ts)
        return ts

    def standing(self, channel: str, since: datetime) -> list[tuple[str, str, str]]:
        """The messages with keys that stand in a conversation since then: key, ts, and what they are about."""
        row = PostRow(key="", channel=channel, thread=None, began=since.timestamp(), ts=None)
        found = ((_payload(message), message) for message in self._messages(row))
        return [(held["key"], str(each["ts"]), str(held.get("about") or "")) for held, each in found if "key" in held]

    def may_stand(self, since: datetime | None = None) -> bool:
        """Whether a message that is posted for this moment, else for the event that is handled, may stand in Slack
        without having been recorded here."""
        moment = since or event_at()
        if moment is None:
            return False
        began = moment.timestamp()
        return began < self._started + AGREES or began < self._now().timestamp() - FRESH

    def adopt(self, key: str, channel: str, thread: str | None, ts: str) -> None:
        """Take a message that came to stand in Slack in another way as the one that is posted under this key."""
        self._begin(key, channel, thread)
        self._record(key, ts)

    def unkeyed(self, channel: str, thread: str, began: float) -> list[str]:
        """The ts of the bot's messages without a key in a thread, since this time."""
        row = PostRow(key="", channel=channel, thread=thread, began=began, ts=None)
        own = (each for each in self._messages(row, JUST_NOW) if each.get("bot_id") and not each.get("metadata"))
        return [str(each["ts"]) for each in own]

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
        self,
        key: str,
        channel: str,
        name: str,
        content: bytes,
        title: str,
        thread: str | None = None,
        alt: str = "",
        *,
        since: datetime | None = None,
    ) -> str:
        """Share this file, or find that it was shared, `since` then at most; returns its id. `alt` says what a picture
        shows."""

        def send() -> str:
            try:
                answer = self._posting.files_upload_v2(
                    channel=channel, filename=name, content=content, title=title, thread_ts=thread,
                    alt_txt=alt or None,
                )  # fmt: skip
            except SlackRequestError as error:
                raise ConnectionError("the upload broke off") from error
            return str(answer["file"]["id"])

        return self._once(key, channel, thread, send, lambda row: self._find_file(row, name), since)

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
        since: datetime | None = None,
    ) -> str:
        with self._locks[zlib.crc32(key.encode()) % LOCKS]:
            row, doubtful = self._begin(key, channel, thread, since)
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

    def _begin(self, key: str, channel: str, thread: str | None, since: datetime | None = None) -> tuple[PostRow, bool]:
        """The row of this post, and whether it may have gone through already."""
        moment = since or event_at()
        began = moment or self._now()
        if moment and thread and (root := _seconds(thread)) and root > began.timestamp():
            # A reply stands in Slack no earlier than what it replies to.
            began = datetime.fromtimestamp(root, began.tzinfo)
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            row = session.get(PostRow, key)
            if row is not None and not (row.ts and not _is_of(row.ts, since)):
                return row, True
            if row is not None:
                row.channel, row.thread, row.began, row.ts = channel, thread, began.timestamp(), None
                return row, True
            row = PostRow(key=key, channel=channel, thread=thread, began=began.timestamp(), ts=None)
            session.add(row)
            return row, moment is not None and self.may_stand(began)

    def _find(self, row: PostRow) -> str | None:
        """The ts of the message that carries this key, if it stands in the conversation."""
        for message in self._messages(row):
            if _payload(message).get("key") == row.key:
                return str(message["ts"])
        return None

    def _find_file(self, row: PostRow, name: str) -> str | None:
        """The id of a file of this name that the bot shared there since the post was begun."""
        for message in self._messages(row, JUST_NOW):
            for file in message.get("files") or () if message.get("bot_id") else ():
                if file.get("name") == name:
                    return str(file["id"])
        return None

    def _messages(self, row: PostRow, look_back: float = LOOK_BACK) -> Iterator[dict[str, Any]]:
        """The messages among which a doubtful post is, if it went through."""
        cursor, oldest = "", row.began - look_back
        while True:
            arguments: dict[str, Any] = {"channel": row.channel, "limit": 100, "include_all_metadata": True}
            arguments |= {"cursor": cursor} if cursor else {}
            try:
                if row.thread:
                    page = self._reading.conversations_replies(ts=row.thread, **arguments)
                else:
                    page = self._reading.conversations_history(**arguments)
            except SlackApiError as error:
                if error.response.get("error") == NO_THREAD:
                    return
                raise
            if told := slack_clock(page):
                # Our clock may have been ahead of Slack's when this was begun.
                oldest = min(oldest, told.timestamp() - look_back)
            found = [each for each in page["messages"] if float(each["ts"]) >= oldest]
            yield from found
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            # A channel comes with the newest first, a thread with the oldest first.
            if not cursor or (not row.thread and len(found) < len(page["messages"])):
                return


def _payload(message: dict[str, Any]) -> dict[str, Any]:
    """What the bot laid beside a message: its key."""
    return dict((message.get("metadata") or {}).get("event_payload") or {})


def _seconds(ts: str) -> float | None:
    """A message's ts as Unix seconds; None for what is none, such as a file's id."""
    try:
        return float(ts)
    except ValueError:
        return None


def _is_of(ts: str, since: datetime | None) -> bool:
    """Whether what stands in Slack under this ts can be what is posted for that moment."""
    stands = _seconds(ts)
    return since is None or stands is None or stands >= since.timestamp() - LOOK_BACK


def may_have_gone_through(error: Exception) -> bool:
    """Whether the call may have gone through, or may go through later: Slack broke or the line did."""
    if isinstance(error, ResponseRefused):
        return error.status >= 500
    if not isinstance(error, SlackApiError):
        return True
    return error.response.status_code >= 500 or error.response.get("error") in SLACK_BROKE
