"""Part notes into what all readers of a meeting may see and its confidential Part B."""

from __future__ import annotations

from collections.abc import Collection

from ingest.minutes.part_b import Parted, part
from ingest.readers.reading import Reading


def parted(reading: Reading, opened: Collection[str] = (), name: str = "") -> Parted:
    """The open part and the confidential one, of which `opened` are the keys of sections that were opened."""
    return part(reading, opened, name)
