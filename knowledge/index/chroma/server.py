"""The index on a Chroma server, which any number of processes search and one at a time brings level."""

from __future__ import annotations

import hashlib
import itertools
import json
import logging
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

from sqlalchemy import ColumnElement, Engine, insert, or_, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from knowledge.index.chroma.database import ChromaFailure, Collections
from knowledge.index.chroma.reconcile import Live, Mirror, probe_vector
from knowledge.library.descriptions import Catalogue
from knowledge.library.tables import IndexRow
from knowledge.library.transactions import begin

LEASE_SECONDS = 30.0
_log = logging.getLogger(__name__)


class ChromaServer:
    """A library's collections on a server; a row in the database says how far they are and who writes to them.

    Whoever holds the row's lease writes. A holder that was paused beyond its lease does no harm: what it adds
    belongs there, and what it deletes has gone for good.
    """

    kind = "chroma, server"
    elsewhere = False

    def __init__(
        self,
        engine: Engine,
        encoder: str,
        dimension: int,
        url: str,
        clock: Callable[[], float],
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._engine = engine
        self._encoder = encoder
        self._dimension = dimension
        self._url = url
        self._clock = clock
        self._headers = headers
        self._holder = secrets.token_hex(8)
        self._row = ""
        self._until = 0.0
        self._broken = False
        self._collections: Collections | None = None
        self._mirror: Mirror | None = None

    def bring(self, catalogue: Catalogue) -> Iterator[Live | None]:
        """Bring the server level if this process holds the lease; yields what may be searched after each batch."""
        if self._broken:
            yield None
            self._let_go()
        if not catalogue.library_id:
            begin(self._engine)
            yield None
            return
        collections = self._connected(catalogue)
        if self._broken:
            # The holder may not have noticed, so whoever met the failure surveys the server himself.
            self._give_back(IndexRow.name == self._row)
            self._broken = False
        if not self._hold():
            self._mirror = None
            applied, apart, _ = self._recorded()
            yield Live(collections, applied, frozenset(json.loads(apart)))
            return
        if self._mirror is None or self._recorded()[2] < catalogue.rebuilds:
            yield None
            self._mirror = self._surveyed(collections, catalogue)
        mirror = self._mirror
        for live in itertools.chain([mirror.live(catalogue)], mirror.reconcile(catalogue)):
            if not self._hold():
                return
            self._record(live, catalogue.rebuilds)
            yield live

    def lag(self, catalogue: Catalogue) -> int:
        """How many documents are not on the server yet."""
        applied = self._recorded()[0]
        return sum(each > applied for listed in catalogue.embedded.values() for each in listed)

    def failed(self) -> None:
        """Take note that the server gave an error: the next `bring` connects and looks again."""
        self._broken = True

    def close(self) -> None:
        """Disconnect and give the lease back."""
        self._let_go()
        with suppress(SQLAlchemyError):
            self._give_back(IndexRow.name == self._row, IndexRow.holder == self._holder)

    def _connected(self, catalogue: Catalogue) -> Collections:
        if self._collections is None:
            encoder = hashlib.sha256(self._encoder.encode()).hexdigest()[:8]
            prefix = f"{self._family(catalogue)}-{encoder}"
            self._row = hashlib.sha256(f"{self._url} {prefix}".encode()).hexdigest()[:32]
            self._collections = Collections.on_server(self._url, prefix, self._headers)
        return self._collections

    def _surveyed(self, collections: Collections, catalogue: Catalogue) -> Mirror:
        """What the server holds, after making it empty if that is broken or a rebuild was asked for."""
        mirror = Mirror(self._engine, collections)
        if self._recorded()[2] >= catalogue.rebuilds:
            try:
                probe = probe_vector(self._dimension)
                mirror.adopt(collections.survey(probe), probe)
                return mirror
            except ChromaFailure as error:
                _log.warning("The search index on the server is rebuilt from the database. %s", error)
        self._record(Live(collections, 0), catalogue.rebuilds)
        collections.drop_all(self._family(catalogue))
        return Mirror(self._engine, collections)

    def _hold(self) -> bool:
        """Take or renew the lease; False when another process has it."""
        now = self._clock()
        if self._until - now > LEASE_SECONDS / 2:
            return True
        row = select(IndexRow.name).where(IndexRow.name == self._row)
        free = or_(IndexRow.holder == self._holder, IndexRow.holder.is_(None), IndexRow.until < now)
        take = update(IndexRow).where(IndexRow.name == self._row, free)
        with self._engine.connect() as connection:
            known = connection.scalar(row) is not None
        if not known:
            fresh = {"name": self._row, "applied": 0, "apart": "[]", "rebuilds": 0, "until": 0.0}
            with suppress(IntegrityError), self._engine.begin() as connection:
                connection.execute(insert(IndexRow), fresh)
        with self._engine.begin() as connection:
            taken = connection.execute(take.values(holder=self._holder, until=now + LEASE_SECONDS)).rowcount
        self._until = now + LEASE_SECONDS if taken else 0.0
        return bool(taken)

    def _give_back(self, *which: ColumnElement[bool]) -> None:
        self._until = 0.0
        with self._engine.begin() as connection:
            connection.execute(update(IndexRow).where(*which).values(holder=None, until=0.0))

    def _recorded(self) -> tuple[int, str, int]:
        """How far the server is, what it does not hold, and how many rebuilds it has had."""
        query = select(IndexRow.applied, IndexRow.apart, IndexRow.rebuilds).where(IndexRow.name == self._row)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return (row.applied, row.apart, row.rebuilds) if row else (0, "[]", 0)

    def _record(self, live: Live, rebuilds: int) -> None:
        apart = json.dumps(sorted(live.apart))
        if self._recorded() != (live.applied, apart, rebuilds):
            mine = update(IndexRow).where(IndexRow.name == self._row, IndexRow.holder == self._holder)
            with self._engine.begin() as connection:
                connection.execute(mine.values(applied=live.applied, apart=apart, rebuilds=rebuilds))

    def _let_go(self) -> None:
        collections, self._collections, self._mirror = self._collections, None, None
        if collections is not None:
            with suppress(ChromaFailure):
                collections.close()

    @staticmethod
    def _family(catalogue: Catalogue) -> str:
        return f"trustbot-{catalogue.library_id}"
