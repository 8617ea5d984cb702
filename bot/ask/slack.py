"""What the ask room hears from Slack: keep it, acknowledge it, begin; or open what was pressed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from slack_bolt import Ack, App, BoltContext, BoltResponse
from slack_sdk import WebClient

from bot.ask import blocks, jobs, model
from bot.ask.model import Verdict, as_typed
from bot.ask.payloads import AboutForm, AboutPayload, CommandPayload, MessagePayload, QuestionPayload, SharePayload
from bot.ask.service import AskService
from bot.errors import Refusal
from bot.runtime.inbox import Inbox
from bot.runtime.payload import JobPayload
from bot.slack import block_kit as kit
from bot.slack.forms import typed
from bot.slack.modals import show
from bot.slack.mrkdwn import words_of
from bot.slack.payloads import (
    EventEnvelope,
    Interaction,
    MessageEvent,
    PostedMessage,
    Press,
    Shortcut,
    SlashCommand,
    View,
)
from bot.slack.people.people import MembershipUnknown, People

Heard = Mapping[str, Any]
Next = Callable[[], BoltResponse]
Asking = TypeVar("Asking", bound=QuestionPayload)
QUESTION_SUBTYPES = frozenset({None, "thread_broadcast", "file_share"})


class AskListeners:
    """Listeners of the ask room. An event is kept before it is acknowledged, so that no crash can lose it."""

    def __init__(
        self, inbox: Inbox, service: AskService, people: People, mask: Callable[[str], tuple[str, int]] = as_typed
    ) -> None:
        self._inbox = inbox
        self._service = service
        self._people = people
        self._mask = mask

    def register(self, app: App) -> None:
        """Tell Bolt who listens to what."""
        app.event("app_mention", middleware=[self.keep_mention])(self.begin)
        app.event("message", middleware=[self.keep_message])(self.begin)
        app.shortcut(blocks.ABOUT)(self.open_about)
        app.view(blocks.ABOUT_VIEW)(self.about)
        app.action(blocks.SOURCES)(self.open_sources)
        app.action(blocks.PASSAGE)(self.open_passage)
        app.action(blocks.SHARE)(self.open_share)
        app.view(blocks.SHARE_VIEW)(self.share)
        app.action(blocks.FEEDBACK)(self.judge)
        app.view(blocks.MISSING_VIEW)(self.missing)

    def keep_mention(self, body: Heard, event: Heard, context: BoltContext, next: Next) -> BoltResponse:  # noqa: A002
        """Keep a mention; what is written to Trustbot directly comes as a message."""
        message = MessageEvent.read_or_none(event)
        if message and self._asked_by_a_person(message, context.bot_user_id) and not message.channel.startswith("D"):
            self._keep(jobs.MENTION, body, message, message.channel, context)
        return next()

    def keep_message(self, body: Heard, event: Heard, context: BoltContext, next: Next) -> BoltResponse:  # noqa: A002
        """Keep a direct message, and a question in a thread that goes on here; nothing else that is said."""
        heard = MessageEvent.read_or_none(event)
        message = _changed(heard) if heard and heard.subtype == "message_changed" else heard
        if heard and message and self._asked_by_a_person(message, context.bot_user_id):
            if heard.channel_type == "im":
                self._keep(jobs.DIRECT, body, message, heard.channel, context)
            elif self._goes_on(message, heard.channel, context.bot_user_id):
                self._keep(jobs.MENTION, body, message, heard.channel, context)
        return next()

    def begin(self, context: BoltContext) -> None:
        """Begin with what was kept, now that it is acknowledged."""
        if kept := context.get("kept"):
            self._inbox.start(kept)

    def command(self, command: SlashCommand, question: str, ack: Ack) -> None:
        """`/trust ask …`"""
        payload = CommandPayload(
            user=command.user_id,
            channel=command.channel_id,
            text=model.question_in(question),
            response_url=command.response_url,
        )
        self._take(f"command:{command.trigger_id}", jobs.COMMAND, self._masked(payload), ack)

    def open_about(self, ack: Ack, shortcut: Shortcut, client: WebClient, context: BoltContext) -> None:
        """The shortcut on a message: show its words as a question to edit."""
        ack()
        message = shortcut.message
        where = AboutForm(channel=shortcut.channel.id, thread=message.thread_ts or message.ts)
        question = model.question_in(words_of(message.model_dump(mode="json")), context.bot_user_id)
        client.views_open(trigger_id=shortcut.trigger_id, view=blocks.about(question, where.model_dump_json()))

    def about(self, ack: Ack, body: Interaction, view: View) -> None:
        """The question of the shortcut's modal."""
        question = model.question_in(typed(view, blocks.QUESTION_FIELD))
        if not question:
            ack(response_action="errors", errors={blocks.QUESTION_FIELD: "Write a question first."})
            return
        where = AboutForm.read_json(view.private_metadata)
        payload = AboutPayload(
            user=body.user.id, channel=where.channel, thread=where.thread, text=question, view=view.id
        )
        self._take(f"view:{view.id}", jobs.ABOUT, self._masked(payload), ack)

    def open_sources(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Show sources”."""
        ack()
        user = body.user.id

        def sources() -> kit.Block:
            stored, listed = self._service.sources(action.value, self._people.reader(user))
            self._service.note(user, "sources", [source.citation.document for source in listed])
            return blocks.sources(stored, listed)

        show(client, body, sources)

    def open_passage(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Show in page”, on a message or among the sources."""
        ack()
        answer_id, _, number = action.value.partition(":")
        user = body.user.id

        def passage() -> kit.Block:
            source = self._service.source(answer_id, int(number), self._people.reader(user))
            self._service.note(user, "page", [source.citation.document])
            return blocks.passage(source)

        show(client, body, passage)

    def open_share(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Share in channel”: say first who would see it."""
        ack()
        user = body.user.id

        def question() -> kit.Block:
            stored = self._service.to_share(action.value, user, self._people.reader(user))
            try:
                channel = self._people.channel(stored.question.channel)
            except MembershipUnknown as error:
                raise Refusal(jobs.INVITE if error.absent else jobs.UNKNOWN) from error
            without = channel.without_access(document.audience for document in model.documents(stored.answer))
            return blocks.confirm_share(stored, channel.public, len(channel.members), without)

        show(client, body, question)

    def share(self, ack: Ack, body: Interaction, view: View) -> None:
        """The person decided to share."""
        payload = SharePayload(user=body.user.id, answer=view.private_metadata, view=view.id)
        self._take(f"view:{view.id}", jobs.SHARE, payload, ack)

    def judge(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """Thumbs up or down; down asks what was missing."""
        ack()
        user = body.user.id
        verdict, _, answer_id = action.value.partition(":")

        def keep() -> None:
            self._service.judge(answer_id, user, self._people.reader(user), Verdict(verdict))

        def ask() -> kit.Block:
            keep()
            return blocks.missing(answer_id)

        if verdict == Verdict.DOWN:
            show(client, body, ask)
        else:
            keep()

    def missing(self, ack: Ack, body: Interaction, view: View) -> None:
        """What was missing."""
        user = body.user.id
        words = typed(view, blocks.MISSING_FIELD)
        ack()
        if words:
            told, _ = self._mask(words)
            self._service.judge(view.private_metadata, user, self._people.reader(user), Verdict.DOWN, told)

    def _goes_on(self, message: PostedMessage, channel: str, bot: str | None) -> bool:
        thread, text = message.thread_ts, message.text
        if not thread or f"<@{bot}" in text or model.addresses_another(text, bot):
            return False
        words = model.question_in(text, bot)
        # Looked up first: people talk to each other in other threads, and nothing there is Trustbot's to read.
        return self._service.owns(channel, thread) and (model.asks(words) or self._service.at_risk(words))

    def _asked_by_a_person(self, message: PostedMessage, bot: str | None) -> bool:
        if not message.user or message.user == bot or message.bot_id or message.subtype not in QUESTION_SUBTYPES:
            return False
        # A file that comes without a question is brought in, not asked about.
        text = message.text
        return not message.files or model.asks(text) or self._service.at_risk(model.question_in(text, bot))

    def _keep(self, kind: str, body: Heard, message: PostedMessage, channel: str, context: BoltContext) -> None:
        event = EventEnvelope.read(body).event_id
        payload = MessagePayload(
            user=message.user,
            channel=channel,
            ts=message.ts,
            thread=message.thread_ts or message.ts,
            text=model.question_in(message.text, context.bot_user_id),
            edited=message.edited.ts if message.edited else "",
        )
        self._inbox.keep(event, kind, self._masked(payload))
        context["kept"] = event

    def _take(self, event: str, kind: str, payload: JobPayload, ack: Ack) -> None:
        self._inbox.keep(event, kind, payload)
        ack()
        self._inbox.start(event)

    def _masked(self, payload: Asking) -> Asking:
        """The payload as it is kept: without likely pupils' names in the question, and with their number."""
        text, count = self._mask(payload.text)
        return payload.model_copy(update={"text": text, "masked": count}) if count else payload


def _changed(event: MessageEvent) -> PostedMessage | None:
    """The message as it is now, where its words were changed. Slack tells of a mention that was edited as of a
    mention."""
    now, before = event.message, event.previous_message
    # A link that unfolds changes the message, too.
    return now if now and now.edited and not (before and before.text == now.text) else None
