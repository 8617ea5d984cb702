"""Work that outlives the process: events are kept until they are answered, each once."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Condition, Event, Thread
from typing import Any

from dbos import DBOS, SetWorkflowID
from sqlalchemy import Boolean, Connection, DateTime, Engine, Integer, String, Text, false, func, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.errors import Refusal
from bot.runtime.db import Base, soon_or_not
from bot.runtime.failures import MaskingFormatter, record_failure
from bot.runtime.lanes import Lane
from bot.runtime.payload import JobPayload
from bot.runtime.slot import of_event
from bot.runtime.spool import Spool, Spooled

# Changes only when handlers can no longer read the payloads of the version before: the durable engine takes up work of
# its own version alone. Then let the old version finish first: stop Slack's events, wait until the inbox is empty.
APPLICATION_VERSION = "1"
EXECUTOR = "trustbot"
LOCK, SLOTS = 7_287_801, 64
GIVEN_UP = frozenset({"MAX_RECOVERY_ATTEMPTS_EXCEEDED", "CANCELLED"})
THREADS = 16
SWEEP_SECONDS = 60.0
TELL_FOR = timedelta(days=1)
AGAIN_AND_AGAIN = (
    "Trustbot stopped again and again in the middle of this, so it has set it aside. Try it once more in other words. "
    "If it happens again, tell whoever runs Trustbot."
)

log = logging.getLogger(__name__)
# A payload as it lies in the database: what JSON was parsed into, of which each kind of event reads its own model.
Payload = Mapping[str, Any]
Handler = Callable[[str, Payload], None]
Failed = Callable[[str, Payload, Exception], None]


class SetAside(Refusal):
    """An event that is not tried again, as the process died each time that it was handled."""


@dataclass(frozen=True, slots=True)
class Care:
    """How a kind of event is handled: so many `at_once` (None: as many as there are threads), one a sender, and so many
    `tries` before it is set aside with these `words`.

    Where several are under way nobody knows which of them killed the process, and a machine may be switched off five
    times in an hour; so two tries are for kinds that go one by one after a death.
    """

    tries: int = 10
    words: str = AGAIN_AND_AGAIN
    at_once: int | None = None


class InboxRow(Base):
    """An event that was acknowledged. Its payload is kept until it is done, and no longer. `attempts` counts how often
    it was begun and neither ended nor stopped in order."""

    __tablename__ = "inbox"

    id: Mapped[str] = mapped_column(String(160), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[str | None] = mapped_column(Text)
    received: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    done: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), index=True)
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    set_aside: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())


class Inbox:
    """Events, each handled once under its id, whatever is delivered twice or killed in between.

    DBOS is one to a process, and so is a launched Inbox. The workflow's input is the event's id alone. Handlers are
    called within what `within` opens.
    """

    def __init__(
        self,
        engine: Engine,
        durable_url: str,
        now: Callable[[], datetime],
        sweep_seconds: float = SWEEP_SECONDS,
        spool: Spool | None = None,
        within: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._engine = engine
        self._url = durable_url
        self._now = now
        self._claim: Connection | None = None
        self._sweep_seconds = sweep_seconds
        self._spool = spool
        self._stopping = False
        self._wake = Event()
        self._within = within
        self._sweeper = Thread(target=self._sweep, name="inbox", daemon=True)
        self._handlers: dict[str, Handler] = {}
        self._cares: dict[str, Care] = {}
        self._lanes: dict[str, Lane] = {}
        self._slow: dict[str, tuple[Lane, str]] = {}
        self._running: set[str] = set()
        self._changed = Condition()
        self._failed: Failed = lambda kind, payload, error: None
        self._tellers: dict[str, Failed] = {}

    def handle(
        self, handlers: Mapping[str, Handler], failed: Failed | None = None, care: Mapping[str, Care] | None = None
    ) -> None:
        """Name who handles which kind of event: called with the event's id and payload. `failed` tells the person
        when one of these fails. Kinds that share a `care` share its lane."""
        self._handlers.update(handlers)
        lanes: dict[Care, Lane] = {}
        for kind, own in (care or {}).items():
            self._cares[kind] = own
            if own.at_once is not None:
                self._lanes[kind] = lanes.setdefault(own, Lane(own.at_once))
        if failed:
            self._tellers.update(dict.fromkeys(handlers, failed))

    def on_failure(self, tell: Failed) -> None:
        """Name who tells the person that any other event failed: called with its kind, payload and exception."""
        self._failed = tell

    def keep(self, event: str, kind: str, payload: JobPayload | Payload) -> None:
        """Keep an event before it is acknowledged; one that is there already is left alone.

        Where the database does not take it in time (locked, full, away), it waits in the spool: Slack gives an
        acknowledgement three seconds.
        """
        content = payload.model_dump_json() if isinstance(payload, JobPayload) else json.dumps(payload)
        kept = Spooled(event, kind, content, self._now().astimezone(UTC).isoformat())
        try:
            self._put(kept)
        except OperationalError as error:
            if self._spool is None:
                raise
            log.warning("event %s waits for the database: %s", event, type(error.orig).__name__)
            self._spool.put(kept)
            self._wake.set()

    def _put(self, kept: Spooled) -> None:
        received = datetime.fromisoformat(kept.received)
        row = {"id": kept.id, "kind": kept.kind, "payload": kept.payload, "received": received, "done": None}
        try:
            with soon_or_not(self._engine) as connection:
                connection.execute(insert(InboxRow), row)
        except IntegrityError:
            log.info("event %s was delivered again", kept.id)
        else:
            if lane := self._lanes.get(kept.kind):
                self._slow[kept.id] = lane, str(json.loads(kept.payload).get("user", ""))

    def start(self, event: str) -> None:
        """Begin to handle a kept event in the background, if that has not begun already; one of a kind that takes long
        begins when its turn comes, one that waits in the spool when the database has taken it."""
        if self._spool and self._spool.holds(event):
            return
        slow = self._slow.get(event)
        if slow is None or slow[0].admit(event, slow[1]):
            self._begin(event)

    def _begin(self, event: str) -> None:
        try:
            with SetWorkflowID(event):
                DBOS.start_workflow(_event, event)
        except BaseException:
            self._leave(event)
            raise

    def _leave(self, event: str) -> None:
        """Give the place of an event that is done to those that wait for it; where that fails, the sweep does it."""
        if slow := self._slow.pop(event, None):
            for waiting in slow[0].leave(event):
                try:
                    self._begin(waiting)
                except Exception as error:
                    record_failure(error)

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
            handler.setFormatter(MaskingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        _launched = self
        DBOS.launch()
        self._sweeper.start()

    def stop(self, wait_seconds: float = 10.0) -> None:
        """Stop the durable engine; what is not finished in time goes on after the next launch."""
        global _launched
        self._stopping = True
        self._wake.set()
        if self._sweeper.is_alive():
            self._sweeper.join()
        with self._changed:
            self._changed.wait_for(lambda: not self._running, wait_seconds)
            unfinished = list(self._running)
        self._uncount(unfinished)
        DBOS.destroy()
        if self._claim is not None:
            self._claim.close()
            self._claim = None
        _launched = None

    def run(self, event: str) -> None:
        """Handle a kept event to its end. A failure is told to the person; the event is done either way."""
        with self._counted(event):
            self._run(event)

    def _sweep(self) -> None:
        """Take up what waits, now and from time to time: another process may have kept it and died."""
        while True:
            try:
                self._take_up()
            except Exception as error:
                record_failure(error)
            self._wake.wait(self._sweep_seconds)
            self._wake.clear()
            if self._stopping:
                return

    def _take_up(self) -> None:
        """Begin what was kept and never begun; what had begun is taken up by the durable engine itself."""
        begun = list(self._slow)
        self._empty_spool()
        with Session(self._engine) as session:
            waiting = list(session.scalars(select(InboxRow).where(InboxRow.done.is_(None)).order_by(InboxRow.received)))
        undone = {row.id for row in waiting}
        for event in [event for event in begun if event not in undone and event not in self._running]:
            # Another process did it, after both had seen that nobody had begun.
            self._leave(event)
        for row in waiting:
            status = DBOS.get_workflow_status(row.id)
            if status is None:
                if lane := self._lanes.get(row.kind):
                    self._slow.setdefault(row.id, (lane, _sender(row)))
                self.start(row.id)
            elif status.status in GIVEN_UP or (row.set_aside and row.id not in self._running):
                self._set_aside(row)

    def _empty_spool(self) -> None:
        if self._spool is None:
            return
        for kept in self._spool.waiting():
            try:
                self._put(kept)
            except OperationalError:
                # The attempt itself waited for the database, so that this is no busy loop.
                self._wake.set()
                return
            self._spool.drop(kept.id)

    def _close(self, event: str) -> None:
        with Session(self._engine) as session, session.begin():
            session.execute(
                update(InboxRow).where(InboxRow.id == event).values(done=self._now().astimezone(UTC), payload=None)
            )

    def _count(self, event: str) -> None:
        """Write down that this is begun, before anything that it does can end the process."""
        with Session(self._engine) as session, session.begin():
            session.execute(update(InboxRow).where(InboxRow.id == event).values(attempts=InboxRow.attempts + 1))

    def _uncount(self, events: Sequence[str]) -> None:
        """These are stopped in order and are begun anew later: that says nothing against them."""
        if events:
            with Session(self._engine) as session, session.begin():
                begun = update(InboxRow).where(InboxRow.id.in_(events), InboxRow.attempts > 0)
                session.execute(begun.values(attempts=InboxRow.attempts - 1))

    def _set_aside(self, row: InboxRow) -> None:
        """Try this no more, and tell whoever sent it; where Slack does not take that now, the next sweep tells it."""
        if not row.set_aside:
            log.error("event %s (%s) is set aside: the process died each time that it was handled", row.id, row.kind)
            with Session(self._engine) as session, session.begin():
                session.execute(update(InboxRow).where(InboxRow.id == row.id).values(set_aside=True))
        try:
            if row.payload is not None:
                tell, payload = self._tellers.get(row.kind, self._failed), json.loads(row.payload)
                with of_event(_moment(row, payload)):
                    tell(row.kind, payload, SetAside(self._cares.get(row.kind, Care()).words))
        except Exception as error:
            record_failure(error)
            received = row.received if row.received.tzinfo else row.received.replace(tzinfo=UTC)
            if self._now() - received < TELL_FOR:
                return
        self._close(row.id)

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
    def _counted(self, event: str) -> Iterator[None]:
        with self._changed:
            self._running.add(event)
        try:
            yield
        finally:
            with self._changed:
                self._running.discard(event)
                self._changed.notify_all()
            self._leave(event)

    def _run(self, event: str) -> None:
        with Session(self._engine) as session:
            row = session.get(InboxRow, event)
        if row is None or row.done is not None or row.payload is None:
            return
        lane = self._lanes.get(row.kind)
        if lane:
            self._slow[event] = lane, _sender(row)
            lane.enter(event, _sender(row))
        if row.attempts >= self._cares.get(row.kind, Care()).tries:
            self._set_aside(row)
            return
        with lane.alone if lane and row.attempts else nullcontext():
            self._handle(row, json.loads(row.payload))

    def _handle(self, row: InboxRow, payload: Payload) -> None:
        self._count(row.id)
        with of_event(_moment(row, payload)):
            try:
                with self._within():
                    self._handlers[row.kind](row.id, payload)
            except Exception as error:
                self._tell(row.kind, payload, error)
        self._close(row.id)

    def _tell(self, kind: str, payload: Payload, error: Exception) -> None:
        try:
            self._tellers.get(kind, self._failed)(kind, payload, error)
        except Exception as second:
            record_failure(second)


def _sender(row: InboxRow) -> str:
    return str(json.loads(row.payload).get("user", "")) if row.payload else ""


def _moment(row: InboxRow, payload: Payload) -> datetime:
    """When the event was: by Slack's clock where it is about a message (`ts`), else when it came in."""
    received = row.received if row.received.tzinfo else row.received.replace(tzinfo=UTC)
    try:
        return min(received, datetime.fromtimestamp(float(payload["ts"]), UTC))
    except (KeyError, ValueError):
        return received


_launched: Inbox | None = None


# The inbox counts the tries of each kind itself; this is only an end to them should it come to nothing.
@DBOS.workflow(name="event", max_recovery_attempts=100)
def _event(event: str) -> None:
    if _launched is not None:
        _launched.run(event)
