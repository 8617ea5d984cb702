"""Every document's description in memory, following the library's generation, and who may read which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select

from knowledge.passages import Audience, Document, Kind, Reader, Status
from knowledge.tables import DocumentRow, StateRow

_FIELDS = (
    "id", "source", "file_name", "title", "family", "school", "body", "version", "date", "review", "in_force",
    "pages", "unit", "ocr", "url", "digest",
)  # fmt: skip
COLUMNS = [
    *(getattr(DocumentRow, name) for name in _FIELDS),
    DocumentRow.kind,
    DocumentRow.audience,
    DocumentRow.status,
    DocumentRow.size,
    DocumentRow.modified,
    DocumentRow.generation,
    DocumentRow.encoder,
    DocumentRow.passages,
]


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as the library holds it: `generation` names these very passages; `encoder` made their vectors.

    `size` in bytes and `modified` in seconds since 1970 are the file's when it was read.
    """

    document: Document
    generation: int
    encoder: str
    passages: int
    size: int | None = None
    modified: float | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All documents at one generation.

    `embedded` holds, by audience name, generation -> document id of those whose vectors are the present encoder's.
    """

    generation: int = 0
    entries: Mapping[str, Entry] = field(default_factory=dict)
    embedded: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    audiences: Mapping[str, Audience] = field(default_factory=dict)
    _readable: dict[frozenset[str], tuple[Document, ...]] = field(default_factory=dict, repr=False, compare=False)

    def readable_audiences(self, reader: Reader) -> frozenset[str]:
        """The stored names of the audiences whose documents this reader may read."""
        return frozenset(name for name, audience in self.audiences.items() if reader.may_read(audience))

    def readable(self, reader: Reader) -> tuple[Document, ...]:
        """The documents that this reader may read, by source."""
        names = self.readable_audiences(reader)
        found = self._readable.get(names)
        if found is None:
            documents = (each.document for each in self.entries.values() if each.document.audience.name in names)
            found = self._readable[names] = tuple(sorted(documents, key=lambda each: each.source))
        return found


class Follower:
    """Keeps a catalogue level with the database: one small SELECT when nothing has changed."""

    def __init__(self, engine: Engine, encoder: str) -> None:
        self._engine = engine
        self._encoder = encoder
        self._lock = Lock()
        self._catalogue = Catalogue()

    def current(self) -> Catalogue:
        """The catalogue at the library's present generation."""
        with self._lock:
            with reading(self._engine) as connection:
                generation = connection.scalar(select(StateRow.generation)) or 0
                if generation != self._catalogue.generation:
                    self._catalogue = self._next(connection, generation)
            return self._catalogue

    def _next(self, connection: Connection, generation: int) -> Catalogue:
        known = self._catalogue
        # A generation behind the known one is another database behind the same address: a restored copy.
        since = known.generation if generation > known.generation else 0
        entries = dict(known.entries) if since else {}
        changed = select(*COLUMNS).where(DocumentRow.revised > since)
        for row in connection.execute(changed):
            entries[row.id] = entry_of(row)
        if connection.scalar(select(func.count()).select_from(DocumentRow)) != len(entries):
            kept = set(connection.scalars(select(DocumentRow.id)))
            entries = {key: entry for key, entry in entries.items() if key in kept}
        embedded: dict[str, dict[int, str]] = {}
        audiences: dict[str, Audience] = {}
        for key, entry in entries.items():
            name = entry.document.audience.name
            audiences.setdefault(name, entry.document.audience)
            of_audience = embedded.setdefault(name, {})
            if entry.encoder == self._encoder:
                of_audience[entry.generation] = key
        return Catalogue(generation, entries, embedded, audiences)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection whose statements all see the database at one moment."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            if not getattr(connection.connection.dbapi_connection, "in_transaction", False):
                connection.exec_driver_sql("BEGIN")
        else:
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def entry_of(row: Row[Any]) -> Entry:
    """A row of COLUMNS as the value it stands for."""
    values = row._mapping
    document = Document(
        kind=Kind(row.kind),
        audience=Audience.parse(row.audience),
        status=Status(row.status),
        **{name: values[name] for name in _FIELDS},
    )
    return Entry(document, row.generation, row.encoder, row.passages, row.size, row.modified)
