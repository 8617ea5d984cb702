"""The library's tables: the truth that every index is derived from."""

from __future__ import annotations

import datetime

from sqlalchemy import Boolean, Date, Float, ForeignKey, Integer, LargeBinary, MetaData, String, Text
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


class DocumentRow(Base):
    """One file, or one text of the framework."""

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
    size: Mapped[int | None] = mapped_column(Integer)
    modified: Mapped[float | None] = mapped_column(Float(53))


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
