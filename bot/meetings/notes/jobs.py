"""What happens to kept notes: read, proposed to the chair or clerk, confirmed, and only then told to the owners."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

from bot.errors import Refusal
from bot.meetings.actions import blocks as blocks_actions
from bot.meetings.actions.blocks import Message
from bot.meetings.model import Action, is_everybody
from bot.meetings.notes import blocks as blocks_notes
from bot.meetings.notes.confirming import Confirmed
from bot.meetings.notes.draft import Draft, Kind
from bot.meetings.payloads import (
    DraftPayload,
    FilePayload,
    MeetingPayload,
    NotMinePayload,
    OwnersPayload,
    PastedPayload,
)
from bot.meetings.reminders.recipients import leads_of
from bot.meetings.room import Room
from bot.meetings.service import notes_from, notes_of
from bot.runtime.failures import sentence_of
from bot.runtime.inbox import Care, Handler, Payload, SetAside
from bot.runtime.payload import job
from bot.slack import block_kit as kit
from bot.slack.modals import FAILED
from bot.slack.people.quiet_hours import open_day
from ingest.minutes import About
from ingest.readers.kinds import is_secret, kind_of
from knowledge.passages import OPERATOR

PASTED, FILE, PROPOSE, CONFIRM = "meetings.pasted", "meetings.file", "meetings.propose", "meetings.confirm"
PASSED_ON, NOT_MINE, MADE = "meetings.passed_on", "meetings.not_mine", "meetings.made"
NOTES_SUFFIXES = (".pdf", ".docx", ".txt", ".md", ".markdown", ".html", ".htm")
OTHER_KINDS = {".pptx": "a presentation", ".pptm": "a presentation"}
NOTES_NAMES = ("minute", "notes", "meeting")
ONE_BY_ONE = Care(
    tries=2,
    words="Trustbot stopped twice while it read what you sent, so it has set that aside and goes on without it. Save "
    "the file again where it was made, or paste the notes with `/trust notes`.",
    at_once=2,
)
LIBRARY_WAITS = timedelta(days=14)
FOUND_WITHIN = timedelta(days=31)
NOT_YOURS = "The chair, the clerk or a leader of the school confirms these notes."
NO_KIND = (
    "{name} cannot be read as notes: it is {kind}. Trustbot takes PDF, Word (.docx), Markdown and text files. Save it "
    "as one of those and send it again, or paste the notes with `/trust notes`."
)
OPENS = "{name} is {kind}, and is not read. Delete the message at once: whoever sees the file can use it."
NOBODY = (
    "The notes are kept, but Trustbot finds nobody in Slack who may confirm them: the chair, the clerk or a leader of "
    "the school. Ask whoever keeps the trust file to add them."
)


class MeetingJobs:
    """Each may run twice, after a crash: what was recorded and posted is found again."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._drafts = room.service.drafts
        self._outbox = room.outbox

    def handlers(self) -> Mapping[str, Handler]:
        """Who handles which kind of kept event."""
        return {
            PASTED: job(PastedPayload, self.pasted),
            FILE: job(FilePayload, self.file),
            PROPOSE: job(DraftPayload, self.propose),
            CONFIRM: job(DraftPayload, self.confirm),
            PASSED_ON: job(OwnersPayload, self.passed_on),
            NOT_MINE: job(NotMinePayload, self.not_mine),
            MADE: job(OwnersPayload, self.made),
        }

    def care(self) -> Mapping[str, Care]:
        """What is read of what people send goes one by one, and is not tried for ever."""
        return {PASTED: ONE_BY_ONE, FILE: ONE_BY_ONE}

    def pasted(self, event: str, payload: PastedPayload) -> None:
        """Notes from the form."""
        body = self._room.service.bodies.by_key(payload.body) if payload.body else None
        about = About(body.name if body else None, body.school if body else None, payload.day)
        by = self._room.person(payload.user)
        notes = notes_of(payload.text, by, about, readers=self._room.service.readers)
        self._present_each(payload, self._drafts.propose_each(notes))

    def file(self, event: str, payload: FilePayload) -> None:
        """Notes from a file: in the Messages tab surely, in a meeting's channel if it calls itself so or somebody
        says so; any other file is left alone."""
        user, channel = payload.user, payload.channel
        direct = channel.startswith("D")
        body = None if direct else self._room.body_in(channel)
        if not direct and body is None:
            return
        found = self._room.files.about(payload.file)
        if found is None:
            return
        readable = found.suffix in NOTES_SUFFIXES
        sure = direct or payload.sure or any(word in found.name.casefold() for word in NOTES_NAMES)
        if not readable and not (direct or (sure and found.suffix in (".doc", ".odt", ".rtf", ".pages"))):
            return
        if not sure:
            question = blocks_notes.is_it_notes(found.id, found.name)
            self._outbox.post_privately(f"is-it-notes:{found.id}", channel, user, *question)
            return
        if not readable:
            if is_secret(found.suffix):
                raise Refusal(OPENS.format(name=found.name, kind=kind_of(found.suffix)))
            raise Refusal(
                NO_KIND.format(
                    name=found.name,
                    kind=kind_of(found.suffix) or OTHER_KINDS.get(found.suffix, "of no kind that Trustbot knows"),
                )
            )
        by = self._room.person(user)
        about = About(body.name if body else None, body.school if body else None, title=found.name.rpartition(".")[0])
        readers = self._room.service.readers
        notes = notes_from(self._room.files.fetch(found), found.name, by, about, readers=readers)
        self._present_each(payload, self._drafts.propose_each(notes))

    def propose(self, event: str, payload: DraftPayload) -> None:
        """A draft whose meeting is known now."""
        draft = self._drafts.find(payload.draft, self._room.person(payload.user))
        if not draft.meeting:
            self._present(payload, draft)

    def confirm(self, event: str, payload: DraftPayload) -> None:
        """Record the meeting, then tell each owner in one message."""
        user = payload.user
        by = self._room.person(user)
        confirmed = self._drafts.confirm(payload.draft, by)
        draft = self._drafts.find(payload.draft, by)
        mine = self._to_tell(draft, confirmed)
        untold = {
            owner.name
            for action in confirmed.actions
            if action.live
            for owner in action.owners
            if not is_everybody(owner) and self._room.account(owner.person) is None
        }
        name, today = self._room.name(by), self._room.service.tracking.today()
        told = 0
        for person, actions in mine.items():
            if account := self._room.account(person):
                message = blocks_actions.notification(confirmed.meeting, actions, name, today, bool(draft.revises))
                self._outbox.post(f"told:{draft.id}:{person}", self._outbox.direct(account), *message)
                told += 1
        settled = blocks_notes.settled(draft, name, told, sorted(untold))
        for person in (*(confirmer.id for confirmer in self._drafts.confirmers(draft)), by):
            self._outbox.update(_proposal(draft, person), *settled)

    def passed_on(self, event: str, payload: OwnersPayload) -> None:
        """Tell those who were given an action."""
        self._tell_owners(payload, blocks_actions.passed_on)

    def made(self, event: str, payload: OwnersPayload) -> None:
        """Tell those for whom an action was made of a message."""
        self._tell_owners(payload, blocks_actions.made)

    def not_mine(self, event: str, payload: NotMinePayload) -> None:
        """Tell the chair, where nobody is left who has an action."""
        tracking = self._room.service.tracking
        action = next((each for each in tracking.live() if each.id == payload.action), None)
        if action is None or action.owners or action.meeting is None:
            return
        meeting = tracking.meeting(action.meeting, OPERATOR)
        accounts = (self._room.account(person) for person in leads_of(action, {meeting.id: meeting}))
        account = next((each for each in accounts if each), None)
        if account and account != payload.user:
            name = self._room.name(self._room.person(payload.user))
            message = blocks_actions.yours_again([action], name, payload.note, tracking.today())
            self._outbox.post(f"not-mine:{payload.event}", self._outbox.direct(account), *message)

    def _tell_owners(self, payload: OwnersPayload, words: Callable[[list[Action], str, date], Message]) -> None:
        """One message to each of the people of the payload who has the action now."""
        tracking = self._room.service.tracking
        name = self._room.name(self._room.person(payload.user))
        action = next((each for each in tracking.live() if each.id == payload.action), None)
        for person in payload.people:
            account = self._room.account(person)
            if action and account and person in action.people:
                message = words([action], name, tracking.today())
                self._outbox.post(f"owner:{payload.event}:{person}", self._outbox.direct(account), *message)

    def failed(self, kind: str, payload: Payload, error: Exception) -> None:
        """Tell the person that this failed, and what to do."""
        sentence = sentence_of(error, FAILED)
        sent = MeetingPayload.read(payload)
        if isinstance(error, SetAside) and kind == FILE:
            found = self._room.files.about(FilePayload.read(payload).file)
            sentence = f"{found.name}: {sentence}" if found else sentence
        blocks = [kit.section(kit.escape(sentence))]
        if kind == CONFIRM:
            blocks.append(
                kit.actions(kit.button("Try again", blocks_notes.CONFIRM_AGAIN, DraftPayload.read(payload).draft))
            )
        user = self._outbox.direct(sent.user)
        self._outbox.post(f"failed:{sent.event}", user, kit.fallback(sentence), blocks)

    def _present_each(self, payload: MeetingPayload, drafts: Sequence[Draft]) -> None:
        """Bring each draft of one file to whoever confirms it; one that nobody may confirm keeps none of the others."""
        refused: list[Refusal] = []
        for at, draft in enumerate(drafts):
            own = payload if at == 0 else payload.model_copy(update={"event": f"{payload.event}:{at + 1}"})
            try:
                self._present(own, draft)
            except Refusal as refusal:
                refused.append(refusal)
        if refused:
            raise refused[0]

    def _present(self, payload: MeetingPayload, draft: Draft) -> None:
        """Bring a draft to whoever confirms it; whoever brought it gets a receipt, or is asked what is missing."""
        user, by = payload.user, self._room.person(payload.user)
        direct = self._outbox.direct(user)
        # A draft that is older than this event came in by another one.
        if draft.again and payload.at and draft.created < payload.at:
            message = blocks_notes.again(draft, self._drafts.may_confirm(draft, by))
            self._outbox.post(f"again:{payload.event}", direct, *message)
            return
        if draft.must:
            self._outbox.post(f"which:{payload.event}", direct, *blocks_notes.which(draft))
            return
        recipients = self._recipients(draft, by)
        if not recipients:
            raise Refusal(NOBODY)
        self._offer(draft, recipients, f"Brought in by {self._room.name(draft.by)}: {draft.file_name}", payload.event)
        if by not in recipients:
            names = [self._room.name(person) for person in recipients]
            self._outbox.post(f"received:{draft.id}", direct, *blocks_notes.received(draft, names))

    def from_library(self) -> None:
        """Bring minutes that were dropped in a folder to whoever confirms them, in school hours; each once."""
        now = self._room.now().astimezone(self._room.trust.zone)
        if open_day(now, self._room.trust.zone, self._room.trust.calendar(None)) is None:
            return
        self._room.service.take_from_library()
        for draft in self._drafts.from_library(now - LIBRARY_WAITS):
            recipients = self._recipients(draft, "")
            brought = f"Found in the library: {draft.file_name}"
            self._offer(draft, recipients, brought, f"library:{draft.digest}", now - FOUND_WITHIN)

    def _offer(
        self, draft: Draft, recipients: Mapping[str, str], brought: str, what: str, since: datetime | None = None
    ) -> None:
        """Bring a draft to each of these people once: what it came in by is the same when the records are of before,
        the draft's id is not."""
        for person, account in recipients.items():
            key = _proposal(draft, person)
            if self._outbox.posted(key):
                continue
            own = self._drafts.find(draft.id, person)
            message, direct = blocks_notes.proposal(own, brought), self._outbox.direct(account)
            ts = self._outbox.post(f"offer:{what}:{person}"[:200], direct, *message, since=since, renew=True)
            self._outbox.adopt(key, direct, None, ts)

    def _recipients(self, draft: Draft, by: str) -> dict[str, str]:
        """Who is asked to confirm, person to Slack user: the chair and the clerk; else whoever brought the notes, if
        he may; else all who may."""
        may = [confirmer.id for confirmer in self._drafts.confirmers(draft)]
        named = [owner.person for owner in (draft.chair, draft.clerk) if owner and owner.person in may]
        for people in (named, [by] if by in may else [], may):
            found = {person: account for person in people if person and (account := self._room.account(person))}
            if found:
                return found
        return {}

    def _to_tell(self, draft: Draft, confirmed: Confirmed) -> dict[str, list[Action]]:
        """Which open actions to tell each person of; of a corrected version those that it adds or changes."""
        said = {each.id: each.of for each in draft.actions}
        changed = {
            said.get(difference.item or "") for difference in draft.differences if difference.kind is not Kind.GONE
        }
        there = [
            attendee.person
            for attendee in confirmed.meeting.attendees
            if attendee.person and attendee.present is not False
        ]
        found: dict[str, list[Action]] = {}
        for action in confirmed.actions:
            if not action.live or (draft.revises and action.id not in changed):
                continue
            everybody = there if any(is_everybody(owner) for owner in action.owners) else []
            for person in dict.fromkeys([*action.people, *everybody]):
                found.setdefault(person, []).append(action)
        return found


def _proposal(draft: Draft, person: str) -> str:
    return f"proposal:{draft.id}:{person}"
