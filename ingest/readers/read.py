"""Read a file of any known kind, told by its content; refuse it in a sentence where it cannot be read."""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.readers.contents import without_contents
from ingest.readers.kinds import KINDS, refuse_secrets, refuse_text, suffix_of
from ingest.readers.office.package import check_package
from ingest.readers.reading import Block, Reading, Unreadable

_EMPTY = "The file is empty. Add it again from where it came from."
if TYPE_CHECKING:
    from ingest.readers.scans.scanned import Scanned

LONGEST_HEADING = 300
_DAMAGED = "The file is damaged: it could not be read to its end. Open it where it was made and save it again."


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of one file is read: its size in bytes, that of plain text, its pages, the seconds that it may take."""

    most_bytes: int = 200_000_000
    most_text: int = 20_000_000
    most_pages: int = 3_000
    most_seconds: float = 300.0


DEFAULT_LIMITS = Limits()


def read_file(path: Path, limits: Limits = DEFAULT_LIMITS) -> Reading:
    """The words of a file, in order. Raises Unreadable, and nothing else, with a sentence for whoever added it."""
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise Unreadable("This is not a file. Put a copy of the document itself there.")
        if state.st_size == 0:
            raise Unreadable(_EMPTY)
        if state.st_size > limits.most_bytes:
            raise Unreadable(
                f"The file has {state.st_size // 1_000_000} MB, and {limits.most_bytes // 1_000_000} MB is the most "
                "that is read. Save it in parts, or without its pictures."
            )
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or "it could not be opened").lower()
        raise Unreadable(f"The file could not be opened: {reason}. Check that it is there and may be read.") from error
    return read_bytes(data, suffix_of(path.name), limits)


def read_bytes(
    data: bytes, suffix: str = "", limits: Limits = DEFAULT_LIMITS, scanned: Scanned | None = None
) -> Reading:
    """The same for bytes; `suffix` is that of the file's name, with its dot, and settles only what text they are.

    `scanned` is what was read before of the pictures of pages. Unfinished, which is an Unreadable too, has what was
    read of them now.
    """
    if not data:
        raise Unreadable(_EMPTY)
    try:
        reading = _dispatch(data, suffix.strip().lower(), limits, scanned)
    except Unreadable:
        raise
    except MemoryError as error:
        raise Unreadable("The file needs more memory than there is. Save it in parts.") from error
    except Exception as error:
        raise Unreadable(_DAMAGED) from error
    blocks = tuple(map(_plausible, without_contents(reading.blocks)))
    if not blocks:
        raise Unreadable("There are no words in this file. Check that it is the right file, then add it again.")
    for block in blocks:
        refuse_secrets(block.text)
    title = reading.title and reading.title[:LONGEST_HEADING]
    return replace(reading, blocks=blocks, title=title)


def _plausible(block: Block) -> Block:
    """A heading of more than a few lines is text: it would stand again before every passage under it."""
    if block.kind == "heading" and len(block.text) > LONGEST_HEADING:
        return replace(block, kind="paragraph", level=0)
    return block


def _dispatch(data: bytes, suffix: str, limits: Limits, scanned: Scanned | None) -> Reading:
    if b"%PDF-" in data[:1024]:
        from ingest.readers.pdf.reader import read_pdf

        return read_pdf(data, most_pages=limits.most_pages, most_seconds=limits.most_seconds, scanned=scanned)
    if data.startswith(b"PK\x03\x04"):
        return _office(data, check_package(data))
    _refuse_unknown(data, suffix)
    if len(data) > limits.most_text:
        raise Unreadable(f"This text has {len(data) // 1_000_000} MB, far more than a document. Save it in parts.")
    from ingest.readers.text import decode, read_text

    looks_like_page = _looks_like_html(data)
    named = ".html" if looks_like_page and suffix in (".pdf", ".docx", ".pptx") else suffix
    refuse_text(decode(data), named)
    if suffix in (".md", ".markdown"):
        from ingest.readers.markdown import read_markdown

        return read_markdown(data)
    if named in (".html", ".htm") or looks_like_page:
        from ingest.readers.web import read_web

        return read_web(data)
    return read_text(data)


def _office(data: bytes, names: frozenset[str]) -> Reading:
    if "word/document.xml" in names:
        from ingest.readers.office.docx import read_docx
        from ingest.readers.office.repair import sound

        return read_docx(sound(data, names))
    if "ppt/presentation.xml" in names:
        from ingest.readers.office.pptx import read_pptx
        from ingest.readers.office.repair import sound

        return read_pptx(sound(data, names))
    kind = "an Excel workbook" if "xl/workbook.xml" in names else "a compressed archive or another kind of package"
    raise Unreadable(f"This is {kind}, which is not read. Save it as {KINDS}.")


_MAGIC = (
    (b"\xd0\xcf\x11\xe0", "an old Office file (.doc, .ppt) or one locked with a password"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"BM", "a picture"),
    (b"RIFF", "a recording or a picture"),
    (b"ID3", "a recording"),
    (b"{\\rtf", "a Rich Text file"),
    (b"%!PS", "a PostScript file"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"PK", "a compressed archive"),
    (b"Rar!", "a compressed archive"),
    (b"7z\xbc\xaf", "a compressed archive"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
)


def _refuse_unknown(data: bytes, suffix: str) -> None:
    """Refuses what is no text, by name where its first bytes or its suffix tell."""
    head = data[:4096]
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    unprintable = sum(byte < 9 or (13 < byte < 32 and byte != 27) for byte in head)
    for magic, kind in _MAGIC:
        if head.startswith(magic) and (len(magic) > 2 or unprintable):
            raise Unreadable(f"This is {kind}, which is not read. Save it as {KINDS}.")
    if not wide and (b"\x00" in head or unprintable > 0.02 * len(head)):
        stated = f" although its name ends in {suffix}" if suffix in (".pdf", ".docx", ".pptx") else ""
        raise Unreadable(f"This is not a document that can be read{stated}. Save it as {KINDS}.")
    if suffix in (".pdf", ".docx", ".pptx") and not _looks_like_html(data):
        raise Unreadable(
            f"The file's name ends in {suffix}, but it is not that kind of file. "
            "Open it where it was made and save it again."
        )


def _looks_like_html(data: bytes) -> bool:
    return bool(re.search(rb"<!doctype\s+html|<html[\s>]|<body[\s>]", data[:2048], re.IGNORECASE))
