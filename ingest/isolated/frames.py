"""What crosses between this process and one that reads for it: frames of JSON, bounded, and checked when they come."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, replace
from typing import IO, Literal, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from ingest.readers.reading import Reading
from ingest.readers.scans.scanned import Scanned
from ingest.readers.split import Chunk

T = TypeVar("T")
MOST_HEAD = 64_000
MOST_SENTENCE = 1_000
MOST_PAGE = 1_000_000
_LENGTH = struct.Struct("<Q")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Malformed(Exception):
    """What came from the other process is not what it was asked for."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file as read at one moment: the SHA-256 of its bytes in hex, its reading, its passages."""

    digest: str
    reading: Reading
    pieces: tuple[Chunk, ...]


@dataclass(frozen=True, slots=True)
class WorkerRequest:
    """What is asked of a reader, with a body of bytes beside it: `path` as the system's bytes in Latin-1, `cpu` in
    seconds of the processor."""

    verb: Literal["load", "read", "parts", "outline", "propose"]
    cpu: int
    path: str = ""
    suffix: str = ""
    known: str = ""


@dataclass(frozen=True, slots=True)
class WorkerReply:
    """How it went: a result is in the body beside it, or the pages of a scan that was read in part; `same` is a file
    that is as it was known, else a sentence."""

    state: Literal["ready", "result", "part", "same", "refused"]
    sentence: str = ""


ASK: TypeAdapter[WorkerRequest] = TypeAdapter(WorkerRequest)
TOLD: TypeAdapter[WorkerReply] = TypeAdapter(WorkerReply)
READING: TypeAdapter[Reading] = TypeAdapter(Reading)
LOADED: TypeAdapter[Loaded] = TypeAdapter(Loaded)
SCANNED: TypeAdapter[Scanned] = TypeAdapter(Scanned)


def written(adapter: TypeAdapter[T], value: T) -> bytes:
    """A value as JSON in UTF-8."""
    return adapter.dump_json(value)


def taken(adapter: TypeAdapter[T], body: bytes) -> T:
    """The value that JSON holds, of exactly the shape that was asked for. Raises Malformed."""
    try:
        value = adapter.validate_json(body, strict=True)
    except (ValidationError, RecursionError) as error:
        raise Malformed from error
    if isinstance(value, Loaded):
        _check(value.reading)
        if not _DIGEST.fullmatch(value.digest) or not value.pieces:
            raise Malformed
    elif isinstance(value, Reading):
        _check(value)
    elif isinstance(value, Scanned) and not (
        _DIGEST.fullmatch(value.digest) and value.pages and all(0 < page <= MOST_PAGE for page in value.pages)
    ):
        raise Malformed
    return value


def _check(reading: Reading) -> None:
    """What every reading holds to; a page that counts from 0 would lead a citation astray."""
    for block in reading.blocks:
        if not block.text or not 0 <= block.level <= 6 or not (block.page is None or 0 < block.page <= MOST_PAGE):
            raise Malformed


def sendable(reading: Reading) -> Reading:
    """The reading with half characters, which are no text and which no database takes, replaced."""
    try:
        READING.dump_json(reading)
    except PydanticSerializationError:
        blocks = tuple(replace(block, text=whole(block.text)) for block in reading.blocks)
        properties = {whole(key): whole(text) for key, text in reading.properties.items()}
        return replace(reading, blocks=blocks, title=reading.title and whole(reading.title), properties=properties)
    return reading


def whole(text: str) -> str:
    """The text with half characters replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


def sentence_of(told: WorkerReply) -> str:
    """The reason that a reader gives, as one printable line. Raises Malformed."""
    if not told.sentence or len(told.sentence) > MOST_SENTENCE or not told.sentence.isprintable():
        raise Malformed
    return told.sentence


def send(stream: IO[bytes], head: bytes, body: bytes | memoryview = b"") -> None:
    """Write a frame: two lengths, a head, a body."""
    stream.write(_LENGTH.pack(len(head)) + _LENGTH.pack(len(body)) + head)
    stream.write(body)
    stream.flush()


def receive(stream: IO[bytes], most: int) -> tuple[bytes, bytes] | None:
    """The head and the body of the next frame; None where the stream ends. Raises Malformed where the body has more
    than so many bytes: none of them is taken into memory."""
    lengths = stream.read(2 * _LENGTH.size)
    if len(lengths) < 2 * _LENGTH.size:
        return None
    (head_length,), (body_length,) = _LENGTH.unpack_from(lengths), _LENGTH.unpack_from(lengths, _LENGTH.size)
    if head_length > MOST_HEAD or body_length > most:
        raise Malformed
    head = stream.read(head_length)
    body = stream.read(body_length)
    return (head, body) if len(head) == head_length and len(body) == body_length else None
