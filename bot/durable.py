"""Work that outlives the process: events are kept until they are answered, each once."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Condition, Event, Thread
from typing import Any

from dbos import DBOS, SetWorkflowID
from sqlalchemy import Connection, DateTime, Engine, String, Text, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db import Base
from bot.errors import Refusal
from bot.failures import DiscreetFormatter, record_failure
from bot.slot import of_event

# Changes only when handlers can no longer read the payloads of the version before: the durable engine takes up work of
# its own version alone. Then let the old version finish first: stop Slack's events, wait until the inbox is empty.
APPLICATION_VERSION = "1"
EXECUTOR = "trustbot"
LOCK, SLOTS = 7_287_801, 64
GIVEN_UP = frozenset({"MAX_RECOVERY_ATTEMPTS_EXCEEDED", "CANCELLED"})
THREADS = 16
SWEEP_SECONDS = 60.0

log = logging.getLogger(__name__)
Payload = dict[str, Any]
Handler = Callable[[str, Payload], None]
Failed = Callable[[str, Payload, Exception], None]


class InboxRow(Base):
    """An event that was acknowledged. Its payload is kept until it is done, and no longer."""

    __tablename__ = "inbox"

    id: Mapped[str] = mapped_column(String(160), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[str | None] = mapped_column(Text)
    received: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    done: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), index=True)


class Inbox:
    """Events, each handled once under its id, whatever is delivered twice or killed in between.

    DBOS is one to a process, and so is a launched Inbox. The workflow's input is the event's id alone.
    """

    def __init__(
        self, engine: Engine, durable_url: str, now: Callable[[], datetime], sweep_seconds: float = SWEEP_SECONDS
    ) -> None:
        self._engine = engine
        self._url = durable_url
        self._now = now
        self._claim: Connection | None = None
        self._sweep_seconds = sweep_seconds
        self._stopping = Event()
        self._sweeper = Thread(target=self._sweep, name="inbox", daemon=True)
        self._handlers: dict[str, Handler] = {}
        self._running = 0
        self._changed = Condition()
        self._failed: Failed = lambda kind, payload, error: None
        self._tellers: dict[str, Failed] = {}

    def handle(self, handlers: Mapping[str, Handler], failed: Failed | None = None) -> None:
        """Name who handles which kind of event: called with the event's id and payload. `failed` tells the person
        when one of these fails."""
        self._handlers.update(handlers)
        if failed:
            self._tellers.update(dict.fromkeys(handlers, failed))

    def on_failure(self, tell: Failed) -> None:
        """Name who tells the person that any other event failed: called with its kind, payload and exception."""
        self._failed = tell

    def keep(self, event: str, kind: str, payload: Payload) -> None:
        """Keep an event before it is acknowledged; one that is there already is left alone."""
        row = InboxRow(
            id=event, kind=kind, payload=json.dumps(payload), received=self._now().astimezone(UTC), done=None
        )
        try:
            with Session(self._engine) as session, session.begin():
                session.add(row)
        except IntegrityError:
            log.info("event %s was delivered again", event)

    def start(self, event: str) -> None:
        """Begin to handle a kept event in the background, if that has not begun already."""
        with SetWorkflowID(event):
            DBOS.start_workflow(_event, event)

    def forget(self, events: Sequence[str]) -> None:
        """Take what the durable engine knows of events that are done out of its own records."""
        DBOS.delete_workflows(list(events))

    def launch(self) -> None:
        """Start the durable engine and take up whatever was kept and not finished."""
        global _launched
        if _launched is not None:
            raise RuntimeError("the durable engine runs already in this process")
        DBOS(
            config={
                "name": "trustbot",
                "system_database_url": self._url,
                "application_version": APPLICATION_VERSION,
                "executor_id": self._own_executor(),
                "max_executor_threads": THREADS,
                "log_level": "WARNING",
            }
        )
        for handler in logging.getLogger("dbos").handlers:
            handler.setFormatter(DiscreetFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        _launched = self
        DBOS.launch()
        self._sweeper.start()

    def stop(self, wait_seconds: float = 10.0) -> None:
        """Stop the durable engine; what is not finished in time goes on after the next launch."""
        global _launched
        self._stopping.set()
        if self._sweeper.is_alive():
            self._sweeper.join()
        with self._changed:
            self._changed.wait_for(lambda: self._running == 0, wait_seconds)
        DBOS.destroy()
        if self._claim is not None:
            self._claim.close()
            self._claim = None
        _launched = None

    def run(self, event: str) -> None:
        """Handle a kept event to its end. A failure is told to the person; the event is done either way."""
        with self._counted():
            self._run(event)

    def _sweep(self) -> None:
        """Take up what waits, now and from time to time: another process may have kept it and died."""
        while True:
            try:
                self._take_up()
            except Exception as error:
                record_failure(error)
            if self._stopping.wait(self._sweep_seconds):
                return

    def _take_up(self) -> None:
        """Begin what was kept and never begun; what had begun is taken up by the durable engine itself."""
        with Session(self._engine) as session:
            waiting = session.scalars(select(InboxRow.id).where(InboxRow.done.is_(None)).order_by(InboxRow.received))
            events = list(waiting)
        for event in events:
            status = DBOS.get_workflow_status(event)
            if status is None:
                self.start(event)
            elif status.status in GIVEN_UP:
                log.error("event %s is given up: the process ended each time that it was handled", event)
                self._close(event)

    def _close(self, event: str) -> None:
        with Session(self._engine) as session, session.begin():
            session.execute(
                update(InboxRow).where(InboxRow.id == event).values(done=self._now().astimezone(UTC), payload=None)
            )

    def _own_executor(self) -> str:
        """The lowest executor name that no living process has. A crash frees it for the next process, which goes on
        with what was under way; on SQLite there is one process."""
        if self._engine.dialect.name != "postgresql":
            return EXECUTOR
        self._claim = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        # Closed, not handed back to the pool, when the claim ends: the lock is the session's.
        self._claim.detach()
        for slot in range(SLOTS):
            if self._claim.scalar(select(func.pg_try_advisory_lock(LOCK, slot))):
                return f"{EXECUTOR}-{slot}"
        raise Refusal(f"{SLOTS} processes of Trustbot run on this database already. Stop one of them first.")

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._changed:
            self._running += 1
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def _run(self, event: str) -> None:
        with Session(self._engine) as session:
            row = session.get(InboxRow, event)
        if row is None or row.done is not None or row.payload is None:
            return
        payload: Payload = json.loads(row.payload)
        with of_event(_moment(row, payload)):
            try:
                self._handlers[row.kind](event, payload)
            except Exception as error:
                self._tell(row.kind, payload, error)
        self._close(event)

    def _tell(self, kind: str, payload: Payload, error: Exception) -> None:
        try:
            self._tellers.get(kind, self._failed)(kind, payload, error)
        except Exception as second:
            record_failure(second)


def _moment(row: InboxRow, payload: Payload) -> datetime:
    """When the event was: by Slack's clock where it is about a message (`ts`), else when it came in."""
    received = row.received if row.received.tzinfo else row.received.replace(tzinfo=UTC)
    try:
        return min(received, datetime.fromtimestamp(float(payload["ts"]), UTC))
    except (KeyError, ValueError):
        return received


_launched: Inbox | None = None


@DBOS.workflow(name="event", max_recovery_attempts=10)
def _event(event: str) -> None:
    if _launched is not None:
        _launched.run(event)
