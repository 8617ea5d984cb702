"""The shortcut “Make this an action” on any message."""

from __future__ import annotations

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.errors import Refusal
from bot.meetings import blocks
from bot.meetings.actions import blocks as shown
from bot.meetings.notes import jobs as slack_jobs
from bot.meetings.payloads import MakeForm, OwnersPayload
from bot.meetings.room import Room
from bot.slack.block_kit import Block
from bot.slack.forms import in_form, picked, picked_day, ticked, typed
from bot.slack.modals import show
from bot.slack.mrkdwn import words_of, written
from bot.slack.payloads import Interaction, Shortcut, View

BOTH = "Give a day or words, not both."


class MakeListeners:
    """Listeners for the shortcut and its form."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def register(self, app: App) -> None:
        """Tell Bolt who listens to what."""
        app.shortcut(shown.MAKE)(self.open)
        app.view(shown.MAKE_VIEW)(in_form(self.make))

    def open(self, ack: Ack, shortcut: Shortcut, client: WebClient, context: BoltContext) -> None:
        """Show the message's words as a task to edit."""
        ack()
        show(client, shortcut, lambda: self._form(shortcut, context.bot_user_id))

    def _form(self, shortcut: Shortcut, bot: str | None) -> Block:
        message, channel = shortcut.message, shortcut.channel.id
        by = self._room.person(shortcut.user.id)
        person = self._room.service.bodies.person(by)
        here = self._room.body_in(channel) if self._room.people.member(shortcut.user.id).full else None
        text = written(words_of(message.model_dump(mode="json")), bot)
        menu = blocks.body_menu(
            shown.BODY, self._room.service.bodies, here.key if here else None, person.schools if person else ()
        )
        held = MakeForm(quote=text[:1500]).model_dump_json()
        return shown.make_form(text, self._room.trust, menu, held)

    def make(self, ack: Ack, body: Interaction, view: View, client: WebClient) -> None:
        """The form: the action is made before it is acknowledged, once; then its owners are told."""
        user, held = body.user.id, MakeForm.read_json(view.private_metadata)
        day, words = picked_day(view, shown.DUE_DAY), typed(view, shown.DUE_WORDS)
        if day and words:
            ack(response_action="errors", errors={shown.DUE_WORDS: BOTH})
            return
        chosen = picked(view, shown.BODY)
        try:
            by = self._room.person(user)
            action = self._room.service.tracking.make(
                by,
                typed(view, shown.TASK),
                owners=blocks.named(ticked(view, shown.OWNERS)),
                due=day or words,
                quote=held.quote,
                body=self._room.service.bodies.by_key(chosen) if chosen else None,
                key=f"view:{view.id}",
            )
        except Refusal as refusal:
            ack(response_action="errors", errors={shown.TASK: str(refusal)})
            return
        payload = OwnersPayload(user=user, action=action.id, people=tuple(action.people))
        self._room.take(f"view:{view.id}", slack_jobs.MADE, payload, ack)
