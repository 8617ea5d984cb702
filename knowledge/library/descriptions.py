"""Every document's description in memory, following the library's generation, and who may read which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, local
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select

from knowledge.library.tables import DocumentRow, StateRow
from knowledge.passages import Audience, Document, Kind, Reader, Status

_FIELDS = (
    "id", "source", "file_name", "title", "family", "school", "body", "version", "date", "review", "in_force",
    "pages", "unit", "ocr", "url", "digest", "masked",
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

_STATE = select(StateRow.library_id, StateRow.generation, StateRow.rebuilds)
_COUNT = select(func.count()).select_from(DocumentRow)


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

    `embedded` holds, by audience name, generation -> document id of those that have passages and whose vectors are
    the present encoder's. `audiences` may name some that have no documents any more. `rebuilds` is how often the index
    was asked to be built anew.
    """

    generation: int = 0
    entries: Mapping[str, Entry] = field(default_factory=dict)
    embedded: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    audiences: Mapping[str, Audience] = field(default_factory=dict)
    library_id: str = ""
    rebuilds: int = 0
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
        self._steady = local()

    @contextmanager
    def steady(self) -> Iterator[None]:
        """Look once: within, `current` gives this thread the catalogue as it is now."""
        self._steady.catalogue = self.newest()
        try:
            yield
        finally:
            self._steady.catalogue = None

    def current(self) -> Catalogue:
        """The catalogue at the library's present generation, or at that of the steady view."""
        held: Catalogue | None = getattr(self._steady, "catalogue", None)
        return held or self.newest()

    def newest(self) -> Catalogue:
        """The catalogue at the library's present generation."""
        with self._lock:
            with reading(self._engine) as connection:
                state = connection.execute(_STATE).one_or_none()
                known = self._catalogue
                if state and (state.library_id, state.generation) != (known.library_id, known.generation):
                    self._catalogue = self._next(connection, *state)
            return self._catalogue

    def _next(self, connection: Connection, library_id: str, generation: int, rebuilds: int) -> Catalogue:
        known = self._catalogue
        # Another library, or an earlier generation: a backup was restored under the same address.
        if library_id != known.library_id or generation < known.generation:
            known = Catalogue()
        entries = dict(known.entries)
        audiences = dict(known.audiences)
        changed: dict[str, dict[int, str]] = {}

        def listing(audience: str) -> dict[int, str]:
            return changed.get(audience) or changed.setdefault(audience, dict(known.embedded.get(audience, {})))

        def forget(entry: Entry | None) -> None:
            if entry is not None:
                listing(entry.document.audience.name).pop(entry.generation, None)

        for row in connection.execute(select(*COLUMNS).where(DocumentRow.revised > known.generation)):
            entry = entry_of(row)
            forget(entries.get(row.id))
            entries[row.id] = entry
            audiences.setdefault(row.audience, entry.document.audience)
            if entry.encoder == self._encoder and entry.passages:
                listing(row.audience)[entry.generation] = row.id
        if connection.scalar(_COUNT) != len(entries):
            for gone in entries.keys() - set(connection.scalars(select(DocumentRow.id))):
                forget(entries.pop(gone))
        return Catalogue(generation, entries, {**known.embedded, **changed}, audiences, library_id, rebuilds)


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
