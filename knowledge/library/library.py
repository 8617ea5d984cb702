"""The library: documents and their passages, put in and taken out whole, and read only with a Reader."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from copy import copy
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, bindparam, func, select

from knowledge.embedding.encoder import Encoder
from knowledge.library.descriptions import Catalogue, Entry, Follower, reading
from knowledge.library.exact import IN_ONE_SELECT, ExactIndex
from knowledge.library.narrowed import DocumentVectors
from knowledge.library.prepared import Filed, batches
from knowledge.library.reading_log import ReadingLog
from knowledge.library.tables import DocumentRow, PassageRow
from knowledge.library.transactions import Check, ask_for_rebuild, delete, replace, restrict, stored, touch, unchecked
from knowledge.passages import OPERATOR, Audience, Document, Passage, Reader

Vectors = NDArray[np.float32]
Rows = NDArray[np.int8]
MOST_TRIES = 3

# Statements are built once: putting one together costs more than running it. A bare audience would have SQLite go
# through all of an audience's documents where a dozen passages are to be looked up by their ids.
_READABLE = func.coalesce(DocumentRow.audience, "").in_(bindparam("audiences", expanding=True))
_PASSAGES = (
    select(
        PassageRow.id,
        PassageRow.document_id,
        PassageRow.ordinal,
        PassageRow.text,
        PassageRow.heading,
        PassageRow.page,
        PassageRow.header,
        PassageRow.sentences,
        DocumentRow.encoder,
    )
    .join(DocumentRow, DocumentRow.id == PassageRow.document_id)
    .where(_READABLE, PassageRow.id.in_(bindparam("ids", expanding=True)))
)
_VECTORS = (
    select(PassageRow.id, PassageRow.vector)
    .join(DocumentRow, DocumentRow.id == PassageRow.document_id)
    .where(_READABLE, PassageRow.id.in_(bindparam("ids", expanding=True)))
    .where(DocumentRow.encoder == bindparam("encoder"))
)


class Index(Protocol):
    """Finds the nearest passages of whole audiences; derived from the database and level with it by generation."""

    @property
    def kind(self) -> str:
        """How questions are searched at the moment."""
        ...

    def lag(self, catalogue: Catalogue) -> int:
        """How many of the catalogue's documents the index does not hold yet."""
        ...

    def nearest(
        self, vector: Vectors, audiences: Collection[str], count: int, catalogue: Catalogue
    ) -> list[tuple[str, float]]:
        """Passage ids and cosines, best first, of the catalogue's documents in these audiences only."""
        ...


@dataclass(frozen=True, slots=True)
class Change:
    """A document that is new or was replaced, with (passage id, ordinal, packed terms) of each of its passages."""

    document: Document
    generation: int
    terms: tuple[tuple[str, int, bytes], ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened to the library since an index last looked: ids of documents that are gone, and those put."""

    generation: int
    gone: frozenset[str]
    put: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """What the library holds; `stale` documents have vectors of another encoder and are not searched by meaning.

    `audiences` maps an audience's name to its numbers of documents and passages; `lag` is how many documents the
    index does not hold yet (they are searched exactly meanwhile).
    """

    generation: int
    documents: int
    passages: int
    encoder: str
    stale: int
    index: str
    lag: int
    audiences: Mapping[str, tuple[int, int]]


class Library:
    """Documents and passages over one database; any number of processes may have one at the same time."""

    def __init__(self, engine: Engine, encoder: Encoder, index: Index | None = None) -> None:
        self._engine = engine
        self._encoder = encoder
        self._index: Index = index or ExactIndex(engine)
        self._follower = Follower(engine, encoder.name)
        self._own = DocumentVectors(engine, encoder.name)
        self._check: Check = unchecked

    def checked(self, check: Check) -> Library:
        """The same library, which asks `check` within each transaction that puts documents in or takes them out."""
        same = copy(self)
        same._check = check
        return same

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of some texts, a row each, as its encoder makes them."""
        return self._encoder.encode(texts)

    @property
    def log(self) -> ReadingLog:
        """What is remembered of files that are not in the library."""
        return ReadingLog(self._engine)

    @property
    def encoder(self) -> Encoder:
        """What makes the vectors."""
        return self._encoder

    def put(
        self, document: Document, passages: Sequence[Passage], *, size: int | None = None, modified: float | None = None
    ) -> None:
        """Put a document in, in place of all that was there under its id or its source, in one transaction."""
        for _ in self.put_many([Filed(document, passages, size, modified)]):
            pass

    def put_many(self, documents: Iterable[Filed]) -> Iterator[Document]:
        """Put documents in, each in a transaction of its own, and yield each when it is in.

        Passages are encoded in batches across documents, so some 128 of them wait before the first is yielded.
        """
        engine, encoder = self._engine, self._encoder
        known = ((filed, stored(engine, encoder.name, filed.document)) for filed in documents)
        for filed, prepared in batches(encoder, known):
            replace(engine, encoder.name, filed, prepared, check=self._check)
            yield filed.document

    def remove(self, document_ids: Iterable[str]) -> None:
        """Take documents out, all in one transaction; unknown ids are passed over."""
        if ids := list(document_ids):
            delete(self._engine, ids, self._check)

    def restrict(
        self, audiences: Mapping[str, Audience], gone: Iterable[str] = (), unlinked: Collection[str] = ()
    ) -> None:
        """Give documents a narrower audience, by id, take others out, and of others the address, all in one
        transaction and without reading or encoding anything; the next sync looks at them again."""
        ids = list(gone)
        if audiences or ids or unlinked:
            restrict(self._engine, audiences, ids, unlinked, self._check)

    def amend(self, document: Document) -> None:
        """Change what is recorded of a document whose words stay; only a new title costs any encoding."""
        entry = self._follower.current().entries[document.id]
        self.put(document, self._whole(document.id), size=entry.size, modified=entry.modified)

    def touch(self, document_id: str, size: int | None, modified: float | None) -> None:
        """Record a file's size and time where its words are those that the library has."""
        touch(self._engine, document_id, size, modified)

    def reencode(self) -> Iterator[Document]:
        """Embed anew, from the stored text, each document whose vectors are another encoder's; yields each when done.

        It may be stopped and called again at any time: what is done stays done.
        """
        stale = [entry for entry in self._follower.current().entries.values() if entry.encoder != self._encoder.name]
        waiting = (Filed(each.document, self._whole(each.document.id), each.size, each.modified) for each in stale)
        for entry, (filed, prepared) in zip(
            stale, batches(self._encoder, ((each, {}) for each in waiting)), strict=True
        ):
            replace(self._engine, self._encoder.name, filed, prepared, only=entry.generation)
            yield filed.document

    def ask_for_rebuild(self) -> None:
        """Have the process that keeps the index build it anew: at once if one runs, else when one starts."""
        ask_for_rebuild(self._engine)

    def generation(self) -> int:
        """The number of write transactions so far."""
        return self._follower.current().generation

    def entries(self, reader: Reader = OPERATOR) -> Mapping[str, Entry]:
        """All that is recorded of each document that this reader may read, by id; for sync, which is the operator's."""
        catalogue = self._follower.current()
        return {document.id: catalogue.entries[document.id] for document in catalogue.readable(reader)}

    def steady(self) -> AbstractContextManager[None]:
        """Within, this thread sees the library at one generation, asked of the database once."""
        return self._follower.steady()

    def has_left_traces(self) -> bool:
        """Whether a document was ever replaced or taken out, so that an index may still hold something of it."""
        catalogue = self._follower.current()
        return catalogue.generation - catalogue.rebuilds > len(catalogue.entries)

    def documents(self, reader: Reader) -> tuple[Document, ...]:
        """The documents that this reader may read, by source."""
        return self._follower.current().readable(reader)

    def audience(self, document: Document) -> Audience:
        """Who may read this document as it is now; of one that the library does not hold, who might when it was
        described."""
        entry = self._follower.current().entries.get(document.id)
        return entry.document.audience if entry else document.audience

    def passages(self, reader: Reader, ids: Sequence[str]) -> dict[str, Passage]:
        """Those of these passages that exist and that this reader may read, in the order asked for."""
        return {each: passage for each, (passage, _) in self.with_sentences(reader, ids).items()}

    def with_sentences(self, reader: Reader, ids: Sequence[str]) -> dict[str, tuple[Passage, Rows | None]]:
        """The same with, for each, one int8 row (x127) a sentence of `sentence_spans`; None where it is not encoded."""
        names = sorted(self._follower.current().readable_audiences(reader))
        found: dict[str, tuple[Passage, Rows | None]] = {}
        if not names or not ids:
            return found
        with self._engine.connect() as connection:
            for start in range(0, len(ids), IN_ONE_SELECT):
                asked = {"audiences": names, "ids": list(ids[start : start + IN_ONE_SELECT])}
                for row in connection.execute(_PASSAGES, asked):
                    place = (row.ordinal, row.text, tuple(json.loads(row.heading)), row.page, row.header)
                    encoded = row.encoder == self._encoder.name
                    rows = (
                        np.frombuffer(row.sentences, np.int8).reshape(-1, self._encoder.dimension) if encoded else None
                    )
                    found[row.id] = (Passage(row.id, row.document_id, *place), rows)
        return {each: found[each] for each in ids if each in found}

    def contents(self, reader: Reader, document_id: str) -> dict[str, tuple[Passage, Rows | None]]:
        """All passages of a document that this reader may read, in order, each with its sentences' rows."""
        query = select(PassageRow.id).where(PassageRow.document_id == document_id).order_by(PassageRow.ordinal)
        with self._engine.connect() as connection:
            ids = list(connection.scalars(query))
        return self.with_sentences(reader, ids)

    def page(self, reader: Reader, passage: Passage) -> tuple[Passage, ...]:
        """The passages of this passage's page that this reader may read, in order; without pages, its neighbours."""
        beside = PassageRow.ordinal.between(passage.ordinal - 1, passage.ordinal + 1)
        same = beside if passage.page is None else PassageRow.page == passage.page
        query = select(PassageRow.id).where(PassageRow.document_id == passage.document_id, same)
        with self._engine.connect() as connection:
            ids = list(connection.scalars(query.order_by(PassageRow.ordinal)))
        return tuple(self.passages(reader, ids).values())

    def sentence_vectors(self, reader: Reader, ids: Sequence[str]) -> dict[str, Rows]:
        """For each of these passages that this reader may read, one int8 row (x127) a sentence of `sentence_spans`."""
        found = self.with_sentences(reader, ids)
        return {each: rows for each, (_, rows) in found.items() if rows is not None}

    def nearest(
        self, vector: Vectors, reader: Reader, count: int, documents: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """The readable passages nearest to a vector: id and cosine, best first; of these documents only, if given."""
        query = np.ascontiguousarray(vector, np.float32).reshape(-1)
        catalogue = self._follower.current()
        for _ in range(MOST_TRIES):
            names = catalogue.readable_audiences(reader)
            if not names or count < 1:
                return []
            if documents is not None:
                found = self._own.nearest(query, names, count, catalogue, documents)
            else:
                found = self._index.nearest(query, names, count, catalogue)
            # A document that was replaced while the search ran may be missing from what it found.
            before, catalogue = catalogue, self._follower.newest()
            if catalogue is before:
                break
        return found

    def cosines(self, vector: Vectors, reader: Reader, ids: Sequence[str]) -> dict[str, float]:
        """The cosine of each of these passages that this reader may read and that the present encoder has encoded."""
        names = sorted(self._follower.current().readable_audiences(reader))
        found: dict[str, float] = {}
        if not names or not ids:
            return found
        query = np.ascontiguousarray(vector, np.float32).reshape(-1)
        with self._engine.connect() as connection:
            for start in range(0, len(ids), IN_ONE_SELECT):
                part = list(ids[start : start + IN_ONE_SELECT])
                rows = connection.execute(_VECTORS, {"audiences": names, "ids": part, "encoder": self._encoder.name})
                found.update((row.id, float(np.frombuffer(row.vector, "<f4") @ query)) for row in rows)
        return found

    def changes(self, known: Mapping[str, int], reader: Reader = OPERATOR) -> Changes:
        """What an index that knows these documents (id -> generation) must do to be level, as far as `reader` reads.

        An index that keeps audiences apart itself follows the operator's view, which is the whole library.
        """
        catalogue = self._follower.current()
        now = {each.id: catalogue.entries[each.id] for each in catalogue.readable(reader)}
        stale = [key for key, entry in now.items() if known.get(key) != entry.generation]
        terms: dict[tuple[str, int], list[tuple[str, int, bytes]]] = {}
        query = (
            select(PassageRow.document_id, DocumentRow.generation, PassageRow.id, PassageRow.ordinal, PassageRow.terms)
            .join(DocumentRow, DocumentRow.id == PassageRow.document_id)
            .order_by(PassageRow.document_id, PassageRow.ordinal)
        )
        with reading(self._engine) as connection:
            for start in range(0, len(stale), IN_ONE_SELECT):
                part = PassageRow.document_id.in_(stale[start : start + IN_ONE_SELECT])
                for document_id, generation, passage_id, ordinal, packed in connection.execute(query.where(part)):
                    terms.setdefault((document_id, generation), []).append((passage_id, ordinal, packed))
        put = tuple(
            Change(now[key].document, now[key].generation, tuple(terms.get((key, now[key].generation), ())))
            for key in stale
            if now[key].passages == len(terms.get((key, now[key].generation), ()))
        )
        return Changes(catalogue.generation, frozenset(known.keys() - now.keys()), put)

    def status(self) -> Status:
        """Counts, encoder and index, for the operator."""
        catalogue = self._follower.current()
        audiences: dict[str, tuple[int, int]] = {}
        for entry in catalogue.entries.values():
            documents, passages = audiences.get(entry.document.audience.name, (0, 0))
            audiences[entry.document.audience.name] = (documents + 1, passages + entry.passages)
        return Status(
            generation=catalogue.generation,
            documents=len(catalogue.entries),
            passages=sum(entry.passages for entry in catalogue.entries.values()),
            encoder=self._encoder.name,
            stale=sum(entry.encoder != self._encoder.name for entry in catalogue.entries.values()),
            index=self._index.kind,
            lag=self._index.lag(catalogue),
            audiences=dict(sorted(audiences.items())),
        )

    def _whole(self, document_id: str) -> list[Passage]:
        query = select(PassageRow.id).where(PassageRow.document_id == document_id).order_by(PassageRow.ordinal)
        with self._engine.connect() as connection:
            ids = list(connection.scalars(query))
        return list(self.passages(OPERATOR, ids).values())
