"""What was published of a wave, ready to be read: the figures beside those of the waves before, in words and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from bot.pulse.model import SCALE, Choice, Collaboration, Headline, Statement, Test, Wave
from bot.pulse.results.picture import Shown, headline, trends, whole
from bot.pulse.results.publish import WHOLE, Figures, Publication
from bot.pulse.results.statistics import Change, Estimate, weakest
from knowledge.passages import EVERYONE_PRINCIPAL, Audience, Reader

WITHHELD = (
    "Nothing of this pulse can be shown by itself without telling too much of single people, so nothing is. Its "
    "answers were counted with a later pulse's, or deleted where none followed."
)
HELD = (
    "Nothing of this pulse can be shown without telling too much of single people, so nothing is yet. Its answers stay "
    "sealed, and are counted with the next pulse's."
)
POOLED = "Too few answered the pulse before to show anything of it, so its answers are counted in this one."
ANYBODY = frozenset({EVERYONE_PRINCIPAL})
EVERYBODY = "Everybody"
COLUMNS = (
    "collaboration", "closed", "group", "answered", "test", "statement", "percent favourable", "interval from",
    "interval to", *(f"percent {choice.words.lower()}" for choice in (*SCALE, Choice.CANNOT_SAY)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seats:
    """Who is in the channel where results went, as rosters name people, and whether every full member of the workspace
    can find what is said there."""

    people: frozenset[str]
    public: bool


@dataclass(frozen=True, slots=True)
class Results:
    """A published wave of a collaboration; `waves` are those of which figures of everybody may be shown, the oldest
    first, this one the last if it is among them. `asked` are the people whom it or a wave pooled with it asked,
    `channel` is where it went, by Slack id; `held`: its answers wait for the next wave."""

    collaboration: Collaboration
    wave: Wave
    publication: Publication
    waves: tuple[Shown, ...]
    asked: frozenset[str]
    channel: str = ""
    held: bool = False

    def is_for(self, person: str, seats: Seats | None) -> bool:
        """Whether this person may see it."""
        return person in self.asked or (seats is not None and person in seats.people)

    def principals(self, seats: Seats | None) -> frozenset[str]:
        """The principals of those who may see it."""
        return frozenset(f"person:{person}" for person in self.asked | (seats.people if seats else frozenset()))

    def is_for_all(self, reader: Reader, seats: Seats | None) -> bool:
        """Whether everybody who reads together may see it. Where it stands in a public channel, the members of the
        workspace whom nobody names do not count against it: they find it there."""
        allowed = self.principals(seats)
        public = seats is not None and seats.public
        return bool(reader.members) and all(
            member & allowed or (public and member == ANYBODY) for member in reader.members
        )  # fmt: skip

    @property
    def figures(self) -> Figures | None:
        """The figures of everybody who answered; None where they are withheld."""
        return self.publication.whole

    @property
    def tests(self) -> dict[Test, Estimate]:
        """The five tests of everybody; none where the figures are withheld."""
        return self.figures.tests(self.wave.statements) if self.figures else {}

    @property
    def in_words(self) -> str:
        """The weakest test in a sentence."""
        if self.figures:
            said = headline(self.tests, self.publication.count)
            return f"{said} {POOLED}" if self.publication.pooled else said
        return HELD if self.held else WITHHELD

    @property
    def changes(self) -> dict[Test, Change]:
        """What may be said of each test since the wave before."""
        return trends(self.wave.statements, self.waves) if self.figures else {}

    def headline(self, audience: Audience | None) -> Headline | None:
        """The result in one line, for this audience; None where nothing may be shown."""
        if self.figures is None:
            return None
        low = weakest(self.tests)
        return Headline(
            self.wave.id,
            self.collaboration.name,
            self.wave.closes,
            tuple(each.value for each in low),
            whole(self.tests[low[0]].percent) if low else None,
            self.publication.count,
            self.in_words,
            audience,
        )

    def count(self, group: str) -> int | None:
        """How many of a group answered, where that may be said: of everybody only."""
        return self.publication.count if group == EVERYBODY else None

    def groups(self) -> Iterator[tuple[str, Figures | None]]:
        """Everybody first, then each slice by name; None where its figures are withheld, whatever the reason."""
        for cell in self.publication.cells:
            yield group_name(cell.name), cell.figures

    def rows(self) -> Iterator[tuple[str, Figures, Statement, int]]:
        """(group, its figures, statement, its position) of each group that is shown."""
        for group, figures in self.groups():
            if figures:
                for number, statement in enumerate(self.wave.statements):
                    yield group, figures, statement, number

    def csv(self) -> str:
        """What was published, as a table for a spreadsheet, and nothing else."""
        file = io.StringIO()
        out = csv.writer(file)
        out.writerow(COLUMNS)
        for group, figures, statement, number in self.rows():
            figure = figures.statements[number]
            values: list[object] = ["", "", "", *[""] * (len(SCALE) + 1)]
            if figure:
                shares = [figure.shares[choice] for choice in (*SCALE, Choice.CANNOT_SAY)]
                values = [figure.percent, figure.low, figure.high, *shares]
            about = statement.about(self.collaboration.name)
            out.writerow(
                [
                    _cell(self.collaboration.name), self.wave.closes.isoformat(), _cell(group), self.count(group) or "",
                    statement.test.value if statement.test else "", _cell(about), *values,
                ]
            )  # fmt: skip
        return file.getvalue()

    def as_json(self) -> dict[str, object]:
        """What was published, for programs."""
        return {
            "wave": self.wave.id,
            "collaboration": self.collaboration.name,
            "opens": self.wave.opens.isoformat(),
            "closes": self.wave.closes.isoformat(),
            "headline": self.in_words,
            "tests": [
                {
                    "test": test.value,
                    "percent": whole(each.percent),
                    "low": whole(each.interval.low),
                    "high": whole(each.interval.high),
                    "change": self.changes[test].value if test in self.changes else None,
                }
                for test, each in self.tests.items()
            ],
            "groups": [
                {"group": group, "answered": self.count(group), "shown": figures is not None}
                for group, figures in self.groups()
            ],
            "statements": [
                {
                    "group": group,
                    "statement": statement.about(self.collaboration.name),
                    "test": statement.test.value if statement.test else None,
                    "percent": figure.percent if (figure := figures.statements[number]) else None,
                    "low": figure.low if figure else None,
                    "high": figure.high if figure else None,
                    "shares": {choice.words: figure.shares[choice] for choice in Choice} if figure else None,
                }
                for group, figures, statement, number in self.rows()
            ],
            "comments": list(self.publication.comments),
        }


def group_name(name: str) -> str:
    """A group in words."""
    if name == WHOLE:
        return EVERYBODY
    kind, _, value = name.partition(":")
    return f"{kind.capitalize()}: {value}"


def _cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
