"""`/trust insights`, for the trust's administrators and executive leaders, to the asker alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from slack_bolt import Ack

from bot.errors import Refusal
from bot.insights import blocks
from bot.insights.service import InsightService
from bot.runtime.failures import sentence_of
from bot.runtime.inbox import Handler, Inbox, Payload
from bot.runtime.payload import JobPayload, job
from bot.slack import block_kit as kit
from bot.slack.messages.outbox import Outbox
from bot.slack.payloads import SlashCommand
from bot.slack.people.people import People

TELL = "insights.tell"
ROLES = frozenset({"administrator", "chief-executive", "executive"})
NOT_YOURS = "Insights are for the trust's administrators, its chief executive and its executive team."
WORKING = "Trustbot is looking through the questions and the documents. This takes some seconds."
FAILED = "The insights could not be worked out. Give the reference {reference} to whoever runs Trustbot."


class InsightPayload(JobPayload):
    """Who wants the insights, and where they are answered."""

    response_url: str


class InsightListeners:
    """The word after `/trust`, and the job that answers it."""

    def __init__(self, service: InsightService, people: People, inbox: Inbox, outbox: Outbox,
                 seen: Callable[[str, str], None]) -> None:  # fmt: skip
        self._service = service
        self._people = people
        self._inbox = inbox
        self._outbox = outbox
        self._seen = seen

    def command(self, command: SlashCommand, rest: str, ack: Ack) -> None:
        """`/trust insights`"""
        self._check(command.user_id)
        event = f"command:{command.trigger_id}"
        self._inbox.keep(event, TELL, InsightPayload(user=command.user_id, response_url=command.response_url))
        ack(text=WORKING, response_type="ephemeral")
        self._inbox.start(event)

    def handlers(self) -> Mapping[str, Handler]:
        """Who handles which kind of kept event."""
        return {TELL: job(InsightPayload, self.tell)}

    def tell(self, event: str, payload: InsightPayload) -> None:
        """Work it out for what this person may read, and tell him alone."""
        self._check(payload.user)
        found = self._service.insights(self._people.reader(payload.user))
        self._seen(payload.user, "insights")
        self._outbox.respond(f"insights:{event}"[:200], payload.response_url, *blocks.insights(found))

    def failed(self, kind: str, payload: Payload, error: Exception) -> None:
        """Tell the person that it failed."""
        sentence = sentence_of(error, FAILED)
        message = kit.fallback(sentence), [kit.section(kit.escape(sentence))]
        url = InsightPayload.read(payload).response_url
        self._outbox.respond(f"failed:{url}"[:200], url, *message)

    def _check(self, user: str) -> None:
        person = self._people.member(user).person
        if person is None or not ROLES & set(person.roles):
            raise Refusal(NOT_YOURS)
