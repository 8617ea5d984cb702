"""The library's write transactions, each of which leaves it whole."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Engine, func, insert, or_, select, update
from sqlalchemy import delete as delete_from
from sqlalchemy.exc import IntegrityError

from knowledge.library.descriptions import COLUMNS, entry_of
from knowledge.library.prepared import Filed, Prepared, prefix
from knowledge.library.tables import DocumentRow, PassageRow, StateRow
from knowledge.passages import Audience, Document

CONTENT_DIGITS = 32
"""How much of a document's digest is of its file; the rest is of what else its description rests on."""

Check = Callable[[Connection], None]
"""Asked within a write transaction, when nobody else can write any more; what it raises undoes the transaction."""


def unchecked(connection: Connection) -> None:
    """Nothing speaks against writing."""


def begin(engine: Engine) -> None:
    """Make sure that the row which counts generations is there."""
    with engine.connect() as connection:
        if connection.scalar(select(StateRow.id)) is not None:
            return
    with suppress(IntegrityError), engine.begin() as connection:
        connection.execute(
            insert(StateRow), {"id": 1, "library_id": secrets.token_hex(8), "generation": 0, "rebuilds": 0}
        )


def replace(
    engine: Engine,
    encoder: str,
    filed: Filed,
    prepared: Sequence[Prepared],
    only: int | None = None,
    check: Check = unchecked,
) -> int | None:
    """Put a document in place of all that is there under its id or its source; returns the new generation.

    With `only`, and when the document is not of that generation any more, nothing is done and None returned.
    """
    document = filed.document
    begin(engine)
    with engine.begin() as connection:
        generation = _next_generation(connection)
        check(connection)
        if only is not None and only != connection.scalar(
            select(DocumentRow.generation).where(DocumentRow.id == document.id)
        ):
            return None
        same = or_(DocumentRow.id == document.id, DocumentRow.source == document.source)
        families = _remove(connection, list(connection.scalars(select(DocumentRow.id).where(same))))
        connection.execute(insert(DocumentRow), _document_row(filed, generation, encoder))
        if filed.passages:
            connection.execute(
                insert(PassageRow),
                [
                    {
                        "id": passage.id,
                        "document_id": document.id,
                        "ordinal": passage.ordinal,
                        "text": passage.text,
                        "heading": json.dumps(passage.heading),
                        "page": passage.page,
                        "header": passage.header,
                        "vector": stored.vector,
                        "sentences": stored.sentences,
                        "terms": stored.terms,
                    }
                    for passage, stored in zip(filed.passages, prepared, strict=True)
                ],
            )
        _settle_versions(connection, families | {document.family}, generation)
    return generation


def stored(engine: Engine, encoder: str, document: Document) -> dict[str, Prepared]:
    """What is stored of a document's passages by this encoder already, by the text that was embedded."""
    query = (
        select(
            DocumentRow.title,
            PassageRow.heading,
            PassageRow.header,
            PassageRow.text,
            PassageRow.vector,
            PassageRow.sentences,
            PassageRow.terms,
        )
        .join(DocumentRow, DocumentRow.id == PassageRow.document_id)
        .where(or_(DocumentRow.id == document.id, DocumentRow.source == document.source))
        .where(DocumentRow.encoder == encoder)
    )
    with engine.connect() as connection:
        return {
            prefix(row.title, json.loads(row.heading), row.header) + row.text: Prepared(
                row.vector, row.sentences, row.terms
            )
            for row in connection.execute(query)
        }


def delete(engine: Engine, document_ids: Collection[str], check: Check = unchecked) -> int:
    """Take documents out; returns the new generation."""
    begin(engine)
    with engine.begin() as connection:
        generation = _next_generation(connection)
        check(connection)
        _settle_versions(connection, _remove(connection, list(document_ids)), generation)
    return generation


def restrict(
    engine: Engine,
    audiences: Mapping[str, Audience],
    gone: Sequence[str],
    unlinked: Collection[str] = (),
    check: Check = unchecked,
) -> int:
    """Give these documents these audiences, take those out and of others the address, in one transaction; returns the
    new generation.

    What else their description rests on is struck from their digests, so that the next sync reads them again.
    """
    begin(engine)
    with engine.begin() as connection:
        generation = _next_generation(connection)
        check(connection)
        families = _remove(connection, gone)
        for document_id in unlinked:
            without = update(DocumentRow).where(DocumentRow.id == document_id)
            connection.execute(without.values(url=None, revised=generation))
        for document_id, audience in audiences.items():
            generation, family = _given(connection, document_id, audience.name)
            families.update(family)
        _settle_versions(connection, families, generation)
    return generation


def touch(engine: Engine, document_id: str, size: int | None, modified: float | None) -> None:
    """Record a file's size and time where its words are those that the library has."""
    begin(engine)
    with engine.begin() as connection:
        generation = _next_generation(connection)
        change = update(DocumentRow).where(DocumentRow.id == document_id)
        connection.execute(change.values(size=size, modified=modified, revised=generation))


@contextmanager
def in_line(engine: Engine) -> Iterator[tuple[Connection, str]]:
    """A transaction that stands in line with all that writes to the library, and the library's id."""
    begin(engine)
    with engine.begin() as connection:
        held = update(StateRow).where(StateRow.id == 1).values(generation=StateRow.generation)
        yield connection, connection.execute(held.returning(StateRow.library_id)).scalar_one()


def narrow(connection: Connection, allowed: Callable[[str, Audience], Audience]) -> int:
    """Give each document the audience that `allowed` makes of its source and its audience, within `in_line`; returns
    how many it changed. The next sync reads these again, whatever their rule is by then."""
    rows = connection.execute(select(DocumentRow.id, DocumentRow.source, DocumentRow.audience, DocumentRow.family))
    allowances = [(row, allowed(row.source, Audience.parse(row.audience)).name) for row in rows.all()]
    changed = [(row, audience) for row, audience in allowances if audience != row.audience]
    generation = 0
    for row, audience in changed:
        generation, _ = _given(connection, row.id, audience)
    _settle_versions(connection, {row.family for row, _ in changed}, generation)
    return len(changed)


def _given(connection: Connection, document_id: str, audience: str) -> tuple[int, list[str]]:
    """Give a document an audience; its generation then, and its family where there is such a document."""
    # Of a generation of its own, as if it were put anew: every index takes it out of the old audience.
    generation = _next_generation(connection)
    digest = func.substr(DocumentRow.digest, 1, CONTENT_DIGITS)
    change = update(DocumentRow).where(DocumentRow.id == document_id).returning(DocumentRow.family)
    change = change.values(audience=audience, digest=digest, generation=generation, revised=generation)
    return generation, list(connection.scalars(change))


def ask_for_rebuild(engine: Engine) -> None:
    """Have whoever keeps the index build it anew, now or at its next start."""
    begin(engine)
    with engine.begin() as connection:
        _next_generation(connection)
        connection.execute(update(StateRow).values(rebuilds=StateRow.rebuilds + 1))


def _next_generation(connection: Connection) -> int:
    # First in every transaction: it takes the write lock, so that writers stand in line and no read grows stale.
    grown = update(StateRow).where(StateRow.id == 1).values(generation=StateRow.generation + 1)
    return connection.execute(grown.returning(StateRow.generation)).scalar_one()


def _remove(connection: Connection, document_ids: Sequence[str]) -> set[str]:
    """Delete these documents with their passages; returns the families that they belonged to."""
    families: set[str] = set()
    for start in range(0, len(document_ids), 500):
        part = document_ids[start : start + 500]
        families.update(connection.scalars(select(DocumentRow.family).where(DocumentRow.id.in_(part))))
        connection.execute(delete_from(PassageRow).where(PassageRow.document_id.in_(part)))
        connection.execute(delete_from(DocumentRow).where(DocumentRow.id.in_(part)))
    return families


def _settle_versions(connection: Connection, families: Iterable[str], generation: int) -> None:
    """Say again of every version in these families whether it is the one in force."""
    from knowledge.library.versions import in_force

    for family in families:
        rows = connection.execute(select(*COLUMNS).where(DocumentRow.family == family))
        documents = [entry_of(row).document for row in rows]
        now = in_force(documents)
        for document in documents:
            if now.get(document.id, document.in_force) != document.in_force:
                change = update(DocumentRow).where(DocumentRow.id == document.id)
                connection.execute(change.values(in_force=now[document.id], revised=generation))


def _document_row(filed: Filed, generation: int, encoder: str) -> dict[str, object]:
    document: Document = filed.document
    return {
        "id": document.id,
        "source": document.source,
        "file_name": document.file_name,
        "title": document.title,
        "kind": document.kind.value,
        "audience": document.audience.name,
        "family": document.family,
        "school": document.school,
        "body": document.body,
        "version": document.version,
        "date": document.date,
        "review": document.review,
        "status": document.status.value,
        "in_force": document.in_force,
        "pages": document.pages,
        "unit": document.unit,
        "ocr": document.ocr,
        "url": document.url,
        "digest": document.digest,
        "masked": document.masked,
        "size": filed.size,
        "modified": filed.modified,
        "generation": generation,
        "revised": generation,
        "encoder": encoder,
        "passages": len(filed.passages),
    }
