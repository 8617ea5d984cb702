"""What a collaboration is, when its waves may run, what they ask, and what is promised to those who answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum

from bot.errors import Refusal
from knowledge.passages import Audience
from knowledge.school.calendar import DAY, SchoolCalendar, SchoolTerm

THRESHOLD = 5
"""How many must have answered, must join a panel together, and have their answers written together."""
PANEL_LEAST = 8
"""How many must be asked before there are figures, and must have answered before a wave closes before its day."""
COMMENT_THRESHOLD = COUNT_LEAST = 10
"""How many must have answered before comments appear, and before it is said how many they were."""
OPEN_SCHOOL_DAYS = 7
LEAST_DAYS, MOST_DAYS = 3, 15
OWN_STATEMENTS, OWN_LENGTH = 2, 150
COMMENT_LENGTH = 500
PLACEHOLDER = "{collaboration}"


class Test(StrEnum):
    """The five tests of collaboration."""

    __test__ = False

    PURPOSE = "Purpose"
    MUTUALITY = "Mutuality"
    CHANGE = "Change"
    PACE = "Pace"
    PRIORITISATION = "Prioritisation"


class Choice(IntEnum):
    """What may be said to a statement."""

    CANNOT_SAY = 0
    STRONGLY_DISAGREE = 1
    DISAGREE = 2
    NEITHER = 3
    AGREE = 4
    STRONGLY_AGREE = 5

    @property
    def words(self) -> str:
        """As the form and the chart say it."""
        return _WORDS[self]


_WORDS = {
    Choice.CANNOT_SAY: "Can't say",
    Choice.STRONGLY_DISAGREE: "Strongly disagree",
    Choice.DISAGREE: "Disagree",
    Choice.NEITHER: "Neither",
    Choice.AGREE: "Agree",
    Choice.STRONGLY_AGREE: "Strongly agree",
}
SCALE = (Choice.STRONGLY_DISAGREE, Choice.DISAGREE, Choice.NEITHER, Choice.AGREE, Choice.STRONGLY_AGREE)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence to agree or disagree with. A trust's own statements belong to no test."""

    id: str
    test: Test | None
    wording: str

    def about(self, collaboration: str) -> str:
        """The wording with the collaboration's name in it."""
        return self.wording.replace(PLACEHOLDER, collaboration)


STATEMENTS = (
    Statement("purpose-agreed", Test.PURPOSE, f"The schools in {PLACEHOLDER} agree on what it should do for pupils."),
    Statement("purpose-success", Test.PURPOSE, f"I can describe what success in {PLACEHOLDER} will look like."),
    Statement("mutuality-gives", Test.MUTUALITY, f"My school gives something useful to {PLACEHOLDER}."),
    Statement("mutuality-gains", Test.MUTUALITY, f"My school gains something useful from {PLACEHOLDER}."),
    Statement(
        "change-willing",
        Test.CHANGE,
        f"For {PLACEHOLDER}, my team is willing to change what already works well enough.",
    ),
    Statement("change-done", Test.CHANGE, f"My school has changed something because of {PLACEHOLDER}."),
    Statement("pace-date", Test.PACE, f"I know the date by which {PLACEHOLDER} should show results."),
    Statement("pace-track", Test.PACE, f"{PLACEHOLDER} is on track for the date by which it should show results."),
    Statement("priority-time", Test.PRIORITISATION, f"We have set aside enough time for {PLACEHOLDER}."),
    Statement(
        "priority-room",
        Test.PRIORITISATION,
        f"We have agreed what we will stop or delay to make room for {PLACEHOLDER}.",
    ),
)

CHECKLIST = {
    Test.PURPOSE: "What should be better for pupils, and do all the schools say the same?",
    Test.MUTUALITY: "What does each school give, and what does each gain?",
    Test.CHANGE: "What will each school do differently, even where its own way works well enough?",
    Test.PACE: "By when should results show, and what should be seen before then?",
    Test.PRIORITISATION: "What will stop or wait, so that there is time for this?",
}


FIVE_TESTS_INSTEAD = (
    "A pulse asks at least eight people: of fewer no figures could be shown. Ask more people, or talk the five tests "
    "through at your next meeting instead."
)


class TooFewAsked(Refusal):
    """So few would be asked that there could be no figures: the five tests belong on an agenda instead."""

    def __init__(self) -> None:
        super().__init__(FIVE_TESTS_INSTEAD)


def promise(database_keeper: str) -> str:
    """What whoever answers is told first. `database_keeper` names who runs the database."""
    return (
        "Nobody in your trust sees your own answers, or whether you answered. We record that you replied, so that "
        "reminders stop, and forget it when the results are out. Results appear once, at the close, for groups of "
        "eight or more; before anything is counted, one answer in ten is replaced by chance. Answers stay sealed until "
        "then and are deleted when they have been counted; if too few answer, they are kept sealed and counted with "
        f"the next pulse's. The database is run by {database_keeper}."
    )


COMMENT_WARNING = (
    "Please do not name anybody. If it is about a child's safety, do not write it here: "
    "speak to your designated safeguarding lead."
)


@dataclass(frozen=True, slots=True)
class Collaboration:
    """Schools that work together for an outcome for pupils until a date."""

    id: str
    name: str
    schools: tuple[str, ...]
    outcome: str
    lead: str
    start: date
    end: date
    partners: tuple[str, ...] = ()
    checklist: tuple[str, ...] = ()
    """What was said to each of the five tests at the start, in the order of Test; empty where nothing was."""

    def runs(self, day: date) -> bool:
        """Whether it has not ended by this day."""
        return day <= self.end

    def unanswered(self) -> tuple[Test, ...]:
        """The tests to which nothing was said at the start."""
        said = dict(zip(Test, self.checklist, strict=False))
        return tuple(test for test in Test if not said.get(test))


def opened(
    id: str,  # noqa: A002
    name: str,
    schools: Iterable[str],
    outcome: str,
    lead: str,
    start: date,
    end: date | None,
    partners: Iterable[str] = (),
    checklist: Iterable[str] = (),
) -> Collaboration:
    """A new collaboration; a Refusal where it lacks a name, a school, an outcome, a lead or a later end date."""
    schools = tuple(dict.fromkeys(schools))
    needed = {"a name": name.strip(), "a school": schools, "an outcome for pupils": outcome.strip(), "a lead": lead}
    missing = [what for what, value in needed.items() if not value] + ([] if end else ["an end date"])
    if missing or end is None:
        raise Refusal(f"A collaboration needs {' and '.join(missing)} before it opens.")
    if end <= start:
        raise Refusal("A collaboration ends after it starts. Give a later end date.")
    return Collaboration(
        id, name.strip(), schools, outcome.strip(), lead, start, end, tuple(partners), tuple(checklist)
    )


@dataclass(frozen=True, slots=True)
class Member:
    """One person on a wave's roster, and the slices that his answers count towards."""

    person: str
    slices: frozenset[str]


@dataclass(frozen=True, slots=True)
class Wave:
    """One round of asking; the roster is frozen as it opens. `panel` is how many its panel has, those who have left
    and are not asked among them."""

    id: str
    collaboration: str
    opens: date
    closes: date
    roster: tuple[Member, ...]
    statements: tuple[Statement, ...] = STATEMENTS
    plan: str = ""
    panel: int = 0

    @property
    def large_enough(self) -> bool:
        """Whether enough people are asked for figures to be shown."""
        return max(self.panel, len(self.roster)) >= PANEL_LEAST

    def is_open(self, day: date) -> bool:
        """Whether answers are taken on this day: from the first day to the last, both included."""
        return self.opens <= day <= self.closes


@dataclass(frozen=True, slots=True)
class Response:
    """What one person said: the slices that it counts towards, and a choice for each statement of the wave."""

    slices: frozenset[str]
    choices: tuple[Choice, ...]


def slices_of(phase: str, hub: str | None) -> frozenset[str]:
    """The slices of somebody in a school of this phase and hub. A school alone is no slice: it would be too few."""
    return frozenset({f"phase:{phase}"} | ({f"hub:{hub}"} if hub else set()))


def frozen(roster: Iterable[Member], least: int = PANEL_LEAST) -> tuple[Member, ...]:
    """The roster as it is kept: each person once, in order of id, with slices that single out nobody.

    People with the same mix of slices are a cell. A cell of fewer than `least` counts towards the whole only, and so
    does the smallest other one while all such people together are still fewer than `least`: whatever sums and
    differences of the whole and the slices are taken, they are over whole cells.
    """
    members = {member.person: member for member in roster}
    sizes = Counter(member.slices for member in members.values() if member.slices)
    cells = sorted((mix for mix, size in sizes.items() if size >= least), key=lambda mix: (-sizes[mix], sorted(mix)))
    rest = len(members) - sum(sizes[mix] for mix in cells)
    while cells and 0 < rest < least:
        rest += sizes[cells.pop()]
    return tuple(
        member if member.slices in cells else Member(person, frozenset()) for person, member in sorted(members.items())
    )


def wave(
    id: str,  # noqa: A002
    collaboration: Collaboration,
    roster: Iterable[Member],
    opens: date,
    calendar: SchoolCalendar,
    own: Iterable[str] = (),
    days: int = OPEN_SCHOOL_DAYS,
    plan: str = "",
    panel: int = 0,
) -> Wave:
    """A wave that opens on this day for so many school days and asks this roster, of a panel of so many; a Refusal
    where the day or the roster does not allow it."""
    may_open(collaboration, calendar, opens, days)
    closes = calendar.school_days_after(opens, days - 1)
    asked = STATEMENTS + own_statements(own)
    made = Wave(id, collaboration.id, opens, closes, tuple(roster), asked, plan, panel)
    if not made.large_enough or len(made.roster) < THRESHOLD:
        raise TooFewAsked
    return made


def may_open(collaboration: Collaboration, calendar: SchoolCalendar, opens: date, days: int) -> None:
    """A Refusal where a wave of so many school days may not open on this day."""
    if not collaboration.start <= opens <= collaboration.end:
        raise Refusal("A pulse opens between the start and the end of its collaboration. Choose another day.")
    if not fits(calendar, opens, days):
        raise Refusal(
            f"A pulse of {days} school days must lie in one half of a term, outside the term's first and last weeks. "
            "Choose another day."
        )


def own_statements(own: Iterable[str]) -> tuple[Statement, ...]:
    """The trust's own statements; a Refusal where there are too many or one is too long to be read on a phone."""
    wordings = [" ".join(words.split()) for words in own if words.strip()]
    if len(wordings) > OWN_STATEMENTS:
        raise Refusal("A pulse takes at most two statements of the trust's own. Remove some.")
    if any(len(words) > OWN_LENGTH for words in wordings):
        raise Refusal(f"A statement has at most {OWN_LENGTH} characters. Say it in fewer words.")
    return tuple(Statement(f"own-{number}", None, words) for number, words in enumerate(wordings, 1))


def school_days(calendar: SchoolCalendar, opens: date, closes: date) -> int:
    """How many school days a wave from this day to that one lasts; a Refusal where it is too few or too many."""
    span = (opens + DAY * count for count in range(max((closes - opens).days + 1, 0)))
    days = sum(1 for each in span if calendar.is_school_day(each))
    if not LEAST_DAYS <= days <= MOST_DAYS or not calendar.is_school_day(closes):
        raise Refusal(f"A pulse stays open for {LEAST_DAYS} to {MOST_DAYS} school days. Choose another closing day.")
    return days


def fits(calendar: SchoolCalendar, opens: date, days: int = OPEN_SCHOOL_DAYS) -> bool:
    """Whether a wave may open on this day: all of its school days in one half of one term, outside the term's first
    and last weeks."""
    term = calendar.term(opens)
    if term is None or not calendar.is_school_day(opens):
        return False
    closes = calendar.school_days_after(opens, days - 1)
    first, last = _quiet(calendar, term)
    end = calendar.end_of_half(opens)
    return opens > first and closes < last and end is not None and closes <= end


def next_opening(calendar: SchoolCalendar, after: date, until: date, days: int = OPEN_SCHOOL_DAYS) -> date | None:
    """The first day on or after `after`, and by `until`, on which a wave may open."""
    day = after
    while day <= until:
        if fits(calendar, day, days):
            return day
        day += DAY
    return None


def half_termly(calendar: SchoolCalendar, start: date, end: date, days: int = OPEN_SCHOOL_DAYS) -> tuple[date, ...]:
    """The opening days of a recurring pulse: the first that fits in each half of each term between these dates."""
    openings: list[date] = []
    for term in calendar.terms:
        rest = term.half_term
        halves = [(term.start, rest.start - DAY), (rest.end + DAY, term.end)] if rest else [(term.start, term.end)]
        for first, last in halves:
            opening = next_opening(calendar, max(first, start), min(last, end), days)
            if opening:
                openings.append(opening)
    return tuple(openings)


def _quiet(calendar: SchoolCalendar, term: SchoolTerm) -> tuple[date, date]:
    """The last day of the term's first week, and the first day of its last."""
    first, last = calendar.first_day(term), calendar.last_day(term)
    return first + timedelta(days=6 - first.weekday()), last - timedelta(days=last.weekday())


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody decided to ask, and when: one wave, or one in each half of a term until the collaboration ends.

    `asked` holds `person:<id>`, `group:<id>`, `school:<id>` and `channel:<Slack id>`; `channel` is where the results
    go, by Slack id; `days` is how many school days a wave stays open.
    """

    id: str
    collaboration: str
    asked: tuple[str, ...]
    first: date
    days: int
    recurring: bool
    own: tuple[str, ...]
    channel: str
    by: str
    stopped: bool = False

    def openings(self, calendar: SchoolCalendar, until: date) -> tuple[date, ...]:
        """The days on which its waves are to open, up to this day."""
        if not self.recurring:
            return (self.first,) if self.first <= until else ()
        return half_termly(calendar, self.first, until, self.days)

    def wave(self, opening: date) -> str:
        """The id of the wave that was to open on this day."""
        return f"{self.id}-{opening.isoformat()}"


@dataclass(frozen=True, slots=True)
class Running:
    """An open wave as whoever runs it sees it: that it is open, and nothing of who or how many have answered."""

    wave: str
    collaboration: str
    name: str
    opens: date
    closes: date
    asked: int


@dataclass(frozen=True, slots=True)
class Headline:
    """The latest published pulse of a collaboration in one line: the weakest tests by name, their percent favourable,
    and how many answered, where that may be said; `weakest` is empty where too few gave a view. Without an `audience`
    it is for the very reader whom it was asked for."""

    wave: str
    collaboration: str
    closed: date
    weakest: tuple[str, ...]
    percent: int | None
    answered: int | None
    said: str
    audience: Audience | None


@dataclass(frozen=True, slots=True)
class Overview:
    """A collaboration with its pulses, for whoever runs the machine: (plan, day) of those to come, those that are open
    and the ids of those that were published."""

    id: str
    name: str
    end: date
    planned: tuple[tuple[str, date], ...]
    open: tuple[Running, ...]
    published: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "collaboration": self.id,
            "name": self.name,
            "end": self.end.isoformat(),
            "planned": [{"plan": plan, "opens": day.isoformat()} for plan, day in self.planned],
            "open": [
                {"pulse": each.wave, "closes": each.closes.isoformat(), "asked": each.asked} for each in self.open
            ],
            "published": list(self.published),
        }
