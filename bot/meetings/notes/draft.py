"""A proposal while the chair or clerk edits it: every item bound to its line of the notes, nothing assigned yet."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from enum import StrEnum

from bot.meetings.model import Body
from ingest.minutes import About, Attendee, Owner
from ingest.readers.reading import Reading
from knowledge.passages import Audience
from knowledge.school.due import Due

PASTED = "pasted notes"
"""The file name of notes that came without a file."""


@dataclass(frozen=True, slots=True)
class Notes:
    """Notes as they came in. `by` is the trust file's id of whoever brought them, empty for a folder. `about` is what
    the sender or the channel says of the meeting. `audience` is that of their folder; None takes it from the body that
    met. `document` is their id where the library has them already."""

    reading: Reading
    file_name: str
    by: str
    about: About = field(default_factory=About)
    audience: Audience | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class DraftAction:
    """An action as it is proposed. `of` is the confirmed action that it carries on; `asks` are to be answered by
    whoever edits, though confirming does not wait for them. `added` were written in by hand and have no line."""

    id: str
    task: str
    owners: tuple[Owner, ...]
    due: Due
    quote: str
    page: int | None
    done: bool = False
    item: str = ""
    heading: str = ""
    part_b: bool = False
    of: str | None = None
    asks: tuple[str, ...] = ()
    dropped: bool = False

    @property
    def added(self) -> bool:
        """Whether somebody wrote it in by hand."""
        return not self.quote


@dataclass(frozen=True, slots=True)
class DraftDecision:
    """A decision as it is proposed."""

    id: str
    text: str
    quote: str
    page: int | None
    item: str = ""
    heading: str = ""
    part_b: bool = False
    benefit: str = ""
    of: str | None = None
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class DraftMatter:
    """What the notes say of an earlier action: `of` is the confirmed action where one was recognised."""

    id: str
    text: str
    closed: bool
    quote: str
    page: int | None
    of: str | None = None
    part_b: bool = False
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class DraftItem:
    """What one agenda item says; `id` is the standard item's, None where the heading fits none."""

    id: str | None
    heading: str
    went_well: tuple[str, ...] = ()
    hard: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftSection:
    """A section that is held closed because its heading, or the words `why`, may mean that it is confidential. `key`
    opens it."""

    key: str
    heading: str
    why: str


class Kind(StrEnum):
    """How a corrected version differs."""

    ADDED = "added"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between these notes and those that were confirmed: `of` is the confirmed item's id, `item` the
    draft's; what is gone from the notes stays confirmed."""

    kind: Kind
    what: str
    before: str
    after: str
    of: str | None = None
    item: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposal being edited. `must` has to be answered before it can be confirmed; `asks` need not be. `revises` is
    the confirmed meeting that these notes are a corrected version of; `meeting` is set once it is confirmed. `closed`
    says that the notes are a Part B as a whole, `again` that the same notes were brought in before. `proposed` is
    what was read, before anybody edited it. `sections` are held closed, `opened` the keys of those that were opened."""

    id: str
    digest: str
    file_name: str
    by: str
    created: datetime.datetime
    body: Body | None
    date: datetime.date | None
    chair: Owner | None
    clerk: Owner | None
    attendees: tuple[Attendee, ...]
    following: datetime.date | None
    audience: Audience | None
    part_b: Audience | None
    actions: tuple[DraftAction, ...]
    decisions: tuple[DraftDecision, ...]
    matters: tuple[DraftMatter, ...]
    items: tuple[DraftItem, ...]
    must: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    revises: str | None = None
    meeting: str | None = None
    document: str | None = None
    closed: bool = False
    again: bool = False
    proposed: tuple[DraftAction, ...] = ()
    proposed_decisions: tuple[DraftDecision, ...] = ()
    sections: tuple[DraftSection, ...] = ()
    opened: tuple[str, ...] = ()

    @property
    def kept(self) -> tuple[DraftAction, ...]:
        """The actions that will be confirmed."""
        return tuple(each for each in self.actions if not each.dropped)

    @property
    def confidential(self) -> bool:
        """Whether any of it is of a Part B."""
        places = [each.part_b for each in self.actions] + [each.part_b for each in self.decisions]
        return any(places) or any(each.part_b for each in self.matters)

    def hides(self, difference: Difference) -> bool:
        """Whether a difference is in something of the Part B; what is gone from the notes counts as such."""
        shown = {each.id for each in self.actions if not each.part_b}
        return difference.item not in shown | {each.id for each in self.decisions if not each.part_b}
