"""What was read so far of a PDF whose pages are pictures: it is read some pages at a time, and goes on where it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.readers.reading import Unreadable

MOST_AT_ONCE = 20
# A page takes a second or two, ten on a busy machine: the reader is given several minutes, and loses none.
SECONDS_AT_ONCE = 60.0
MOST_PICTURES = 600
TOO_MANY = (
    f"More than {MOST_PICTURES} of its pages are pictures, and no more are read. Save it in parts, or have its words "
    "recognised where it was scanned."
)
NOT_AT_ONCE = (
    "Too many of its pages are pictures to be read at once. Send the pages that matter, or "
    "put it in a folder of the library, where it is read bit by bit."
)


@dataclass(frozen=True, slots=True)
class Scanned:
    """The words in the pictures of pages, as JSON by page; `digest` is that of the file's bytes, `total` its pages."""

    digest: str = ""
    pages: Mapping[int, str] = field(default_factory=dict)
    total: int = 0

    @property
    def through(self) -> int:
        """The last page whose picture was read."""
        return max(self.pages, default=0)


class Unfinished(Unreadable):
    """A scan of which there is more to read: `scanned` is what was read now."""

    def __init__(self, scanned: Scanned) -> None:
        super().__init__(NOT_AT_ONCE)
        self.scanned = scanned
