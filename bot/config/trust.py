"""The trust file: who the trust is, who may read what, and when its schools meet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, time
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Literal, Protocol, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from bot.config.trust_mistakes import Loader, Location, explained, problem, twice
from bot.errors import Refusal
from knowledge.library.links import is_host
from knowledge.passages import EVERYONE_PRINCIPAL, Audience, Kind, Names, Reader, Status
from knowledge.school.calendar import Days, SchoolCalendar, SchoolTerm

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
Phase = Literal["nursery", "infant", "junior", "primary", "middle", "secondary", "all-through", "special", "sixth-form"]
Role = Literal[
    "chief-executive", "executive", "trustee", "governance", "headteacher", "senior-leader", "dsl", "deputy-dsl",
    "sendco", "governor", "staff", "administrator",
]  # fmt: skip

# Slack delivers an event again for some hours, so nothing is forgotten within two days.
KeptDays = Literal["keep"] | Annotated[int, Field(ge=2, le=36_500)]

SHOWN = 10
_TELEPHONE = re.compile(r"\+?[\d ()-]{3,24}(?: ?(?:ext|x)\.? ?\d{1,6})?", re.IGNORECASE)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Span(_Strict):
    """A run of days, both ends included."""

    start: date
    end: date

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end < self.start:
            raise ValueError(f"ends on {self.end} before it starts on {self.start}: swap the two dates")
        return self


class Term(Span):
    """A term as the school publishes it; `half_term` is the break within it."""

    name: str
    half_term: Span | None = None


class School(_Strict):
    """One school of the trust; terms and INSET days of its own replace the trust's. A `hub` is schools that work
    together, for figures of a group that is large enough to be shown."""

    id: Id
    name: str
    phase: Phase
    hub: str | None = None
    channel: str | None = None
    also: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    inset_days: tuple[date, ...] = ()


class Person(_Strict):
    """Somebody who works with the trust, found in Slack by e-mail address or Slack id. The `phone` of a designated
    safeguarding lead or a deputy is shown to whoever writes of a child at risk."""

    id: Id
    name: str
    email: str | None = None
    slack: str | None = None
    roles: tuple[Role, ...] = ("staff",)
    schools: tuple[Id, ...] = ()
    title: str | None = None
    phone: str | None = None

    @field_validator("phone")
    @classmethod
    def _telephone(cls, value: str | None) -> str | None:
        if value is not None and not _TELEPHONE.fullmatch(value):
            raise ValueError(f'{value!r} is no telephone number: write its digits in quotes, such as "01632 960101"')
        return value


class Group(_Strict):
    """People who read the same documents; also a committee or team that meets (`also` holds its other names)."""

    id: Id
    name: str
    people: tuple[Id, ...] = ()
    roles: tuple[Role, ...] = ()
    also: tuple[str, ...] = ()
    meets: bool = False


class Folder(_Strict):
    """A library folder, relative to the trust file, and what is true of all that lies in it."""

    path: str
    audience: tuple[str, ...] = (EVERYONE_PRINCIPAL,)
    kind: Kind | None = None
    school: Id | None = None
    status: Status | None = None
    mask: bool = True

    @field_validator("audience", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("audience")
    @classmethod
    def _somebody(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("names nobody: write `everyone`, a group, a school or person:<id>")
        return value


class AgendaItem(_Strict):
    """A standing item of leadership meetings, tagged with one of the five priorities or with children."""

    id: Id
    name: str
    priority: Literal["children", "risk", "workforce", "communications", "finance", "data"] = "children"


class Series(_Strict):
    """A meeting that recurs: which group or school meets, on which weekday, how often."""

    id: Id
    name: str
    group: Id | None = None
    school: Id | None = None
    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday"] | None = None
    at: time | None = None
    every: Literal["week", "fortnight", "month", "half-term", "term"] = "week"
    dates: tuple[date, ...] = ()
    channel: str | None = None
    also: tuple[str, ...] = ()


Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday")
POSTS_FROM, POSTS_UNTIL = time(7, 45), time(17, 30)


class WeeklyDigest(_Strict):
    """The weekly post in one channel: when, of which schools (none named: all), on which agenda items (the same)."""

    channel: str
    day: Weekday = "friday"
    at: time = time(15, 0)
    schools: tuple[Id, ...] = ()
    items: tuple[Id, ...] = ()

    @field_validator("channel")
    @classmethod
    def _plain_name(cls, value: str) -> str:
        return value.lstrip("#")

    @field_validator("schools", mode="before")
    @classmethod
    def _all_or_some(cls, value: object) -> object:
        return () if value == "all" else (value,) if isinstance(value, str) else value

    @field_validator("at", mode="before")
    @classmethod
    def _without_quotes(cls, value: object) -> object:
        # YAML reads 15:00 without quotes as a number of base sixty.
        return time(*divmod(value, 60)) if isinstance(value, int) and 0 <= value < 24 * 60 else value

    @field_validator("at")
    @classmethod
    def _in_school_hours(cls, value: time) -> time:
        if not POSTS_FROM <= value < POSTS_UNTIL:
            raise ValueError("digests are posted from 07:45 and before 17:30: choose a time in between")
        return value


class Retention(_Strict):
    """How many days each kind of record is kept, or "keep". `questions` are the words asked, `answers` what was
    answered, `notes` the words of notes as they came in, `drafts` proposals that were never confirmed, `returns` what
    schools reported, `matters` what was marked for a next agenda, `posts` which message stands where, `inbox` which
    events are done. Actions and decisions are the trust's record and stay."""

    questions: KeptDays = 365
    answers: KeptDays = 365
    feedback: KeptDays = 365
    audit: KeptDays = 1095
    notes: KeptDays = "keep"
    drafts: KeptDays = 365
    returns: KeptDays = 1095
    matters: KeptDays = 365
    posts: KeptDays = 365
    inbox: KeptDays = 30


class Privacy(_Strict):
    """Adults who are not under `people` and are never taken for pupils (`staff`), and who runs the database."""

    staff: tuple[str, ...] = ()
    run_by: str | None = None


class Links(_Strict):
    """The hosts whose addresses may be shown as links to documents, such as `fernhill.sharepoint.com`, or with `*.`
    before them all below."""

    hosts: tuple[str, ...] = ()

    @field_validator("hosts", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("hosts")
    @classmethod
    def _by_name(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for host in value:
            if not is_host(host.lower()):
                raise ValueError(
                    f"{host!r} is no host of your own: write one such as fernhill.sharepoint.com, or "
                    "*.fernhill.example for all below fernhill.example"
                )
        return tuple(host.lower() for host in value)


class CurrentTrust(Protocol):
    """Where the trust as it is now comes from. A Trust that was read once is its own; `LiveTrust` follows the file."""

    @property
    def present(self) -> Trust:
        """The trust as it is now: take it once for whatever must not mix two versions."""
        ...

    @property
    def latest(self) -> Trust:
        """The trust as this process knew it last, without a look: for what decides nothing about access."""
        ...


class Trust(_Strict):
    """A whole trust, as its trust file describes it. `returns` names the groups that read every school's return."""

    name: str
    also: tuple[str, ...] = ()
    time_zone: str = "Europe/London"
    schools: tuple[School, ...] = Field(min_length=1)
    people: tuple[Person, ...] = ()
    groups: tuple[Group, ...] = ()
    library: tuple[Folder, ...] = ()
    agenda: tuple[AgendaItem, ...] = ()
    terms: tuple[Term, ...] = ()
    inset_days: tuple[date, ...] = ()
    meetings: tuple[Series, ...] = ()
    digests: tuple[WeeklyDigest, ...] = ()
    returns: tuple[Id, ...] = ()
    retention: Retention = Retention()
    privacy: Privacy = Privacy()
    links: Links = Links()
    folder: Path = Field(default=Path(), exclude=True)

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{value!r} is no time zone: write one such as Europe/London") from error
        return value

    @property
    def present(self) -> Trust:
        """Itself: what was read once stays as it is."""
        return self

    @property
    def latest(self) -> Trust:
        """Itself."""
        return self

    @cached_property
    def zone(self) -> ZoneInfo:
        """The trust's time zone."""
        return ZoneInfo(self.time_zone)

    @cached_property
    def names(self) -> Names:
        """The proper names that questions and documents may use for schools and bodies."""
        return Names(
            trust=self.name,
            schools={school.id: (school.name, *school.also) for school in self.schools},
            bodies={
                **{group.id: (group.name, *group.also) for group in self.groups if group.meets},
                **{series.id: (series.name, *series.also) for series in self.meetings},
            },
            phases={school.id: school.phase for school in self.schools},
        )

    @cached_property
    def staff(self) -> tuple[str, ...]:
        """The names of all adults whom the file knows."""
        return tuple(sorted({*(person.name for person in self.people), *self.privacy.staff}))

    @cached_property
    def administrators(self) -> tuple[Person, ...]:
        """Whoever keeps the trust file and hears of Trustbot's troubles."""
        return tuple(person for person in self.people if "administrator" in person.roles)

    def calendar(self, school_id: str | None) -> SchoolCalendar:
        """The school days of a school, or of the trust; terms and INSET days of a school's own replace the trust's."""
        school = next((each for each in self.schools if each.id == school_id), None)
        own_terms, own_days = (school.terms, school.inset_days) if school else ((), ())
        terms = (
            SchoolTerm(term.name, term.start, term.end, Days(off.start, off.end) if (off := term.half_term) else None)
            for term in own_terms or self.terms
        )
        return SchoolCalendar.of(terms, own_days or self.inset_days)

    def person(self, key: str) -> Person | None:
        """The person with this id, e-mail address, Slack id or exact name, if there is one. A name that two people
        share is nobody's."""
        wanted = key.strip().casefold()
        for person in self.people:
            if wanted in {own.casefold() for own in (person.id, person.email, person.slack) if own}:
                return person
        named = [person for person in self.people if person.name.casefold() == wanted]
        return named[0] if len(named) == 1 else None

    def reader(self, person: Person | None) -> Reader:
        """What this person may read; a member of the workspace whom the file does not name reads `everyone`."""
        if person is None:
            return Reader.of({EVERYONE_PRINCIPAL})
        groups = {
            group.id
            for group in self.groups
            if person.id in group.people or any(role in group.roles for role in person.roles)
        }
        return Reader.of({EVERYONE_PRINCIPAL, f"person:{person.id}", *person.schools, *groups})

    @cached_property
    def audiences(self) -> tuple[str, ...]:
        """The names that an audience is usually made of: everyone, schools, groups."""
        return (EVERYONE_PRINCIPAL, *sorted({*(s.id for s in self.schools), *(g.id for g in self.groups)}))

    @cached_property
    def principals(self) -> frozenset[str]:
        """Every name that an audience may be made of, single people included."""
        return frozenset({*self.audiences, *(f"person:{person.id}" for person in self.people)})

    def audience(self, name: str) -> Audience:
        """The audience that a person wrote, `+` between alternatives; a Refusal lists the names there are."""
        parts = [part.strip() for part in name.split("+") if part.strip()]
        if not parts or not self.principals.issuperset(parts):
            raise Refusal(f"There is no audience {name!r} in the trust file. Use one of: {', '.join(self.audiences)}.")
        return Audience(frozenset(parts))


def load(path: Path) -> Trust:
    """Read and check a trust file; a Refusal names the line, the key and the mend."""
    return parse(words(path), path)


def words(path: Path) -> str:
    """The words of a trust file, unchecked; a Refusal where there are none to be read."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise Refusal(f"There is no trust file at {path}. `trustbot guide set-up` has one to copy and edit.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"The trust file {path} cannot be read as UTF-8 text. Save it again as UTF-8.") from error


def parse(text: str, path: Path) -> Trust:
    """The trust that these words of the file at `path` describe; a Refusal names the line, the key and the mend."""
    return _parsed(text, path, path.resolve().parent)


# At a start the same words are read from the file and from the database.
@lru_cache(maxsize=4)
def _parsed(text: str, path: Path, folder: Path) -> Trust:
    try:
        tree = yaml.compose(text, Loader=Loader)
        data = yaml.load(text, Loader=Loader)  # noqa: S506
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "the file"
        what = getattr(error, "problem", None) or "it does not parse"
        raise Refusal(f"{path}, {where}: this is not valid YAML ({what}). Check indentation and colons.") from error
    if again := list(twice(tree)):
        said = (f"{path}, line {line}, {key}: this key stands twice, join both." for line, key in again[:SHOWN])
        raise Refusal("\n".join(said))
    if not isinstance(data, dict):
        raise Refusal(
            f"{path} is empty or no mapping. It starts with `name:` and `schools:`; see `trustbot guide trust-file`."
        )
    if "folder" in data:
        raise Refusal(problem(path, tree, ("folder",), "this is not a key of the trust file: remove it"))
    try:
        trust = Trust.model_validate({**data, "folder": folder})
    except ValidationError as error:
        raise Refusal("\n".join(explained(path, tree, error.errors())[:SHOWN])) from error
    if problems := list(_inconsistent(trust)):
        raise Refusal("\n".join(problem(path, tree, where, mend) for where, mend in problems[:SHOWN]))
    return trust


def _inconsistent(trust: Trust) -> Iterator[tuple[Location, str]]:
    """What no single entry shows: ids given twice, and references to what the file does not hold."""
    for key in ("schools", "people", "groups", "agenda", "meetings"):
        seen: set[str] = set()
        for number, entry in enumerate(getattr(trust, key)):
            if entry.id in seen:
                yield (key, number, "id"), f"{entry.id!r} is taken by an entry above: give each its own id"
            seen.add(entry.id)
    schools = {school.id for school in trust.schools}
    people = {person.id for person in trust.people}
    groups = {group.id for group in trust.groups}
    named: tuple[tuple[str, Sequence[School | Group]], ...] = (("schools", trust.schools), ("groups", trust.groups))
    for key, entries in named:
        for number, entry in enumerate(entries):
            if entry.id == EVERYONE_PRINCIPAL:
                yield (key, number, "id"), f"{entry.id!r} means the whole workspace: give it another id"
    for number, group in enumerate(trust.groups):
        if group.id in schools:
            yield (
                ("groups", number, "id"),
                f"{group.id!r} is also a school, an audience could mean either: rename one",
            )
        for each in sorted(set(group.people) - people):
            yield ("groups", number, "people"), f"{each!r} is not under `people`: add them or correct the id"
    for number, person in enumerate(trust.people):
        for each in sorted(set(person.schools) - schools):
            yield ("people", number, "schools"), f"{each!r} is not under `schools`: add it or correct the id"
    yield from _shared(trust)
    for number, folder in enumerate(trust.library):
        if folder.school and folder.school not in schools:
            yield ("library", number, "school"), f"{folder.school!r} is not under `schools`: add it or correct the id"
        for each in sorted(set(folder.audience) - trust.principals):
            yield (
                ("library", number, "audience"),
                f"{each!r} is no school, group or person:<id> of this file, nor `everyone`: correct it",
            )
    for number, series in enumerate(trust.meetings):
        if series.group and series.group not in groups:
            yield ("meetings", number, "group"), f"{series.group!r} is not under `groups`: add it or correct the id"
        if series.school and series.school not in schools:
            yield ("meetings", number, "school"), f"{series.school!r} is not under `schools`: add it or correct the id"
    yield from _inconsistent_digests(trust, schools, groups)


def _shared(trust: Trust) -> Iterator[tuple[Location, str]]:
    """What may belong to one entry only: an address in Slack, a folder; and breaks that lie outside their term."""
    taken: dict[tuple[str, str], int] = {}
    for number, person in enumerate(trust.people):
        for key, value in (("email", person.email), ("slack", person.slack)):
            if value and (other := taken.setdefault((key, value.casefold()), number)) != number:
                yield (
                    ("people", number, key),
                    f"{value!r} is that of {trust.people[other].name} above: give each their own",
                )
    folders: set[Path] = set()
    for number, folder in enumerate(trust.library):
        place = (trust.folder / folder.path).resolve()
        if place in folders:
            yield ("library", number, "path"), f"{folder.path!r} is listed above: say once who may read it"
        folders.add(place)
    sets: list[tuple[Location, tuple[Term, ...]]] = [(("terms",), trust.terms)]
    sets += [(("schools", number, "terms"), each.terms) for number, each in enumerate(trust.schools)]
    for where, terms in sets:
        for number, term in enumerate(terms):
            rest = term.half_term
            if rest and not term.start < rest.start <= rest.end < term.end:
                yield (*where, number, "half_term"), f"it does not lie within {term.name}: correct the dates"
            if any(term.start <= each.end and each.start <= term.end for each in terms[:number]):
                yield (*where, number), f"{term.name} overlaps a term above: correct the dates"


def _inconsistent_digests(trust: Trust, schools: set[str], groups: set[str]) -> Iterator[tuple[Location, str]]:
    for each in sorted(set(trust.returns) - groups):
        yield ("returns",), f"{each!r} is not under `groups`: add it or correct the id"
    agenda = {item.id for item in trust.agenda}
    channels: set[str] = set()
    for number, digest in enumerate(trust.digests):
        if digest.channel in channels:
            yield ("digests", number, "channel"), f"#{digest.channel} has a digest above: a channel has one"
        channels.add(digest.channel)
        for each in sorted(set(digest.schools) - schools):
            yield ("digests", number, "schools"), f"{each!r} is not under `schools`: add it or correct the id"
        for each in sorted(set(digest.items) - agenda) if agenda else ():
            yield ("digests", number, "items"), f"{each!r} is not under `agenda`: add it or correct the id"
