"""What happens to kept wishes about a digest: previewed, posted, set; lines answered, taken on, put on the agenda."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from typing import get_args

from bot.config.trust import Weekday
from bot.digest import blocks
from bot.digest.content.opening import Record, record
from bot.digest.jobs import DigestJobs
from bot.digest.model import Setup
from bot.digest.payloads import AnswerPayload, CommandPayload, LinePayload, PressPayload
from bot.digest.service import DigestService
from bot.errors import Refusal
from bot.meetings.model import Matter, spoken
from bot.meetings.room import Room
from bot.runtime.failures import sentence_of
from bot.runtime.inbox import Handler, Payload
from bot.runtime.payload import job
from bot.slack.people.people import MembershipUnknown
from knowledge.passages import Reader

COMMAND, TAKE, DISCUSSED, ANSWERED = "digest.command", "digest.take", "digest.discussed", "digest.answered"
CHANNEL = re.compile(r"<#([A-Z0-9]+)(?:\|([^>]*))?>|#([\w-]+)")
MOMENT = re.compile(
    r"^(?:on\s+)?(monday|tuesday|wednesday|thursday|friday)s?(?:\s+at)?\s+(\d{1,2})(?:[:.](\d{2}))?$", re.IGNORECASE
)
PREVIEW = "A preview, for you alone: what #{channel} would see now, as far as you may read it yourself."
ALONE = "A preview, for you alone, from all that you may read: Trustbot is not in #{channel} yet."
FAILED = (
    "That did not work on Trustbot's side. Try again in a few minutes. If it happens again, give the reference "
    "{reference} to whoever runs Trustbot."
)
NO_BODY = (
    "No meeting of the trust file is held in this channel, so there is no next agenda to put this on. Whoever keeps "
    "the trust file names the channel under `meetings:`."
)
UNKNOWN_WORD = "`/trust digest` does not know “{word}”. `/trust digest help` shows what it can do."
Message = blocks.Message


class DigestDesk:
    """Each may run twice, after a crash: what was made and posted is found again."""

    def __init__(self, room: Room, service: DigestService, jobs: DigestJobs) -> None:
        self._room = room
        self._service = service
        self._jobs = jobs
        self._outbox = room.outbox

    def handlers(self) -> Mapping[str, Handler]:
        """Who handles which kind of kept event."""
        return {
            COMMAND: job(CommandPayload, self.command),
            TAKE: job(PressPayload, self.take),
            DISCUSSED: job(PressPayload, self.discussed),
            ANSWERED: job(AnswerPayload, self.answered),
        }

    def command(self, event: str, payload: CommandPayload) -> None:
        """`/trust digest …`, answered to its sender alone."""
        for number, message in enumerate(self._done(payload)):
            self._outbox.respond(f"{event}:{number}", payload.response_url, *message)

    def take(self, event: str, payload: PressPayload) -> None:
        """An action becomes whoever's who takes it on; an ask or an offer becomes an action of theirs."""
        by, found = self._pressed(payload)
        tracking = self._room.service.tracking
        if found.ref.startswith("action:"):
            tracking.reassign(found.ref.removeprefix("action:"), by, [by])
        else:
            names = self._service.trust.names.schools.get(found.school or "", (self._service.trust.name,))
            task = f"Follow up with {names[0]}: {_words(found)}"
            tracking.make(by, task[:900], quote=_words(found), key=f"{payload.digest}:{found.ref}:{by}")
        self._say(f"taken:{payload.digest}:{found.ref}:{by}"[:200], payload, found, by, "takes this on:")
        self._tell(f"{event}:told", payload, "It is yours now. `/trust actions` shows it, and you will be reminded.")

    def discussed(self, event: str, payload: PressPayload) -> None:
        """Put a line on the next agenda of the body that meets in this channel."""
        by, found = self._pressed(payload)
        body = self._room.body_in(payload.channel)
        if body is None:
            raise Refusal(NO_BODY)
        today = self._room.service.tracking.today()
        note = f"{found.title}; marked in the digest by {self._room.name(by)}, {spoken(today)}"
        matter = Matter(body.key, found.ref[:160], _words(found), note, found.audience, today, by)
        self._room.service.planning.mark(matter)
        what = f"puts this on the next agenda of {body.name}:"
        self._say(f"marked:{payload.digest}:{found.ref}"[:200], payload, found, by, what)

    def answered(self, event: str, payload: AnswerPayload) -> None:
        """An answer into the thread, and to whoever sent the ask."""
        by = self._room.person(payload.user)
        found = record(payload.ref, self._room.service, self._room.reader(payload.user))
        names = self._service.trust.names.schools.get(found.school or "", (self._service.trust.name,))
        name, words = self._room.name(by), _words(found)
        quoted = words if self._all_may_read(payload.channel, found) else ""
        message = blocks.answered(name, names[0], quoted, payload.text)
        self._outbox.post(f"answered:{event}", payload.channel, *message, thread=payload.thread)
        asker = self._room.account(found.by)
        if asker and asker != payload.user:
            message = blocks.answered(name, names[0], words, payload.text)
            self._outbox.post(f"answered:{event}:asker", self._outbox.direct(asker), *message)

    def failed(self, kind: str, payload: Payload, error: Exception) -> None:
        """Tell the person that this failed, and what to do."""
        sentence = sentence_of(error, FAILED)
        if kind == COMMAND:
            command = CommandPayload.read(payload)
            self._outbox.respond(f"failed:{command.event}"[:200], command.response_url, *blocks.plain_message(sentence))
        else:
            line = LinePayload.read(payload)
            self._tell(f"failed:{line.event}"[:200], line, sentence)

    def _done(self, payload: CommandPayload) -> list[Message]:
        text, there = self._channel(payload)
        word, _, rest = text.partition(" ")
        by = self._room.person(payload.user)
        if word in ("", "help"):
            return [blocks.guidance(self._standing(payload.user))]
        if word == "preview":
            return self._preview(payload.user, self._service.setup(there))
        if word == "post":
            setup = self._service.setup(there)
            self._service.changer(setup, by)
            return [blocks.plain_message(self._jobs.post_now(setup))]
        if word == "pause":
            self._service.pause(there, by)
            return [blocks.plain_message(f"The digest of #{there} is paused. `/trust digest resume` starts it again.")]
        if word == "resume":
            return [self._now_set(self._service.resume(there, by))]
        if word == "items":
            wanted = [] if rest.strip() in ("", "all") else re.split(r",\s*|\s+and\s+", rest)
            return [self._now_set(self._service.choose_items(there, by, wanted))]
        if moment := MOMENT.match(text):
            return [self._now_set(self._service.move(there, by, *_moment(moment)))]
        raise Refusal(UNKNOWN_WORD.format(word=word))

    def _channel(self, payload: CommandPayload) -> tuple[str, str]:
        """The words without the channel, and the name of the channel that is meant: that of the command by default."""
        text = " ".join(payload.text.split())
        if found := CHANNEL.search(text):
            name = found[3] or self._name(found[1]) or found[2] or ""
            return " ".join(CHANNEL.sub(" ", text).split()).removesuffix(" in").casefold(), name
        return text.casefold(), self._name(payload.channel) if payload.channel.startswith(("C", "G")) else ""

    def _name(self, channel: str) -> str:
        """What the trust file calls this channel, whatever its name in Slack is now."""
        about = self._room.people.about_channel(channel)
        return self._room.channels.named(channel, str(about.get("name") or "")) if about else ""

    def _preview(self, user: str, setup: Setup) -> list[Message]:
        """By the reader of the channel and of whoever looks together: nothing that either may not see."""
        own = self._room.reader(user)
        channel = self._room.channel_named(setup.channel)
        if channel is None:
            return blocks.preview(self._service.make_now(setup, own), ALONE.format(channel=setup.channel))
        try:
            there = self._room.people.channel(channel).reader
        except MembershipUnknown as error:
            raise Refusal("Slack did not say who is in that channel. Try again in a few minutes.") from error
        both = Reader.joint([there, own])
        return blocks.preview(self._service.make_now(setup, both), PREVIEW.format(channel=setup.channel))

    def _standing(self, user: str) -> list[str]:
        """How the digests are set: those that this person may change, and those of channels that they are in."""
        person = self._room.people.member(user).person
        return [
            self._described(setup)
            for setup in self._service.setups()
            if person and (self._service.may_change(setup, person) or self._is_in(user, setup.channel))
        ]

    def _is_in(self, user: str, name: str) -> bool:
        channel = self._room.channel_named(name)
        try:
            return bool(channel) and user in {member.id for member in self._room.people.channel(channel or "").members}
        except MembershipUnknown:
            return False

    def _described(self, setup: Setup) -> str:
        names = dict((ident, name) for ident, name, _ in self._room.service.planning.items)  # noqa: C402
        items = ", ".join(names.get(each, each) for each in setup.items) or "all agenda items"
        state = "paused" if setup.paused else f"the next one comes {self._service.next_in_words(setup)}"
        if self._room.channel_named(setup.channel) is None:
            state = "Trustbot is not in this channel: `/invite @Trustbot`"
        return f"#{setup.channel}: {setup.day.capitalize()}s at {setup.at:%H:%M}, {items}; {state}."

    def _now_set(self, setup: Setup) -> Message:
        return blocks.plain_message(self._described(setup))

    def _pressed(self, payload: PressPayload) -> tuple[str, Record]:
        """Who pressed, and the record that it was about, as far as they may read it."""
        by = self._room.person(payload.user)
        return by, record(payload.ref, self._room.service, self._room.reader(payload.user))

    def _say(self, key: str, payload: LinePayload, found: Record, by: str, what: str) -> None:
        """Say in the thread what somebody does about a line, in its words where all who are there may read it."""
        words = _words(found) if self._all_may_read(payload.channel, found) else ""
        message = blocks.noted(self._room.name(by), what if words else what.rstrip(":") + ".", words)
        self._outbox.post(key, payload.channel, *message, thread=payload.thread)

    def _tell(self, key: str, payload: LinePayload, sentence: str) -> None:
        self._outbox.post_privately(
            key[:200], payload.channel, payload.user, *blocks.plain_message(sentence), payload.thread
        )

    def _all_may_read(self, channel: str, found: Record) -> bool:
        try:
            return self._room.people.channel(channel).reader.may_read(found.audience)
        except MembershipUnknown:
            return False


def _words(found: Record) -> str:
    return found.sentence or found.words[0][1]


def _moment(found: re.Match[str]) -> tuple[Weekday, time]:
    day = next(each for each in get_args(Weekday) if each == found[1].casefold())
    hour, minute = int(found[2]), int(found[3] or 0)
    if hour > 23 or minute > 59:
        raise Refusal("Write the time as 15:00.")
    return day, time(hour, minute)
