"""`/trust standard`, "Make standard answer" in an answer's menu, and the reminder on the review date."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.ask.service import AskService
from bot.config.trust import Person
from bot.errors import Refusal
from bot.slack import block_kit as kit
from bot.slack.forms import picked, typed
from bot.slack.messages.outbox import Outbox
from bot.slack.modals import show
from bot.slack.payloads import Interaction, Press, Shortcut, SlashCommand, View
from bot.slack.people.people import People
from bot.standard import blocks
from bot.standard.model import Standard
from bot.standard.payloads import StandardForm
from bot.standard.service import YEAR, StandardService
from knowledge.passages import Citation

OPENS, CLOSES = time(8, 0), time(17, 30)
NO_ANSWER = "Choose “Make standard answer” in the menu of one of Trustbot's answers."


class StandardListeners:
    """Listeners of the room of standard answers."""

    def __init__(
        self,
        service: StandardService,
        asking: AskService,
        people: People,
        outbox: Outbox,
        client: WebClient,
        now: Callable[[], datetime],
    ) -> None:
        self._service = service
        self._asking = asking
        self._people = people
        self._outbox = outbox
        self._client = client
        self._now = now

    def register(self, app: App) -> None:
        """Tell Bolt who listens to what."""
        app.shortcut(blocks.MAKE)(self.make)
        app.action(blocks.NEW)(self.new)
        app.action(blocks.EDIT)(self.edit)
        app.action(blocks.RETIRE)(self.retire)
        app.view(blocks.FORM)(self.approve)

    def command(self, command: SlashCommand, rest: str, ack: Ack) -> None:
        """`/trust standard`"""
        ack()
        show(self._client, command, lambda: self._listing(command.user_id))

    def make(self, ack: Ack, shortcut: Shortcut, client: WebClient) -> None:
        """The menu of a message: an answer becomes the draft of a standard answer."""
        ack()
        show(client, shortcut, lambda: self._draft(shortcut))

    def _draft(self, shortcut: Shortcut) -> kit.Block:
        user = shortcut.user.id
        self._service.approver(self._person(user))
        key = answer_in(shortcut.message.blocks)
        if key is None:
            raise Refusal(NO_ANSWER)
        stored, listed = self._asking.sources(key, self._people.reader(user))
        if len(listed) < len(stored.answer.citations):
            raise Refusal("Some of what this answer quotes is not open to you, so you cannot approve it.")
        question, text = self._service.draft_from(stored.question.text, stored.answer)
        held = StandardForm(answer=stored.id)
        return self._form(
            user, held, stored.answer.citations, question=question, text=kit.shorten(text, 2900),
            audience=self._service.audience_of(stored.answer.citations),
        )  # fmt: skip

    def new(self, ack: Ack, body: Interaction, client: WebClient) -> None:
        """“New standard answer”."""
        ack()
        # Who may not approve is refused by the form.
        show(client, body, lambda: self._form(body.user.id, StandardForm(), ()))

    def edit(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Edit”."""
        ack()
        show(client, body, lambda: self._edited(body.user.id, action.value))

    def _edited(self, user: str, ident: str) -> kit.Block:
        self._service.approver(self._person(user))
        found = self._service.find(ident, self._people.reader(user))
        held = StandardForm(id=found.id, revision=found.revision)
        return self._form(
            user, held, found.citations, question=found.question, text=found.text, audience=found.audience.name,
            owner=found.owner, also="\n".join(found.also),
        )  # fmt: skip

    def retire(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Retire”."""
        ack()
        user = body.user.id
        self._service.retire(self._administrator(user), self._people.reader(user), action.value)
        client.views_update(view_id=body.modal.id, view=self._listing(user))

    def approve(self, ack: Ack, body: Interaction, view: View) -> None:
        """“Approve”: the form is answered in its own place."""
        user = body.user.id
        reader = self._people.reader(user)
        held = StandardForm.read_json(view.private_metadata or "{}")
        try:
            by = self._administrator(user)
            citations: tuple[Citation, ...] = ()
            if held.answer:
                _, listed = self._asking.sources(held.answer, reader)
                citations = tuple(each.citation for each in listed)
            elif held.id:
                citations = self._service.find(held.id, reader).citations
            done = self._service.approve(
                by, reader, typed(view, blocks.QUESTION), typed(view, blocks.TEXT), picked(view, blocks.AUDIENCE),
                date.fromisoformat(picked(view, blocks.REVIEW)), owner=picked(view, blocks.OWNER) or None,
                also=typed(view, blocks.ALSO).splitlines(), citations=citations, replaces=held.id,
                revision=held.revision, key=view.id[:24],
            )  # fmt: skip
        except Refusal as refusal:
            ack(response_action="update", view=kit.modal("Trustbot", [kit.section(kit.escape(str(refusal)))]))
            return
        ack(response_action="update", view=blocks.approved(done))

    def tick(self) -> None:
        """Remind the owner of each standard answer once, on its review date, in the working day."""
        now = self._now()
        if not self._service.trust.calendar(None).is_school_day(now.date()) or not OPENS <= now.time() <= CLOSES:
            return
        for standard in self._service.due():
            self._remind(standard)

    def _remind(self, standard: Standard) -> None:
        owner = self._service.trust.person(standard.owner)
        user = self._people.account(owner) if owner else None
        if user is None:
            return
        key = f"standard:{standard.id}:{standard.review.isoformat()}"
        since = datetime.combine(standard.review, time(), self._service.trust.zone)
        self._outbox.post(key, self._outbox.direct(user), *blocks.reminder(standard), since=since)

    def _person(self, user: str) -> Person | None:
        return self._people.member(user).person

    def _administrator(self, user: str) -> Person:
        return self._service.approver(self._person(user))

    def _listing(self, user: str) -> kit.Block:
        person = self._person(user)
        found = self._service.listed(self._people.reader(user))
        return blocks.listing(found, self._now().date(), may_change=self._service.may_approve(person))

    def _form(self, user: str, held: StandardForm, citations: tuple[Citation, ...], **known: str) -> kit.Block:
        person = self._administrator(user)
        owners = [
            (each.id, each.name) for each in self._service.trust.people if set(each.roles) - {"staff"} or each == person
        ]
        own = known.get("owner") or person.id
        owners.sort(key=lambda each: (each[0] != own, each[1]))
        audiences = list(self._service.trust.audiences)
        if (wanted := known.get("audience")) and wanted not in audiences:
            audiences.insert(0, wanted)
        return blocks.form(
            audiences, owners, self._now().date() + YEAR, question=known.get("question", ""),
            text=known.get("text", ""), audience=known.get("audience", "everyone"), owner=own,
            also=known.get("also", ""), held=held, sources=[citation.document.title for citation in citations],
        )  # fmt: skip


def answer_in(message: Sequence[Mapping[str, Any]]) -> str | None:
    """The id of the answer that a message shows, out of its own buttons."""
    for block in message:
        for element in block.get("elements") or ():
            value = (element.get("positive_button") or {}).get("value") or "" if isinstance(element, dict) else ""
            if value.startswith("up:"):
                return str(value.removeprefix("up:"))
    return None
