"""`/trust`, App Home, membership as it changes, failures in public, and an acknowledgement for all the rest."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPException
from typing import Any

from slack_bolt import Ack, App, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import kit
from bot.ask.service import AskService
from bot.errors import Refusal
from bot.failures import record_failure
from bot.home import blocks
from bot.people import People

Body = Mapping[str, Any]
Next = Callable[[], BoltResponse]
Word = Callable[[Body, str, Ack], None]
ANYTHING = re.compile(".*", re.DOTALL)
COMMAND = "/trust"
CAME_OR_WENT = ("member_joined_channel", "member_left_channel", "channel_left", "group_left")
LOOKS = 0.05
FAILED = (
    "Something went wrong on Trustbot's side. Try again in a few minutes. If it happens again, give the reference "
    "{reference} to whoever runs Trustbot."
)
TOO_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "trigger_exchanged"})
SLOW = "That took too long for Slack to open it. Press it once more."


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

    def register(self, app: App) -> None:
        """Tell Bolt who listens to what."""
        app.command(COMMAND)(self.command)
        app.event("app_home_opened")(self.opened)
        # Before the acknowledgement, so that whatever Slack sends next finds it done.
        for event in CAME_OR_WENT:
            app.event(event, middleware=[self.channel_changed])(acknowledge)
        app.event("user_change", middleware=[self.person_changed])(acknowledge)
        app.error(self.failed)

    def register_rest(self, app: App) -> None:
        """Acknowledge whatever nobody else listens to, or Slack sends it again: after all other listeners."""
        app.event(ANYTHING)(acknowledge)
        app.action(ANYTHING)(acknowledge)
        app.view(ANYTHING)(acknowledge)
        app.view_closed(ANYTHING)(acknowledge)
        app.shortcut(ANYTHING)(acknowledge)
        app.options(ANYTHING)(acknowledge)
        app.command(ANYTHING)(self.command)

    def command(self, command: Body, ack: Ack) -> None:
        """`/trust WORD …`; help for a word that is not known."""
        word, _, rest = (command.get("text") or "").strip().partition(" ")
        alone = self._alone.get(word.casefold())
        handler = alone or self._words.get(word.casefold())
        if handler is None or (alone is None and not rest.strip()):
            text, message = blocks.guidance(self._model)
            ack(text=text, blocks=message, response_type="ephemeral")
            return
        try:
            handler(command, rest.strip(), ack)
        except Refusal as refusal:
            ack(text=kit.fallback(str(refusal)), response_type="ephemeral")

    def opened(self, event: Body, client: WebClient) -> None:
        """App Home, or the Messages tab with its suggestions."""
        if event.get("tab") == "home":
            self.publish(event["user"])
        elif event.get("tab") == "messages":
            prompts = [{"title": title, "message": message} for title, message in blocks.PROMPTS]
            # Bolt's own helper sends a thread_ts, with which Slack drops the prompts without a word.
            arguments = {"channel_id": event["channel"], "title": blocks.PROMPTS_TITLE, "prompts": prompts}
            client.api_call("assistant.threads.setSuggestedPrompts", json=arguments)

    def publish(self, user: str) -> None:
        """Draw somebody's App Home."""
        view = blocks.home(self._asking.recent(user), self._mine(user), self._model)
        self._client.views_publish(user_id=user, view=view)

    def channel_changed(self, event: Body, next: Next) -> BoltResponse:  # noqa: A002
        """Somebody came or went, or the channel is another now."""
        channel = event.get("channel")
        self._people.forget_channel(str(channel["id"] if isinstance(channel, dict) else channel))
        return next()

    def person_changed(self, event: Body, next: Next) -> BoltResponse:  # noqa: A002
        """Somebody is a guest now, or has left, or has another address."""
        self._people.forget_person(str(event["user"]["id"]))
        return next()

    def failed(self, error: Exception, body: Body, client: WebClient) -> None:
        """Tell whoever pressed or typed something that it failed; the log has where, under the reference.

        An event that could not be kept stays unacknowledged, so that Slack sends it again.
        """
        # Bolt forgets an acknowledgement when the listener fails before Bolt has looked, which it does every 10 ms.
        time.sleep(LOOKS)
        try:
            _tell(client, body, _sentence(error))
        except (SlackClientError, OSError, HTTPException) as second:
            record_failure(second)


def acknowledge(ack: Ack) -> None:
    """Nothing but the acknowledgement."""
    ack()


def _sentence(error: Exception) -> str:
    if isinstance(error, Refusal):
        return str(error)
    reference = record_failure(error)
    if isinstance(error, SlackApiError) and error.response.get("error") in TOO_LATE:
        return SLOW
    return FAILED.format(reference=reference)


def _tell(client: WebClient, body: Body, sentence: str) -> None:
    if body.get("trigger_id") and body.get("type") in ("block_actions", "message_action", "shortcut"):
        show = client.views_push if (body.get("view") or {}).get("type") == "modal" else client.views_open
        try:
            show(trigger_id=body["trigger_id"], view=blocks.sorry(sentence))
            return
        except SlackApiError as late:
            if late.response.get("error") not in TOO_LATE:
                raise
    user = (body.get("user") or {}).get("id") or body.get("user_id")
    if user:
        channel = client.conversations_open(users=user)["channel"]["id"]
        client.chat_postMessage(channel=channel, text=kit.fallback(sentence), unfurl_links=False)
