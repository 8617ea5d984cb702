"""What becomes of confirmed actions: found for a reader, and done, snoozed, passed on or dropped in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.errors import Refusal
from bot.meetings import store
from bot.meetings.bodies import Bodies
from bot.meetings.days import Until, due_from, snoozed_to
from bot.meetings.model import (
    LIVE,
    Action,
    Body,
    Change,
    Decision,
    Meeting,
    State,
    first_state,
    is_everybody,
    item_id,
    reopened_state,
)
from bot.meetings.notes.editing import owners_of
from ingest.minutes import Owner
from knowledge.passages import NOBODY, Audience, Reader

Which = Literal["open", "overdue", "done", "all"]
GONE = "This action is not kept, or not open to you."
NOT_YOURS = "Only its owner, the chair, the clerk or a leader of the school can change this action."


class Tracking:
    """Confirmed actions and decisions. Lists are for a Reader; `by` is the id of a person of the trust file."""

    def __init__(self, engine: Engine, bodies: Bodies, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._bodies = bodies
        self._now = now

    def actions(
        self,
        reader: Reader,
        which: Which = "open",
        *,
        person: str | None = None,
        school: str | None = None,
        meeting: str | None = None,
        body: str | None = None,
    ) -> list[Action]:
        """The actions that this reader may see, by the day they are due; of a person, a school (or its people), a
        meeting, a body."""
        states = {"done": (State.DONE,), "all": tuple(State)}.get(which, tuple(LIVE))
        with Session(self._engine) as session:
            found = store.actions(session, states=states, mentioned=meeting, body=body)
        today = self.today()
        return [
            shown(each, reader)
            for each in found
            if reader.may_read(each.readers)
            and (person is None or person in each.people)
            and (school is None or self._of_school(each, school))
            and (which != "overdue" or each.overdue(today))
        ]

    def live(self) -> list[Action]:
        """Every action that is to be followed up, for the clock."""
        with Session(self._engine) as session:
            return store.actions(session, states=LIVE)

    def find(self, action_id: str, reader: Reader) -> Action:
        """One action; a Refusal where there is none that this reader may see."""
        with Session(self._engine) as session:
            found = store.actions(session, ids=[action_id])
        if not found or not reader.may_read(found[0].readers):
            raise Refusal(GONE)
        return shown(found[0], reader)

    def history(self, action_id: str, reader: Reader) -> list[Change]:
        """What happened to an action, oldest first; without its notes for those who may not read the meeting's."""
        action = self.find(action_id, reader)
        with Session(self._engine) as session:
            found = store.changes(session, action_id)
        return found if reader.may_read(action.audience) else [replace(each, note="") for each in found]

    def decisions(
        self, reader: Reader, *, meeting: str | None = None, school: str | None = None, body: str | None = None
    ) -> list[Decision]:
        """The decisions that this reader may see, the latest meeting's first."""
        with Session(self._engine) as session:
            found = store.decisions(session, meeting=meeting, school=school, body=body)
        return [each for each in found if reader.may_read(each.audience)]

    def decision(self, decision_id: str, reader: Reader) -> Decision:
        """One decision; a Refusal where there is none that this reader may see."""
        with Session(self._engine) as session:
            found = store.decisions(session, ids=[decision_id])
        if not found or not reader.may_read(found[0].audience):
            raise Refusal("This decision is not kept, or not open to you.")
        return found[0]

    def meetings(self, reader: Reader, *, body: str | None = None, school: str | None = None) -> list[Meeting]:
        """The confirmed meetings that this reader may see, the latest first."""
        with Session(self._engine) as session:
            found = store.meetings(session, body=body, school=school)
        return [each for each in found if reader.may_read(each.audience)]

    def meeting(self, meeting_id: str, reader: Reader) -> Meeting:
        """One meeting; a Refusal where there is none that this reader may see."""
        with Session(self._engine) as session:
            found = store.meeting(session, meeting_id)
        if found is None or not reader.may_read(found.audience):
            raise Refusal("This meeting is not kept, or not open to you.")
        return found

    def chair_of(self, action: Action) -> Owner | None:
        """Who is told of an action that nobody moves: the chair of the last meeting that had it."""
        with Session(self._engine) as session:
            found = store.meeting(session, action.meeting) if action.meeting else None
        return found.chair if found else None

    def left(self, action: Action) -> tuple[Owner, ...]:
        """Those owners whom the trust file no longer knows: the chair is asked who takes over."""
        return tuple(owner for owner in action.owners if owner.person and self._bodies.person(owner.person) is None)

    def done(self, action_id: str, by: str, note: str = "") -> Action:
        """It is done."""
        return self._change(action_id, by, "done", lambda old: replace(old, state=State.DONE, snoozed_until=None), note)

    def reopen(self, action_id: str, by: str) -> Action:
        """It is not done after all, or taken up again."""
        return self._change(
            action_id, by, "reopened", lambda old: replace(old, state=reopened_state(old.due), reason="")
        )

    def snooze(self, action_id: str, by: str, until: Until | date) -> Action:
        """Say nothing of it before this school day; "next meeting" is the next one of its body."""

        def change(old: Action) -> Action:
            today = self.today()
            calendar = self._bodies.trust.calendar(self._bodies.school_of(by) or old.body.school)
            meeting = self.next_meeting(old.body, today) if until == "next meeting" else None
            return replace(old, snoozed_until=snoozed_to(until, today, calendar, meeting))

        return self._change(action_id, by, "snoozed", change)

    def next_meeting(self, body: Body, after: date) -> date | None:
        """The next day on which this body meets, by its last notes, else by the trust file; None where unknown."""
        with Session(self._engine) as session:
            last = next(iter(store.meetings(session, body=body.key)), None)
        if last and last.following and last.following > after:
            return last.following
        ahead = self._bodies.meetings(body).after(after, self._bodies.trust.calendar(body.school))
        return ahead[0] if ahead else None

    def reassign(self, action_id: str, by: str, owners: Sequence[str]) -> Action:
        """It is somebody else's: people by id or name."""
        found = owners_of(owners, self._bodies)
        if not found:
            raise Refusal("Say who takes this over.")
        return self._change(
            action_id, by, "reassigned", lambda old: replace(old, owners=found, snoozed_until=None),
            ", ".join(owner.name for owner in found),
        )  # fmt: skip

    def not_mine(self, action_id: str, by: str, note: str = "") -> Action:
        """An owner says that it is not his; without another owner it is the chair's to pass on."""

        def change(old: Action) -> Action:
            if by not in old.people:
                raise Refusal("This action is not assigned to you.")
            return replace(old, owners=tuple(owner for owner in old.owners if owner.person != by))

        return self._change(action_id, by, "not mine", change, note)

    def drop(self, action_id: str, by: str, reason: str) -> Action:
        """It will not be done, for a reason that is kept."""
        words = reason.strip()
        if not words:
            raise Refusal("Say why this action is dropped.")
        return self._change(
            action_id, by, "dropped", lambda old: replace(old, state=State.DROPPED, reason=words), words, lead=True
        )

    def defer(self, action_id: str, by: str, reason: str) -> Action:
        """It waits: it stays on the agenda, and nobody is reminded of a day."""
        words = reason.strip()
        if not words:
            raise Refusal("Say what this action waits for.")
        return self._change(
            action_id, by, "deferred", lambda old: replace(old, state=State.DEFERRED, reason=words), words, lead=True
        )

    def move(self, action_id: str, by: str, due: str | date) -> Action:
        """It is due on another day: a day, or a phrase as minutes write it."""

        def change(old: Action) -> Action:
            found = due_from(due, self.today(), old.body, self._bodies)
            if not found.certain:
                raise Refusal(found.ask or "Choose a day.")
            return replace(old, due=found, state=first_state(found, done=False), snoozed_until=None)

        return self._change(action_id, by, "moved", change, str(due), lead=True)

    def make(
        self,
        by: str,
        task: str,
        *,
        owners: Sequence[str] = (),
        due: str | date = "",
        quote: str = "",
        body: Body | None = None,
        key: str = "",
    ) -> Action:
        """An action made of a message, by whoever takes it on; only leaders give it to others. The same `key` gives
        the same action."""
        words = task.strip()
        if not words:
            raise Refusal("Say what is to be done.")
        found = owners_of(owners or (by,), self._bodies)
        person = self._bodies.person(by)
        audience = (self._bodies.audience(body) if body else None) or Audience(frozenset({f"person:{by}"}))
        lead = person is not None and self._bodies.may_confirm(person, body, None, None, audience)
        if person is None or (not lead and {owner.person for owner in found} != {by}):
            raise Refusal("You can make an action of this for yourself. The chair or a leader gives it to others.")
        now, today = self._now(), self.today()
        own = body or Body(f"person-{by}", person.name, self._bodies.school_of(by))
        when = due_from(due, today, own, self._bodies)
        if not when.certain:
            raise Refusal(when.ask or "Choose a day.")
        ident = item_id(key or f"{by} {now.isoformat()}", "action", quote, words if not key else "")
        with Session(self._engine) as session, session.begin():
            if again := store.hold_action(session, ident):
                return again
            action = Action(
                ident, words, found, when, first_state(when, done=False), quote, None, None, None, today, 0, own, "",
                "", audience, now, now,
            )  # fmt: skip
            store.put_action(session, action)
            store.add_change(session, Change(ident, now, by, "confirmed"))
        return action

    def may_change(self, action: Action, by: str) -> bool:
        """Whether this person may say that it is done, or pass it on."""
        return self._owns(action, by) or self.leads(action, by)

    def leads(self, action: Action, by: str) -> bool:
        """Whether this person may drop, defer or move it: the chair, the clerk, a leader of the school."""
        person = self._bodies.person(by)
        if person is None:
            return False
        if action.meeting is None and by in action.people:
            return True
        with Session(self._engine) as session:
            meeting = store.meeting(session, action.meeting) if action.meeting else None
        chair, clerk = (meeting.chair, meeting.clerk) if meeting else (None, None)
        return self._bodies.may_confirm(person, action.body, chair, clerk, action.audience)

    def today(self) -> date:
        """Today in the trust's zone."""
        return self._now().astimezone(self._bodies.trust.zone).date()

    def _owns(self, action: Action, by: str) -> bool:
        person = self._bodies.person(by)
        if person is None:
            return False
        if by in action.people:
            return True
        if not any(is_everybody(owner) for owner in action.owners) or not action.meeting:
            return False
        with Session(self._engine) as session:
            meeting = store.meeting(session, action.meeting)
        return meeting is not None and by in {each.person for each in meeting.attendees}

    def _change(
        self,
        action_id: str,
        by: str,
        what: str,
        change: Callable[[Action], Action],
        note: str = "",
        *,
        lead: bool = False,
    ) -> Action:
        person = self._bodies.person(by)
        with Session(self._engine) as session:
            before = store.actions(session, ids=[action_id])
        reader = self._bodies.trust.reader(person) if person else NOBODY
        if not before or not reader.may_read(before[0].readers):
            raise Refusal(GONE)
        if not (self.leads(before[0], by) if lead else self.may_change(before[0], by)):
            raise Refusal(NOT_YOURS)
        with Session(self._engine) as session, session.begin():
            old = store.hold_action(session, action_id)
            if old is None:
                raise Refusal(GONE)
            new = change(old)
            if new == old:
                return shown(old, reader)
            now = self._now()
            new = replace(new, changed=now)
            store.put_action(session, new)
            store.add_change(session, Change(action_id, now, by, what, note))
        return shown(new, reader)

    def _of_school(self, action: Action, school: str) -> bool:
        """Of a meeting of the school, or one of its people's to do."""
        return action.body.school == school or any(self._bodies.school_of(each) == school for each in action.people)


def shown(action: Action, reader: Reader) -> Action:
    """The action as this reader may see it: an owner who may not read the notes sees no line of them."""
    return action if reader.may_read(action.audience) else replace(action, quote="", page=None, heading="", item="")
