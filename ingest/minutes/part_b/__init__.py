"""Part B: which headings may mean that what follows is confidential, and what of a file stands under them."""

from ingest.minutes.part_b.recognise import may_close, score
from ingest.minutes.part_b.sections import ClosedSection, Parted, part

__all__ = ["ClosedSection", "Parted", "may_close", "part", "score"]
