"""Who is told what: the owners of an action, whoever stands in for them, the chair, and whose a return is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.meetings.agenda.gatherings import Gathering
from bot.meetings.bodies import Bodies
from bot.meetings.model import Action, Meeting, is_everybody
from bot.meetings.reminders.planning import Share


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who of the trust file can be reached, and which meetings the actions are of, by id."""

    bodies: Bodies
    reachable: Collection[str]
    meetings: Mapping[str, Meeting]

    def shares(self, actions: Iterable[Action], returns: Iterable[Gathering]) -> dict[str, Share]:
        """What concerns each person."""
        own: dict[str, list[Action]] = defaultdict(list)
        stand_in: dict[str, list[Action]] = defaultdict(list)
        chaired: dict[str, list[Action]] = defaultdict(list)
        forms: dict[str, list[Gathering]] = defaultdict(list)
        for action in actions:
            owners, chair = self._owners(action), self._chair(action)
            for owner in owners:
                own[owner].append(action)
            if chair:
                (chaired if owners else stand_in)[chair].append(action)
        for gathering in returns:
            if person := self._reporter(gathering):
                forms[person].append(gathering)
        return {
            person: Share(tuple(own[person]), tuple(stand_in[person]), tuple(chaired[person]), tuple(forms[person]))
            for person in {*own, *stand_in, *chaired, *forms}
        }

    def _owners(self, action: Action) -> list[str]:
        people = owners(action, self.meetings)
        return [each for each in people if each in self.reachable]

    def _chair(self, action: Action) -> str | None:
        """The chair of the meeting that the action is of, else its clerk, else whoever confirmed it."""
        leads = leads_of(action, self.meetings)
        return next((each for each in leads if each in self.reachable and self._may_read(each, action)), None)

    def _may_read(self, person: str, action: Action) -> bool:
        return self.bodies.trust.reader(self.bodies.person(person)).may_read(action.readers)

    def _reporter(self, gathering: Gathering) -> str | None:
        return next((each for each in reporters(self.bodies, gathering) if each in self.reachable), None)


def owners(action: Action, meetings: Mapping[str, Meeting]) -> list[str]:
    """The people whose an action is; of one for everybody, those who were there."""
    people = list(action.people)
    meeting = meetings.get(action.meeting or "")
    if meeting and any(is_everybody(owner) for owner in action.owners):
        people += [each.person for each in meeting.attendees if each.person and each.present is not False]
    return list(dict.fromkeys(people))


def leads_of(action: Action, meetings: Mapping[str, Meeting]) -> list[str]:
    """The chair, the clerk and whoever confirmed the meeting that an action is of, in this order."""
    meeting = meetings.get(action.meeting or "")
    if meeting is None:
        return []
    people = [each.person for each in (meeting.chair, meeting.clerk) if each and each.person]
    return list(dict.fromkeys([*people, meeting.confirmed_by]))


def reporters(bodies: Bodies, gathering: Gathering) -> list[str]:
    """Who may send the return of a school's meeting, the likeliest first: a chair of that school, its headteacher, its
    other leaders, the clerk."""
    meeting, body = gathering.meeting, gathering.body
    chair, clerk = (meeting.chair, meeting.clerk) if meeting else (None, None)
    audience = meeting.audience if meeting else bodies.audience(body)
    able = [each for each in bodies.trust.people if bodies.may_confirm(each, body, chair, clerk, audience)]

    def rank(place: int) -> tuple[bool, bool, int]:
        person = able[place]
        of_school = body.school in person.schools
        chairs = chair is not None and person.id == chair.person
        return not of_school, not (chairs or "headteacher" in person.roles), 0 if chairs else 1 + place

    return [able[place].id for place in sorted(range(len(able)), key=rank)]


def involved(
    actions: Iterable[Action], meetings: Mapping[str, Meeting], bodies: Bodies, returns: Sequence[Gathering]
) -> set[str]:
    """Everybody whom a plan may be for."""
    people = {each for action in actions for each in (*owners(action, meetings), *leads_of(action, meetings))}
    return people | {each for gathering in returns for each in reporters(bodies, gathering)}
