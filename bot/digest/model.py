"""What a digest is made of: a week's records as one reader sees them, lines bound to their sources, a post in parts."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.config.trust import Weekday
from bot.meetings.model import Action, Decision, Return
from bot.meetings.records.weekly import Notes, Tally
from knowledge.passages import Audience, Reader


class Part(StrEnum):
    """A part of a digest, in the order in which they are read."""

    NEEDED = "Decisions needed"
    DECIDED = "Decided"
    OVERDUE = "Overdue"
    DUE = "Due in the next seven days"
    ITEMS = "On the agenda"
    WELL = "Went well"
    GIVING = "Offers and asks"
    THEMES = "Shared by several schools"
    SCHOOLS = "Schools"
    PULSE = "Pulse"
    AHEAD = "Dates ahead"


NEWS = frozenset(Part) - {Part.SCHOOLS, Part.AHEAD}


class Offer(StrEnum):
    """What somebody may do about a line, besides opening its source and marking it as discussed."""

    NOTHING = ""
    TAKE = "take"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Source:
    """A record that a line stands on: `ref` finds it again, `text` is its own words, `audience` is who may read it."""

    ref: str
    label: str
    text: str
    audience: Audience
    school: str | None = None


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One line of a digest with what it stands on; what comes from the trust file alone has no source. `link` is an
    address in Slack instead, `wave` a pulse whose results are open to whoever may see them."""

    text: str
    sources: tuple[Source, ...] = ()
    offer: Offer = Offer.NOTHING
    link: str = ""
    wave: str = ""

    def open_to(self, reader: Reader) -> bool:
        """Whether this reader may read all that it stands on."""
        return all(reader.may_read(source.audience) for source in self.sources)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a digest with its lines; `hidden` says how many more there are than are shown."""

    part: Part
    lines: tuple[DigestLine, ...]
    hidden: int = 0
    heading: str = ""

    @property
    def title(self) -> str:
        """What stands over it."""
        return self.heading or self.part.value


@dataclass(frozen=True, slots=True)
class Chart:
    """Actions opened and closed and returns received, by week (its Monday), the oldest first."""

    weeks: tuple[datetime.date, ...]
    opened: tuple[int, ...]
    closed: tuple[int, ...]
    returns: tuple[int, ...]
    audiences: tuple[Audience, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest of one channel and week. `overview` is its message, `details` go into its thread."""

    channel: str
    week: str
    monday: datetime.date
    since: datetime.datetime
    until: datetime.datetime
    title: str
    notes: tuple[str, ...]
    overview: tuple[Section, ...]
    details: tuple[Section, ...]
    chart: Chart | None = None

    @property
    def quiet(self) -> bool:
        """Whether nothing is new."""
        return not any(section.part in NEWS for section in self.overview)

    @property
    def key(self) -> str:
        """The same for the same channel and week: under it the digest is posted once."""
        return key_of(self.channel, self.week)

    def for_reader(self, reader: Reader) -> Digest:
        """What of it this reader may still read: for what is posted later than it was made."""
        chart = self.chart if self.chart and all(map(reader.may_read, self.chart.audiences)) else None
        return replace(
            self, overview=_open(self.overview, reader), details=_open(self.details, reader), chart=chart
        )  # fmt: skip


def _open(sections: tuple[Section, ...], reader: Reader) -> tuple[Section, ...]:
    kept = (
        replace(
            section, lines=tuple(line for line in section.lines if line.open_to(reader) and _known(section.part, line))
        )
        for section in sections
    )
    return tuple(each for each in kept if each.lines)


def _known(part: Part, line: DigestLine) -> bool:
    """Whether it is known who may read a line: of a pulse without an audience only the reader whom it was asked for."""
    return part is not Part.PULSE or bool(line.sources)


@dataclass(frozen=True, slots=True)
class Headline:
    """What a pulse found, as it was published: `test` is its weakest, `percent` of `answered` were favourable; how many
    answered is None where it is not said. Without an `audience` it is shown to the very reader it was asked for, and to
    nobody later."""

    collaboration: str
    test: str
    percent: int
    answered: int | None
    day: datetime.date
    link: str = ""
    audience: Audience | None = None
    wave: str = ""


Headlines = Callable[[Reader, datetime.datetime, datetime.datetime], tuple[Headline, ...]]


def no_headlines(reader: Reader, since: datetime.datetime, until: datetime.datetime) -> tuple[Headline, ...]:
    """No pulse."""
    return ()


@dataclass(frozen=True, slots=True)
class Ahead:
    """A day to come; `audience` None is for everybody, as terms are. `school` None is the whole trust."""

    day: datetime.date
    text: str
    audience: Audience | None = None
    school: str | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """What a week brought. `before` are the schools' returns before it; `weeks` are the Mondays of the `tallies`."""

    returns: tuple[Return, ...] = ()
    before: tuple[Return, ...] = ()
    notes: tuple[Notes, ...] = ()
    decisions: tuple[Decision, ...] = ()
    live: tuple[Action, ...] = ()
    ahead: tuple[Ahead, ...] = ()
    tallies: tuple[Tally, ...] = ()
    weeks: tuple[datetime.date, ...] = ()
    headlines: tuple[Headline, ...] = ()

    def seen_by(self, reader: Reader) -> Material:
        """What this reader may read of it. Of an action the audience of its notes counts, not that of its owners, and
        what is of a Part B is in no digest. Headlines were asked for with this reader already."""
        return Material(
            tuple(each for each in self.returns if reader.may_read(each.audience)),
            tuple(each for each in self.before if reader.may_read(each.audience)),
            tuple(note for note in self.notes if reader.may_read(note.meeting.audience)),
            tuple(
                decision for decision in self.decisions if reader.may_read(decision.audience) and not decision.part_b
            ),
            tuple(each for each in self.live if reader.may_read(each.audience) and not each.part_b),
            tuple(each for each in self.ahead if each.audience is None or reader.may_read(each.audience)),
            tuple(tally for tally in self.tallies if reader.may_read(tally.audience)),
            self.weeks,
            self.headlines,
        )


@dataclass(frozen=True, slots=True)
class Setup:
    """The digest of a channel as it is set now; no schools and no items are all of them. Nothing that was due before
    `since` is posted."""

    channel: str
    day: Weekday
    at: datetime.time
    schools: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    paused: bool = False
    since: datetime.datetime | None = None


def key_of(channel: str, week: str) -> str:
    """The key of a channel's digest of an ISO week, such as 2026-W47."""
    return f"digest:{channel}:{week}"
