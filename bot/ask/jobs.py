"""What happens to a kept question: it is answered from what its readers may read, and the answer is posted once."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from threading import Lock
from typing import TypeVar

from slack_sdk.errors import SlackApiError

from bot.ask import blocks
from bot.ask.blocks import Message
from bot.ask.model import Question, StoredAnswer, documents, greets, thanks
from bot.ask.payloads import AboutPayload, CommandPayload, MessagePayload, QuestionPayload, SharePayload
from bot.ask.service import AskService
from bot.config.trust import CurrentTrust
from bot.errors import Refusal
from bot.runtime.failures import sentence_of
from bot.runtime.inbox import Handler, Payload
from bot.runtime.payload import job
from bot.slack import block_kit as kit
from bot.slack.messages.outbox import Outbox
from bot.slack.messages.streaming import Streams
from bot.slack.people.people import MembershipUnknown, People
from bot.trust.live import settled
from knowledge.llm.writer import Heard
from knowledge.pipeline import lines

Asking = TypeVar("Asking", bound=QuestionPayload)
Answering = Callable[[str, Asking], None]

MENTION, DIRECT, COMMAND, ABOUT, SHARE = "ask.mention", "ask.direct", "ask.command", "ask.about", "ask.share"
WORKING = "is looking in the documents…"
HELP_WORDS = frozenset({"", "help"})
TRIES, LOCKS = 3, 256
NOT_THERE = frozenset({"not_in_channel", "channel_not_found"})
OUT = (
    "Trustbot is not in <#{channel}> any more, so your question there was not answered. Invite it with `/invite "
    "@Trustbot` and ask again, or ask here."
)
AWAY = {
    "not_in_channel": OUT,
    "channel_not_found": OUT,
    "is_archived": "<#{channel}> was archived before your question was answered. Ask here, or in another channel.",
}
INVITE = "Trustbot is not in that channel. Invite it there with `/invite @Trustbot`, then share again."
LEFT = "You are not in that channel any more, so the answer was not shared."
UNKNOWN = "Slack did not say who is in that channel, so nothing was shared. Try again in a few minutes."
FAILED = (
    "Something went wrong on Trustbot's side; your question was in order. Ask again in a few minutes. If it happens "
    "again, give the reference {reference} to whoever runs Trustbot."
)


class AskJobs:
    """Answers kept questions. Each may run twice, after a crash: what was answered and posted is found again."""

    def __init__(
        self,
        service: AskService,
        people: People,
        outbox: Outbox,
        streams: Streams,
        guidance: Callable[[], Message],
        trust: CurrentTrust | None = None,
    ) -> None:
        self._service = service
        self._people = people
        self._outbox = outbox
        self._streams = streams
        self._guidance = guidance
        self._locks = [Lock() for _ in range(LOCKS)]
        self._trust = trust

    def handlers(self) -> Mapping[str, Handler]:
        """Who handles which kind of kept event."""
        return {
            MENTION: job(MessagePayload, self._with_mask_notice(self._alone(self.mention))),
            DIRECT: job(MessagePayload, self._with_mask_notice(self._alone(self.direct))),
            COMMAND: job(CommandPayload, self._with_mask_notice(self.command)),
            ABOUT: job(AboutPayload, self._with_mask_notice(self.about)),
            SHARE: job(SharePayload, self.share),
        }

    def mention(self, event: str, payload: MessagePayload) -> None:
        """Answer in the thread what all of the channel may read, and the asker alone where he may read more."""
        channel, thread = payload.channel, payload.thread
        if _wants_help(payload):
            self._privately("help", payload, [self._guidance()])
            return
        asked = self._asked(event, payload, alone=False)
        if thanks(payload.text):
            self._leave(asked, [blocks.welcome()])
            return
        self._outbox.working(channel, thread, WORKING)
        try:
            private = self._answer_in_channel(asked)
        except MembershipUnknown as unknown:
            stored = self._own(replace(asked, alone=True))
            note = blocks.FORBIDDEN if unknown.forbidden else blocks.UNSURE_WHO
            self._privately("private", payload, blocks.answers(stored, note, share=True))
            self._outbox.working(channel, thread, "")
            return
        if private is not None:
            self._privately("private", payload, blocks.answers(private, blocks.PRIVATE, share=True))

    def direct(self, event: str, payload: MessagePayload) -> None:
        """Answer a direct message from what its writer may read."""
        channel, thread = payload.channel, payload.thread
        asked = self._asked(event, payload, alone=True)
        if _wants_help(payload):
            self._leave(asked, [self._guidance()])
            return
        if thanks(payload.text):
            self._leave(asked, [blocks.welcome()])
            return
        self._outbox.working(channel, thread, WORKING)
        if asked.edited:
            self._answer_directly(asked)
            return
        stream = self._streams.begin(_key(asked), channel, thread)
        stored = self._own(asked, stream.say)
        messages = blocks.answers(stored)
        stream.finish(*messages[0], lines(stored.answer), blocks.ending(stored))
        self._leave(asked, messages)
        if later := self._service.edited_since(asked):
            self._answer_directly(later)

    def command(self, event: str, payload: CommandPayload) -> None:
        """Answer `/trust ask` to its sender alone."""
        asked = Question(event, payload.user, payload.channel, None, payload.text, alone=True)
        stored = self._own(asked)
        for at, message in enumerate(blocks.answers(stored, share=_is_channel(payload.channel))):
            self._outbox.respond(_part(f"answer:{event}", at), payload.response_url, *message)

    def about(self, event: str, payload: AboutPayload) -> None:
        """Answer a question about a message, in the direct conversation with whoever asked."""
        user, channel = payload.user, payload.channel
        asked = Question(event, user, channel, payload.thread, payload.text, alone=True)
        stored = self._own(asked)
        lead = [kit.section(f"You asked, about a message in <#{channel}>:")] if _is_channel(channel) else []
        before = [*lead, *kit.quote(stored.question.text)]
        direct = self._outbox.direct(user)
        for at, message in enumerate(blocks.answers(stored, share=_is_channel(channel), before=before)):
            self._outbox.post(_part(f"answer:{event}", at), direct, *message)

    def share(self, event: str, payload: SharePayload) -> None:
        """Post an answer to the channel where it was asked, in its asker's name."""
        user = payload.user
        stored = self._service.to_share(payload.answer, user, self._people.reader(user))
        channel = stored.question.channel
        try:
            members = self._people.channel(channel).members
        except MembershipUnknown as error:
            raise Refusal(INVITE if error.absent else UNKNOWN) from error
        if user not in {member.id for member in members}:
            raise Refusal(LEFT)
        try:
            thread = stored.question.thread
            for at, message in enumerate(blocks.shared(stored)):
                first = self._outbox.post(_part(f"share:{stored.id}", at), channel, *message, thread)
                thread = thread or first
            self._service.note(user, "share", documents(stored.answer), channel)
        except SlackApiError as error:
            if error.response.get("error") in NOT_THERE:
                raise Refusal(INVITE) from error
            raise

    def _asked(self, event: str, payload: MessagePayload, *, alone: bool) -> Question:
        return Question(
            event, payload.user, payload.channel, payload.thread, payload.text, alone, payload.ts, payload.edited,
        )  # fmt: skip

    def _answer_in_channel(self, asked: Question) -> StoredAnswer | None:
        """Leave the channel's answer under the question as it is now; returns the asker's own where that says more."""
        shown, private = settled(self._trust, lambda: self._for_channel(asked))
        self._leave(shown.question, blocks.answers(shown))
        # Of two versions that are answered at the same time the last edit stands, whichever was done first.
        later = self._service.edited_since(shown.question)
        return self._answer_in_channel(later) if later else private

    def _answer_directly(self, asked: Question) -> None:
        stored = self._own(asked)
        self._leave(stored.question, blocks.answers(stored))
        if later := self._service.edited_since(stored.question):
            self._answer_directly(later)

    def _leave(self, asked: Question, messages: Sequence[Message]) -> None:
        """Leave these under the question, each once; under one that was edited, in place of what stood there."""
        key, left = _key(asked), set()
        for at, message in enumerate(messages):
            left.add(part := _part(key, at))
            self._outbox.post(part, asked.channel, *message, asked.thread)
            if asked.edited:
                self._outbox.update(part, *message)
        if asked.edited:
            for part in self._outbox.done(f"{key}:") - left:
                self._outbox.update(part, *blocks.outdated())

    def failed(self, kind: str, payload: Payload, error: Exception) -> None:
        """Tell the person that this failed, where he asked, and what to do."""
        sentence = sentence_of(error, FAILED)
        message = kit.fallback(sentence), [kit.section(kit.escape(sentence))]
        if kind == MENTION:
            asked = MessagePayload.read(payload)
            self._outbox.working(asked.channel, asked.thread, "")
            self._tell(asked, error, message)
        elif kind == COMMAND:
            url = CommandPayload.read(payload).response_url
            self._outbox.respond(f"failed:{url}"[:200], url, *message)
        elif kind == DIRECT:
            asked = MessagePayload.read(payload)
            self._outbox.post(f"failed:{asked.channel}:{asked.ts}", asked.channel, *message, asked.thread)
        else:
            form = (AboutPayload if kind == ABOUT else SharePayload).read(payload)
            self._outbox.post(f"failed:{form.view}", self._outbox.direct(form.user), *message)

    def _own(self, asked: Question, heard: Heard | None = None) -> StoredAnswer:
        """The answer for the asker alone, by the trust file as it is when the answer is ready."""
        return settled(self._trust, lambda: self._service.answer(asked, self._people.reader(asked.asker), heard))

    def _for_channel(self, asked: Question) -> tuple[StoredAnswer, StoredAnswer | None]:
        """Both answers, for the channel's members as they are when the answer is ready."""
        own = self._people.reader(asked.asker)
        for _ in range(TRIES):
            together = self._people.channel(asked.channel).reader
            stored = self._service.answer_in_channel(asked, own, together)
            if self._people.channel(asked.channel).reader == together:
                return stored
        raise MembershipUnknown(asked.channel)

    def _alone(self, handler: Answering[MessagePayload]) -> Answering[MessagePayload]:
        """The same, one version of a message at a time: an edit waits until what was asked before is answered."""

        def handle(event: str, payload: MessagePayload) -> None:
            with self._locks[zlib.crc32(payload.ts.encode()) % LOCKS]:
                handler(event, payload)

        return handle

    def _with_mask_notice(self, handler: Answering[Asking]) -> Answering[Asking]:
        """The same, and the asker is told where a likely pupil's name was taken out of the question."""

        def handle(event: str, payload: Asking) -> None:
            handler(event, payload)
            if payload.masked:
                text, message = blocks.masked()
                self._outbox.post(f"masked:{event}"[:200], self._outbox.direct(payload.user), text, message)

        return handle

    def _tell(self, payload: MessagePayload, error: Exception, message: Message) -> None:
        """Say where it was asked that it failed, or where nothing can be said there any more, in a direct message."""
        if error_of(error) in AWAY:
            words = AWAY[error_of(error)].format(channel=payload.channel)
            key = f"failed:{payload.channel}:{payload.ts}:{payload.edited}"
            self._outbox.post(key, self._outbox.direct(payload.user), words, [kit.section(words)])
            return
        self._privately("failed", payload, [message])

    def _privately(self, what: str, payload: MessagePayload, messages: Sequence[Message]) -> None:
        key = ":".join(filter(None, [what, payload.channel, payload.ts, payload.edited]))
        for at, message in enumerate(messages):
            part = _part(key, at)
            self._outbox.post_privately(part, payload.channel, payload.user, *message, payload.thread)


def error_of(error: Exception) -> str:
    """Slack's own name for why it refused; empty where it was not Slack."""
    return str(error.response.get("error") or "") if isinstance(error, SlackApiError) else ""


def _key(asked: Question) -> str:
    """Under what the answer to a message stands in Slack."""
    return f"answer:{asked.channel}:{asked.message}"


def _part(key: str, at: int) -> str:
    """The key of the first message of an answer, or of one that goes on with it."""
    return f"{key}:{at + 1}"[:200] if at else key[:200]


def _wants_help(payload: MessagePayload) -> bool:
    words = payload.text
    return words.casefold().strip(" ?!.") in HELP_WORDS or greets(words)


def _is_channel(channel: str) -> bool:
    return channel.startswith(("C", "G"))
