"""Sets the documents of two schools side by side: where they say something else, and what only one of them says."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.passages import Document
from knowledge.skills.layout import Section
from knowledge.skills.versions.diff import Change, Contents, VersionSentence, differences

MOST_CHANGES = 5
MOST_OTHERS = 2
SAME = "The two say the same, sentence by sentence, in all that can be compared."


def set_side_by_side(
    schools: tuple[str, str], documents: tuple[Document, Document], contents: tuple[Contents, Contents]
) -> tuple[str, list[Section]]:
    """How the two differ, in a sentence, and the quotes; no quotes where they are the same. `schools` are the names
    of the schools whose documents these are, in the same order."""
    one, other = schools
    found = differences(documents[0], contents[0], documents[1], contents[1])
    if not (found.changed or found.new or found.gone):
        return SAME, []
    counts = [
        f"{_sentences(len(found.changed))} something else",
        f"{len(found.gone)} only at {one}",
        f"{len(found.new)} only at {other}",
    ]
    lead = f"Compared sentence by sentence: {counts[0]}, {counts[1]} and {counts[2]}."
    pieces = [_pair(each, one, other) for each in found.changed[:MOST_CHANGES]]
    pieces += _alone(f"Only at {one}", found.gone) + _alone(f"Only at {other}", found.new)
    return lead, pieces


def _sentences(count: int) -> str:
    return "1 says" if count == 1 else f"{count} say"


def _pair(change: Change, one: str, other: str) -> Section:
    heading = change.new.passage.heading[-1] if change.new.passage.heading else ""
    if change.was and change.now:
        heading = f"{' and '.join(change.was[:2])} at {one}, {' and '.join(change.now[:2])} at {other}"
    return Section(heading, f"{one}, then {other}:", (change.old.cite(), change.new.cite()))


def _alone(heading: str, said: Sequence[VersionSentence]) -> list[Section]:
    more = len(said) - MOST_OTHERS
    note = f"{MOST_OTHERS} of {len(said)}, those that say most:" if more > 0 else ""
    return [Section(heading, note, tuple(each.cite() for each in said[:MOST_OTHERS]))] if said else []
