"""What is remembered of files that are not in the library: why each was refused, and a scan's pages as far as read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import Engine, delete, insert, select, update

from knowledge.library.tables import RefusedRow, ScannedRow

IN_ONE_STATEMENT = 500


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that was refused: `id` is that of its document, `digest` that of its bytes and of what else its
    description rests on, `reader` the version that refused it, `size` in bytes, `modified` in seconds since 1970."""

    id: str
    source: str
    digest: str
    reader: str
    reason: str
    size: int
    modified: float


class ReadingLog:
    """Refusals and pages, each change in a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def refused(self) -> Mapping[str, RefusedFile]:
        """All refused files, by the id that their document would have."""
        columns = (getattr(RefusedRow, name) for name in RefusedFile.__slots__)
        with self._engine.connect() as connection:
            return {row.id: RefusedFile(*row) for row in connection.execute(select(*columns))}

    def refuse(self, file: RefusedFile) -> None:
        """Remember a refusal, in place of an earlier one, and forget the pages of the file."""
        with self._engine.begin() as connection:
            for table, key in ((RefusedRow, RefusedRow.id), (ScannedRow, ScannedRow.document_id)):
                connection.execute(delete(table).where(key == file.id))
            connection.execute(insert(RefusedRow), asdict(file))

    def touch(self, document_id: str, size: int, modified: float) -> None:
        """Record a file's size and time where its bytes are those that were refused."""
        with self._engine.begin() as connection:
            change = update(RefusedRow).where(RefusedRow.id == document_id)
            connection.execute(change.values(size=size, modified=modified))

    def forget(self, document_ids: Iterable[str]) -> None:
        """Forget all about these files."""
        ids = sorted(set(document_ids))
        for start in range(0, len(ids), IN_ONE_STATEMENT):
            part = ids[start : start + IN_ONE_STATEMENT]
            with self._engine.begin() as connection:
                connection.execute(delete(RefusedRow).where(RefusedRow.id.in_(part)))
                connection.execute(delete(ScannedRow).where(ScannedRow.document_id.in_(part)))

    def pages(self, document_id: str) -> tuple[str, dict[int, str]]:
        """The digest of a scan's bytes and what was read of it so far, by page; nothing where that is none."""
        query = select(ScannedRow).where(ScannedRow.document_id == document_id).order_by(ScannedRow.page)
        with self._engine.connect() as connection:
            rows = connection.execute(
                query.with_only_columns(ScannedRow.digest, ScannedRow.page, ScannedRow.words)
            ).all()
        digest = rows[-1].digest if rows else ""
        return digest, {row.page: row.words for row in rows if row.digest == digest}

    def scanned(self) -> Mapping[str, str]:
        """The sources of scans of which some pages were read and that are not in the library yet, by id."""
        query = select(ScannedRow.document_id, ScannedRow.source).distinct()
        with self._engine.connect() as connection:
            return {row.document_id: row.source for row in connection.execute(query)}

    def keep_pages(self, document_id: str, source: str, digest: str, pages: Mapping[int, str]) -> None:
        """Keep more pages of a scan; those of other bytes are forgotten."""
        with self._engine.begin() as connection:
            same = ScannedRow.document_id == document_id
            connection.execute(delete(ScannedRow).where(same, ScannedRow.digest != digest))
            connection.execute(delete(ScannedRow).where(same, ScannedRow.page.in_(list(pages))))
            rows = [
                {"document_id": document_id, "page": page, "source": source, "digest": digest, "words": words}
                for page, words in pages.items()
            ]
            if rows:
                connection.execute(insert(ScannedRow), rows)
