"""`/trust privacy` and `/trust mydata`, and the jobs behind them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.privacy import blocks
from bot.privacy.audit import Audit
from bot.privacy.facts import Facts
from bot.privacy.mydata import MyData
from bot.runtime.failures import sentence_of
from bot.runtime.inbox import Handler, Inbox, Payload
from bot.runtime.payload import JobPayload, job
from bot.slack import block_kit as kit
from bot.slack.messages.outbox import Outbox
from bot.slack.modals import show
from bot.slack.payloads import Interaction, SlashCommand, View
from bot.slack.people.people import People

TAKE_AWAY, FORGET = "privacy.export", "privacy.delete"
FILE = "trustbot-my-data.json"
PREPARING = "Your data is being put together. It comes to you as a file in the Messages tab."
FAILED = "That did not work, and nothing was changed. Give the reference {reference} to whoever runs Trustbot."


class PrivacyPayload(JobPayload):
    """Who wants their data, kept under this `event`."""

    event: str


class PrivacyListeners:
    """Listeners and jobs of the privacy room."""

    def __init__(
        self,
        facts: Callable[[], Facts],
        mydata: MyData,
        audit: Audit,
        people: People,
        inbox: Inbox,
        outbox: Outbox,
        client: WebClient,
    ) -> None:
        self._facts = facts
        self._mydata = mydata
        self._audit = audit
        self._people = people
        self._inbox = inbox
        self._outbox = outbox
        self._client = client

    def register(self, app: App) -> None:
        """Tell Bolt who listens to what."""
        app.action(blocks.EXPORT)(self.export)
        app.action(blocks.DELETE)(self.ask_first)
        app.view(blocks.DELETE_VIEW)(self.delete)

    def privacy(self, command: SlashCommand, rest: str, ack: Ack) -> None:
        """`/trust privacy`"""
        text, message = blocks.privacy(self._facts())
        ack(text=text, blocks=message, response_type="ephemeral")

    def mydata(self, command: SlashCommand, rest: str, ack: Ack) -> None:
        """`/trust mydata`"""
        ack()
        show(self._client, command, lambda: blocks.mydata(self._mydata.counts(command.user_id)))

    def export(self, ack: Ack, body: Interaction, client: WebClient) -> None:
        """“Export my data”."""
        self._take(f"export:{body.trigger_id}", TAKE_AWAY, body.user.id, ack)
        client.views_update(view_id=body.modal.id, view=kit.modal("Your data", [kit.section(PREPARING)]))

    def ask_first(self, ack: Ack, body: Interaction, client: WebClient) -> None:
        """“Delete my data…”: nothing is deleted yet."""
        ack()
        show(client, body, lambda: blocks.confirm(self._mydata.counts(body.user.id)))

    def delete(self, ack: Ack, body: Interaction, view: View) -> None:
        """“Delete”."""
        self._take(f"view:{view.id}", FORGET, body.user.id, ack, response_action="clear")

    def handlers(self) -> Mapping[str, Handler]:
        """Who handles which kind of kept event. Each may run twice, after a crash."""
        return {TAKE_AWAY: job(PrivacyPayload, self.take_away), FORGET: job(PrivacyPayload, self.forget)}

    def take_away(self, event: str, payload: PrivacyPayload) -> None:
        """Send the person a file with all that is kept of him."""
        user = payload.user
        member = self._people.member(user)
        found = self._mydata.export(user, member.person, member.reader)
        content = json.dumps(found, ensure_ascii=False, indent=2).encode()
        self._outbox.upload(f"mydata:{event}"[:200], self._outbox.direct(user), FILE, content, "Your data in Trustbot")
        self._audit.seen(user, "mydata", "", ())

    def forget(self, event: str, payload: PrivacyPayload) -> None:
        """Delete what is the person's own, and say so."""
        user = payload.user
        self._mydata.delete(user)
        self._audit.seen(user, "deleted", "", ())
        self._outbox.post(f"deleted:{event}"[:200], self._outbox.direct(user), *blocks.deleted())

    def failed(self, kind: str, payload: Payload, error: Exception) -> None:
        """Tell the person that it failed, or why it is not done."""
        sentence = sentence_of(error, FAILED)
        message = kit.fallback(sentence), [kit.section(kit.escape(sentence))]
        sent = PrivacyPayload.read(payload)
        self._outbox.post(f"failed:{sent.event}"[:200], self._outbox.direct(sent.user), *message)

    def _take(self, event: str, kind: str, user: str, ack: Ack, **answer: Any) -> None:
        self._inbox.keep(event, kind, PrivacyPayload(user=user, event=event))
        ack(**answer)
        self._inbox.start(event)
