"""The library's tables: the truth that every index is derived from."""

from __future__ import annotations

import datetime

from sqlalchemy import BigInteger, Boolean, Date, Float, ForeignKey, Integer, LargeBinary, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The metadata of the library's tables; the migrations join it with the rooms' own."""

    metadata = MetaData(naming_convention=NAMING)


class StateRow(Base):
    """The one row that counts the library's write transactions.

    `generation` grows by one in every one of them; its row lock is what puts writers in line. `library_id` tells
    this library from others on a shared Chroma server. `rebuilds` counts how often a new index was asked for.
    """

    __tablename__ = "library_state"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    library_id: Mapped[str] = mapped_column(String(32))
    generation: Mapped[int] = mapped_column(BigInteger)
    rebuilds: Mapped[int] = mapped_column(Integer)


class IndexRow(Base):
    """How far a shared Chroma server has followed the library, and which process brings it on, until when.

    `applied`: every document put up to this generation is wholly in the server. `apart` is a JSON list of those
    generations that are not, because they are searched exactly. `until` is in seconds since 1970.
    """

    __tablename__ = "library_indexes"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    applied: Mapped[int] = mapped_column(BigInteger)
    apart: Mapped[str] = mapped_column(Text)
    rebuilds: Mapped[int] = mapped_column(Integer)
    holder: Mapped[str | None] = mapped_column(String(64))
    until: Mapped[float] = mapped_column(Float(53))


class DocumentRow(Base):
    """One file, or one text of the framework.

    `generation` is that of the transaction which put its passages, and no other document's; `revised` that of the
    last change to this row. `encoder` made its vectors.
    """

    __tablename__ = "documents"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(Text, unique=True)
    file_name: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(20))
    audience: Mapped[str] = mapped_column(Text, index=True)
    family: Mapped[str] = mapped_column(Text, index=True)
    school: Mapped[str | None] = mapped_column(String(60))
    body: Mapped[str | None] = mapped_column(String(60))
    version: Mapped[str | None] = mapped_column(Text)
    date: Mapped[datetime.date | None] = mapped_column(Date)
    review: Mapped[datetime.date | None] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(20))
    in_force: Mapped[bool] = mapped_column(Boolean)
    pages: Mapped[int | None] = mapped_column(Integer)
    unit: Mapped[str | None] = mapped_column(String(10))
    ocr: Mapped[bool] = mapped_column(Boolean)
    url: Mapped[str | None] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    masked: Mapped[int] = mapped_column(Integer, server_default="0", default=0)
    size: Mapped[int | None] = mapped_column(BigInteger)
    modified: Mapped[float | None] = mapped_column(Float(53))
    generation: Mapped[int] = mapped_column(BigInteger, unique=True)
    revised: Mapped[int] = mapped_column(BigInteger, index=True)
    encoder: Mapped[str] = mapped_column(Text)
    passages: Mapped[int] = mapped_column(Integer)


class PassageRow(Base):
    """One passage: its words, its place and its vectors.

    `vector` is float32 little-endian, L2-normalised; `sentences` holds one int8 vector a sentence of the text.
    """

    __tablename__ = "passages"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)
    ordinal: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    heading: Mapped[str] = mapped_column(Text)
    page: Mapped[int | None] = mapped_column(Integer)
    header: Mapped[str] = mapped_column(Text)
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    sentences: Mapped[bytes] = mapped_column(LargeBinary)
    terms: Mapped[bytes] = mapped_column(LargeBinary)


class RefusedRow(Base):
    """A file that was refused, so that it is not read again while it, its reader and its folder's rule stay the same.

    `digest` is that of its bytes (32 hexadecimal digits, none where they were not read) and of what else a
    description rests on (32 more); `reader` the version of the readers; `size` and `modified` its file's.
    """

    __tablename__ = "refused_files"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    reader: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    modified: Mapped[float] = mapped_column(Float(53))


class ScannedRow(Base):
    """A page of a scan whose picture was read, until all of them are and the document goes in; `digest` is that of
    the file's bytes, `words` a JSON list."""

    __tablename__ = "scanned_pages"

    document_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    page: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    words: Mapped[str] = mapped_column(Text)
