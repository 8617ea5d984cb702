"""The meetings room for those who use it: notes in, actions tracked, agendas out, records answered from."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path, PurePath

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.config.trust import CurrentTrust, Person
from bot.errors import Refusal
from bot.meetings import store
from bot.meetings.actions.tracking import Tracking
from bot.meetings.agenda.planning import Planning
from bot.meetings.bodies import Bodies
from bot.meetings.notes.draft import PASTED, Draft, Notes
from bot.meetings.notes.drafting import FORM_SECONDS, PASTE_IN_PARTS, Drafting
from bot.meetings.notes.part_b.division import parted
from bot.meetings.records.answering import Answering
from bot.meetings.records.explain import Explanation, explain
from bot.meetings.records.filing import NOTES, RECORDS, Records
from bot.meetings.records.returns import Returned
from bot.meetings.records.weekly import Weekly
from ingest.isolated.minutes import MinutesReader
from ingest.isolated.reader import Readers, Stopped
from ingest.minutes import About, ActionDetector
from ingest.minutes.layout.lines import Line
from ingest.readers.reading import Reading, Unreadable
from knowledge.library.library import Library
from knowledge.masking.pupil_names import Masker
from knowledge.passages import OPERATOR, Audience, Document, Kind, Reader
from knowledge.safety.check import AtRisk
from knowledge.safety.patterns import child_at_risk

_MARKDOWN = re.compile(r"^(?:#{1,4} \S|\|(?:\s*:?-+:?\s*\|)+)", re.MULTILINE)


RECENT = timedelta(days=60)


class MeetingService:
    """What meetings leave behind. `now` is handed in; without a library nothing is put into it.

    `drafts`: propose, edit, confirm. `tracking`: confirmed actions and decisions. `planning`: agendas and returns.
    `weekly`: what a week brought. `answering`: questions about records, `returned`: about returns. `records` (None
    without a library): `level()` at the start and after a crash.
    """

    def __init__(
        self,
        engine: Engine,
        trust: CurrentTrust,
        now: Callable[[], datetime],
        library: Library | None = None,
        point: ActionDetector | None = None,
        readers: Readers | None = None,
        at_risk: AtRisk = child_at_risk,
    ) -> None:
        self._engine = engine
        self._library = library
        self._seen: set[tuple[str, str]] = set()
        self.readers = readers or Readers()
        self.bodies = Bodies(trust, point)
        self.records = Records(engine, library, Masker(lambda: trust.latest.staff), self.bodies) if library else None
        self.tracking = Tracking(engine, self.bodies, now)
        self.drafts = Drafting(engine, self.bodies, now, self._file, self.readers)
        self.planning = Planning(engine, self.bodies, self.tracking, now)
        self.weekly = Weekly(engine, self.bodies)
        self.answering = Answering(self.bodies, self.tracking, library)
        self.returned = Returned(self.bodies, self.planning, self.tracking.today, at_risk)

    def explain(self, decision_id: str, reader: Reader) -> Explanation:
        """A draft that explains a decision in the words of its notes, for a reader who may read them."""
        decision = self.tracking.decision(decision_id, reader)
        with Session(self._engine) as session:
            reading = store.notes(session, store.digest_of(session, decision.meeting.id) or "")
        part = reading
        if reading and not decision.meeting.closed:
            parts = parted(reading, decision.meeting.opened)
            part = parts.closed if decision.part_b else parts.open
        actions = self.tracking.actions(reader, "all", meeting=decision.meeting.id)
        return explain(decision, part, self._lines(part) if part else (), actions)

    def _lines(self, reading: Reading) -> tuple[Line, ...]:
        """The lines of notes; none where they take too long, so that the explanation names what it does not know."""
        try:
            with self.readers.open_idle(FORM_SECONDS) as aside:
                return MinutesReader(aside).outline(reading).lines
        except Unreadable:
            return ()

    def reader(self, person: str | None) -> Reader:
        """The operator's reader, or that of a person of the trust file; a Refusal where there is no such person."""
        return OPERATOR if person is None else self.bodies.trust.reader(self._named(person))

    def person(self, key: str | None) -> str | None:
        """The id of a person of the trust file; a Refusal where there is no such person."""
        return None if key is None else self._named(key).id

    def school(self, ident: str | None) -> str | None:
        """The id of a school of the trust file; a Refusal lists those there are."""
        schools = {school.id: school.name for school in self.bodies.trust.schools}
        if ident is not None and ident not in schools:
            raise Refusal(f"There is no school {ident!r} in the trust file. Use one of: {', '.join(schools)}.")
        return ident

    def meeting(self, ident: str | None, reader: Reader) -> str | None:
        """The id of a meeting whose records this reader may see; a Refusal says where ids are found."""
        if ident is not None and ident not in {meeting.id for meeting in self.tracking.meetings(reader)}:
            raise Refusal(f"There is no meeting {ident!r} to be seen. `trustbot actions --state all --json` gives ids.")
        return ident

    def _named(self, key: str) -> Person:
        found = self.bodies.trust.person(key)
        if found is None:
            raise Refusal(f"The trust file knows nobody called {key!r}. Give an id, an e-mail address or a full name.")
        return found

    def take_from_library(self) -> list[Draft]:
        """Propose what the recent minutes in the library's folders say, as far as nobody brought them in before. Each
        file is read once by each process; one that cannot be read is passed over, as the sync says so already."""
        since = self.tracking.today() - RECENT
        fresh: list[Draft] = []
        for document in self._library.documents(OPERATOR) if self._library else ():
            version = (document.id, document.digest)
            if version in self._seen or document.kind is not Kind.MINUTES or not document.date or document.date < since:
                continue
            self._seen.add(version)
            if document.source.startswith((RECORDS, NOTES)) or not Path(document.source).is_file():
                continue
            try:
                drafts = self.drafts.propose_each(notes_in_library(document, readers=self.readers))
            except Refusal as refusal:
                if isinstance(refusal.__cause__, Stopped):
                    # What holds a reader holds the clock as well: the rest is looked at when it strikes again.
                    break
                continue
            fresh.extend(draft for draft in drafts if not draft.again)
        return fresh

    def file_all(self) -> int:
        """Reconcile the library with the records, as after a crash; returns how many documents were put in."""
        return self.records.reconcile() if self.records else 0

    def _file(self, meeting_id: str) -> None:
        if self.records:
            self.records.file(meeting_id)


def notes_from(
    data: bytes,
    file_name: str,
    by: str,
    about: About | None = None,
    audience: Audience | None = None,
    *,
    readers: Readers | None = None,
) -> Notes:
    """Notes from a file's bytes, read apart; a Refusal says why it cannot be read."""
    try:
        reading = (readers or Readers()).read(data, PurePath(file_name).suffix)
    except Unreadable as error:
        raise Refusal(f"{file_name} cannot be read. {error}") from error
    return Notes(reading, file_name, by, about or About(title=PurePath(file_name).stem), audience)


def notes_of(
    text: str,
    by: str,
    about: About | None = None,
    audience: Audience | None = None,
    *,
    readers: Readers | None = None,
) -> Notes:
    """Notes that were pasted as text, read apart; a Refusal where there are no words or reading takes too long."""
    try:
        data = text.encode("utf-8", "replace")
        reading = (readers or Readers()).read(data, ".md" if _MARKDOWN.search(text) else ".txt")
    except Stopped as error:
        raise Refusal(PASTE_IN_PARTS) from error
    except Unreadable as error:
        raise Refusal("There are no words in these notes. Paste the notes of the meeting.") from error
    return Notes(reading, PASTED, by, about or About(), audience)


def notes_in_library(document: Document, by: str = "", *, readers: Readers | None = None) -> Notes:
    """Notes that were dropped in a folder of the library, read apart, with that folder's audience."""
    path = Path(document.source)
    try:
        reading = (readers or Readers()).load(path, path.stat().st_size)
    except OSError as error:
        raise Refusal(f"{document.file_name} is there no more. Nothing is needed.") from error
    except Unreadable as error:
        raise Refusal(f"{document.file_name} cannot be read. {error}") from error
    about = About(document.body, document.school, document.date, document.title)
    return Notes(reading, document.file_name, by, about, document.audience, document.id)
