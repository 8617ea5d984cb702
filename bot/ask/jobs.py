"""What happens to a kept question: it is answered from what its readers may read, and the answer is posted once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from slack_sdk.errors import SlackApiError

from bot import kit
from bot.ask import blocks
from bot.ask.model import Asked, Given, documents, greets, thanks
from bot.ask.service import AskService
from bot.errors import Refusal
from bot.failures import record_failure
from bot.kit import Block
from bot.live_trust import settled
from bot.outbox import Outbox
from bot.people import MembershipUnknown, People
from bot.streams import Streams
from bot.trust import CurrentTrust
from knowledge.answer import lines
from knowledge.written.writer import Heard

Payload = dict[str, str]
Message = tuple[str, list[Block]]

MENTION, DIRECT, COMMAND, ABOUT, SHARE = "ask.mention", "ask.direct", "ask.command", "ask.about", "ask.share"
WORKING = "is looking in the documents…"
HELP_WORDS = frozenset({"", "help"})
TRIES = 3
NOT_THERE = frozenset({"not_in_channel", "channel_not_found"})
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
        self._trust = trust

    def handlers(self) -> Mapping[str, Callable[[str, Payload], None]]:
        """Who handles which kind of kept event."""
        asked = {MENTION: self.mention, DIRECT: self.direct, COMMAND: self.command, ABOUT: self.about}
        return {**{kind: self._discreetly(handler) for kind, handler in asked.items()}, SHARE: self.share}

    def mention(self, event: str, payload: Payload) -> None:
        """Answer in the thread what all of the channel may read, and the asker alone where he may read more."""
        channel, user, thread = payload["channel"], payload["user"], payload["thread"]
        if _wants_help(payload):
            self._privately("help", payload, self._guidance())
            return
        if thanks(payload["text"]):
            self._outbox.post(f"answer:{channel}:{payload['ts']}", channel, *blocks.welcome(), thread)
            return
        self._outbox.working(channel, thread, WORKING)
        asked = Asked(event, user, channel, thread, payload["text"], alone=False)
        try:
            shown, private = settled(self._trust, lambda: self._for_channel(asked))
        except MembershipUnknown:
            alone = Asked(event, user, channel, thread, payload["text"], alone=True)
            given = self._own(alone)
            self._privately("private", payload, blocks.answer(given, blocks.UNSURE_WHO, share=True))
            self._outbox.working(channel, thread, "")
            return
        text, message = blocks.answer(shown)
        self._outbox.post(f"answer:{channel}:{payload['ts']}", channel, text, message, thread)
        if private is not None:
            self._privately("private", payload, blocks.answer(private, blocks.PRIVATE, share=True))

    def direct(self, event: str, payload: Payload) -> None:
        """Answer a direct message from what its writer may read."""
        channel, thread = payload["channel"], payload["thread"]
        key = f"answer:{channel}:{payload['ts']}"
        if _wants_help(payload):
            self._outbox.post(key, channel, *self._guidance(), thread)
            return
        if thanks(payload["text"]):
            self._outbox.post(key, channel, *blocks.welcome(), thread)
            return
        self._outbox.working(channel, thread, WORKING)
        asked = Asked(event, payload["user"], channel, thread, payload["text"], alone=True)
        stream = self._streams.begin(key, channel, thread)
        given = self._own(asked, stream.say)
        stream.finish(*blocks.answer(given), lines(given.answer), blocks.ending(given))

    def command(self, event: str, payload: Payload) -> None:
        """Answer `/trust ask` to its sender alone."""
        asked = Asked(event, payload["user"], payload["channel"], None, payload["text"], alone=True)
        given = self._own(asked)
        message = blocks.answer(given, share=_is_channel(payload["channel"]))
        self._outbox.respond(f"answer:{event}", payload["response_url"], *message)

    def about(self, event: str, payload: Payload) -> None:
        """Answer a question about a message, in the direct conversation with whoever asked."""
        user, channel = payload["user"], payload["channel"]
        asked = Asked(event, user, channel, payload["thread"], payload["text"], alone=True)
        given = self._own(asked)
        text, message = blocks.answer(given, share=_is_channel(channel))
        lead = kit.section(f"You asked, about a message in <#{channel}>:") if _is_channel(channel) else None
        question = kit.quote(given.asked.question)
        whole = kit.fit([*([lead] if lead else []), *question, *message])
        self._outbox.post(f"answer:{event}", self._outbox.direct(user), text, whole)

    def share(self, event: str, payload: Payload) -> None:
        """Post an answer to the channel where it was asked, in its asker's name."""
        user = payload["user"]
        given = self._service.to_share(payload["answer"], user, self._people.reader(user))
        channel = given.asked.channel
        try:
            members = self._people.channel(channel).members
        except MembershipUnknown as error:
            raise Refusal(UNKNOWN) from error
        if user not in {member.id for member in members}:
            raise Refusal(LEFT)
        try:
            self._outbox.post(f"share:{given.id}", channel, *blocks.shared(given), given.asked.thread)
            self._service.note(user, "share", documents(given.answer), channel)
        except SlackApiError as error:
            if error.response.get("error") in NOT_THERE:
                raise Refusal(INVITE) from error
            raise

    def failed(self, kind: str, payload: Payload, error: Exception) -> None:
        """Tell the person that this failed, where he asked, and what to do."""
        sentence = str(error) if isinstance(error, Refusal) else FAILED.format(reference=record_failure(error))
        message = kit.fallback(sentence), [kit.section(kit.escape(sentence))]
        if kind == MENTION:
            self._outbox.working(payload["channel"], payload["thread"], "")
            self._privately("failed", payload, message)
        elif kind == COMMAND:
            self._outbox.respond(f"failed:{payload['response_url']}"[:200], payload["response_url"], *message)
        elif kind == DIRECT:
            self._outbox.post(
                f"failed:{payload['channel']}:{payload['ts']}", payload["channel"], *message, payload["thread"]
            )
        else:
            self._outbox.post(f"failed:{payload['view']}", self._outbox.direct(payload["user"]), *message)

    def _own(self, asked: Asked, heard: Heard | None = None) -> Given:
        """The answer for the asker alone, by the trust file as it is when the answer is ready."""
        return settled(self._trust, lambda: self._service.answer(asked, self._people.reader(asked.asker), heard))

    def _for_channel(self, asked: Asked) -> tuple[Given, Given | None]:
        """Both answers, for the channel's members as they are when the answer is ready."""
        own = self._people.reader(asked.asker)
        for _ in range(TRIES):
            together = self._people.channel(asked.channel).reader
            given = self._service.answer_in_channel(asked, own, together)
            if self._people.channel(asked.channel).reader == together:
                return given
        raise MembershipUnknown(asked.channel)

    def _discreetly(self, handler: Callable[[str, Payload], None]) -> Callable[[str, Payload], None]:
        """The same, and the asker is told where a likely pupil's name was taken out of the question."""

        def handle(event: str, payload: Payload) -> None:
            handler(event, payload)
            if payload.get("masked"):
                text, message = blocks.masked()
                self._outbox.post(f"masked:{event}"[:200], self._outbox.direct(payload["user"]), text, message)

        return handle

    def _privately(self, what: str, payload: Payload, message: Message) -> None:
        key = f"{what}:{payload['channel']}:{payload['ts']}"
        self._outbox.post_privately(key, payload["channel"], payload["user"], *message, payload["thread"])


def _wants_help(payload: Payload) -> bool:
    words = payload["text"]
    return words.casefold().strip(" ?!.") in HELP_WORDS or greets(words)


def _is_channel(channel: str) -> bool:
    return channel.startswith(("C", "G"))
