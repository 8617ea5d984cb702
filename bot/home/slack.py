"""`/trust`, App Home, membership as it changes, failures in public, and an acknowledgement for all the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPException
from typing import Any

from slack_bolt import Ack, BoltContext, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.ask import model
from bot.ask.service import AskService
from bot.errors import Refusal
from bot.home import blocks
from bot.runtime.failures import record_failure
from bot.slack import block_kit as kit
from bot.slack.acknowledging import AcknowledgingApp
from bot.slack.modals import TOO_LATE, sentence, sorry
from bot.slack.payloads import ChannelEvent, Failed, HomeEvent, PersonEvent, SlashCommand
from bot.slack.people.people import People

Heard = Mapping[str, Any]
Next = Callable[[], BoltResponse]
Word = Callable[[SlashCommand, str, Ack], None]
ANYTHING = re.compile(".*", re.DOTALL)
COMMAND = "/trust"
ASK, HELP = "ask", "help"
CAME_OR_WENT = ("member_joined_channel", "member_left_channel", "channel_left", "group_left")
ARE_OTHERS = ("user_change", "team_join")


class HomeListeners:
    """Listeners that belong to no single room. `words` says who handles which word after `/trust`; those of `alone`
    need nothing after them. `mine` are the other rooms' parts of somebody's App Home;
    `model` is the language model that writes answers, if any does."""

    def __init__(
        self,
        people: People,
        asking: AskService,
        words: Mapping[str, Word],
        alone: Mapping[str, Word],
        mine: Callable[[str], Sequence[kit.Block]],
        client: WebClient,
        model: str | None = None,
    ) -> None:
        self._model = model
        self._people = people
        self._asking = asking
        self._words = words
        self._alone = alone
        self._mine = mine
        self._client = client

    def register(self, app: AcknowledgingApp) -> None:
        """Tell Bolt who listens to what."""
        app.command(COMMAND)(self.command)
        app.event("app_home_opened")(self.opened)
        # Before the acknowledgement, so that whatever Slack sends next finds it done.
        for event in CAME_OR_WENT:
            app.event(event, middleware=[self.channel_changed])(acknowledge)
        for event in ARE_OTHERS:
            app.event(event, middleware=[self.person_changed])(acknowledge)
        app.on_failure(self.failed)

    def register_rest(self, app: AcknowledgingApp) -> None:
        """Acknowledge whatever nobody else listens to, or Slack sends it again: after all other listeners."""
        app.event(ANYTHING)(acknowledge)
        app.action(ANYTHING)(acknowledge)
        app.view(ANYTHING)(acknowledge)
        app.view_closed(ANYTHING)(acknowledge)
        app.shortcut(ANYTHING)(acknowledge)
        app.options(ANYTHING)(acknowledge)
        app.command(ANYTHING)(self.command)

    def command(self, command: SlashCommand, ack: Ack) -> None:
        """`/trust WORD …`; a question without a word before it is asked, and anything else is helped."""
        text = command.text.strip()
        word, _, rest = text.partition(" ")
        alone = self._alone.get(word.casefold())
        handler = alone or self._words.get(word.casefold())
        if handler is None and word.casefold().strip("?!.") != HELP and model.asks(model.question_in(text)):
            handler, rest = self._words.get(ASK), text
        # Somebody may write of a child before they think of the word that comes first.
        if word.casefold() != ASK and rest.strip() and self._asking.at_risk(model.question_in(text)):
            handler, alone, rest = self._words.get(ASK), None, text
        if handler is None or (alone is None and not rest.strip()):
            text, message = blocks.guidance(self._model)
            ack(text=text, blocks=message, response_type="ephemeral")
            return
        try:
            handler(command, rest.strip(), ack)
        except Refusal as refusal:
            ack(text=kit.fallback(str(refusal)), response_type="ephemeral")

    def opened(self, event: Heard, client: WebClient) -> None:
        """App Home, or the Messages tab with its suggestions."""
        opened = HomeEvent.read_or_none(event)
        if opened and opened.tab == "home":
            self.publish(opened.user)
        elif opened and opened.tab == "messages":
            prompts = [{"title": title, "message": message} for title, message in blocks.PROMPTS]
            # Bolt's own helper sends a thread_ts, with which Slack drops the prompts without a word.
            arguments = {"channel_id": opened.channel, "title": blocks.PROMPTS_TITLE, "prompts": prompts}
            client.api_call("assistant.threads.setSuggestedPrompts", json=arguments)

    def publish(self, user: str) -> None:
        """Draw somebody's App Home."""
        view = blocks.home(self._asking.recent(user), self._mine(user), self._model)
        self._client.views_publish(user_id=user, view=view)

    def channel_changed(self, event: Heard, context: BoltContext, next: Next) -> BoltResponse:  # noqa: A002
        """Somebody came or went, or the channel is another now."""
        changed = ChannelEvent.read_or_none(event)
        if changed and changed.type == "member_joined_channel" and changed.user != context.bot_user_id:
            self._people.joined(changed.where, changed.user)
        elif changed:
            self._people.forget_channel(changed.where)
        return next()

    def person_changed(self, event: Heard, next: Next) -> BoltResponse:  # noqa: A002
        """Somebody is new, or a guest now, or has left, or has another address."""
        if changed := PersonEvent.read_or_none(event):
            self._people.person_heard(changed.user)
        return next()

    def failed(self, error: Exception, body: Heard, client: WebClient) -> None:
        """Tell whoever pressed or typed something that it failed; the log has where, under the reference.

        An event that could not be kept stays unacknowledged, so that Slack sends it again.
        """
        words = sentence(error)
        try:
            if failed := Failed.read_or_none(body):
                _tell(client, failed, words)
        except (SlackClientError, OSError, HTTPException) as second:
            record_failure(second)


def acknowledge(ack: Ack) -> None:
    """Nothing but the acknowledgement."""
    ack()


def _tell(client: WebClient, failed: Failed, words: str) -> None:
    if failed.trigger_id and failed.type in ("block_actions", "message_action", "shortcut"):
        show = client.views_push if failed.view and failed.view.type == "modal" else client.views_open
        try:
            show(trigger_id=failed.trigger_id, view=sorry(words))
            return
        except SlackApiError as late:
            if late.response.get("error") not in TOO_LATE:
                raise
    user = failed.user.id if failed.user else failed.user_id
    if user:
        channel = client.conversations_open(users=user)["channel"]["id"]
        client.chat_postMessage(channel=channel, text=kit.fallback(words), unfurl_links=False)
