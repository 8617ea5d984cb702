"""From notes to a confirmed meeting: propose, edit, confirm. Nobody is told anything before that."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.config.trust import Person
from bot.errors import Refusal
from bot.meetings import store
from bot.meetings.bodies import Bodies
from bot.meetings.model import LIVE, Body, meeting_id
from bot.meetings.notes import correcting, editing, making
from bot.meetings.notes.confirming import Confirmed, record
from bot.meetings.notes.draft import PASTED, Draft, Notes
from bot.meetings.notes.part_b import opening
from ingest.isolated.minutes import MinutesReader
from ingest.isolated.reader import Readers, Stopped
from ingest.minutes import About
from ingest.readers.reading import Reading, Unreadable
from knowledge.passages import Audience

FORM_SECONDS = 5.0
PASTE_IN_PARTS = "Reading these notes took too long and was stopped. Paste them again in parts."
CLOSED = "These notes are not open to you."
NOT_YOURS = "The chair, the clerk or a leader of the school confirms these notes."
CONFIRMED = "These notes are confirmed. Bring in a corrected version to change what was recorded."
OPEN_ALREADY = "This part is open already, or the notes have changed. Open the review again to see them as they are."
CLOSED_WHOLE = "These notes were confirmed as a Part B and stay with its readers."
SECOND = (
    "This meeting was confirmed meanwhile from other notes. The draft now shows what is different: look at that, then "
    "confirm again."
)


class Drafting:
    """Proposals and their editing. `by` is always the id of a person of the trust file."""

    def __init__(
        self,
        engine: Engine,
        bodies: Bodies,
        now: Callable[[], datetime],
        filed: Callable[[str], None],
        readers: Readers,
    ) -> None:
        self._engine = engine
        self._bodies = bodies
        self._now = now
        self._filed = filed
        self._readers = readers

    def propose(self, notes: Notes) -> Draft:
        """Propose what notes say. The same notes give the same draft (`again`); those of a meeting that is confirmed
        already give its differences (`revises`)."""
        digest = making.digest_of(notes.reading)
        person = self.person(notes.by) if notes.by else None
        with Session(self._engine) as session:
            found = store.drafts(session, digest=digest)
        same = [each for each in found if person is None or self._may_see(each, person)]
        if same:
            return replace(same[0], again=True)
        with self._reader(notes.file_name) as reader:
            fresh = making.make(notes, self._bodies, self._now(), reader)
            if opened := self._opened_before(fresh):
                fresh = making.make(notes, self._bodies, fresh.created, reader, opened)
        with Session(self._engine) as session, session.begin():
            draft = self._against_records(session, fresh)
            store.keep_notes(session, digest, notes.reading, self._now())
            store.put_draft(session, draft)
        return draft

    def propose_each(self, notes: Notes) -> list[Draft]:
        """Propose each of the meetings that notes hold, in their order, one draft a meeting."""
        with self._reader(notes.file_name) as reader:
            parts = making.each_meeting(notes, reader)
        return [self.propose(part) for part in parts]

    def find(self, draft_id: str, by: str) -> Draft:
        """A draft for whoever brought it in or may confirm it; without the Part B for those who may not read that."""
        with Session(self._engine) as session:
            draft = store.draft(session, draft_id)
            reading = store.notes(session, draft.digest) if draft else None
        if draft and reading:
            # Notes that came in before a heading was known to mean a Part B have sections too.
            draft = replace(draft, sections=making.sections_of(reading, draft))
        return self._shown(draft, self.person(by))

    def waiting(self, by: str) -> list[Draft]:
        """The drafts that wait for this person, newest first."""
        person = self.person(by)
        with Session(self._engine) as session:
            found = store.drafts(session, waiting=True)
        return [self._shown(each, person) for each in found if self._may_see(each, person)]

    def from_library(self, since: datetime) -> list[Draft]:
        """The drafts of minutes that were dropped in a folder since then and wait to be confirmed, newest first."""
        with Session(self._engine) as session:
            found = store.drafts(session, waiting=True)
        return [each for each in found if not each.by and each.created >= since]

    def may_confirm(self, draft: Draft, by: str) -> bool:
        """Whether this person may confirm this draft."""
        return self._may_confirm(draft, self.person(by))

    def confirmers(self, draft: Draft) -> tuple[Person, ...]:
        """Everybody who may confirm this draft: to be told that it waits."""
        return tuple(person for person in self._bodies.trust.people if self._may_confirm(draft, person))

    def edit_action(
        self,
        draft_id: str,
        by: str,
        item: str,
        *,
        task: str | None = None,
        owners: Sequence[str] | None = None,
        due: str | date | None = None,
        done: bool | None = None,
        dropped: bool | None = None,
    ) -> Draft:
        """Change a proposed action; None leaves a part as it is. `owners` are ids or names, `due` a day or a phrase.
        Its line of the notes stays."""

        return self._edit(
            draft_id,
            by,
            lambda draft: editing.action(
                draft, self._bodies, item, task=task, owners=owners, due=due, done=done, dropped=dropped
            ),
        )

    def add_action(
        self,
        draft_id: str,
        by: str,
        task: str,
        owners: Sequence[str] = (),
        due: str | date = "",
        *,
        part_b: bool = False,
    ) -> Draft:
        """Add an action that the notes do not say."""
        return self._edit(
            draft_id, by, lambda draft: editing.more_action(draft, self._bodies, task, owners, due, part_b=part_b)
        )

    def edit_decision(
        self,
        draft_id: str,
        by: str,
        item: str,
        *,
        text: str | None = None,
        benefit: str | None = None,
        dropped: bool | None = None,
    ) -> Draft:
        """Change a proposed decision; `benefit` is what pupils gain from it, in the chair's words."""
        return self._edit(
            draft_id, by, lambda draft: editing.decision(draft, item, text=text, benefit=benefit, dropped=dropped)
        )

    def add_decision(self, draft_id: str, by: str, text: str, benefit: str = "", *, part_b: bool = False) -> Draft:
        """Add a decision that the notes do not say."""
        return self._edit(draft_id, by, lambda draft: editing.more_decision(draft, text, benefit, part_b=part_b))

    def edit_matter(self, draft_id: str, by: str, item: str, *, closed: bool) -> Draft:
        """Say whether a matter arising closes the earlier action that it speaks of."""
        return self._edit(draft_id, by, lambda draft: editing.matter(draft, item, closed=closed))

    def set_meeting(
        self,
        draft_id: str,
        by: str,
        *,
        body: str | None = None,
        day: date | None = None,
        chair: str | None = None,
        clerk: str | None = None,
        audience: Audience | None = None,
    ) -> Draft:
        """Say which meeting it was; None leaves a part as it is. `body` is a key of `bodies`, `chair` and `clerk` ids
        or names. With a new body or day the notes are read again, and what was edited stays edited."""
        found = self._bodies.by_key(body) if body else None
        if body and found is None:
            raise Refusal("There is no such body in the trust file.")

        # Read before the draft is held: nobody's records wait for it.
        read = self._read_again(draft_id, by, found, day)

        def change(draft: Draft, session: Session) -> Draft:
            where = found or draft.body
            # Who may read what was found out before must not come back for another body.
            own = draft.audience if body is None else None
            again = read
            leads = (next(iter(editing.owners_of([chair] if chair else (), self._bodies)), draft.chair),
                     next(iter(editing.owners_of([clerk] if clerk else (), self._bodies)), draft.clerk))  # fmt: skip
            within = (audience or draft.audience) if draft.document else None
            part_b = self._bodies.part_b(*leads, draft.by, within) if again.part_b else None
            usual = self._bodies.audience(where) if where and not again.closed else part_b
            read_by = audience or own or usual
            if again.closed and read_by and part_b:
                read_by = Audience(read_by.principals | part_b.principals)
            again = replace(
                again, id=draft.id, body=where, audience=read_by, part_b=part_b, chair=leads[0], clerk=leads[1]
            )
            again = replace(again, must=tuple(making.must(again, self._bodies)), revises=None)
            return correcting.edited_again(self._against_records(session, again), draft)

        with Session(self._engine) as session, session.begin():
            held = self._held(session, draft_id, by)
            store.put_draft(session, new := change(held, session))
        return self._shown(new, self.person(by))

    def open_section(self, draft_id: str, by: str, key: str) -> Draft:
        """Say that a section is not confidential, though its heading may mean that; what was edited stays edited. Of a
        meeting that is confirmed, what is recorded of the section is opened too. A Refusal for whoever may not confirm
        the notes or not read what is closed."""
        person = self.person(by)
        with Session(self._engine) as session:
            draft, reading = self._to_open(session, store.draft(session, draft_id), person, key)
        read = None
        if draft.meeting is None:
            # Slack waits, and nobody's records shall: read before the draft is held.
            with self._reader(draft.file_name, FORM_SECONDS) as reader:
                read = opening.read_again(draft, reading, key, self._bodies, reader)
        with Session(self._engine) as session, session.begin():
            held, reading = self._to_open(session, store.hold_draft(session, draft_id), person, key)
            if held.meeting:
                new = opening.opened(session, held, reading, key)
            elif read is None or (held.opened, held.body, held.date) != (draft.opened, draft.body, draft.date):
                raise Refusal(OPEN_ALREADY)
            else:
                new = correcting.edited_again(self._against_records(session, read), held)
            store.put_draft(session, new)
        if new.meeting:
            self._filed(new.meeting)
        return self._shown(new, person)

    def _to_open(self, session: Session, draft: Draft | None, person: Person, key: str) -> tuple[Draft, Reading]:
        """A draft whose closed section this person may open, and its notes; a Refusal says why not."""
        self._shown(draft, person)
        reading = store.notes(session, draft.digest) if draft else None
        if draft is None or reading is None:
            raise Refusal(editing.GONE)
        if not self._may_confirm(draft, person) or not self._reads_part_b(draft, person):
            raise Refusal(NOT_YOURS)
        if key not in {section.key for section in making.sections_of(reading, draft)}:
            raise Refusal(OPEN_ALREADY)
        if draft.meeting and draft.closed:
            raise Refusal(CLOSED_WHOLE)
        return draft, reading

    def confirm(self, draft_id: str, by: str) -> Confirmed:
        """Record a draft: from now on its actions are tracked. A Refusal says what is missing or who may do it."""
        person = self.person(by)
        with Session(self._engine) as session, session.begin():
            draft = store.hold_draft(session, draft_id)
            shown = self._shown(draft, person)
            if shown.must and not shown.meeting:
                raise Refusal(" ".join(shown.must))
            if draft is None or not self._may_confirm(draft, person):
                raise Refusal(NOT_YOURS)
            second = None if draft.meeting else self._second(session, draft)
            if second:
                store.put_draft(session, second)
            else:
                confirmed = record(session, draft, person.id, self._now())
        if second:
            raise Refusal(SECOND)
        self._filed(confirmed.meeting.id)
        return confirmed

    def discard(self, draft_id: str, by: str) -> Draft:
        """Take back notes that were not confirmed: nothing was recorded of them, and nothing is kept."""
        with Session(self._engine) as session, session.begin():
            draft = self._held(session, draft_id, by)
            store.remove_draft(session, draft)
        return draft

    def _read_again(self, draft_id: str, by: str, found: Body | None, day: date | None) -> Draft:
        """What the notes of a draft say once it is known which meeting they are of."""
        with Session(self._engine) as session:
            draft = store.draft(session, draft_id)
            shown = self._shown(draft, self.person(by))
            if draft is None or shown.meeting:
                raise Refusal(CONFIRMED)
            reading = store.notes(session, draft.digest)
        if reading is None:
            raise Refusal(editing.GONE)
        where = found or draft.body
        about = About(where.name if where else None, where.school if where else None, day or draft.date)
        notes = Notes(reading, draft.file_name, draft.by, about, draft.audience, draft.document)
        # Slack gives a form three seconds: whoever sends it must not hold the threads that hear everybody.
        with self._reader(draft.file_name, FORM_SECONDS) as reader:
            return making.make(notes, self._bodies, draft.created, reader, draft.opened)

    @contextmanager
    def _reader(self, file_name: str, seconds: float | None = None) -> Iterator[MinutesReader]:
        try:
            with self._readers.open_idle(seconds) as aside:
                yield MinutesReader(aside)
        except Unreadable as error:
            if file_name == PASTED and isinstance(error, Stopped):
                raise Refusal(PASTE_IN_PARTS) from error
            raise Refusal(f"{_called(file_name)} cannot be read. {error}") from error

    def person(self, by: str) -> Person:
        """The person of the trust file with this id; a Refusal for anybody else."""
        person = self._bodies.person(by)
        if person is None:
            raise Refusal("The trust file does not know you. Ask whoever keeps it to add you.")
        return person

    def _against_records(self, session: Session, draft: Draft) -> Draft:
        """The draft beside what is recorded: a corrected version of a meeting, or the next one of its body."""
        if draft.body is None or draft.date is None:
            return draft
        ident = meeting_id(draft.body, draft.date, closed=draft.closed)
        if store.meeting(session, ident) is not None:
            earlier = next(iter(store.drafts(session, meeting=ident)), None)
            if earlier:
                current = store.actions(session, mentioned=ident)
                return replace(correcting.corrected(draft, earlier, current), revises=ident)
        live = store.actions(session, body=draft.body.key, states=LIVE)
        earlier_ones = [each for each in live if each.raised < draft.date]
        return making.carried(draft, earlier_ones, self._bodies)

    def _opened_before(self, draft: Draft) -> tuple[str, ...]:
        """The sections that were opened of an earlier version: those with the same words are open in this one too."""
        if draft.body is None or draft.date is None:
            return ()
        with Session(self._engine) as session:
            before = store.meeting(session, meeting_id(draft.body, draft.date, closed=draft.closed))
        return before.opened if before else ()

    def _second(self, session: Session, draft: Draft) -> Draft | None:
        """The draft with its differences, where its meeting was confirmed from other notes since it was made."""
        if draft.body is None or draft.date is None:
            return None
        ident = meeting_id(draft.body, draft.date, closed=draft.closed)
        if draft.revises == ident or store.meeting(session, ident) is None:
            return None
        return self._against_records(session, draft)

    def _edit(self, draft_id: str, by: str, change: Callable[[Draft], Draft]) -> Draft:
        with Session(self._engine) as session, session.begin():
            store.put_draft(session, new := change(self._held(session, draft_id, by)))
        return self._shown(new, self.person(by))

    def _held(self, session: Session, draft_id: str, by: str) -> Draft:
        draft = store.hold_draft(session, draft_id)
        shown = self._shown(draft, self.person(by))
        if draft is None or shown.meeting:
            raise Refusal(CONFIRMED)
        return draft

    def _shown(self, draft: Draft | None, person: Person) -> Draft:
        if draft is None:
            raise Refusal(editing.GONE)
        if not self._may_see(draft, person):
            raise Refusal(CLOSED)
        if self._reads_part_b(draft, person):
            return draft
        return replace(
            draft,
            sections=(),
            opened=(),
            actions=tuple(action for action in draft.actions if not action.part_b),
            decisions=tuple(decision for decision in draft.decisions if not decision.part_b),
            matters=tuple(matter for matter in draft.matters if not matter.part_b),
            differences=tuple(difference for difference in draft.differences if not draft.hides(difference)),
            proposed=(),
            proposed_decisions=(),
        )

    def _reads_part_b(self, draft: Draft, person: Person) -> bool:
        if draft.part_b is None:
            return person.id == draft.by or not draft.sections or self._may_handle(draft, person)
        return person.id == draft.by or self._bodies.trust.reader(person).may_read(draft.part_b)

    def _may_see(self, draft: Draft, person: Person) -> bool:
        return person.id == draft.by or self._may_handle(draft, person)

    def _may_handle(self, draft: Draft, person: Person) -> bool:
        return self._bodies.may_confirm(person, draft.body, draft.chair, draft.clerk, draft.audience)

    def _may_confirm(self, draft: Draft, person: Person) -> bool:
        if not self._may_handle(draft, person):
            return False
        readers = draft.part_b
        return not draft.confidential or (readers is not None and self._bodies.trust.reader(person).may_read(readers))


def _called(file_name: str) -> str:
    """What notes are called in a sentence."""
    return "These notes" if file_name == PASTED else file_name
