"""Minutes in a folder of the library: what of them may be confidential is a document of its own, with fewer readers."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import replace
from typing import Protocol

from ingest.metadata.describe import document_id
from ingest.minutes.part_b import part
from ingest.readers.reading import Reading
from knowledge.passages import Audience, Document, Kind

PART_B = "#part-b"
_OF_MEETINGS = frozenset({Kind.MINUTES, Kind.AGENDA})
_SURELY = frozenset({Kind.REPORT})


class PartB(Protocol):
    """Who may read the confidential part of what lies in a folder, and what of it was opened."""

    def readers(self, document: Document, reading: Reading) -> Audience:
        """Who may read the Part B of this document; its own audience where that is the Part B's already."""
        ...

    def opened(self, day: datetime.date | None) -> Collection[str]:
        """The keys of the sections that were opened of meetings on this day."""
        ...

    def version(self, audience: Audience) -> str:
        """What `readers` rests on for a folder with this audience: it changes when they may."""
        ...


class OperatorAlone:
    """The Part B of a library without a trust file: nobody's but the operator's."""

    def readers(self, document: Document, reading: Reading) -> Audience:
        """Nobody, as nobody says who is who."""
        return Audience(frozenset({"person:"}))

    def opened(self, day: datetime.date | None) -> Collection[str]:
        """Nothing."""
        return ()

    def version(self, audience: Audience) -> str:
        """Always the same."""
        return ""


def part_b_of(source: str) -> str:
    """The id of the document that holds the confidential part of the one at this source."""
    return document_id(f"{source}{PART_B}")


def is_part(source: str) -> bool:
    """Whether a document is the confidential part of another one."""
    return source.endswith(PART_B)


def parts(document: Document, reading: Reading, part_b: PartB) -> list[tuple[Document, Reading]]:
    """A document as it is put into the library: as it is; whole with fewer readers; or its confidential part, then the
    open one. In this order, so that a sync which is killed in between never leaves the open one alone."""
    if document.kind not in _OF_MEETINGS | _SURELY:
        return [(document, reading)]
    found = part(reading, part_b.opened(document.date), document.file_name, sure=document.kind in _SURELY)
    readers = part_b.readers(document, reading) if found.sections else document.audience
    if readers == document.audience:
        return [(document, reading)]
    if found.whole:
        return [(replace(document, audience=readers), reading)]
    source = f"{document.source}{PART_B}"
    ident = part_b_of(document.source)
    closed = replace(
        document, id=ident, source=source, title=f"{document.title} (Part B)", audience=readers,
        family=f"{document.kind.value}/{ident}",
    )  # fmt: skip
    return [(closed, found.closed), (document, found.open)]
