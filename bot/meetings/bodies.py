"""Which body of the trust met, who may read its notes, and who may confirm them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.config.trust import CurrentTrust, Person, Series, Trust
from bot.meetings.model import Body, Meeting, principals
from bot.meetings.notes.proposals import known_of
from ingest.metadata.recognise import named, plain
from ingest.minutes import ActionDetector, KnownNames, Owner
from knowledge.passages import EVERYONE_PRINCIPAL, Audience, Kind, Reader
from knowledge.school.due import Meetings

_PART_B = re.compile(r"\bpart b\b|\bconfidential\b")
_SHORT = {
    "fgb": "full governing body", "lgb": "local governing body", "slt": "senior leadership team",
    "lt": "leadership team", "elt": "executive leadership team", "exec": "executive team",
}  # fmt: skip
NOBODY_PRINCIPAL = "person:"
"""What nobody holds: an audience of it is the operator's alone."""
_KEEPERS = frozenset({"governance", "chief-executive"})
_LEADERS = ("headteacher", "senior-leader")
_OF_THE_TRUST = ("chief-executive", "executive")


class Bodies:
    """The bodies of the trust file as it is now."""

    def __init__(self, trust: CurrentTrust, point: ActionDetector | None = None) -> None:
        self._current = trust
        self._point = point
        self._known: tuple[Trust, KnownNames] | None = None

    @property
    def trust(self) -> Trust:
        """The trust."""
        return self._current.present

    @property
    def current(self) -> CurrentTrust:
        """Where the trust comes from: for what is to follow it."""
        return self._current

    @property
    def known(self) -> KnownNames:
        """What minutes are read with."""
        trust, held = self.trust, self._known
        if held is None or held[0] is not trust:
            held = self._known = (trust, known_of(trust, self._point))
        return held[1]

    def find(self, name: str | None, school: str | None) -> Body | None:
        """The body of this name; of "SLT" at a school, the school's own. One that is not in the trust file keeps its
        name as written."""
        if not name:
            return None
        ours = school is None or school in self.trust.names.schools
        if ours and (found := self._listed(name, school)):
            return found
        of = self.trust.names.schools.get(school or "", (school,))[0]
        key = "-".join(plain(f"{school or ''} {_full(name)}").split())[:60]
        already = of is None or set(plain(of).split()[:1]) & set(plain(name).split())
        return Body(key, name if already else f"{of} {name}", school)

    def by_key(self, key: str) -> Body | None:
        """The body with this id of a group or series."""
        for series in self.trust.meetings:
            if key in (series.id, series.group):
                return self._of_series(series)
        group = next((each for each in self.trust.groups if each.id == key and each.meets), None)
        return Body(group.id, group.name, self._school_in(group.name), group.id) if group else None

    def in_channel(self, channel: str) -> Body | None:
        """The body that meets in the channel of this name."""
        series = next((meeting for meeting in self.trust.meetings if meeting.channel == channel.lstrip("#")), None)
        return self._of_series(series) if series else None

    def all(self) -> tuple[Body, ...]:
        """Every body that the trust file says meets, each once."""
        keys = [meeting.group or meeting.id for meeting in self.trust.meetings]
        keys += [group.id for group in self.trust.groups if group.meets]
        return tuple(body for key in dict.fromkeys(keys) if (body := self.by_key(key)))

    def audience(self, body: Body) -> Audience | None:
        """Who may read the minutes of a body: its group, and whoever else reads the folder of minutes that names the
        group first; None for a body that is no group of the trust file."""
        if body.group is None:
            return None
        own = [each for each in self.trust.library if each.kind is Kind.MINUTES and each.audience[0] == body.group]
        own.sort(key=lambda folder: len(folder.audience))
        return Audience(frozenset(own[0].audience if own else (body.group,)))

    def part_b(self, chair: Owner | None, clerk: Owner | None, by: str, within: Audience | None = None) -> Audience:
        """Who may read a Part B: the group of the trust file that is named for it, the chair and the clerk; where the
        notes name neither of the two, whoever brought them in. Of notes that lie in a folder, with its audience
        `within`, only those of them who may read the folder; nobody where there are none."""
        if within is not None:
            return self._closed_within(within, chair, clerk)
        people = principals(owner.person for owner in (chair, clerk) if owner) or principals([by])
        return Audience(frozenset(self.part_b_groups()) | people or frozenset({NOBODY_PRINCIPAL}))

    def part_b_groups(self) -> dict[str, frozenset[str]]:
        """The groups of the trust file that are named for Part B, each with the ids of its people."""
        groups = {group.id for group in self.trust.groups if _PART_B.search(plain(f"{group.id} {group.name}"))}
        held = [(person.id, self.trust.reader(person)) for person in self.trust.people] if groups else []
        return {key: frozenset(person for person, reader in held if _holds(reader, key)) for key in sorted(groups)}

    def _closed_within(self, within: Audience, chair: Owner | None, clerk: Owner | None) -> Audience:
        """The Part B readers of a folder; its own audience where these are all its readers. A group of which somebody
        may not read the folder counts person by person. A file may name anybody as its chair, so none counts who is
        nothing but staff."""
        groups = self.part_b_groups()
        readers = {person.id for person in self.trust.people if self.trust.reader(person).may_read(within)}
        leads = {owner.person for owner in (chair, clerk) if owner}
        keepers = frozenset[str]().union(*groups.values())
        some = {
            person.id
            for person in self.trust.people
            if (person.id in leads and set(person.roles) - {"staff"})
            or (person.id in keepers if groups else set(person.roles) & _KEEPERS)
        } & readers
        if some == readers and EVERYONE_PRINCIPAL not in within.principals:
            return within
        whole = {key: people for key, people in groups.items() if people and people <= readers}
        rest = some.difference(*whole.values())
        return Audience(frozenset(whole) | principals(rest) or frozenset({NOBODY_PRINCIPAL}))

    def return_audience(self, meeting: Meeting) -> Audience:
        """Who reads a school's return: those who read the notes, and the groups that the trust file names for it, else
        the trust's leaders."""
        return self.return_readers(meeting.audience.principals)

    def school_returns(self, school: str) -> Audience:
        """Who reads the returns of a school, whether any was sent or not: those after the meetings of its bodies."""
        own = (audience for body in self.all() if body.school == school and (audience := self.audience(body)))
        return self.return_readers(frozenset[str]().union(*(each.principals for each in own)))

    def return_readers(self, notes: frozenset[str]) -> Audience:
        """Who reads a return after a meeting whose notes are for these principals."""
        if self.trust.returns:
            return Audience(notes | frozenset(self.trust.returns))
        groups = {
            group.id for group in self.trust.groups if group.meets and set(group.roles) & set(_OF_THE_TRUST)
        }  # fmt: skip
        leaders = principals(person.id for person in self.trust.people if set(person.roles) & set(_OF_THE_TRUST))
        return Audience(notes | (frozenset(groups) or leaders))

    def may_confirm(
        self, person: Person, body: Body | None, chair: Owner | None, clerk: Owner | None, audience: Audience | None
    ) -> bool:
        """Whether this person may confirm notes: the chair, the clerk, a leader of the school, for a body of the trust
        the chief executive; and nobody who may not read them and the other minutes of the body.

        Notes may name anybody as their chair, so of a body that the trust file does not list no chair counts who is
        nothing but staff.
        """
        usual = self.audience(body) if body else None
        reader = self.trust.reader(person)
        if audience is None or not reader.may_read(audience) or (usual and not reader.may_read(usual)):
            return False
        named_there = person.id in {owner.person for owner in (chair, clerk) if owner}
        if (named_there and (usual or set(person.roles) - {"staff"})) or "governance" in person.roles:
            return True
        school = body.school if body else None
        if school is None:
            return "chief-executive" in person.roles
        return school in person.schools and any(role in _LEADERS for role in person.roles)

    def meetings(self, body: Body) -> Meetings:
        """When a body meets, as far as the trust file says."""
        names = {body.name.casefold()}
        found = next(
            (meeting for meeting in self.known.meetings if names & {way.casefold() for way in meeting.names}), None
        )
        return found or Meetings((body.name,))

    def person(self, ident: str | None) -> Person | None:
        """The person of the trust file with this id."""
        return next((person for person in self.trust.people if person.id == ident), None)

    def namesakes(self, letters: str) -> tuple[Person, ...]:
        """Everybody with these initials."""
        wanted = re.sub(r"[^A-Za-z]", "", letters).upper()
        return tuple(
            person for person in self.trust.people if "".join(word[0] for word in person.name.split()).upper() == wanted
        )

    def school_of(self, person: str | None) -> str | None:
        """The one school of a person; None for people of the trust or of several schools."""
        found = self.person(person)
        return found.schools[0] if found and len(found.schools) == 1 else None

    def _listed(self, name: str, school: str | None) -> Body | None:
        said = plain(name)
        found = {body.key: body for body in self.all() if said in map(plain, self._names(body))}
        if len(found) == 1:
            return next(iter(found.values()))
        of_school = [body for body in found.values() or self.all() if school and body.school == school]
        wanted = plain(_full(name))
        alike = [
            body for body in of_school
            if any(plain(_full(way)).endswith(wanted) for way in self._names(body))
        ]  # fmt: skip
        return alike[0] if len(alike) == 1 else None

    def _names(self, body: Body) -> Iterable[str]:
        for series in self.trust.meetings:
            if body.key in (series.id, series.group):
                yield from (series.name, *series.also)
        for group in self.trust.groups:
            if group.id == body.key:
                yield from (group.name, *group.also)

    def _of_series(self, series: Series) -> Body:
        group = next((each for each in self.trust.groups if each.id == series.group), None)
        name = group.name if group else series.name
        school = series.school or self._school_in(name)
        return Body(series.group or series.id, name, school, series.group, series.channel)

    def _school_in(self, name: str) -> str | None:
        return named(self.trust.names.schools, [name])


def _holds(reader: Reader, principal: str) -> bool:
    return any(principal in member for member in reader.members)


def _full(name: str) -> str:
    """A body's name without abbreviations and without the word for its meetings."""
    words = [_SHORT.get(word, word) for word in plain(name).split() if word != "meeting"]
    return " ".join(words)
