"""Read a file of any kind that is known, told by its content; refuse it in a sentence where it cannot be read."""

from __future__ import annotations

from dataclasses import replace
import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from ingest.contents import without_contents
from ingest.reading import Reading, Unreadable

SUFFIXES = (".pdf", ".docx", ".pptx", ".html", ".htm", ".md", ".markdown", ".txt")
MOST_BYTES = 200_000_000
MOST_UNPACKED = 400_000_000
MOST_RATIO = 200
MOST_FILES = 20_000


def read(path: Path, *, most_bytes: int = MOST_BYTES) -> Reading:
    """The words of a file, in order. Raises Unreadable, and nothing else, with a sentence for the person who added it."""
    try:
        size = path.stat().st_size
        if size == 0:
            raise Unreadable("The file is empty. Add it again from where it came from.")
        if size > most_bytes:
            raise Unreadable(
                f"The file has {size // 1_000_000} MB; {most_bytes // 1_000_000} MB is the most that is read. "
                "Save it in parts, or without its pictures."
            )
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "it could not be opened"
        raise Unreadable(f"The file could not be opened ({reason}). Check that it is there and may be read.") from error
    return read_bytes(data, path.suffix.lower())


def read_bytes(data: bytes, suffix: str) -> Reading:
    """The same for bytes that were read already; `suffix` is the name's, with its dot."""
    reader = _reader(data, suffix)
    try:
        reading = reader(data)
        return replace(reading, blocks=without_contents(reading.blocks))
    except Unreadable:
        raise
    except MemoryError as error:
        raise Unreadable("The file needs more memory than there is. Save it in parts.") from error
    except Exception as error:
        raise Unreadable(
            "The file is damaged: it could not be read to its end. Open it where it was made and save it again."
        ) from error


def _reader(data: bytes, suffix: str) -> Callable[[bytes], Reading]:
    head = data[:1024].lstrip(b"\x00\t\n\r \xef\xbb\xbf")
    if b"%PDF-" in data[:1024]:
        from ingest.read_pdf import read_pdf

        return read_pdf
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    _refuse_other(data, suffix)
    if suffix in (".md", ".markdown"):
        from ingest.read_markdown import read_markdown

        return read_markdown
    del head
    from ingest.read_text import read_text

    return read_text


def _office(data: bytes) -> Callable[[bytes], Reading]:
    """Which reader an Office file needs, after a look at what it would unpack to."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            total = sum(entry.file_size for entry in entries)
            if len(entries) > MOST_FILES or total > MOST_UNPACKED or total > MOST_RATIO * max(len(data), 100_000):
                raise Unreadable("The file unpacks to far more than a document holds, as an attack would. It was left out.")
            names = {entry.filename for entry in entries}
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError) as error:
        raise Unreadable("The file is damaged. Open it where it was made and save it again.") from error
    if "word/document.xml" in names:
        from ingest.read_docx import read_docx

        return read_docx
    if "ppt/presentation.xml" in names:
        from ingest.read_pptx import read_pptx

        return read_pptx
    raise Unreadable("This kind of file is not read. Save it as PDF, Word, PowerPoint, HTML, Markdown or text.")


def _refuse_other(data: bytes, suffix: str) -> None:
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("This kind of file is not read. Save it as PDF, Word, PowerPoint, HTML, Markdown or text.")
