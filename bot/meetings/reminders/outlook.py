"""What a tick reads: live actions, their meetings, the returns that are awaited, and what people were told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.meetings import store
from bot.meetings.agenda.gatherings import Gathering, gatherings
from bot.meetings.bodies import Bodies
from bot.meetings.model import LIVE, Action, Meeting
from bot.meetings.reminders import store as reminders
from bot.meetings.reminders.planning import Desk, Kind, ReminderLine, Share, asking, ordered
from bot.meetings.reminders.recipients import Recipients, involved
from bot.meetings.reminders.store import Begun
from knowledge.school.calendar import SchoolCalendar

PAST, AHEAD = timedelta(days=60), timedelta(days=120)
RETURNS_SINCE = timedelta(days=35)


@dataclass(frozen=True, slots=True)
class Outlook:
    """The records as they stood at one moment. `begun` are reminders that are not known to stand in Slack."""

    bodies: Bodies
    actions: tuple[Action, ...]
    meetings: dict[str, Meeting]
    gatherings: dict[str, tuple[Gathering, ...]]
    returns: tuple[Gathering, ...]
    said: dict[tuple[str, Kind, str], date]
    served: dict[str, date]
    begun: tuple[Begun, ...]

    def people(self) -> set[str]:
        """Everybody to whom something may have to be sent."""
        found = involved(self.actions, self.meetings, self.bodies, self.returns)
        return found | {each.person for each in self.begun}

    def desk(self, reachable: Iterable[str]) -> Desk:
        """What a plan derives from, when these people can be reached."""
        recipients = Recipients(self.bodies, frozenset(reachable), self.meetings)
        return Desk(recipients.shares(self.actions, self.returns), self.gatherings, self.said, self.served)

    def lines(self, begun: Begun, desk: Desk, calendar: SchoolCalendar) -> tuple[ReminderLine, ...]:
        """What still holds of a reminder that was begun."""
        share = desk.shares.get(begun.person, Share())
        mine = {action.id: action for action in (*share.own, *share.stand_in, *share.chaired)}
        forms = {gathering.subject: gathering for gathering in share.returns}
        found = []
        for kind, subject in begun.lines:
            action, gathering = mine.get(subject), forms.get(subject)
            if action and kind is Kind.ASKED:
                asks = asking(self.gatherings.get(action.body.key, ()), calendar, action, begun.day)
                gathering = asks[1] if asks else None
            if (action and not (action.snoozed_until and begun.day < action.snoozed_until)) or (
                gathering and not action
            ):
                found.append(ReminderLine(kind, subject, begun.day, action, gathering, action in share.stand_in))
        return ordered(found)


def look(engine: Engine, bodies: Bodies, today: date) -> Outlook:
    """The records as they stand now."""
    with Session(engine) as session:
        actions = tuple(store.actions(session, states=LIVE))
        since = min((action.raised for action in actions), default=today) - PAST
        meetings = {meeting.id: meeting for meeting in store.meetings(session, since=since)}
        reported = {each.meeting.id for each in store.returns(session, since=since)}
        found = _gatherings(bodies, actions, meetings.values(), min(since, today - PAST), today)
        returns = tuple(_awaited(bodies, found, reported, today))
        subjects = [*(action.id for action in actions), *(each.subject for each in returns)]
        said, served = reminders.last_notified(session, subjects, today), reminders.served(session, today)
        begun = tuple(reminders.begun(session))
        return Outlook(bodies, actions, meetings, found, returns, said, served, begun)


def _gatherings(
    bodies: Bodies, actions: Iterable[Action], meetings: Iterable[Meeting], since: date, today: date
) -> dict[str, tuple[Gathering, ...]]:
    confirmed = list(meetings)
    known = {action.body.key: action.body for action in actions} | {each.body.key: each.body for each in confirmed}
    known |= {body.key: body for body in bodies.all()}
    return {
        key: gatherings(
            body,
            [each for each in confirmed if each.body.key == key],
            bodies.meetings(body),
            bodies.trust.calendar(body.school),
            since,
            today + AHEAD,
        )
        for key, body in known.items()
    }


def _awaited(
    bodies: Bodies, found: dict[str, tuple[Gathering, ...]], reported: set[str], today: date
) -> Iterator[Gathering]:
    """The meetings of schools after which a return is still to be sent; of a body that meets every week or two and has
    brought its notes before, also those whose notes are not in."""
    for held in found.values():
        first = min((each.day for each in held if each.meeting), default=today)
        for each in held:
            recent = today - RETURNS_SINCE <= each.day < today
            regular = bodies.meetings(each.body).weekday is not None and each.day > first
            sent = each.meeting is not None and each.meeting.id in reported
            if recent and not sent and (each.meeting or regular) and each.body.school in bodies.trust.names.schools:
                yield each
