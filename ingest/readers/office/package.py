"""Look into an Office file (a zip package) before anything in it is unpacked in earnest."""

from __future__ import annotations

import io
import zipfile
import zlib

from ingest.readers.reading import Unreadable

MOST_UNPACKED = 400_000_000
MOST_XML = 120_000_000
MOST_RATIO = 200
MOST_PARTS = 20_000
_BOMB = "The file unpacks to far more than a document holds, as a harmful file would. It is not read."
_DAMAGED = "The file is damaged. Open it where it was made and save it again."
_DTD = (b"<!DOCTYPE", b"<!ENTITY")
_STEP = 1 << 20


def check_package(data: bytes) -> frozenset[str]:
    """The names of the package's parts, after its stated and its real sizes were found to be those of a document.

    Raises Unreadable for a package that is damaged, locked or swells: what a part states of its size is not
    believed, each XML part is unpacked and counted in steps first.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            _check_stated(parts, len(data))
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _check_real(package, part)
            return frozenset(part.filename for part in parts)
    except RuntimeError as error:
        raise Unreadable("The file is locked with a password. Save it again without one, then add it.") from error
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise Unreadable(_DAMAGED) from error


def _check_stated(parts: list[zipfile.ZipInfo], packed: int) -> None:
    total = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or total > MOST_UNPACKED or total > MOST_RATIO * max(packed, 100_000):
        raise Unreadable(_BOMB)


def _check_real(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    size = 0
    with package.open(part) as stream:
        while step := stream.read(_STEP):
            if size == 0 and any(mark in step[:4096] for mark in _DTD):
                raise Unreadable("The file holds definitions that no Office program writes, as a harmful file would.")
            size += len(step)
            if size > MOST_XML or size > MOST_RATIO * max(part.compress_size, 20_000):
                raise Unreadable(_BOMB)
